"""Tokens that the API server of their cluster is asked about."""

import concurrent.futures
import os
import time

import jose
from daemon import tool
from exchange import form, last_issuance, post


def reviews(tally, lynxd):
    world, api = lynxd.world, lynxd.world.api

    def token(**changes):
        return world.service_account(**{"iss": "https://reviewed.example", "jti": os.urandom(8).hex()} | changes)

    def ask(text):
        answer = lynxd.check("payments.example", text, "/mcp", body=tool("refund"))
        return answer.allowed, answer.status, lynxd.reason(answer)

    allowed, refused, unavailable = (True, None, "permitted"), (False, 401, "review-refused"), (False, 503, "review-unavailable")
    first = token()
    tally.equal("a token that the server confirms is taken", ask(first), allowed)
    tally.equal("it was asked once, about the token and our audience", api.reviews, [{"token": first, "audiences": ["https://gateway.example"]}])
    tally.equal("again, the answer is remembered", (ask(first), len(api.reviews)), (allowed, 1))
    api.changes = {"authenticated": False, "user": None, "audiences": None, "error": "the pod is gone"}
    time.sleep(7.5)
    tally.equal("but not for long: when the pod is gone, its token is refused", ask(first), refused)
    tally.equal("that is remembered too", (ask(first), len(api.reviews)), (refused, 2))
    forged = jose.token(world.stranger, {"iss": "https://reviewed.example"}, {"kid": "cluster-1"})
    ask(forged)
    ask(token(exp=jose.now() - 100))
    ask(token(aud="https://other.example"))
    tally.equal("about tokens that are refused anyway nobody is asked", len(api.reviews), 2)
    for rule, changes in [
        ("an account that is another", {"user": {"username": "system:serviceaccount:agents:other"}}), ("no account", {"user": None}),
        ("another audience", {"audiences": ["https://kubernetes.default.svc"]}), ("no audience", {"audiences": None}),
        ("an answer that says nothing", {"authenticated": None}), ("a yes that is a text", {"authenticated": "true"}),
        ("a yes that is a number", {"authenticated": 1}),
    ]:
        api.changes = changes
        tally.equal(f"{rule}: refused", ask(token()), refused)
    api.changes = {}
    for rule, status, text in [
        ("a server that may not be asked", 403, None), ("a server at fault", 500, None), ("no JSON", 201, b"yes"), ("no review", 201, b'{"kind":"Status"}'),
        ("no status", 201, b'{"kind":"TokenReview"}'), ("two answers", 201, b'{"kind":"TokenReview","status":{"authenticated":true,"authenticated":false}}'),
        ("an answer without end", 201, b'{"kind":"TokenReview","x":"' + b"x" * (1 << 20) + b'"}'), ("a redirect", 307, None),
    ]:
        api.status, api.text = status, text
        tally.equal(f"{rule}: it cannot be asked, and the token is refused", ask(token()), unavailable)
    api.status, api.text = 201, None

    api.delay, before = 0.5, len(api.reviews)
    same = token()
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, [same] * 20))
    tally.equal("who asks at the same time waits for one answer", (set(answers), len(api.reviews) - before), ({allowed}, 1))
    api.delay, start = 8, time.time()
    tally.equal("a server that takes long is not waited for", ask(token()), unavailable)
    tally.check("longer than five seconds or so", time.time() - start < 7.5, time.time() - start)
    api.delay = 0

    subject = token(aud=world.issuer)
    tally.equal("a subject of an exchange is asked about too", post(world, form(subject, audience="https://notes.example")).json().get("error"), "invalid_target")
    tally.equal("before policies are", (last_issuance(lynxd)["reason"], api.reviews[-1]["token"]), ("no-permit", subject))
    api.bearer = "another-token"
    tally.equal("who we are is asked with each question", ask(token()), unavailable)
    world.file("api-token", "another-token")
    tally.equal("our own token is read again", ask(token()), allowed)
    api.stop()
    tally.equal("with the server gone, nothing is taken", ask(token()), unavailable)
    answer = post(world, form(token(aud=world.issuer), audience="https://notes.example"))
    tally.equal("nor exchanged", (answer.status_code, answer.json()["error"], last_issuance(lynxd)["reason"]), (
        503, "temporarily_unavailable", "review-unavailable"))
    api.start()
    tally.equal("and it is asked again when it is back", ask(token()), allowed)
