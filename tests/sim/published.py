#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Indices that others published: the standards' tables and the national platform.

usage: published.py HOURS

HOURS is the test tool. The tables and single pairs are in tests/data; a day of the platform's
stations is read from the shared data, if it is there. The platform published the real-time AQI of
HJ 633-2012 from 1 h means, PM on the 24 h column.
"""
import csv
import glob
import os
import sys

from record import KEYS, ROOT, edition_path, milli, open_text, run_hours, shared

sys.path.append(os.path.join(ROOT, "tests", "structure"))
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

HOURS = os.path.abspath(sys.argv[1])
DATA = os.path.join(ROOT, "tests", "data")
POLLUTANTS = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3"}
PLATFORM = "hj633-2012"
DAY_H = 24
SHOWN = 10


def read_rows(path):
    with open_text(path) as file:
        return list(csv.DictReader(file))


def values_of(concentrations):
    """Six values of {"PM2.5": "35", ...}; what is not there is missing."""
    named = {POLLUTANTS[name]: text for name, text in concentrations.items()}
    return tuple(milli(named.get(key, "")) for key in KEYS)


def ask(edition, hours):
    """One dict of the tool's answers for each of a list of hours, which follow each other."""
    names, rows = run_hours(HOURS, edition_path(edition), dict(enumerate(hours, 1)),
                            leading=KEYS)
    return [dict(zip(names, row)) for row in rows]


def shorten(wrong):
    return wrong[:SHOWN] + ([f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else [])


def check_pairs(tap):
    rows = read_rows(os.path.join(DATA, "published-hourly-pairs.csv"))
    answers = ask(PLATFORM, [values_of({row["pollutant"]: row["concentration"]}) for row in rows])
    tap.case(f"{len(rows)} published pairs of concentration and index are reproduced",
             shorten([f"{row}: {answer['realtime_aqi']}" for row, answer in zip(rows, answers)
                      if answer["realtime_aqi"] != row["published_aqi"] or
                      answer["realtime_iaqi_" + POLLUTANTS[row["pollutant"]]] !=
                      row["published_aqi"]]))


def index_of(edition, row):
    """Our IAQI of one row of the standards' table: in real time, or after a day of equal hours."""
    values = values_of({row["pollutant"]: row["concentration"]})
    at_once = row["averaging"] == "1h"
    answers = ask(edition, [values] if at_once else [values] * DAY_H)
    kind = "realtime" if at_once else "daily"
    return answers[-1][f"{kind}_iaqi_{POLLUTANTS[row['pollutant']]}"]


def check_breakpoints(tap):
    rows = read_rows(os.path.join(DATA, "breakpoints.csv"))
    for standard in sorted({row["standard"] for row in rows}):
        edition = standard.lower().replace(" ", "")
        mine = [row for row in rows if row["standard"] == standard]
        found = [(row, index_of(edition, row)) for row in mine]
        tap.case(f"{len(mine)} breakpoints of {standard} have the index of its table",
                 [f"{row}: {index}" for row, index in found if index != row["iaqi"]])


def station_hours_of_country(path):
    """(where, published AQI, {pollutant: concentration}): hour and type down, stations across"""
    hours = {}
    with open_text(path) as file:
        rows = csv.reader(file)
        stations = next(rows)[3:]
        for row in rows:
            hours.setdefault((row[0], int(row[1])), {})[row[2]] = row[3:]
    for (date, hour), types in sorted(hours.items()):
        for i, station in enumerate(stations):
            given = {name: types[name][i] for name in POLLUTANTS if name in types}
            yield f"{station} on {date} at {hour}:00", types["AQI"][i], given


def station_hours_of_city(path):
    """The same: station and hour down, pollutants across"""
    for row in read_rows(path):
        yield (f"{row['code']} on {row['date']} at {row['hour']}:00", row["AQI"],
               {name: row[name] for name in POLLUTANTS})


def station_hours(path):
    with open_text(path) as file:
        names = next(csv.reader(file))
    return station_hours_of_country(path) if "type" in names else station_hours_of_city(path)


def check_platform(tap, path):
    published = [each for each in station_hours(path) if each[1] != ""]
    answers = ask(PLATFORM, [values_of(given) for _, _, given in published])
    wrong = [f"{where}: {answer['realtime_aqi']}, published {aqi}, {given}"
             for (where, aqi, given), answer in zip(published, answers)
             if answer["realtime_published"] != aqi]
    if not published:
        wrong = ["no station-hour with a published AQI"]
    name = os.path.basename(path).split(".")[0]
    tap.case(f"the published AQI of {len(published)} station-hours of {name} is reproduced",
             shorten(wrong))


def main():
    tap = Tap()
    check_pairs(tap)
    check_breakpoints(tap)
    folder, why_not = shared("data", "cnemc")
    if why_not:
        # Nobody may hand these hours on; the pairs above are what may be kept of them.
        print(f"# {why_not}")
    else:
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.csv*"))):
            check_platform(tap, path)
    tap.done()


if __name__ == "__main__":
    main()
