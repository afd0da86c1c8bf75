#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measured hours of three stations and of an extract, against an independent computation.

usage: reference.py HOURS

HOURS is the test tool. Four years of each station are read from the shared data, if they are there;
the extract in tests/data always.
"""
import csv
import glob
import os
import sys
import tempfile
from fractions import Fraction

from record import (ROOT, edition_path, label, label_of, open_text, read_extract, read_uci,
                    run_hours, shared, time_of)

sys.path.append(os.path.join(ROOT, "tests", "structure"))
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

HOURS = os.path.abspath(sys.argv[1])
FIRST_WHOLE_DAY = label(2013, 3, 1, 23)
EXTRACT = os.path.join(ROOT, "tests", "data", "huairou-2013-10-31")
SHOWN = 10
# What the reference calls an indicator -> the pollutant
INDICATORS = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co",
              "O3_1h": "o3", "O3_8h": "o3"}


def read_reference(path, first):
    with open_text(path) as file:
        rows = {label_of(row["time"]): row for row in csv.DictReader(file)}
    return {hour: row for hour, row in rows.items() if hour >= first}


def rounded_2012(folder):
    """A copy of the edition of 2012 that rounds means, as the reference's column aqi_r does."""
    with open(edition_path("hj633-2012"), encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(folder, "rounded.yaml")
    if text.count("means: false") != 1:
        raise RuntimeError("the edition of 2012 does not say `means: false` once")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("means: false", "means: true"))
    return path


def three_decimals(field):
    return "" if field == "" else f"{float(round(Fraction(field) / 1000, 3)):.3f}"


def primary_of(field):
    return {INDICATORS[name] for name in field.split("|")} if field else set()


class Answers:
    """The tool's answers to a record, hour by hour."""

    def __init__(self, edition, record):
        self.names, rows = run_hours(HOURS, edition, record)
        self.rows = {int(row[0]): row for row in rows}

    def differences(self, reference, expected, column, read=str):
        """Hours at which a column of ours is not what the reference says."""
        at = self.names.index(column)
        return [f"{time_of(hour)}: {read(self.rows[hour][at])}, expected {row[expected]}"
                for hour, row in reference.items()
                if read(self.rows[hour][at]) != row[expected]]

    def primary_differences(self, reference):
        at = self.names.index("daily_primary")
        found = {hour: set(filter(None, self.rows[hour][at].split("|"))) for hour in reference}
        return [f"{time_of(hour)}: {found[hour]}, expected {row['primary']}"
                for hour, row in reference.items()
                # without particles the reference names none, whatever the gases say
                if row["aqi"] and found[hour] != primary_of(row["primary"])]


def shorten(wrong):
    return wrong[:SHOWN] + ([f"and {len(wrong) - SHOWN} more hours"] if len(wrong) > SHOWN else [])


def compare(tap, name, record, reference):
    of = f"of {len(reference)} hours at {name}"
    with tempfile.TemporaryDirectory() as folder:
        rounded = Answers(rounded_2012(folder), record)
    ours = Answers(edition_path("hj633-2012"), record)
    ours_2026 = Answers(edition_path("hj633-2026"), record)
    tap.case(f"the daily AQI by HJ 633-2012 {of} is the reference's",
             shorten(ours.differences(reference, "aqi", "daily_aqi")))
    tap.case(f"the daily AQI by HJ 633-2026 {of} is the reference's",
             shorten(ours_2026.differences(reference, "aqi26", "daily_aqi")))
    tap.case(f"the daily AQI by HJ 633-2012 with rounded means {of} is the reference's",
             shorten(rounded.differences(reference, "aqi_r", "daily_aqi")))
    tap.case(f"the real-time AQI by HJ 633-2012 {of} is the reference's",
             shorten(ours.differences(reference, "aqi_rt", "realtime_aqi")))
    tap.case(f"the 24 h means of PM {of} are the reference's",
             shorten(ours.differences(reference, "c_PM2.5", "daily_mean_pm25", three_decimals) +
                     ours.differences(reference, "c_PM10", "daily_mean_pm10", three_decimals)))
    tap.case(f"the primary pollutants {of} are the reference's",
             shorten(ours.primary_differences(reference)))


def compare_stations(tap):
    """Every station of the reference, four years each; of an extract what it has."""
    folder, why_not = shared("data", "reference")
    if why_not:
        tap.skip("four years of three stations are the reference's", why_not)
        return
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "rolling_*.csv.xz"))):
        station = os.path.basename(path)[len("rolling_"):].split(".")[0]
        record, why_not = shared("data", "uci-beijing",
                                 f"PRSA_Data_{station}_20130301-20170228.csv.xz")
        if why_not:
            tap.skip(f"four years of {station} are the reference's", why_not)
        else:
            compare(tap, station, read_uci(record), read_reference(path, FIRST_WHOLE_DAY))


def main():
    tap = Tap()
    record = read_extract(EXTRACT + ".csv")
    reference = read_reference(EXTRACT + "-reference.csv", min(record))
    compare(tap, "the extract of Huairou", record, reference)
    compare_stations(tap)
    tap.done()


if __name__ == "__main__":
    main()
