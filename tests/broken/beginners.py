#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Mistakes as a beginner makes them, from the shared cases: each is refused or doubted, and named.

usage: beginners.py HAZEWATCH SOURCE-ROOT
"""
import os
import subprocess
import sys

HAZEWATCH, SOURCE = map(os.path.abspath, sys.argv[1:3])
for folder in ("sim", "structure"):
    sys.path.append(os.path.join(SOURCE, "tests", folder))
from record import shared  # noqa: E402 pylint: disable=wrong-import-position
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

OK, REFUSED = 0, 78
# case: (exit status, what must be said of it)
CASES = {
    "acme": (OK,), "s24-bom": (OK,),
    "s01-tab": (REFUSED, ":6:1: a tab"), "s02-typo-key": (REFUSED, "unitid; the nearest is unit_id"),
    "s04-missing-colon": (REFUSED, ":39:5: 'poll_s 10'"), "s06-hostname": (REFUSED, "no name is looked up"),
    "s09-fullwidth-colon": (REFUSED, ":37:5: ", "a full-width colon"),
    "s11-plan-name": (REFUSED, "did you mean hetang-2024? There are beijing-2016, "),
    "s12-edition": (REFUSED, "did you mean hj633-2026?"), "s13-leading": (REFUSED, "PM2.5 is not one of pm25"),
    "s14-exercise-yes": (REFUSED, "yes is not true or false"), "s16-bus-unknown": (REFUSED, "the buses: field-1"),
    "s17-mqtt-url": (REFUSED, "write host: 127.0.0.1 and port: 1883"),
    "s18-mqtt-tls-true": (REFUSED, "with the keys ca, cert, key"),
    "s19-pass-inline": (REFUSED, "password; the nearest is password_file"),
    "s22-gbk": (REFUSED, "only UTF-8"), "s26-poll-ms": (REFUSED, "poll_ms; the nearest is poll_s"),
    "s30-area-prov": (OK, "warning: area: GB/T 2260 has no province and city 9999"),
    "e01-missing-bp": (REFUSED, "above: 500 is neither none nor 400"),
    "e02-comma": (REFUSED, "'60 115' is not a plain decimal"),
    "e06-missing-middle": (REFUSED, "7 values end there; is one missing?"),
    "c02-out": (REFUSED, "2027-10-10 is not within first to last"), "c04-weekday": (REFUSED, "2026-10-12 is a Monday"),
    "c05-feb30": (REFUSED, "2026-02-30 is not a date"),
    "r01-40001": (OK, "warning: address: 40041 with function 3", "write 40"),
    "r04-order": (REFUSED, "CDAB is not one of abcd, cdab"), "r05-unit": (REFUSED, "not one of ug/m3"),
    "r09-pm": (REFUSED, "PM2.5 is not one of pm25"), "r11-ppbPM": (REFUSED, "ppb is for gases"),
    "r13-comma": (REFUSED, "0,1 has a decimal comma; write 0.1"),
    # the plans of the cases are of a form from before levels were a list: they are refused whole
    "p01-order": (REFUSED, "now it is a list"), "p03-cut-pct": (REFUSED, "now it is a list"),
    "p04-cut-nox-missing": (REFUSED, "now it is a list"), "p05-purple": (REFUSED, "now it is a list"),
    "p07-rel": (REFUSED, "36h is not a whole number"),
}
# so their mistakes are made once more, in the plan as it is now
PLAN = os.path.join(SOURCE, "config", "plans", "hetang-2024.yaml")
PLAN_MISTAKES = {
    "p01": (REFUSED, "above: 150, for_h: 48", "above: 250, for_h: 48", "orange comes before yellow in air that stays at"),
    "p08": (REFUSED, "above: 150, for_h: 48", "above: 15, for_h: 48", "less than 100, so it would hardly ever be lifted"),
    "p03": (REFUSED, "{so2: 10,", "{so2: 10%,", "so2: '10%' is not a whole number of 0 to 100"),
    "p04": (OK, "so2: 10, nox: 10,", "so2: 10,", "warning: min_cut_pct: yellow has no nox, as orange has"),
    "p05": (REFUSED, "  - id: red", "  - id: purple", "level: red is not one of yellow, orange, purple, any"),
    "p07": (REFUSED, "release_h: 36", "release_h: 36h", "release_h: 36h is not a whole number of 1 to 240"),
}


def check(path, given=None):
    done = subprocess.run([HAZEWATCH, "check", "--config-dir", os.path.join(SOURCE, "config"), path], input=given,
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr


def shortcomings(result, status, words):
    code, said = result
    wrong = [] if code == status else [f"exit status {code}, not {status}"]
    wrong += [f"not said: {each}" for each in words if each not in said]
    return wrong + said.splitlines()[:3] if wrong else []


def main():
    tap = Tap()
    folder, why_not = shared("cases", "yaml")
    for name, (status, *words) in CASES.items():
        if folder:
            tap.case(name, shortcomings(check(os.path.join(folder, name + ".yaml")), status, words))
    if folder:
        there = {name[:-len(".yaml")] for name in os.listdir(folder) if name.endswith(".yaml")}
        tap.case("every case has its right behaviour here", sorted(there ^ set(CASES)))
    else:
        tap.skip("the shared cases", why_not)
    with open(PLAN, encoding="utf-8") as file:
        plan = file.read()
    for name, (status, right, mistake, *words) in PLAN_MISTAKES.items():
        wrong = [] if right in plan else [f"'{right}' is not in the plan"]
        tap.case(f"{name}, in the plan as it is now",
                 wrong or shortcomings(check("-", plan.replace(right, mistake, 1)), status, words))
    code, said = check(PLAN)
    tap.case("nothing is doubted of the plan as it is", [] if (code, said) == (OK, "") else [said])
    tap.done()


if __name__ == "__main__":
    main()
