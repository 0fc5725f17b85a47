"""nginx with auth_request and Caddy with forward_auth, in front of a real upstream."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

import requests

import jose
from servers import free_port, upstream


def wait(port, process, log):
    for _ in range(100):
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=2)
            return
        except requests.RequestException:
            if process.poll() is not None:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.1)
    raise RuntimeError("the proxy does not answer")


def nginx(tally, lynxd):
    world, behind, port = lynxd.world, upstream(), free_port()
    folder = world.folder / "nginx"
    folder.mkdir()
    (folder / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  large_client_header_buffers 4 32k;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      auth_request /lynx;
      auth_request_set $credential $upstream_http_authorization;
      auth_request_set $trace $upstream_http_traceparent;
      proxy_set_header Authorization $credential;
      proxy_set_header traceparent $trace;
      proxy_pass http://127.0.0.1:{behind.port};
    }}
    location = /lynx {{
      internal;
      proxy_pass http://127.0.0.1:{world.ports['nginx']}/;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Original-Host $host;
      proxy_set_header X-Real-IP $remote_addr;
    }}
  }}
}}
""")
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([binary, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait(port, process, folder / "error.log")
        through(tally, lynxd, "nginx", port, behind, "x-original-uri")
    finally:
        process.terminate()
        process.wait(10)
        behind.stop()


def caddy(tally, lynxd):
    world, behind, port = lynxd.world, upstream(), free_port()
    folder = world.folder / "caddy"
    folder.mkdir()
    (folder / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
}}
http://:{port} {{
  bind 127.0.0.1
  forward_auth 127.0.0.1:{world.ports['caddy']} {{
    uri /
    copy_headers Authorization traceparent
  }}
  reverse_proxy 127.0.0.1:{behind.port}
}}
""")
    log = folder / "log.txt"
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    binary = str(pathlib.Path(sys.executable).parent / "caddy")
    with open(log, "wb") as output:
        process = subprocess.Popen([binary, "run", "--config", str(folder / "Caddyfile")], stdout=output, stderr=output, env=environment)
    try:
        wait(port, process, log)
        through(tally, lynxd, "Caddy", port, behind, "x-forwarded-uri")
    finally:
        process.terminate()
        process.wait(10)
        behind.stop()


def through(tally, lynxd, name, port, behind, path_header):
    world = lynxd.world
    base = f"http://127.0.0.1:{port}"
    host = {"host": "web.example"}

    def get(path="/page?q=1", token=None, method="GET", **headers):
        fields = host | headers | ({"authorization": "Bearer " + token} if token else {})
        return requests.request(method, base + path, headers=fields, timeout=10)

    user = world.user(groups=[])
    answer = get(token=user)
    tally.equal(f"{name}: a permitted call gets through", answer.status_code, 200)
    seen = answer.json()
    tally.equal(f"{name}: as it was", (seen["method"], seen["path"]), ("GET", "/page?q=1"))
    credential = seen["headers"]["authorization"].removeprefix("Bearer ")
    claims = jose.verify(credential, lynxd.get("/jwks").json())
    tally.equal(f"{name}: with a credential for the upstream alone", (claims["aud"], claims["sub"]), ("https://web.example", "alice"))
    tally.check(f"{name}: in place of the caller's", credential != user)
    tally.check(f"{name}: with a trace", seen["headers"]["traceparent"].startswith("00-"), seen["headers"])
    answer = requests.get(base + "/page", headers={"host": "plain.example", "authorization": "Bearer " + user}, timeout=10)
    tally.equal(f"{name}: a call of a destination that wants no credential gets through", answer.status_code, 200)
    tally.check(f"{name}: without the caller's own", "authorization" not in answer.json()["headers"], answer.json())
    get(token=user, **{"x-forwarded-for": "192.0.2.7", "x-real-ip": "192.0.2.7"})
    tally.equal(f"{name}: an address that a header claims is not believed", lynxd.record(last_decision(lynxd))["call"]["source"], "127.0.0.1")
    before = len(behind.requests)
    for rule, answer, status in [
        ("a call without credentials", get(), 401),
        ("a token that has ended", get(token=world.user(exp=jose.now() - 100)), 401),
        ("a token of another issuer", get(token=jose.token(world.stranger, world.claims())), 401),
        ("a token for another audience", get(token=world.user(aud="https://other.example")), 401),
        ("a method that policies do not permit", get(token=user, method="PUT"), 403),
        ("an unknown host", requests.get(base + "/page", headers={"host": "evil.example", "authorization": "Bearer " + user}, timeout=10), 403),
        ("a method that a header claims", get(token=user, method="PUT", **{"x-original-method": "GET", "x-forwarded-method": "GET"}), 403),
        ("a host that a header claims", requests.get(base + "/page", headers={
            "host": "evil.example", "authorization": "Bearer " + user, "x-original-host": "web.example", "x-forwarded-host": "web.example"}, timeout=10), 403),
    ]:
        tally.equal(f"{name}: {rule} is stopped", answer.status_code, status)
    tally.equal(f"{name}: none of these has reached the upstream", len(behind.requests), before)
    answer = get(token=user, **{path_header: "/other"})
    tally.equal(f"{name}: a path that a header claims is not believed", lynxd.record(last_decision(lynxd))["call"]["path"], "/page")


def last_decision(lynxd):
    import json

    return json.loads(lynxd.audit.read_text().splitlines()[-1])["id"]


def original(tally, lynxd):
    """Gateways that ask by a request like the call's own."""
    world = lynxd.world
    base = f"http://127.0.0.1:{world.ports['original']}"
    planner = {"authorization": "Bearer " + world.service_account(), "content-type": "application/json"}
    call = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "refund", "arguments": {}}}
    answer = requests.post(base + "/mcp", json=call, headers=planner | {"host": "payments.example"}, timeout=10)
    tally.equal("a tool is allowed over HTTP", answer.status_code, 200)
    tally.equal("with a credential for the destination", jose.read(answer.headers["authorization"].removeprefix("Bearer "))[1]["aud"], "https://payments.example")
    tally.check("and none is to be removed", "x-envoy-auth-headers-to-remove" not in answer.headers, answer.headers)
    web = {"authorization": "Bearer " + world.user(groups=[]), "host": "plain.example"}
    answer = requests.get(base + "/", headers=web | {"x-forwarded-for": "192.0.2.7, 10.1.2.3"}, timeout=10)
    tally.equal("where none is minted, Envoy is told to remove the caller's own", (answer.status_code, answer.headers.get("x-envoy-auth-headers-to-remove")),
                (200, "authorization"))
    tally.equal("the source is what the gateway has seen, not what the caller has written", lynxd.record(last_decision(lynxd))["call"]["source"], "10.1.2.3")
    answer = requests.post(base + "/mcp", json=call, headers=planner | {"host": "payments.example", "x-envoy-auth-partial-body": "true"}, timeout=10)
    tally.equal("a body that was cut off is denied over HTTP", (answer.status_code, lynxd.record(last_decision(lynxd))["reason"]), (403, "body-truncated"))
    unseen = f"http://127.0.0.1:{world.ports['unseen']}"
    answer = requests.post(unseen + "/mcp", json=call, headers=planner | {"host": "payments.example"}, timeout=10)
    tally.equal("the same is denied where nobody vouches for its headers", (answer.status_code, lynxd.record(last_decision(lynxd))["reason"]), (403, "headers-unseen"))
    answer = requests.get(unseen + "/", headers=web, timeout=10)
    tally.equal("and plain HTTP is not", answer.status_code, 200)
    call["params"]["name"] = "transfer"
    answer = requests.post(base + "/mcp", json=call, headers=planner | {"host": "payments.example"}, timeout=10)
    tally.equal("another is denied, as JSON-RPC", (answer.status_code, answer.json()["id"], answer.json()["error"]["code"]), (403, 3, -32003))
    try:
        status = requests.post(base + "/mcp", data=b"x" * (2 << 20), headers=planner | {"host": "payments.example"}, timeout=10).status_code
    except requests.ConnectionError:
        status = "connection closed"
    tally.check("a body of two megabytes is denied", status in (403, "connection closed"), status)
    answer = requests.post(base + "/mcp", headers=planner | {"host": "payments.example"}, timeout=10)
    tally.equal("a tool call without its body is denied", answer.status_code, 403)
