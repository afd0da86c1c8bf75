# SPDX-License-Identifier: MIT
"""Runs `hazewatch replay` for the tests; hours are END labels in hours since 1970 UTC.

usage of each test: TEST.py HAZEWATCH
"""
import collections
import json
import os
import subprocess
import sys

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("sim", "structure"):
    sys.path.append(os.path.join(ROOT, "tests", folder))
from record import KEYS, label_of, time_of  # noqa: E402 pylint: disable=wrong-import-position

HAZEWATCH = os.path.abspath(sys.argv[1])
CONFIG = os.path.join(ROOT, "config")
FIELDS = {key: key + ("_mg_m3" if key == "co" else "_ug_m3") for key in KEYS}
CHINESE = {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN",
           "TEXTDOMAINDIR": os.path.join(os.path.dirname(HAZEWATCH), "po")}
EXTRACT = os.path.join(ROOT, "tests", "data", "huairou-2013-10-31.csv")

Condition = collections.namedtuple("Condition", "level first last")
Event = collections.namedtuple("Event", "kind level hour onset basis episode reason")


def rfc3339(hour):
    return time_of(hour).replace(" ", "T") + ":00+08:00"


def shown(milli):
    return "" if milli is None else f"{milli // 1000}.{milli % 1000:03}"


def csv_of(record, keys=KEYS):
    """A record of tests/sim/record.py in hazewatch's own layout."""
    lines = ["hour," + ",".join(FIELDS[key] for key in keys)]
    at = [KEYS.index(key) for key in keys]
    lines += [",".join([rfc3339(hour)] + [shown(values[i]) for i in at])
              for hour, values in sorted(record.items())]
    return "\n".join(lines) + "\n"


def run(*arguments, text=None, chinese=False):
    """A completed process; with a text, that is standard input."""
    return subprocess.run([HAZEWATCH, "replay", "--config-dir", CONFIG, *arguments], input=text,
                          capture_output=True, text=True, encoding="utf-8", check=False,
                          env=os.environ | (CHINESE if chinese else {}))


class Replay:
    """What `replay --json` says of a file or a text."""

    def __init__(self, *arguments, text=None):
        done = run("--json", *arguments, *(["-"] if text is not None else []), text=text)
        if done.returncode != 0:
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr}")
        self.text = done.stdout
        self.hours, self.conditions, self.events = {}, [], []
        for line in done.stdout.splitlines():
            self.take(json.loads(line))

    def take(self, line):
        if line["type"] == "hour":
            self.hours[label_of(line["hour"])] = line
        elif line["type"] == "condition":
            self.conditions.append(Condition(line["level"], label_of(line["from"]),
                                             label_of(line["to"])))
        else:
            times = {key: line[key] and label_of(line[key]) for key in ("onset", "episode")}
            self.events.append(Event(line["event"], line["level"], label_of(line["hour"]),
                                     times["onset"], line["basis"], times["episode"],
                                     line["reason"]))

    def series(self, key):
        """One number an hour, None where there is none, from the first hour on."""
        return [line[key] for _, line in sorted(self.hours.items())]

    def advised(self, last):
        """(first hour, level) of every change of the advice, and (last + 1, None) at the end."""
        changes = [(event.hour, event.level) for event in self.events
                   if event.kind in ("issue", "upgrade", "downgrade", "lift")]
        return changes + [(last + 1, None)]
