# SPDX-License-Identifier: MIT
"""The features of an outlook file for all hours of a station at once; NaN where one is missing. The
same whole numbers as rules/outlook.c: tests/outlook/outlook.py holds them against each other."""
import numpy

OUTLOOK_H = 72
DAY_H = 24
MIDWINTER = 14


def half_even(value, divisor):
    """Of whole numbers in float64, which are exact below 2^53."""
    whole = numpy.floor(value / divisor)
    rest = value - whole * divisor
    return whole + ((2 * rest > divisor) | ((2 * rest == divisor) & (whole % 2 == 1)))


def shifted(series, ago):
    return numpy.concatenate([numpy.full(min(ago, len(series)), numpy.nan), series[:max(len(series) - ago, 0)]])


def mean(series, hours, ago=0):
    there = ~numpy.isnan(series)
    total = numpy.concatenate([[0], numpy.cumsum(numpy.where(there, series, 0))])
    count = numpy.concatenate([[0], numpy.cumsum(there)])
    end = numpy.maximum(numpy.arange(1, len(series) + 1) - ago, 0)
    begin = numpy.maximum(end - hours, 0)
    n = count[end] - count[begin]
    value = half_even(total[end] - total[begin], numpy.maximum(n, 1))
    return numpy.where((n > 0) & (2 * n >= hours), value, numpy.nan)


def extreme(series, hours, ago, largest):
    out = numpy.full(len(series), numpy.nan)
    n = numpy.zeros(len(series))
    for k in range(ago, ago + hours):
        value = shifted(series, k)
        out = (numpy.fmax if largest else numpy.fmin)(out, value)
        n += ~numpy.isnan(value)
    return numpy.where(2 * n >= hours, out, numpy.nan)


def held(series, hours):
    last = mean(series, hours)
    most = DAY_H * last
    for k in range(1, DAY_H):
        rest = mean(series, DAY_H - k)
        most = numpy.maximum(most, k * last + (DAY_H - k) * numpy.where(numpy.isnan(rest), last, rest))
    return half_even(most, DAY_H)


def feature(air, spec):
    _, _, day, hour = air.local()
    if spec["of"] == "clock":
        return hour.astype(float)
    if spec["of"] == "season":
        after = (day - MIDWINTER) % 365
        return numpy.minimum(after, 365 - after).astype(float)
    series, hours, ago = air.of[spec["pollutant"]], spec["hours"], spec.get("ago", 0)
    if spec["of"] == "mean":
        return mean(series, hours, ago)
    if spec["of"] == "change":
        return mean(series, hours) - mean(series, hours, ago)
    if spec["of"] == "held":
        return held(series, hours)
    return extreme(series, hours, ago, spec["of"] == "max")


def table(air, specs):
    """A row an hour, a column a feature."""
    return numpy.array([feature(air, spec) for spec in specs]).T


def met(air, needs):
    """Which hours have what the model needs."""
    good = numpy.ones(air.n, bool)
    for need in needs:
        count = numpy.concatenate([[0], numpy.cumsum(~numpy.isnan(air.of[need["pollutant"]]))])
        end = numpy.arange(1, air.n + 1)
        good &= count[end] - count[numpy.maximum(end - need["hours"], 0)] >= need["valid"]
    return good
