#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The fault catalogue: what is done to a station, what is promised then, and what was seen.

usage: drills.py BUILD-FOLDER [ROW...]     run the drills, of all rows or of these
       drills.py --of LOG.json...          what runs of `meson test` before have seen of them
       drills.py --check BUILD-FOLDER      every drill that is named exists (TAP)

A drill is a test that exists for its own sake: here stands only which row it is of. Exit status of
the first two: 0 if every row with a drill was seen to keep its promise or was skipped with a reason.
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
# pylint: disable=wrong-import-position
from source import Tap, read  # noqa: E402
from tally import tap_cases  # noqa: E402

CATALOGUE = os.path.join("tests", "tools", "faults.txt")
LABEL = "drills"


class Row:
    """A line of the catalogue, and its drills: (test of meson, its case or None for all of it)."""

    def __init__(self, group, line):
        self.group = group
        self.number, self.injected, self.promised, drills = (
            part.strip() for part in line.split("|"))
        self.drills = [tuple((drill.split(":") + [None])[:2]) for drill in drills.split()]


def catalogue():
    rows, group = [], ""
    for line in read(CATALOGUE).splitlines():
        if line.startswith("# ") or not line:
            continue
        if "|" in line:
            rows.append(Row(group, line))
        else:
            group = line
    return rows


# ---- does what is named exist? ----

def tests_of(folder):
    printed = subprocess.run(["meson", "introspect", "--tests", folder], capture_output=True,
                             text=True, check=True).stdout
    return {test["name"]: test for test in json.loads(printed)}


def source_of(test):
    """The text of a test's program: a script, or tests/unit/check_NAME.c."""
    for part in test["cmd"]:
        name = os.path.basename(part)
        path = os.path.relpath(part, ROOT) if name.endswith(".py") else f"tests/unit/{name}.c"
        if os.path.isfile(path):
            return read(path)
    return ""


def missing(rows, folder):
    tests = tests_of(folder)
    for row in rows:
        for test, case in row.drills:
            if test not in tests:
                yield f"row {row.number}: there is no test {test}"
            elif case and not re.search(rf"\bdef {case}\(|\bSTART_TEST\({case}\)",
                                        source_of(tests[test])):
                yield f"row {row.number}: {test} has no {case}"


def check(folder):
    tap, rows = Tap(), catalogue()
    numbers = [int(row.number) for row in rows]
    tap.case("the catalogue has its rows from 1 on, each once",
             [] if numbers == list(range(1, len(numbers) + 1)) else [str(numbers)])
    tap.case("each says what is done and what is promised",
             [row.number for row in rows if not (row.injected and row.promised)])
    tap.case("every drill that the catalogue names exists", missing(rows, folder))
    tap.case("a drill that does not exist would be noticed", [] if len(list(missing(
        [Row("", "1 | x | y | no-such-test yaml:no_such_case")], folder))) == 2 else ["it is not"])
    tap.done()


# ---- what was seen ----

def read_logs(paths):
    """{(test, case): [(outcome, reason)]}, with case None for the whole program. What again.json
    has of a program is instead of what was before."""
    seen = {}
    for path in paths:
        again = os.path.basename(path) == "again.json"
        with open(path, encoding="utf-8", errors="replace") as file:
            for entry in map(json.loads, file):
                test = entry["name"].split(" / ")[-1]
                if again:
                    seen = {key: said for key, said in seen.items() if key[0] != test}
                whole = "passed" if entry["result"] in ("OK", "SKIP") else "failed"
                seen.setdefault((test, None), []).append((whole, entry["result"].lower()))
                for outcome, name, reason in tap_cases(entry.get("stdout", "")):
                    key = test, re.sub(r"[^\w]+", "_", name)
                    seen.setdefault(key, []).append((outcome, reason))
    return seen


def verdict(row, seen):
    """(how it went in a word, reasons)"""
    if not row.drills:
        return "no drill", []
    reasons, outcomes = [], []
    for test, case in row.drills:
        of = seen.get((test, case), [("not run", "")])
        outcomes += [outcome for outcome, _ in of]
        reasons += [": ".join(filter(None, (test, case and case.replace("_", " "), outcome, reason
                                            if outcome == "skipped" else "")))
                    for outcome, reason in of if outcome != "passed"]
    for word in ("failed", "not run", "skipped"):
        if word in outcomes:
            return {"failed": "BROKEN"}.get(word, word), reasons
    return "kept", [f"{len(outcomes)} drill{'s' if len(outcomes) > 1 else ''}"]


def print_table(rows, seen):
    """Exit status."""
    counts, group = {}, None
    print(f"{'row':>3}  {'injected':40}  {'promised':56}  seen")
    for row in rows:
        if row.group != group:
            group = row.group
            print(f"     -- {group}")
        word, reasons = verdict(row, seen)
        counts[word] = counts.get(word, 0) + 1
        print(f"{row.number:>3}  {row.injected:40}  {row.promised:56}  {word}"
              f"{': ' + reasons[0] if word == 'kept' else ''}")
        if word != "kept":
            print("".join(f"       {reason}\n" for reason in reasons), end="")
    print("rows: " + ", ".join(f"{n} {word}" for word, n in sorted(counts.items())))
    return 1 if counts.get("BROKEN") or counts.get("not run") else 0


def drill(folder, numbers):
    rows = [row for row in catalogue() if not numbers or row.number in numbers]
    tests = sorted({test for row in rows for test, _ in row.drills})
    log = os.path.join(folder, "meson-logs", LABEL + ".json")
    if tests:
        print(f"{len(tests)} programs of tests have the drills of {len(rows)} rows.", flush=True)
        subprocess.run(["meson", "test", "-C", folder, "--no-rebuild", "--logbase", LABEL, *tests],
                       stdin=subprocess.DEVNULL, check=False)
    return print_table(rows, read_logs([log] if tests else []))


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if len(sys.argv) > 1 else 64
    if sys.argv[1] == "--check":
        return check(sys.argv[2])
    if sys.argv[1] == "--of":
        return print_table(catalogue(), read_logs(sys.argv[2:]))
    return drill(sys.argv[1], sys.argv[2:])


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
