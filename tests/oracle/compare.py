#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rules/ against the oracle, hour by hour, on random records.

usage: compare.py HOURS

HOURS is the test tool. The seed is HAZEWATCH_SEED or the time, and is printed; the same seed gives
the same records. Every number the tool prints is compared, for both editions.
"""
import collections
import os
import random
import sys
import time
from fractions import Fraction

import aqi

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
sys.path.append(os.path.join(ROOT, "tests", "sim"))
# pylint: disable=wrong-import-position
from record import KEYS, edition_path, label, read_extract, run_hours, time_of  # noqa: E402
from source import Tap  # noqa: E402

HOURS = os.path.abspath(sys.argv[1])
EDITIONS = {name: aqi.Edition(edition_path(name)) for name in ("hj633-2012", "hj633-2026")}
STATIONS = 32
RECORD_H = 720
# Label after which a month, a leap day or a year begins; the first hours there are; after 2^31 s.
BOUNDARIES = (label(2016, 12, 31, 23), label(2016, 2, 29, 0), label(2026, 3, 1, 0), 30,
              label(2013, 10, 31, 23), label(2038, 1, 19, 11))
MOST = 600_000_000  # 600 000 ug/m3: an instrument once said 553 405
STEPS = (0, 0, 0, 1, -1, 499, 500, 501, -500, 50, -50)
SHOWN = 10


def boundary_values(key):
    points = {int(point) for edition in EDITIONS.values()
              for column, (points, _) in edition.columns.items() if column.split("_")[0] == key
              for point in points}
    return sorted(points)


BOUNDARY_VALUES = {key: boundary_values(key) for key in KEYS}


class Channel:
    """One pollutant of a random station: values that stay a while, jump, drift, go missing."""

    def __init__(self, rng, key):
        self.rng, self.key = rng, key
        self.kind = rng.choices(("drift", "whole", "boundary", "extreme"), (4, 4, 3, 1))[0]
        self.gaps = rng.choice((0, 0, 0.003, 0.02, 0.08))
        self.level = self.usual = rng.choice(BOUNDARY_VALUES[key][1:5])
        self.value, self.hold, self.missing = 0, 0, 0

    def drift(self):
        back = (self.usual / self.level) ** 0.05
        self.level = max(self.level * back * self.rng.uniform(0.75, 1.33), 10.0)
        step = aqi.STEPS[self.key] if self.kind == "whole" else 1
        return int(self.level) // step * step

    def extreme(self):
        return self.rng.choice((0, 1, MOST, self.rng.randrange(MOST), -self.rng.randrange(3_000),
                                int(10 ** self.rng.uniform(0, 8.7)), 2**31 - 1))

    def boundary(self):
        usual = self.rng.random() < 0.8
        points = BOUNDARY_VALUES[self.key][:5] if usual else BOUNDARY_VALUES[self.key]
        return self.rng.choice(points) + self.rng.choice(STEPS)

    def next(self):
        if self.missing > 0:
            self.missing -= 1
            return None
        if self.rng.random() < self.gaps:
            self.missing = self.rng.choice((0, 1, 2, 3, 4, 5, 9, 30))
            return None
        if self.kind in ("drift", "whole"):
            return self.drift()
        if self.hold == 0:
            self.hold = self.rng.choice((1, 1, 2, 7, 8, 24, 30))
            self.value = self.extreme() if self.kind == "extreme" else self.boundary()
        self.hold -= 1
        return self.value


def tie(rng):
    """Six concentrations with the same IAQI in one edition, for as long as a window and more."""
    edition = EDITIONS[rng.choice(sorted(EDITIONS))]
    row = rng.randrange(1, 5)
    columns = (edition.tree["daily"], edition.tree["realtime"])[rng.randrange(2)]
    points = {column.split("_")[0]: int(edition.columns[column][0][row]) for column in columns}
    return tuple(points[key] for key in KEYS)


def random_record(rng):
    """RECORD_H hours across a boundary of the calendar, some of them absent."""
    first = max(1, rng.choice(BOUNDARIES) - rng.randrange(RECORD_H))
    channels = [Channel(rng, key) for key in KEYS]
    record, tied, tied_for, absent = {}, None, 0, 0
    for hour in range(first, first + RECORD_H):
        if tied_for == 0 and rng.random() < 0.01:
            tied, tied_for = tie(rng), rng.choice((3, 26, 40))
        absent = max(absent - 1, 0) or (rng.choice((1, 2, 5, 23, 24, 25))
                                        if rng.random() < 0.004 else 0)
        values = tuple(channel.next() for channel in channels)
        if tied_for > 0:
            tied_for -= 1
            values = tuple(None if value is None else point for value, point in zip(values, tied))
        if not absent:
            record[hour] = values
    return record


def random_scope(rng):
    """Monitored keys and which of them lead: all six and PM as a rule, or any of them."""
    if rng.random() < 0.5:
        return KEYS, ("pm25", "pm10")
    monitored = tuple(key for key in KEYS if rng.random() < 0.6) or ("pm25",)
    return monitored, tuple(rng.sample(monitored, rng.randint(1, len(monitored))))


def text(value):
    return "" if value is None else str(value)


def expected(index):
    """The tool's fields from an index of the oracle. Without a pollutant that the station calls
    leading the plan knows no daily AQI; what is published does not ask for one."""
    there = index.known
    fields = {"known": str(int(there)),
              "aqi": text(index.value if there else None),
              "published": text(index.published),
              "complete": str(int(index.complete)),
              "category": text(index.category),
              "primary": "|".join(key for key in KEYS if key in index.primary)}
    for key in KEYS:
        fields["iaqi_" + key] = text(index.iaqi[key])
        fields["mean_" + key] = text(index.mean[key])
        fields["n_" + key] = str(index.hours[key])
    return fields


def note(seen, index):
    """What kinds of hours the records hold: a test that never met one proves nothing about it."""
    seen["hours"] += 1
    seen["without an AQI"] += not index.known
    seen["of which a pollutant is missing"] += not index.complete
    seen["with an AQI that is not published"] += index.known and index.published is None
    seen["with two primary pollutants"] += len(index.primary) == 2
    seen["with more"] += len(index.primary) > 2
    seen["up to 50"] += index.known and index.value <= 50
    seen["at 500"] += index.value == 500
    seen["above a column without an answer"] += any(
        index.mean[key] is not None and index.iaqi[key] is None for key in KEYS)


def differences(row, edition, scope, record, seen):
    """What differs in one line of the tool, given as {name: field}."""
    hour = int(row["hour"])
    for kind, compute in (("daily", aqi.daily), ("realtime", aqi.realtime)):
        index = compute(edition, scope, record, hour)
        note(seen, index)
        for field, value in expected(index).items():
            printed = row[f"{kind}_{field}"]
            if field.startswith("mean_") and printed:
                printed = str(Fraction(printed))
            if printed != value:
                yield f"{time_of(hour)}: {kind} {field}: {printed or '-'}, oracle {value or '-'}"


def compare(edition, stations, seen):
    """What differs in all hours of some stations, each (record, scope)."""
    for i, (record, scope) in enumerate(stations):
        names, rows = run_hours(HOURS, edition_path(edition), record, *scope)
        if [int(row[0]) for row in rows] != sorted(record):
            yield f"station {i}: {len(rows)} hours of {len(record)} were answered"
        for row in rows:
            for each in differences(dict(zip(names, row)), EDITIONS[edition], scope, record, seen):
                yield f"station {i}, monitored {scope[0]}, leading {scope[1]}: {each}"


def check(tap, name, stations):
    seen = collections.Counter()
    for edition in EDITIONS:
        wrong = list(compare(edition, stations, seen))
        more = [f"and {len(wrong) - SHOWN} more differences"] if len(wrong) > SHOWN else []
        tap.case(f"{name} have by {edition} what the oracle computes", wrong[:SHOWN] + more)
    print("# daily and real-time AQIs: " + ", ".join(f"{n} {what}" for what, n in seen.items()))
    return seen


def main():
    seed = int(os.environ.get("HAZEWATCH_SEED") or time.time())
    print(f"# HAZEWATCH_SEED={seed}")
    rng = random.Random(seed)
    tap = Tap()
    extract = read_extract(os.path.join(ROOT, "tests", "data", "huairou-2013-10-31.csv"))
    check(tap, "the hours of the extract of Huairou", [(extract, (KEYS, ("pm25", "pm10")))])
    stations = [(random_record(rng), random_scope(rng)) for _ in range(STATIONS)]
    seen = check(tap, "the hours of random stations", stations)
    tap.case("the random stations had every kind of hour",
             [kind for kind in seen if not seen[kind]])
    tap.done()


if __name__ == "__main__":
    main()
