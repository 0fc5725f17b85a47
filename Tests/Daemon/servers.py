"""An issuer's server and an upstream, each on a port of its own on this machine."""

import http.server
import json
import random
import socket
import threading


GIVEN = set()


def free_port():
    """One that was not given before, below those that the kernel gives to clients."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in GIVEN:
            GIVEN.add(port)
            return port


class Server:
    """Answers by a function of (method, path, headers, body) to (status, headers, body)."""

    def __init__(self, answer, port=None):
        self.answer, self.port, self.requests = answer, port or free_port(), []
        self.start()

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                status, headers, answer = outer.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_DELETE = do_PUT = handle_any

            def log_message(self, *arguments):
                pass

        http.server.ThreadingHTTPServer.allow_reuse_address = True
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class IssuerServer(Server):
    """Publishes keys and a discovery document."""

    def __init__(self, keys):
        self.keys, self.maximum_age = keys, 60
        super().__init__(self.publish)

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def publish(self, method, path, headers, body):
        kind = {"content-type": "application/json", "cache-control": f"max-age={self.maximum_age}"}
        if path == "/.well-known/openid-configuration":
            return 200, kind, json.dumps({"issuer": self.issuer, "jwks_uri": self.issuer + "/keys"}).encode()
        if path == "/keys":
            return 200, kind, json.dumps(self.keys).encode()
        return 404, {}, b""

    def fetches(self):
        return sum(1 for request in self.requests if request[1] == "/keys")


def upstream():
    """Says what reached it."""

    def answer(method, path, headers, body):
        seen = {"method": method, "path": path, "headers": {name.lower(): value for name, value in headers.items()}, "body": body.decode()}
        return 200, {"content-type": "application/json"}, json.dumps(seen).encode()

    return Server(answer)
