#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A list of 100,000 rows is audited in seconds, and shows how far it is.

usage: large.py HAZEWATCH
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

from listed import CONFIG, HAZEWATCH, SAMPLE, WHOLE, audit, content  # sets the path of the next
from source import Tap
from terminal import is_taken_away, progress, run_on_terminal

ROWS = 100_000
HURRY = os.path.join(os.path.dirname(HAZEWATCH), "..", "tests", "integration", "libhurry.so")
GENEROUS_S = 60  # a second or two where nothing else runs
GENEROUS_KIB = 1024 * 1024


def write_large(path):
    """The sample again and again, each time with other ids."""
    header, *rows = content(SAMPLE).decode().splitlines()
    with open(path, "w", encoding="utf-8") as file:
        file.write(header + "\n")
        for i in range(ROWS):
            file.write(rows[i % len(rows)].replace("-", f"-{i}-", 1) + "\n")


def audit_hurrying(path, stderr):
    """With a clock that goes 1.5 s at each look at it."""
    subprocess.run([HAZEWATCH, "list", "audit", path, "--config-dir", CONFIG],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
                   check=False, env=os.environ | {"LC_ALL": "C.UTF-8", "LD_PRELOAD": HURRY})


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="hazewatch-large-") as folder:
        path = os.path.join(folder, "large.csv")
        write_large(path)
        since = time.monotonic()
        done = audit(path, "--denominator", WHOLE)
        took = time.monotonic() - since
        kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"# {ROWS} rows, {os.path.getsize(path) // 1024} KiB, {took:.2f} s, {kib} KiB")
        wrong = [] if done.returncode == 0 and f"{ROWS} sources" in done.stdout else [done.stderr[:500]]
        wrong += [] if took < GENEROUS_S else [f"{took:.1f} s"]
        wrong += [] if kib < GENEROUS_KIB else [f"{kib} KiB"]
        tap.case(f"{ROWS} rows are audited within {GENEROUS_S} s and a GiB of memory", wrong)
        _, said = run_on_terminal(lambda stderr: audit_hurrying(path, stderr))
        told = [done * 10 // of for done, of in progress("list", "byte", said) if of == os.path.getsize(path)]
        tap.case("on a terminal a long list shows how far it has been read, and wipes it out",
                 [repr(said[-200:])] if not {1, 5, 9} <= set(told) or not is_taken_away("byte", said) else [])
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
