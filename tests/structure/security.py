#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch-security(7) names settings that exist and tests that run, in both languages the same requirements.

usage: security.py
"""
import re

from source import Tap, c_files, project_files, read

PAGE = "config/hazewatch-security.7.scd"
WIDEST, WIDEST_INDENTED = 38, 34  # characters of Chinese in 80 columns, which groff breaks nowhere
CLAUSE = re.compile(r"\*(8(?:\.\d+)+)\*")


def halves():
    english, chinese = read(PAGE).split("# 中文摘要\n")
    return english, chinese


def entries(text):
    """[(the clauses of an entry, what it says)]"""
    found = re.split(r"^(\*8\.[^\n]*)\n", text, flags=re.MULTILINE)
    return [(CLAUSE.findall(head), body.split("\n\n")[0]) for head, body in zip(found[1::2], found[2::2])]


def line_of(body, word):
    said = re.search(rf"^\t{word}: (.*?)\.$(?=\n\t[A-Z]\w+:|\s*\Z)", body, re.MULTILINE | re.DOTALL)
    return " ".join(said[1].split()) if said else None


def sentences():
    """What every test of the tree is called."""
    found = set()
    for path in project_files():
        if path.startswith(("tests/unit/", "tests/integration/", "tests/hj212/", "tests/status/", "systemd/check_")):
            text = read(path)
            found |= set(re.findall(r"tap\.case\(\s*f?\"([^\"]+)\"", text))
            names = re.findall(r"^START_TEST\((\w+)\)", text, re.MULTILINE) + re.findall(r"^def (\w+)\(world", text, re.MULTILINE)
            found |= {name.replace("_", " ") for name in names}
    return found


def keys():
    """What a file of the station may say."""
    return {key for path in c_files("daemon") if path.startswith("daemon/conf/")
            for key in re.findall(r"\{\s*\"([a-z][a-z0-9_]*)\",\s*YAML_", read(path))}


def settings_astray():
    known, unit = keys(), set(re.findall(r"^(\w+=)", read("systemd/hazewatchd.service"), re.MULTILINE))
    for clauses, body in entries(halves()[0]):
        said = line_of(body, "Setting")
        for name in re.findall(r"\*([^*]+)\*", said or ""):
            if not (name in unit if name.endswith("=") else set(name.split(".")) <= known):
                yield f"{clauses}: nothing reads {name}"
        if not said or not (said.startswith("none") or "*" in said):
            yield f"{clauses}: no setting, and not none"


def tests_astray():
    known = sentences()
    for clauses, body in entries(halves()[0]):
        said = line_of(body, "Proof")
        for name in re.findall(r'"([^"]+)"', said or ""):
            if name not in known:
                yield f"{clauses}: no test is called: {name}"
        if not said or not (said == "none" or '"' in said):
            yield f"{clauses}: no proof, and not none"


def clauses_of(text):
    return [clause for clauses, _ in entries(text) for clause in clauses]


def wide_lines():
    for line in halves()[1].splitlines():
        if len(line.strip()) > (WIDEST_INDENTED if line.startswith("\t") else WIDEST):
            yield line


def main():
    tap = Tap()
    english, chinese = map(clauses_of, halves())
    tap.case("entries were read", [] if len(english) > 15 else [str(english)])
    tap.case("every setting that the page on security names is one", settings_astray())
    tap.case("every test that the page on security names is one", tests_astray())
    tap.case("both languages have the same requirements", [] if english == chinese else sorted(set(english) ^ set(chinese)) or ["in another order"])
    tap.case("no line of Chinese is wider than a terminal", wide_lines())
    tap.done()


if __name__ == "__main__":
    main()
