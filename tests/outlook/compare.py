#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The chances of rules/outlook against a second computation in plain Python, against what sklearn said
when the shipped file was made, and, where it is installed, against sklearn itself.

usage: compare.py CHANCES
"""
import csv
import glob
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
sys.path.append(os.path.join(ROOT, "tests", "sim"))
import chance  # noqa: E402
import record  # noqa: E402
from source import Tap  # noqa: E402

SHIPPED = sorted(glob.glob(os.path.join(ROOT, "config", "outlook", "*.yaml")))
VECTORS = os.path.join(ROOT, "tests", "data", "outlook-vectors.csv")
EXTRACT = os.path.join(ROOT, "tests", "data", "extract", "uci-beijing", "PRSA_Data_Huairou_20130301-20170228.csv.xz")
LARGEST_FILE = 150_000
# A permille is rounded, leaves and start are whole millionths.
NEAR_PERMILLE = 0.502


def airs_of(record_):
    return {hour: {key: value for key, value in zip(record.KEYS, values) if value is not None}
            for hour, values in record_.items()}


def run_tool(tool, path, air):
    """{hour: its fields}"""
    lines = [",".join([str(hour), *(str(air[hour].get(key, "")) for key in record.KEYS)]) for hour in sorted(air)]
    done = subprocess.run([tool, path], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return {int(line.split(",")[0]): line.split(",")[1:] for line in done.stdout.splitlines()}


def second(model, air, hour):
    """What the tool must print."""
    lacks = model.lacks(air, hour)
    if lacks:
        return ["lacks", str(model.needs.index(lacks))]
    values = model.values(air, hour)
    return [str(chance.permille(model.logit(aqi, values))) for aqi in model.thresholds]


def differences(tool, path, air, hours):
    model, said = chance.Model(path), run_tool(tool, path, air)
    for hour in hours:
        right = second(model, air, hour)
        if said[hour] != right:
            yield f"{os.path.basename(path)}, hour {hour}: {said[hour]}, not {right}"


def torn_air(seed):
    """Any hours: what no station has, gaps of all lengths, pollutants that come and go."""
    draw = random.Random(seed)
    air, level, there = {}, [draw.randrange(0, 400_000) for _ in record.KEYS], [True] * 6
    for hour in range(394_000, 394_400):
        for p in range(6):
            level[p] = max(0, level[p] + draw.randrange(-40_000, 40_001))
            there[p] = draw.random() < (0.97 if there[p] else 0.2)
        if draw.random() < 0.95:
            air[hour] = {key: level[p] for p, key in enumerate(record.KEYS) if there[p]}
    return air


def vectors_astray():
    """The recorded chances of sklearn, of hours of the extract."""
    air = airs_of(record.read_uci(EXTRACT))
    with open(VECTORS, encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    models = {path: chance.Model(path) for path in SHIPPED}
    for row in rows:
        model = models[os.path.join(ROOT, "config", "outlook", row["model"] + ".yaml")]
        seen = air if row["series"] == "all" else {
            hour: {key: values[key] for key in ["pm25"] if key in values} for hour, values in air.items()}
        own = model.chance(seen, int(row["hour"]), int(row["aqi"]))
        if own is None or abs(own - 1000 * float(row["chance"])) > NEAR_PERMILLE:
            yield f"{row}: {own} permille"
    if len(rows) < 100:
        yield f"only {len(rows)} vectors"


def sklearn_astray(tool):
    """A model grown here and now, from the few hours of the extract."""
    import train
    record_ = record.read_uci(EXTRACT)
    air = train.air_of_record(record_)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "grown.yaml")
        proba = train.grow_small(air, path)
        said = run_tool(tool, path, airs_of(record_))
    compared = 0
    for i, hour in enumerate(range(air.first, air.first + air.n)):
        if hour in said and said[hour][0] != "lacks":
            compared += 1
            if abs(int(said[hour][0]) - 1000 * proba[i]) > NEAR_PERMILLE:
                yield f"hour {hour}: {said[hour][0]} permille, sklearn {1000 * proba[i]:.3f}"
    if compared < 500:
        yield f"only {compared} hours"


class Never:
    """A station whose air is always clean, but for some hours."""

    def __init__(self, exceeding):
        self.exceeding = exceeding

    def of(self, kind, scale, aqi):
        import numpy
        import train
        first = 455_800
        air = train.airs.Air("clean", first, {key: numpy.full(3000, 30_000.0) for key in train.airs.KEYS},
                             numpy.where(numpy.arange(3000) < self.exceeding, aqi + 1.0, 40.0))
        return train.Hours(air, numpy.zeros((3000, 1)), aqi)


def rare_astray():
    import train
    for exceeding, rare in ((0, True), (100, True), (400, False)):
        if train.is_rare([Never(exceeding)], 150, 2030) != rare:
            yield f"{exceeding} hours"


def splits_astray():
    """sklearn's mark is endless where it asks only whether there is a value."""
    import train
    nodes = [{"is_leaf": False, "feature_idx": 3, "num_threshold": float("inf"), "missing_go_to_left": False,
              "left": 1, "right": 2}, {"is_leaf": True, "value": 1.0}, {"is_leaf": True, "value": -2.0}]
    if train.tree_text(nodes, 0) != "[3, 2000000000, h, 1100000, -2200000]":
        yield train.tree_text(nodes, 0)


def main():
    tap, tool = Tap(), sys.argv[1]
    seed = int(os.environ.get("HAZEWATCH_SEED") or random.randrange(1 << 31))
    air = airs_of(record.read_uci(EXTRACT))
    print(f"# HAZEWATCH_SEED={seed}")
    for path in SHIPPED:
        name = os.path.basename(path)
        tap.case(f"every third chance of {name} in real hours is that of the second computation",
                 differences(tool, path, air, sorted(air)[::3]))
        torn = torn_air(seed)
        tap.case(f"every chance of {name} in hours made up is that of the second computation",
                 differences(tool, path, torn, sorted(torn)))
        tap.case(f"{name} is smaller than 150 kB",
                 [f"{os.path.getsize(path)} bytes"] if os.path.getsize(path) >= LARGEST_FILE else [])
    tap.case("the shipped trees say what sklearn said of its own when they were written", vectors_astray())
    name = "trees grown by sklearn now say the same in the daemon, to half a permille"
    try:
        import sklearn  # noqa: F401 pylint: disable=unused-import
    except ImportError:
        tap.skip(name, "python3-sklearn is not installed")
    else:
        tap.case(name, sklearn_astray(tool))
        tap.case("a split that asks only whether there is a value is written", splits_astray())
        tap.case("a threshold that hardly ever came true is not learnt", rare_astray())
    tap.done()


if __name__ == "__main__":
    main()
