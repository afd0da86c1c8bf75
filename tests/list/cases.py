#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Lists as people send them: each file of tests/data/lists is read as what it says, or refused with its place.

Where the folder of cases lies beside the source, every file of it has to be one of these.

usage: cases.py HAZEWATCH
"""
import concurrent.futures
import json
import os
import sys

from listed import ROOT, audit, content  # sets the next's path
from source import Tap, is_english

FOLDER = os.path.join(ROOT, "tests", "data", "lists")
SHARED = os.path.join(os.environ.get("HAZEWATCH_SHARED") or os.path.join(os.path.dirname(ROOT), "shared"),
                      "cases", "lists")
# What l-ok.csv says, in grams a day: the base of SO2 and PM, the cut of SO2 at yellow.
OK = {"so2": 100000, "pm": 19062, "cut": 10000}
READ = {  # file -> what differs from l-ok.csv, and the words of its notes, one each
    "l-ok": ({},), "l-gb": ({},), "l-bom": ({},), "l-utf16": ({},), "l-tab": ({}, "separated by tabs"),
    "l-title": ({}, "a title above the header"), "l-seq": ({},), "l-total": ({}, "a row of sums"),
    "l-foot": ({}, "no source; passed over"), "l-trailcomma": ({},), "l-emptyrows": ({},), "l-unit-tyr": ({},),
    "l-unit-kgday": ({"so2": 32000},), "l-unit-nl": ({},), "l-unit-order": ({},), "l-unit-order2": ({},),
    "l-unit-order5": ({},), "l-yanchen": ({},), "lv-comma": ({"so2": 3225000}, "commas between thousands"),
    "lv-fullw": ({}, "full-width digits"), "lv-apos": ({}, "a quotation mark"), "lv-nbsp": ({},), "lg-jx": ({},),
    "lg-wu": ({}, "taken as empty"), "lg-xy": ({},), "lc-bz": ({},), "lc-zt": ({},), "lk-sg": ({},), "lk-ydy": ({},),
    "l-credit-none": ({}, "taken as empty"), "l-days-tian": ({}, "a unit behind the number"),
    "l-pctcell": ({}, "a unit behind the number"), "l-inject": ({},),
}
REFUSED = {  # file -> the place of the first problem and words of it, how many problems
    "l-2hdr": ("1:41", "does not name one pollutant", 3), "l-unit-ton": ("1:41", "without its time", 1),
    "l-unit-none": ("1:41", "names no unit", 1), "l-pm25": ("1:65", "a pollutant that a list does not have", 1),
    "lv-dash": ("2:57", "above the emission, unsaid", 3), "lv-wu": ("2:57", "above the emission, unsaid", 3),
    "lv-exp": ("2:28", '"1.2E-05" is not a decimal in t/a', 1), "lv-pct": ("2:28", '"30%" is not a decimal', 1),
    "lv-long": ("2:75", "above the emission, 0.938", 3), "lc-zd": ("2:19", '"重点管控" is not one of 正常管控', 1),
    "lk-kc": ("2:1", '"矿山" is not one of industry 工业', 1), "l-credit-tab": ("2:16", "wrong check digit", 1),
    "l-dup-credit": ("2:16", "wrong check digit", 2), "l-esc": ("2:12", "a control character", 1),
}


def check_read(name, differs, *notes):
    done = audit(os.path.join(FOLDER, name + ".csv"), "--json")
    if done.returncode != 1 or not done.stdout:
        return [f"exit status {done.returncode}: {done.stderr}"]
    found = json.loads(done.stdout)
    yellow = {t["pollutant"]: t for t in found["targets"] if t["level"] == "yellow"}
    said = {"so2": yellow["so2"]["list_g_d"], "pm": yellow["pm"]["list_g_d"], "cut": yellow["so2"]["planned_g_d"]}
    wrong = [] if said == OK | differs else [str(said)]
    wrong += [] if found["sources"] == 1 and len(found["notes"]) == len(notes) and all(
        words in note for words, note in zip(notes, found["notes"])) else [str(found["notes"])]
    used = [column["used_as"] for column in found["columns"]]
    return wrong + ([] if {"base_so2 (t/a)", "base_so2 (kg/d)"} & set(used) and
                    {"cut_yellow_so2 (kg/d)", "cut_yellow_so2 (%)"} & set(used) else [str(used)])


def check_refused(name, place, words, n):
    path = os.path.join(FOLDER, name + ".csv")
    done = audit(path)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    wrong = [] if done.returncode == 65 and len(lines) == n else [f"exit status {done.returncode}, {len(lines)}"]
    wrong += [] if lines and lines[0].startswith(f"{path}:{place}: ") and words in lines[0] else lines[:1]
    wrong += [] if "\033" not in done.stderr + done.stdout else ["an escape sequence is printed"]
    told = audit(path, chinese=True).stderr.replace(path, "").splitlines()
    return wrong + [line for line in told if is_english(line)]


def check_folder(tap):
    names = {file[:-4] for file in os.listdir(FOLDER)}
    tap.case("every list of the folder is one that this test knows",
             sorted(names ^ (set(READ) | set(REFUSED))))
    name = "the folder of cases beside the source has no list that differs from these"
    if not os.path.isdir(SHARED):
        tap.skip(name, "it is not there (HAZEWATCH_SHARED says where to look)")
        return
    tap.case(name, [file for file in os.listdir(SHARED) if file.endswith(".csv") and
                    (file[:-4] not in names or content(os.path.join(SHARED, file)) !=
                     content(os.path.join(FOLDER, file)))])


def main():
    tap = Tap()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        read = [(name, pool.submit(check_read, name, *case)) for name, case in READ.items()]
        refused = [(name, pool.submit(check_refused, name, *case)) for name, case in REFUSED.items()]
    for name, done in read:
        tap.case(f"{name} is read as what it says", done.result())
    for name, done in refused:
        tap.case(f"{name} is refused with place and reason", done.result())
    check_folder(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
