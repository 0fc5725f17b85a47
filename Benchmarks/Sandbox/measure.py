#!/usr/bin/env python3
"""Times the generated `decide` in this machine's kernel: against a program written by hand, and with many rules against few. Then `cedarc compile`.

usage: measure.py CEDARC

Each figure of the kernel is the best of many test runs over 1024 events, in nanoseconds an event, the events' own lookup included in all alike.
Those of the compiler are seconds from start to end, the best of three runs, clang's part of it included, and the seconds of processor time that
they took: on a machine with other work the first say little. The limits are held to the second.
"""
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from time import perf_counter

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
PROGRAMS = os.path.join(ROOT, "Tests", "SandboxCases", "Programs")
READ, WRITE, CONNECT = 1, 2, 29


def wire(events):
    """Events as SandboxEvent+Wire.swift writes them."""

    def number(value):
        return struct.pack("<I", value)

    def text(value):
        data = value.encode()
        return number(len(data)) + data

    out = number(len(events))
    for operation, path, address, *uid in events:
        out += number(operation) + number(1) + number(0) + number(1) + bytes(32)
        out += number(*(uid or [1000])) + number(1000) + number(42) + number(0) + text("python3")
        out += number(0) + number(0) + number(0o644) + number(8) + number(1) + text("ext4") + number(0)
        out += number(4) + bytes(address) + bytes(12) + number(443) + number(6) + number(0) * 8
        out += text("") + number(1) + text("/usr/bin/python3") + number(1) + text(path)
    return out


def paths(count):
    return [f"/srv/data/{i % 97}/reports/file-{i}.json" for i in range(count)]


def directories(count):
    return [f"/var/lib/app{i}/state" for i in range(count)]


def ranges(count):
    return [(10, i % 250, i // 250) for i in range(count)]


def policies(path_count, directory_count, range_count):
    lines = [f'permit (principal, action == Sandbox::Action::"read", resource == Sandbox::File::"{p}");' for p in paths(path_count)]
    lines += [
        f'permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"{d}");'
        for d in directories(directory_count)
    ]
    lines += [
        'permit (principal, action == Sandbox::Action::"connect", resource) '
        f'when {{ resource.address.isInRange(ip("{a}.{b}.{c}.0/24")) && resource.port == 443 }};'
        for a, b, c in ranges(range_count)
    ]
    return "\n".join(lines)


def pairs(count):
    """Rules that differ in two constants each: every directory with a user of its own."""
    return "\n".join(
        f'permit (principal, action == Sandbox::Action::"read", resource in Sandbox::Directory::"{d}") when {{ context.uid == {i} }};'
        for i, d in enumerate(directories(count)))


def time(folder, header, tables, events):
    object_file = os.path.join(folder, "run.o")
    subprocess.run(
        ["clang", "-target", "bpf", "-mcpu=v3", "-O2", "-g", "-I", os.path.join(ROOT, "bpf-templates"), "-I", header]
        + ["-c", os.path.join(PROGRAMS, "run.bpf.c"), "-o", object_file],
        check=True,
    )
    done = subprocess.run(
        [os.path.join(folder, "kernel"), object_file, tables, events, os.path.join(folder, "verdicts")],
        env={**os.environ, "REPEAT": "1000"}, capture_output=True, text=True)
    if done.returncode == 77:
        print("skipped: bpf() is not permitted here")
        sys.exit(0)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return float(done.stdout)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cedarc = os.path.abspath(sys.argv[1])
    random.seed(1)
    folder = tempfile.mkdtemp()
    try:
        subprocess.run(
            ["clang", "-O1", "-I", os.path.join(ROOT, "bpf-templates"), os.path.join(PROGRAMS, "kernel.c"), "-lbpf"]
            + ["-o", os.path.join(folder, "kernel")],
            check=True,
        )

        def path(name):
            return os.path.join(folder, name)

        def write(name, data):
            with open(path(name), "wb") as file:
                file.write(data)

        def compile(name, text):
            write(name + ".cedar", text.encode())
            subprocess.run([cedarc, "compile", path(name + ".cedar"), "-o", path(name)], check=True, stdout=subprocess.DEVNULL)
            return path(name), os.path.join(path(name), "sandbox.tables")

        small = [
            [
                (READ, f"/usr/lib/python3/dist-packages/module{i}.py", (0, 0, 0, 0)),
                (WRITE, f"/var/lib/payments/journal/{i}", (0, 0, 0, 0)),
                (READ, f"/home/agent/.ssh/id_{i}", (0, 0, 0, 0)),
                (CONNECT, "", (10, 1, 2, i % 256)),
            ][i % 4]
            for i in range(1024)
        ]
        write("small.events", wire(small))
        mixed = [
            [
                (READ, random.choice(paths(10)), (0, 0, 0, 0)),
                (READ, f"{random.choice(directories(10))}/a/b/c{i}", (0, 0, 0, 0)),
                (READ, f"/home/user/project/node_modules/x/{i}", (0, 0, 0, 0)),
                (CONNECT, "", random.choice(ranges(10)) + (i % 256,)),
            ][i % 4]
            for i in range(1024)
        ]
        write("mixed.events", wire(mixed))
        os.mkdir(path("hand"))
        shutil.copy(os.path.join(HERE, "small-by-hand.h"), os.path.join(path("hand"), "decide.h"))
        write("none", b"LXT1" + bytes(4))

        with open(os.path.join(HERE, "small.cedar")) as file:
            generated = time(folder, *compile("small", file.read()), path("small.events"))
        hand = time(folder, path("hand"), path("none"), path("small.events"))
        few = time(folder, *compile("few", policies(10, 10, 10)), path("mixed.events"))
        many = time(folder, *compile("many", policies(10_000, 1_000, 1_000)), path("mixed.events"))
        paired = [
            [
                (READ, f"{directories(10)[i % 10]}/a/b/c{i}", (0, 0, 0, 0), i % 10),
                (READ, f"{directories(10)[i % 10]}/a/b/c{i}", (0, 0, 0, 0), (i + 1) % 10),
                (READ, f"/home/user/project/node_modules/x/{i}", (0, 0, 0, 0), i % 10),
                (CONNECT, "", (10, 1, 2, i % 256)),
            ][i % 4]
            for i in range(1024)
        ]
        write("paired.events", wire(paired))
        few_pairs = time(folder, *compile("few-pairs", pairs(10)), path("paired.events"))
        many_pairs = time(folder, *compile("many-pairs", pairs(10_000)), path("paired.events"))

        def compile_time(name, text):
            write(name + ".cedar", text.encode())
            best = (1e9, 1e9)
            for _ in range(3):
                before, start = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
                subprocess.run(
                    [cedarc, "compile", path(name + ".cedar"), "-o", path(name)], check=True, stdout=subprocess.DEVNULL)
                wall, after = perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                best = min(best[0], wall), min(best[1], used)
            return best

        hundred = compile_time("hundred", policies(60, 20, 20))
        thousands = compile_time("thousands", policies(8_000, 1_000, 1_000))
        thousands_pairs = compile_time("thousands-pairs", pairs(10_000))
        print(f"small.cedar, generated             {generated:7.1f} ns")
        print(f"small.cedar, by hand               {hand:7.1f} ns   generated is {generated / hand:.2f} of it")
        print(f"10 paths, 10 directories, 10 ranges{few:7.1f} ns")
        print(f"10,000 paths, 1,000 and 1,000      {many:7.1f} ns   {many / few:.2f} times as much")
        print(f"10 directories, each with a user   {few_pairs:7.1f} ns")
        print(f"10,000 of them                     {many_pairs:7.1f} ns   {many_pairs / few_pairs:.2f} times as much")
        print(f"cedarc compile, 100 rules          {hundred[0]:7.2f} s    {hundred[1]:.2f} s of the processor")
        print(f"10,000 rules                       {thousands[0]:7.2f} s    {thousands[1]:.2f} s of the processor")
        print(f"10,000 rules with two constants    {thousands_pairs[0]:7.2f} s    {thousands_pairs[1]:.2f} s of the processor")
        good = generated <= 1.25 * hand and many <= 2 * few and many_pairs <= 2 * few_pairs
        sys.exit(0 if good and hundred[1] < 1 and thousands[1] < 5 and thousands_pairs[1] < 5 else 1)
    finally:
        shutil.rmtree(folder)


main()
