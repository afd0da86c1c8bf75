#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every installed program and every file format has a manual page, and every page renders.

usage: manual.py BUILD-FOLDER
"""
import json
import os
import re
import shutil
import subprocess
import sys

from source import ROOT, Tap, project_files, read


def introspect(what):
    printed = subprocess.run(["meson", "introspect", what, sys.argv[1]], capture_output=True,
                             text=True, check=True).stdout
    return json.loads(printed)


def pages():
    return [path for path in project_files() if re.search(r"\.[1-8]\.scd$", path)]


def check_pages(tap):
    if not shutil.which("scdoc"):
        tap.skip("every manual page renders", "scdoc is not installed")
        return
    wrong = []
    for path in pages():
        printed = subprocess.run(["scdoc"], input=read(path), capture_output=True, text=True,
                                 check=False)
        if printed.returncode != 0 or not printed.stdout.startswith(".\\\""):
            wrong.append(f"{path}: {printed.stderr.strip()}")
    tap.case("every manual page renders", wrong)


def installed_paths():
    return sorted(set(introspect("--installed").values()))


def programs_without_page(installed):
    have = {os.path.basename(path)[:-len(".scd")] for path in pages()}
    for path in installed:
        if re.search(r"/s?bin/", path):
            name = os.path.basename(path)
            if not {f"{name}.1", f"{name}.8"} & have:
                yield f"{name}: there is no {name}.8.scd or {name}.1.scd"


def formats_without_page():
    """A format is known by its first key; some page of section 5 must speak of it."""
    described = "\n".join(read(path) for path in pages() if path.endswith(".5.scd"))
    kinds = set()
    for path in project_files():
        if path.startswith("config/") and path.endswith(".yaml"):
            kinds |= set(re.findall(r"^kind: (\w+)$", read(path), re.MULTILINE))
    for kind in sorted(kinds):
        if f"kind: {kind}" not in described:
            yield f"no page of section 5 describes \"kind: {kind}\""


def pages_not_installed(installed):
    have = {re.sub(r"\.gz$", "", os.path.basename(path)) for path in installed}
    for path in pages():
        if os.path.basename(path)[:-len(".scd")] not in have:
            yield path


def tests_without_suite():
    for test in introspect("--tests"):
        suites = {suite.split(":")[-1] for suite in test["suite"]}
        if len(suites & {"quick", "full"}) != 1:
            yield f"{test['name']} is in {', '.join(sorted(suites)) or 'no suite'}"


def main():
    tap = Tap()
    installed = installed_paths()
    check_pages(tap)
    tap.case("every installed program has a manual page", programs_without_page(installed))
    tap.case("every kind of file has a manual page", formats_without_page())
    tap.case("every manual page is installed", pages_not_installed(installed))
    tap.case("every test is in the suite quick or in the suite full", tests_without_suite())
    tap.done()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
