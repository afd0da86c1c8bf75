#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records as archives and loggers write them: each file of tests/data/records is read as what it says, or refused.

Where the folder of cases lies beside the source, every file of it has to be one of these, and a day of the national
platform in both of its layouts says the same.

usage: cases.py HAZEWATCH
"""
import concurrent.futures
import json
import lzma
import os
import sys

from replayed import ROOT, run  # sets the next's path
from record import shared
from source import Tap, is_english

FOLDER = os.path.join(ROOT, "tests", "data", "records")
SHARED = os.path.join(os.environ.get("HAZEWATCH_SHARED") or os.path.join(os.path.dirname(ROOT), "shared"),
                      "cases", "records")
LABEL = ("--label", "end")
READ = {  # file -> options, hours, those without PM2.5, the words of its notes, one each
    "r-ok.csv": ((), 60, 0), "r-utc.csv": ((), 60, 0), "r-bom-crlf.csv": ((), 60, 0), "r-2400.csv": ((), 60, 0),
    "r-sep.csv": ((), 60, 0), "r-trailing-blank.csv": ((), 60, 0), "v-spc.csv": ((), 30, 0), "v-zero.csv": ((), 30, 0),
    "r-utf16le-tab.txt": ((), 60, 0, "utf-16", "tabs"), "r-semicolon.csv": ((), 60, 0, "semicolons"),
    "r-excel-date.csv": ((), 60, 0, "as of Beijing"), "r-sql-date.csv": ((), 60, 0, "as of Beijing"),
    "r-unsorted.csv": ((), 30, 0, "newest row comes first"), "r-extra-col.csv": ((), 30, 0, "not read: temp_c"),
    "r-5min.csv": ((), 6, 1, "values of 5 minutes each, named by their end"),
    "r-zh-header.csv": (LABEL, 30, 0, "gb18030"),
    "r-quotsoft.csv": ((), 1, 0, "the layout is cnemc"), "r-uci-empty.csv": ((), 2, 1, "the layout is uci"),
    "r-uci-co-mg.csv": (("--unit", "co=mg"), 1, 0, "the layout is uci"),
    "r-spike-mentougou.csv": ((), 120, 1, "1 above 2000 ug/m3"), "v-big.csv": ((), 30, 1, "1 above 2000 ug/m3"),
    "v-na.csv": ((), 30, 1, "NA is taken as missing; 1 cells"), "v-n999.csv": ((), 30, 1, "-999 is taken"),
    "v-dash.csv": ((), 30, 1, "— is taken"), "v-nan.csv": ((), 30, 1, "NaN is taken"),
    "v-null.csv": ((), 30, 1, "null is taken"),
}
REFUSED = {  # file -> place and words of the only problem
    "r-dup.csv": ("32:1", "hours rise"), "r-zh-header.csv": ("1:1", "say --label start or --label end"),
    "r-uci-co-mg.csv": ("1", "is it mg/m3? Say --unit co=mg or --unit co=ug"),
    "v-exp.csv": ("11:27", '"1.7e2" is not a decimal'), "v-fullw.csv": ("11:27", "１７０"),
    "v-lim.csv": ("11:27", '"<3"'), "v-comma.csv": ("11:27", '"1,700"'),
}


def hours_of(*arguments, **options):
    done = run("--json", "--hours", *arguments, **options)
    return done, [line for line in map(json.loads, done.stdout.splitlines()) if line["type"] == "hour"]


def check_read(name, options, hours, without, *notes):
    path = os.path.join(FOLDER, name)
    done, found = hours_of(*options, path)
    empty = sum(hour["iaqi_rt"]["pm25"] is None for hour in found)
    wrong = [] if (done.returncode, len(found), empty) == (0, hours, without) else \
        [f"exit status {done.returncode}, {len(found)} hours, {empty} without PM2.5: {done.stderr}"]
    said = done.stderr.splitlines()
    wrong += [] if len(said) == len(notes) and all(words in line for words, line in zip(notes, said)) else said
    told = run(*options, path, chinese=True).stderr.replace(path, "").splitlines() if notes else []
    return wrong + [line for line in told if is_english(line)]


def check_refused(name, place, words):
    path = os.path.join(FOLDER, name)
    done = run(path)
    said = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    wrong = [] if done.returncode == 65 and not done.stdout and len(said) == 1 and \
        said[0].startswith(f"{path}:{place}: ") and words in said[0] else [f"{done.returncode}: {said}"]
    told = run(path, chinese=True).stderr.replace(path, "").splitlines()
    return wrong + [line for line in told if is_english(line)]


def check_same(tap):
    first = hours_of(os.path.join(FOLDER, "r-ok.csv"))[1]
    same = [name for name, case in READ.items() if name.startswith("r-") and case[1] == 60]
    tap.case("the same hours in another form are the same hours",
             [name for name in same if hours_of(os.path.join(FOLDER, name))[1] != first])
    tap.case("hours named by their start are one later",
             [] if hours_of("--label", "start", os.path.join(FOLDER, "r-ok.csv"))[1][0]["hour"] ==
             "2017-01-01T02:00:00+08:00" else ["they are not"])


def check_options(tap):
    path, wrong = os.path.join(FOLDER, "r-ok.csv"), []
    for options, words in ((("--label", "middle"), "is not one of start, end"), (("--unit", "co"), "co=mg"),
                           (("--unit", "co=ppm"), "co=mg"), (("--unit", "no=ug"), "co=mg")):
        done = run(*options, path)
        wrong += [] if done.returncode == 64 and words in done.stderr and not done.stdout else [done.stderr]
    tap.case("wrong labels and units are refused with what is allowed", wrong)


def check_platform(tap):
    """No licence is stated for this day: it is read where it lies."""
    name = "a day of the national platform says the same with a pollutant a row and with a station a row"
    wide, why = shared("data", "cnemc", "china_sites_20170101_half.csv.xz")
    rows = os.path.join(os.path.dirname(wide or ""), "zhuzhou_20170101.csv")
    if not wide or not os.path.exists(rows):
        tap.skip(name, why or "zhuzhou_20170101.csv is not there")
        return
    with lzma.open(wide, "rt", encoding="utf-8") as file:
        text = file.read()
    codes = set(text.split("\n", 1)[0].split(",")) & {"1515A", "1518A", "1519A", "1520A", "1524A", "1559A", "2031A"}
    wrong = [] if codes else ["no station of both"]
    for code in sorted(codes):
        both = [[hour["aqi_realtime"] for hour in hours] for hours in (
            hours_of("--station", code, rows)[1], hours_of("--station", code, "-", text=text)[1])]
        wrong += [] if both[0] == both[1] and len(both[0]) > 10 else [f"{code}: {both}"]
    done = run("-", text=text)
    wrong += [] if done.returncode == 65 and "say which by --station" in done.stderr else [done.stderr[:300]]
    tap.case(name, wrong)


def check_folder(tap):
    names = {file for file in os.listdir(FOLDER) if file.endswith((".csv", ".txt"))}
    tap.case("every record of the folder is one that this test knows", sorted(names ^ (set(READ) | set(REFUSED))))
    name = "the folder of cases beside the source has no record that differs from these"
    if not os.path.isdir(SHARED):
        tap.skip(name, "it is not there (HAZEWATCH_SHARED says where to look)")
        return
    wrong = []
    for file in sorted(os.listdir(SHARED)):
        with open(os.path.join(SHARED, file), "rb") as theirs:
            if file.endswith((".csv", ".txt")) and (file not in names or theirs.read() != open(
                    os.path.join(FOLDER, file), "rb").read()):
                wrong.append(file)
    tap.case(name, wrong)


def main():
    tap = Tap()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        read = [(name, pool.submit(check_read, name, *case)) for name, case in READ.items()]
        refused = [(name, pool.submit(check_refused, name, *case)) for name, case in REFUSED.items()]
    for name, done in read:
        tap.case(f"{name} is read as what it says", done.result())
    for name, done in refused:
        tap.case(f"{name} is refused with place and reason", done.result())
    for check in (check_same, check_options, check_platform, check_folder):
        check(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
