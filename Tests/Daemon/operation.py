"""What those who run lynxd rely on: records, keys that change, reloads, readiness."""

import concurrent.futures
import hashlib
import json
import signal
import subprocess
import time

import grpc

import jose
from certificates import Authority
from daemon import POLICIES, tool


def verify(lynxd, path=None, *arguments):
    return subprocess.run([lynxd.binary, "audit", "verify", str(path or lynxd.audit), *arguments], capture_output=True, text=True)


def audit(tally, lynxd):
    lines = lynxd.audit.read_text().splitlines()
    run = verify(lynxd)
    tally.check("the records are intact", run.returncode == 0 and f"{len(lines)} records" in run.stdout, run)
    text = lynxd.audit.read_text()
    tally.check("no record holds a token", "eyJ" not in text)
    tally.check("nor the secret", lynxd.world.secret not in text)
    copy = lynxd.world.folder / "copy.jsonl"

    def tampered(rule, lines):
        copy.write_text("\n".join(lines) + "\n")
        run = verify(lynxd, copy)
        tally.check(rule, run.returncode == 1 and "copy.jsonl:" in run.stderr, run)

    tampered("an altered line shows", lines[:3] + [lines[3].replace('"kind":"', '"kind":"x')] + lines[4:])
    tampered("a line that is taken out shows", lines[:3] + lines[4:])
    tampered("lines in another order show", lines[:3] + [lines[4], lines[3]] + lines[5:])
    tampered("a line that is there twice shows", lines[:4] + lines[3:])
    tampered("a first line that is taken out shows", lines[1:])
    forged = json.loads(lines[5])
    forged["outcome"] = "deny" if forged.get("outcome") == "allow" else "allow"
    tampered("a line that is made anew shows", lines[:5] + [json.dumps(forged, separators=(",", ":"))] + lines[6:])
    last = json.loads(lines[-1])["hash"]
    tally.equal("the last hash is found", verify(lynxd, None, "--last", last).returncode, 0)
    copy.write_text("\n".join(lines[:-1]) + "\n")
    tally.equal("lines that are cut off at the end show by the last hash", verify(lynxd, copy, "--last", last).returncode, 1)
    missing = verify(lynxd, lynxd.world.folder / "nothing.jsonl")
    tally.check("a file that cannot be opened is told with the reason", missing.returncode == 1 and "No such file or directory" in missing.stderr, missing)


def keys(tally, lynxd):
    world = lynxd.world

    def ask(key, **claims):
        answer = lynxd.check("web.example", jose.token(key, world.claims(**claims)), "/", method="GET")
        return answer.allowed, lynxd.reason(answer)

    before = world.idp.fetches()
    for _ in range(20):
        ask(world.corporate)
    tally.equal("keys that are fresh are not fetched again", world.idp.fetches(), before)
    rotated = jose.Key("RS256", "corporate-3")
    world.idp.keys = jose.jwks(rotated, world.corporate_ec)
    world.idp.delay = 2
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda index: ask(rotated, jti=f"joins-{index}"), range(32)))
    world.idp.delay = 0
    tally.equal("a new key is found by all who ask for it at once", set(answers), {(True, "permitted")})
    tally.equal("by one fetch", world.idp.fetches(), before + 1)
    tally.equal("a key that was withdrawn is refused", ask(world.corporate), (False, "key-unknown"))
    for index in range(30):
        ask(jose.Key("ES256", f"unknown-{index}") if index == 0 else world.stranger, jti=str(index))
    tally.equal("keys that nobody knows do not make us fetch", world.idp.fetches(), before + 1)
    world.idp.stop()
    tally.equal("with the issuer gone, known keys are still used", ask(rotated, jti="x"), (True, "permitted"))
    world.idp.start()
    world.corporate = rotated


def reload(tally, lynxd):
    world = lynxd.world
    planner = world.service_account()
    before = len(lynxd.audit.read_text().splitlines())

    def allowed():
        return lynxd.check("payments.example", planner, "/mcp", body=tool("transfer")).allowed

    def becomes(value):
        deadline = time.time() + 15
        while time.time() < deadline:
            if allowed() == value:
                return True
            time.sleep(0.2)
        return False

    tally.check("before, the tool is denied", not allowed())
    world.file("policies.cedar", POLICIES + '@id("transfers") permit (principal == Lynx::Agent::"planner", action, resource == Lynx::Tool::"payments/transfer");')
    tally.check("a new policy is in force soon", becomes(True))
    world.file("policies.cedar", POLICIES + "permit (principal, action, resource) when { context.nothing };")
    deadline = time.time() + 15
    while time.time() < deadline and "not in force" not in lynxd.get("/readyz", "operation").text:
        time.sleep(0.2)
    ready = lynxd.get("/readyz", "operation")
    tally.check("a faulty file is told about", ready.status_code == 200 and "not in force" in ready.text and "nothing" in ready.text, ready.text)
    tally.check("and leaves in force what was", allowed())
    world.file("policies.cedar", POLICIES)
    lynxd.process.send_signal(signal.SIGHUP)
    tally.check("the old policies are in force again", becomes(False))
    world.file("lynxd.yaml", world.configuration().replace("entities: entities.json\n", ""))
    world.file("policies.cedar", POLICIES + '@id("group") permit (principal, action in Lynx::Action::"mcp", resource == Lynx::Tool::"payments/transfer");')
    tally.check("groups of actions are there without entities", becomes(True))
    world.file("lynxd.yaml", world.configuration())
    world.file("policies.cedar", POLICIES)
    tally.check("and all is as it was", becomes(False))
    links(tally, lynxd, becomes)
    entities(tally, lynxd)
    occasions(tally, lynxd)
    lasting(tally, lynxd)
    fingerprints(tally, lynxd)
    records = [json.loads(line) for line in lynxd.audit.read_text().splitlines()[before:]]
    changes = [record for record in records if record["kind"] == "change" and record["change"]["subject"] == "configuration"]
    tally.check("changes are recorded, before and after", len(changes) >= 3 and changes[0]["change"]["before"] != changes[0]["change"]["after"], changes)
    tally.check("and the one that was refused", any(record.get("reason") == "reload-refused" for record in changes))


def changes_since(lynxd, lines):
    records = [json.loads(line) for line in lynxd.audit.read_text().splitlines()[lines:]]
    return [record for record in records if record["kind"] == "change" and record["change"]["subject"] == "configuration"]


def eventually(holds):
    deadline = time.time() + 15
    while time.time() < deadline:
        if holds():
            return True
        time.sleep(0.2)
    return False


def links(tally, lynxd, becomes):
    """As Kubernetes keeps a ConfigMap: files lead through a link that is put in place anew."""
    folder = lynxd.world.folder
    extended = POLICIES + '@id("transfers") permit (principal == Lynx::Agent::"planner", action, resource == Lynx::Tool::"payments/transfer");'
    for name, text in [("..one", POLICIES), ("..two", extended)]:
        (folder / name).mkdir()
        (folder / name / "policies.cedar").write_text(text)

    def lead(to):
        (folder / "..next").symlink_to(to)
        (folder / "..next").replace(folder / "..data")

    lead("..one")
    lines = len(lynxd.audit.read_text().splitlines())
    (folder / "policies.new").symlink_to("..data/policies.cedar")
    (folder / "policies.new").replace(folder / "policies.cedar")
    tally.check("a link in place of a file is read", eventually(lambda: changes_since(lynxd, lines)))
    lead("..two")
    tally.check("where a link leads elsewhere, what is there is in force soon", becomes(True))
    lynxd.world.file("policies.cedar", POLICIES)
    tally.check("and a file in place of the link", becomes(False))


def entities(tally, lynxd):
    """What the store says of a tool does not take it out of its server."""
    world = lynxd.world
    lines = len(lynxd.audit.read_text().splitlines())
    world.file("entities.json", json.dumps([{"uid": {"type": "Lynx::Tool", "id": "notes/write"}, "attrs": {}, "parents": []}]))
    tally.check("entities are read again", eventually(lambda: changes_since(lynxd, lines)))
    answer = lynxd.check("notes.example", world.service_account(), body=tool("notes_write"))
    tally.check("a tool that the entities know is still of its server", answer.allowed, (answer, lynxd.reason(answer)))
    world.file("entities.json", "[]")
    tally.check("and so on", eventually(lambda: len(changes_since(lynxd, lines)) >= 2))


def fingerprints(tally, lynxd):
    """A change of whatever is decided by shows in the records: that there was one, and which file it was."""
    world = lynxd.world
    text = world.configuration()
    last = None
    # What was written last is read by then.
    time.sleep(4)

    def change(rule, name, contents):
        nonlocal last
        lines = len(lynxd.audit.read_text().splitlines())
        world.file(name, contents)
        tally.check(f"{rule}: read", eventually(lambda: changes_since(lynxd, lines)))
        seen = changes_since(lynxd, lines)[0]["change"]
        tally.equal(f"{rule}: the file is named", seen.get("files"), [name])
        tally.check(f"{rule}: it is not what was before, which is where the last change ended", seen["after"] != seen["before"] == (last or seen["before"]), seen)
        last = seen["after"]
        return seen

    first = change("a registration", "lynxd.yaml", text.replace("subject: partner-planner", "subject: partner-other"))["before"]
    change("an issuer", "lynxd.yaml", text.replace("maximum-lifetime: 1h", "maximum-lifetime: 2h"))
    change("a destination", "lynxd.yaml", text.replace("credential: strip, tool-prefix", "credential: mint, tool-prefix"))
    change("limits", "lynxd.yaml", text + "limits: {streams: 99}\n")
    record = [record for record in map(json.loads, lynxd.audit.read_text().splitlines()) if record.get("change", {}).get("after") == last][0]
    tally.equal("what only a restart changes is said to be as it was", record["detail"], "as at the start: limits")
    tally.equal("what is as it was has the same fingerprint", change("back", "lynxd.yaml", text)["after"], first)
    stranger = jose.Key("ES256", "added")
    for rule, name, contents in [
        ("an issuer's keys", "partner.json", json.dumps(jose.jwks(world.partner, world.partner_same_kid, stranger))),
        ("a client's keys", "researcher.json", json.dumps(jose.jwks(world.researcher, stranger))),
        ("authorities", "abroad.pem", world.abroad.pem.decode() + Authority("more").pem.decode()),
        ("policies on trial", "shadow.cedar", (world.folder / "shadow.cedar").read_text() + "// more\n"),
    ]:
        before = (world.folder / name).read_text()
        change(rule, name, contents)
        world.file(name, before)
        tally.check(f"{rule}: back", eventually(lambda: changes_of(lynxd)[-1].get("after") == first))
        last = first

    # From the beginning of the file: the daemon was started once.
    lines = [json.loads(line) for line in lynxd.audit.read_text().splitlines()]
    tally.check("the start has the fingerprint of all", lines[0]["kind"] == "start" and len(lines[0]["change"]["after"]) == 64, lines[0])
    ids = [key["kid"] for key in lynxd.get("/jwks").json()["keys"]]
    tally.equal("the first signing key is a change", (lines[1]["change"]["subject"], lines[1]["change"].get("before"), lines[1]["change"]["after"]), (
        "signing keys", None, " ".join(ids)))
    fetched = [record["change"] for record in lines if record.get("change", {}).get("subject") == "keys of corporate"]
    tally.check("keys that were fetched are a change each time they are others", len(fetched) >= 2 and "before" not in fetched[0] and all(
        now["before"] == earlier["after"] != now["after"] for earlier, now in zip(fetched, fetched[1:])), fetched)


def changes_of(lynxd):
    return [record["change"] for record in changes_since(lynxd, 0)]


def occasions(tally, lynxd):
    """When files are read again, and how often."""
    folder = lynxd.world.folder
    time.sleep(3)
    lines = len(lynxd.audit.read_text().splitlines())
    with open(folder / "policies.cedar", "w") as file:
        for index in range(10):
            file.write("permit (principal, action,")
            file.flush()
            time.sleep(0.4)
        tally.equal("a file that is being written is not read", changes_since(lynxd, lines), [])
        file.seek(0)
        file.truncate()
        file.write(POLICIES + "\n")
    tally.check("when it is written, it is", eventually(lambda: changes_since(lynxd, lines)))
    tally.check("and is whole", all(record.get("reason") != "reload-refused" for record in changes_since(lynxd, lines)))
    time.sleep(3)
    lines = len(lynxd.audit.read_text().splitlines())
    lynxd.world.file("policies.cedar", POLICIES)
    lynxd.process.send_signal(signal.SIGHUP)
    time.sleep(4)
    tally.equal("a change that a signal tells of is read once", len(changes_since(lynxd, lines)), 1)


def lasting(tally, lynxd):
    """What only a restart changes."""
    world = lynxd.world
    world.file("lynxd.yaml", world.configuration().replace("keys: {folder: keys, algorithm: ES256}", "keys: {folder: others, algorithm: EdDSA}"))
    tally.check("other keys are refused", eventually(lambda: "`keys` can be changed by a restart only" in lynxd.get("/readyz", "operation").text))
    tally.check("and not made", not (world.folder / "others").exists())
    world.file("lynxd.yaml", world.configuration() + "limits: {streams: 100}\n")
    log = world.folder / "log.txt"
    tally.check("the log says what stays as it was", eventually(lambda: "`limits` stays as it was at the start" in log.read_text()))
    tally.check("and nothing else does", "`listen` stays" not in log.read_text() and "`audit` stays" not in log.read_text())
    world.file("lynxd.yaml", world.configuration())
    tally.check("what was refused is forgotten", eventually(lambda: "not in force" not in lynxd.get("/readyz", "operation").text))


def health(tally, lynxd):
    tally.equal("alive", lynxd.get("/healthz", "operation").status_code, 200)
    metrics = lynxd.get("/metrics", "operation").text
    tally.check("decisions are counted by reason", 'lynxd_decisions_total{entrance="grpc",outcome="allow",reason="permitted"}' in metrics, metrics[:500])
    tally.check("the histogram starts at a microsecond", 'lynxd_decision_seconds_bucket{le="1e-06"}' in metrics, metrics[:1500])
    tally.check("what the policies on trial would do otherwise is counted", "lynxd_shadow_differences_total 0" not in metrics)
    ask = lynxd.channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=lambda value: value, response_deserializer=lambda value: value)
    tally.equal("the health service says that we serve", ask(b""), b"\x08\x01")
    for service in [b"envoy.service.auth.v3.Authorization", b"agentgateway.dev.ext_mcp.ExtMcp"]:
        tally.equal(f"and that {service.decode()} serves", ask(b"\x0a" + bytes([len(service)]) + service), b"\x08\x01")
    try:
        ask(b"\x0a\x01x")
        tally.check("an unknown service is not found", False)
    except grpc.RpcError as error:
        tally.equal("an unknown service is not found", error.code(), grpc.StatusCode.NOT_FOUND)
    watches(tally, lynxd)


def watch(channel, request=b"", **options):
    """Asks to be told of changes (grpc.health.v1: HealthCheckResponse)."""
    call = channel.unary_stream("/grpc.health.v1.Health/Watch", request_serializer=lambda value: value, response_deserializer=lambda value: value)
    return call(request, **options)


def watches(tally, lynxd):
    first = watch(lynxd.channel, timeout=20)
    tally.equal("who watches is told at once that we serve", next(first), b"\x08\x01")
    # The protocol's own text: a service that is not known is no error, for it may come.
    unknown = watch(lynxd.channel, b"\x0a\x01x", timeout=20)
    tally.equal("and that a service is not known", next(unknown), b"\x08\x03")
    many = [watch(lynxd.channel, timeout=20) for _ in range(62)]
    tally.equal("as many may watch as there is room for", {next(call) for call in many}, {b"\x08\x01"})
    try:
        next(watch(lynxd.channel, timeout=20))
        tally.check("and no more", False)
    except grpc.RpcError as error:
        tally.equal("and no more", error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    for call in [first, unknown, *many]:
        call.cancel()

    def again():
        try:
            call = watch(lynxd.channel, timeout=5)
            found = next(call)
            call.cancel()
            return found == b"\x08\x01"
        except grpc.RpcError:
            return False

    tally.check("who goes away makes room", eventually(again))


def reflection(tally, lynxd):
    """Reads our definitions with protobuf's own descriptors, and asks by them."""
    from google.protobuf import descriptor_pb2

    for version in ["v1", "v1alpha"]:
        ask = lynxd.channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", request_serializer=lambda value: value,
            response_deserializer=lambda value: value)
        listed, found, missing = ask(iter([
            b"\x3a\x00", b"\x22\x23envoy.service.auth.v3.Authorization", b"\x22\x01x"]))
        tally.check(f"{version}: the services are listed", b"envoy.service.auth.v3.Authorization" in listed and b"grpc.health.v1.Health" in listed
                    and b"agentgateway.dev.ext_mcp.ExtMcp" in listed, listed)
        # FileDescriptorSet has the files in field 1, as the answer has them within field 4.
        start = found.index(b"\x22", found.index(b"Authorization") + len("Authorization"))
        length, offset = 0, start + 1
        for shift in range(0, 64, 7):
            byte = found[offset]
            offset += 1
            length |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
        files = descriptor_pb2.FileDescriptorSet.FromString(found[offset:offset + length]).file
        names = {service.name: [method.name for method in service.method] for file in files for service in file.service}
        tally.equal(f"{version}: the definition is found", names.get("Authorization"), ["Check"])
        tally.check(f"{version}: with what it imports", "google/protobuf/struct.proto" in {file.name for file in files})
        tally.check(f"{version}: what is not there is an error", b"there is no such definition" in missing, missing)


def restart(tally, lynxd):
    """Ends the daemon in several ways, and starts it again on the same files."""
    world = lynxd.world
    published = lynxd.get("/jwks").json()
    planner = world.service_account()
    answers = [lynxd.check("payments.example", planner, "/mcp", body=tool("refund")).decision for _ in range(20)]
    lynxd.stop(signal.SIGKILL)
    torn = b'{"seq":1,"prev":"an unfinished'
    whole = len(lynxd.audit.read_text().splitlines())
    with open(lynxd.audit, "ab") as file:
        file.write(torn)
    run = verify(lynxd)
    tally.check("what is not finished yet is told", run.returncode == 0 and f"{len(torn)} bytes of an unfinished one" in run.stdout, run)
    lynxd.start()
    tally.equal("the signing keys are the same as before", lynxd.get("/jwks").json(), published)
    kept = {json.loads(line)["id"] for line in lynxd.audit.read_text().splitlines()}
    tally.check("no decision that was answered is missing", all(answer in kept for answer in answers))
    run = verify(lynxd)
    tally.equal("the records are intact", run.returncode, 0)
    record = json.loads(lynxd.audit.read_text().splitlines()[whole])
    kept = lynxd.audit.with_name(f"audit.jsonl.{whole:012}.torn")
    tally.equal("the next record says what was torn", (record["kind"], record["torn"]), (
        "torn", {"file": kept.name, "bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}))
    tally.check("which lies beside, for its owner only", kept.read_bytes() == torn and kept.stat().st_mode & 0o077 == 0)
    tally.check("and so says who verifies", f"audit.jsonl:{whole + 1}: " in run.stdout and f"{len(torn)} bytes" in run.stdout and f"they are in {kept.name}" in run.stdout, run)
    kept.write_bytes(b"another text")
    run = verify(lynxd)
    tally.check("if it is altered, that shows", run.returncode == 1 and "what was torn was altered" in run.stderr, run)
    kept.unlink()
    run = verify(lynxd)
    tally.check("if it is gone, that is told", run.returncode == 0 and f"{kept.name}, where they were kept, is not there" in run.stdout, run)
    started = [json.loads(line) for line in lynxd.audit.read_text().splitlines()[whole:]]
    signing = [record["change"] for record in started if record.get("change", {}).get("subject") == "signing keys"]
    ids = " ".join(key["kid"] for key in published["keys"])
    tally.equal("that the signing keys are those of before is on record", signing, [{"subject": "signing keys", "before": ids, "after": ids}])
    other = subprocess.run([lynxd.binary, "run", str(world.folder / "lynxd.yaml")], capture_output=True, text=True, timeout=30)
    tally.check("a second daemon does not write the same records", other.returncode == 1 and "another process" in other.stderr, other)
    with grpc.insecure_channel(f"127.0.0.1:{world.ports['grpc']}", options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        seen = watch(channel, timeout=60)
        told = [next(seen)]
        tally.equal("the end is orderly", lynxd.stop(signal.SIGTERM), 0)
        try:
            told += list(seen)
            ended = seen.code()
        except grpc.RpcError as error:
            ended = error.code()
        tally.equal("who watches is told before that we do not serve any more, and nothing else", (told, ended), ([b"\x08\x01", b"\x08\x02"], grpc.StatusCode.OK))
    lynxd.start()


def check(tally, binary, folder):
    """`lynxd check` and `lynxd schema`."""

    def run(text, name="c.yaml"):
        (folder / name).write_text(text)
        return subprocess.run([binary, "check", str(folder / name)], capture_output=True, text=True)

    (folder / "p.cedar").write_text("permit (principal, action, resource);")
    (folder / "bad.cedar").write_text("permit (principal, action, resource) when { principal.x };\npermit (principle, action, resource);")
    good = "issuer: https://lynx.example\nlisten:\n  - grpc: 127.0.0.1:1\npolicies: p.cedar\naudit: {file: a.jsonl}\n"
    result = run(good)
    tally.equal("a good configuration passes", (result.returncode, result.stderr), (0, ""))
    tally.check("and starts nothing", not (folder / "a.jsonl").exists())
    for rule, text, place in [
        ("a key that is not known", good + "polices: x\n", "c.yaml:6:1"),
        ("a value that is not known", good + "forbid-errors: maybe\n", "c.yaml:6:16"),
        ("a key that is there twice", good + "issuer: https://other.example\n", "c.yaml:"),
        ("an address without port", good.replace("127.0.0.1:1", "127.0.0.1"), "c.yaml:3:11"),
        ("an issuer without keys", good + "issuers:\n  - name: mesh\n    profile: spiffe\n    trust-domain: example.org\n", "c.yaml:7:5"),
        ("an algorithm that is not taken", good + "issuers:\n  - name: a\n    issuer: https://a.example\n    algorithms: [HS256]\n", "c.yaml:9:17"),
        ("a time without unit", good + "exchange:\n  lifetime: 120\n", "c.yaml:7:13"),
        ("certificates of an issuer that is no trust domain", good + "issuers:\n  - name: a\n    issuer: https://a.example\n    certificates: a.pem\n", "c.yaml:9:19"),
        ("SVIDs where gateways ask", good.replace("127.0.0.1:1\n", "127.0.0.1:1\n    tls:\n      certificate: a\n      key: a\n      svids: true\n"), "c.yaml:7:14"),
        ("a gateway that is no SPIFFE id", good.replace(
            "127.0.0.1:1\n", "127.0.0.1:1\n    tls:\n      certificate: a\n      key: a\n      gateways: a\n"), "c.yaml:7:17"),
        ("clients without gateways", good.replace(
            "127.0.0.1:1\n", "127.0.0.1:1\n    tls:\n      certificate: a\n      key: a\n      clients: a\n"), "`gateways` is missing: who may say whose a call is"),
        ("a listener's certificate that is not there", good.replace(
            "127.0.0.1:1\n", "127.0.0.1:1\n    tls: {certificate: a.pem, key: p.cedar}\n"), "cannot open `a.pem`: No such file or directory"),
        ("a listener's key that is not there", good.replace(
            "127.0.0.1:1\n", "127.0.0.1:1\n    tls: {certificate: p.cedar, key: a.key}\n"), "cannot open `a.key`: No such file or directory"),
        ("a host with a port", good + "destinations:\n  - {name: a, hosts: 'a.example:80', audience: b}\n", "no call has the host `a.example:80`"),
        ("a host that stands for others", good + "destinations:\n  - {name: a, hosts: '*.example', audience: b}\n", "no call has the host `*.example`"),
        ("a prefix of tools without one of resources", good + "destinations:\n  - {name: a, kind: mcp, audience: b, tool-prefix: a_}\n", "c.yaml:7:52"),
        ("a prefix of tools with an empty value for resources", good + "destinations:\n  - {name: a, kind: mcp, audience: b, tool-prefix: a_, resource-prefix: }\n",
         "`destinations[0].resource-prefix` is missing"),
        ("headers that are neither all nor some", good.replace("grpc: 127.0.0.1:1\n", "http: 127.0.0.1:1\n    headers: most\n"), "c.yaml:4:14"),
        ("a name with a slash", good + "destinations:\n  - {name: a/b, audience: b}\n", "`destinations[0].name` must not have a slash"),
        ("a host that is there twice", good + "destinations:\n  - {name: a, hosts: a.example, audience: a}\n  - {name: b, hosts: A.example, path: /, audience: b}\n",
         "c.yaml:8:22"),
        ("gateways where callers are not known", good.replace(
            "grpc: 127.0.0.1:1\n", "http: 127.0.0.1:1\n    tls:\n      certificate: a\n      key: a\n      gateways: spiffe://a/b\n"), "c.yaml:7:17"),
        ("SVIDs without authorities", good.replace(
            "grpc: 127.0.0.1:1\n", "tokens: 127.0.0.1:1\n    tls:\n      certificate: a\n      key: a\n      svids: true\n"), "no trust domain has a `bundle` or `certificates`"),
        ("reviews of tokens that are not of Kubernetes", good + "issuers:\n  - name: a\n    issuer: https://a.example\n    token-review:\n      server: https://k\n", "c.yaml:10:7"),
        ("a server that is asked in the clear", good + "issuers:\n  - {name: a, profile: kubernetes, issuer: b, token-review: {server: http://k.example}}\n",
         "must be an HTTPS URL, or one of this machine"),
        ("an answer that is kept for long", good + "issuers:\n  - {name: a, profile: kubernetes, issuer: b, token-review: {server: https://k, cache: 1h}}\n",
         "`issuers[0].token-review.cache` must be between 0 and 60 seconds"),
        ("a tab", good + "x:\n\t- y\n", "c.yaml:7:"),
        ("no issuer", good.replace("issuer: https://lynx.example\n", ""), "`issuer` is missing"),
        ("no records", good.replace("audit: {file: a.jsonl}\n", ""), "`audit` is missing"),
        ("policies with faults", good.replace("p.cedar", "bad.cedar"), "bad.cedar:2:9"),
        ("a file that is not there", good.replace("p.cedar", "nothing.cedar"), "cannot open `nothing.cedar`: No such file or directory"),
    ]:
        result = run(text)
        tally.check(f"{rule} is reported at its place", result.returncode == 1 and place in result.stderr, result.stderr)
    bundles(tally, run, good)
    result = run(good + "issuers:\n  - {name: a, issuer: https://a.example, keys: {file: k}}\nregistrations:\n  - agent: a\n    identities: [{issuer: b, subject: c}]\n")
    tally.check("all faults come together", "no issuer `b`" in result.stderr and "cannot open `k`" in result.stderr, result.stderr)
    schema = subprocess.run([binary, "schema"], capture_output=True, text=True)
    (folder / "tools.json").write_text(json.dumps({"tools": [{"name": "refund", "inputSchema": {
        "type": "object", "required": ["amount"], "properties": {"amount": {"type": "integer"}}}}]}))
    typed = subprocess.run([binary, "schema", "--mcp", "payments=tools.json"], capture_output=True, text=True, cwd=folder)
    (folder / "tools.cedarschema").write_text(typed.stdout)
    (folder / "p.cedar").write_text('permit (principal, action == Lynx::Action::"payments/refund", resource) when { context.input.amount < 100 };')
    tally.equal("the schema of a server's tools is taken", run(good + "schema: tools.cedarschema\n").returncode, 0)
    result = run(good)
    tally.check("without it, policies cannot speak of a tool's input", result.returncode == 1 and "payments/refund" in result.stderr, result.stderr)
    tally.check("the schema is printed", schema.returncode == 0 and "action callTool" in schema.stdout)


def bundles(tally, run, good):
    """Trust bundles in the configuration."""
    domain = good + "issuers:\n  - name: mesh\n    profile: spiffe\n    trust-domain: example.org\n"
    for rule, text, place in [
        ("a bundle that is fetched in the clear", domain + "    bundle: {url: 'http://mesh.example/bundle'}\n", "c.yaml:10:19"),
        ("a bundle and keys", domain + "    bundle: {url: 'https://mesh.example/bundle'}\n    keys: {file: k}\n", "either `bundle`, or `keys` and `certificates`"),
        ("a bundle and certificates", domain + "    bundle: {url: 'https://mesh.example/bundle'}\n    certificates: k\n", "either `bundle`, or `keys` and `certificates`"),
        ("a bundle from two places", domain + "    bundle: {url: 'https://mesh.example/bundle', file: k}\n", "`issuers[0].bundle` must have one of `file` and `url`"),
        ("a bundle that is not there", domain + "    bundle: {file: k}\n", "cannot open `k`: No such file or directory"),
        ("a bundle that is none", domain + "    bundle: {file: p.cedar}\n", "the key set is not JSON"),
        ("a bundle of an issuer that is no trust domain", good + "issuers:\n  - name: a\n    issuer: https://a.example\n    bundle: {file: k}\n", "c.yaml:9:13"),
        ("keys that are fetched in the clear", good + "issuers:\n  - name: a\n    issuer: https://a.example\n    keys: {url: 'http://a.example/keys'}\n", "must be an HTTPS URL, or one of this machine"),
        ("authorities that are not there", domain + "    bundle: {url: 'https://mesh.example/bundle'}\n    authorities: k\n", "cannot open `k`: No such file or directory"),
    ]:
        result = run(text)
        tally.check(f"{rule} is reported", result.returncode == 1 and place in result.stderr, result.stderr)
    result = run(domain + "    bundle: {url: 'https://mesh.example/bundle'}\n")
    tally.equal("a bundle's URL passes, and is not fetched", (result.returncode, result.stderr), (0, ""))
