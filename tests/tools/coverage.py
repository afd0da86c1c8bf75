#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How many lines of each room the tests reach, held against the goals.

usage: coverage.py BUILD-FOLDER

The folder was set up with -Db_coverage=true, and tests were run in it. gcov, which comes with gcc,
reads what they left. A line counts as reached if any program reached it. Exit status: 1 below a goal.
"""
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GOALS = {"rules": 95, "sensors": 95, "storage": 95, "daemon": 85}  # per cent of lines
WORST = 15


def counts(build):
    """{file of a room: {line: True if it was reached}}"""
    notes = [os.path.abspath(path) for path in
             glob.glob(os.path.join(glob.escape(build), "**", "*.gcno"), recursive=True)
             if os.path.relpath(path, build).split(os.sep)[0] in GOALS]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["gcov", "--json-format", "--hash-filenames", *notes], cwd=folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit("\n".join(line for line in done.stderr.splitlines()
                               if "assuming not executed" not in line) or "gcov failed")
        for path in glob.glob(os.path.join(folder, "*.gcov.json.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as file:
                take(json.load(file), os.path.abspath(build), found)
    return found


def take(report, build, found):
    for file in report["files"]:
        path = os.path.relpath(os.path.join(build, file["file"]), ROOT)
        if path.split(os.sep)[0] in GOALS and path.endswith(".c"):
            lines = found.setdefault(path, {})
            for line in file["lines"]:
                number = line["line_number"]
                lines[number] = lines.get(number, False) or line["count"] > 0


def share(lines):
    return 100 * sum(lines) / len(lines) if lines else 0.0


def main():
    found = counts(sys.argv[1])
    below = []
    print(f"{'room':24} {'lines':>7} {'reached':>8}")
    for room, goal in GOALS.items():
        lines = [hit for path, of in found.items() if path.startswith(room + "/")
                 for hit in of.values()]
        print(f"{room:24} {len(lines):7} {share(lines):7.1f} %   goal {goal} %")
        below += [room] if share(lines) < goal else []
    for room in sorted({os.path.dirname(path) for path in found if path.count("/") > 1}):
        lines = [hit for path, of in found.items() if os.path.dirname(path) == room
                 for hit in of.values()]
        print(f"  {room:22} {len(lines):7} {share(lines):7.1f} %")
    print(f"The {WORST} files with the most lines that no test reaches:")
    for path in sorted(found, key=lambda each: sum(found[each].values()) - len(found[each]))[:WORST]:
        lines = found[path].values()
        print(f"  {path:40} {len(lines) - sum(lines):5} of {len(lines)}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
