"""Credentials: a new one for each call, or where that is asked for one for some seconds, but never for another caller or destination, or beyond
what was shown."""

import jose
from daemon import Daemon, rpc, tool
from faults import world_in


def fresh(tally, lynxd):
    published = lynxd.get("/jwks").json()
    token = lynxd.world.service_account()
    claims = [jose.verify(lynxd.check("payments.example", token, "/mcp", body=rpc("tools/list")).credential, published) for _ in range(3)]
    token = lynxd.world.user(may_act={"iss": "https://idp.example", "sub": "somebody"})
    answer = lynxd.check("llm.example", token, "/v1/messages", body={"model": "claude-sonnet-4"})
    claims_llm = jose.verify(answer.credential, published)
    tally.equal("of the caller's scopes a credential has those of its destination", claims_llm["scope"], "tools")
    tally.equal("and the record says so", lynxd.record(answer.decision)["credential"]["scopes"], ["tools"])
    tally.equal("whom the subject allows to act is said to the next hop too", claims_llm["may_act"], {"iss": "https://idp.example", "sub": "somebody"})
    tally.equal("each call gets a credential of its own", len({each["jti"] for each in claims}), 3)


def reused(tally, binary, folder):
    lynxd = Daemon(binary, world_in(folder, "reuse", replaced=[("decisions:\n", "decisions:\n  credential-reuse: 10s\n")]))
    try:
        reuse(tally, lynxd)
    finally:
        lynxd.stop()


def reuse(tally, lynxd):
    world = lynxd.world
    published = lynxd.get("/jwks").json()

    def ask(token, host="payments.example", path="/mcp", body=None):
        answer = lynxd.check(host, token, path, body=body or rpc("tools/list"))
        record = lynxd.record(answer.decision)
        return answer, jose.verify(answer.credential, published), record

    token = world.service_account()
    first, claims, record = ask(token)
    again, claims_again, record_again = ask(token, body=tool("refund"))
    tally.equal("the same caller gets the same credential for the same destination", again.credential, first.credential)
    tally.equal("each record names it", (record["credential"]["id"], record_again["credential"]["id"]), (claims["jti"], claims["jti"]))
    tally.check("with the time at which it ends", record_again["credential"]["expires"] == claims["exp"] and again.expires <= claims["exp"], record_again)
    tally.check("decisions are made each time", first.decision != again.decision)
    other, claims_other, _ = ask(world.svid("agent/researcher"))
    tally.check("another caller gets another", other.credential != first.credential and claims_other["sub"] != claims["sub"], claims_other)
    llm, claims_llm, _ = ask(token, "llm.example", "/v1/messages", {"model": "claude-sonnet-4"})
    tally.equal("for another destination there is another", claims_llm["aud"], "https://llm.example")
    short = world.service_account(exp=jose.now() + 20)
    ended, claims_short, _ = ask(short)
    tally.check("a credential ends with what was shown", claims_short["exp"] <= jose.now() + 20 and ended.credential != first.credential, claims_short)
    fewer, claims_fewer, _ = ask(world.user(scope="read", sub="bob"))
    more, claims_more, _ = ask(world.user(scope="tools read", sub="bob"))
    tally.check("and says what was shown, no more", claims_fewer["scope"] == "read" and set(claims_more["scope"].split()) == {"tools", "read"}, claims_fewer)
