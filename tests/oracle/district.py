#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rules/district against a second computation, written from HJ 663 A.2 and 6.1.4 with fractions.

usage: district.py HOURS [--whole]

HOURS is the test tool. Points are the measured hours of stations, shifted, with stretches in which a
point is silent (HAZEWATCH_SEED or the time; printed). Without --whole some hundreds of hours of the
extract in tests/data; with it four years of all stations of the shared data, if they are there.
"""
import collections
import os
import random
import sys
import time
from fractions import Fraction

import aqi
from compare import EDITIONS, KEYS, SHOWN, expected

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
sys.path.append(os.path.join(ROOT, "tests", "sim"))
# pylint: disable=wrong-import-position
from record import EXTRACTS, edition_path, read_uci, run_points, shared, time_of  # noqa: E402
from source import Tap  # noqa: E402

TOOL = os.path.abspath(sys.argv[1])
LEADING = ("pm25", "pm10")
NOTHING = (None,) * len(KEYS)
SIZES = (1, 2, 3, 4, 5, 12)  # points of a district
SHIFTS = (0, 7, 13, 29)      # hours


# ---- the rule ----


def is_enough(valid, points):
    """HJ 663 6.1.4: 75 % of the points, of fewer than four 50 %."""
    return points > 0 and Fraction(valid, points) >= (Fraction(1, 2) if points < 4
                                                      else Fraction(3, 4))


def mean_of_points(means):
    """(the mean of those there are, their number), or (None, 0) if they are too few."""
    there = [mean for mean in means if mean is not None]
    if not is_enough(len(there), len(means)):
        return None, 0
    return sum(there, Fraction(0)) / len(there), len(there)


def index_of(edition, columns, needed):
    """columns: {column: each point's mean or None}."""
    means, counts = {}, dict.fromkeys(KEYS, 0)
    for column in sorted(columns, key=lambda name: not name.endswith("_1h")):
        mean, count = mean_of_points(columns[column])
        if mean is not None:
            means[column] = mean
            counts[column.split("_")[0]] = count
    return aqi.Index(edition, (KEYS, needed), means, counts)


class Points:
    """The records of a district's points; what a point makes of its own day is computed once."""

    def __init__(self, edition, records):
        self.edition, self.records, self.days = edition, records, {}

    def own_day(self, point, hour):
        """A.2: each point's own 24 hours first: its mean for each column."""
        record = self.records[point]
        key = (id(record.source), hour - record.shift) if record.whole(hour) else (point, hour)
        if key not in self.days:
            rows = [record.get(h) for h in range(hour - aqi.WINDOW_H + 1, hour + 1)]
            values = {name: [row[i] for row in rows] for i, name in enumerate(KEYS)}
            self.days[key] = {column: aqi.column_mean(self.edition, column,
                                                      values[column.split("_")[0]])
                              for column in self.edition.tree["daily"]}
        return self.days[key]

    def daily(self, hour):
        days = [self.own_day(i, hour) for i in range(len(self.records))]
        return index_of(self.edition, {column: [day[column] for day in days]
                                       for column in self.edition.tree["daily"]}, LEADING)

    def realtime(self, hour):
        rows = [dict(zip(KEYS, record.get(hour))) for record in self.records]
        return index_of(self.edition, {
            column: [None if row[column.split("_")[0]] is None
                     else Fraction(row[column.split("_")[0]]) for row in rows]
            for column in self.edition.tree["realtime"]}, KEYS)

    def hours_first(self, hour):
        """What A.2 is not: the O3 of a day made of the district's hours."""
        rows = [[record.get(h)[KEYS.index("o3")] for record in self.records]
                for h in range(hour - aqi.WINDOW_H + 1, hour + 1)]
        return aqi.column_mean(self.edition, "o3_8h", [mean_of_points(row)[0] for row in rows])


# ---- the points ----


class Point:
    """A station's record, so many hours later, silent in some stretches."""

    def __init__(self, source, shift, silent):
        self.source, self.shift, self.silent = source, shift, silent

    def get(self, hour):
        return NOTHING if hour in self.silent else self.source.get(hour - self.shift, NOTHING)

    def whole(self, hour):
        return not any(h in self.silent for h in range(hour - aqi.WINDOW_H + 1, hour + 1))


def silences(rng, hours):
    """Single hours, half days, a week."""
    silent = set()
    for _ in range(max(5, len(hours) // 150)):
        first = rng.choice(hours)
        silent.update(range(first, first + rng.choice((1, 2, 4, 5, 12, 30, 168))))
    return silent


def points_of(rng, sources, size, hours):
    return [Point(sources[i % len(sources)], SHIFTS[i // len(sources) % len(SHIFTS)] + i,
                  silences(rng, hours)) for i in range(size)]


# ---- against the tool ----


def compare(edition, points, hours, seen):
    record = {hour: [value for point in points for value in point.get(hour)] for hour in hours}
    names, rows = run_points(TOOL, (edition_path(edition), ",".join(KEYS), ",".join(LEADING),
                                    str(len(points))), record)
    district = Points(EDITIONS[edition], points)
    for row in rows:
        fields, hour = dict(zip(names, row)), int(row[0])
        if hour < hours[0] + aqi.WINDOW_H:
            continue  # the tool does not know what was before
        for kind, index in (("daily", district.daily(hour)), ("realtime", district.realtime(hour))):
            seen["indices"] += 1
            seen["without a value"] += not index.known
            seen["of fewer points than there are"] += any(
                0 < count < len(points) for count in index.hours.values())
            seen["above 200"] += bool(index.known and index.value > 200)
            for field, value in expected(index).items():
                printed = fields[f"{kind}_{field}"]
                if field.startswith("mean_") and printed:
                    printed = str(Fraction(printed))
                if printed != value:
                    yield (f"{len(points)} points, {time_of(hour)}: {kind} {field}: "
                           f"{printed or '-'}, oracle {value or '-'}")
    if len(rows) != len(hours):
        yield f"{len(rows)} hours of {len(hours)} were answered"
    if len(points) == SIZES[-1]:
        seen["O3 days that the district's hours would make otherwise"] += sum(
            district.daily(hour).mean["o3"] is not None and
            district.hours_first(hour) != mean_of_points(
                [district.own_day(i, hour)["o3_8h"] for i in range(len(points))])[0]
            for hour in hours[aqi.WINDOW_H::24])


def check(tap, name, edition, scenes):
    """scenes: (points, hours) each."""
    seen = collections.Counter()
    wrong = [each for points, hours in scenes for each in compare(edition, points, hours, seen)]
    more = [f"and {len(wrong) - SHOWN} more differences"] if len(wrong) > SHOWN else []
    tap.case(f"{name} by {edition} have what the oracle computes", wrong[:SHOWN] + more)
    print("# " + ", ".join(f"{n} {what}" for what, n in seen.items()))
    return seen


def check_extract(tap, rng):
    source = read_uci(os.path.join(EXTRACTS, "uci-beijing",
                                   "PRSA_Data_Huairou_20130301-20170228.csv.xz"))
    everything = sorted(source)
    for edition in EDITIONS:
        scenes = []
        for size in SIZES:
            first = rng.randrange(60, len(everything) - 200)
            hours = everything[first:first + 200]
            scenes.append((points_of(rng, [source], size, hours), hours))
        seen = check(tap, "districts of shifted hours of Huairou", edition, scenes)
        tap.case(f"by {edition} there was every kind of hour",
                 [kind for kind in ("without a value", "of fewer points than there are")
                  if not seen[kind]])


def check_whole(tap, rng):
    folder, why = shared("data", "uci-beijing")
    names = sorted(os.listdir(folder)) if folder and not folder.startswith(EXTRACTS) else []
    if not names:
        tap.skip("a district of twelve points over four years is what the oracle computes",
                 why or "the shared data are not there")
        return
    sources = [read_uci(os.path.join(folder, name)) for name in names]
    hours = sorted(sources[0])[60:]
    check(tap, "twelve points over four years", "hj633-2026",
          [(points_of(rng, sources, SIZES[-1], hours), hours)])


def main():
    seed = int(os.environ.get("HAZEWATCH_SEED") or time.time())
    print(f"# HAZEWATCH_SEED={seed}")
    tap, rng = Tap(), random.Random(seed)
    if "--whole" in sys.argv:
        check_whole(tap, rng)
    else:
        check_extract(tap, rng)
    tap.done()


if __name__ == "__main__":
    main()
