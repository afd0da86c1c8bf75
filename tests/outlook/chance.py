# SPDX-License-Identifier: MIT
"""What a file of kind outlook makes of some hours, a second time: plain Python, whole numbers, every
feature anew for every hour, no sum carried on. Written from hazewatch-outlook(5), not from rules/.

An air is {hour: {pollutant: thousandths}}, the hour's END in hours since 1970 UTC.
"""
import datetime

import yaml

BEIJING_H = 8
DAY_H = 24
MICRO = 10 ** 6
SERIES = 10 ** 12
LN2_MICRO = 693147
TOP_MICRO = 20 * MICRO
RULE_H = 6


def half_even(value, divisor):
    """value / divisor, rounded half to even."""
    whole, rest = divmod(value, divisor)
    return whole + (2 * rest > divisor or (2 * rest == divisor and whole % 2 == 1))


def local_time(hour):
    """Beijing's time at the hour's END."""
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(hours=hour + BEIJING_H)


def exp_minus(micro):
    """exp(-x) in 10^-12."""
    halvings, rest = divmod(micro, LN2_MICRO)
    term = total = SERIES
    for i in range(1, 13):
        size = abs(term) * rest // MICRO // i
        term = -size if term > 0 else size
        total += term
    return total >> halvings


def permille(logit_micro):
    """1 / (1 + exp(-logit)), to the nearest permille."""
    if abs(logit_micro) > TOP_MICRO:
        return 0 if logit_micro < 0 else 1000
    other = exp_minus(abs(logit_micro))
    likely = (1000 * SERIES + (SERIES + other) // 2) // (SERIES + other)
    return 1000 - likely if logit_micro < 0 else likely


def mean(values):
    """Of those there are, if they are at least half."""
    there = [value for value in values if value is not None]
    return half_even(sum(there), len(there)) if there and 2 * len(there) >= len(values) else None


class Model:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.tree = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.features, self.needs = self.tree["features"], self.tree["needs"]
        self.thresholds = {each["aqi"]: each for each in self.tree["thresholds"]}

    @staticmethod
    def newest(air, hour, pollutant, hours, ago=0):
        """Values, oldest first."""
        return [air.get(hour - ago - hours + 1 + i, {}).get(pollutant) for i in range(hours)]

    def feature(self, air, hour, feature):
        of = feature["of"]
        if of == "clock":
            return local_time(hour).hour
        if of == "season":
            day = (local_time(hour).timetuple().tm_yday - 1 - 14) % 365
            return min(day, 365 - day)
        pollutant, hours, ago = feature["pollutant"], feature["hours"], feature.get("ago", 0)
        values = self.newest(air, hour, pollutant, hours, ago)
        if of == "mean":
            return mean(values)
        if of in ("max", "min"):
            there = [value for value in values if value is not None]
            enough = there and 2 * len(there) >= hours
            return (max if of == "max" else min)(there) if enough else None
        last = mean(self.newest(air, hour, pollutant, hours))
        if of == "change":
            before = mean(values)
            return None if last is None or before is None else last - before
        return None if last is None else self.held(air, hour, pollutant, last)

    def held(self, air, hour, pollutant, last):
        sums = []
        for k in range(1, DAY_H + 1):
            rest = mean(self.newest(air, hour, pollutant, DAY_H - k)) if k < DAY_H else 0
            sums.append(k * last + (DAY_H - k) * (last if rest is None else rest))
        return half_even(max(sums), DAY_H)

    def lacks(self, air, hour):
        """The first need that is not met, None if all are."""
        for need in self.needs:
            values = self.newest(air, hour, need["pollutant"], need["hours"])
            if sum(value is not None for value in values) < need["valid"]:
                return need
        return None

    def values(self, air, hour):
        return [self.feature(air, hour, feature) for feature in self.features]

    def logit(self, aqi, values):
        """Millionths."""
        total = self.thresholds[aqi]["start"]
        for node in self.thresholds[aqi]["trees"]:
            while isinstance(node, list):
                feature, at, missing, low, high = node
                value = values[feature]
                node = low if (missing == "l" if value is None else value <= at) else high
            total += node
        return total

    def chance(self, air, hour, aqi):
        """Permille; None where there is too little data."""
        return None if self.lacks(air, hour) else permille(self.logit(aqi, self.values(air, hour)))
