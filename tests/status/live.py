#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch watch, as one page, and hazewatch read, word for word, in both languages.

usage: live.py HAZEWATCH CATALOGUES [--write]
"""
import json
import tempfile

import scenes
import schemas
from scene import golden, too_wide
from scenes import READINGS, SENSOR, daemon
from source import Tap

LANGUAGES = (("en", {}), ("zh", {"LANGUAGE": "zh_CN"}))


def check_watch(tap, station):
    for language, environment in LANGUAGES:
        with daemon(station, readings=READINGS):
            done = station.run("watch", **environment)
            wide = station.run("watch", COLUMNS="200", **environment)
            narrow = station.run("watch", COLUMNS="60", **environment)
        wrong = [done.stderr] if done.returncode or done.stderr else []
        wrong += golden(f"watch-{language}.txt", done.stdout)
        tap.case(f"the live page is that of watch-{language}.txt", wrong)
        wrong = [line for width, each in ((60, narrow), (80, done), (200, wide))
                 for line in too_wide(each.stdout, width)]
        wrong += [each.stdout for each in (narrow, done, wide) if each.stdout.count("\n") > 24]
        tap.case(f"the live page fits into 60, 80 and 200 columns and 24 lines ({language})", wrong)
    with daemon(station, readings=READINGS):
        done = station.run("watch", LC_ALL="C")
    tap.case("without UTF-8 everything is ASCII",
             [] if done.stdout.isascii() and "%" in done.stdout and "ug/m3" in done.stdout else [str(done)])
    done = station.run("watch")
    tap.case("a stopped daemon is told, its last hours are shown",
             [] if "hazewatchd does not run" in done.stdout and "▇" in done.stdout and
             "PM2.5  -" in done.stdout and done.returncode == 0 else [str(done)])


def check_untimed(tap):
    """A daemon that does not know what time it is, of a station without a past."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        waiting = {"state": "waiting", "until": "2026-01-12T08:30:00+08:00"}
        with daemon(station, readings=READINGS, clock=waiting):
            page = station.run("watch").stdout
        wrong = [words for words in ("PM2.5  371.2 N 2 s", "NO2    B no answer 6 min", "O3     none yet",
                                     "clock: waits to be set until 01-12 08:30") if words not in page]
        tap.case("raw values are shown while the clock is waited for", [page] if wrong else [])


def check_read(tap, station):
    for language, environment in LANGUAGES:
        with daemon(station):
            done = station.run("read", "roof", **environment)
        wrong = [done.stderr] if done.returncode != 1 or done.stderr else []
        wrong += golden(f"read-{language}.txt", done.stdout)
        tap.case(f"a poll's page is that of read-{language}.txt", wrong)
        tap.case(f"it fits into 80 columns ({language})", list(too_wide(done.stdout)))
    with daemon(station):
        body = json.loads(station.run("read", "roof", "--json").stdout)
    wrong = schemas.faults("sensor", body)
    tap.case("its JSON is what the daemon said after a new poll",
             wrong + ([] if {**body, "polls": 7} == SENSOR and body["polls"] > 7 else [str(body)]))
    with daemon(station, sensor={"rows": SENSOR["rows"][:1]}):
        done = station.run("read", "roof")
    tap.case("exit status 0 when every row of use has a value", [] if done.returncode == 0 else [str(done)])
    done = station.run("read", "cellar")
    tap.case("of an unknown sensor the known ones are named",
             [] if done.returncode == 64 and done.stderr.endswith("it has roof\n") and not done.stdout
             else [str(done)])
    done = station.run("read")
    tap.case("without a sensor it is wrong usage", [] if done.returncode == 64 else [str(done)])


def check_line(tap):
    """Nobody listens at the port, no daemon runs."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        done = station.run("read", "roof")
        tap.case("a line that cannot be opened is told",
                 [] if done.returncode == 69 and "field-1: Connection refused" in done.stderr else [str(done)])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.course(folder)
        check_watch(tap, station)
        check_read(tap, station)
    check_untimed(tap)
    check_line(tap)
    tap.done()


if __name__ == "__main__":
    main()
