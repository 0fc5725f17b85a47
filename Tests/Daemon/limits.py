"""What callers may take: connections, streams, sizes and time."""

import socket
import ssl
import subprocess
import time

import grpc
import requests

from daemon import CHECK, Daemon, tool
from faults import eventually, world_in
from operation import watch

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\x04\0\0\0\0\0"


def is_closed(connection, seconds):
    """Whether the other side ends it in so many seconds."""
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
        return True
    except (ConnectionError, ssl.SSLError):
        return True
    except TimeoutError:
        return False


def settings(connection):
    """The server's first SETTINGS (RFC 9113, 6.5), by number."""
    connection.settimeout(5)
    data = b""
    while len(data) < 9 or len(data) < 9 + int.from_bytes(data[:3], "big"):
        data += connection.recv(4096)
    payload = data[9:9 + int.from_bytes(data[:3], "big")]
    return {int.from_bytes(payload[at:at + 2], "big"): int.from_bytes(payload[at + 2:at + 6], "big") for at in range(0, len(payload), 6)}


def limits(tally, binary, folder):
    world = world_in(folder, "limits", replaced=[
        ("decisions:\n", "limits: {connections: 20, streams: 7, message: 64KB, idle: 4s, handshake: 2s, call: 3s}\ndecisions:\n")])
    lynxd = Daemon(binary, world)
    ports = world.ports
    token = world.service_account()
    opened = []

    def connect(port, first=b""):
        connection = socket.create_connection(("127.0.0.1", port))
        opened.append(connection)
        connection.sendall(first)
        return connection

    def works():
        return lynxd.check("payments.example", token, "/mcp", body=tool("refund")).allowed

    try:
        tally.check("a call is allowed", works())
        tally.equal("the server says how many streams there may be", settings(connect(ports["grpc"], PREFACE)).get(3), 7)

        answer = lynxd.check("payments.example", token, "/mcp", body=tool("refund", {"text": "x" * 70_000}))
        tally.equal("a message that is too large is denied", (answer.code, answer.status, lynxd.reason(answer)), (7, 403, "question-too-large"))
        # gRPC has a status for it; ending the call is as good, because no answer is no permission.
        try:
            lynxd.check("payments.example", token, "/mcp", body=tool("refund", {"text": "x" * 200_000}))
            tally.check("one that is far too large is refused", False)
        except grpc.RpcError as error:
            tally.check("one that is far too large is refused", error.code() in {grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED}, error.code())
        # The transport does not say what was wrong with it.
        tally.check("and is on record as well", eventually(lambda: lynxd.audit.read_text().count('"reason":"question-malformed"') == 1))

        silent = connect(ports["grpc"])
        trickling = connect(ports["grpc"])
        begin = time.time()
        closed = False
        for byte in PREFACE[:20]:
            try:
                trickling.sendall(bytes([byte]))
            except ConnectionError:
                closed = True
                break
            time.sleep(0.25)
        tally.check("a client that says nothing is not waited for", is_closed(silent, 5))
        tally.check("nor one that says it a byte at a time", (closed or is_closed(trickling, 1)) and time.time() - begin < 8)
        tally.check("nor one that does not begin with TLS", is_closed(connect(ports["mtls"], b"\x16\x03\x01"), 6))

        idle = connect(ports["grpc"], PREFACE)
        tally.check("a connection without calls is ended", is_closed(idle, 30))

        # HEADERS of a call whose message never comes: literal fields of HPACK (RFC 7541), none of them to be remembered.
        def field(name, value):
            return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()

        for name, path in [("a call", CHECK), ("a call that would watch", "/grpc.health.v1.Health/Watch")]:
            block = b"".join(field(*pair) for pair in [
                (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "x"), ("content-type", "application/grpc"), ("te", "trailers")])
            half = connect(ports["grpc"], PREFACE + len(block).to_bytes(3, "big") + b"\x01\x04\0\0\0\x01" + block)
            half.settimeout(10)
            data, begin = b"", time.time()
            try:
                # RST_STREAM or trailers of stream 1, or the end of the connection.
                while b"\x03\0\0\0\0\x01" not in data and b"\x05\0\0\0\x01" not in data:
                    piece = half.recv(4096)
                    if not piece:
                        break
                    data += piece
                ended = True
            except TimeoutError:
                ended = False
            tally.check(f"{name} whose message never comes is ended", ended and time.time() - begin > 1, data)
        seen = watch(lynxd.channel, timeout=60)
        tally.equal("who watches is told", next(seen), b"\x08\x01")
        time.sleep(6)
        tally.check("and is not ended as a call is that takes that long", seen.is_active())
        seen.cancel()

        for name, first in [("nothing", b""), ("half a head", b"GET / HTTP/1.1\r\nhost: x\r\n"),
                            ("half a body", b"POST /token HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 100\r\n\r\ngrant")]:
            connection = connect(ports["tokens"], first)
            begin, closed = time.time(), False
            while time.time() - begin < 15 and not closed:
                try:
                    if first:
                        connection.sendall(b"x")
                    closed = is_closed(connection, 0.3)
                except ConnectionError:
                    closed = True
            tally.check(f"over HTTP/1.1, a client that sends {name} and then a byte now and then is not waited for", closed)
        tally.check("others are served meanwhile", works() and lynxd.get("/jwks").status_code == 200)

        for connection in opened:
            connection.close()
        many = [connect(ports["grpc"], PREFACE) for _ in range(40)]
        refused = 0
        for connection in many:
            connection.settimeout(1)
            try:
                refused += connection.recv(1) == b""
            except ConnectionError:
                refused += 1
            except TimeoutError:
                pass
        tally.check("of too many connections, those beyond the limit are closed", 18 <= refused <= 25, refused)
        tally.check("and those before it go on", works())
        for connection in many:
            connection.close()

        def fresh():
            with grpc.insecure_channel(f"127.0.0.1:{ports['grpc']}", options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
                return lynxd.check("payments.example", token, "/mcp", body=tool("refund"), channel=channel).allowed

        tally.check("with those gone, there is room again", eventually(fresh))
        crowd = [connect(ports["tokens"]) for _ in range(60)]
        tally.check("a crowd at one address does not shut out another", works() and lynxd.get("/readyz", "operation").status_code == 200)
        for connection in crowd:
            connection.close()

        def jwks():
            return requests.get(f"{world.issuer}/jwks", timeout=2).status_code == 200

        tally.check("and that one serves again when the crowd is gone", eventually(jwks))
    finally:
        for connection in opened:
            connection.close()
        lynxd.stop()
    for rule, text in [("no connections", "{connections: 0}"), ("a message of a few bytes", "{message: 10}"), ("a limit that is not known", "{sockets: 1}"), ("a time without unit", "{idle: 4}")]:
        world.file("c.yaml", world.configuration() + f"limits: {text}\n")
        run = subprocess.run([binary, "check", str(world.folder / "c.yaml")], capture_output=True, text=True)
        tally.check(f"{rule} is reported", run.returncode == 1 and "limits." in run.stderr, run.stderr)
