#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every line of the log has its entry in the journal's catalogues, in every language, and no entry is
without a line: people find there what a line means and what to do."""
import os
import re
import shutil
import subprocess
import tempfile

from source import ROOT, Tap, c_files, read

CATALOGUES = {"": "systemd/hazewatch.catalog", "zh_CN": "systemd/hazewatch.zh_CN.catalog"}
CALL = re.compile(r"\blog_(?:line\(\s*\w+,|(?:error|warning|notice|info)\()\s*([^,]+),")
ENTRY = re.compile(r"^-- ([0-9a-f]{32})\n((?:[A-Z][A-Za-z-]*: .*\n)+)\n((?:(?!-- ).*\n?)*)", re.MULTILINE)


def calls():
    """(file, kind) of every call that logs."""
    for path in c_files("daemon", "storage", "sensors", "rules"):
        if path not in ("daemon/base/log.c", "daemon/base/log.h"):
            for match in CALL.finditer(read(path)):
                yield path, match.group(1)
        elif path.endswith(".c"):
            for kind in re.findall(r"\bLOG_(?!LEVEL_)\w+", read(path)):
                yield path, kind


def catalogue(path):
    """{id: (head, body)}"""
    return {number: (head, body.strip()) for number, head, body in ENTRY.findall(read(path))}


def refused_by_systemd():
    """What journalctl says of them; nothing where there is none."""
    if not shutil.which("journalctl"):
        return []
    with tempfile.TemporaryDirectory() as root:
        there = os.path.join(root, "usr/lib/systemd/catalog")
        os.makedirs(there)
        os.makedirs(os.path.join(root, "var/lib/systemd/catalog"))
        for path in CATALOGUES.values():
            shutil.copy(os.path.join(ROOT, path), there)
        said = subprocess.run(["journalctl", "--root", root, "--update-catalog"], text=True,
                              capture_output=True, check=False)
        listed = subprocess.run(["journalctl", "--root", root, "--list-catalog"], text=True,
                                capture_output=True, check=False).stdout
        wanted = catalogue(CATALOGUES[""])
        return said.stderr.splitlines() + [number for number in wanted if number not in listed]


def check_catalogue(tap, path, ids):
    known, text = catalogue(path), read(path)
    tap.case(f"{path} explains every kind of line, and nothing else",
             sorted(set(ids.values()) ^ set(known)) +
             [number for number in re.findall("^-- (.*)$", text, re.MULTILINE) if number not in known] +
             [number for number in known if text.count("-- " + number) != 1])
    tap.case(f"each entry of {path} has a subject and says what to do in whole lines",
             [number for number, (head, body) in known.items()
              if not re.search("^Subject: .", head, re.MULTILINE) or "Defined-By: hazewatch\n" not in head or
              not body or body[-1] not in ".。?？"] +
             [line for line in text.splitlines() if len(line) > 80])
    fields = set(re.findall(r'"(HAZEWATCH_\w+)"', read("daemon/base/log.c")))
    tap.case(f"what {path} takes from a line are fields that lines have",
             sorted(set(re.findall(r"@([^@\s]+)@", text)) - fields))


def main():
    tap = Tap()
    kinds = re.findall(r"^\t(LOG_\w+),", read("daemon/base/log_kinds.h"), re.MULTILINE)
    ids = dict(re.findall(r'\[(LOG_\w+)\] = "([0-9a-f]{32})"', read("daemon/base/log_kinds.c")))
    said = list(calls())
    tap.case("calls were found in the code", [] if len(said) > 80 else [str(len(said))])
    tap.case("every kind of line has an id", sorted(set(kinds) ^ set(ids)))
    tap.case("every line of the log names a kind", [f"{path}: {kind}" for path, kind in said if kind not in kinds])
    tap.case("no kind is without a line", sorted(set(kinds) - {kind for _, kind in said}))
    for path in CATALOGUES.values():
        check_catalogue(tap, path, ids)
    tap.case("journalctl takes the catalogues", refused_by_systemd())
    tap.done()


if __name__ == "__main__":
    main()
