#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes a file of kind outlook, hazewatch-outlook(5), out of stations' hours, and says how good it is.

usage: train.py [OPTION]... --out NEW.yaml FILE...

Each FILE is a record of one station, in any layout that `hazewatch replay` reads, also .xz; more than two
years are needed. Hours before the year --until train (by default the last one in the files), those from
it on test. Needs python3-numpy, python3-sklearn (1.2.1) and python3-yaml.

Whatever is printed or written of itself is of trees that saw neither the year nor, where there are several,
the station. "pm25" are the same hours with PM2.5 alone. See README.md.
"""
import argparse
import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # the same sums in the same order everywhere; and others work here, too

import numpy  # noqa: E402 pylint: disable=wrong-import-position
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402 pylint: disable=wrong-import-position

import air as airs  # noqa: E402
import chance  # noqa: E402
import features  # noqa: E402
import scores  # noqa: E402

VERSION = 2
MICRO = 10 ** 6
AHEAD_H = 24
EMBARGO_H = features.OUTLOOK_H + AHEAD_H
# The AQI, the 24 h means of PM2.5 and PM10 in ug/m3 that have it in both editions, trees, what is added to
# the logit in the end, and the permille from which on it is possible: fewer than four of ten onsets told are false.
THRESHOLDS = ((150, 115, 250, 76, 0.0, 400), (200, 150, 350, 76, -0.1, 420), (300, 250, 420, 48, 0.0, 400))
STEEPER = 1.1  # and what it is multiplied with: so few trees say too little
NEEDS = ({"pollutant": "pm25", "hours": 24, "valid": 20}, {"pollutant": "pm25", "hours": 6, "valid": 3})
# Every hour is learnt of at each of these concentrations (O3 as it was), so that the trees know cleaner years and
# places.
SCALES = (0.8, 0.9, 1.0)
SETS = {"pm25": ("pm25",), "all": airs.KEYS}
LEAVES = {"pm25": 7, "all": 8}  # of either set, together one tree
AT_TOP = 2 * 10 ** 9
YEAR_MIN_H = 720  # a record of whole years ends with the first hour of the next one
CAME_MIN = 200  # hours after which a threshold was exceeded, with PM2.5 alone or all; with fewer it is left out
GROWTH = {"learning_rate": 0.08, "min_samples_leaf": 400, "l2_regularization": 10.0,
          "max_bins": 128, "early_stopping": False, "random_state": 1}


def list_specs():
    """The features, as the file lists them."""
    def of(name, pollutant, *spans):
        return [{"of": name, "pollutant": pollutant, "hours": hours, **({"ago": ago} if ago else {})}
                for hours, ago in spans]

    def now(name, pollutant, *hours):
        return of(name, pollutant, *((n, 0) for n in hours))

    specs = now("mean", "pm25", 1, 2, 3, 6, 9, 12, 16, 20, 24, 36, 48, 72)
    specs += of("change", "pm25", (1, 1), (1, 2), (1, 3), (3, 3), (3, 6), (6, 6), (6, 12), (12, 12), (24, 24),
                (3, 21), (6, 18))
    specs += now("max", "pm25", 6, 12, 24, 72) + now("min", "pm25", 6, 12, 24, 48) + now("held", "pm25", 3, 6)
    specs += [{"of": "clock"}, {"of": "season"}]
    specs += now("mean", "pm10", 1, 6, 12, 24) + of("change", "pm10", (3, 3), (12, 12)) + now("held", "pm10", 6)
    specs += now("mean", "so2", 6, 24)
    specs += now("mean", "no2", 3, 12, 24) + of("change", "no2", (6, 6))
    specs += now("mean", "co", 3, 12, 24) + of("change", "co", (6, 6))
    specs += now("mean", "o3", 1, 3, 8, 24) + of("change", "o3", (3, 3), (12, 12)) + now("max", "o3", 24)
    return specs + now("max", "pm10", 24)


SPECS = list_specs()
# The columns before it are those of PM2.5, hour and season.
OTHERS = next(i for i, spec in enumerate(SPECS) if spec.get("pollutant", "pm25") != "pm25")
# Where it is missing the trees of PM2.5 alone are asked: the first of these that any station has.
SWITCHES = [SPECS.index({"of": "mean", "pollutant": key, "hours": 24}) for key in ("o3", "pm10")]
# With more of it in the last day the chance never falls.
RISING = [int(spec["of"] in ("mean", "max", "min", "held") and spec["pollutant"] in ("pm25", "pm10", "o3") and
              spec["hours"] <= 24) for spec in SPECS]


class Hours:
    """What is known of a station for one threshold: a row an hour."""

    def __init__(self, air, table, aqi):
        self.air, self.table = air, table
        self.exceeds = numpy.where(numpy.isnan(air.daily), numpy.nan, (air.daily > aqi).astype(float))
        ahead = numpy.array([features.shifted(self.exceeds[::-1], k)[::-1] for k in range(1, AHEAD_H + 1)])
        self.came = numpy.where((ahead == 1).any(axis=0), 1.0,
                                numpy.where(numpy.isnan(ahead).any(axis=0), numpy.nan, 0.0))
        self.use = ~numpy.isnan(self.exceeds) & ~numpy.isnan(self.came) & features.met(air, NEEDS)
        self.year, self.month, _, _ = air.local()

    def rows(self, mask, first=0, step=1):
        keep = numpy.flatnonzero(self.use & mask)[first::step]
        return self.table[keep], self.came[keep]


class Station:
    """One record: as it is and at each scale, with PM2.5 alone and with all."""

    def __init__(self, reader, path, options=()):
        self.name = os.path.basename(path).split(".")[0]
        rows = reader.hours(path, list(options))
        self.airs = {(kind, scale): reader.air(self.name, rows, keys, scale)
                     for kind, keys in SETS.items() for scale in SCALES}
        self.tables = {key: features.table(air, SPECS) for key, air in self.airs.items()}
        years, hours = numpy.unique(self.airs["all", 1.0].local()[0], return_counts=True)
        self.years = [int(year) for year, n in zip(years, hours) if n >= YEAR_MIN_H]
        self.hours = {}

    def of(self, kind, scale, aqi):
        key = (kind, scale, aqi)
        if key not in self.hours:
            self.hours[key] = Hours(self.airs[kind, scale], self.tables[kind, scale], aqi)
        return self.hours[key]


def columns(kind, table):
    return table[:, :OTHERS] if kind == "pm25" else table


class Grown:
    """Trees of PM2.5 alone and of all; which of them are asked is told by the feature `switch`."""

    def __init__(self, of, level, switch):
        self.of, self.level, self.switch = of, level, switch

    def chances(self, table):
        logits = {kind: boosted.decision_function(columns(kind, table)) for kind, boosted in self.of.items()}
        logit = numpy.where(numpy.isnan(table[:, self.switch]), logits["pm25"], logits["all"])
        return 1 / (1 + numpy.exp(-STEEPER * logit - self.level))

    def base(self, kind):
        return STEEPER * float(self.of[kind]._baseline_prediction[0, 0]) + self.level

    def trees(self):
        """As the file has them: a tree of either set behind one split."""
        more = self.base("all") - self.base("pm25")
        for (alone,), (whole,) in zip(self.of["pm25"]._predictors, self.of["all"]._predictors):
            yield f"[{self.switch}, {AT_TOP}, h, {tree_text(whole.nodes, more)}, {tree_text(alone.nodes, 0)}]"
            more = 0


def boost(kind, x, y, n_trees, **growth):
    rising = RISING[:OTHERS] if kind == "pm25" else RISING
    return HistGradientBoostingClassifier(max_iter=n_trees, max_leaf_nodes=LEAVES[kind], monotonic_cst=rising,
                                          **{**GROWTH, **growth}).fit(columns(kind, x), y)


def switch_of(stations):
    """None: all have PM2.5 alone."""
    return next((at for at in SWITCHES for station in stations
                 if not numpy.isnan(station.tables["all", 1.0][:, at]).all()), None)


def grow(stations, threshold, mask_of, thin=1):
    """Trees of the hours that mask_of(hours) leaves. thin: every n-th."""
    of, switch = {}, switch_of(stations)
    for kind in SETS:
        pairs = []
        for station in stations:
            for scale in SCALES:
                hours = station.of(kind, scale, threshold[0])
                asked = kind == "pm25" or switch is None or ~numpy.isnan(hours.table[:, switch])
                pairs.append(hours.rows(mask_of(hours) & asked, 0, thin))
        of[kind] = boost(kind, *(numpy.concatenate(part) for part in zip(*pairs)), threshold[3])
    return Grown(of, threshold[4], switch or SWITCHES[0])


def without_year(hours, year, until):
    """Hours before `until`, none within reach of the year's."""
    out = hours.year == year
    for k in range(1, EMBARGO_H + 1):
        out[:-k] |= hours.year[k:] == year
        out[k:] |= hours.year[:-k] == year
    return ~out & (hours.year < until)


def others_of(stations, station):
    return [each for each in stations if each is not station] or stations


class Said:
    """Chances, what came, and whether it exceeded, of some hours."""

    def __init__(self):
        self.parts = []

    def add(self, hours, mask, chances):
        keep = hours.use & mask
        self.parts.append((chances[keep], hours.came[keep], hours.exceeds[keep], hours.month[keep],
                           hours.rule[keep] if hasattr(hours, "rule") else numpy.zeros(int(keep.sum()), bool)))

    def arrays(self):
        return tuple(numpy.concatenate(part) for part in zip(*self.parts))


def note_rule(hours, threshold):
    """The mean of the last 6 hours of PM2.5 or PM10 is above that of the threshold."""
    _, pm25, pm10 = threshold[:3]
    hours.rule = ((features.mean(hours.air.of["pm25"], 6) > 1000 * pm25) |
                  (features.mean(hours.air.of["pm10"], 6) > 1000 * pm10))
    return hours


def cross_validate(stations, threshold, until):
    """{set: Said} of the years before `until`: each station and year by trees that saw neither."""
    said = {kind: Said() for kind in SETS}
    for station in stations:
        for year in (year for year in station.years if year < until):
            grown = grow(others_of(stations, station), threshold,
                         lambda hours, year=year: without_year(hours, year, until), 4)
            for kind in SETS:
                hours = note_rule(station.of(kind, 1.0, threshold[0]), threshold)
                said[kind].add(hours, hours.year == year, grown.chances(hours.table))
    return said


def is_rare(stations, aqi, until):
    """It came true too seldom before `until` to be learnt."""
    return min(sum(int(hours.came[hours.use & (hours.year < until)].sum())
                   for hours in (station.of(kind, 1.0, aqi) for station in stations)) for kind in SETS) < CAME_MIN


def climate_of(stations, aqi, until):
    """How often it came true by month, in permille, before `until`."""
    hours = [station.of("all", 1.0, aqi) for station in stations]
    came, month = (numpy.concatenate([getattr(each, name)[each.use & (each.year < until)] for each in hours])
                   for name in ("came", "month"))
    return [round(1000 * float(came[month == m].mean() if (month == m).any() else came.mean())) for m in range(12)]


def trained_of(said, climate, possible):
    """What the file says of itself: of stations with PM2.5 alone."""
    chances, came, exceeds, month, _ = said.arrays()
    onset = exceeds == 0
    _, alarms, csi = scores.contingency(chances[onset] >= possible / 1000, came[onset])
    share = {name: 0 if value != value else round(1000 * value) for name, value in (("csi", csi), ("alarms", alarms))}
    return {"hours": len(came), "brier": round(MICRO * scores.brier(chances, came)),
            "persistence": round(MICRO * scores.brier(exceeds, came)),
            "climate": round(MICRO * scores.brier(numpy.array(climate)[month] / 1000, came)),
            "onset_csi": share["csi"], "onset_false_alarms": share["alarms"]}


# ---- the file ----

def tree_text(nodes, more, at=0):
    """more: what each leaf adds beside its own."""
    node = nodes[at]
    if node["is_leaf"]:
        return str(round(MICRO * (STEEPER * float(node["value"]) + more)))
    return (f"[{node['feature_idx']}, {int(numpy.floor(min(node['num_threshold'], AT_TOP)))}, "
            f"{'l' if node['missing_go_to_left'] else 'h'}, "
            f"{tree_text(nodes, more, node['left'])}, {tree_text(nodes, more, node['right'])}]")


def flow_text(mapping):
    return "{" + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + "}"


def threshold_lines(grown, threshold, climate, trained):
    aqi, pm25, pm10, _, _, possible = threshold
    yield f"  - aqi: {aqi}\n    pm25: {pm25}\n    pm10: {pm10}\n    possible: {possible}"
    yield f"    climate: {climate}\n    trained: {flow_text(trained)}"
    yield f"    start: {round(MICRO * grown.base('pm25'))}\n    trees:"
    for text in grown.trees():
        yield f"      - {text}"


def write_file(path, head, lines):
    """head: what stands above `needs`, {key: text}."""
    with open(path, "w", encoding="utf-8") as file:
        print("# Written by tests/outlook/train.py; hazewatch-outlook(5) describes the keys.\nkind: outlook", file=file)
        for key, text in head.items():
            print(f"{key}: {text}" if key == "id" else f'{key}: "{text}"', file=file)
        for name, rows in (("needs", NEEDS), ("features", SPECS)):
            print(f"{name}:", *(f"  - {flow_text(row)}" for row in rows), sep="\n", file=file)
        print("thresholds:", *lines, sep="\n", file=file)


# ---- how good ----

def line_of(name, arrays, climate, possible):
    chances, came, exceeds, month, rule = arrays
    onset = exceeds == 0
    hit, alarms, csi = scores.contingency(chances[onset] >= possible / 1000, came[onset])
    rule_csi = scores.contingency(rule[onset], came[onset])[2]
    briers = [scores.brier(each, came) for each in (chances, exceeds, numpy.array(climate)[month] / 1000)]
    return (f"  {name:34} {len(came):6} {came.mean():5.3f}  {briers[0]:.4f} {briers[1]:.4f} {briers[2]:.4f}  "
            f"{scores.unreliable(chances, came):5.3f}  {hit:4.2f} {alarms:4.2f} {csi:5.3f} {rule_csi:5.3f}"
            f"  {'better' if briers[0] < briers[1] else 'NOT BETTER'} than persistence")


def print_head(title):
    print(f"{title}\n  {'':34} {'hours':>6} {'came':>5}  {'Brier':6} {'persis':6} {'climat':6}  {'unrel':5}  "
          f"onset: hit, false alarms, CSI; CSI of the rule")


def test(stations, threshold, until, climate, other):
    """Lines of the years from `until` on: each station by trees that never saw it; `other` is a shipped model."""
    pooled = {kind: Said() for kind in SETS}
    for station in stations:
        grown = grow(others_of(stations, station), threshold, lambda hours: hours.year < until)
        for kind in SETS:
            said, against = Said(), Said()
            hours = note_rule(station.of(kind, 1.0, threshold[0]), threshold)
            mask = hours.year >= until
            for each in (said, pooled[kind]):
                each.add(hours, mask, grown.chances(hours.table))
            if not (hours.use & mask).any():
                continue
            print(line_of(f"{station.name[:28]} {kind}", said.arrays(), climate, threshold[5]))
            if other:
                against.add(hours, mask, other_chances(other, hours, threshold[0], mask))
                brier = scores.brier(*against.arrays()[:2])
                print(f"  {'':34} {other.tree['id']}: Brier {brier:.4f}, "
                      f"{'better' if scores.brier(*said.arrays()[:2]) < brier else 'NOT BETTER'} than it")
    for kind in (kind for kind in SETS if any(len(part[0]) for part in pooled[kind].parts)):
        print(line_of(f"all stations, {kind}", pooled[kind].arrays(), climate, threshold[5]))
        print("    by tenths, hours: said, came:", "; ".join(
            f"{n}: {mean:.2f}, {often:.2f}" for n, mean, often in
            scores.tenths(*pooled[kind].arrays()[:2])))


def other_chances(model, hours, aqi, mask):
    """What another file says of the same hours."""
    table = features.table(hours.air, model.features)
    said = numpy.full(len(hours.use), numpy.nan)
    for i in numpy.flatnonzero(hours.use & mask):
        values = [None if numpy.isnan(value) else int(value) for value in table[i]]
        said[i] = chance.permille(model.logit(aqi, values)) / 1000
    return said


def write_vectors(path, model, stations, growns, at):
    """Chances of sklearn for hours of a station, for compare.py."""
    with open(path, "w", encoding="utf-8") as file:
        print("model,series,hour,aqi,chance", file=file)
        for threshold, grown in growns:
            for kind in SETS:
                hours = stations[at].of(kind, 1.0, threshold[0])
                chances = grown.chances(hours.table)
                keep = numpy.flatnonzero(features.met(hours.air, NEEDS))[:1300:23]
                for i in keep:
                    print(f"{model},{kind},{hours.air.first + i},{threshold[0]},{chances[i]:.7f}", file=file)


# ---- for compare.py ----

def air_of_record(record):
    """Of {hour: six values}."""
    first = min(record)
    of = {key: numpy.full(max(record) - first + 1, numpy.nan) for key in airs.KEYS}
    for hour, values in record.items():
        for key, value in zip(airs.KEYS, values):
            if value is not None:
                of[key][hour - first] = value
    return airs.Air("record", first, of, numpy.full(len(of["pm25"]), numpy.nan))


def grow_small(air, path):
    """Writes a file of trees that learn of one record whether PM2.5 will be above its median in 24 hours;
    returns sklearn's chances. It is there to be compared, not to be good."""
    table = features.table(air, SPECS)
    later = features.shifted(air.of["pm25"][::-1], AHEAD_H)[::-1]
    keep = features.met(air, NEEDS) & ~numpy.isnan(later)
    came = later[keep] > numpy.nanmedian(later)
    grown = Grown({kind: boost(kind, table[keep], came, 30, min_samples_leaf=20) for kind in SETS}, 0.3,
                  SWITCHES[0])
    write_file(path, head_of("grown", "-", "-", "-", "-", "-"),
               threshold_lines(grown, THRESHOLDS[0], [0] * 12, trained_of_nothing()))
    return grown.chances(table)


def trained_of_nothing():
    return {"hours": 1, "brier": 0, "persistence": 0, "climate": 0, "onset_csi": 0, "onset_false_alarms": 0}


def head_of(name, title_zh, title_en, source, trained_on_zh, trained_on_en):
    return {"id": name, "title_zh": title_zh, "title_en": title_en, "source": source,
            "script": f"tests/outlook/train.py {VERSION}", "trained_on_zh": trained_on_zh,
            "trained_on_en": trained_on_en}


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--until", type=int, help="the first year that only tests")
    parser.add_argument("--against", help="an outlook file to hold it against, such as the shipped one")
    parser.add_argument("--hazewatch", default="hazewatch")
    parser.add_argument("--config-dir")
    parser.add_argument("--edition", default="hj633-2026")
    parser.add_argument("--source", default="own records", help="whose hours, and their licence")
    parser.add_argument("--place-zh", default="本地站点")
    parser.add_argument("--place-en", default="own stations")
    parser.add_argument("--vectors", help="for the tests: chances of sklearn, of the last FILE")
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def learn(stations, threshold, years, until, other):
    """(lines of the file, what was grown), None where it is too rare; prints how good it is."""
    aqi = threshold[0]
    if is_rare(stations, aqi, until):
        print(f"> {aqi}: came true after fewer than {CAME_MIN} hours before {until}: left out")
        return None
    climate = climate_of(stations, aqi, until)
    said = cross_validate(stations, threshold, until)
    grown = grow(stations, threshold, lambda hours: hours.year < until)
    print_head(f"> {aqi}; {years[0]} to {until - 1}, cross-validated")
    for kind in SETS:
        print(line_of(f"all stations, {kind}", said[kind].arrays(), climate, threshold[5]))
    print_head(f"> {aqi}, {until} to {years[-1]}, never trained on")
    test(stations, threshold, until, climate, other)
    sys.stdout.flush()
    return list(threshold_lines(grown, threshold, climate, trained_of(said["pm25"], climate, threshold[5]))), grown


def main():
    options = read_options()
    reader = airs.Reader(options.hazewatch, options.config_dir, options.edition)
    stations = [Station(reader, path) for path in options.files]
    years = sorted({year for station in stations for year in station.years})
    until = options.until or years[-1]
    if len([year for year in years if year < until]) < 2:
        sys.exit(f"train.py: {years[0]} to {years[-1]}: at least two years before {until} are needed")
    other = chance.Model(options.against) if options.against else None
    name = os.path.basename(options.out).split(".")[0]
    lines, growns = [], []
    for threshold in THRESHOLDS:
        learnt = learn(stations, threshold, years, until, other)
        if learnt:
            lines += learnt[0]
            growns.append((threshold, learnt[1]))
    if not growns:
        sys.exit("train.py: no threshold came true often enough to be learnt")
    when = f"{years[0]}-{until - 1}"
    write_file(options.out, head_of(name, f"{options.place_zh} {when}", f"{options.place_en}, {when}", options.source,
                                    f"{options.place_zh}，{when}", f"{options.place_en}, {when}"), lines)
    if options.vectors:
        write_vectors(options.vectors, name, stations, growns, -1)


if __name__ == "__main__":
    main()
