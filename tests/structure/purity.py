#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The library of rules/ is pure: what it calls, what it keeps, what it counts with, what it says.

usage: purity.py LIBRARY
"""
import re
import subprocess
import sys

from source import Tap, bare_c, c_files, read

# What a compiler calls on its own, and the memory and string functions without state.
MAY_CALL = {"memcpy", "memmove", "memset", "memcmp", "strcmp", "strncmp", "strlen", "strstr", "__assert_fail",
            "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_"}
FORTIFIED = re.compile(r"__(memcpy|memmove|memset)_chk$")
INSTRUMENTED = re.compile(r"__(asan|ubsan|tsan|gcov|sanitizer)")
CONSTANT_SECTIONS = (".rodata", ".data.rel.ro", ".text")
FLOATING = re.compile(r"\b(float|double|_Complex|_Float\w*|float_t|double_t)\b|\b\d+\.\d*\b|"
                      r"\B\.\d+\b|\b\d+[eE][-+]?\d+\b")


def symbols(library):
    """(name, type letter, section) of each symbol, as nm -f sysv prints them."""
    printed = subprocess.run(["nm", "-f", "sysv", library], capture_output=True, text=True,
                             check=True).stdout
    for line in printed.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and fields[0] != "Name":
            yield fields[0], fields[2], fields[6]


def sentences():
    """What people read is said in daemon/messages: no literal has two words."""
    for path in c_files("rules"):
        for number, line in enumerate(read(path).splitlines(), 1):
            code = "" if line.lstrip().startswith(("*", "/*", "#include")) else line
            for literal in re.findall(r'"((?:[^"\\]|\\.)*)"', code.split("/*")[0]):
                if re.search(r"\w\s+\w", literal):
                    yield f"{path}:{number}: {literal}"


def floating():
    for path in c_files("rules"):
        for number, line in enumerate(bare_c(read(path)).splitlines(), 1):
            found = FLOATING.search(line)
            if found:
                yield f"{path}:{number}: {found.group(0)}"


def static_locals_and_globals(found):
    for name, letter, section in found:
        if letter in "bBdDCsSgG" and not section.startswith(CONSTANT_SECTIONS):
            yield f"{name} in {section}"


def main():
    tap = Tap()
    found = list(symbols(sys.argv[1]))
    defined = {name for name, letter, _ in found if letter != "U"}
    called = sorted({name for name, letter, _ in found if letter == "U"} - defined)
    calls, keeps = "rules/ calls nothing but memory and string functions", \
        "rules/ keeps no writable variable of its own"
    if any(INSTRUMENTED.match(name) for name in called):
        tap.skip(calls, "this build is instrumented")
        tap.skip(keeps, "this build is instrumented")
    else:
        tap.case(calls, (name for name in called
                         if name not in MAY_CALL and not FORTIFIED.match(name)))
        tap.case(keeps, static_locals_and_globals(found))
    tap.case("rules/ counts in whole numbers only", floating())
    tap.case("rules/ has no sentences", sentences())
    tap.done()


if __name__ == "__main__":
    main()
