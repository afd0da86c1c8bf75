#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The measures of the shipped plan against those that were read from the plan clause by clause, and
their wording against their numbers.

usage: measures.py

Their list is part of the shared material; where it is not there, its numbers are in tests/data.
"""
import os
import re
import sys

import yaml

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("sim", "structure"):
    sys.path.append(os.path.join(ROOT, "tests", folder))
from record import shared  # noqa: E402 pylint: disable=wrong-import-position
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

ROMAN = {2: ("Ⅱ", "II"), 4: ("Ⅳ", "IV")}
ALWAYS = {"SO2"}  # digits that are a name
LEVELS = {"III": "yellow", "II": "orange", "I": "red", "any": "any"}


def read_list(path):
    """(units, measures) as they were read from the plan."""
    with open(path, encoding="utf-8") as file:
        blocks = re.findall(r"```yaml\n(.*?)```", file.read(), re.DOTALL)
    units = measures = None
    for block in blocks:
        tree = yaml.safe_load(block)
        units = tree.get("units", units)
        measures = tree.get("measures", measures)
    return units, measures


def expected_of(measure):
    """A measure of the list in the words of a plan file; a clause is compared as it stands."""
    said = {"level": LEVELS[measure["level"]], "clause": measure["src"], "units": measure["units"],
            "unit_source": measure["unit_src"],
            "replaces": (measure.get("replaces") or [None])[0]}
    for key in ("group", "sub", "num", "who", "where", "except", "may", "carried_silently"):
        said[key] = measure.get(key)
    return said


def numbers_of(measure):
    """{key: how it is said, in one of these ways}"""
    said = {key: (str(value),) for key, value in (measure.get("num") or {}).items()}
    if "max_stage" in said:
        roman = ROMAN[measure["num"]["max_stage"]]
        said["max_stage"] = (f"国{roman[0]}", f"stage {roman[1]} ")
    return said


def unsaid_numbers(measures):
    """Numbers that a measure has for programs and does not say to people, and the other way."""
    for measure in measures:
        for language in ("zh", "en"):
            text = measure[language] + " "
            said = numbers_of(measure)
            for key, ways in said.items():
                if not any(way in text for way in ways):
                    yield f"{measure['id']}.{language}: does not say {key} {ways}"
            known = {way for ways in said.values() for way in ways} | ALWAYS
            for number in re.findall(r"[A-Z]*[0-9]+", text):
                if number not in known:
                    yield f"{measure['id']}.{language}: says {number}, which num has not"


def informal(measures):
    """Notes of an editor, in brackets or not, and ends of sentences."""
    for measure in measures:
        for language in ("zh", "en"):
            for found in re.findall(r"[（(][^）)]*[）)]|重申|restated|[.。；;]$", measure[language]):
                if found not in ("（镇）",):
                    yield f"{measure['id']}.{language}: {found}"


def main():
    tap = Tap()
    path, why = shared("measures.md")
    if why:
        tap.skip("the measures of the shipped plan", why)
        tap.done()
        return
    units, measures = read_list(path)
    with open(os.path.join(ROOT, "config", "plans", "hetang-2024.yaml"), encoding="utf-8") as file:
        plan = yaml.safe_load(file)
    ours = {each["id"]: each for each in plan["measures"]}
    tap.case("the plan has the measures that were read from it, and no other",
             set(ours) ^ {each["id"] for each in measures})
    wrong = []
    for measure in measures:
        for key, value in expected_of(measure).items():
            if ours.get(measure["id"], {}).get(key) != value:
                wrong.append(f"{measure['id']}.{key}: {ours[measure['id']].get(key)}, not {value}")
    tap.case("each says what was read: level, clause, units, numbers, what it replaces", wrong)
    tap.case("each is worded anew, with the numbers that it has and no others",
             unsaid_numbers(plan["measures"]))
    tap.case("no wording has notes of an editor or ends as a sentence", informal(plan["measures"]))
    exempt = {word for measure in plan["measures"] for word in measure.get("except", [])}
    tap.case("each exemption has its words, and is one of some measure",
             exempt ^ {each["id"] for each in plan["exemptions"]})
    tap.case("the units are those of the plan, in its order",
             [] if [each["id"] for each in plan["units"]] == [each["id"] for each in units] else
             [each["id"] for each in plan["units"]])
    tap.done()


if __name__ == "__main__":
    main()
