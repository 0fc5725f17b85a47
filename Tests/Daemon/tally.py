"""Counts what held and what did not."""


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, rule, holds, seen=None):
        """States a rule; `seen` is shown when it does not hold."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {rule}" + (f"\n    seen: {seen}" if seen is not None else ""), flush=True)
        return holds

    def equal(self, rule, seen, expected):
        return self.check(rule, seen == expected, f"{seen!r}, expected {expected!r}")

    def section(self, name, body, *arguments):
        """Runs checks that go together; what they throw is a failure, and the others still run."""
        before = (self.passed, self.failed)
        try:
            body(self, *arguments)
        except Exception as error:  # noqa: BLE001
            import traceback

            self.failed += 1
            print(f"FAILED: {name} ended early: {error!r}", flush=True)
            traceback.print_exc()
        print(f"{name}: {self.passed - before[0]} passed, {self.failed - before[1]} failed", flush=True)
