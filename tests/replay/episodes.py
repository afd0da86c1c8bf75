#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Four years of three stations and two recorded episodes of a city, against what is known of them.

usage: episodes.py HAZEWATCH

The four years are read from the shared measured data, if they are there, else two months of one
station from tests/data; the episodes are in tests/data.
"""
import csv
import itertools
import lzma
import os
import sys
import tempfile
import time

from replayed import Replay  # sets the paths of the next two
from record import ROOT, label_of, open_text, shared, shared_stations, time_of
from source import Tap

AS_REFERENCE = ("--edition", "hj633-2012", "--gap", "0", "--counting", "span")
LEVELS = ("yellow", "orange", "red")
RISES = ("issue", "upgrade")
FORECAST_H = 72
RELEASE_H = 36
HOLD_AGAIN_H = 24
SLOWEST_S = 10
PREFIXES = 9
FIRST_HOUR = label_of("2013-03-01 00:00")
# The city mean of twelve stations, computed elsewhere from 24 h means of the stations, here from
# their hours, so that a value may differ by one: the longest runs of daily AQIs above 150, 200 and
# 300, the highest one, and the level by spans, by rolling values and by calendar days.
CITY = {"20151125_20151203": (125, 119, 44, 496, "red", "red", "red"),
        "20161214_20161223": (138, 123, 55, 430, "red", "red", "red")}


def rows_of(station):
    path, _ = shared("data", "reference", "episodes.csv")
    with open_text(path) as file:
        return [row for row in csv.DictReader(file) if row["series"] == station]


def daily_aqis(station):
    path, _ = shared("data", "reference", f"rolling_{station}.csv.xz")
    with open_text(path) as file:
        return {label_of(row["time"]): int(row["aqi"]) for row in csv.DictReader(file)
                if row["aqi"]}


def hour_or_none(text):
    return label_of(text) if text else None


def show(hour):
    return "none" if hour is None else time_of(hour)


def last_of_stretch(aqis, hour, holds):
    while hour + 1 in aqis and holds(aqis[hour + 1]):
        hour += 1
    return hour


def end_of(level, row, condition, aqis):
    """The last hour of the stretch that a row's condition belongs to."""
    if level != "red":
        return label_of(row["run_to"])
    if row["red_by"] == "500 first" and aqis[condition.first] >= 500:
        return last_of_stretch(aqis, condition.first, lambda aqi: aqi >= 500)
    return last_of_stretch(aqis, condition.first, lambda aqi: aqi > 200)


def compare_row(row, conditions, aqis):
    """What is wrong with the conditions met within the run of one row."""
    first, last = label_of(row["run_from"]), label_of(row["run_to"])
    for level, column in zip(LEVELS, ("yellow_short_at", "orange_at", "red_at")):
        at = hour_or_none(row[column])
        inside = [c for c in conditions if c.level == level and first <= c.first <= last]
        found = inside[0].first if inside else None
        if found != at:
            yield f"run of {row['run_from']}: {level} at {show(found)}, expected {show(at)}"
        elif inside and inside[0].last != end_of(level, row, inside[0], aqis):
            yield (f"run of {row['run_from']}: {level} to {show(inside[0].last)}, expected "
                   f"{show(end_of(level, row, inside[0], aqis))}")


def check_reference(tap, station, replay):
    rows, aqis = rows_of(station), daily_aqis(station)
    tap.case(f"the conditions of all {len(rows)} episodes at {station} are met when the reference "
             f"says",
             [wrong for row in rows for wrong in compare_row(row, replay.conditions, aqis)])
    runs = [(label_of(row["run_from"]), label_of(row["run_to"])) for row in rows]
    tap.case(f"none of {len(replay.conditions)} conditions at {station} lies outside an episode",
             [f"{c.level} {show(c.first)} to {show(c.last)}" for c in replay.conditions
              if not any(first <= c.first and c.last <= last for first, last in runs)])


def illegal_events(events):
    """Where the advice does not follow from the event before it."""
    level, holding, episode = None, None, None
    for event in events:
        if event.kind in ("hold", "resume"):
            # a hold for want of data is told again every day, one for another reason at once
            good = event.level == level and event.reason is not None
            good &= holding is not None and holding.reason == event.reason \
                if event.kind == "resume" else holding is None or holding.reason != event.reason \
                or event.hour - holding.hour >= HOLD_AGAIN_H
            holding = event if event.kind == "hold" else None
        else:
            good = rank(level) < rank(event.level) if event.kind in RISES else \
                rank(level) > rank(event.level)
            good &= (event.kind == "issue") == (level is None)
            good &= (event.kind == "lift") == (event.level is None)
            episode = event.hour if event.kind == "issue" else episode
            good &= event.episode == episode
            level = event.level
        if not good:
            yield f"{show(event.hour)}: {event}"


def rank(level):
    return 0 if level is None else 1 + LEVELS.index(level)


def hasty_lifts(events, aqis):
    """Lifts without 36 known hours at or below 150 up to them."""
    for event in events:
        if event.kind == "lift" and any(aqis.get(event.hour - back, 500) > 150
                                        for back in range(RELEASE_H)):
            yield show(event.hour)


def check_events(tap, station, replay):
    tap.case(f"the events of {station} follow legally from one another",
             illegal_events(replay.events))
    tap.case(f"nothing at {station} is lifted before 36 known hours at or below 150",
             hasty_lifts(replay.events, daily_aqis(station)))


def check_prefixes(tap, station, path, whole):
    with open(path, encoding="ascii") as file:
        lines = file.readlines()
    wrong = []
    for i in range(1, PREFIXES + 1):
        n = 1 + (len(lines) - 1) * i // (PREFIXES + 1)
        part = Replay(*AS_REFERENCE, text="".join(lines[:n]))
        last = FIRST_HOUR + n - 2
        expected = [event for event in whole.events if event.hour <= last]
        if part.events != expected:
            wrong.append(f"{n - 1} hours: {len(part.events)} events, expected {len(expected)}")
    tap.case(f"the first hours of {station} bring the first events", wrong)


# ---- how much earlier a forecast makes a warning ----

def level_at(changes, hour):
    level = None
    for at, after in changes:
        if at > hour:
            break
        level = after
    return level


def since_at(changes, hour, level):
    """The hour from which the advice has been at the level or above, up to `hour`."""
    since = None
    for at, after in changes:
        if at > hour:
            break
        if rank(after) < rank(level):
            since = None
        elif since is None:
            since = at
    return since


def leads_of(observed, forecast, last):
    """({level: hours earlier}, what came later) of the first warning of each stretch."""
    changes, before = forecast.advised(last), observed.advised(last)
    leads, late, seen = {level: [] for level in LEVELS}, [], set()
    for event in observed.events:
        if event.kind not in RISES:
            continue
        for level in LEVELS[rank(level_at(before, event.hour - 1)):rank(event.level)]:
            since = since_at(changes, event.hour, level)
            if since is None:
                late.append(f"{level} of {show(event.hour)}")
            elif (level, since) not in seen:
                seen.add((level, since))
                leads[level].append(event.hour - since)
    return leads, late


def summarise(hours):
    hours = sorted(hours) or [0]
    return f"{hours[0]} to {hours[-1]}, median {hours[len(hours) // 2]}"


def tell_lead(station, level, leads, forecast):
    """How much earlier, and how long before the air that the run covers begins."""
    ahead = [event.onset - event.hour for event in forecast.events
             if event.kind in RISES and event.level == level]
    print(f"# {station}, {level}, with the next {FORECAST_H} h known: {len(leads)} warnings, hours "
          f"earlier {summarise(leads)}; {len(ahead)} told, hours before the onset "
          f"{summarise(ahead)}")


def check_forecast(tap, station, path, observed):
    forecast = Replay(*AS_REFERENCE, "--perfect-forecast", str(FORECAST_H), path)
    leads, late = leads_of(observed, forecast, max(observed.hours))
    for level in LEVELS:
        tell_lead(station, level, leads[level], forecast)
    late += [f"{level}: {hours} h earlier" for level in LEVELS for hours in leads[level]
             if hours < FORECAST_H]
    tap.case(f"with the next {FORECAST_H} h known every warning at {station} comes as much earlier",
             late)
    tap.case(f"the events of {station} with a forecast follow legally from one another",
             illegal_events(forecast.events))


# ---- the data ----

def check_speed(tap, station, path):
    begun = time.monotonic()
    first = Replay(*AS_REFERENCE, "--hours", path)
    took = time.monotonic() - begun
    print(f"# {station}: {len(first.hours)} hours in {took:.2f} s, reading the output included")
    tap.case(f"all hours of {station} take no {SLOWEST_S} s",
             [f"{took:.1f} s"] if took > SLOWEST_S else [])
    again = Replay(*AS_REFERENCE, "--hours", path)
    tap.case(f"{station} twice gives the same bytes",
             [] if first.text == again.text else ["they differ"])
    return first


def check_station(tap, station, folder):
    source, _ = shared("data", "uci-beijing", f"PRSA_Data_{station}_20130301-20170228.csv.xz")
    path = os.path.join(folder, station + ".csv")
    with lzma.open(source) as packed, open(path, "wb") as file:
        file.write(packed.read())
    replay = check_speed(tap, station, path)
    check_reference(tap, station, replay)
    check_events(tap, station, replay)
    check_prefixes(tap, station, path, replay)
    check_forecast(tap, station, path, replay)


def longest(daily, limit):
    return max(len(list(run)) if above else 0
               for above, run in itertools.groupby(daily, lambda aqi: aqi > limit))


def check_city(tap, name):
    with open(os.path.join(ROOT, "tests", "data", f"beijing-{name}.csv"), encoding="utf-8") as file:
        text = file.read()
    spans = Replay(*AS_REFERENCE, "--hours", text=text)
    others = [Replay(*AS_REFERENCE[:-1], counting, text=text)
              for counting in ("rolling", "natural-day")]
    daily = [aqi or 0 for aqi in spans.series("aqi_daily")]
    found = tuple(longest(daily, limit) for limit in (150, 200, 300)) + (max(daily),)
    levels = tuple(max((c.level for c in replay.conditions), key=rank, default=None)
                   for replay in (spans, *others))
    near = all(abs(ours - theirs) <= 1 for ours, theirs in zip(found, CITY[name]))
    tap.case(f"the city mean of {name} has the runs and levels that were computed of it",
             [] if near and levels == CITY[name][4:] else
             [f"found {found + levels}, expected {CITY[name]}"])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        tap.case("there are hours of a station", [] if shared_stations() else ["none"])
        for station in shared_stations():
            check_station(tap, station, folder)
    for name in CITY:
        check_city(tap, name)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
