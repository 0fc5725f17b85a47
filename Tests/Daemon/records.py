"""Records on their way: files that are put aside, what is hidden in them, and receivers that get them afterwards."""

import hashlib
import hmac
import json
import signal
import socket
import subprocess
import threading
import time
import urllib.parse

from daemon import POLICIES, Daemon, tool
from faults import eventually, world_in
from operation import verify
from servers import Server, free_port

AUDIT = "audit: {file: audit.jsonl, sync: always}"


def ask(lynxd, token, count=1, **more):
    return [lynxd.check("payments.example", token, "/mcp", body=tool("refund"), **more) for _ in range(count)]


def rotation(tally, binary, folder):
    world = world_in(folder, "rotation", replaced=[(AUDIT, "audit: {file: records/audit.jsonl, sync: always, rotate-at: 16KB}")])
    (world.folder / "records").mkdir()
    lynxd = Daemon(binary, world)
    lynxd.audit = world.folder / "records" / "audit.jsonl"
    try:
        token = world.service_account()
        answers = ask(lynxd, token, 100)
        lynxd.stop(signal.SIGKILL)
        lynxd.start()
        answers += ask(lynxd, token, 20)
        files = sorted(path for path in lynxd.audit.parent.iterdir())
        tally.check("files are put aside as they grow", len(files) >= 4, files)
        ids = [json.loads(line)["id"] for path in files[1:] + files[:1] for line in path.read_text().splitlines()]
        tally.check("every decision is in one of them, in order", [answer.decision for answer in answers] == [id for id in ids if id in {answer.decision for answer in answers}])
        run = verify(lynxd)
        tally.check("the chain goes through all, from one file's name", run.returncode == 0 and f"{len(ids)} records" in run.stdout, run)
        run = verify(lynxd, lynxd.audit.parent)
        tally.check("and from the folder's", run.returncode == 0 and f"{len(ids)} records" in run.stdout, run)
        run = subprocess.run([binary, "audit", "verify", *map(str, files[1:]), str(files[0])], capture_output=True, text=True)
        tally.equal("and through files that are named one by one", run.returncode, 0)
        run = subprocess.run([binary, "audit", "verify", *map(str, files[2:]), str(files[1])], capture_output=True, text=True)
        tally.equal("but not in another order", run.returncode, 1)
        # As logrotate does it.
        moved = world.folder / "moved.jsonl"
        lynxd.audit.rename(moved)
        lynxd.process.send_signal(signal.SIGHUP)
        tally.check("on SIGHUP a new file is begun where the old one was moved away", eventually(lynxd.audit.exists))
        (answer,) = ask(lynxd, token)
        tally.check("and written", answer.decision in lynxd.audit.read_text())
        run = subprocess.run([binary, "audit", "verify", *map(str, files[1:]), str(moved), str(lynxd.audit)], capture_output=True, text=True)
        tally.equal("the chain goes on in it", run.returncode, 0)
    finally:
        lynxd.stop()


def masks(tally, binary, folder):
    key = bytes(range(32))
    world = world_in(folder, "masks", replaced=[(AUDIT, """audit:
  file: audit.jsonl
  sync: always
  headers: {x-tenant: keep, user-agent: hash, x-none: remove}
  mask:
    key: mask.key
    claims: {sub: hash, jti: remove}
    source: hash
    paths: [/users/*/files/**]
""")])
    (world.folder / "mask.key").write_bytes(key)
    lynxd = Daemon(binary, world)

    def hashed(text):
        return "hmac:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    try:
        answer = lynxd.check("web.example", world.user(jti="token-number-1"), "/users/alice/files/a/b?q=alice", method="GET",
                             headers={"x-tenant": "acme", "user-agent": "agent/1.0", "x-none": "none-of-it", "x-other": "other-one"})
        record = lynxd.record(answer.decision)
        tally.check("the call is allowed", answer.allowed, answer)
        tally.equal("who it is for is the hash by the key", record["subject"], hashed(f"{world.idp.issuer}|alice"))
        tally.equal("and so is the user that policies see", record["principal"], f'Lynx::User::"{hashed("corporate|alice")}"')
        tally.equal("the address too", record["call"]["source"], hashed("10.1.2.3"))
        tally.equal("the parts of the path are hidden", record["call"]["path"], "/users/*/files/**")
        tally.equal("of the headers, those that are named are there", record["call"]["headers"], {"user-agent": hashed("agent/1.0"), "x-tenant": "acme"})
        text = lynxd.audit.read_text()
        tally.equal("nothing of what is hidden is anywhere", [word for word in ["alice", "token-number-1", "10.1.2.3", "none-of-it", "other-one", "agent/1.0"] if word in text], [])
        tally.equal("the chain is whole", verify(lynxd).returncode, 0)
        # Cedar's errors quote what they fail on.
        world.file("policies.cedar", POLICIES + """
@id("tagged") forbid (principal, action, resource == Lynx::Service::"web") when { principal.getTag("team-of-alice") == "x" };
@id("addressed") permit (principal, action, resource == Lynx::Service::"web") when { ip(context.subject.id).isLoopback() };
""")
        world.file("lynxd.yaml", (world.folder / "lynxd.yaml").read_text() + "schema: none\n")

        def failing():
            answer = lynxd.check("web.example", world.user(), "/", method="GET")
            return (answer, lynxd.record(answer.decision)) if lynxd.reason(answer) == "forbid-failed" else None

        tally.check("policies that fail are in force", eventually(failing))
        answer, record = failing()
        tally.equal("an error tells the policy, the kind and the place", sorted(error.split(":")[0] for error in record["errors"]), ["addressed", "tagged"])
        tally.check("and where it is", all("policies.cedar:" in error for error in record["errors"]), record["errors"])
        tally.check("but nothing of what is hidden, there and in the answer", "alice" not in json.dumps(record) + answer.body, (record, answer.body))
        tally.check("nor anywhere else", "alice" not in lynxd.audit.read_text())
    finally:
        lynxd.stop()
    for rule, text, place in [
        ("a secret header is not recorded", "  headers: {Authorization: keep}\n", "never recorded"),
        ("a hash needs a key", "  mask: {source: hash}\n", "`audit.mask.key` is missing"),
        ("a pattern that is none is reported", "  mask: {paths: [users]}\n", "no path"),
        ("a rotation at nothing is reported", "  rotate-at: 10\n", "between 4096"),
        ("records are not sent in the clear", "  send: [{clickhouse: 'http://clickhouse.example:8123', table: lynx.records}]\n", "HTTPS"),
        ("a table's name is one", "  send: [{clickhouse: 'https://clickhouse.example', table: 'x; DROP TABLE y'}]\n", "no name of a table"),
        ("a receiver is of one kind", "  send: [{table: x}]\n", "one of `otlp` and `clickhouse`"),
    ]:
        world.file("c.yaml", world.configuration().replace(AUDIT, "audit:\n  file: a.jsonl\n" + text))
        run = subprocess.run([binary, "check", str(world.folder / "c.yaml")], capture_output=True, text=True)
        tally.check(rule, run.returncode == 1 and place in run.stderr, run.stderr)


class ClickHouse:
    """As much of it as takes rows; may fail, or be held: it then takes requests, and answers to none before it is let go."""

    def __init__(self):
        self.rows, self.status, self.tokens = [], 200, []
        self.is_free, self.is_asked = threading.Event(), threading.Event()
        self.is_free.set()
        self.server = Server(self.answer)

    def answer(self, method, path, headers, body):
        self.is_asked.set()
        if not self.is_free.is_set():
            # Who asked has given up by then, and asks again.
            self.is_free.wait(120)
            return 503, {}, b""
        if self.status != 200:
            return self.status, {}, b"Code: 60. DB::Exception"
        query = urllib.parse.parse_qs(urllib.parse.urlparse(path).query)
        if method != "POST" or query["query"] != ["INSERT INTO lynx.records FORMAT JSONEachRow"] or headers["x-clickhouse-key"] != "a secret":
            return 400, {}, b"Code: 62"
        self.tokens += query["insert_deduplication_token"]
        self.rows += [json.loads(line) for line in body.decode().splitlines()]
        return 200, {}, b""


class Collector:
    """An OpenTelemetry collector's OTLP/HTTP side."""

    def __init__(self):
        self.logs, self.spans = [], []
        self.server = Server(self.answer)

    def answer(self, method, path, headers, body):
        if headers["content-type"] != "application/json" or headers["x-scope"] != "agents":
            return 400, {}, b"{}"
        message = json.loads(body)
        if path == "/v1/logs":
            self.logs += [log for resource in message["resourceLogs"] for scope in resource["scopeLogs"] for log in scope["logRecords"]]
        elif path == "/v1/traces":
            self.spans += [span for resource in message["resourceSpans"] for scope in resource["scopeSpans"] for span in scope["spans"]]
        else:
            return 404, {}, b""
        return 200, {"content-type": "application/json"}, b"{}"


def metric(lynxd, name, receiver):
    for line in lynxd.get("/metrics", "operation").text.splitlines():
        if line.startswith(f'{name}{{receiver="{receiver}'):
            return int(line.rpartition(" ")[2])
    return None


def receivers(tally, binary, folder):
    clickhouse, collector = ClickHouse(), Collector()
    dead = free_port()
    # Takes connections, and says nothing.
    silent = socket.create_server(("127.0.0.1", 0))
    world = world_in(folder, "receivers", replaced=[(AUDIT, f"""audit:
  file: audit.jsonl
  send:
    - {{clickhouse: "http://127.0.0.1:{clickhouse.server.port}", table: lynx.records, user: lynx, password-file: password, queue: 100}}
    - {{otlp: "http://127.0.0.1:{collector.server.port}/", headers-file: otlp-headers}}
    - {{otlp: "http://127.0.0.1:{dead}", traces: false, queue: 100}}
    - {{otlp: "http://127.0.0.1:{silent.getsockname()[1]}", logs: false, queue: 100}}
""")])
    world.file("password", "a secret\n")
    world.file("otlp-headers", "X-Scope: agents\n")
    lynxd = Daemon(binary, world)
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    try:
        token = world.service_account()
        kept = ask(lynxd, token, 5, headers={"traceparent": f"00-{trace}-{parent}-01"})
        others = ask(lynxd, token, 5)
        lines = lynxd.audit.read_text().splitlines()
        tally.check("ClickHouse gets every record", eventually(lambda: len(clickhouse.rows) == len(lines)), len(clickhouse.rows))
        tally.check("with its line as it is in the file", [row["record"] for row in clickhouse.rows] == lines)
        tally.equal("and its number", [row["seq"] for row in clickhouse.rows], list(range(1, len(lines) + 1)))
        tally.equal("and columns to look for", {(row["outcome"], row["action"], row["destination"]) for row in clickhouse.rows if row["kind"] == "decision"},
                    {("allow", 'Lynx::Action::"callTool"', "payments")})
        tally.check("the collector gets every record as a log", eventually(lambda: len(collector.logs) == len(lines)), len(collector.logs))
        tally.check("with the line as its body", [log["body"]["stringValue"] for log in collector.logs] == lines)
        tally.check("and each decision of a trace that is kept as a span", eventually(lambda: len(collector.spans) == 5), len(collector.spans))
        span = collector.spans[0]
        tally.equal("in its trace, below who asked", (span["traceId"], span["parentSpanId"]), (trace, parent))
        sent_on = kept[0].set["traceparent"][0].split("-")
        tally.equal("and it is the parent of what comes after", (sent_on[1], sent_on[2]), (trace, span["spanId"]))
        tally.check("its times are those of the decision", 0 <= int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"]) < 10**9
                    and abs(int(span["startTimeUnixNano"]) / 1e9 - time.time()) < 60, span)

        clickhouse.status = 503
        ask(lynxd, token, 10)
        tally.check("a receiver that fails is tried again", eventually(lambda: metric(lynxd, "lynxd_export_failures_total", "lynx.records") >= 2))
        clickhouse.status = 200
        lines = lynxd.audit.read_text().splitlines()
        tally.check("and gets what it has missed, once", eventually(lambda: [row["record"] for row in clickhouse.rows] == lines), len(clickhouse.rows))
        tally.check("each time with a token of its own", len(set(clickhouse.tokens)) == len(clickhouse.tokens))

        # What is on its way to it is not in its queue any more, and comes back to it never: exactly as many fit in as it is long.
        left_out = metric(lynxd, "lynxd_export_overflowed_total", "lynx.records")
        tally.equal("nothing was left out so far", left_out, 0)
        clickhouse.is_asked.clear()
        clickhouse.is_free.clear()
        ask(lynxd, token)
        tally.check("a receiver is held", clickhouse.is_asked.wait(20) and eventually(lambda: metric(lynxd, "lynxd_export_waiting", "lynx.records") == 0))
        begin = time.time()
        answers = ask(lynxd, token, 110)
        took = time.time() - begin
        tally.check("a slow receiver, one that says nothing and one that is dead hold up no decision", all(answer.allowed for answer in answers) and took < 30, took)
        tally.equal("what does not fit in its queue is left out, and counted", metric(lynxd, "lynxd_export_overflowed_total", "lynx.records"), 10)
        tally.equal("nor does it wait anywhere else", metric(lynxd, "lynxd_export_waiting", "lynx.records"), 100)
        clickhouse.is_free.set()
        tally.check("what waited arrives", eventually(lambda: metric(lynxd, "lynxd_export_waiting", "lynx.records") == 0, 40))
        lines = lynxd.audit.read_text().splitlines()
        total = {name: metric(lynxd, f"lynxd_export_{name}_total", "lynx.records") for name in ["sent", "overflowed", "refused"]}
        tally.check("what was sent and what was left out are all", eventually(lambda: sum(
            metric(lynxd, f"lynxd_export_{name}_total", "lynx.records") for name in ["sent", "overflowed", "refused"]) == len(lines)), (total, len(lines)))
        tally.check("the numbers show what is missing", len(clickhouse.rows) == len({row["seq"] for row in clickhouse.rows}) < len(lines))
        tally.equal("the file has everything", verify(lynxd).returncode, 0)
        tally.check("a dead receiver's queue is full, no more", metric(lynxd, "lynxd_export_waiting", f"logs at http://127.0.0.1:{dead}") <= 100)
        tally.equal("and none of it was sent", metric(lynxd, "lynxd_export_sent_total", f"logs at http://127.0.0.1:{dead}"), 0)

        clickhouse.status = 400
        before = len(clickhouse.rows)
        ask(lynxd, token)
        tally.check("what a receiver refuses is not sent for ever", eventually(lambda: (metric(lynxd, "lynxd_export_refused_total", "lynx.records") or 0) >= 1))
        clickhouse.status = 200
        (answer,) = ask(lynxd, token)
        begin = time.time()
        tally.equal("the end is orderly", lynxd.stop(signal.SIGTERM), 0)
        tally.check("and not held up by those who are away", time.time() - begin < 25, time.time() - begin)
        tally.check("what waited at the end was sent", answer.decision in {row["id"] for row in clickhouse.rows[before:]})
    finally:
        clickhouse.is_free.set()
        if lynxd.process.poll() is None:
            lynxd.stop()
        silent.close()


def records(tally, binary, folder):
    tally.section("files of records", rotation, binary, folder)
    tally.section("what records hide", masks, binary, folder)
    tally.section("receivers of records", receivers, binary, folder)
