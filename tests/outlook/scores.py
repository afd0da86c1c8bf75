# SPDX-License-Identifier: MIT
"""How good chances were, as rules/outlook_score.c counts it: Brier score; hit rate, false-alarm ratio and
CSI of what was said to be possible; reliability by tenths. All of arrays: the chance, 0 to 1; whether it
came, 0 or 1; whether it exceeded already, 0 or 1."""
import numpy

TENTH_MIN = 200


def brier(said, came):
    return float(numpy.mean((said - came) ** 2))


def share(part, whole):
    return part / whole if whole else float("nan")


def contingency(possible, came):
    """(hit rate, false-alarm ratio, CSI); NaN where there is nothing to divide by."""
    hits = int((possible & (came == 1)).sum())
    alarms = int((possible & (came == 0)).sum())
    misses = int((~possible & (came == 1)).sum())
    return share(hits, hits + misses), share(alarms, hits + alarms), share(hits, hits + alarms + misses)


def tenths(said, came):
    """(hours, mean chance, how often it came) of each tenth."""
    of = numpy.clip((1000 * said).round().astype(int) // 100, 0, 9)
    for i in range(10):
        mask = of == i
        n = int(mask.sum())
        yield n, float(said[mask].mean()) if n else 0.0, float(came[mask].mean()) if n else 0.0


def unreliable(said, came):
    """The largest distance over the tenths with TENTH_MIN hours."""
    return max((abs(mean - often) for n, mean, often in tenths(said, came) if n >= TENTH_MIN), default=float("nan"))
