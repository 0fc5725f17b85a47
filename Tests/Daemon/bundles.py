"""Trust bundles: what a trust domain publishes about itself, from a URL and from a file."""

import base64
import json
import pathlib
import ssl

from cryptography.hazmat.primitives import serialization

import jose
from certificates import Authority, loopback, spiffe
from certified import Client
from daemon import Daemon, tool
from faults import eventually, world_in
from servers import BundleServer

HINT = 5


def entry(authority):
    """An authority of X.509-SVIDs (4.2: `use` and `x5c`)."""
    point = authority.key.public_key().public_numbers()
    der = authority.certificate.public_bytes(serialization.Encoding.DER)
    return {"use": "x509-svid", "kty": "EC", "crv": "P-256", "x": jose.number(point.x, 32), "y": jose.number(point.y, 32), "x5c": [base64.b64encode(der).decode()]}


def bundle(sequence, *entries):
    keys = [entry(part) if isinstance(part, Authority) else part.jwk() for part in entries]
    return {"spiffe_sequence": sequence, "spiffe_refresh_hint": HINT, "keys": keys}


def server(folder, web):
    key, certificate = web.issue(*loopback())
    (folder / "web.key").write_bytes(key)
    (folder / "web-server.pem").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "web-server.pem", folder / "web.key")
    return BundleServer(context)


def bundles(tally, binary, folder):
    web = Authority("web")
    mesh = server(pathlib.Path(folder), web)
    world = world_in(folder, "bundles", replaced=[
        ("    keys: {file: mesh.json}\n    certificates: authority.pem\n", f"    bundle: {{url: \"{mesh.url}\"}}\n    authorities: web.pem\n    stale-limit: 1m\n"),
        ("    keys: {file: mesh.json}\n    certificates: abroad.pem\n", "    bundle: {file: abroad.json}\n"),
        ("listen:\n", "limits: {idle: 1h}\nlisten:\n"),
    ])
    world.file("web.pem", web.pem.decode())
    abroad = jose.Key("ES256", "abroad-1", use="jwt-svid")
    world.file("abroad.json", json.dumps(bundle(1, world.abroad, abroad)))
    mesh.bundle = bundle(7, world.authority, world.mesh, jose.Key("ES256", "for-nothing"))
    lynxd = Daemon(binary, world)
    try:
        certain(tally, lynxd, mesh, abroad)
        stale(tally, lynxd, mesh)
    finally:
        lynxd.stop()


def certain(tally, lynxd, mesh, abroad):
    world = lynxd.world
    workload = Client(world, world.authority.issue(spiffe("service/nightly")), "workload")
    stranger = Client(world, world.abroad.issue(spiffe("service/nightly", "abroad.example")), "stranger")

    def taken(token=None):
        answer = lynxd.check("payments.example", token or world.svid(), "/mcp", body=tool("refund"))
        return answer.allowed, lynxd.reason(answer)

    tally.equal("a key of the bundle's is taken for tokens", taken(), (True, "permitted"))
    tally.check("an authority of it vouches for certificates", workload.connects())
    tally.check("so does one of a bundle in a file", stranger.connects())
    claims = {"sub": "spiffe://abroad.example/service/nightly", "aud": ["https://gateway.example"], "exp": jose.now() + 300, "iat": jose.now()}
    tally.equal("and its key is taken", taken(jose.token(abroad, claims, {"typ": "JWT"}))[1], "no-permit")
    claims["sub"] = "spiffe://example.org/agent/planner"
    tally.equal("but not for another trust domain", taken(jose.token(abroad, claims, {"typ": "JWT"}))[1], "key-unknown")

    # Another key, and another authority.
    old, withdrawn, world.mesh = world.mesh, world.authority, jose.Key("ES256", "mesh-2", use="jwt-svid")
    next_authority = Authority("mesh")
    renewed = Client(world, next_authority.issue(spiffe("service/nightly")), "renewed")
    mesh.bundle = bundle(8, next_authority, world.mesh)
    tally.check("a new key is taken", eventually(lambda: taken()[0]))
    tally.equal("the one that it replaces is not", taken(jose.token(old, claims, {"typ": "JWT"}))[1], "key-unknown")
    tally.check("a new authority vouches", eventually(renewed.connects))
    tally.check("the one that it replaces does not", not workload.connects())

    # What is not to be believed changes nothing.
    for rule, answers in [
        ("an older bundle", (200, {}, json.dumps(bundle(7, withdrawn, old)).encode())),
        ("one that is too large", (200, {}, json.dumps(bundle(99, withdrawn) | {"x": "x" * 300_000}).encode())), ("one that is none", (200, {}, b"{}")),
        ("an error", (500, {}, b"")), ("what is elsewhere", (302, {"location": f"{mesh.url}/2"}, b"")),
    ]:
        mesh.answers = answers
        before = len(mesh.requests)
        tally.check(f"{rule} is met", eventually(lambda: len(mesh.requests) > before + 1))
        seen = (renewed.connects(), workload.connects(), taken())
        tally.equal(f"{rule} changes nothing", seen, (True, False, (True, "permitted")))
        # None of them confirms what is known, which would be too old some time.
        mesh.answers = None
        before = len(mesh.requests)
        tally.check("a good one is met", eventually(lambda: len(mesh.requests) > before + 1))
    tally.check("a redirect is not followed", all(request[1] == "/bundle" for request in mesh.requests))

    # 4.1.1: an empty one withdraws all.
    mesh.bundle = bundle(9)
    tally.check("an empty bundle withdraws the keys", eventually(lambda: taken() == (False, "key-unknown")), taken())
    tally.check("and the authorities", not renewed.connects())
    tally.check("others' are as they were", stranger.connects())
    tally.equal("that is no want of keys", lynxd.get("/readyz", "operation").status_code, 200)
    mesh.bundle = bundle(10, withdrawn, world.mesh)
    tally.check("what comes back is taken again", eventually(lambda: taken()[0] and workload.connects()))

    def changes():
        records = map(json.loads, lynxd.audit.read_text().splitlines())
        return [record["change"] for record in records if record.get("change", {}).get("subject") == "keys of mesh"]

    # Those that were taken: of numbers 7, 8, 9 and 10.
    tally.check("each change of the bundle is on record", eventually(lambda: len(changes()) == 4), changes())
    tally.check("and begins where the last ended", all(now["before"] == earlier["after"] for earlier, now in zip(changes(), changes()[1:])), changes())


def stale(tally, lynxd, mesh):
    """A server that is gone."""
    world = lynxd.world
    workload = Client(world, world.authority.issue(spiffe("service/nightly")), "stale")
    mesh.stop()

    def reason():
        answer = lynxd.check("payments.example", world.svid(), "/mcp", body=tool("refund"))
        return answer.status, lynxd.reason(answer)

    tally.check("with the server gone, what is known is still used", reason()[1] == "permitted" and workload.connects())
    tally.check("but not for longer than its time", eventually(lambda: reason() == (503, "keys-stale"), 90), reason())
    tally.check("nor are its certificates", not workload.connects())
    ready = lynxd.get("/readyz", "operation")
    tally.check("the readiness page says so", ready.status_code == 503 and "no keys of mesh" in ready.text, ready.text)
    mesh.start()
    tally.check("when it is back, all is as before", eventually(lambda: reason()[1] == "permitted" and workload.connects(), 30))
