#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a perfect forecast of 72 hours makes of the advice of three stations over four years.

usage: horizon.py HAZEWATCH

A level that lifts and is back within a day is a warning that nobody believes. Held against the same
plan without the rule of the horizon. The data are read from the shared measured data, if they are
there, else two months of one station from tests/data.
"""
import collections
import lzma
import os
import re
import sys
import tempfile

from replayed import CONFIG, Replay  # sets the path of the next two
from record import read_uci, shared, shared_stations, time_of
from source import Tap

RANKS = {None: 0, "yellow": 1, "orange": 2, "red": 3}
FORECAST = ("--perfect-forecast", "72")
PLAN = "hetang-2024"
SOON_H = 24
MOST_MORE = 0.05
HOLD_H = 48
FEWEST_BEFORE = 20 / 105_192  # re-issued an hour without the rule: what the test is about is there

Run = collections.namedtuple("Run", "levels issues again events")


def without_horizon(folder):
    """A copy of the plan in which nothing is held for what a forecast does not reach."""
    with open(os.path.join(CONFIG, "plans", PLAN + ".yaml"), encoding="utf-8") as file:
        text, n = re.subn(r"(?m)^horizon_hold_h: \d+", "horizon_hold_h: 0", file.read())
    if n != 1:
        raise RuntimeError(f"{PLAN} does not say horizon_hold_h once")
    path = os.path.join(folder, PLAN + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def changes_of(events):
    return [event for event in events if event.kind in ("issue", "upgrade", "downgrade", "lift")]


def run(path, hours, *options):
    """The level advised after each hour, and the rises within a day of a lift or downgrade."""
    replay = Replay(*FORECAST, *options, path)
    changes = changes_of(replay.events)
    at = {event.hour: RANKS[event.level] for event in changes}
    levels, level = {}, 0
    for hour in hours:
        level = levels[hour] = at.get(hour, level)
    again = [event for before, event in zip(changes, changes[1:])
             if before.kind in ("lift", "downgrade") and event.kind in ("issue", "upgrade")
             and event.hour - before.hour <= SOON_H]
    return Run(levels, sum(event.kind == "issue" for event in changes), again, replay.events)


def long_holds(events):
    """Holds beyond the horizon that nothing ended for longer than may be."""
    since = None
    for event in events:
        if since and event.kind in ("resume", "hold", "lift", "downgrade"):
            if event.hour - since.hour > HOLD_H:
                yield f"{time_of(since.hour)} to {time_of(event.hour)}"
            since = None
        if event.kind == "hold" and event.reason == "beyond_horizon":
            since = event


def waiting_hours(events):
    """The hour before each fall that had to wait for a second issue, which comes with the next hour:
    by a forecast, of an advice that was raised again within a day. No hold says so where one for want
    of data goes on."""
    fell, wary, waiting = None, False, set()
    for event in changes_of(events):
        if event.kind in ("issue", "upgrade"):
            wary = wary or (fell is not None and event.hour - fell <= SOON_H)
            continue
        if wary and event.reason == "forecast":
            waiting.add(event.hour - 1)
        fell, wary = event.hour, False
    return waiting


def lower_hours(now, before):
    """Hours at a lower level, but for those in which the other alone waits for a second issue."""
    waiting = waiting_hours(before.events) - waiting_hours(now.events)
    return [time_of(hour) for hour, level in now.levels.items()
            if level < before.levels[hour] and hour not in waiting]


def check_station(tap, station, folder):
    source, _ = shared("data", "uci-beijing", f"PRSA_Data_{station}_20130301-20170228.csv.xz")
    path = os.path.join(folder, station + ".csv")
    with lzma.open(source) as packed, open(path, "wb") as file:
        file.write(packed.read())
    hours = sorted(read_uci(source))
    now, before = run(path, hours), run(path, hours, "--plan", without_horizon(folder))
    kinds = collections.Counter(event.kind for event in now.again)
    tap.case(f"at {station} no advice is issued again within a day of a lift",
             [time_of(event.hour) for event in now.again if event.kind == "issue"])
    tap.case(f"at {station} none is upgraded again within a day of a downgrade",
             [time_of(event.hour) for event in now.again if event.kind == "upgrade"])
    tap.case(f"no hour of {station} is advised a lower level for it",
             lower_hours(now, before))
    tap.case(f"nothing at {station} is held longer than {HOLD_H} h for what a forecast does not "
             "reach", long_holds(now.events))
    advised = [sum(level > 0 for level in of.levels.values()) for of in (now, before)]
    print(f"# {station}: {now.issues} issued, {kinds['issue']} again, {kinds['upgrade']} upgraded "
          f"again; without the rule {before.issues}, "
          f"{sum(event.kind == 'issue' for event in before.again)}, "
          f"{sum(event.kind == 'upgrade' for event in before.again)}; advised hours {advised[0]}, "
          f"without it {advised[1]}: {100 * (advised[0] / advised[1] - 1):+.1f} %")
    return advised + [len(before.again), len(hours)]


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        found = [check_station(tap, station, folder) for station in shared_stations()]
    tap.case("there are hours of a station", [] if found else ["none"])
    if found:
        now, before, again, hours = (sum(column) for column in zip(*found))
        print(f"# together {now} advised hours, {before} without the rule: "
              f"{100 * (now / before - 1):+.1f} %")
        tap.case("at most 5 % more hours are advised in all",
                 [] if now <= before * (1 + MOST_MORE) else [f"{now} of {before}"])
        tap.case("without the rule many are back within a day",
                 [] if again >= int(FEWEST_BEFORE * hours) else [f"{again}"])
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
