"""What must hold when things break: the process is killed, the disk is full, an issuer is dead."""

import collections
import json
import pathlib
import subprocess
import threading
import time

import grpc
import requests

from daemon import Daemon, World, tool
from operation import verify, watch


def eventually(holds, seconds=20):
    deadline = time.time() + seconds
    while time.time() < deadline:
        try:
            if holds():
                return True
        except (requests.RequestException, grpc.RpcError):
            pass
        time.sleep(0.1)
    return False


def world_in(folder, name, **changes):
    """A world in a folder of its own, with texts of its configuration replaced."""
    place = pathlib.Path(folder) / name
    place.mkdir()
    world = World(place)
    text = world.configuration()
    for old, new in changes.get("replaced", []):
        assert old in text, old
        text = text.replace(old, new)
    world.file("lynxd.yaml", text)
    return world


def killed(tally, binary, folder, durability):
    """Callers ask as fast as they can when the process is killed."""
    world = world_in(folder, f"killed-{durability}", replaced=[("sync: always", f"sync: {durability}")])
    lynxd = Daemon(binary, world)
    planner = world.service_account()
    port = world.ports["grpc"]
    allowed, lock, stop = collections.Counter(), threading.Lock(), threading.Event()

    def caller(index):
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            while not stop.is_set():
                try:
                    answer = lynxd.check("payments.example", planner, "/mcp", body=tool("refund", id=index), channel=channel)
                except grpc.RpcError:
                    time.sleep(0.02)
                    continue
                if answer.allowed:
                    with lock:
                        allowed[answer.decision] += 1

    threads = [threading.Thread(target=caller, args=(index,), daemon=True) for index in range(8)]
    for thread in threads:
        thread.start()
    counts = []
    try:
        for _ in range(4):
            before = len(allowed)
            tally.check("callers are answered", eventually(lambda: len(allowed) >= before + 100), len(allowed) - before)
            lynxd.process.kill()
            lynxd.process.wait(timeout=30)
            counts.append(len(allowed) - before)
            run = verify(lynxd)
            tally.check("the records are intact after a kill, but for one that is unfinished", run.returncode == 0, run)
            lynxd.start()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=15)
        lynxd.stop()
    records = [json.loads(line) for line in lynxd.audit.read_text().splitlines()]
    recorded = {record["id"] for record in records if record.get("outcome") == "allow"}
    missing = [decision for decision in allowed if decision not in recorded]
    tally.check(f"sync {durability}: of {sum(counts)} calls that were allowed before four kills none is without a record", not missing, len(missing))
    tally.check("no two decisions have the same number", max(allowed.values()) == 1)
    run = verify(lynxd)
    tally.check("and the chain goes through all starts", run.returncode == 0 and f"{len(records)} records" in run.stdout and "unfinished" not in run.stdout, run)
    tally.equal("each start is on record", sum(record["kind"] == "start" for record in records), 5)


class Cramped:
    """A lynxd whose records go to a file system of its own that has a quarter of a megabyte."""

    def __init__(self, binary, folder, unrecorded):
        self.world = world_in(
            folder, f"cramped-{unrecorded}",
            replaced=[("audit: {file: audit.jsonl, sync: always}", f"audit: {{file: disk/audit.jsonl, sync: always, unrecorded: {unrecorded}}}")])
        self.disk = self.world.folder / "disk"
        self.disk.mkdir()
        wrapper = self.world.folder / "cramped-lynxd"
        # The mount is seen by this process only, and is gone with it.
        wrapper.write_text(f'#!/bin/sh\nexec unshare -m --propagation private sh -c \'mount -t tmpfs -o size=256k none "$0" && exec "$@"\' {self.disk} {binary} "$@"\n')
        wrapper.chmod(0o755)
        self.lynxd = Daemon(str(wrapper), self.world)
        self.seen = pathlib.Path(f"/proc/{self.lynxd.process.pid}/root{self.disk}")

    def ready(self):
        return self.lynxd.get("/readyz", "operation")

    def ask(self, token):
        return self.lynxd.check("payments.example", token, "/mcp", body=tool("refund"))

    def fill(self):
        with open(self.seen / "filler", "wb", buffering=0) as file:
            for size in (4096, 512, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass

    def records(self):
        return [json.loads(line) for line in (self.seen / "audit.jsonl").read_text().splitlines()]


def may_mount():
    return subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0


def full_disk(tally, binary, folder):
    if not may_mount():
        print("skipped: this user may not mount a file system of its own, so no disk was made full")
        return
    for unrecorded in ["deny", "allow"]:
        cramped = Cramped(binary, folder, unrecorded)
        lynxd, world = cramped.lynxd, cramped.world
        try:
            token = world.service_account()
            denies = unrecorded == "deny"
            tally.check("before, calls are allowed", cramped.ask(token).allowed)
            before = len(cramped.records())
            cramped.fill()
            # What is left of the last page takes some more records.
            tally.check("the disk gets full", eventually(lambda: (cramped.ask(token), len(cramped.records()))[1] <= 60 and cramped.ready().text.count("decisions are not recorded")))

            def settled():
                # How many are missing is written every half second where that still fits, and it is shorter than what did not.
                count = len(cramped.records())
                cramped.ask(token)
                time.sleep(2)
                return len(cramped.records()) == count

            tally.check("and nothing fits into it any more", eventually(settled))
            written = len(cramped.records())
            answers = [cramped.ask(token) for _ in range(20)]
            if denies:
                tally.equal("with a full disk, all is denied as unavailable", {(answer.allowed, answer.status) for answer in answers}, {(False, 503)})
                tally.check("and nothing is sent on", not any(answer.set or answer.credential for answer in answers))
            else:
                tally.check("where the configuration says so, decisions go on", all(answer.allowed for answer in answers), answers)
            ready = cramped.ready()
            tally.check("the readiness page says why", ready.status_code == (503 if denies else 200) and "No space left" in ready.text, ready.text)
            given = requests.post(f"{world.issuer}/token", timeout=10, auth=("planner", world.secret), data={
                "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "audience": "https://payments.example",
                "subject_token": world.user(aud="https://planner.example"), "subject_token_type": "urn:ietf:params:oauth:token-type:access_token"})
            tally.equal("tokens are not issued without a record in any case", given.status_code, 503)
            tally.equal("nothing was written meanwhile", len(cramped.records()), written)
            (cramped.seen / "filler").unlink()
            tally.check("with room again, it is ready again though nobody asks", eventually(
                lambda: cramped.ready().status_code == 200 and "not recorded" not in cramped.ready().text))
            answer = cramped.ask(token)
            tally.check("and decisions go on", answer.allowed and answer.decision in {record["id"] for record in cramped.records()}, answer)
            records = cramped.records()
            losses = [record for record in records[before:] if record["kind"] == "loss"]
            tally.check("a record tells how many are missing and why", sum(record["lost"] for record in losses) >= 21 and "No space left" in losses[0]["detail"], losses)
            copy = world.folder / "copy.jsonl"
            copy.write_bytes((cramped.seen / "audit.jsonl").read_bytes())
            run = subprocess.run([binary, "audit", "verify", str(copy)], capture_output=True, text=True)
            tally.check("the chain is whole", run.returncode == 0 and f"{len(records)} records, intact" in run.stdout, run)
            metrics = lynxd.get("/metrics", "operation").text
            tally.check("what was not recorded is counted", "lynxd_audit_faults_total 0" not in metrics)
        finally:
            lynxd.stop()


def dead_issuer(tally, binary, folder):
    """An issuer that was never there, beside others."""
    world = world_in(folder, "dead-issuer")
    world.idp.stop()
    daemon = Daemon.__new__(Daemon)
    daemon.binary, daemon.world = binary, world
    daemon.audit, daemon.log = world.folder / "audit.jsonl", open(world.folder / "log.txt", "ab")
    daemon.process = subprocess.Popen([binary, "run", str(world.folder / "lynxd.yaml")], stderr=daemon.log, stdout=daemon.log)
    daemon.channel = grpc.insecure_channel(f"127.0.0.1:{world.ports['grpc']}")
    try:
        def ready():
            return daemon.get("/readyz", "operation")

        tally.check("it starts", eventually(lambda: ready().status_code == 503))
        tally.check("and is not ready, for want of that issuer's keys", "no keys of corporate" in ready().text, ready().text)
        answer = daemon.check("web.example", world.user(), method="GET")
        tally.equal("its tokens are denied as unavailable", (answer.allowed, answer.status, daemon.reason(answer)), (False, 503, "keys-unavailable"))
        answer = daemon.check("payments.example", world.service_account(), "/mcp", body=tool("refund"))
        tally.check("those of others are taken", answer.allowed, answer)
        ask = daemon.channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=lambda value: value, response_deserializer=lambda value: value)
        tally.equal("the health service says that we do not serve", ask(b""), b"\x08\x02")
        seen = watch(daemon.channel, timeout=120)
        tally.equal("and who watches is told so", next(seen), b"\x08\x02")
        world.idp.start()
        tally.check("when it is there, it is ready", eventually(lambda: ready().status_code == 200, 90), ready().text)
        tally.equal("and who watches is told", next(seen), b"\x08\x01")
        seen.cancel()
        tally.check("and its tokens are taken", daemon.check("web.example", world.user(), method="GET").allowed)
    finally:
        daemon.stop()


def faults(tally, binary, folder):
    for durability in ["always", "1s"]:
        tally.section(f"killed under load, sync {durability}", killed, binary, folder, durability)
    tally.section("full disk", full_disk, binary, folder)
    tally.section("dead issuer", dead_issuer, binary, folder)
