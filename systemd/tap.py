# SPDX-License-Identifier: MIT
"""What the tests of this folder share: TAP, and running a program."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "structure"))
from source import Tap  # noqa: E402,F401 the tests of this folder take it from here


def run(*command, **options):
    """(exit status, lines of standard output and standard error)"""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60,
                          check=False, encoding="utf-8", errors="backslashreplace", **options)
    return done.returncode, done.stdout.splitlines()


def expect_status(result, status):
    """What is wrong if a program did not end with this status: what it said."""
    return [] if result[0] == status else [f"exit status {result[0]}", *result[1]]
