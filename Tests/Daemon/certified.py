"""Callers and clients that show an X.509-SVID themselves, and tokens that are bound to one."""

import http.client
import json
import socket
import ssl
import time
import urllib.parse

import grpc
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import ExtendedKeyUsageOID

import jose
from certificates import Authority, spiffe, thumbprint
from daemon import rpc, tool
from exchange import SPIFFE, form, last_issuance


class Client:
    """Shows one certificate, with a connection of its own for each request."""

    def __init__(self, world, pair, name, chain=b""):
        self.world, self.certificate = world, pair[1]
        self.files = (str(world.folder / f"{name}.pem"), str(world.folder / f"{name}.key"))
        with open(self.files[0], "wb") as file:
            file.write(pair[1] + chain)
        with open(self.files[1], "wb") as file:
            file.write(pair[0])

    def post(self, listener, path, **options):
        return requests.post(
            f"https://127.0.0.1:{self.world.ports[listener]}{path}", cert=self.files, verify=str(self.world.folder / "authority.pem"), timeout=10, **options)

    def token(self, fields, **options):
        return self.post("certified", "/token", data=fields, **options)

    def call(self, host, body, token=None, path="/"):
        headers = {"host": host} | ({"authorization": "Bearer " + token} if token else {})
        return self.post("callers", path, json=body, headers=headers)

    def connects(self):
        try:
            self.call("notes.example", rpc("ping"))
            return True
        except (requests.exceptions.SSLError, requests.ConnectionError):
            return False


def certified(tally, lynxd):
    world = lynxd.world
    published = lynxd.get("/jwks").json()
    nightly = Client(world, world.authority.issue(spiffe("service/nightly")), "nightly")
    planner = Client(world, world.authority.issue(spiffe("agent/planner")), "planner")
    gateway = Client(world, world.authority.issue(spiffe("gateway")), "gateway")
    renewed = Client(world, world.authority.issue(spiffe("service/nightly")), "renewed")

    def last():
        return json.loads(lynxd.audit.read_text().splitlines()[-1])

    # The handshake.
    tally.check("a workload gets in", nightly.connects())
    intermediate = Authority("intermediate", world.authority)
    for rule, pair, chain in [
        ("one by an authority in between", intermediate.issue(spiffe("service/nightly")), intermediate.pem),
        ("one without a subject, whose names are critical", world.authority.issue(spiffe("service/nightly"), subject=None), b""),
        ("one that is for clients", world.authority.issue(spiffe("service/nightly"), uses=[ExtendedKeyUsageOID.CLIENT_AUTH]), b""),
        ("one of another trust domain", world.abroad.issue(spiffe("service/nightly", "abroad.example")), b""),
    ]:
        tally.check(f"{rule} gets in", Client(world, pair, "good", chain).connects())
    forger = workload_that_signs(world)
    for rule, pair, chain in [
        ("of an unknown authority", Authority("mesh").issue(spiffe("service/nightly")), b""),
        ("of one domain's authority for another domain", world.abroad.issue(spiffe("service/nightly")), b""),
        ("and the other way round", world.authority.issue(spiffe("service/nightly", "abroad.example")), b""),
        ("of a domain that is not known", world.authority.issue(spiffe("service/nightly", "evil.example")), b""),
        ("by an authority in between that it does not show", intermediate.issue(spiffe("service/nightly")), b""),
        ("by a workload that is no authority", forger.issue(spiffe("service/nightly")), forger.shown),
        ("that may sign others", world.authority.issue(spiffe("service/nightly"), authority=True), b""),
        ("with two ids", world.authority.issue(spiffe("service/nightly"), spiffe("agent/planner")), b""),
        ("that is for servers only", world.authority.issue(spiffe("service/nightly"), uses=[ExtendedKeyUsageOID.SERVER_AUTH]), b""),
        ("that has ended", world.authority.issue(spiffe("service/nightly"), lifetime=-60), b""),
    ]:
        tally.check(f"one {rule} does not get in", not Client(world, pair, "bad", chain).connects())
    try:
        requests.get(f"https://127.0.0.1:{world.ports['certified']}/jwks", verify=str(world.folder / "authority.pem"), timeout=10)
        tally.check("nobody gets in without a certificate", False)
    except (requests.exceptions.SSLError, requests.ConnectionError):
        tally.check("nobody gets in without a certificate", True)

    resumption(tally, lynxd, nightly)

    # Callers.
    answer = planner.call("payments.example", tool("refund"), path="/mcp")
    tally.equal("a caller is known by its certificate", (answer.status_code, last()["principal"], last()["authn"]["method"]), (
        200, 'Lynx::Agent::"planner"', "x509-svid"))
    tally.equal("and gets a credential for the hop", jose.verify(answer.headers["authorization"].removeprefix("Bearer "), published)["aud"], "https://payments.example")
    tally.equal("policies hold for it", (nightly.call("payments.example", tool("refund"), path="/mcp").status_code, last()["reason"]), (403, "no-permit"))
    tally.equal("another's token is of no use to it", (
        nightly.call("payments.example", tool("refund"), world.svid(), "/mcp").status_code, last()["reason"]), (401, "token-of-another-caller"))
    stranger = Client(world, world.authority.issue(spiffe("agent/nobody")), "stranger")
    tally.equal("who is not registered is nobody", (stranger.call("payments.example", tool("refund"), path="/mcp").status_code, last()["reason"]), (403, "unregistered"))
    tally.equal("a gateway's certificate is not the caller's", (
        gateway.call("payments.example", tool("refund"), path="/mcp").status_code, last()["reason"]), (401, "credentials-absent"))
    tally.equal("a gateway asks for others", gateway.call("payments.example", tool("refund"), world.svid(), "/mcp").status_code, 200)

    # Clients.
    metadata = requests.get(
        f"https://127.0.0.1:{world.ports['certified']}/.well-known/oauth-authorization-server", cert=nightly.files,
        verify=str(world.folder / "authority.pem"), timeout=10).json()
    tally.equal("the metadata tells of certificates", (
        "tls_client_auth" in metadata["token_endpoint_auth_methods_supported"], metadata["tls_client_certificate_bound_access_tokens"]), (True, True))
    plain = lynxd.get("/.well-known/oauth-authorization-server").json()
    tally.check("and elsewhere does not", "tls_client_auth" not in plain["token_endpoint_auth_methods_supported"] and "tls_client_certificate_bound_access_tokens" not in plain)
    mine = world.svid("service/nightly", audience=world.issuer)
    wanted = form(mine, audience="https://notes.example")
    answer = nightly.token(wanted)
    tally.equal("a client is known by its certificate", (answer.status_code, last_issuance(lynxd)["authn"]["method"]), (200, "tls_client_auth"))
    bound = answer.json()["access_token"]
    claims = jose.verify(bound, published)
    tally.equal("what is issued is bound to it", claims["cnf"], {"x5t#S256": thumbprint(nightly.certificate)})
    tally.equal("its own id may be said", nightly.token(wanted | {"client_id": "nightly"}).status_code, 200)

    def refused(rule, answer, error, reason, status=400):
        seen = (answer.status_code, answer.json().get("error"), last_issuance(lynxd)["reason"])
        tally.equal(rule, seen, (status, error, reason))

    refused("another's id is refused", nightly.token(wanted | {"client_id": "planner"}), "invalid_client", "client-unregistered", 401)
    refused("a client of another proof is not known by its certificate", planner.token(wanted), "invalid_client", "client-unregistered", 401)
    refused("without certificate the client is not known", requests.post(world.issuer + "/token", data=wanted, timeout=10), "invalid_client", "client-absent", 401)
    answer = nightly.token(wanted | {"client_assertion_type": SPIFFE, "client_assertion": mine})
    tally.check("a token for a client of another proof is not bound", "cnf" not in jose.verify(answer.json()["access_token"], published))
    user = world.user(aud="https://planner.example", cnf={"x5t#S256": thumbprint(planner.certificate)})
    secret = ("planner", world.secret)
    tally.equal("a bound subject is taken with its certificate", planner.token(form(user), auth=secret).status_code, 200)
    refused("not with another", nightly.token(form(user), auth=secret), "invalid_request", "confirmation")
    refused("and not without", requests.post(world.issuer + "/token", data=form(user), auth=secret, timeout=10), "invalid_request", "confirmation")
    both = world.user(aud="https://planner.example", cnf={"x5t#S256": thumbprint(planner.certificate), "jkt": "x"})
    refused("nor one that is bound to something else too", planner.token(form(both), auth=secret), "invalid_request", "confirmation")

    # Bound tokens with calls.
    listed = rpc("tools/list", {})
    tally.equal("a bound token is taken with its certificate", nightly.call("notes.example", listed, bound).status_code, 200)
    tally.equal("not with a renewed one", (renewed.call("notes.example", listed, bound).status_code, last()["reason"]), (401, "confirmation"))
    tally.equal("not through a gateway that does not show it", (gateway.call("notes.example", listed, bound).status_code, last()["reason"]), (401, "confirmation"))
    answer = lynxd.check("notes.example", bound, body=listed)
    tally.equal("not over an open channel", lynxd.reason(answer), "confirmation")
    shown = urllib.parse.quote(nightly.certificate.decode())

    def check(certificate, channel=None):
        return lynxd.check("notes.example", bound, body=listed, principal="spiffe://example.org/service/nightly", certificate=certificate, channel=channel)

    tally.equal("not even with the certificate", lynxd.reason(check(shown)), "confirmation")
    with grpc.insecure_channel(f"unix:{world.folder}/check.sock") as channel:
        answer = check(shown, channel)
        tally.check("a gateway that is believed may show it", answer.allowed, (answer, lynxd.reason(answer)))
        for rule, certificate in [("none", ""), ("another", urllib.parse.quote(renewed.certificate.decode())), ("rubbish", "%zz"), ("half of it", shown[:300])]:
            tally.equal(f"if it shows {rule}, the token is refused", lynxd.reason(check(certificate, channel)), "confirmation")


def resumption(tally, lynxd, client):
    """A session that is resumed, and a channel that stays open, show what was verified before: by authorities that may be withdrawn since."""
    world = lynxd.world
    intermediate = Authority("intermediate", world.authority)
    chained = Client(world, intermediate.issue(spiffe("service/nightly")), "chained", intermediate.pem)
    question = json.dumps(rpc("tools/list", {}))
    request = (f"POST / HTTP/1.1\r\nhost: notes.example\r\ncontent-type: application/json\r\ncontent-length: {len(question)}\r\n\r\n" + question).encode()

    def ask(channel):
        channel.sendall(request)
        response = http.client.HTTPResponse(channel)
        response.begin()
        response.read()
        return response.status

    def becomes(status, channel):
        deadline = time.time() + 15
        while ask(channel) != status and time.time() < deadline:
            time.sleep(0.2)
        return ask(channel)

    for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
        for name, shown in [("a workload", client), ("one by an authority in between", chained)]:
            context = ssl.create_default_context(cadata=world.authority.pem.decode())
            context.load_cert_chain(*shown.files)
            context.maximum_version = version

            def connect(session=None):
                return context.wrap_socket(
                    socket.create_connection(("127.0.0.1", world.ports["callers"]), timeout=10), server_hostname="localhost", session=session)

            rule = f"{version.name}, {name}"
            first = connect()
            tally.equal(f"{rule}: known", ask(first), 200)
            second = connect(first.session)
            tally.equal(f"{rule}: known when its session is resumed", (ask(second), second.session_reused), (200, True))
            world.file("authority.pem", Authority("mesh").pem.decode())
            tally.equal(f"{rule}: not known on an open channel when its authority is withdrawn", becomes(401, first), 401)
            third = connect(first.session)
            tally.equal(f"{rule}: nor when its session is resumed then", (ask(third), third.session_reused), (401, True))
            world.file("authority.pem", world.authority.pem.decode())
            tally.equal(f"{rule}: known again when the authority is back", becomes(200, third), 200)


def workload_that_signs(world):
    """Who signs with a certificate that is not for it."""
    key, certificate = world.authority.issue(spiffe("agent/planner"))
    forger = Authority("forger")
    forger.key = load_pem_private_key(key, None)
    forger.name = x509.load_pem_x509_certificate(certificate).subject
    forger.shown = certificate
    return forger
