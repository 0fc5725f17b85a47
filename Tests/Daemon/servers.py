"""An issuer's server and an upstream, each on a port of its own on this machine."""

import base64
import http.server
import json
import random
import socket
import sys
import threading
import time


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

    def __init__(self, answer, port=None, tls=None):
        """With `tls`, an `ssl.SSLContext`, over that."""
        self.answer, self.port, self.requests, self.tls = answer, port or free_port(), [], tls
        self.start()

    def start(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                outer.connections.append(self.request)
                super().setup()

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

        class Listener(http.server.ThreadingHTTPServer):
            allow_reuse_address = daemon_threads = True

            def handle_error(self, request, client_address):
                # Clients that go away are not our concern.
                if not isinstance(sys.exc_info()[1], ConnectionError):
                    super().handle_error(request, client_address)

        self.connections = []
        self.server = Listener(("127.0.0.1", self.port), Handler)
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        # Those that are kept open would still be answered.
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class IssuerServer(Server):
    """Publishes keys and a discovery document."""

    def __init__(self, keys):
        self.keys, self.maximum_age, self.delay = keys, 60, 0
        super().__init__(self.publish)

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.port}"

    def publish(self, method, path, headers, body):
        kind = {"content-type": "application/json", "cache-control": f"max-age={self.maximum_age}"}
        if path == "/.well-known/openid-configuration":
            return 200, kind, json.dumps({"issuer": self.issuer, "jwks_uri": self.issuer + "/keys"}).encode()
        if path == "/keys":
            time.sleep(self.delay)
            return 200, kind, json.dumps(self.keys).encode()
        return 404, {}, b""

    def fetches(self):
        return sum(1 for request in self.requests if request[1] == "/keys")


class BundleServer(Server):
    """Publishes the trust bundle of a trust domain (SPIFFE Trust Domain and Bundle, 4), over TLS."""

    def __init__(self, tls):
        self.bundle, self.answers = {"keys": []}, None
        super().__init__(self.publish, tls=tls)

    @property
    def url(self):
        return f"https://127.0.0.1:{self.port}/bundle"

    def publish(self, method, path, headers, body):
        return self.answers or (200, {"content-type": "application/json"}, json.dumps(self.bundle).encode())


class ClusterServer(Server):
    """The part of a Kubernetes API server that reviews tokens (authentication.k8s.io/v1)."""

    PATH = "/apis/authentication.k8s.io/v1/tokenreviews"

    def __init__(self, bearer):
        self.bearer, self.delay, self.reviews = bearer, 0, []
        self.status, self.changes, self.text = 201, {}, None
        super().__init__(self.review)

    def review(self, method, path, headers, body):
        if (method, path) != ("POST", self.PATH) or headers.get("authorization") != "Bearer " + self.bearer:
            return 401, {}, b'{"kind":"Status","status":"Failure","code":401}'
        review = json.loads(body)
        if (review["apiVersion"], review["kind"]) != ("authentication.k8s.io/v1", "TokenReview"):
            return 400, {}, b""
        self.reviews.append(review["spec"])
        time.sleep(self.delay)
        segment = review["spec"]["token"].split(".")[1]
        name = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))["sub"]
        user = {"username": name, "uid": "1", "groups": ["system:serviceaccounts"], "extra": {"authentication.kubernetes.io/pod-name": ["p"]}}
        status = {"authenticated": True, "user": user, "audiences": review["spec"]["audiences"]} | self.changes
        answer = review | {"metadata": {"creationTimestamp": None}, "status": {name: value for name, value in status.items() if value is not None}}
        return self.status, {"content-type": "application/json"}, json.dumps(answer).encode() if self.text is None else self.text


def upstream():
    """Says what reached it."""

    def answer(method, path, headers, body):
        seen = {"method": method, "path": path, "headers": {name.lower(): value for name, value in headers.items()}, "body": body.decode()}
        return 200, {"content-type": "application/json"}, json.dumps(seen).encode()

    return Server(answer)
