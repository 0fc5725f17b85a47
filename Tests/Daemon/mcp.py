"""agentgateway's ExtMcp, asked with messages that protobuf itself makes of their definition."""

import json

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

import jose

PACKAGE = "agentgateway.dev.ext_mcp"
FIELD = descriptor_pb2.FieldDescriptorProto


def definition():
    """crates/protos/proto/ext_mcp.proto of agentgateway 1.4: names, numbers and types."""
    file = descriptor_pb2.FileDescriptorProto(name="test_ext_mcp.proto", package=PACKAGE, syntax="proto3", dependency=["google/protobuf/struct.proto"])

    def message(name, *fields):
        declared = file.message_type.add(name=name)
        for number, field, kind, *more in fields:
            added = declared.field.add(name=field, number=number, label=FIELD.LABEL_REPEATED if "repeated" in more else FIELD.LABEL_OPTIONAL)
            if isinstance(kind, str):
                added.type, added.type_name = FIELD.TYPE_MESSAGE, kind
            else:
                added.type = kind
            if "result" in more:
                added.oneof_index = 0
        if any("result" in more for _, _, _, *more in fields):
            declared.oneof_decl.add(name="result")

    own, struct = f".{PACKAGE}.", ".google.protobuf.Struct"
    message("McpHeader", (1, "key", FIELD.TYPE_STRING), (2, "value", FIELD.TYPE_BYTES))
    message("Pass")
    message("AuthorizationError", (1, "code", FIELD.TYPE_INT32), (2, "reason", FIELD.TYPE_STRING), (3, "mcp_error", FIELD.TYPE_BYTES))
    message("HeaderMutation", (1, "set", own + "McpHeader", "repeated"), (2, "remove", FIELD.TYPE_STRING, "repeated"))
    common = [(1, "service_names", FIELD.TYPE_STRING, "repeated"), (2, "method", FIELD.TYPE_STRING), (3, "metadata_context", struct)]
    message("McpRequest", *common, (4, "mcp_request", FIELD.TYPE_BYTES), (5, "headers", own + "McpHeader", "repeated"))
    message("McpResponse", *common, (4, "mcp_response", FIELD.TYPE_BYTES))
    outcome = [(1, "pass", own + "Pass", "result"), (2, "mutated", FIELD.TYPE_BYTES, "result"), (3, "error", own + "AuthorizationError", "result")]
    message("McpRequestResult", *outcome, (4, "header_mutation", own + "HeaderMutation"), (5, "metadata", struct))
    message("McpResponseResult", *outcome)
    return file


POOL = descriptor_pool.DescriptorPool()
POOL.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
POOL.Add(definition())
MESSAGES = {name: message_factory.GetMessageClass(POOL.FindMessageTypeByName(f"{PACKAGE}.{name}")) for name in [
    "McpRequest", "McpResponse", "McpRequestResult", "McpResponseResult"]}


class Gateway:
    """Asks as agentgateway does."""

    def __init__(self, lynxd, channel=None):
        self.lynxd, self.channel = lynxd, channel or lynxd.channel

    def call(self, method, question, answer):
        ask = self.channel.unary_unary(
            f"/{PACKAGE}.ExtMcp/{method}", request_serializer=lambda value: value, response_deserializer=MESSAGES[answer].FromString)
        return ask(question, timeout=10)

    def request(self, services, method, parameters=None, token=None, metadata=None, headers=None):
        question = MESSAGES["McpRequest"](service_names=services if isinstance(services, list) else [services], method=method)
        if parameters is not None:
            question.mcp_request = parameters if isinstance(parameters, bytes) else json.dumps(parameters).encode()
        # Names of headers come in lower case, those with a colon first.
        fields = {":method": "POST", ":authority": "gateway.example", ":path": "/mcp", "content-type": "application/json"} | (headers or {})
        if token:
            fields["authorization"] = "Bearer " + token
        for key, value in fields.items():
            question.headers.add(key=key, value=value.encode())
        question.metadata_context.update(metadata or {})
        return self.call("CheckRequest", question.SerializeToString(), "McpRequestResult")

    def response(self, services, method, result, metadata=None):
        question = MESSAGES["McpResponse"](service_names=services if isinstance(services, list) else [services], method=method)
        question.mcp_response = result if isinstance(result, bytes) else json.dumps(result).encode()
        question.metadata_context.update(metadata or {})
        return self.call("CheckResponse", question.SerializeToString(), "McpResponseResult")


def applied(answer, headers):
    """What agentgateway makes of the headers: it sets first, and removes then."""
    headers = dict(headers)
    for header in answer.header_mutation.set:
        headers[header.key] = header.value.decode()
    for name in answer.header_mutation.remove:
        headers.pop(name, None)
    return headers


def tools(*names, **more):
    return {"tools": [{"name": name, "inputSchema": {"type": "object"}, "x-number": 1.50} for name in names]} | more


def kept(answer):
    return [tool["name"] for tool in json.loads(answer.mutated)["tools"]]


def mcp(tally, lynxd):
    world, gateway = lynxd.world, Gateway(lynxd)
    planner, alice = world.service_account(), world.user()
    bearer = {"authorization": "Bearer " + planner}

    def kind(answer):
        return answer.WhichOneof("result")

    def last():
        return json.loads(lynxd.audit.read_text().splitlines()[-1])

    # Messages.
    answer = gateway.request("payments", "tools/call", {"name": "refund", "arguments": {"amount": 5}, "_meta": {"progressToken": 1}}, planner)
    tally.equal("a tool that a policy permits passes", kind(answer), "pass")
    headers = applied(answer, bearer)
    credential = headers["authorization"].removeprefix("Bearer ")
    claims = jose.verify(credential, lynxd.get("/jwks").json())
    tally.equal("with a credential for the one server in place of the caller's", (claims["aud"], credential != planner), ("https://payments.example", True))
    tally.check("and a trace", headers["traceparent"].startswith("00-"))
    record = last()
    tally.equal("the record names caller, tool and entrance", (record["principal"], record["resource"], record["entrance"]), (
        'Lynx::Agent::"planner"', 'Lynx::Tool::"payments/refund"', "ext_mcp"))
    tally.equal("the gateway is told the number of the decision", answer.metadata.fields["decision_id"].string_value, record["id"])
    answer = gateway.request("notes", "tools/call", {"name": "write"}, planner)
    tally.equal("a server that wants no credential gets none", (kind(answer), "authorization" in applied(answer, bearer)), ("pass", False))
    tally.equal("tools have the names that the server gives them", last()["resource"], 'Lynx::Tool::"notes/write"')
    tally.equal("and the record names server and tool", last()["target"], {"server": "notes", "tool": "write"})
    tally.equal("prompts too", (kind(gateway.request("notes", "prompts/get", {"name": "daily"}, planner)), last()["target"]), (
        "pass", {"server": "notes", "prompt": "daily"}))

    def denied(rule, answer, reason, code=-32003):
        error = json.loads(answer.error.mcp_error) if kind(answer) == "error" else {}
        seen = (kind(answer), error.get("code"), last().get("reason"))
        tally.equal(rule, seen, ("error", code, reason))
        tally.check(f"{rule}: it has its number, and no mutation", error.get("data", {}).get("decision_id") == last()["id"], error)
        return error

    answer = gateway.request("payments", "tools/call", {"name": "transfer"}, planner)
    denied("a tool that no policy permits is denied, as an error of JSON-RPC", answer, "no-permit")
    tally.equal("with the code of the protocol", (answer.error.code, answer.error.reason), (1, "forbidden"))
    answer = gateway.request("notes", "tools/call", {"name": "secrets"}, planner)
    tally.equal("a policy's message is told", denied("a forbid wins", answer, "forbidden")["message"], "secrets are not for agents")
    unauthenticated = -32001
    denied("without credentials nothing passes", gateway.request("payments", "tools/call", {"name": "refund"}), "credentials-absent", unauthenticated)
    denied("a token that has ended is refused", gateway.request(
        "payments", "tools/call", {"name": "refund"}, world.service_account(exp=jose.now() - 100)), "expired", unauthenticated)
    denied("two credentials that differ are refused", gateway.request(
        "payments", "tools/call", {"name": "refund"}, planner, {"authorization": "Bearer " + alice}), "credentials-repeated", unauthenticated)
    tally.equal("the same said twice is one", kind(gateway.request("payments", "tools/call", {"name": "refund"}, planner, bearer)), "pass")
    for rule, parameters, reason in [
        ("parameters that are no JSON", b"{", "body-malformed"),
        ("parameters behind which there is more", b'{"name":"refund"},"method":"ping"', "body-malformed"),
        ("a name that occurs twice", b'{"name":"refund","name":"transfer"}', "body-malformed"),
        ("a name in other letters", b'{"name":"refund","Name":"transfer"}', "body-malformed"),
        ("parameters that are a list", b"[]", "parameters-malformed"),
        ("parameters of two megabytes", b'{"name":"refund","arguments":{"a":"' + b"x" * (2 << 20) + b'"}}', "body-truncated"),
        ("a tool call without parameters", None, "parameters-malformed"),
    ]:
        denied(f"{rule}: denied", gateway.request("payments", "tools/call", parameters, planner), reason)
    denied("a server that is not known is denied", gateway.request("evil", "tools/call", {"name": "refund"}, planner), "destination-unknown")
    denied("no server is denied", gateway.request([], "tools/list", None, planner), "destination-unknown")
    denied("what is no server of MCP is denied", gateway.request("web", "tools/call", {"name": "refund"}, alice), "destination-not-mcp")
    denied("a method that is not known is denied", gateway.request("payments", "tools/callAll", {}, planner), "method-unknown")
    for method in ["initialize", "ping", "notifications/initialized"]:
        tally.equal(f"{method} passes", kind(gateway.request(["payments", "notes"], method, None, planner)), "pass")
    denied("what goes to several must be permitted at each", gateway.request(["notes", "payments"], "prompts/list", None, planner), "no-permit")
    for method, result in [("CheckRequest", "McpRequestResult"), ("CheckResponse", "McpResponseResult")]:
        denied(f"{method}: what is no message of the protocol is denied", gateway.call(method, b"\x0a\xff", result), "question-malformed")

    # Lists.
    answer = gateway.request(["payments", "notes"], "tools/list", None, planner)
    tally.equal("a list may be asked for", kind(answer), "pass")
    tally.check("servers of which several are asked get no credential", "authorization" not in applied(answer, bearer), answer)
    metadata = {"authorization": answer.metadata.fields["authorization"].string_value}
    listed = tools("refund", "transfer", "lookup", nextCursor="abc", _meta={"a": [1, 2.50, None]})
    answer = gateway.response("payments", "tools/list", listed, metadata)
    tally.equal("a list is cut down to what the caller may call", kept(answer), ["refund"])
    tally.equal("and what stays is as it was", json.loads(answer.mutated), listed | {"tools": listed["tools"][:1]})
    record = last()
    tally.equal("the record says how many", (record["action"], record["detail"], record["principal"]), (
        'Lynx::Action::"listTools"', "1 of 3 listed", 'Lynx::Agent::"planner"'))
    tally.equal("somebody else may call nothing", kept(gateway.response("payments", "tools/list", listed, {"authorization": "Bearer " + alice})), [])
    tally.equal("a list of what all may be called passes", kind(gateway.response("payments", "tools/list", tools("refund"), metadata)), "pass")
    tally.equal("an empty list passes", kind(gateway.response("payments", "tools/list", tools(), metadata)), "pass")
    gathered = tools("payments_refund", "payments_transfer", "notes_write", "notes_secrets", "refund", "web_x", "notes_", "payments_notes_write")
    tally.equal("a list that is gathered from several is decided by server", kept(
        gateway.response(["payments", "notes"], "tools/list", gathered, metadata)), ["payments_refund", "notes_write"])
    tally.equal("a server that is not known has nothing listed", kept(
        gateway.response(["payments", "evil"], "tools/list", tools("payments_refund", "evil_refund"), metadata)), ["payments_refund"])
    denied("a list without a caller is denied", gateway.response("payments", "tools/list", listed), "credentials-absent", unauthenticated)
    denied("and one with a forged caller", gateway.response(
        "payments", "tools/list", listed, {"authorization": "Bearer " + jose.token(world.stranger, world.claims())}), "key-unknown", unauthenticated)
    for rule, result in [
        ("no JSON", b"{"), ("no list", b'{"tools":{}}'), ("nothing", b""), ("another list", b'{"prompts":[]}'), ("a list of texts", b'{"tools":["refund"]}'),
        ("a tool without name", b'{"tools":[{"title":"refund"}]}'), ("a name that occurs twice", b'{"tools":[{"name":"refund","name":"transfer"}]}'),
        ("a list in other letters", b'{"tools":[],"Tools":[{"name":"transfer"}]}'), ("a deep list", b'{"tools":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    ]:
        denied(f"a result that is {rule} is denied", gateway.response("payments", "tools/list", result, metadata), "body-malformed")
    for rule, result in [
        ("10,001 tools", json.dumps({"tools": [{"name": "refund"}] * 10_001}).encode()), ("two megabytes", json.dumps(tools("x" * (2 << 20))).encode()),
    ]:
        denied(f"a list of {rule} is denied as too long", gateway.response("payments", "tools/list", result, metadata), "list-too-long")
    many = gateway.response("payments", "tools/list", tools(*(f"tool{index}" for index in range(1000)), "refund"), metadata)
    tally.equal("one of many is found", kept(many), ["refund"])
    prompts = {"prompts": [{"name": "daily"}]}
    tally.equal("prompts of a permitted server pass", kind(gateway.response("notes", "prompts/list", prompts, metadata)), "pass")
    denied("those of another are denied", gateway.response("payments", "prompts/list", prompts, metadata), "no-permit")
    templates = {"resourceTemplates": [{"uriTemplate": "file:///{path}", "name": "files"}]}
    tally.equal("templates of a permitted server pass", kind(gateway.response("notes", "resources/templates/list", templates, metadata)), "pass")
    gathered = {"resources": [{"uri": "notes+file:///a", "name": "a"}, {"uri": "payments+file:///b", "name": "b"}]}
    answer = gateway.response(["notes", "payments"], "resources/list", gathered, metadata)
    tally.equal("resources are decided by server too", json.loads(answer.mutated)["resources"], gathered["resources"][:1])
    tally.equal("the result of a call that was decided passes", kind(gateway.response("payments", "tools/call", {"content": []})), "pass")
    denied("what was not decided before is denied afterwards", gateway.response("notes", "resources/subscribe", {}, metadata), "parameters-malformed")
    tally.equal("unless policies permit it", kind(gateway.response("notes", "completion/complete", {}, metadata)), "pass")

    # Certificates.
    certified = {"spiffe_id": "spiffe://example.org/agent/planner"}
    denied("over an open channel nobody is believed about certificates", gateway.request(
        "payments", "tools/call", {"name": "refund"}, None, certified), "credentials-absent", unauthenticated)
    with grpc.insecure_channel(f"unix:{world.folder}/check.sock") as channel:
        trusted = Gateway(lynxd, channel)
        tally.equal("over a unix socket the gateway is believed", kind(trusted.request("payments", "tools/call", {"name": "refund"}, None, certified)), "pass")
        tally.equal("about lists too", kept(trusted.response("payments", "tools/list", listed, certified)), ["refund"])
    tally.check("no record holds a token", planner not in lynxd.audit.read_text() and credential not in lynxd.audit.read_text())
