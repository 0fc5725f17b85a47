"""Calls that are allowed and denied, asked as Envoy asks."""

import json

import grpc

import jose
from certificates import Authority, spiffe
from daemon import Answer, HeaderMap, HeaderValue, header_map, rpc, tool


def decisions(tally, lynxd):
    world = lynxd.world
    planner = world.service_account()

    answer = lynxd.check("payments.example", planner, "/mcp", body=tool("refund"))
    tally.check("a tool that a policy permits is allowed", answer.allowed, answer)
    tally.check("the status is there", answer.has_status)
    tally.equal("the caller's own credential is removed", answer.removed, ["authorization"])
    tally.equal("a header overwrites what is there", answer.set["authorization"][1], 2)
    published = lynxd.get("/jwks").json()
    claims = jose.verify(answer.credential, published)
    tally.equal("the credential is for the destination", claims["aud"], "https://payments.example")
    tally.equal("and of ours", claims["iss"], world.issuer)
    tally.equal("and of the caller", (claims["sub"], claims["sub_iss"]), ("system:serviceaccount:agents:planner", "https://kubernetes.default.svc"))
    tally.check("and lives for two minutes", 0 < claims["exp"] - claims["iat"] <= 120, claims)
    tally.check("and is not what the caller showed", answer.credential != planner)
    tally.check("the answer says until when it may be kept", answer.expires and jose.now() < answer.expires <= jose.now() + 30, answer.expires)
    record = lynxd.record(answer.decision)
    tally.equal("the record names the policies", record["policies"], ["planner-refunds"])
    tally.equal("and the caller", record["principal"], 'Lynx::Agent::"planner"')
    tally.equal("and the tool", record["resource"], 'Lynx::Tool::"payments/refund"')
    tally.equal("and what it is for, by server and name", record["target"], {"server": "payments", "tool": "refund"})
    tally.equal("and what the policies that are tried out say", record["shadow"]["outcome"], "deny")
    tally.check("and holds no token", planner not in json.dumps(record) and answer.credential not in json.dumps(record))

    answer = lynxd.check("payments.example", planner, "/mcp", body=tool("transfer", id="abc"))
    tally.equal("a tool that no policy permits is denied", (answer.code, answer.status), (7, 403))
    body = json.loads(answer.body)
    tally.equal("the denial is an error of JSON-RPC for the same request", (body["jsonrpc"], body["id"], "error" in body), ("2.0", "abc", True))
    tally.equal("it says no more than its number", body["error"]["data"], {"error": "forbidden", "decision_id": answer.decision})
    tally.equal("the record says why", lynxd.reason(answer), "no-permit")

    answer = lynxd.check("notes.example", planner, body=tool("notes_write"))
    tally.check("a destination that wants no credential gets none", answer.allowed and answer.credential is None and answer.removed == ["authorization"], answer)
    tally.equal("the gateway's prefix is not part of the tool's name", lynxd.record(answer.decision)["resource"], 'Lynx::Tool::"notes/write"')
    answer = lynxd.check("notes.example", planner, body=tool("notes_secrets"))
    tally.equal("a forbid wins over a permit", (answer.status, lynxd.reason(answer)), (403, "forbidden"))
    tally.equal("a policy's message is told", json.loads(answer.body)["error"]["message"], "secrets are not for agents")
    answer = lynxd.check("notes.example", planner, body=tool("payments_write"))
    tally.equal("a tool of another server is denied", lynxd.reason(answer), "tool-of-another-server")

    for method, parameters in [("initialize", {}), ("ping", None), ("notifications/initialized", None), ("tools/list", {})]:
        answer = lynxd.check("payments.example", planner, "/mcp", body=rpc(method, parameters))
        tally.check(f"{method} is allowed", answer.allowed, answer)
    answer = lynxd.check("payments.example", planner, "/mcp", method="GET")
    tally.check("the stream may be opened", answer.allowed, answer)
    answer = lynxd.check("payments.example", planner, "/mcp", body=rpc("resources/read", {"uri": "file:///x"}))
    tally.equal("a resource that no policy permits is denied", lynxd.reason(answer), "no-permit")
    for method, parameters, target in [
        ("prompts/get", {"name": "notes_daily"}, {"server": "notes", "prompt": "daily"}),
        ("resources/read", {"uri": "notes+file:///x?key=1"}, {"server": "notes", "resource": "file:///x"}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "notes_daily"}}, {"server": "notes", "prompt": "daily"}),
    ]:
        answer = lynxd.check("notes.example", planner, body=rpc(method, parameters))
        tally.check(f"{method} at a permitted server is allowed", answer.allowed, (answer, lynxd.reason(answer)))
        tally.equal("and recorded by the server's own name", lynxd.record(answer.decision)["target"], target)
    for method, parameters, reason in [
        ("prompts/get", {"name": "payments_daily"}, "prompt-of-another-server"), ("prompts/get", {"name": "daily"}, "prompt-of-another-server"),
        ("resources/read", {"uri": "payments+file:///x"}, "resource-of-another-server"), ("resources/subscribe", {"uri": "file:///x"}, "resource-of-another-server"),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "payments_daily"}}, "prompt-of-another-server"),
    ]:
        answer = lynxd.check("notes.example", planner, body=rpc(method, parameters))
        tally.equal(f"{method} of {json.dumps(parameters)}, which is another server's, is denied", (answer.status, lynxd.reason(answer)), (403, reason))

    user = world.user()
    answer = lynxd.check("llm.example", user, "/v1/messages", body={"model": "claude-sonnet-4", "temperature": 0.7, "messages": []})
    tally.check("a model that a policy permits is allowed", answer.allowed, answer)
    tally.equal("its record names provider and model", lynxd.record(answer.decision)["target"], {"provider": "anthropic", "model": "claude-sonnet-4"})
    answer = lynxd.check("llm.example", user, "/v1/messages", body={"model": "claude-opus-4"})
    tally.equal("another model is denied", (answer.status, lynxd.reason(answer)), (403, "no-permit"))
    answer = lynxd.check("researcher.example", planner, body=rpc("message/send", {"message": {}}))
    tally.check("an agent that a policy permits may be asked", answer.allowed, answer)
    tally.equal("its record names agent and method", lynxd.record(answer.decision)["target"], {"agent": "researcher", "method": "message/send"})
    answer = lynxd.check("researcher.example", world.svid("service/nightly"), body=rpc("message/send", {}))
    tally.equal("another caller may not ask it", lynxd.reason(answer), "no-permit")
    answer = lynxd.check("web.example", world.user(groups=[]), "/page?q=1", method="GET")
    tally.check("a plain request is allowed", answer.allowed, answer)
    tally.equal("its query is not recorded", lynxd.record(answer.decision)["call"]["path"], "/page")
    answer = lynxd.check("web.example", world.user(groups=[]), "/page", method="PUT")
    tally.equal("another method is denied", lynxd.reason(answer), "no-permit")
    answer = lynxd.check("web.example", world.user(groups=["staff"]), "/page", method="PUT")
    tally.check("the groups of a user count", answer.allowed, answer)


def models(tally, lynxd):
    """Models that do not stand in the body, or not only there."""
    user = lynxd.world.user()
    haiku, permitted = "anthropic.claude-3-haiku-20240307-v1:0", {"model": "claude-sonnet-4"}
    websocket = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-key": "x", "sec-websocket-version": "13"}

    def ask(path, body=None, **more):
        return lynxd.check("llm.example", user, path, body=body, **more)

    for rule, answer, model in [
        ("Bedrock's path", ask("/model/anthropic.claude-3-haiku-20240307-v1%3A0/invoke", {"max_tokens": 5}), haiku),
        ("Azure's path", ask("/openai/deployments/claude-sonnet-4/chat/completions?api-version=1", permitted), "claude-sonnet-4"),
        ("Gemini's path", ask("/v1beta/models/claude-sonnet-4:generateContent", {"contents": []}), "claude-sonnet-4"),
        ("a WebSocket's query", ask("/v1/realtime?model=claude-sonnet-4", method="GET", headers=websocket), "claude-sonnet-4"),
    ]:
        record = lynxd.record(answer.decision)
        tally.check(f"a model that is permitted is allowed by {rule}", answer.allowed, (answer, record.get("reason")))
        tally.equal(f"{rule}: the record names it", (record["action"], record.get("target")), ('Lynx::Action::"invokeModel"', {"provider": "anthropic", "model": model}))
    for rule, reason, answer in [
        ("another in Azure's path", "no-permit", ask("/openai/deployments/gpt-4o/chat/completions", {"messages": []})),
        ("another in Gemini's path", "no-permit", ask("/v1beta/models/gemini-2.0-flash:streamGenerateContent", {"contents": []})),
        ("another in Bedrock's path", "no-permit", ask("/model/amazon.nova-pro-v1%3A0/converse", {"messages": []})),
        ("another than the body has, in Azure's path", "model-contradicted", ask("/openai/deployments/gpt-4o/chat/completions", permitted)),
        ("another in Azure's path in capitals", "model-contradicted", ask("/OpenAI/Deployments/gpt-4o/chat/completions", permitted)),
        ("another than the body has, in Gemini's path", "model-contradicted", ask("/v1beta/models/gemini-2.0-flash:generateContent", permitted)),
        ("another than the body has, in Bedrock's path", "model-contradicted", ask("/model/amazon.nova-pro-v1:0/invoke", permitted)),
        ("another by the name that Bedrock has for it", "model-contradicted", ask("/async-invoke", permitted | {"modelId": "amazon.nova-reel-v1:0"})),
        ("a path that names some model in an unknown way", "model-path-unknown", ask("/models/gpt2", permitted)),
        ("a name that is escaped twice", "path-not-plain", ask("/model/anthropic.claude%252D3/invoke", {})),
        ("a name that is no text", "model-malformed", ask("/model/%ff/invoke", {})),
        ("another in a WebSocket's query", "no-permit", ask("/v1/realtime?model=gpt-realtime", method="GET", headers=websocket)),
        ("the same without what proxies take off", "no-permit", ask("/v1/realtime?model=gpt-realtime", method="GET")),
        ("two in a WebSocket's query", "model-contradicted", ask("/v1/realtime?model=claude-sonnet-4&model=gpt-realtime", method="GET", headers=websocket)),
        ("a decoy in the query of a WebSocket that names its model later", "model-unseen", ask(
            "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent?key=k&model=claude-sonnet-4", method="GET", headers=websocket)),
        ("a decoy in the query of a WebSocket of another interface", "model-unseen", ask("/v1/responses?model=claude-sonnet-4", method="GET", headers=websocket)),
        ("another in the query", "model-contradicted", ask("/v1/chat/completions?model=gpt-4o", permitted)),
        ("another to fall back to", "model-contradicted", ask("/v1/chat/completions", permitted | {"fallbacks": ["gpt-4o"]})),
        ("another to be routed to", "model-contradicted", ask("/api/v1/chat/completions", permitted | {"models": ["claude-sonnet-4", "gpt-4o"]})),
        ("another in a batch", "model-contradicted", ask("/v1/messages/batches", permitted | {"requests": [{"custom_id": "1", "params": {"model": "gpt-4o"}}]})),
        ("a WebSocket without a model", "model-unseen", ask("/ws/live", method="GET", headers=websocket)),
        ("a permitted model in the body of what becomes a WebSocket", "model-unseen", ask("/v1/chat/completions", permitted, headers=websocket)),
        ("a GET that asks to be taken for a POST", "method-unknown", ask(
            "/v1beta/models/gemini-2.0-flash:generateContent", method="GET", headers={"x-http-method-override": "POST"})),
    ]:
        tally.equal(f"{rule} is denied", (answer.status, lynxd.reason(answer)), (403, reason))
    answer = ask("/v1/models", method="GET")
    tally.equal("what is no call of a model is a request to the provider", (answer.allowed, lynxd.record(answer.decision)["action"]), (True, 'Lynx::Action::"sendRequest"'))


def callers(tally, lynxd):
    world = lynxd.world
    refund = tool("refund")

    def ask(token, **fields):
        return lynxd.check("payments.example", token, "/mcp", body=refund, **fields)

    tally.check("a JWT-SVID is taken", ask(world.svid()).allowed)
    partner = {"iss": "https://partner.example", "sub": "partner-planner", "aud": "https://gateway.example", "azp": "partner-app",
               "iat": jose.now(), "exp": jose.now() + 60}
    tally.check("a registered subject of another issuer is taken", ask(jose.token(world.partner, partner)).allowed)
    tally.check("a token for the destination alone is taken", ask(world.svid(audience="https://payments.example")).allowed)
    for rule, token, reason in [
        ("a caller that is not registered is refused", world.svid("agent/unknown"), "unregistered"),
        ("a service account that is not registered is refused", world.service_account("other"), "unregistered"),
        ("a token for another destination is refused", world.svid(audience="https://notes.example"), "audience"),
        ("a token that has ended is refused", world.svid(exp=jose.now() - 120), "expired"),
        ("a token of an unknown issuer is refused", jose.token(world.corporate, world.claims(iss="https://evil.example")), "issuer-unknown"),
    ]:
        answer = ask(token)
        tally.check(rule, not answer.allowed and lynxd.reason(answer) == reason, (answer, lynxd.reason(answer)))
    answer = ask(None)
    tally.equal("without credentials the answer is 401", (answer.code, answer.status, lynxd.reason(answer)), (16, 401, "credentials-absent"))
    tally.check("and asks for some", answer.denied_headers["www-authenticate"].startswith("Bearer"))
    answer = ask(world.svid() + ", Bearer " + world.svid())
    tally.check("two credentials in one header are refused", not answer.allowed, answer)
    answer = ask(None, headers={"authorization": "Basic YTpi"})
    tally.equal("another scheme is refused", lynxd.reason(answer), "credentials-scheme")

    answer = ask(None, principal="spiffe://example.org/agent/planner")
    tally.equal("over an open channel nobody is believed about certificates", lynxd.reason(answer), "credentials-absent")
    with grpc.insecure_channel(f"unix:{world.folder}/check.sock") as channel:
        answer = ask(None, principal="spiffe://example.org/agent/planner", channel=channel)
        tally.check("over a unix socket the gateway is believed", answer.allowed, answer)
        tally.equal("and the record says how we know", lynxd.record(answer.decision)["authn"]["method"], "x509-svid")
        answer = ask(world.svid("agent/researcher"), principal="spiffe://example.org/agent/planner", channel=channel)
        tally.equal("a token of another caller than the certificate's is refused", lynxd.reason(answer), "token-of-another-caller")
        answer = ask(None, principal="spiffe://example.org/agent/planner/../researcher", channel=channel)
        tally.equal("a SPIFFE id that is not plain is refused", lynxd.reason(answer), "spiffe-id-malformed")


def mutual(tally, lynxd):
    """Gateways that show a certificate."""
    world = lynxd.world

    def ask(pair, authority=None):
        key, certificate = pair or (None, None)
        credentials = grpc.ssl_channel_credentials((authority or world.authority).pem, key, certificate)
        with grpc.secure_channel(f"localhost:{world.ports['mtls']}", credentials) as channel:
            return lynxd.check("payments.example", None, "/mcp", body=tool("refund"), principal="spiffe://example.org/agent/planner", channel=channel)

    def refused(rule, pair, codes, authority=None):
        try:
            answer = ask(pair, authority)
            tally.check(rule, False, answer)
        except grpc.RpcError as error:
            tally.check(rule, error.code() in codes, error.code())

    answer = ask(world.authority.issue(spiffe("gateway")))
    tally.check("the gateway that is configured is believed", answer.allowed, (answer, lynxd.reason(answer)))
    answered, unconnected = [grpc.StatusCode.PERMISSION_DENIED], [grpc.StatusCode.UNAVAILABLE]
    refused("another workload is not answered", world.authority.issue(spiffe("agent/planner")), answered)
    refused("one with two names is not", world.authority.issue(spiffe("gateway"), spiffe("agent/planner")), answered)
    refused("one that may sign others is not", world.authority.issue(spiffe("gateway"), authority=True), answered)
    refused("one without SPIFFE id is not", world.authority.issue(x509_name()), answered)
    refused("one of another authority does not get in", Authority("mesh").issue(spiffe("gateway")), unconnected)
    refused("nor one without certificate", None, unconnected)
    refused("and we show one that others refuse", world.authority.issue(spiffe("gateway")), unconnected, Authority("other"))


def x509_name():
    from cryptography import x509

    return x509.DNSName("gateway.example")


def traps(tally, lynxd):
    """What goes wrong between a gateway and an authorization server."""
    planner = lynxd.world.service_account()

    def denied(rule, reason, answer):
        tally.check(rule, answer.has_status and not answer.allowed and lynxd.reason(answer) == reason, (answer, lynxd.reason(answer)))

    def ask(body=None, host="payments.example", path="/mcp", **fields):
        return lynxd.check(host, planner, path, body=body, **fields)

    refund = tool("refund")
    denied("a body that was cut off is denied", "body-truncated", ask(refund, http={"size": -1}))
    denied("a body that is shorter than its size is denied", "body-truncated", ask(refund, http={"size": 10_000}))
    denied("a body that was not sent is denied", "body-absent", ask(None))
    denied("a body in an encoding is denied", "body-encoded", ask(refund, headers={"content-encoding": "gzip"}))
    for kind in ["application/json; charset=utf-7", "application/json;charset=utf-8;charset=utf-16", "text/plain", "application/x-www-form-urlencoded",
                 "application/json, text/plain", "application/json; charset*=utf-7''x", 'application/json; x="; charset=utf-7"']:
        denied(f"a body of the type {kind!r} is denied", "body-encoded", ask(refund, headers={"content-type": kind}))
    for kind in ["application/json; charset=UTF-8", 'application/json;charset="utf-8"', "application/vnd.x+json", ""]:
        tally.check(f"one of the type {kind!r} is not", ask(refund, headers={"content-type": kind}).allowed)
    answer = lynxd.check("payments.example", None, "/mcp", body=refund, http={"headers": {}, "header_map": header_map(
        ("content-type", "application/json"), ("content-type", "application/json"), ("authorization", "Bearer " + planner))})
    denied("a body with two types is denied", "body-encoded", answer)
    denied("a body that Envoy has cut off is denied", "body-truncated", ask(refund, headers={"x-envoy-auth-partial-body": "true"}))
    tally.check("one that it has not is not", ask(refund, headers={"x-envoy-auth-partial-body": "false"}).allowed)
    denied("a batch is denied", "batch", ask([refund, refund]))
    denied("a name that occurs twice is denied", "body-malformed", ask('{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}'))
    denied("a name in other letters is denied", "body-malformed", ask('{"jsonrpc":"2.0","id":1,"Method":"tools/call","method":"ping"}'))
    denied("a tool's name in other letters is denied", "body-malformed",
           ask('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund","Name":"transfer"}}'))
    # Go's encoding/json folds U+017F to s (bytes.EqualFold).
    denied("a name in letters that only some readers fold is denied", "body-malformed",
           ask('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund"},"param\u017f":{"name":"transfer"}}'))
    denied("a text behind the body is denied", "body-malformed", ask(json.dumps(refund) + json.dumps(refund)))
    denied("a deep body is denied", "body-malformed", ask('{"a":' + "[" * 5000 + "]" * 5000 + "}"))
    denied("a method that is not known is denied", "method-unknown", ask(rpc("tools/callAll", {})))
    denied("a tool without name is denied", "parameters-malformed", ask(rpc("tools/call", {"arguments": {}})))
    denied("a tool with a name that no record should have is denied", "name-too-long", ask(tool("x" * 513)))
    denied("one that is as long as names may be is asked about", "no-permit", ask(tool("x" * 512)))
    denied("a model with a name that no record should have is denied", "name-too-long", ask({"model": "x" * 513}, host="llm.example", path="/v1"))
    denied("arguments that are a list are denied", "parameters-malformed", ask(rpc("tools/call", {"name": "refund", "arguments": [1]})))
    denied("another version of JSON-RPC is denied", "body-malformed", ask(refund | {"jsonrpc": "1.0"}))
    denied("a model's name that occurs twice is denied", "body-malformed", ask('{"model":"claude-sonnet-4","model":"x"}', host="llm.example", path="/v1"))
    denied("a call without a model is denied", "model-missing", ask("{}", host="llm.example", path="/v1"))
    denied("another HTTP method is denied", "method-unknown", ask(refund, method="PATCH"))
    denied("an unknown host is denied", "destination-unknown", ask(refund, host="evil.example"))
    denied("another path is denied", "destination-unknown", ask(refund, path="/mcpx"))
    for path in ["/mcp/../admin", "/mcp//x", "/mcp/%2e%2e/x", "/mcp/..;/x", "/mcp\\x", "/mcp/%2Fx", "/mcp/a b", "mcp", "/mcp/%zz",
                 "/%6dcp", "/mcp/%7Ex", "/mcp%3Fx", "/mcp%23x", "/mcp;v=1"]:
        denied(f"the path {path!r} is denied", "path-not-plain", ask(refund, path=path))
    tally.check("a host with a port and in capitals is the same", ask(refund, host="Payments.Example:8443").allowed)

    empty = lynxd.raw(b"")
    answer = Answer(empty)
    tally.check("an empty question is denied", answer.has_status and not answer.allowed, answer)
    answer = lynxd.check("payments.example", planner, "/mcp", body=refund, http={"headers": {}})
    denied("a question without headers is denied", "headers-absent", answer)
    answer = lynxd.check("payments.example", None, "/mcp", body=refund, http={"headers": {}, "header_map": header_map(
        ("content-type", "application/json"), ("authorization", "Bearer " + planner))})
    tally.check("headers as they came are read", answer.allowed, answer)
    answer = lynxd.check("payments.example", None, "/mcp", body=refund, http={"headers": {}, "header_map": header_map(
        ("authorization", "Bearer " + planner), ("Authorization", "Bearer " + planner))})
    denied("a credential that is there twice is denied", "credentials-repeated", answer)
    answer = lynxd.check("payments.example", planner, "/mcp", http={"raw_body": json.dumps(refund).encode(), "body": "", "size": len(json.dumps(refund))})
    tally.check("a body in bytes is read", answer.allowed, answer)
    answer = lynxd.check("other.example", planner, "/mcp", body=refund, context_extensions={"lynx.destination": "payments"})
    tally.check("the gateway's configuration may name the destination", answer.allowed, answer)
    answer = lynxd.check("payments.example", planner, "/mcp", body=refund, context_extensions={"lynx.destination": "nowhere"})
    denied("a destination that is not there is denied", "destination-unknown", answer)
    answer = lynxd.check("payments.example", planner, "/mcp", body=refund, http={"headers": {}, "header_map": HeaderMap(headers=[
        HeaderValue(key="content-type", value="application/json"), HeaderValue(key="authorization", value="Bearer " + planner),
        HeaderValue(key="x-name", raw_value=b"caf\xe9")])})
    denied("a header that is no text is denied", "header-not-text", answer)
    for name, message in [("a broken tag", b"\xff"), ("a length beyond the end", b"\x0a\xff\x7f"), ("a group", b"\x0b\x0c"),
                          ("text that is no UTF-8", b"\x0a\x09\x22\x07\x12\x05\x12\x03\xff\xfe\xfd")]:
        answer = Answer(lynxd.raw(message))
        denied(f"{name} is denied", "question-malformed", answer)
        tally.equal(f"{name} has the status of a denial", (answer.code, answer.status), (7, 403))

    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = ask(refund, headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    tally.equal("the trace goes on in the record", lynxd.record(answer.decision)["trace"], trace)
    out = answer.set["traceparent"][0].split("-")
    tally.check("and to the upstream, with a parent of its own", out[1] == trace and out[2] != "b7ad6b7169203331" and out[3] == "01", out)
