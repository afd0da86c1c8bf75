#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What test.sh counts: runs of made-up programs, first and second, and the closing line of each."""
import json
import os
import subprocess
import sys
import tempfile

from source import ROOT, Tap

TALLY = os.path.join(ROOT, "tests", "tools", "tally.py")
GOOD, BAD = "1..1\nok 1 - it holds\n", "1..1\nnot ok 1 - it holds\n"


def program(suites, stdout):
    return {"name": f"hazewatch:{suites} / watch", "stdout": stdout, "stderr": "", "duration": 1,
            "result": "OK" if stdout == GOOD else "FAIL"}


def ask(first, second, *options):
    """(exit status, what is printed) after a first run of a program, and a second if not None"""
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for kind, entry in (("meson", first), ("again", second)):
            if entry:
                log = os.path.join(folder, f"{kind}.json")
                with open(log, "w", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")
                rows.append(f"{kind}\t{kind}\t{log}\t{int(entry['result'] != 'OK')}\n")
        path = os.path.join(folder, "tally")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(rows)
        done = subprocess.run([sys.executable, "-B", TALLY, *options, path], capture_output=True,
                              text=True, check=False)
    return done.returncode, done.stdout


def counted(first, second, status, *words):
    seen, text = ask(first, second)
    problems = [] if seen == status else [f"exit status {seen}"]
    return problems + [f"no '{word}' in: {text}" for word in words if word not in text]


def main():
    tap = Tap()
    bad, good = program("full+timed", BAD), program("full+timed", GOOD)
    tap.case("what fails is counted and the exit status says so",
             counted(bad, None, 1, "FAILED: meson: watch: it holds", "0 passed, 1 failed"))
    tap.case("what passes is counted", counted(good, None, 0, "1 passed, 0 failed, 0 skipped"))
    tap.case("what passes when it runs alone has passed, and what it said at first is told",
             counted(bad, good, 0, "failed at first, passed when it ran alone: meson: watch",
                     "not ok 1 - it holds", "1 passed, 0 failed"))
    tap.case("what fails alone, too, has failed once",
             counted(bad, bad, 1, "FAILED: meson: watch: it holds", "0 passed, 1 failed"))
    tap.case("only what measures moments is run again",
             [text for entry, expected in ((bad, "watch\n"), (good, ""), (program("full", BAD), ""))
              for _, text in [ask(entry, None, "--failed-timed")] if text != expected])
    tap.done()


if __name__ == "__main__":
    main()
