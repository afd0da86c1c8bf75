# SPDX-License-Identifier: MIT
"""Hours of a station out of a file of any layout, as whole numbers, by the program's own readers:
`hazewatch import` and `export` for the means, `hazewatch replay` for the daily AQI of each hour.
"""
import csv
import datetime
import json
import lzma
import os
import subprocess
import tempfile

import numpy

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
KEYS = ("pm25", "pm10", "so2", "no2", "co", "o3")
FIELDS = {"pm25": "pm25_ug_m3", "pm10": "pm10_ug_m3", "so2": "so2_ug_m3", "no2": "no2_ug_m3", "co": "co_mg_m3",
          "o3": "o3_ug_m3"}


def hour_of(text):
    return int(datetime.datetime.fromisoformat(text).timestamp()) // 3600


def text_of(hour):
    return datetime.datetime.fromtimestamp(3600 * int(hour), BEIJING).isoformat()


def milli(text):
    whole, _, rest = text.partition(".")
    value = int(whole.lstrip("-") + rest.ljust(3, "0"))
    return -value if whole.startswith("-") else value


class Air:
    """of[pollutant]: thousandths an hour from `first` on, NaN where there is none; daily: the daily
    AQI of what is there, NaN where it is not known."""

    def __init__(self, name, first, of, daily):
        self.name, self.first, self.of, self.daily = name, first, of, daily
        self.n = len(daily)

    def local(self):
        """(year, month 0 to 11, day of the year from 0, hour) of each hour."""
        at = numpy.datetime64("1970-01-01T08") + (self.first + numpy.arange(self.n)).astype("timedelta64[h]")
        day, month, year = at.astype("datetime64[D]"), at.astype("datetime64[M]"), at.astype("datetime64[Y]")
        return (year.astype(int) + 1970, month.astype(int) % 12, (day - year.astype("datetime64[D]")).astype(int),
                (at - day.astype("datetime64[h]")).astype(int))


class Reader:
    def __init__(self, program, config_dir, edition):
        self.program, self.config, self.edition = program, config_dir, edition

    def run(self, *arguments, stdin=None):
        done = subprocess.run([self.program, *arguments], input=stdin, capture_output=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.program} {arguments[0]}: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode()

    def config_options(self):
        return ["--config-dir", self.config] if self.config else []

    def hours(self, path, options):
        """Rows of our own layout."""
        with (lzma.open if path.endswith(".xz") else open)(path, "rb") as file:
            raw = file.read()
        with tempfile.TemporaryDirectory() as folder:
            self.run("import", *self.config_options(), "--dir", folder, *options, "-", stdin=raw)
            return list(csv.DictReader(self.run("export", "--dir", folder, "hours").splitlines()))

    def daily(self, rows, keys):
        """{hour: daily AQI} of the pollutants `keys` alone."""
        fields = [FIELDS[key] for key in keys]
        lines = [",".join(["hour", *fields])] + [",".join([row["hour"], *(row[field] for field in fields)])
                                                for row in rows]
        printed = self.run("replay", *self.config_options(), "--edition", self.edition, "--json", "--hours", "-",
                           stdin="\n".join(lines).encode())
        said = (json.loads(line) for line in printed.splitlines() if line.startswith('{"type":"hour"'))
        return {hour_of(each["hour"]): each["aqi_daily"] for each in said if each["aqi_daily"] is not None}

    def air(self, name, rows, keys, scale=1.0):
        """Of these pollutants alone, each concentration times `scale`; but O3, which clean air has no less of."""
        keys = [key for key in keys if FIELDS[key] in rows[0] and any(row[FIELDS[key]] for row in rows)]
        if scale != 1:
            rows = [{name: value if name in ("hour", FIELDS["o3"]) or not value else f"{float(value) * scale:.3f}"
                     for name, value in row.items()} for row in rows]
        first, last = hour_of(rows[0]["hour"]), hour_of(rows[-1]["hour"])
        of = {key: numpy.full(last - first + 1, numpy.nan) for key in KEYS}
        for row in rows:
            for key in keys:
                if row[FIELDS[key]]:
                    of[key][hour_of(row["hour"]) - first] = milli(row[FIELDS[key]])
        daily = numpy.full(last - first + 1, numpy.nan)
        for hour, aqi in self.daily(rows, keys).items():
            daily[hour - first] = aqi
        return Air(name, first, of, daily)
