# SPDX-License-Identifier: MIT
"""The air quality index a second time, from the same tables, with fractions.

Written from the rules (HJ 633, HJ 663, GB 3095), not from rules/: no window that moves, no sums
that are carried on; every hour is computed anew from the record. A record is {hour: six values},
see tests/sim/record.py.
"""
import math
from fractions import Fraction

import yaml

KEYS = ("pm25", "pm10", "so2", "no2", "co", "o3")
# A published value is whole, CO has one decimal (HJ 663 6.3); in thousandths.
STEPS = {key: 100 if key == "co" else 1000 for key in KEYS}
WINDOW_H = 24


class Edition:
    """One file of config/aqi. Numbers are read as fractions: no decimal is ever inexact."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.tree = yaml.load(file, Loader=yaml.BaseLoader)  # every scalar stays a text
        self.index = [int(text) for text in self.tree["index"]]
        self.columns = {name: ([Fraction(text) * 1000 for text in column["breakpoints"]],
                               self.number(column["above"]))
                        for name, column in self.tree["columns"].items()}
        self.need = {key: int(text) for key, text in self.tree["validity"].items()}
        self.round_means = self.tree["rounding"]["means"] == "true"
        self.lowest = int(self.tree.get("lowest", 0))
        self.incomplete_above = self.number(self.tree["incomplete_above"])
        self.primary_above = int(self.tree["primary_above"])
        self.categories = [int(category["upto"]) for category in self.tree["categories"]]

    @staticmethod
    def number(text):
        return None if text == "none" else int(text)

    def iaqi(self, column, mean):
        """HJ 633 formula (1), rounded up; None where the table has no answer. Below zero is zero."""
        points, above = self.columns[column]
        mean = max(mean, 0)
        if mean > points[-1]:
            return above
        for i in range(1, len(points)):
            if mean <= points[i]:
                slope = Fraction(self.index[i] - self.index[i - 1]) / (points[i] - points[i - 1])
                return math.ceil(slope * (mean - points[i - 1]) + self.index[i - 1])
        raise AssertionError(f"{mean} is not in {column}")


class Index:
    """One AQI: the fields that the test tool prints."""

    def __init__(self, edition, scope, means, hours):
        """means: {column: mean} of what is there; scope: monitored, and the keys one of which is
        needed for the index to be known."""
        monitored, needed = scope
        self.iaqi = dict.fromkeys(KEYS)
        self.mean = dict.fromkeys(KEYS)
        self.hours = hours
        # the mean to show is that of the longer period: 1 h columns come first, and are replaced
        for column in sorted(means, key=lambda name: not name.endswith("_1h")):
            key = column.split("_")[0]
            mean = means[column]
            if edition.round_means:
                mean = Fraction(round(mean / STEPS[key]) * STEPS[key])
            self.mean[key] = mean
            iaqi = edition.iaqi(column, mean)
            if iaqi is not None and (self.iaqi[key] is None or iaqi > self.iaqi[key]):
                self.iaqi[key] = iaqi
        present = {key for key in KEYS if self.mean[key] is not None}
        self.complete = present >= set(monitored)
        self.value = max((iaqi for iaqi in self.iaqi.values() if iaqi is not None), default=None)
        if self.value is not None:
            self.value = max(self.value, edition.lowest)
        self.known = self.value is not None and bool(present & set(needed))
        self.conclude(edition)

    def conclude(self, edition):
        self.published = self.category = None
        self.primary = set()
        if self.value is None:
            return
        # HJ 633-2026 5.3.1; None: published all the same
        if self.complete or edition.incomplete_above is None or \
                self.value > edition.incomplete_above:
            self.published = self.value
        self.category = next(i for i, upto in enumerate(edition.categories) if self.value <= upto)
        if self.value > edition.primary_above:
            self.primary = {key for key in KEYS if self.iaqi[key] == self.value}


def mean_of(values, least):
    """The mean of the values there are, if there are enough."""
    there = [value for value in values if value is not None]
    return Fraction(sum(there), len(there)) if len(there) >= least else None


def column_mean(edition, column, values):
    """A column's indicator from 24 hourly values, oldest first; None without enough of them."""
    need = edition.need
    if column.endswith("_24h"):
        return mean_of(values, need["day_min_hours"])
    if column.endswith("_8h"):  # HJ 663 6.1.2: the largest of those that lie wholly in the window
        means = [mean_of(values[i:i + 8], need["o3_8h_min_hours"]) for i in range(WINDOW_H - 7)]
        means = [mean for mean in means if mean is not None]
        return max(means) if len(means) >= need["o3_8h_min_means"] else None
    there = [value for value in values if value is not None]
    return Fraction(max(there)) if len(there) >= need["o3_1h_min_hours"] else None


def daily(edition, scope, record, hour):
    """The daily AQI of the 24 hours that end with `hour`. scope: (monitored, leading)."""
    monitored, leading = scope
    nothing = (None,) * len(KEYS)
    rows = [record.get(h, nothing) for h in range(hour - WINDOW_H + 1, hour + 1)]
    values = {key: [row[i] for row in rows] for i, key in enumerate(KEYS)}
    means = {}
    for column in edition.tree["daily"]:
        key = column.split("_")[0]
        mean = column_mean(edition, column, values[key]) if key in monitored else None
        if mean is not None:
            means[column] = mean
    hours = {key: sum(value is not None for value in values[key]) for key in KEYS}
    return Index(edition, (monitored, leading), means, hours)


def realtime(edition, scope, record, hour):
    """The real-time AQI of one hour: every indicator is the mean of that hour."""
    monitored, _ = scope
    values = dict(zip(KEYS, record[hour]))
    means = {column: Fraction(values[column.split("_")[0]])
             for column in edition.tree["realtime"]
             if column.split("_")[0] in monitored and values[column.split("_")[0]] is not None}
    hours = {key: int(key in monitored and values[key] is not None) for key in KEYS}
    return Index(edition, (monitored, monitored), means, hours)
