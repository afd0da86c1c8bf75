# SPDX-License-Identifier: MIT
"""The AQI computed a second time: from the same tables (config/aqi), with fractions, not one line
shared with the daemon.

Values are given as {pollutant: Fraction or None} for each hour, in ug/m3, CO in mg/m3.
"""
import math
from fractions import Fraction

POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")
STEPS = {name: Fraction(1, 10) if name == "co" else Fraction(1) for name in POLLUTANTS}
FIELDS = {name: f"{name}_mg_m3" if name == "co" else f"{name}_ug_m3" for name in POLLUTANTS}
LEADING = ("pm25", "pm10")
DAY_H, SPAN_H = 24, 8


def half_even(value, step):
    """The nearest multiple of a step; of two, the even one. Python's round does just that."""
    return None if value is None else round(value / step) * step


def mean(values):
    return sum(values, Fraction(0)) / len(values) if values else None


class Index:
    """An AQI and what it was made of; `value` None: not known."""

    def __init__(self, edition, iaqis, means, counts, needed):
        self.iaqis, self.means, self.counts = iaqis, means, counts
        self.complete = all(means[name] is not None for name in POLLUTANTS)
        present = [iaqi for iaqi in iaqis.values() if iaqi is not None]
        known = any(means[name] is not None for name in needed) and present
        self.value = max(present) if known else None
        least = edition["incomplete_above"]
        self.published = known and (self.complete or least == "none" or self.value > least)
        self.primary = [name for name in POLLUTANTS if self.published and
                        self.value > edition["primary_above"] and iaqis[name] == self.value]
        self.category = next(each for each in edition["categories"] if self.value <= each["upto"]) \
            if self.published else None


class Edition:
    def __init__(self, table):
        """`table`: what a file of config/aqi holds"""
        self.table = table

    def iaqi(self, column, value):
        """HJ 633 formula (1), rounded up."""
        if value is None:
            return None
        index = self.table["index"]
        points = [Fraction(str(point)) for point in self.table["columns"][column]["breakpoints"]]
        if value > points[-1]:
            above = self.table["columns"][column]["above"]
            return None if above == "none" else above
        for i in range(1, len(points)):
            if value <= points[i]:
                share = (value - points[i - 1]) / (points[i] - points[i - 1])
                return math.ceil(index[i - 1] + (index[i] - index[i - 1]) * share)
        raise ValueError(f"{column}: {value}")

    def hour(self, raw):
        """The hourly means as they are kept."""
        if not self.table["rounding"]["hours"]:
            return raw
        return {name: half_even(raw[name], STEPS[name]) for name in POLLUTANTS}

    def realtime(self, hour):
        iaqis = dict.fromkeys(POLLUTANTS)
        rounded = self.table["rounding"]["means"]
        for column in self.table["realtime"]:
            name = column.split("_")[0]
            value = half_even(hour[name], STEPS[name]) if rounded else hour[name]
            iaqis[name] = self.iaqi(column, value)
        counts = {name: int(hour[name] is not None) for name in POLLUTANTS}
        return Index(self.table, iaqis, hour, counts, POLLUTANTS)

    def largest_span(self, values):
        """O3: the largest of the eight-hour means that lie wholly inside the day."""
        valid = self.table["validity"]
        spans = [[value for value in values[i:i + SPAN_H] if value is not None]
                 for i in range(DAY_H - SPAN_H + 1)]
        means = [mean(span) for span in spans if len(span) >= valid["o3_8h_min_hours"]]
        return max(means) if len(means) >= valid["o3_8h_min_means"] else None

    def mean_for(self, column, values):
        """`values`: of the 24 hours, None where there is none."""
        valid, there = self.table["validity"], [value for value in values if value is not None]
        if column.endswith("_24h"):
            return mean(there) if len(there) >= valid["day_min_hours"] else None
        if column.endswith("_8h"):
            return self.largest_span(values)
        return max(there) if len(there) >= valid["o3_1h_min_hours"] else None

    def daily(self, hours):
        """`hours`: the hours up to now, the present one last; those before them are not known."""
        day = [dict.fromkeys(POLLUTANTS)] * DAY_H + list(hours)
        values = {name: [hour[name] for hour in day[-DAY_H:]] for name in POLLUTANTS}
        iaqis, means = dict.fromkeys(POLLUTANTS), dict.fromkeys(POLLUTANTS)
        for column in self.table["daily"]:
            name = column.split("_")[0]
            value = self.mean_for(column, values[name])
            if self.table["rounding"]["means"]:
                value = half_even(value, STEPS[name])
            if value is None:
                continue
            if means[name] is None or not column.endswith("_1h"):
                means[name] = value
            found = self.iaqi(column, value)
            if iaqis[name] is None or (found is not None and found > iaqis[name]):
                iaqis[name] = found
        counts = {name: sum(value is not None for value in values[name]) for name in POLLUTANTS}
        return Index(self.table, iaqis, means, counts, LEADING)
