"""Tokens and keys, written by hand: hostile ones cannot be made with a library that knows better."""

import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def compact(value):
    return value.encode() if isinstance(value, str) else json.dumps(value, separators=(",", ":")).encode()


def number(value, size=None):
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


CURVES = {"ES256": (ec.SECP256R1, "P-256", 32, hashes.SHA256), "ES384": (ec.SECP384R1, "P-384", 48, hashes.SHA384),
          "ES512": (ec.SECP521R1, "P-521", 66, hashes.SHA512)}
HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}


class Key:
    """A key pair with an id."""

    def __init__(self, algorithm, kid, bits=2048, use="sig"):
        self.algorithm, self.kid, self.use = algorithm, kid, use
        if algorithm in CURVES:
            self.private = ec.generate_private_key(CURVES[algorithm][0]())
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
        else:
            self.private = rsa.generate_private_key(65537, bits)

    def jwk(self, **changes):
        public = self.private.public_key()
        if self.algorithm in CURVES:
            _, curve, size, _ = CURVES[self.algorithm]
            point = public.public_numbers()
            jwk = {"kty": "EC", "crv": curve, "x": number(point.x, size), "y": number(point.y, size)}
        elif self.algorithm == "EdDSA":
            jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode(public.public_bytes_raw())}
        else:
            numbers = public.public_numbers()
            jwk = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
        jwk |= {"kid": self.kid, "use": self.use}
        if self.use == "sig":
            jwk["alg"] = self.algorithm
        return {name: value for name, value in (jwk | changes).items() if value is not None}

    def sign(self, data, algorithm=None):
        algorithm = algorithm or self.algorithm
        if algorithm in CURVES:
            _, _, size, digest = CURVES[self.algorithm]
            r, s = utils.decode_dss_signature(self.private.sign(data, ec.ECDSA(digest())))
            return r.to_bytes(size, "big") + s.to_bytes(size, "big")
        if algorithm == "EdDSA":
            return self.private.sign(data)
        digest = HASHES[algorithm[2:]]()
        if algorithm.startswith("PS"):
            return self.private.sign(data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
        return self.private.sign(data, padding.PKCS1v15(), digest)

    def public_pem(self):
        from cryptography.hazmat.primitives import serialization

        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jwks(*keys):
    return {"keys": [key if isinstance(key, dict) else key.jwk() for key in keys]}


def assemble(header, claims, sign):
    """Joins the parts; header and claims may be texts, to say exactly what is in them."""
    signed = encode(compact(header)) + "." + encode(compact(claims))
    return signed + "." + encode(sign(signed.encode()))


def token(key, claims, header=None, **removed):
    head = {"alg": key.algorithm, "typ": "at+jwt", "kid": key.kid} | (header or {})
    head = {name: value for name, value in head.items() if value is not None}
    body = {name: value for name, value in claims.items() if value is not None}
    return assemble(head, body, lambda data: key.sign(data, head.get("alg")))


def hmac_sign(secret, digest=hashlib.sha256):
    return lambda data: hmac.new(secret, data, digest).digest()


def read(text):
    """The header and the claims of a token, unchecked."""
    header, claims, _ = text.split(".")
    return json.loads(decode(header)), json.loads(decode(claims))


def verify(text, published):
    """Checks the signature of a token of ours by the published keys, and gives its claims."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    header, claims = read(text)
    signed, _, signature = text.rpartition(".")
    (jwk,) = [key for key in published["keys"] if key["kid"] == header["kid"]]
    raw = decode(signature)
    if jwk["kty"] == "EC":
        public = ec.EllipticCurvePublicNumbers(
            int.from_bytes(decode(jwk["x"]), "big"), int.from_bytes(decode(jwk["y"]), "big"), ec.SECP256R1()).public_key()
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public.verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    else:
        ed25519.Ed25519PublicKey.from_public_bytes(decode(jwk["x"])).verify(raw, signed.encode())
    return claims


def now():
    return int(time.time())
