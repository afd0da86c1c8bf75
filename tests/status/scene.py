# SPDX-License-Identifier: MIT
"""Stations whose databases are made row by row, for what `hazewatch` shows of them.

usage of each test: TEST.py HAZEWATCH CATALOGUES
"""
import datetime
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import zlib

import yaml

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [os.path.join(ROOT, "tests", folder) for folder in ("structure", "integration")]
HAZEWATCH, CATALOGUES = (os.path.abspath(path) for path in sys.argv[1:3])
CONFIG = os.path.join(ROOT, "config")
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
NOW = "2026-01-12T08:20:20+08:00"  # nobody takes 40 s to show a page
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")


def seconds(text):
    return round(datetime.datetime.fromisoformat(text).timestamp())


def hour_of(text):
    return seconds(text) // 3600


def text_of(hour):
    return datetime.datetime.fromtimestamp(hour * 3600, BEIJING).isoformat()


def crc(*columns):
    return zlib.crc32("|".join("" if each is None else str(each) for each in columns).encode())


class Station:
    """A folder with a station file and its two databases."""

    def __init__(self, folder, now=NOW):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        os.mkdir(self.data, 0o750)
        anchor = datetime.datetime.fromtimestamp(round(time.time(), 3), BEIJING)
        self.config = {
            "kind": "station",
            "station": {"id": "hetang-01", "name_zh": "荷塘一号站", "name_en": "Hetang station 1",
                        "area": "430202", "leading": ["pm25", "pm10"]},
            "exercise": True, "edition": "hj633-2026", "plan": "hetang-2024", "close_delay_min": 2,
            "clock": {"source": "simulated", "start": now,
                      "anchor": anchor.isoformat(timespec="milliseconds"), "speed": 1},
            "storage": {"dir": self.data},
            "buses": [{"id": "field-1", "tcp": {"host": "127.0.0.1", "port": 502}}],
            "sensors": [{"id": "roof", "bus": "field-1", "unit_id": 1, "profile": "generic-six",
                         "poll_s": 10}],
        }
        self.seq = 0
        self.state, self.samples = (self.create(kind) for kind in ("state", "samples"))
        self.state.execute("INSERT INTO meta VALUES ('uuid', '2b6f0cc9-04d1-4f0e-8a2e-0123456789ab')")
        open(os.path.join(self.data, "lock"), "w", encoding="ascii").close()

    def create(self, kind, dump=None):
        """Empty, or from a dump of tests/data, brought over as hazewatchd does it."""
        database = sqlite3.connect(os.path.join(self.data, kind + ".db"))
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")
        paths = sorted(glob.glob(os.path.join(ROOT, "storage", "migrations", kind, "*.sql")))
        if dump:
            with open(os.path.join(ROOT, "tests", "data", dump), encoding="utf-8") as file:
                database.executescript(file.read())
        for path in paths[database.execute("PRAGMA user_version").fetchone()[0]:]:
            with open(path, encoding="utf-8") as file:
                database.executescript(file.read())
        return database

    def hour(self, hour, values, daily=None, realtime=None):
        """Means in the pollutants' units, None where there is none."""
        for pollutant, value in values.items():
            milli = None if value is None else round(value * 1000)
            valid = int(value is not None)
            self.state.execute(
                "INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples,"
                " time_quality, crc) VALUES (?, ?, ?, ?, 'N', 3600000, 360, 'simulated', ?)",
                (hour, pollutant, milli, valid, crc(hour, pollutant, milli, valid) if valid else
                 crc(hour, pollutant, "", 0)))
        self.state.execute(
            "INSERT INTO aqi (hour, edition, daily, daily_published, daily_complete, daily_category,"
            " daily_primary, realtime, realtime_published, realtime_complete, realtime_category,"
            " realtime_primary) VALUES (?, 'hj633-2026', ?, 1, 1, 5, 'pm25', ?, 1, 1, 5, 'pm25')",
            (hour, daily, realtime))

    def publish(self, topic, body):
        self.seq += 1
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self.state.execute(
            "INSERT OR REPLACE INTO latest (topic, seq, payload, crc) VALUES (?, ?, ?, ?)",
            (topic, self.seq, text, zlib.crc32(f"{self.seq}|{topic}|{text}".encode())))

    def close(self):
        """As a daemon that was stopped leaves it."""
        for database in (self.state, self.samples):
            database.commit()
            database.close()
        with open(os.path.join(self.folder, "station.yaml"), "w", encoding="utf-8") as file:
            yaml.safe_dump(self.config, file, allow_unicode=True, sort_keys=False)
        return self

    def run(self, *arguments, command=(HAZEWATCH,), stdout=subprocess.PIPE, preexec_fn=None,
            **environment):
        kept = {name: os.environ[name] for name in
                ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS") if name in os.environ}
        kept |= {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TEXTDOMAINDIR": CATALOGUES}
        return subprocess.run(
            [*command, arguments[0], "--config", os.path.join(self.folder, "station.yaml"),
             "--config-dir", CONFIG, *arguments[1:]], stdin=subprocess.DEVNULL, stdout=stdout,
            stderr=subprocess.PIPE, text=True, check=False, timeout=60, env=kept | environment,
            preexec_fn=preexec_fn)


def head(**more):
    return {"id": "2b6f0cc9-04d1-4f0e-8a2e-0123456789ab-1", "time": "2026-01-12T08:02:00+08:00",
            "time_quality": "simulated", "station": {"id": "hetang-01", "name_zh": "荷塘一号站",
            "name_en": "Hetang station 1", "area": "430202"}, "exercise": True, "seq": 1, **more}


def golden(name, printed, where=os.path.join(ROOT, "tests", "status")):
    """What differs from the page kept under that name; `--write` as the last argument keeps it."""
    path = os.path.join(where, name)
    if sys.argv[-1] == "--write":
        with open(path, "w", encoding="utf-8") as file:
            file.write(printed)
    with open(path, encoding="utf-8") as file:
        kept = file.read().splitlines()
    lines = printed.splitlines()
    return [f"{name}:{n}: {line!r}" for n, line in enumerate(lines, 1)
            if n > len(kept) or line != kept[n - 1]] + kept[len(lines):]


def too_wide(printed, width=80):
    """Lines that a terminal would fold: a Chinese letter takes two columns."""
    import unicodedata
    for line in printed.splitlines():
        columns = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
        if columns > width:
            yield f"{columns} columns: {line}"


def plain(text):
    """Without the size of this machine's disk."""
    text = re.sub(r"(state\.db[\u00a0 ])0\.[0-9]", r"\g<1>0.z", text)  # it grows with the schema
    return re.sub(r"[0-9.]+(\u00a0of\u00a0|/)[0-9.]+(\u00a0GB)", r"x\1y\2", text)
