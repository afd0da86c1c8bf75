#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every shipped plan against a recorded winter, with a second evaluator: in which hours the rule of a
level is met, and which level is advised.

usage: plans.py HAZEWATCH [--year | --whole]

Written from hazewatch-plan(5) and the plan files, not from rules/: every hour is asked anew of the
record, each question twice, with what is missing as clean and as foul. --year, --whole: a year, or
all four, of the shared record, else some weeks of that in tests/data.
"""
import json
import os
import subprocess
import sys
from fractions import Fraction

import yaml

import aqi

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("sim", "structure", "replay"):
    sys.path.append(os.path.join(ROOT, "tests", folder))
# pylint: disable=wrong-import-position
from record import EXTRACTS, edition_path, read_uci, shared, time_of  # noqa: E402
from replayed import csv_of, label_of  # noqa: E402
from source import Tap  # noqa: E402

HAZEWATCH = os.path.abspath(sys.argv[1])
PLANS = os.path.join(ROOT, "config", "plans")
STATION = "PRSA_Data_Huairou_20130301-20170228.csv.xz"
EDITION = "hj633-2012"
FOUL = 10 ** 9
DAY_H = 24
SOME_H, YEAR_H = 900, 8760  # of the record, from its begin
BEFORE_H = 743  # hours before the record that are unknown, not absent


class Air:
    """The indices of each hour of a record; None where there is none."""

    def __init__(self, record):
        edition = aqi.Edition(edition_path(EDITION))
        self.scope = (aqi.KEYS, ("pm25", "pm10"))
        self.first, self.last = min(record), max(record)
        hours = range(self.first, self.last + 1)
        self.daily = {h: aqi.daily(edition, self.scope, record, h) for h in hours}
        whole = dict.fromkeys(hours, (None,) * len(aqi.KEYS)) | record
        self.hourly = {h: aqi.realtime(edition, self.scope, whole, h) for h in hours}
        self.known = {}

    def series(self, name):
        if name not in self.known:
            self.known[name] = {h: self.value(name, h)
                                for h in range(self.first, self.last + 1)}
        return self.known[name]

    def value(self, name, hour):
        if name == "mean_aqi":
            there = [self.hourly[h].value for h in range(hour - DAY_H + 1, hour + 1)
                     if h in self.hourly and self.hourly[h].known]
            return Fraction(sum(there), len(there)) if len(there) >= 20 else None
        if name == "o3_8h":
            return self.concentration(self.daily[hour], "o3")
        period, _, rest = name.partition("_")
        index = (self.daily if period == "daily" else self.hourly)[hour]
        if rest == "aqi":
            return index.value if index.known else None
        if rest.startswith("aqi_without_"):
            keys = set(aqi.KEYS) - set(rest[len("aqi_without_"):].split("_"))
            return self.largest(index, keys, period == "daily")
        if rest.startswith("iaqi_"):
            return self.largest(index, {rest[len("iaqi_"):]}, period == "daily")
        return self.concentration(index, rest)

    @staticmethod
    def concentration(index, key):
        mean, step = index.mean[key], aqi.STEPS[key]
        return None if mean is None else Fraction(round(mean / step) * step) / 1000

    def largest(self, index, keys, daily):
        leading = keys & set(self.scope[1]) if daily else set()
        if all(index.mean[key] is None for key in leading or keys):
            return None
        return max((index.iaqi[key] for key in keys if index.iaqi[key] is not None), default=None)


def is_daily(name):
    return not name.startswith("hourly_")


class Plan:
    """One file of config/plans against an Air."""

    def __init__(self, path, air):
        with open(path, encoding="utf-8") as file:
            self.tree = yaml.safe_load(file)
        self.air, self.gap = air, self.tree["gap_h"]
        self.levels = self.tree["levels"]
        self.limits_of = {level["id"]: self.limits(level) for level in self.levels}
        self.kept = {}
        names = {part["index"] for level in self.levels for condition in level["any"]
                 for part in condition["all"]}
        names |= {limit["index"] for limits in self.limits_of.values() for limit in limits}
        self.gaps = {"daily_aqi"} | {name for name in names if is_daily(name)}

    def get(self, name, hour):
        known = self.air.known
        return (known[name] if name in known else self.air.series(name)).get(hour)

    def fits(self, part, hour, now, foul):
        """Whether a part holds at an hour, as is known at the hour `now`."""
        value = self.get(part["index"], hour)
        if value is not None:
            return self.beyond(part, value)
        if self.beyond(part, FOUL if foul else 0):
            return True
        missing, ends = 1, []
        for step in (-1, 1):
            at = hour + step
            while self.air.first <= at <= now and self.get(part["index"], at) is None:
                at, missing = at + step, missing + 1
            ends.append(self.get(part["index"], at) if at <= now else None)
        return missing <= self.gap and None not in ends and \
            all(self.beyond(part, end) for end in ends)

    @staticmethod
    def beyond(part, value):
        return value >= part["at_least"] if "at_least" in part else value > part["above"]

    def longest(self, part, first, now, foul):
        best = row = 0
        for hour in range(first, now + 1):
            row = row + 1 if self.fits(part, hour, now, foul) else 0
            best = max(best, row)
        return best

    def run(self, condition, now, foul):
        """The first hour of the base's run that reaches the present hour; None."""
        parts = condition["all"]
        days = [part for part in parts if is_daily(part["index"])] or parts
        base = max(days, key=lambda part: part["for_h"])
        first = now + 1
        while first - 1 > self.air.first - BEFORE_H - 1 and self.fits(base, first - 1, now, foul):
            first -= 1
        return None if first > now else first

    def met(self, condition, now, foul):
        first = self.run(condition, now, foul)
        if first is None:
            return None
        some_daily = any(is_daily(part["index"]) for part in condition["all"])
        for part in condition["all"]:
            daily = is_daily(part["index"])
            begin = first - (DAY_H - 1 if some_daily and not daily else 0)
            need = max(part["for_h"] - (DAY_H - 1 if daily else 0), 1)
            if self.longest(part, begin, now, foul) < need:
                return None
        return first

    def limits(self, level):
        """What a level's release asks for, said or following from its conditions."""
        said = level.get("release", {}).get("all")
        if said:
            return said
        lowest = {}
        for condition in level["any"]:
            highest = {}
            for part in condition["all"]:
                if is_daily(part["index"]) and "above" in part:
                    highest[part["index"]] = max(highest.get(part["index"], 0), part["above"])
            limits = {name: {"index": name, "at_most": most} for name, most in highest.items()}
            if not any(is_daily(part["index"]) for part in condition["all"]):
                part = max(condition["all"], key=lambda one: one["for_h"])
                limits[part["index"]] = {"index": part["index"]} | (
                    {"below": part["at_least"]} if "at_least" in part
                    else {"at_most": part["above"]})
            for name, limit in limits.items():
                there = lowest.setdefault(name, limit)
                if self.bound(limit) < self.bound(there):
                    lowest[name] = limit
        return list(lowest.values())

    @staticmethod
    def bound(limit):
        return limit.get("at_most", limit.get("below"))

    def hours_of(self, level):
        return level.get("release", {}).get("for_h", self.tree["release_h"])

    def keeps(self, level, hour):
        """True, False or None: the hour is within every limit."""
        key = level["id"], hour
        if key not in self.kept:
            self.kept[key] = self.ask_limits(level, hour)
        return self.kept[key]

    def ask_limits(self, level, hour):
        answer = True
        for limit in self.limits_of[level["id"]]:
            value = self.get(limit["index"], hour)
            if value is None:
                answer = None
            elif not (value < limit["below"] if "below" in limit else value <= limit["at_most"]):
                return False
        return answer

    def released(self, level, now):
        answers = [self.keeps(level, hour) for hour in range(now - self.hours_of(level) + 1, now + 1)]
        return False if False in answers else None if None in answers else True

    def near(self, level, condition, first, now, foul):
        """Within the run the air was not within the limits less than so many hours ago."""
        names = {part["index"] for part in condition["all"]}
        part = next(({"index": one["index"]} | ({"at_least": one["below"]} if "below" in one
                                                else {"above": one["at_most"]})
                     for part in condition["all"] for one in self.limits_of[level["id"]]
                     if one["index"] == part["index"] and one["index"] in names), None)
        if part is None:
            return True
        begin = max(first, now - self.hours_of(level) + 1)
        return any(self.fits(part, hour, now, foul) for hour in range(begin, now + 1))

    def undecided(self, now):
        """A gap that ends with the present hour may still be bridged."""
        for name in self.gaps:
            at = now
            while at >= self.air.first and self.get(name, at) is None:
                at -= 1
            if at >= self.air.first and 0 < now - at <= self.gap:
                return True
        return False

    def judge(self):
        """({level: hours in which it is met}, [level advised in each hour])."""
        met = {level["id"]: set() for level in self.levels}
        held, advised = set(), []
        for now in range(self.air.first, self.air.last + 1):
            if not self.undecided(now):
                self.step(now, met, held)
            advised.append(max(held, default=0))
        return met, advised

    def step(self, now, met, held):
        above = False  # whether a higher level is called for: False, None (unknown), True
        for rank in range(len(self.levels), 0, -1):
            level, called = self.levels[rank - 1], {}
            for foul in (False, True):
                called[foul] = False
                for condition in level["any"]:
                    first = self.met(condition, now, foul)
                    if first is None:
                        continue
                    if not foul:
                        met[level["id"]].add(now)
                    called[foul] = called[foul] or self.near(level, condition, first, now, foul)
            sure = True if called[False] or above is True else \
                None if called[True] or above is None else False
            above = sure
            if sure is True:
                held.add(rank)
            elif sure is False and rank in held and self.released(level, now) is True:
                held.discard(rank)


def replay(plan, text):
    """({level: hours in which it is met}, [rank advised in each hour])."""
    done = subprocess.run([HAZEWATCH, "replay", "--config-dir", os.path.join(ROOT, "config"),
                           "--plan", plan, "--edition", EDITION, "--json", "--hours", "-"],
                          input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    met, advised = {}, []
    for line in map(json.loads, done.stdout.splitlines()):
        if line["type"] == "condition":
            met.setdefault(line["level"], set()).update(
                range(label_of(line["from"]), label_of(line["to"]) + 1))
        elif line["type"] == "hour":
            advised.append(advised[-1] if advised else "none")
        elif line["event"] in ("issue", "upgrade", "downgrade", "lift"):
            advised[-1] = line["level"] or "none"
    return met, advised


def compare(tap, path, air, text):
    """One plan: the first hours that differ are told."""
    plan = Plan(path, air)
    met, advised = plan.judge()
    said, says = replay(path, text)
    name = plan.tree["id"]
    doubtful = {hour for hour in range(air.first, air.last + 1) if plan.undecided(hour)}
    for level in plan.levels:
        found = said.get(level["id"], set()) - doubtful
        differs = sorted(found ^ met[level["id"]])
        tap.case(f"{name}: {level['id']} is met in {len(met[level['id']])} hours, the same as by the "
                 "second evaluator",
                 [f"{time_of(hour)}: {'only' if hour in found else 'not'} by hazewatch"
                  for hour in differs[:5]])
    ids = ["none"] + [level["id"] for level in plan.levels]
    differs = [i for i, rank in enumerate(advised) if ids[rank] != says[i]]
    tap.case(f"{name}: the advice is the same in each of {len(advised)} hours",
             [f"{time_of(air.first + i)}: {says[i]}, expected {ids[advised[i]]}"
              for i in differs[:5]])
    return sum(map(len, met.values()))


def main():
    path, hours = os.path.join(EXTRACTS, "uci-beijing", STATION), SOME_H
    if len(sys.argv) > 2:
        hours = YEAR_H if sys.argv[2] == "--year" else None
        there, why = shared("data", "uci-beijing", STATION)
        if why:
            print(f"1..0 # SKIP {why}")
            return 0
        path = there
    record = dict(sorted(read_uci(path).items())[:hours])
    tap, air, text = Tap(), Air(record), csv_of(record)
    hours = 0
    for name in sorted(os.listdir(PLANS)):
        hours += compare(tap, os.path.join(PLANS, name), air, text)
    tap.case(f"the record is foul enough: levels are met in {hours} hours", [] if hours else ["0"])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
