"""Measures lynxd beside a gRPC server that does nothing, in turns. `make bench-lynxd` runs it; Benchmarks/README.md says what the figures mean."""

import argparse
import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Daemon"))

from envoy_data_plane.envoy.config.core.v3 import Address, SocketAddress  # noqa: E402
from envoy_data_plane.envoy.service.auth import v3 as auth  # noqa: E402

from daemon import Daemon, World, rpc, tool  # noqa: E402
from servers import free_port  # noqa: E402

HEADERS = {
    "content-type": "application/json", "accept": "application/json, text/event-stream", "user-agent": "agent/1.0", "x-request-id": "5c1e8b6a-7c0d-4a53-93a1",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-forwarded-proto": "https", "x-envoy-attempt-count": "1",
}


def message(host, token, path, method="POST", body=None):
    text = json.dumps(body) if body is not None else ""
    headers = HEADERS | {":method": method, ":authority": host, ":path": path, "authorization": "Bearer " + token}
    http = auth.AttributeContextHttpRequest(method=method, host=host, path=path, headers=headers, body=text, size=len(text), scheme="https", protocol="HTTP/2")
    source = auth.AttributeContextPeer(address=Address(socket_address=SocketAddress(address="10.1.2.3", port_value=4711)))
    return bytes(auth.CheckRequest(attributes=auth.AttributeContext(request=auth.AttributeContextRequest(http=http), source=source)))


def questions(world, callers):
    """What is allowed: calls of tools, a model and a web server, by so many callers each with a token of their own."""
    arguments = {"order": "A-1029-3381", "amount": 25, "currency": "EUR", "reason": "arrived broken", "lines": [{"sku": "x-1", "count": 2}, {"sku": "y-7", "count": 1}]}
    chat = {"model": "claude-sonnet-4", "max_tokens": 512, "messages": [{"role": "user", "content": "What became of the order? " * 8}]}
    found = []
    for index in range(callers):
        agent = world.service_account(exp=int(time.time()) + 86400, jti=str(index)) if index % 2 else world.svid(exp=int(time.time()) + 86400, jti=str(index))
        user = world.user(exp=int(time.time()) + 86400, sub=f"user-{index}")
        found += [
            message("payments.example", agent, "/mcp", body=tool("refund", arguments, id=index)),
            message("notes.example", agent, "/mcp", body=tool("notes_add", {"text": "call back"}, id=index)),
            message("payments.example", agent, "/mcp", body=rpc("tools/list", id=index)),
            message("llm.example", agent, "/v1/messages", body=chat),
            message("web.example", user, "/orders/1029?full=1", "GET"),
        ]
    return found


class Running:
    """A server, and what its process has used."""

    def __init__(self, name, process, port):
        self.name, self.process, self.port = name, process, port

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1])

    def ask(self, program, messages, way, amount, warm_up, seconds):
        before = self.cpu()
        result = json.loads(subprocess.run(
            [program, str(self.port), messages, way, str(amount), str(warm_up), str(seconds)], check=True, capture_output=True, text=True).stdout)
        result["cpu"] = (self.cpu() - before) * 1e6 / max(1, result["rate"] * (warm_up + seconds))
        if result["allowed"] != result["sent"]:
            print(f"  {self.name}: of {result['sent']} {result['denied']} denied, {result['failed']} failed, {result['unanswered']} unanswered")
        return result


def empty_server(binary):
    port = free_port()
    process = subprocess.Popen([binary, str(port)])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Running("empty", process, port)
        time.sleep(0.05)
    raise RuntimeError("lynxd-empty does not start")


def stages(lynxd):
    """Microseconds that each stage took so far, and how often."""
    text = lynxd.get("/metrics", "operation").text
    found = {}
    for name, value in re.findall(r'lynxd_stage_seconds_sum\{stage="(\w+)"\} (\S+)', text):
        found[name] = (float(value) * 1e6, int(re.search(rf'lynxd_stage_seconds_count{{stage="{name}"}} (\d+)', text)[1]))
    return found


def row(name, result):
    return f"| {name} | " + " | ".join(f"{result[key]:,.0f}" for key in ["p50", "p99", "p999", "max", "cpu"]) + " |"


def compare(arguments, servers):
    """Asks all servers in turns; the first is the one that does nothing."""
    results = {}
    for turn in range(arguments.rounds):
        for rate in arguments.rates:
            for server in servers if turn % 2 == 0 else reversed(servers):
                results.setdefault((server.name, rate), []).append(server.ask(arguments.ask, arguments.messages, "open", rate, 2, arguments.seconds))
        for server in servers if turn % 2 == 0 else reversed(servers):
            results.setdefault((server.name, "closed"), []).append(server.ask(arguments.ask, arguments.messages, "closed", arguments.width, 2, arguments.seconds))
    print("| microseconds; the median of the rounds | p50 | p99 | p99.9 | max | processor time a question |\n|---|---:|---:|---:|---:|---:|")

    def median(name, way):
        runs = results[name, way]
        return {key: statistics.median(run[key] for run in runs) for key in runs[0]}

    for way in [*arguments.rates, "closed"]:
        for server in servers:
            result = median(server.name, way)
            label = f"{server.name}, {way:,}/s" if way != "closed" else f"{server.name}, as many as it can: {result['rate']:,.0f}/s"
            print(row(label, result))
    empty = servers[0].name
    for server in servers[1:]:
        for rate in arguments.rates:
            ratios = [ours["p50"] / theirs["p50"] for ours, theirs in zip(results[server.name, rate], results[empty, rate])]
            late = max(run["late_p99"] for name in [server.name, empty] for run in results[name, rate])
            print(f"{server.name}, p50 at {rate:,}/s beside the empty server: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); "
                  f"99 % of the questions were sent within {late:,.0f} us of when they were due")
        ratios = [ours["rate"] / theirs["rate"] for ours, theirs in zip(results[server.name, "closed"], results[empty, "closed"])]
        print(f"{server.name}, throughput beside the empty server: {statistics.median(ratios):.0%} ({min(ratios):.0%} to {max(ratios):.0%})")


def soak(arguments, lynxd):
    """Asks for a long time, and looks at the memory every second."""
    seconds = arguments.soak * 60
    asking = subprocess.Popen([arguments.ask, str(lynxd.port), arguments.messages, "open", str(arguments.soak_rate), "0", str(seconds)], stdout=subprocess.PIPE, text=True)
    start, samples = time.monotonic(), [lynxd.resident()]
    while asking.poll() is None:
        # Of when it is due: what a look takes does not add up.
        time.sleep(max(0, start + len(samples) - time.monotonic()))
        if asking.poll() is None:
            samples.append(lynxd.resident())
    result = json.loads(asking.stdout.read())
    print(f"{seconds:g} s at {arguments.soak_rate:,}/s, {result['allowed']:,} of {result['sent']:,} allowed; p50 {result['p50']:,.0f} us, p99 {result['p99']:,.0f} us, "
          f"max {result['max']:,.0f} us")
    for line in growth(samples):
        print(line)


def growth(samples):
    """What samples of the memory in KB, one a second, say of how it grows."""
    def megabytes(value):
        return f"{value / 1024:.1f} MB"

    # Caches fill and connections open in the first fifth; growth behind it would go on.
    settled = samples[len(samples) // 5:]
    half = len(settled) // 2
    early, late = statistics.median(settled[:half] or settled), statistics.median(settled[half:])
    yield (f"memory, {len(samples)} samples: {megabytes(samples[0])} at first, {megabytes(samples[-1])} at the end, "
           f"median {megabytes(statistics.median(samples))}, at most {megabytes(max(samples))}")
    # Between the middles of the two halves lies half of the settled time.
    pace = (late - early) / max(1, len(settled) / 2) * 60
    yield (f"behind the first fifth: {megabytes(settled[0])} at its end, the median of the first half {megabytes(early)}, of the second {megabytes(late)}; "
           f"growth between them {(late - early) / 1024:+.2f} MB, {pace:+.1f} KB a minute")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lynxd")
    parser.add_argument("empty")
    parser.add_argument("ask")
    parser.add_argument("--rates", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--width", type=int, default=16, help="questions at a time on each of four connections")
    parser.add_argument("--callers", type=int, default=50)
    parser.add_argument("--sync", default="1s")
    parser.add_argument("--soak", type=float, default=0, metavar="MINUTES", help="in place of the comparison: ask for so long, and look at the memory every second")
    parser.add_argument("--soak-rate", type=int, default=1000, metavar="RATE", help="questions a second meanwhile")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-lynxd-", dir=".build" if pathlib.Path(".build").is_dir() else None) as folder:
        folder = pathlib.Path(folder).resolve()
        worlds = {"lynxd": World(folder)}
        arguments.messages = str(folder / "messages")
        with open(arguments.messages, "wb") as file:
            for question in questions(worlds["lynxd"], arguments.callers):
                file.write(len(question).to_bytes(4, "big") + question)
        if not arguments.soak:
            worlds["lynxd, credentials given again"] = worlds["lynxd"].beside(folder / "reusing")
        daemons = {}
        for name, world in worlds.items():
            configuration = world.configuration().replace("sync: always", f"sync: {arguments.sync}").replace("shadow: shadow.cedar\n", "")
            if name != "lynxd":
                configuration = configuration.replace("decisions:\n", "decisions:\n  credential-reuse: 60s\n")
            world.file("lynxd.yaml", configuration)
            daemons[name] = Daemon(arguments.lynxd, world)
        servers = [Running(name, daemon.process, daemon.world.ports["grpc"]) for name, daemon in daemons.items()]
        empty = empty_server(arguments.empty)
        try:
            load = os.getloadavg()
            print(f"{os.cpu_count()} processors, load {load[0]:.1f} before the run; sync: {arguments.sync}; {arguments.callers} callers with {arguments.callers * 2} tokens")
            before = {name: stages(daemon) for name, daemon in daemons.items()}
            if arguments.soak:
                soak(arguments, servers[0])
            else:
                compare(arguments, [empty, *servers])
            for name, daemon in daemons.items():
                print(f"Within {name}, microseconds on average: " + ", ".join(
                    f"{stage} {(total - before[name].get(stage, (0, 0))[0]) / max(1, count - before[name].get(stage, (0, 0))[1]):.1f}"
                    for stage, (total, count) in stages(daemon).items()))
        finally:
            empty.process.terminate()
            for daemon in daemons.values():
                daemon.stop()
        run = subprocess.run([arguments.lynxd, "audit", "verify", str(daemons["lynxd"].audit)], capture_output=True, text=True)
        print(run.stdout.replace(str(daemons["lynxd"].audit), "the records").split(";")[0] or run.stderr)
        return run.returncode


if __name__ == "__main__":
    sys.exit(main())
