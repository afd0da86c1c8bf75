#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How far a command is: told on a terminal once it takes longer than 2 s, and nowhere else.

usage: progress.py HAZEWATCH
"""
import os
import subprocess
import sys
import tempfile

from replayed import CONFIG, HAZEWATCH, csv_of  # sets the paths of the next one
from source import Tap
from terminal import is_taken_away, progress, run_on_terminal

HURRY = os.path.join(os.path.dirname(HAZEWATCH), "..", "tests", "integration", "libhurry.so")
HOURS = 1200
TEXT = csv_of({400000 + hour: (35000, 60000, 8000, 30000, 900, 70000) for hour in range(HOURS)})
FAST = {"LD_PRELOAD": HURRY}  # 1.5 s a look at the clock


def run(words, stderr, **environment):
    done = subprocess.run([HAZEWATCH, *words], input=TEXT, stdout=subprocess.DEVNULL, stderr=stderr, text=True,
                          check=False, env=os.environ | environment)
    return done.returncode, done.stderr


def check(tap, name, words):
    (code, _), shown = run_on_terminal(lambda stderr: run(words(), stderr, **FAST))
    told = progress(name, "hour", shown)
    wrong = [] if code == 0 and told and all(of == HOURS for _, of in told) else [f"{code}: {shown[:200]!r}"]
    tap.case(f"{name} tells a terminal how far it is", wrong)
    tap.case(f"{name} tells it not before 2 s have gone by", [] if told and told[0][0] > 1 else [str(told[:1])])
    tap.case(f"{name} takes the line away in the end", [] if is_taken_away("hour", shown) else [shown[-99:]])
    code, shown = run(words(), subprocess.PIPE, **FAST)
    tap.case(f"{name} tells a pipe nothing of it", [] if (code, shown) == (0, "") else [f"{code}: {shown[:200]!r}"])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        check(tap, "replay", lambda: ["replay", "--config-dir", CONFIG, "-"])
        check(tap, "import", lambda: ["import", "--config-dir", CONFIG, "--dir", tempfile.mkdtemp(dir=folder), "-"])
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
