"""Makes Sources/LynxCedar/Validation/Unicode/UnicodeTables.swift from the data files of one Unicode version.

    python3 Tests/Unicode/generate.py FOLDER > Sources/LynxCedar/Validation/Unicode/UnicodeTables.swift

FOLDER holds Scripts.txt, ScriptExtensions.txt and PropertyValueAliases.txt of https://www.unicode.org/Public/16.0.0/ucd/, IdentifierStatus.txt
of https://www.unicode.org/Public/security/16.0.0/, and https://www.unicode.org/license.txt. Files of different versions are refused.

The version is the one that the reference engine (4.12) warns by. It matters: Unicode 17 took some 79,000 scalars, most of the Han script among
them, out of what identifiers may have.
"""

import pathlib
import re
import sys

LAST_SCALAR = 0x10FFFF
WORD = (1 << 64) - 1

# UTS 39, 5.1: the writing systems of several scripts, which the script sets are augmented with.
WRITING_SYSTEMS = {
    "Hanb": {"Hani", "Bopo"},
    "Jpan": {"Hani", "Hira", "Kana"},
    "Kore": {"Hani", "Hang"},
}
# The scripts that every set is compatible with, and the one of unassigned and private scalars, which none is.
EVERYTHING = {"Zyyy", "Zinh"}
NOTHING = "Zzzz"


class DataFolder:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.version = None

    def text(self, name):
        return (self.path / name).read_text(encoding="utf-8")

    def lines(self, name):
        """The fields of each line of a data file, comments left out."""
        text = self.text(name)
        version = re.search(r"^# (?:\w+-|Version: )(\d+\.\d+\.\d+)", text, re.MULTILINE)[1]
        if self.version not in (None, version):
            sys.exit(f"{name} is of Unicode {version}, another file of {self.version}")
        self.version = version
        for line in text.splitlines():
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) > 1:
                yield fields

    def ranges(self, name):
        """What a data file says of the ranges of scalars that it lists."""
        for scalars, value in self.lines(name):
            first, _, last = scalars.partition("..")
            yield range(int(first, 16), int(last or first, 16) + 1), value


def script_names(folder):
    return {long: short for kind, short, long, *_ in folder.lines("PropertyValueAliases.txt") if kind == "sc"}


def scripts_of_scalars(folder, names):
    """Script_Extensions of every scalar: its own line there, else its script."""
    scripts = [frozenset([NOTHING])] * (LAST_SCALAR + 1)
    for scalars, name in folder.ranges("Scripts.txt"):
        value = frozenset([names[name]])
        for scalar in scalars:
            scripts[scalar] = value
    for scalars, listed in folder.ranges("ScriptExtensions.txt"):
        value = frozenset(listed.split())
        for scalar in scalars:
            scripts[scalar] = value
    return scripts


def augmented(scripts):
    return scripts | {system for system, members in WRITING_SYSTEMS.items() if scripts & members}


def is_allowed(folder):
    allowed = [False] * (LAST_SCALAR + 1)
    for scalars, status in folder.ranges("IdentifierStatus.txt"):
        for scalar in scalars:
            allowed[scalar] = status == "Allowed"
    return allowed


def starts(values):
    """Where in a list a value begins that the place before does not have."""
    return [place for place, value in enumerate(values) if place == 0 or value != values[place - 1]]


def wrapped(items, width=140, indentation=8):
    line = " " * indentation
    for item in items:
        if len(line) + len(item) + 2 > width:
            yield line.rstrip()
            line = " " * indentation
        line += item + ", "
    yield line.rstrip()


def main():
    folder = DataFolder(sys.argv[1])
    names = script_names(folder)
    of_scalars = scripts_of_scalars(folder, names)
    allowed = is_allowed(folder)

    listed = sorted(set().union(*set(of_scalars)) - EVERYTHING - {NOTHING})
    bits = {script: bit for bit, script in enumerate(listed + sorted(WRITING_SYSTEMS))}
    assert len(bits) <= 3 * 64, "ScriptSet has to grow"

    # A set of one script needs no entry in the list of sets: its number is that of the script's bit.
    sets = sorted({tuple(sorted(augmented(scripts))) for scripts in set(of_scalars) if not scripts & EVERYTHING and NOTHING not in scripts})
    sets = [members for members in sets if len(members) > 1]
    # ScriptSet.everything and ScriptSet.nothing come after the bits, and then the list.
    first = 3 * 64 + 2
    assert first + len(sets) <= 1 << 11, "a set's number no longer fits beside the scalar"

    def number(scripts):
        if scripts & EVERYTHING:
            return 3 * 64
        if NOTHING in scripts:
            return 3 * 64 + 1
        members = tuple(sorted(augmented(scripts)))
        return first + sets.index(members) if len(members) > 1 else bits[members[0]]

    numbers = {scripts: number(scripts) for scripts in set(of_scalars)}
    numbered = [numbers[scripts] for scripts in of_scalars]

    print("// Made by Tests/Unicode/generate.py from data files of Unicode; not to be edited. Their licence:")
    print("//")
    for line in folder.text("license.txt").strip().splitlines():
        print(f"// {line}".rstrip())
    print(f"""
/// What Unicode {folder.version} says of the scripts of scalars and of their use in identifiers.
///
/// The entries of each table ascend, for binary search.
enum UnicodeTables {{
    static let version = "{folder.version}"

    /// Where a run of scalars with the same set of scripts begins (the upper 21 bits), and that set's number (the lower 11):
    /// that of a script's bit, {3 * 64} for every script, {3 * 64 + 1} for none, and from {first} on an entry of `scriptSets`.
    static let scriptRuns: [UInt32] = [""")
    print("\n".join(wrapped(f"0x{start << 11 | numbered[start]:X}" for start in starts(numbered))))
    print("""    ]

    /// The sets of several scripts, augmented with the writing systems of UTS 39, 5.1.
    static let scriptSets: [ScriptSet] = [""")
    for members in sets:
        mask = sum(1 << bits[script] for script in members)
        words = ", ".join(f"0x{mask >> shift & WORD:X}" for shift in (0, 64, 128))
        print(f"        ScriptSet({words}),  // {' '.join(members)}")
    print("""    ]

    /// Where the scalars with Identifier_Status Allowed begin, end, begin again, and so on.
    static let identifierBoundaries: [UInt32] = [""")
    # Scalar 0 is restricted: every second boundary, from the first on, begins a run of allowed scalars.
    assert not allowed[0]
    print("\n".join(wrapped(f"0x{start:X}" for start in starts(allowed)[1:])))
    print("    ]\n}")


main()
