# SPDX-License-Identifier: MIT
"""What the tests of this folder share: TAP, and running a program."""
import subprocess
import sys


class Tap:
    """Prints TAP; a case's name is a sentence, what contradicts it follows as comments."""

    def __init__(self):
        self.count = self.failures = 0

    def case(self, name, wrong):
        """`wrong` lists what contradicts the name; empty means the case passed."""
        wrong = list(wrong)
        self.count += 1
        self.failures += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in wrong:
            print(f"#   {line}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failures else 0)


def run(*command, **options):
    """(exit status, lines of standard output and standard error)"""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=60,
                          check=False, encoding="utf-8", errors="backslashreplace", **options)
    return done.returncode, done.stdout.splitlines()


def expect_status(result, status):
    """What is wrong if a program did not end with this status: what it said."""
    return [] if result[0] == status else [f"exit status {result[0]}", *result[1]]
