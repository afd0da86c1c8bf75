#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Files call each other one way: read from the symbols of the objects that the compiler made.

usage: circles.py BUILD-FOLDER
"""
import glob
import os
import re
import subprocess
import sys

from layering import MAY_SEE
from source import Tap

SYMBOL = re.compile(r"^(.*\.o):\S* +([A-Z]) (\S+)$")


def objects(build):
    """The path of each object of the rooms' libraries -> (room, file)."""
    return {path: (room, os.path.basename(path)[:-len(".o")]) for room in MAY_SEE
            for path in glob.glob(os.path.join(build, room, "lib*.a.p", "*.o"))}


def edges(build):
    """(room, file) -> those whose functions or data it uses."""
    found = objects(build)
    printed = subprocess.run(["nm", "-A", "-g", *found], capture_output=True, text=True,
                             check=True).stdout
    home, needed = {}, {unit: set() for unit in found.values()}
    for path, letter, name in (match.groups() for match in map(SYMBOL.match, printed.splitlines())
                               if match):
        if letter == "U":
            needed[found[path]].add(name)
        else:
            home[name] = found[path]
    return {unit: {home[name] for name in names if name in home} - {unit}
            for unit, names in needed.items()}


def reachable(graph, start):
    seen, ahead = set(), set(graph[start])
    while ahead:
        unit = ahead.pop()
        seen.add(unit)
        ahead |= graph[unit] - seen
    return seen


def circles(graph):
    """Each circle of files, told once."""
    told = set()
    for start in sorted(graph):
        if start in told or start not in reachable(graph, start):
            continue
        circle = {unit for unit in reachable(graph, start) if start in reachable(graph, unit)}
        told |= circle
        yield ", ".join(f"{room}/{file}" for room, file in sorted(circle))


# What a room promises in its header and another one keeps.
FACES = {("storage/file", "store.c"): "storage", ("storage/file", "spool.c"): "storage"}


def trespasses(graph):
    for (room, file), used in sorted(graph.items()):
        for other, its_file in sorted(used):
            face = FACES.get((other, its_file), other)
            if other != room and face not in MAY_SEE[room]:
                yield f"{room}/{file} uses {other}/{its_file}"


def main():
    tap = Tap()
    graph = edges(sys.argv[1])
    tap.case("no file calls itself by way of others", circles(graph))
    tap.case("no file uses a room that its own may not see", trespasses(graph))
    tap.case("the objects of every room with code were seen",
             (room for room in MAY_SEE if room != "storage" and
              not any(room == seen for seen, _ in graph)))
    tap.done()


if __name__ == "__main__":
    main()
