#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts the test cases of a run of test.sh and prints its closing line.

Reads a list with one entry a line, fields parted by tabs:

    case   passed|failed|skipped   NAME   LOG-OR-REASON     a step of test.sh itself
    meson  LABEL   LOG.json   EXIT-STATUS                   a run of `meson test`
    again  LABEL   LOG.json   EXIT-STATUS                   one of programs that had failed

A program of the suite `timed` that failed is run once more, alone, as its clock is also that of all
else on the machine (--failed-timed prints their names); what counts is the second run, and what
failed in the first is printed. In a meson log every line of TAP that a test program printed counts as a case of its own. A program
that broke off (crash, time-out, fewer cases than it planned) is one failed case more, so that
nothing is lost by dying early. Exit status: 0 if nothing failed and something passed.
"""
import json
import os
import re
import sys

TAP_LINE = re.compile(r"^(not )?ok\b\s*\d*\s*-?\s*(.*)$")
PLAN_LINE = re.compile(r"^1\.\.(?:0\s*#\s*SKIP\S*\s*(.*)|\d+)$", re.IGNORECASE)
DIRECTIVE = re.compile(r"\s*#\s*(SKIP|TODO)\S*\s*(.*)$", re.IGNORECASE)
TAIL_LINES = 25
SLOWEST = 10


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []   # (name, text that helps)
        self.skipped = []  # (name, reason)
        self.durations = []  # (seconds, name) of the programs of meson
        self.again = {}      # name of a program: its entry in the second run
        self.first = []      # (name, text) of programs that failed in the first and not in the second

    def add(self, outcome, name, text):
        if outcome == "passed":
            self.passed += 1
        else:
            (self.failed if outcome == "failed" else self.skipped).append((name, text))


def tail(text):
    lines = text.rstrip().splitlines()
    return "\n".join(lines[-TAIL_LINES:])


def read_tail(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return tail(file.read())
    except OSError as error:
        return str(error)


def plain_name(text):
    """Check writes file:case:test: message; the test's name is the sentence."""
    parts = text.split(":")
    return parts[2].replace("_", " ") if len(parts) > 3 and parts[0].endswith(".c") else text


def tap_chunks(stdout):
    """The lines of each case: its own and those of its message, up to the next case."""
    chunk = []
    for line in stdout.splitlines():
        if TAP_LINE.match(line) or PLAN_LINE.match(line):
            yield chunk
            chunk = []
        chunk.append(line)
    yield chunk


def tap_cases(stdout):
    """(outcome, name, reason or diagnosis) of each case of a TAP program."""
    for chunk in tap_chunks(stdout):
        first = chunk[0] if chunk else ""
        plan, match = PLAN_LINE.match(first), TAP_LINE.match(first)
        if plan and plan.group(1):
            yield "skipped", "all of it", plan.group(1)
        if not match:
            continue
        directive = DIRECTIVE.search(match.group(2))
        name = DIRECTIVE.sub("", match.group(2))
        if directive and directive.group(1).upper() == "SKIP":
            yield "skipped", name, directive.group(2)
        elif match.group(1) and not directive:
            yield "failed", plain_name(name), "\n".join(chunk[:TAIL_LINES])
        else:
            yield "passed", plain_name(name), ""


def has_failed(entry):
    return entry["result"] not in ("OK", "EXPECTEDFAIL", "SKIP")


def count_program(tally, label, entry):
    second = tally.again.get(entry["name"])
    if second and has_failed(entry):
        if not has_failed(second):
            tally.first.append((f"{label}: {entry['name'].split(' / ')[-1]}",
                                tail(entry.get("stdout", "") + "\n" + entry.get("stderr", ""))))
        entry = second
    program = f"{label}: {entry['name'].split(' / ')[-1]}"
    tally.durations.append((entry.get("duration", 0), program))
    stdout, stderr = entry.get("stdout", ""), entry.get("stderr", "")
    cases = list(tap_cases(stdout))
    broke = False
    for outcome, name, text in cases:
        if outcome == "failed" and not broke:
            text += "\n" + tail(stderr)
            broke = True
        tally.add(outcome, f"{program}: {name}", text)
    if entry["result"] == "SKIP" and not cases:
        tally.add("failed", program, "it ended without a single case\n" + tail(stderr))
    elif has_failed(entry) and not broke:
        tally.add("failed", f"{program}: {entry['result'].lower()}", tail(stdout + "\n" + stderr))


def read_programs(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            yield json.loads(line)


def read_again(tally, path):
    try:
        tally.again.update((entry["name"], entry) for entry in read_programs(path))
    except (OSError, ValueError):
        pass  # then the first run counts


def count_meson(tally, label, path, status):
    before, entries, first = len(tally.failed), 0, len(tally.first)
    if status == 0 and not os.path.exists(path):
        tally.add("skipped", f"{label}: meson test", "there are no tests in it yet")
        return
    try:
        for entry in read_programs(path):
            count_program(tally, label, entry)
            entries += 1
    except (OSError, ValueError) as error:
        tally.add("failed", f"{label}: meson test", str(error))
    if status != 0 and len(tally.failed) == before and len(tally.first) == first:
        tally.add("failed", f"{label}: meson test", f"exit status {status}, {entries} programs")


def print_slowest(tally):
    print(f"the slowest {min(SLOWEST, len(tally.durations))} of {len(tally.durations)} tests:")
    for seconds, name in sorted(tally.durations, reverse=True)[:SLOWEST]:
        print(f"{seconds:8.1f} s  {name}")


def print_failed_timed(rows):
    for kind, _, path, _ in rows:
        if kind == "meson" and os.path.exists(path):
            for entry in read_programs(path):
                suites, _, name = entry["name"].rpartition(" / ")
                if has_failed(entry) and "timed" in re.split("[:+]", suites):
                    print(name)


def print_texts(word, texts):
    for name, text in texts:
        print(f"{word}: {name}")
        print("\n".join("    " + line for line in text.rstrip().splitlines()))


def main():
    with open(sys.argv[-1], encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    if sys.argv[1] == "--failed-timed":
        print_failed_timed(rows)
        return
    tally = Tally()
    for kind, _, path, _ in rows:
        if kind == "again":
            read_again(tally, path)
    for kind, first, second, third in rows:
        if kind == "meson":
            count_meson(tally, first, second, int(third))
        elif kind == "case":
            tally.add(first, second, read_tail(third) if first == "failed" else third)
    if tally.durations:
        print_slowest(tally)
    for name, reason in tally.skipped:
        print(f"skipped: {name}: {reason or 'no reason given'}")
    print_texts("failed at first, passed when it ran alone", tally.first)
    print_texts("FAILED", tally.failed)
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {len(tally.skipped)} skipped")
    sys.exit(1 if tally.failed or not tally.passed else 0)


if __name__ == "__main__":
    main()
