"""Counts the processor instructions of a decision with valgrind's callgrind, and holds them against those on record.

    python3 Benchmarks/instructions.py --program PATH --record FILE (--check | --write) FOLDER

The program decides the requests of a scenario a given number of times (`decide POLICIES ENTITIES REQUESTS DECISIONS`). Counted are
two runs, of N and of 2N decisions; the difference is N decisions without start-up and loading. Unlike times, such counts hardly
depend on the machine or on what else it does.

A file on record has a scenario a line: its name, N, the instructions of a decision.
"""

import argparse
import concurrent.futures
import os
import re
import subprocess
import sys

# By how much a count may differ from the one on record, to either side: what has become cheaper must stay so.
TOLERANCE = 0.05


def instructions(program, scenario, decisions):
    files = [os.path.join(scenario, name) for name in ("policies.cedar", "entities.json", "requests.json")]
    # Hash seeds would make runs differ.
    environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, *files, str(decisions)],
        capture_output=True, text=True, env=environment)
    counted = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not counted:
        sys.exit(f"{scenario}: callgrind failed\n{run.stderr}")
    return int(counted.group(1))


def of_decision(program, scenario, decisions):
    less, more = (instructions(program, scenario, count) for count in (decisions, 2 * decisions))
    return (more - less) / decisions


def read(record):
    with open(record, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if line.strip() and not line.startswith("#")]
    return [(name, int(decisions), float(count)) for name, decisions, count in lines]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--record", required=True)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--write", action="store_true")
    parser.add_argument("folder")
    arguments = parser.parse_args()

    on_record = read(arguments.record)

    def measure(entry):
        name, decisions, _ = entry
        return of_decision(arguments.program, os.path.join(arguments.folder, name), decisions)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(measure, on_record))

    grown, shrunk = [], []
    print(f"{'scenario':<14} {'on record':>14} {'now':>14} {'change':>9}")
    for (name, _, before), now in zip(on_record, counts):
        change = f"{(now / before - 1) * 100:+.1f} %" if before else "new"
        print(f"{name:<14} {before:>14,.0f} {now:>14,.0f} {change:>9}")
        if before and now > before * (1 + TOLERANCE):
            grown.append(name)
        elif before and now < before * (1 - TOLERANCE):
            shrunk.append(name)
    if arguments.write:
        with open(arguments.record, encoding="utf-8") as file:
            comments = [line for line in file if line.startswith("#")]
        with open(arguments.record, "w", encoding="utf-8") as file:
            file.writelines(comments)
            file.writelines(f"{name}\t{decisions}\t{now:.0f}\n" for (name, decisions, _), now in zip(on_record, counts))
    elif grown or shrunk:
        for names, direction in ((grown, "more"), (shrunk, "fewer")):
            if names:
                print(f"a decision takes over {TOLERANCE:.0%} {direction} instructions than on record: {', '.join(names)}", file=sys.stderr)
        sys.exit("where that is meant, `make bench-instructions` puts the new counts on record")


if __name__ == "__main__":
    main()
