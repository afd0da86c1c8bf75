# SPDX-License-Identifier: MIT
"""Runs integration tests and prints TAP; a signal ends them in good order."""
import contextlib
import os
import signal
import sys
import time
import traceback

import harness


class Skipped(Exception):
    """The machine cannot do what the test needs; says what."""


class Interrupted(BaseException):
    """A signal asked the test to end; not an Exception, so that nothing takes it for a failure."""


@contextlib.contextmanager
def signals_interrupt():
    """SIGTERM, SIGINT and SIGHUP unwind the stack once; while it unwinds they are ignored."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def interrupt(number, _):
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)
    for number in numbers:
        signal.signal(number, interrupt)
    try:
        yield
    except Interrupted as interrupted:
        print(f"Bail out! {signal.Signals(interrupted.args[0]).name}", flush=True)
        sys.exit(128 + interrupted.args[0])


def attempt(test, *arguments):
    """Lines that tell what is wrong, none if the test passed; or why it was skipped."""
    try:
        test(*arguments)
    except Skipped as skipped:
        return skipped
    except AssertionError as failure:
        places = traceback.extract_tb(failure.__traceback__)
        place = next(each for each in reversed(places)
                     if each.filename not in (__file__, harness.__file__))
        told = str(failure) or place.line
        return [f"{os.path.basename(place.filename)}:{place.lineno}: {told}"]
    except Exception:  # a mistake of the test is a failure of it, and the next one still runs
        return traceback.format_exc().splitlines()
    return []


class Report:
    """Prints TAP."""

    def __init__(self, tests):
        self.number = self.failures = 0
        print(f"1..{tests}", flush=True)

    def case(self, test, began, wrong):
        self.number += 1
        skipped, wrong = (wrong, []) if isinstance(wrong, Skipped) else ("", wrong)
        self.failures += bool(wrong)
        name = test.__name__.replace("_", " ") + (skipped and f" # SKIP {skipped}")
        print(f"{'not ok' if wrong else 'ok'} {self.number} - {name}")
        for line in wrong:
            print(f"#   {line}")
        print(f"# {time.monotonic() - began:.1f} s", flush=True)


def perform(test, report):
    began = time.monotonic()
    with harness.World() as world:
        wrong = attempt(test, world)
        if wrong and not isinstance(wrong, Skipped):
            wrong += world.tell()
    report.case(test, began, wrong)


def perform_all(scene, tests, report):
    """The scene is played once; the tests look at what came of it."""
    began, stages = time.monotonic(), []
    with harness.World() as world:
        missed = attempt(lambda: stages.append(scene(world)))
        missed += world.tell() if missed else []
        for test in tests:
            wrong = missed or attempt(test, *stages)
            report.case(test, began, wrong)
            began, missed = time.monotonic(), missed[:1]


def run(*tests, slow=(), scene=None):
    """Runs and reports the tests: each in a World of its own or, with a scene (a function of a
    World), each with what the scene returned. With --slow those that are slow, and no other."""
    if slow and "--slow" in sys.argv:
        tests = slow
    report = Report(len(tests))
    with signals_interrupt():
        if scene:
            perform_all(scene, tests, report)
        else:
            for test in tests:
                perform(test, report)
    sys.exit(1 if report.failures else 0)
