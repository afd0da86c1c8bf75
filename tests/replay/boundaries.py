#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Constructed air at the edges of the plan's conditions.

usage: boundaries.py HAZEWATCH

A steady PM2.5 gives a daily AQI of exactly the threshold; one higher hour lifts the 24 means that
hold it above. So a run begins and ends at chosen hours. One hour of NO2 makes a real-time AQI above
200 without a trace in the daily one. Edition 2012: its means are not rounded.
"""
import atexit
import functools
import os
import random
import re
import sys
import tempfile
import time

import yaml

from replayed import CONFIG, Condition, Replay, csv_of, ROOT  # sets the paths of the next two
from record import KEYS, label
from source import Tap

FIRST = label(2024, 1, 1, 0)
P = 100            # the first value of a run, in hours after FIRST
HOURS = 300
AT_150, AT_200 = 115, 150   # PM2.5 of a daily AQI of exactly 150 and 200
DAY = 24
HEAVY_NO2 = 1201   # real-time AQI 201
RANDOM_RECORDS = 60
RANDOM_HOURS = 420


@functools.cache
def boundless_edition():
    """Means are made here by a single hour, which may be higher than any air was."""
    with open(os.path.join(CONFIG, "aqi", "hj633-2012.yaml"), encoding="utf-8") as file:
        text = re.sub(r"bounds: {.*}", "bounds: {" + ", ".join(
            f"{key}: 1000000" for key in KEYS) + "}", file.read())
    file = tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8", delete=False)
    with file:
        file.write(text)
    atexit.register(os.unlink, file.name)
    return file.name


class Air:
    """Hours of PM2.5 and NO2 in ug/m3, None: missing."""

    def __init__(self, level=AT_150, hours=HOURS):
        self.level = level
        self.pm25 = [level] * hours
        self.no2 = [0] * hours

    def run(self, values, first=P, peak=None, every=DAY):
        """Daily means above the level at exactly so many hours, at least 24. The first 24 of them
        reach the mean `peak` if one is given. Each mean has a higher hour, one in `every`."""
        last = first + values - DAY
        for hour in sorted({*range(first, last, every), last}):
            self.pm25[hour] = self.level + DAY
        if peak is not None:
            self.pm25[first] = self.level + round((peak - self.level) * DAY)
        return self

    def heavy(self, *hours, no2=HEAVY_NO2):
        for hour in hours:
            self.no2[hour] = no2
        return self

    def unknown(self, first, count):
        """No daily AQI at exactly so many hours: those whose window has all of five missing hours,
        which lie so many hours short of a day apart."""
        oldest = first + count - DAY
        usable = [hour for hour in range(oldest, first + 1) if self.pm25[hour] == self.level]
        missing = usable[:4] + usable[-1:]
        if missing[0] != oldest or missing[-1] != first:
            raise ValueError(f"hour {oldest} or {first} makes the run")
        for hour in missing:
            self.pm25[hour] = None
        return self

    def replay(self, *options):
        record = {}
        for i, (pm25, no2) in enumerate(zip(self.pm25, self.no2)):
            values = dict.fromkeys(KEYS)
            values.update(pm25=None if pm25 is None else round(pm25 * 1000),
                          no2=None if no2 is None else no2 * 1000)
            record[FIRST + i] = tuple(values.values())
        text = csv_of(record, ("pm25", "no2"))
        return Replay("--edition", boundless_edition(), "--hours", *options, text=text)

    def check(self, tap, name, expected, *options):
        """`expected`: (level, first, last) in hours after FIRST, levels in the order of time."""
        found = [Condition(c.level, c.first - FIRST, c.last - FIRST)
                 for c in self.replay(*options).conditions]
        wanted = sorted((Condition(*each) for each in expected), key=lambda c: c.first)
        wrong = [] if sorted(found) == sorted(wanted) else [f"found {found}", f"expected {wanted}"]
        tap.case(name, wrong)


def check_lengths(tap):
    for hours, met in ((47, False), (48, True)):
        values = hours - 23
        Air().run(values).heavy(P).check(
            tap, f"a run of {hours} h above 150 with a heavy hour {'makes' if met else 'is no'} yellow",
            [("yellow", P + 24, P + values - 1)] if met else [])
    for hours, met in ((71, False), (72, True)):
        values = hours - 23
        expected = [("orange", P + 48, P + values - 1)] if met else []
        Air().run(values, peak=151).check(
            tap, f"a run of {hours} h above 150 with a day above 200 {'makes' if met else 'is no'} orange",
            [("yellow", P + 24, P + values - 1)] + expected)
    for hours, met in ((70, False), (71, False), (72, True)):
        values = hours - 23
        replay = Air(AT_200).run(values, peak=251).replay()
        found = [(c.first - FIRST, c.last - FIRST) for c in replay.conditions if c.level == "red"]
        expected = [(P + 48, P + values - 1)] if met else []
        tap.case(f"a run of {hours} h above 200 with a day above 300 {'makes' if met else 'is no'} red",
                 [] if found == expected else [f"found {found}, expected {expected}"])


def levels_of(replay):
    return {condition.level for condition in replay.conditions}


def check_peaks(tap):
    Air().heavy(P).check(tap, "a daily AQI of exactly 150 is not above 150", [])
    for peak, index, orange in ((150, 200, False), (151, 201, True)):
        replay = Air().run(60, peak=peak).heavy(P).replay()
        highest = max(filter(None, replay.series("aqi_daily")))
        wrong = [] if highest == index else [f"the highest daily AQI is {highest}"]
        if ("orange" in levels_of(replay)) != orange:
            wrong.append(f"levels {levels_of(replay)}")
        tap.case(f"a highest daily AQI of {index} {'makes' if orange else 'is no'} orange", wrong)
    for peak, index, red in ((250, 300, False), (251, 301, True)):
        replay = Air(AT_200).run(60, peak=peak).replay()
        highest = max(filter(None, replay.series("aqi_daily")))
        wrong = [] if highest == index else [f"the highest daily AQI is {highest}"]
        if ("red" in levels_of(replay)) != red:
            wrong.append(f"levels {levels_of(replay)}")
        tap.case(f"a highest daily AQI of {index} {'makes' if red else 'is no'} red", wrong)
    # the hours that reach the peak are above 150, 200 and 300, too, but for a day only
    Air().run(24, peak=500).check(tap, "one daily AQI of 500 is red at once, and as long as it is 500",
                                  [("red", P, P + 23)])
    seen = [(event.kind, event.level, event.hour - FIRST, event.onset - FIRST, event.basis)
            for event in Air().run(24, peak=500).replay("--perfect-forecast", "30").events
            if event.kind == "issue"]
    tap.case("a daily AQI of 500 that lies 30 h ahead is red now, from the start of its air on",
             [] if seen == [("issue", "red", P - 30, P - 24, "forecast")] else [str(seen)])
    Air().run(24, peak=498.5).check(tap, "a daily AQI of 499 for a day makes nothing", [])
    Air(AT_200).run(24, peak=251).check(
        tap, "a day above 300 in a long run above 150 is orange and no red",
        [("yellow", P, HOURS - 1), ("orange", P, HOURS - 1)])


def check_short_spell(tap):
    for hour, inside, where in ((P - 24, False, "the hour before those the run covers"),
                                (P - 23, True, "the first hour the run covers"),
                                (P + 24, True, "the last hour of the run"),
                                (P + 25, False, "the hour after the run")):
        Air().run(25).heavy(hour).check(
            tap, f"a heavy hour at {where} {'counts' if inside else 'does not count'}",
            [("yellow", P + 24, P + 24)] if inside else [])
    Air().run(40).heavy(P + 30).check(tap, "yellow is met at the heavy hour if that comes last",
                                      [("yellow", P + 30, P + 39)])
    Air().run(40).heavy(P + 30, no2=1200).check(tap, "a real-time AQI of exactly 200 is no heavy hour",
                                                [])


def check_gaps(tap):
    """The plan bridges two hours; a third breaks the run, and 25 more values are needed."""
    def run_of(values):
        return Air().run(values, every=20).heavy(P - 20, P + 20, P + 45, P + 70)
    for gap in (1, 2, 3):
        bridged = gap <= 2
        of = f"a gap of {gap} h"
        end = P + 79
        run_of(80).unknown(P + 8, gap).check(
            tap, f"{of} before yellow is met {'is bridged' if bridged else 'begins the run anew'}",
            [("yellow", P + 24 if bridged else P + 8 + gap + 24, end)])
        run_of(80).unknown(P + 25 - gap, gap).check(
            tap, f"{of} where yellow would be met puts it off to the hour "
                 f"{'after the gap' if bridged else 'the new run is long enough'}",
            [("yellow", P + 25 if bridged else P + 25 + 24, end)])
        run_of(80).unknown(P + 32, gap).check(
            tap, f"{of} while yellow is met {'is bridged' if bridged else 'ends it'}",
            [("yellow", P + 24, end)] if bridged else
            [("yellow", P + 24, P + 31), ("yellow", P + 32 + gap + 24, end)])
        run_of(80).unknown(P - gap, gap).check(
            tap, f"{of} just before a run is no part of it", [("yellow", P + 24, end)])
        run_of(80).unknown(end + 1, gap).check(
            tap, f"{of} just after a run is no part of it", [("yellow", P + 24, end)])
        run_of(80).unknown(end - gap, gap).check(
            tap, f"{of} before the last value of a run {'is bridged' if bridged else 'ends it'}",
            [("yellow", P + 24, end if bridged else end - gap - 1)])
        run_of(80).unknown(P + 32, gap).check(
            tap, f"{of} is bridged with --gap {gap}", [("yellow", P + 24, end)], "--gap", str(gap))
        run_of(80).unknown(P + 32, gap).check(
            tap, f"{of} ends a run with --gap {gap - 1}",
            [("yellow", P + 24, P + 31), ("yellow", P + 32 + gap + 24, end)], "--gap", str(gap - 1))


def check_missing(tap):
    lost = Air().run(30).heavy(P + 5)
    lost.pm25[P + 5] = lost.no2[P + 5] = None
    replay = lost.replay()
    kinds = [event.kind for event in replay.events if event.hour >= FIRST + P]
    tap.case("a run whose only heavy hour is missing makes no yellow, but a hold",
             [f"{event}" for event in replay.conditions + replay.events]
             if replay.conditions or kinds[:1] != ["hold"] else [])
    for gap in (0, 1, 2, 3):
        air = Air().run(30).heavy(P)
        after = P + 30
        if gap:
            air.unknown(P + 45, gap)
            after = P + 45 + gap
        lifts = [event.hour - FIRST for event in air.replay().events if event.kind == "lift"]
        tap.case(f"with a gap of {gap} h yellow is lifted after 36 known hours in a row",
                 [] if lifts == [after + 35] else [f"lifted at {lifts}, not {after + 35}"])


def check_counting(tap):
    values = Air().run(60).heavy(P)
    values.check(tap, "counted as spans, 25 values are 48 h", [("yellow", P + 24, P + 59)],
                 "--counting", "span")
    values.check(tap, "counted as rolling values, 48 values are 48 h", [("yellow", P + 47, P + 59)],
                 "--counting", "rolling")
    # the first value of the run ends at 04:00: two midnights are in it, and its day goes on
    values.check(tap, "counted as calendar days, two days are 48 h and last until the third ends",
                 [("yellow", P - P % DAY + 2 * DAY, P - P % DAY + 3 * DAY - 1)],
                 "--counting", "natural-day")


# ---- random hours against the rule in other words ----

def plan_levels():
    with open(os.path.join(CONFIG, "plans", "hetang-2024.yaml"), encoding="utf-8") as file:
        return {level["id"]: level for level in yaml.safe_load(file)["levels"]}


def fulfils(part, value):
    return value > part["above"] if "above" in part else value >= part["at_least"]


def fulfilled_hours(part, series, gap):
    """True where a part holds; missing hours between two that hold count, if they are few."""
    holds = [value is not None and fulfils(part, value) for value in series]
    last = None
    for i, value in enumerate(series):
        if value is None:
            continue
        if holds[i] and last is not None and holds[last] and 1 < i - last <= gap + 1:
            holds[last + 1:i] = [True] * (i - last - 1)
        last = i
    return holds


def stretches(holds):
    first = None
    for i, hold in enumerate(holds + [False]):
        if hold and first is None:
            first = i
        elif not hold and first is not None:
            yield first, i - 1
            first = None


def longest(holds):
    return max((last - first + 1 for first, last in stretches(holds)), default=0)


def values_needed(part, counting):
    daily = part["index"] == "daily_aqi"
    return max(1, part["for_h"] - 23) if daily and counting != "rolling" else part["for_h"]


def expected_conditions(daily, hourly, gap, counting):
    days = counting == "natural-day"
    if days:  # the first hour of a record is a midnight
        daily = [daily[i - i % DAY] for i in range(len(daily))]
    for level, of_level in plan_levels().items():
        for condition in of_level["any"]:
            parts = condition["all"]
            holds = [fulfilled_hours(part, daily if part["index"] == "daily_aqi" else hourly, gap)
                     for part in parts]
            base = max((i for i, part in enumerate(parts) if part["index"] == "daily_aqi"),
                       key=lambda i: parts[i]["for_h"])
            for first, last in stretches(holds[base]):
                def met(now, first=first):
                    whole = now - now % DAY if days else now  # air that a daily value covers
                    return daily[now] is not None and all(
                        longest(hold[first:now + 1] if part["index"] == "daily_aqi" else
                                hold[max(0, first - 23):whole + 1])
                        >= values_needed(part, counting)
                        for part, hold in zip(parts, holds))
                at = next((now for now in range(first, last + 1) if met(now)), None)
                if at is not None:
                    yield Condition(level, FIRST + at, FIRST + last)


def random_air(rng):
    air = Air(hours=RANDOM_HOURS)
    level = rng.uniform(60, 300)
    for i in range(RANDOM_HOURS):
        level = min(max(level * rng.uniform(0.8, 1.25), 20), 700)
        if rng.random() < 0.02:
            level = rng.choice((100, 140, 200, 320, 560))
        air.pm25[i] = round(level)
    for _ in range(rng.choice((0, 2, 6))):
        first, count = rng.randrange(RANDOM_HOURS), rng.choice((1, 4, 5, 6, 7, 9))
        air.pm25[first:first + count] = [None] * len(air.pm25[first:first + count])
    return air


def check_random(tap):
    seed = int(os.environ.get("HAZEWATCH_SEED") or time.time())
    print(f"# HAZEWATCH_SEED={seed}")
    rng = random.Random(seed)
    wrong, seen = [], set()
    for number in range(RANDOM_RECORDS):
        gap, counting = rng.randrange(4), rng.choice(("span", "rolling", "natural-day"))
        replay = random_air(rng).replay("--gap", str(gap), "--counting", counting)
        expected = sorted(expected_conditions(replay.series("aqi_daily"),
                                              replay.series("aqi_realtime"), gap, counting))
        seen |= {condition.level for condition in expected}
        if sorted(replay.conditions) != expected:
            wrong += [f"record {number}, gap {gap}, {counting}",
                      f"  found    {sorted(replay.conditions)}", f"  expected {expected}"]
    tap.case(f"in {RANDOM_RECORDS} random records the conditions are those the rule tells", wrong)
    tap.case("every level was among them", {"yellow", "orange", "red"} - seen)


def main():
    tap = Tap()
    check_lengths(tap)
    check_peaks(tap)
    check_short_spell(tap)
    check_gaps(tap)
    check_missing(tap)
    check_counting(tap)
    check_random(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
