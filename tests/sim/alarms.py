#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How often real hours of particles look like those of an instrument that is stuck.

usage: alarms.py FROZEN
"""
import os
import subprocess
import sys

from record import KEYS, read_uci, ROOT, shared, shared_stations

sys.path.append(os.path.join(ROOT, "tests", "structure"))
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

FROZEN = os.path.abspath(sys.argv[1])
YEAR_H = 8766
MOST_PER_STATION_YEAR = 1


def frozen(record, key):
    """(times found frozen, hours in it)"""
    column = KEYS.index(key)
    hours = range(min(record), max(record) + 1)
    values = (record.get(hour, (None,) * len(KEYS))[column] for hour in hours)
    done = subprocess.run([FROZEN, key], capture_output=True, text=True, check=True,
                          input="".join(f"{'' if value is None else value}\n" for value in values))
    return tuple(map(int, done.stdout.split()))


def main():
    tap = Tap()
    name = f"at most {MOST_PER_STATION_YEAR} false alarm in a station-year"
    total = hours_in_all = 0
    for station in shared_stations():
        record = read_uci(shared("data", "uci-beijing",
                                 f"PRSA_Data_{station}_20130301-20170228.csv.xz")[0])
        hours_in_all += len(record)
        for key in ("pm25", "pm10"):
            times, hours = frozen(record, key)
            total += times
            print(f"# {station} {key}: {times} times frozen, {hours} of {len(record)} hours")
    rate = total / max(1, hours_in_all / YEAR_H)  # an extract is shorter than a year
    print(f"# {rate:.2f} false alarms in a station-year")
    wrong = [] if rate <= MOST_PER_STATION_YEAR else [f"{rate:.2f}"]
    tap.case(name, wrong if hours_in_all else ["there are no hours"])
    tap.done()


if __name__ == "__main__":
    main()
