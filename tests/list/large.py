#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A list of 100,000 rows is audited in seconds, and shows how far it is.

usage: large.py HAZEWATCH
"""
import os
import pty
import resource
import subprocess
import sys
import tempfile
import threading
import time

from listed import CONFIG, HAZEWATCH, SAMPLE, WHOLE, audit, content  # sets the path of the next
from source import Tap

ROWS = 100_000
GENEROUS_S = 60  # a second or two where nothing else runs
GENEROUS_KIB = 1024 * 1024


def write_large(path):
    """The sample again and again, each time with other ids."""
    header, *rows = content(SAMPLE).decode().splitlines()
    with open(path, "w", encoding="utf-8") as file:
        file.write(header + "\n")
        for i in range(ROWS):
            file.write(rows[i % len(rows)].replace("-", f"-{i}-", 1) + "\n")


def said_on_terminal(path):
    """What the audit of a file writes to standard error if that is a terminal."""
    ours, theirs = pty.openpty()
    said = []

    def read():
        try:
            while True:
                said.append(os.read(ours, 4096))
        except OSError:
            pass  # the terminal is closed

    with subprocess.Popen([HAZEWATCH, "list", "audit", path, "--config-dir", CONFIG],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=theirs) as child:
        os.close(theirs)
        reader = threading.Thread(target=read)
        reader.start()
        child.wait()
        reader.join()
    os.close(ours)
    return b"".join(said).decode()


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
        said = said_on_terminal(path)
        steps = [f" {pct} % read" for pct in (10, 50, 90)]
        tap.case("on a terminal a long list shows how far it has been read, and wipes it out",
                 [repr(said[-200:])] if any(step not in said for step in steps) or
                 not said.endswith("\r\033[K") else [])
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
