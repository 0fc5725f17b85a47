"""Runs lynxd and asks it from outside. Prints `lynxd: N passed, M failed`."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import bundles  # noqa: E402
import certified  # noqa: E402
import credentials  # noqa: E402
import decisions  # noqa: E402
import exchange  # noqa: E402
import faults  # noqa: E402
import hostile  # noqa: E402
import limits  # noqa: E402
import mcp  # noqa: E402
import operation  # noqa: E402
import proxies  # noqa: E402
import records  # noqa: E402
import reviews  # noqa: E402
from daemon import Daemon, World  # noqa: E402
from tally import Tally  # noqa: E402


def main(binary):
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="lynxd-", ignore_cleanup_errors=True) as folder:
        checks = pathlib.Path(folder) / "check"
        checks.mkdir()
        tally.section("configuration", operation.check, binary, checks)
        faults.faults(tally, binary, folder)
        records.records(tally, binary, folder)
        tally.section("limits", limits.limits, binary, folder)
        tally.section("trust bundles", bundles.bundles, binary, folder)
        tally.section("reuse", credentials.reused, binary, folder)
        lynxd = Daemon(binary, World(folder))
        try:
            for name, body in [
                ("decisions", decisions.decisions),
                ("models", decisions.models),
                # Before any other key that nobody knows: those make us fetch every 30 seconds only.
                ("issuers' keys", operation.keys),
                ("callers", decisions.callers),
                ("mutual TLS", decisions.mutual),
                ("credentials", credentials.fresh),
                ("traps", decisions.traps),
                ("ExtMcp", mcp.mcp),
                ("hostile tokens", hostile.hostile),
                ("token exchange", exchange.exchange),
                ("certificates", certified.certified),
                ("token reviews", reviews.reviews),
                ("three hops", exchange.chain),
                ("nginx", proxies.nginx),
                ("Caddy", proxies.caddy),
                ("other gateways", proxies.original),
                ("reload", operation.reload),
                ("health", operation.health),
                ("reflection", operation.reflection),
                ("restart", operation.restart),
                ("records", operation.audit),
            ]:
                tally.section(name, body, lynxd)
        finally:
            if lynxd.process.poll() is None:
                lynxd.stop()
            if tally.failed:
                print((pathlib.Path(folder) / "log.txt").read_text()[-4000:])
    print(f"lynxd: {tally.passed} passed, {tally.failed} failed")
    return tally.failed


if __name__ == "__main__":
    sys.exit(1 if main(str(pathlib.Path(sys.argv[1]).resolve())) else 0)
