"""Measures cedarc and cedarpy (the reference engine behind a Python interface) side by side, on the same scenarios.

    python Benchmarks/peers.py --cedarc PATH --out FILE [--rounds N] [--seconds S] [--only PREFIX...] FOLDER...

Of a scenario that several folders have, the first folder's is taken. In each round cedarpy and cedarc take turns, and the ratio
is of the two in that round. A call of cedarpy costs some microseconds for the way in and out, so the time of the same calls on
an empty set of policies is taken off. The answers to every request are compared before anything is measured.

cedar-go is not run: its figures are those that were measured beside cedarpy's on another machine (CEDAR_GO below), scaled by what
cedarpy takes in this run.
"""

import argparse
import gc
import json
import os
import re
import statistics
import subprocess
import sys
import time

import cedarpy

# Nanoseconds a decision of cedar-go and of cedarpy less its empty set, on the scenarios of the shared folder, measured in one run.
CEDAR_GO = {
    "one": (218, 513),
    "tinytodo-5": (1_216, 5_273),
    "gdrive-5": (1_296, 5_493),
    "gdrive-50": (18_391, 5_985),
    "gdrive-10k": (273_226, 8_731),
    "github-50": (17_930, 10_799),
    "acl-10": (543, 7_771),
    "acl-1000": (36_843, 713_889),
    "acl-10000": (515_351, 10_161_326),
    "rbac-10": (3_597, 13_561),
    "rbac-1000": (1_117_111, 806_258),
    "rbac-10000": (17_990_484, 13_790_887),
    "abac-10": (773, 8_679),
    "abac-1000": (67_768, 856_753),
    "ext": (1_521, 15_978),
}
# The empty set has no figure of cedarpy's to scale by: that of the set of one policy stands in.
CEDAR_GO_EMPTY = 180


class Scenario:
    def __init__(self, folder):
        self.name = os.path.basename(folder)
        self.folder = folder
        # Only the shared scenarios are the ones that cedar-go's figures are of; they come with expected answers.
        self.is_shared = os.path.exists(self.path("expected.json"))
        with open(self.path("requests.json"), encoding="utf-8") as file:
            self.requests = json.load(file)
        # The form that cedarpy hands on as it is.
        self.calls = [
            {**request, "context": json.dumps(request.get("context", {}))} for request in self.requests
        ]

    def path(self, file):
        return os.path.join(self.folder, file)

    def text(self, file):
        with open(self.path(file), encoding="utf-8") as input:
            return input.read()


class Peer:
    """cedarpy with everything parsed beforehand."""

    def __init__(self, scenario):
        policies, entities = scenario.text("policies.cedar"), scenario.text("entities.json")
        self.policies_load, self.policies = timed(lambda: cedarpy.PolicySet.from_str(policies))
        self.entities_load, self.entities = timed(lambda: cedarpy.Entities.from_json_str(entities))
        self.empty = cedarpy.PolicySet.from_str("")
        self.calls = scenario.calls

    def answers(self):
        results = cedarpy.is_authorized_batch(self.calls, self.policies, self.entities)
        return [
            (str(result.decision.value).lower(), sorted(result.diagnostics.reasons), sorted(map(failed_policy, result.diagnostics.errors)))
            for result in results
        ]

    def decision(self, seconds):
        """Nanoseconds a decision, less those of the empty set: medians of passes over the requests, which take turns too."""
        full, empty = [], []
        while not full or sum(full) + sum(empty) < seconds:
            full.append(timed(lambda: cedarpy.is_authorized_batch(self.calls, self.policies, self.entities))[0])
            empty.append(timed(lambda: cedarpy.is_authorized_batch(self.calls, self.empty, self.entities))[0])
        return max(0.0, statistics.median(full) - statistics.median(empty)) / len(self.calls) * 1e9


def failed_policy(message):
    """The id in an error of cedarpy's, which is a text."""
    found = re.match(r"error while evaluating policy `(.*?)`: ", message, re.DOTALL)
    return found.group(1) if found else message


def timed(body):
    start = time.perf_counter()
    result = body()
    return time.perf_counter() - start, result


def cedarc_answers(cedarc, scenario):
    output = subprocess.run(
        [cedarc, "authorize", "-p", scenario.path("policies.cedar"), "--entities", scenario.path("entities.json"),
         "--requests", scenario.path("requests.json")],
        check=True, capture_output=True, text=True).stdout
    answers = [json.loads(line) for line in output.splitlines()]
    return [
        (answer["decision"], sorted(answer["reasons"]), sorted(error["policy"] for error in answer["errors"])) for answer in answers
    ]


def cedarc_figures(cedarc, scenario, seconds):
    arguments = [cedarc, "bench", "-p", scenario.path("policies.cedar"), "--entities", scenario.path("entities.json"),
                 "--requests", scenario.path("requests.json"), "--seconds", str(seconds), "--format", "json"]
    return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout)


def measure(scenario, cedarc, rounds, seconds):
    peer = Peer(scenario)
    if peer.answers() != cedarc_answers(cedarc, scenario):
        sys.exit(f"{scenario.name}: cedarc and cedarpy do not answer alike")
    peer_times, ours = [], []
    for _ in range(rounds):
        peer_times.append(peer.decision(seconds))
        ours.append(cedarc_figures(cedarc, scenario, seconds))
    return {
        "scenario": scenario.name,
        "shared": scenario.is_shared,
        "policies": ours[0]["policies"],
        "entities": ours[0]["entities"],
        "cedarc": [figures["nanosecondsPerDecision"] for figures in ours],
        "sampled": any(figures["requestsMeasured"] < figures["requests"] for figures in ours),
        "p99": statistics.median(figures["p99"] for figures in ours),
        "cedarpy": peer_times,
        "peakResidentBytes": max(figures["peakResidentBytes"] for figures in ours),
        "load": {
            "cedarc": {
                part: statistics.median(figures[f"{part}LoadMilliseconds"] for figures in ours)
                for part in ("policies", "entities")
            },
            "cedarpy": {"policies": peer.policies_load * 1e3, "entities": peer.entities_load * 1e3},
        },
    }


def go_figure(result, results):
    """What cedar-go would take here, if it is to cedarpy as it was."""
    reference = "one" if result["scenario"] == "empty" else result["scenario"]
    measured = next((other for other in results if other["scenario"] == reference and other["shared"]), None)
    if not result["shared"] or measured is None or reference not in CEDAR_GO:
        return None
    go, cedarpy_then = CEDAR_GO[reference]
    if result["scenario"] == "empty":
        go = CEDAR_GO_EMPTY
    return go * statistics.median(measured["cedarpy"]) / cedarpy_then


def ratios(result):
    if result["policies"] == 0:
        return None
    return sorted(peer / ours for peer, ours in zip(result["cedarpy"], result["cedarc"]))


def factor(value):
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def table(rows, head):
    widths = [max(len(row[column]) for row in rows + [head]) for column in range(len(head))]
    lines = []
    for row in [head] + rows:
        cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        lines.append("| " + " | ".join(cells) + " |")
    rule = ["-" * width for width in widths]
    lines.insert(1, "| " + " | ".join([rule[0]] + [dashes[:-1] + ":" for dashes in rule[1:]]) + " |")
    return "\n".join(lines)


def decisions_table(results):
    head = ["scenario", "policies", "entities", "cedarc ns", "spread", "p99 ns", "cedarpy ns", "times min", "median", "max",
            "cedar-go ns, scaled", "times"]
    rows = []
    for result in results:
        ours = statistics.median(result["cedarc"])
        times, go = ratios(result), go_figure(result, results)
        spread = f"{min(result['cedarc']):,.0f}-{max(result['cedarc']):,.0f}"
        rows.append(
            [result["scenario"], f"{result['policies']:,}", f"{result['entities']:,}",
             f"{ours:,.0f}" + ("*" if result["sampled"] else ""), spread,
             f"{result['p99']:,.0f}"]
            + ([f"{statistics.median(result['cedarpy']):,.0f}", factor(times[0]), factor(statistics.median(times)), factor(times[-1])]
               if times else ["-"] * 4)
            + ([f"{go:,.0f}", factor(go / ours)] if go else ["-"] * 2))
    return table(rows, head)


def load_table(results):
    head = ["scenario", "policies ms", "cedarpy ms", "times", "entities ms", "cedarpy ms", "times", "peak MB"]
    rows = []
    for result in results:
        row = [result["scenario"]]
        for part in ("policies", "entities"):
            ours, peer = (result["load"][engine][part] for engine in ("cedarc", "cedarpy"))
            row += [f"{ours:,.1f}", f"{peer:,.1f}", factor(peer / ours) if ours else "-"]
        rows.append(row + [f"{result['peakResidentBytes'] / 1e6:,.1f}"])
    return table(rows, head)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cedarc", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each engine, scenario and round")
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of names")
    parser.add_argument("folders", nargs="+")
    arguments = parser.parse_args()

    folders = {}
    for folder in arguments.folders:
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            path = os.path.join(folder, name)
            wanted = not arguments.only or any(name.startswith(prefix) for prefix in arguments.only)
            if wanted and os.path.exists(os.path.join(path, "requests.json")):
                folders.setdefault(name, path)
    # Its pauses would fall on one of the two only.
    gc.disable()
    results = []
    for name in sorted(folders):
        print(f"{name} ...", file=sys.stderr)
        results.append(measure(Scenario(folders[name]), arguments.cedarc, arguments.rounds, arguments.seconds))
    results.sort(key=lambda result: (result["scenario"].split("-")[0], result["policies"], result["entities"]))
    with open(arguments.out, "w", encoding="utf-8") as output:
        json.dump(results, output, indent=1)
    print(f"One decision; {arguments.rounds} rounds, medians. cedarpy {CEDARPY_VERSION}, less its time for an empty set.\n")
    print(decisions_table(results))
    if any(result["sampled"] for result in results):
        print("\n* an even sample of the requests, because all of them would have taken too long")
    print("\nFrom files to the first decision; cedarpy loads once, and its time does not include reading the files.\n")
    print(load_table(results))


try:
    from importlib.metadata import version

    CEDARPY_VERSION = version("cedarpy")
except ImportError:
    CEDARPY_VERSION = "?"

if __name__ == "__main__":
    main()
