# SPDX-License-Identifier: MIT
"""Hourly records for tests: reading them, running them through the test tool `hours`.

A record is {hour: six values}: the hour's END in hours since 1970 UTC; the values in the order of
KEYS, in whole thousandths of the pollutant's unit (ug/m3; mg/m3 for CO), None if missing.
"""
import csv
import datetime
import lzma
import os
import subprocess
from fractions import Fraction

KEYS = ("pm25", "pm10", "so2", "no2", "co", "o3")
ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXTRACTS = os.path.join(ROOT, "tests", "data", "extract")
BEIJING_H = 8
MISSING = ("", "NA")


def shared(*parts):
    """(path of shared measured data, None) or (None, why there is none). Where nothing is shared,
    the extracts of tests/data stand for it: fewer hours of one station."""
    root = os.environ.get("HAZEWATCH_SHARED") or os.path.join(os.path.dirname(ROOT), "shared")
    if not os.path.isdir(root):
        root, parts = EXTRACTS, [part for part in parts if part != "data"]
    path = os.path.join(root, *parts)
    if os.path.exists(path):
        return path, None
    return None, f"{os.path.join(*parts)} is not there (HAZEWATCH_SHARED says where to look)"


def shared_stations():
    """Those of whose hours there are some."""
    return [name for name in ("Aotizhongxin", "Dongsi", "Huairou")
            if shared("data", "uci-beijing", f"PRSA_Data_{name}_20130301-20170228.csv.xz")[0]]


def edition_path(name):
    return os.path.join(ROOT, "config", "aqi", name + ".yaml")


def open_text(path):
    opener = lzma.open if path.endswith(".xz") else open
    return opener(path, "rt", encoding="utf-8", newline="")


def milli(text, per_thousand=1000):
    """Thousandths of a decimal, half to even; None if it is missing."""
    return None if text in MISSING else round(Fraction(text) * per_thousand)


def label(year, month, day, hour):
    """Hours since 1970 UTC of a Beijing time."""
    since = datetime.datetime(year, month, day, hour) - datetime.datetime(1970, 1, 1)
    return since.days * 24 + since.seconds // 3600 - BEIJING_H


def label_of(text):
    """The same of "2013-03-01 23:00" or "2013-03-01T23:00:00+08:00"."""
    return label(int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13]))


def time_of(hour):
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(hours=hour + BEIJING_H)
    return when.strftime("%Y-%m-%d %H:%M")


def read_uci(path):
    """A file of the Beijing multi-site data set: CO is in ug/m3 there."""
    record = {}
    with open_text(path) as file:
        for row in csv.DictReader(file):
            hour = label(*(int(row[name]) for name in ("year", "month", "day", "hour")))
            record[hour] = tuple(milli(row[name], 1 if name == "CO" else 1000)
                                 for name in ("PM2.5", "PM10", "SO2", "NO2", "CO", "O3"))
    return record


def read_extract(path):
    """The form of the records in tests/data."""
    record = {}
    with open_text(path) as file:
        for row in csv.DictReader(file):
            record[label_of(row["hour"])] = tuple(
                milli(row["co_ug_m3"], 1) if key == "co" else milli(row[key + "_ug_m3"])
                for key in KEYS)
    return record


def run_hours(tool, edition, record, monitored=KEYS, leading=("pm25", "pm10")):
    """What the tool makes of a record: (its column names, a list of fields for each hour)."""
    return run_points(tool, (edition, ",".join(monitored), ",".join(leading)), record)


def run_points(tool, arguments, record):
    """The same of any arguments and any number of values an hour."""
    lines = (",".join([str(hour)] + ["" if value is None else str(value) for value in values])
             for hour, values in sorted(record.items()))
    done = subprocess.run([tool, *arguments], input="\n".join(lines) + "\n", capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{tool}: exit code {done.returncode}: {done.stderr}")
    rows = [line.split(",") for line in done.stdout.splitlines()]
    return rows[0], rows[1:]
