"""The token exchange, asked by a client that knows RFC 8693 and nothing else."""

import os

import requests

import jose
from daemon import tool

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
JWT = "urn:ietf:params:oauth:token-type:jwt"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SPIFFE = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe"


def form(subject, audience="https://researcher.example", **changes):
    fields = {"grant_type": GRANT, "subject_token": subject, "subject_token_type": ACCESS, "audience": audience} | changes
    return {name: value for name, value in fields.items() if value is not None}


def post(world, fields, auth="planner", **options):
    if auth == "planner":
        options["auth"] = ("planner", world.secret)
    return requests.post(world.issuer + "/token", data=fields, timeout=10, **options)


def assertion(world, **changes):
    claims = {"iss": "researcher", "sub": "researcher", "aud": world.issuer + "/token", "iat": jose.now(), "exp": jose.now() + 60,
              "jti": os.urandom(8).hex()} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return {"client_assertion_type": BEARER, "client_assertion": jose.token(world.researcher, claims, {"typ": "JWT"})}


def exchange(tally, lynxd):
    world = lynxd.world

    metadata = lynxd.get("/.well-known/oauth-authorization-server").json()
    tally.equal("the metadata names the issuer byte for byte", metadata["issuer"], world.issuer)
    tally.equal("and the endpoint", metadata["token_endpoint"], world.issuer + "/token")
    tally.check("and the grant", GRANT in metadata["grant_types_supported"])
    published = requests.get(metadata["jwks_uri"], timeout=10).json()
    tally.check("the published keys have no private part", published["keys"] and all("d" not in key for key in published["keys"]))

    subject = world.user(aud="https://planner.example")
    answer = post(world, form(subject, scope="tools"))
    tally.equal("a token is issued", answer.status_code, 200)
    tally.equal("and is not to be kept by caches", answer.headers["cache-control"], "no-store")
    body = answer.json()
    tally.equal("its type is told", (body["issued_token_type"], body["token_type"]), (ACCESS, "Bearer"))
    tally.check("no refresh token comes with it", "refresh_token" not in body)
    tally.check("a scope that is as asked for is not repeated", "scope" not in body)
    claims = jose.verify(body["access_token"], published)
    tally.equal("the subject is kept", (claims["sub"], claims["sub_iss"]), ("alice", world.idp.issuer))
    tally.equal("the actor is the client", claims["act"], {"iss": world.issuer, "sub": "planner"})
    tally.equal("it is for one audience", claims["aud"], "https://researcher.example")
    tally.equal("the client is told", claims["client_id"], "planner")
    tally.equal("the scope is what was asked for", claims["scope"], "tools")
    tally.check("it has an id and ends soon", claims["jti"] and claims["exp"] - jose.now() <= 120 and body["expires_in"] <= 120)
    tally.equal("the header says what it is", jose.read(body["access_token"])[0]["typ"], "at+jwt")
    other = jose.verify(post(world, form(subject, requested_token_type=JWT)).json()["access_token"], published)
    tally.check("each token has an id of its own", other["jti"] != claims["jti"])
    short = post(world, form(world.user(aud="https://planner.example", exp=jose.now() + 40))).json()
    tally.check("a token does not outlive its subject's", short["expires_in"] <= 40, short)
    narrowed = post(world, form(subject, scope="tools write")).json()
    tally.equal("a scope that the subject lacks is left out, and that is told", narrowed.get("scope"), "tools")
    narrowed = post(world, form(subject, audience="https://llm.example")).json()
    tally.equal("a destination takes its own scopes only", narrowed.get("scope"), "tools")
    tally.equal("a resource names the target as well", post(world, form(subject, audience=None, resource="https://researcher.example")).status_code, 200)
    tally.equal("by form, the secret is taken too", post(
        world, form(subject, client_id="planner", client_secret=world.secret), auth=None).status_code, 200)
    tally.equal("an actor token of the client itself is taken", post(world, form(
        subject, actor_token=world.svid(audience=world.issuer), actor_token_type=JWT)).status_code, 200)
    tally.equal("a policy may speak of the claims of the user whose token is exchanged", [
        post(world, form(world.user(aud="https://planner.example", employment=kind))).status_code for kind in ["contractor", "permanent"]], [400, 200])
    mine = world.svid("service/nightly", audience=world.issuer)
    answer = post(world, form(mine, audience="https://notes.example", client_assertion_type=SPIFFE, client_assertion=mine), auth=None)
    tally.equal("by SVID, a service gets a token for itself", answer.status_code, 200)
    own = jose.verify(answer.json()["access_token"], published)
    tally.check("and acts for nobody", own["sub"] == "spiffe://example.org/service/nightly" and "act" not in own, own)

    # What records tell of it.
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = post(world, form(world.user(aud="https://planner.example", jti="number-1")), headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    record = last_issuance(lynxd)
    tally.equal("the record is of the client's trace", record["trace"], trace)
    version, id, span, flags = answer.headers["traceparent"].split("-")
    tally.check("the answer goes on with it, by a span of its own", (version, id, flags) == ("00", trace, "01") and len(span) == 16 and span != "b7ad6b7169203331")
    tally.equal("the record says who asked, from where, and by which token", (record["client"], record["call"]["source"], record["authn"]["token"]), (
        "planner", "127.0.0.1", "number-1"))
    tally.check("and how long it took", 0 < record["microseconds"] < 10_000_000, record["microseconds"])
    answer = post(world, form(subject))
    tally.check("without a trace, one is begun", last_issuance(lynxd)["trace"] == answer.headers["traceparent"].split("-")[1] != trace)

    def refused(rule, error, answer, reason=None, status=400):
        try:
            body = answer.json()
        except ValueError:
            body = {}
        seen = (answer.status_code, body.get("error"))
        ok = tally.check(rule, seen == (status, error) and "access_token" not in body, f"{seen}, expected {(status, error)}; {answer.text[:300]}")
        if ok and reason:
            record = last_issuance(lynxd)
            tally.equal(f"the record of that says why ({reason})", record["reason"], reason)

    refused("another grant", "unsupported_grant_type", post(world, form(subject, grant_type="client_credentials")))
    refused("no grant", "invalid_request", post(world, form(subject, grant_type=None)))
    refused("no subject", "invalid_request", post(world, form(None)))
    refused("no type of the subject", "invalid_request", post(world, form(subject, subject_token_type=None)))
    for kind in ["refresh_token", "id_token", "saml1", "saml2"]:
        refused(f"a subject of type {kind}", "invalid_request", post(
            world, form(subject, subject_token_type="urn:ietf:params:oauth:token-type:" + kind)))
    refused("a request for a refresh token", "invalid_request", post(
        world, form(subject, requested_token_type="urn:ietf:params:oauth:token-type:refresh_token")))
    refused("an actor's type without actor", "invalid_request", post(world, form(subject, actor_token_type=ACCESS)))
    refused("an actor without its type", "invalid_request", post(world, form(subject, actor_token=world.svid(audience=world.issuer))))
    refused("no target", "invalid_target", post(world, form(subject, audience=None)), "target-absent")
    refused("an unknown target", "invalid_target", post(world, form(subject, audience="https://evil.example")), "target-unknown")
    refused("two targets", "invalid_target", post(world, form(subject, audience=["https://researcher.example", "https://notes.example"])), "target-several")
    refused("a target and another as resource", "invalid_target", post(world, form(subject, resource="https://notes.example")), "target-several")
    refused("a resource with a fragment", "invalid_target", post(world, form(subject, audience=None, resource="https://researcher.example#x")))
    refused("a resource that is not absolute", "invalid_target", post(world, form(subject, audience=None, resource="/researcher")))
    refused("a target that policies forbid", "invalid_target", post(world, form(subject, audience="https://web.example")), "forbidden")
    refused("a subject without the scope that policies want", "invalid_target", post(
        world, form(world.user(aud="https://planner.example", scope="read"))), "no-permit")
    refused("a scope that the subject lacks", "invalid_scope", post(world, form(subject, scope="admin")))
    refused("a scope that is not well formed", "invalid_scope", post(world, form(subject, scope='to"ols')))
    for name in ["grant_type", "subject_token", "scope", "actor_token", "requested_token_type"]:
        fields = list(form(subject, scope="tools").items()) + [(name, "x"), (name, "x")]
        refused(f"{name} twice", "invalid_request", post(world, fields))
    refused("a broken escape", "invalid_request", post(world, "grant_type=%zz", headers={"content-type": "application/x-www-form-urlencoded"}))
    refused("JSON", "invalid_request", post(world, "{}", headers={"content-type": "application/json"}))
    tally.equal("a form of a megabyte", post(world, form("x" * 1_000_000)).status_code, 413)
    tally.equal("GET", lynxd.get("/token").status_code, 405)

    for rule, subject_token, reason in [
        ("a subject for somebody else", world.user(aud="https://other.example"), "audience"),
        ("a subject for another agent", world.user(aud="https://researcher.example"), "audience"),
        ("a subject that has ended", world.user(aud="https://planner.example", exp=jose.now() - 100), "expired"),
        ("a subject of an unknown issuer", jose.token(world.corporate, world.claims(iss="https://evil.example")), "issuer-unknown"),
        ("a subject of an issuer that is not taken here", jose.token(world.partner, {
            "iss": "https://partner.example", "sub": "bob", "aud": world.issuer, "azp": "partner-app", "iat": jose.now(), "exp": jose.now() + 60}),
         "issuer-not-accepted-here"),
        ("a subject with alg none", jose.encode(b'{"alg":"none"}') + "." + jose.encode(jose.compact(world.claims())) + ".", "algorithm-forbidden"),
        ("a subject with an actor that its issuer made up", world.user(aud="https://planner.example", act={"sub": "planner"}), "actor-chain"),
    ]:
        refused(rule, "invalid_request", post(world, form(subject_token)), reason)
    refused("a subject that lets another act", "unauthorized_client", post(
        world, form(world.user(aud="https://planner.example", may_act={"sub": "spiffe://example.org/agent/researcher", "iss": "example.org"}))), "may-act")
    tally.equal("a subject that lets this one act", post(
        world, form(world.user(aud="https://planner.example", may_act={"sub": "spiffe://example.org/agent/planner", "iss": "example.org"}))).status_code, 200)
    refused("an actor that is another", "unauthorized_client", post(world, form(
        subject, actor_token=world.svid("agent/researcher", audience=world.issuer), actor_token_type=JWT)), "actor-of-another-client")
    refused("an actor that is nobody", "invalid_request", post(world, form(
        subject, actor_token=world.svid("agent/unknown", audience=world.issuer), actor_token_type=JWT)), "unregistered")

    # Clients.
    def client(rule, reason, answer):
        refused(rule, "invalid_client", answer, reason, status=401)

    client("a wrong secret", "client-secret", requests.post(world.issuer + "/token", data=form(subject), auth=("planner", "wrong"), timeout=10))
    tally.equal("the record says as whom that was tried", last_issuance(lynxd)["client"], "planner")
    client("no secret", "client-absent", post(world, form(subject), auth=None))
    client("a client that is not known", "client-unknown", requests.post(world.issuer + "/token", data=form(subject), auth=("nobody", "x"), timeout=10))
    tally.check("a name that somebody made up is not recorded", "client" not in last_issuance(lynxd))
    client("a secret for a client that signs", "client-unknown", requests.post(
        world.issuer + "/token", data=form(subject), auth=("researcher", ""), timeout=10))
    client("two methods at once", "client-methods", post(world, form(subject, client_secret=world.secret, client_id="planner")))
    mine = world.user(aud="https://researcher.example")
    good = assertion(world)
    tally.equal("an assertion is taken", post(world, form(mine, audience="https://payments.example", **good), auth=None).status_code, 200)
    client("the same assertion again", "client-replayed", post(world, form(mine, audience="https://payments.example", **good), auth=None))
    for rule, changes, reason in [
        ("an assertion for somebody else", {"aud": "https://other.example"}, "client-audience"),
        ("an assertion that has ended", {"exp": jose.now() - 100}, "client-expired"),
        ("an assertion without id", {"jti": None}, "client-claim"),
        ("an assertion for another client", {"sub": "planner"}, "client-subject"),
        ("an assertion for a day", {"exp": jose.now() + 86400}, "client-lifetime-too-long"),
    ]:
        client(rule, reason, post(world, form(mine, **assertion(world, **changes)), auth=None))
    forged = {"client_assertion_type": BEARER, "client_assertion": jose.token(world.stranger, {
        "iss": "researcher", "sub": "researcher", "aud": world.issuer, "exp": jose.now() + 60, "jti": "1"}, {"typ": "JWT", "kid": "researcher-1"})}
    client("an assertion by another key", "client-signature", post(world, form(mine, **forged), auth=None))
    tally.equal("the record says whose it should have been", last_issuance(lynxd)["client"], "researcher")
    client("an assertion of another type", "client-token-type", post(
        world, form(mine, **(assertion(world) | {"client_assertion_type": "urn:x"})), auth=None))


def last_issuance(lynxd):
    import json

    return [record for record in map(json.loads, lynxd.audit.read_text().splitlines()) if record["kind"] == "issuance"][-1]


def chain(tally, lynxd):
    """user -> planner -> researcher -> tool, with real tokens."""
    world = lynxd.world
    published = lynxd.get("/jwks").json()
    user = world.user(aud="https://planner.example")
    first = post(world, form(user, "https://researcher.example")).json()["access_token"]
    answer = lynxd.check("researcher.example", first, body={"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {}})
    tally.check("the planner may ask the researcher on behalf of alice", answer.allowed, (answer, lynxd.reason(answer)))
    tally.equal("the record says on whose behalf", lynxd.record(answer.decision)["subject"], f"{world.idp.issuer}|alice")
    hop = answer.credential
    claims = jose.verify(hop, published)
    tally.equal("the credential of the hop names who acts", claims["act"], {"iss": world.issuer, "sub": "planner"})
    second = post(world, form(hop, "https://payments.example", **assertion(world)), auth=None).json()
    tally.check("the researcher gets a token of its own", "access_token" in second, second)
    second = second["access_token"]
    answer = lynxd.check("payments.example", second, "/mcp", body=tool("lookup"))
    tally.check("the researcher may look up payments for alice", answer.allowed, (answer, lynxd.reason(answer)))
    claims = jose.verify(answer.credential, published)
    tally.equal("the last credential has the first subject", (claims["sub"], claims["sub_iss"]), ("alice", world.idp.issuer))
    tally.equal("and who acted, the latest outside", claims["act"], {
        "iss": world.issuer, "sub": "researcher", "act": {"iss": world.issuer, "sub": "planner"}})
    tally.equal("and is for the tool's server", claims["aud"], "https://payments.example")
    tally.equal("the scope came along", claims["scope"], "tools read")
    tally.equal("and the user's groups, by the issuer's name", claims["groups"], ["corporate|staff"])
    tally.equal("the record has the chain", lynxd.record(answer.decision)["chain"], [f"{world.issuer}|planner"])

    def leaked(rule, answer, reason):
        tally.check(rule, not answer.allowed and lynxd.reason(answer) == reason, (answer, lynxd.reason(answer)))

    leaked("the first token is refused at the tool's server", lynxd.check("payments.example", first, "/mcp", body=tool("lookup")), "audience")
    leaked("the hop's credential too", lynxd.check("payments.example", hop, "/mcp", body=tool("lookup")), "audience")
    leaked("the second token is refused at another server", lynxd.check("notes.example", second, body=tool("notes_write")), "audience")
    leaked("the second token is refused at the researcher", lynxd.check(
        "researcher.example", second, body={"jsonrpc": "2.0", "id": 1, "method": "message/send"}), "audience")
    answer = post(world, form(hop, "https://payments.example"))
    tally.equal("the planner cannot exchange the researcher's credential", answer.json()["error"], "invalid_request")
    answer = post(world, form(second, "https://notes.example", **assertion(world)), auth=None)
    tally.equal("the researcher cannot exchange what is for the server", answer.json()["error"], "invalid_request")
    answer = lynxd.check("payments.example", second, "/mcp", body=tool("refund"))
    leaked("what the planner may do alone, the researcher may not do for it", answer, "no-permit")
    # Back to the planner closes a circle.
    back = post(world, form(hop, "https://planner.example", **assertion(world)), auth=None).json().get("access_token")
    tally.check("the researcher may get a token for the planner", back is not None)
    answer = post(world, form(back, "https://researcher.example"))
    tally.equal("but the planner may not go on with it", (answer.json().get("error"), last_issuance(lynxd)["reason"]), ("invalid_request", "actor-cycle"))
