"""lynxd as a process, with a world of issuers, agents and destinations around it."""

import copy
import hashlib
import json
import os
import pathlib
import signal
import subprocess
import time

import grpc
import requests
from envoy_data_plane.envoy.config.core.v3 import Address, HeaderMap, HeaderValue, SocketAddress
from envoy_data_plane.envoy.service.auth import v3 as auth

import jose
from certificates import Authority, loopback
from servers import ClusterServer, IssuerServer, free_port

CHECK = "/envoy.service.auth.v3.Authorization/Check"

POLICIES = """
@id("sessions") permit (principal, action in [Lynx::Action::"openSession", Lynx::Action::"listTools"], resource);
@id("planner-notes") permit (principal == Lynx::Agent::"planner", action in Lynx::Action::"mcp", resource in Lynx::MCPServer::"notes");
@id("planner-refunds") permit (principal == Lynx::Agent::"planner", action == Lynx::Action::"callTool", resource == Lynx::Tool::"payments/refund");
@id("researcher-lookups") permit (principal == Lynx::Agent::"researcher", action == Lynx::Action::"callTool", resource == Lynx::Tool::"payments/lookup")
when { context has user && context.user == Lynx::User::"corporate|alice" && context.user in Lynx::Group::"corporate|staff" && context.depth == 2 };
@id("models") permit (principal, action == Lynx::Action::"invokeModel", resource == Lynx::Model::"anthropic/claude-sonnet-4");
@id("path-models") permit (principal, action == Lynx::Action::"invokeModel", resource == Lynx::Model::"anthropic/anthropic.claude-3-haiku-20240307-v1:0");
@id("provider-pages") permit (principal, action == Lynx::Action::"sendRequest", resource == Lynx::LLMProvider::"anthropic");
@id("planner-asks-researcher") permit (principal == Lynx::Agent::"planner", action == Lynx::Action::"sendMessage", resource == Lynx::Agent::"researcher");
@id("web-readers") permit (principal, action == Lynx::Action::"sendRequest", resource == Lynx::Service::"web")
when { context has http && context.http.method == "GET" };
@id("plain-readers") permit (principal, action == Lynx::Action::"sendRequest", resource == Lynx::Service::"plain")
when { context has http && context.http.method == "GET" };
@id("staff-writes") permit (principal in Lynx::Group::"corporate|staff", action == Lynx::Action::"sendRequest", resource == Lynx::Service::"web");
@id("no-secrets") @message("secrets are not for agents")
forbid (principal, action == Lynx::Action::"callTool", resource == Lynx::Tool::"notes/secrets");
@id("exchange") permit (principal, action == Lynx::Action::"exchangeToken", resource)
when { context has user && context.scopes.contains("tools") };
@id("no-contractors") forbid (principal, action == Lynx::Action::"exchangeToken", resource)
when { context has user && context.user.hasTag("employment") && context.user.getTag("employment") == "contractor" };
@id("nightly") permit (principal == Lynx::Service::"nightly", action == Lynx::Action::"exchangeToken", resource == Lynx::MCPServer::"notes");
@id("no-web-tokens") forbid (principal, action == Lynx::Action::"exchangeToken", resource == Lynx::Service::"web");
"""

SHADOW = """
@id("shadow-nothing") permit (principal == Lynx::Agent::"nobody", action, resource);
"""


class World:
    """Keys, files and ports, before the daemon is started."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.corporate = jose.Key("RS256", "corporate-1")
        self.corporate_ec = jose.Key("ES256", "corporate-2")
        self.partner = jose.Key("ES256", "partner-1")
        self.partner_same_kid = jose.Key("RS256", "corporate-3")
        self.cluster = jose.Key("RS256", "cluster-1")
        self.mesh = jose.Key("ES256", "mesh-1", use="jwt-svid")
        self.researcher = jose.Key("ES256", "researcher-1")
        self.stranger = jose.Key("ES256", "stranger-1")
        self.idp = IssuerServer(jose.jwks(self.corporate, self.corporate_ec))
        self.api = ClusterServer("lynxd-own-token")
        self.ports = World.free_ports()
        self.authority = Authority("mesh")
        self.abroad = Authority("abroad")
        self.secret = "a-long-and-random-secret-of-the-planner"
        self.write()

    @staticmethod
    def free_ports():
        return {name: free_port() for name in ["grpc", "mtls", "nginx", "caddy", "original", "tokens", "operation", "callers", "certified", "unseen"]}

    def beside(self, folder):
        """The same keys and issuers, with a folder and ports for another daemon."""
        other = copy.copy(self)
        other.folder, other.ports = pathlib.Path(folder), World.free_ports()
        other.folder.mkdir()
        other.write()
        return other

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.ports['tokens']}"

    def write(self):
        self.file("policies.cedar", POLICIES)
        self.file("shadow.cedar", SHADOW)
        self.file("entities.json", "[]")
        self.file("partner.json", json.dumps(jose.jwks(self.partner, self.partner_same_kid)))
        self.file("cluster.json", json.dumps(jose.jwks(self.cluster)))
        self.file("mesh.json", json.dumps(jose.jwks(self.mesh)))
        self.file("researcher.json", json.dumps(jose.jwks(self.researcher)))
        key, certificate = self.authority.issue(*loopback())
        self.file("server.key", key.decode())
        self.file("server.pem", certificate.decode())
        self.file("authority.pem", self.authority.pem.decode())
        self.file("abroad.pem", self.abroad.pem.decode())
        self.file("api-token", self.api.bearer + "\n")
        self.file("lynxd.yaml", self.configuration())

    def file(self, name, text):
        # As editors do it: never there in part.
        temporary = self.folder / (name + ".new")
        temporary.write_text(text)
        temporary.replace(self.folder / name)

    def configuration(self):
        ports = self.ports
        return f"""
issuer: {self.issuer}
listen:
  - grpc: 127.0.0.1:{ports['grpc']}
  - grpc: unix:check.sock
  - grpc: 127.0.0.1:{ports['mtls']}
    tls: {{certificate: server.pem, key: server.key, clients: authority.pem, gateways: "spiffe://example.org/gateway"}}
  - http: 127.0.0.1:{ports['nginx']}
    gateway: nginx
  - http: 127.0.0.1:{ports['caddy']}
    gateway: caddy
  - http: 127.0.0.1:{ports['original']}
    headers: all
  - http: 127.0.0.1:{ports['unseen']}
  - tokens: 127.0.0.1:{ports['tokens']}
  - operation: 127.0.0.1:{ports['operation']}
  - http: 127.0.0.1:{ports['callers']}
    headers: all
    tls: {{certificate: server.pem, key: server.key, svids: true, gateways: "spiffe://example.org/gateway"}}
  - tokens: 127.0.0.1:{ports['certified']}
    tls: {{certificate: server.pem, key: server.key, svids: true}}
keys: {{folder: keys, algorithm: ES256}}
audit: {{file: audit.jsonl, sync: always}}
policies: [policies.cedar]
shadow: shadow.cedar
entities: entities.json
decisions:
  audiences: [https://gateway.example]
issuers:
  - name: corporate
    issuer: {self.idp.issuer}
    keys: discovery
    algorithms: [RS256, ES256, PS256]
    users: true
    groups: groups
  - name: partner
    issuer: https://partner.example
    keys: {{file: partner.json}}
    algorithms: [ES256, RS256]
    accepted-for: decision
    authorized-parties: [partner-app]
    maximum-lifetime: 1h
  - name: cluster
    profile: kubernetes
    issuer: https://kubernetes.default.svc
    keys: {{file: cluster.json}}
  - name: reviewed
    profile: kubernetes
    issuer: https://reviewed.example
    keys: {{file: cluster.json}}
    token-file: api-token
    token-review: {{server: "http://127.0.0.1:{self.api.port}", cache: 6s}}
  - name: mesh
    profile: spiffe
    trust-domain: example.org
    keys: {{file: mesh.json}}
    certificates: authority.pem
  - name: abroad
    profile: spiffe
    trust-domain: abroad.example
    keys: {{file: mesh.json}}
    certificates: abroad.pem
registrations:
  - agent: planner
    identities:
      - {{issuer: cluster, subject: "system:serviceaccount:agents:planner"}}
      - {{issuer: reviewed, subject: "system:serviceaccount:agents:planner"}}
      - {{issuer: partner, subject: partner-planner}}
      - spiffe: spiffe://example.org/agent/planner
    audiences: [https://planner.example]
    client: {{id: planner, secret-sha256: {hashlib.sha256(self.secret.encode()).hexdigest()}}}
  - agent: researcher
    identities:
      - spiffe: spiffe://example.org/agent/researcher
    audiences: [https://researcher.example]
    client: {{id: researcher, keys: researcher.json}}
  - service: nightly
    identities:
      - spiffe: spiffe://example.org/service/nightly
      - spiffe: spiffe://abroad.example/service/nightly
    client: {{id: nightly, spiffe: true}}
destinations:
  - {{name: payments, kind: mcp, hosts: [payments.example], path: /mcp, audience: "https://payments.example"}}
  - {{name: notes, kind: mcp, hosts: notes.example, audience: "https://notes.example", credential: strip, tool-prefix: notes_, resource-prefix: notes+}}
  - {{name: anthropic, kind: llm, hosts: llm.example, audience: "https://llm.example", scopes: [tools]}}
  - {{name: researcher, kind: a2a, hosts: researcher.example, audience: "https://researcher.example"}}
  - {{name: planner, kind: a2a, hosts: planner.example, audience: "https://planner.example"}}
  - {{name: web, kind: http, hosts: web.example, audience: "https://web.example"}}
  - {{name: plain, kind: http, hosts: plain.example, audience: "https://plain.example", credential: strip}}
"""

    # Tokens of the issuers.

    def claims(self, **changes):
        """Of alice, for the gateway."""
        claims = {"iss": self.idp.issuer, "sub": "alice", "aud": "https://gateway.example", "iat": jose.now() - 5, "exp": jose.now() + 300,
                  "scope": "tools read", "jti": os.urandom(8).hex(), "groups": ["staff"]}
        return claims | changes

    def user(self, **changes):
        return jose.token(self.corporate, self.claims(**changes))

    def service_account(self, name="planner", **changes):
        claims = {"iss": "https://kubernetes.default.svc", "sub": f"system:serviceaccount:agents:{name}", "aud": ["https://gateway.example"],
                  "iat": jose.now() - 5, "nbf": jose.now() - 5, "exp": jose.now() + 600,
                  "kubernetes.io": {"namespace": "agents", "serviceaccount": {"name": name, "uid": "1"}, "pod": {"name": "p", "uid": "2"}}}
        return jose.token(self.cluster, claims | changes, {"typ": None})

    def svid(self, path="agent/planner", audience="https://gateway.example", **changes):
        claims = {"sub": f"spiffe://example.org/{path}", "aud": [audience], "exp": jose.now() + 300, "iat": jose.now()}
        return jose.token(self.mesh, claims | changes, {"typ": "JWT"})


class Daemon:
    """A running lynxd."""

    def __init__(self, binary, world):
        self.binary, self.world = binary, world
        self.audit = world.folder / "audit.jsonl"
        self.log = open(world.folder / "log.txt", "ab")
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.binary, "run", str(self.world.folder / "lynxd.yaml")], stderr=self.log, stdout=self.log)
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.world.ports['grpc']}")
        deadline = time.time() + 30
        while True:
            try:
                if requests.get(f"http://127.0.0.1:{self.world.ports['operation']}/readyz", timeout=2).status_code == 200:
                    grpc.channel_ready_future(self.channel).result(timeout=10)
                    return
            except requests.RequestException:
                pass
            if self.process.poll() is not None or time.time() > deadline:
                raise RuntimeError("lynxd does not start: " + (self.world.folder / "log.txt").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self, how=signal.SIGTERM):
        self.channel.close()
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    # Questions.

    def check(self, host, token=None, path="/", method="POST", body=None, headers=None, channel=None, **fields):
        """Asks as Envoy does. A body that is no text is sent as JSON."""
        text = body if isinstance(body, (str, type(None))) else json.dumps(body)
        all_headers = {":method": method, ":authority": host, ":path": path, "content-type": "application/json"} | (headers or {})
        if token is not None:
            all_headers["authorization"] = "Bearer " + token
        http = auth.AttributeContextHttpRequest(
            **({"method": method, "host": host, "path": path, "headers": all_headers, "body": text or "", "size": len(text or "")} | fields.pop("http", {})))
        context = auth.AttributeContext(
            request=auth.AttributeContextRequest(http=http),
            source=auth.AttributeContextPeer(
                address=Address(socket_address=SocketAddress(address="10.1.2.3", port_value=4711)), principal=fields.pop("principal", ""),
                certificate=fields.pop("certificate", "")),
            **fields)
        return Answer(self.raw(bytes(auth.CheckRequest(attributes=context)), channel))

    def raw(self, message, channel=None):
        call = (channel or self.channel).unary_unary(CHECK, request_serializer=lambda value: value, response_deserializer=lambda value: value)
        return call(message, timeout=10)

    def record(self, decision):
        """The record of a decision. It was written before we were answered."""
        for line in reversed(self.audit.read_text().splitlines()):
            record = json.loads(line)
            if record["id"] == decision:
                return record
        return {}

    def reason(self, answer):
        return self.record(answer.decision).get("reason")

    def get(self, path, listener="tokens"):
        return requests.get(f"http://127.0.0.1:{self.world.ports[listener]}{path}", timeout=10)


class Answer:
    """A CheckResponse, as another implementation of the protocol reads it."""

    def __init__(self, message):
        self.message = auth.CheckResponse.parse(message)
        self.has_status = message[:1] == b"\x0a"
        # A message of nothing but defaults counts as false, and is there all the same.
        self.code = self.message.status.code if self.message.status is not None else None
        self.allowed = self.code == 0
        metadata = self.message.dynamic_metadata
        fields = metadata.fields if metadata else {}
        self.decision = fields["decision_id"].string_value if "decision_id" in fields else None
        self.expires = fields["expires"].number_value if "expires" in fields else None
        ok, denied = self.message.ok_response, self.message.denied_response
        self.set = {option.header.key: (option.header.value, int(option.append_action)) for option in (ok.headers if ok else [])}
        self.removed = list(ok.headers_to_remove) if ok else []
        self.status = int(denied.status.code) if denied and denied.status else None
        self.body = denied.body if denied else None
        self.denied_headers = {option.header.key: option.header.value for option in (denied.headers if denied else [])}

    @property
    def credential(self):
        value = self.set.get("authorization", (None,))[0]
        return value.removeprefix("Bearer ") if value else None

    def __repr__(self):
        return f"code {self.code}, status {self.status}, body {self.body}, set {list(self.set)}"


def header_map(*fields):
    return HeaderMap(headers=[HeaderValue(key=key, raw_value=value.encode()) for key, value in fields])


def tool(name, arguments=None, id=7):
    return {"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": name, "arguments": arguments or {}}}


def rpc(method, parameters=None, id=7):
    message = {"jsonrpc": "2.0", "method": method}
    if id is not None:
        message["id"] = id
    if parameters is not None:
        message["params"] = parameters
    return message
