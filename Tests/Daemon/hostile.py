"""Tokens that must not be taken, each with the reason that its record must have."""

import hashlib
import json
import os

import jose
from jose import assemble, compact, encode, hmac_sign, token


def hostile_tokens(world):
    """(name, token, reason)"""
    key, claims = world.corporate, world.claims
    good = world.user()
    head, body, signature = good.split(".")
    rs256 = {"alg": "RS256", "typ": "at+jwt", "kid": key.kid}
    sign = key.sign
    deep = lambda depth: '{"a":' * depth + "1" + "}" * depth  # noqa: E731
    text = json.dumps(claims())
    yield "alg none without signature", encode(compact({"alg": "none"})) + "." + body + ".", "algorithm-forbidden"
    yield "alg none with a signature", assemble({"alg": "none"}, claims(), sign), "algorithm-forbidden"
    for name in ["None", "NONE", "nOnE"]:
        yield f"alg {name}", assemble(rs256 | {"alg": name}, claims(), sign), "algorithm-forbidden"
    yield "HS256 with the RSA key in PEM", assemble(rs256 | {"alg": "HS256"}, claims(), hmac_sign(key.public_pem())), "algorithm-forbidden"
    yield "HS256 with the RSA modulus", assemble(rs256 | {"alg": "HS256"}, claims(), hmac_sign(jose.decode(key.jwk()["n"]))), "algorithm-forbidden"
    yield "HS256 with the JWK", assemble(rs256 | {"alg": "HS256"}, claims(), hmac_sign(compact(key.jwk()))), "algorithm-forbidden"
    yield "HS512 with an empty secret", assemble(rs256 | {"alg": "HS512"}, claims(), hmac_sign(b"", hashlib.sha512)), "algorithm-forbidden"
    yield "alg missing", assemble({"typ": "at+jwt", "kid": key.kid}, claims(), sign), "algorithm-missing"
    yield "alg a number", assemble(rs256 | {"alg": 256}, claims(), sign), "header-malformed"
    yield "alg a list", assemble(rs256 | {"alg": ["RS256"]}, claims(), sign), "header-malformed"
    yield "alg in small letters", assemble(rs256 | {"alg": "rs256"}, claims(), sign), "algorithm-forbidden"
    yield "ES256K", assemble(rs256 | {"alg": "ES256K"}, claims(), sign), "algorithm-forbidden"
    yield "an algorithm that the issuer may not use", token(key, claims(), {"alg": "RS512"}), "algorithm-not-allowed"
    yield "another algorithm of the same key", token(key, claims(), {"alg": "PS256"}), "key-mismatch"
    yield "ES256 by the id of an RSA key", assemble(rs256 | {"alg": "ES256"}, claims(), world.corporate_ec.sign), "key-mismatch"
    yield "RS256 by the id of an EC key", token(key, claims(), {"kid": world.corporate_ec.kid}), "key-mismatch"
    yield "jku", token(key, claims(), {"jku": world.idp.issuer + "/keys"}), "header-parameter"
    yield "x5u", token(key, claims(), {"x5u": "https://evil.example/x"}), "header-parameter"
    yield "x5c", token(key, claims(), {"x5c": ["MIIB"]}), "header-parameter"
    yield "jwk", token(world.stranger, claims(), {"jwk": world.stranger.jwk()}), "header-parameter"
    yield "zip", token(key, claims(), {"zip": "DEF"}), "header-parameter"
    yield "b64", token(key, claims(), {"b64": False}), "header-parameter"
    yield "cty", token(key, claims(), {"cty": "JWT"}), "header-parameter"
    yield "a parameter that nobody knows", token(key, claims(), {"lynx": 1}), "header-parameter"
    yield "crit of what is not known", token(key, claims(), {"crit": ["exp"]}), "header-critical"
    yield "crit of nothing", token(key, claims(), {"crit": []}), "header-critical"
    yield "crit of b64", token(key, claims(), {"crit": ["b64"]}), "header-critical"
    yield "the type of an ID token", token(key, claims(), {"typ": "id+jwt"}), "token-type"
    yield "the type of a logout token", token(key, claims(), {"typ": "logout+jwt"}), "token-type"
    yield "the type of a proof", token(key, claims(), {"typ": "dpop+jwt"}), "token-type"
    yield "typ a number", token(key, claims(), {"typ": 1}), "token-type"
    yield "alg twice", assemble('{"alg":"none","alg":"RS256","kid":"%s"}' % key.kid, claims(), sign), "header-malformed"
    yield "a header that is a list", assemble([], claims(), sign), "header-malformed"
    yield "a header that is no JSON", assemble("RS256", claims(), sign), "header-malformed"
    yield "a header with a byte order mark", assemble("\ufeff" + json.dumps(rs256), claims(), sign), "header-malformed"
    yield "kid a number", token(key, claims(), {"kid": 1}), "key-id"
    yield "kid of a kilobyte", token(key, claims(), {"kid": "k" * 1024}), "key-id"
    yield "kid that is not known", token(key, claims(), {"kid": "../../dev/null"}), "key-unknown"
    yield "kid of nothing", token(key, claims(), {"kid": ""}), "key-id"
    yield "no kid where there are several keys, with a stranger's key", token(world.stranger, claims(), {"kid": None}), "signature"
    yield "the id of a key of another kind, of the same issuer", token(world.partner, {
        "iss": "https://partner.example"} | {k: v for k, v in claims().items() if k != "iss"}, {"kid": world.partner_same_kid.kid}), "key-mismatch"
    yield "the key of another issuer by the same id", token(world.partner_same_kid, claims()), "signature"
    yield "the id of our key by another's issuer", token(key, claims(iss="https://partner.example", azp="partner-app")), "signature"
    yield "a stranger's key by a known id", token(world.stranger, claims(), {"kid": world.corporate_ec.kid}), "signature"
    yield "a signature that was altered", head + "." + body + "." + encode(bytes([jose.decode(signature)[0] ^ 1]) + jose.decode(signature)[1:]), "signature"
    yield "claims that were altered", head + "." + encode(compact(claims(sub="root"))) + "." + signature, "signature"
    yield "a header that was altered", encode(compact(rs256 | {"kid": key.kid, "typ": "JWT"})) + "." + body + "." + signature, "signature"
    yield "no signature", head + "." + body + ".", "signature"
    yield "an ECDSA signature in DER", assemble({"alg": "ES256", "kid": "corporate-2"}, claims(), lambda data: world.corporate_ec.private.sign(
        data, jose.ec.ECDSA(jose.hashes.SHA256()))), "signature"
    yield "an ECDSA signature of zeros", assemble({"alg": "ES256", "kid": "corporate-2"}, claims(), lambda data: bytes(64)), "signature"
    yield "two segments", head + "." + body, "token-segments"
    yield "four segments", good + ".x", "token-segments"
    yield "five segments, as an encrypted token has", good + ".x.y", "token-segments"
    yield "nothing but dots", "..", "header-malformed"
    yield "padding", head + "=." + body + "." + signature, "token-encoding"
    yield "the alphabet with + and /", head + "." + body + "." + "+/" + signature[2:], "token-encoding"
    yield "a line break", head + "\n." + body + "." + signature, "token-encoding"
    yield "bits that belong to no byte", head + "." + body + "." + signature[:-1] + {"A": "B", "Q": "R", "g": "h", "w": "x"}.get(signature[-1], "B"), "token-encoding"
    yield "17 KiB", token(key, claims(padding="x" * 13000)), "token-too-large"
    yield "claims that are a list", assemble(rs256, [], sign), "claims-malformed"
    yield "claims that nest 5,000 deep", assemble(rs256, text[:-1] + ',"deep":' + "[" * 5000 + "]" * 5000 + "}", sign), "claims-malformed"
    yield "claims that nest 40 deep", assemble(rs256, text[:-1] + ',"deep":' + deep(40) + "}", sign), "claims-malformed"
    yield "sub twice", assemble(rs256, text[:-1] + ',"sub":"root"}', sign), "claims-malformed"
    yield "sub twice, once in escapes", assemble(rs256, text[:-1] + ',"s\\u0075b":"root"}', sign), "claims-malformed"
    yield "a lone surrogate", assemble(rs256, text[:-1] + ',"x":"\\ud800"}', sign), "claims-malformed"
    yield "a comment", assemble(rs256, text + "//", sign), "claims-malformed"
    yield "iss missing", token(key, claims(iss=None)), "issuer-missing"
    yield "iss of another", token(key, claims(iss="https://evil.example")), "issuer-unknown"
    yield "iss with a slash more", token(key, claims(iss=world.idp.issuer + "/")), "issuer-unknown"
    yield "iss in capitals", token(key, claims(iss=world.idp.issuer.upper())), "issuer-unknown"
    yield "iss a list", token(key, claims(iss=[world.idp.issuer])), "claim"
    yield "exp missing", token(key, claims(exp=None)), "expiry-missing"
    yield "exp an hour ago", token(key, claims(exp=jose.now() - 3600, iat=jose.now() - 7200)), "expired"
    yield "exp a text", token(key, claims(exp=str(jose.now() + 300))), "claim"
    yield "exp beyond all time", assemble(rs256, text.replace(f'"exp": {json.loads(text)["exp"]}', '"exp": 1e300'), sign), "claim"
    yield "exp below zero", token(key, claims(exp=-1)), "claim"
    yield "nbf in an hour", token(key, claims(nbf=jose.now() + 3600)), "not-yet-valid"
    yield "iat in an hour", token(key, claims(iat=jose.now() + 3600, exp=jose.now() + 7200)), "issued-in-future"
    yield "a longer life than the issuer's tokens have", token(world.partner, {
        "iss": "https://partner.example", "sub": "partner-planner", "aud": "https://gateway.example", "azp": "partner-app", "iat": jose.now(),
        "exp": jose.now() + 86400}), "lifetime-too-long"
    yield "aud missing", token(key, claims(aud=None)), "audience-missing"
    yield "aud of another", token(key, claims(aud="https://other.example")), "audience"
    yield "aud with a slash more", token(key, claims(aud="https://gateway.example/")), "audience"
    yield "aud that only starts alike", token(key, claims(aud="https://gateway.example.evil")), "audience"
    yield "aud an empty list", token(key, claims(aud=[])), "claim"
    yield "aud a number", token(key, claims(aud=[1])), "claim"
    yield "sub missing", token(key, claims(sub=None)), "subject"
    yield "sub empty", token(key, claims(sub="")), "claim"
    yield "an ID token, by its nonce", token(key, claims(nonce="n")), "id-token"
    yield "an ID token, by its at_hash", token(key, claims(at_hash="h")), "id-token"
    yield "a refresh token, by its claim typ", token(key, claims(typ="Refresh")), "id-token"
    yield "a token that is bound to a key", token(key, claims(cnf={"jkt": "x"})), "confirmation"
    yield "azp missing where it is asked for", token(world.partner, {
        "iss": "https://partner.example", "sub": "partner-planner", "aud": "https://gateway.example", "iat": jose.now(), "exp": jose.now() + 60}), "authorized-party"
    yield "azp of another", token(world.partner, {
        "iss": "https://partner.example", "sub": "partner-planner", "aud": "https://gateway.example", "azp": "evil-app", "iat": jose.now(),
        "exp": jose.now() + 60}), "authorized-party"
    yield "an actor that another issuer names", token(key, claims(act={"sub": "planner", "iss": world.issuer})), "actor-chain"
    chain = {"sub": "a0"}
    for index in range(1, 6):
        chain = {"sub": f"a{index}", "act": chain}
    yield "a chain of six actors", token(key, claims(act=chain)), "actor-chain"
    yield "a chain that closes", token(key, claims(act={"sub": "a", "act": {"sub": "b", "act": {"sub": "a"}}})), "actor-cycle"
    yield "an actor without name", token(key, claims(act={"iss": "x"})), "actor-chain"
    yield "act a text", token(key, claims(act="planner")), "actor-chain"
    yield "may_act a text", token(key, claims(may_act="planner")), "claim"
    account = {"kubernetes.io": {"namespace": "agents", "serviceaccount": {"name": "other"}}}
    yield "a service account whose bound claims name another", world.service_account(**account), "claim"
    yield "a service account without bound claims", world.service_account(**{"kubernetes.io": None}), "claim"
    yield "a service account without end", jose.token(world.cluster, {
        "iss": "https://kubernetes.default.svc", "sub": "system:serviceaccount:agents:planner", "aud": "https://gateway.example",
        "kubernetes.io": {"namespace": "agents", "serviceaccount": {"name": "planner"}}}, {"typ": None}), "expiry-missing"
    yield "a user of the cluster", world.service_account(sub="admin"), "subject"
    yield "an SVID without audience", jose.token(world.mesh, {"sub": "spiffe://example.org/agent/planner", "exp": jose.now() + 60}, {"typ": "JWT"}), "audience-missing"
    yield "an SVID of another trust domain", jose.token(world.mesh, {
        "sub": "spiffe://evil.example/agent/planner", "aud": "https://gateway.example", "exp": jose.now() + 60}, {"typ": "JWT"}), "issuer-missing"
    yield "an SVID with dots in its path", jose.token(world.mesh, {
        "sub": "spiffe://example.org/agent/../planner", "aud": "https://gateway.example", "exp": jose.now() + 60}, {"typ": "JWT"}), "issuer-missing"
    yield "an SVID by a key that is not for SVIDs", jose.token(world.corporate_ec, {
        "sub": "spiffe://example.org/agent/planner", "aud": "https://gateway.example", "exp": jose.now() + 60}, {"typ": "JWT", "kid": "mesh-1"}), "signature"
    yield "a token of ours that we have not signed", token(world.stranger, {
        "iss": world.issuer, "sub": "planner", "aud": "https://gateway.example", "exp": jose.now() + 60}), "key-unknown"
    yield "random bytes", encode(os.urandom(64)) + "." + encode(os.urandom(64)) + "." + encode(os.urandom(64)), "header-malformed"


def hostile(tally, lynxd):
    world = lynxd.world
    tally.check("a good token is taken", lynxd.check("web.example", world.user(), "/", method="GET").allowed)
    names = []
    for name, text, reason in hostile_tokens(world):
        names.append(name)
        answer = lynxd.check("web.example", text, "/", method="GET")
        seen = lynxd.reason(answer)
        tally.check(f"refused: {name}", not answer.allowed and answer.status in (401, 403) and seen == reason, f"{seen}, expected {reason}; {answer}")
    tally.check("there are at least 60 of them, with names of their own", len(set(names)) == len(names) >= 60, len(names))
    tally.check("and the good one is still taken", lynxd.check("web.example", world.user(), "/", method="GET").allowed)
