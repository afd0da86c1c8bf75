#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What hazewatch report writes of a response.

usage: report.py HAZEWATCH CATALOGUES [--write]
"""
import concurrent.futures
import contextlib
import ctypes
import errno
import fcntl
import os
import select
import sqlite3
import subprocess
import tempfile
from xml.etree import ElementTree

import response
from scene import HAZEWATCH, golden
from source import Tap

PLACES = {"src", "href", "action", "background", "poster", "data", "srcset"}


def page(station, *arguments):
    """The page as a tree: what is not well-formed is refused."""
    done = station.run("report", *arguments)
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return ElementTree.fromstring(done.stdout.removeprefix("<!DOCTYPE html>\n"))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def lines(tree):
    """What a reader sees but for the drawing: a row is a line."""
    for element in tree.iter():
        if element.tag in ("h1", "h2", "h3", "p", "dt", "dd"):
            yield ("# " if element.tag[0] == "h" else "") + text_of(element)
        elif element.tag == "tr":
            yield " | ".join(map(text_of, element))


def foreign(tree):
    """What a browser would run or fetch."""
    for element in tree.iter():
        if element.tag in ("script", "link", "img", "iframe", "object", "embed", "base"):
            yield element.tag
        yield from (name for name in element.attrib if name in PLACES or name.startswith("on"))
        if element.tag == "style" and ("url(" in element.text or "@import" in element.text):
            yield "style"


def check_pages(tap, folder):
    station = response.ended(folder)
    for language in ("zh", "en"):
        tree = page(station, "1", "--lang", language)
        tap.case(f"the page is that of report-{language}.txt",
                 golden(f"report-{language}.txt", "".join(line + "\n" for line in lines(tree))))
        tap.case(f"nothing is run or fetched ({language})", foreign(tree))
        drawn = ["".join(each.itertext()) for each in tree.iter("svg")]
        tap.case(f"the AQIs are drawn, and each pollutant ({language})",
                 [] if len(drawn) == 2 and all(name in drawn[1] for name in (
                     "PM2.5 μg/m³", "PM10 μg/m³", "SO2", "NO2", "CO mg/m³", "O3")) else drawn)
    both = page(station, "episode-1")
    tap.case("without --lang it has both languages, Chinese first",
             [] if [each.get("lang") for each in both.iter("article")] == ["zh-CN", "en"] else ["no"])
    wrong = [what for what in ("2", "3", "city-2", "episode-1") if text_of(page(station, what)) != text_of(both)]
    tap.case("any directive of a response finds it, by number or id", wrong)
    response.add_next(folder)
    tap.case("what is said under the next response is not of this one",
             [] if text_of(page(station, "1")) == text_of(both) else ["another page"])
    done = [station.run("report", what) for what in ("5", "episode-9", "city-9", "")]
    tap.case("a response that never was is told, with exit status 1",
             [str(each) for each in done if each.returncode != 1 or each.stdout or not each.stderr])
    done = [station.run("report", *what) for what in (
        (), ("1", "2"), ("1", "--due"), ("--due",), ("1", "--lang", "fr"), ("1", "--folder", "x"))]
    tap.case("wrong usage is 64", [str(each) for each in done if each.returncode != 64 or each.stdout])


BESIDE = {"temperature": (-3500, 2500), "noise": (50000, 60000), "wind_speed": (2500, 2600), "wind_direction": (350000, None),
          "rain": (1300, 200)}


def check_beside(tap, folder):
    """Two hours of the response, and one of before it: a mean of each, but no mean of degrees."""
    station = response.ended(folder)
    before = page(station, "1", "--lang", "en")
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "state.db"))) as state:
        begun = state.execute("SELECT min(effective) / 3600000 FROM force_log").fetchone()[0]
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "samples.db"))) as samples, samples:
        samples.executemany(
            "INSERT INTO auxiliary_hours VALUES (?, ?, ?, 'N', 'none', 3600000, 60, 'simulated', 0)",
            [(begun + i, quantity, value) for quantity, values in BESIDE.items()
             for i, value in enumerate((100000, *values))])
    rows = {line.split(" | ")[0]: line.split(" | ")[1:] for line in lines(page(station, "1", "--lang", "en"))}
    got = {name: cells[:3] + cells[4:] for name, cells in rows.items() if name in (
        "temperature ℃", "noise dB", "wind m/s", "direction °", "rain mm")}
    tap.case("what was measured beside the pollutants during the response is shown, noise as Leq, rain as the sum",
             [] if got == {"temperature ℃": ["-0.5", "-3.5", "2.5", "2"], "noise dB": ["57.4", "50.0", "60.0", "2"],
                           "wind m/s": ["2.6", "2.5", "2.6", "2"], "direction °": ["–", "–", "–", "2"],
                           "rain mm": ["1.5", "0.2", "1.3", "2"]} else [str(got)])
    tap.case("in Chinese, too, and not a word of it where there is nothing",
             [] if "其他监测项目" in text_of(page(station, "1", "--lang", "zh")) and
             "Measured beside" not in text_of(before) else ["no"])


def check_output(tap, folder):
    station, path = response.ended(folder), os.path.join(folder, "page.html")
    before = sorted(os.listdir(folder))
    first = station.run("report", "1", "--output", path)
    size = os.path.getsize(path)
    second = station.run("report", "1", "--lang", "en", "--output", path)
    tap.case("a file that exists is left as it is, with exit status 73",
             [] if (first.returncode, second.returncode, os.path.getsize(path)) == (0, 73, size)
             else [str(first), str(second)])
    third = station.run("report", "1", "--output", os.path.join(folder, "no-such-folder", "page.html"))
    tap.case("no draft of a file stays behind",
             [] if third.returncode == 73 and sorted(os.listdir(folder)) == sorted(before + ["page.html"])
             else [str(third), *os.listdir(folder)])
    os.mkdir(due := os.path.join(folder, "due"))
    done = [station.run("report", "--due", "--folder", due) for _ in range(2)]
    tap.case("--due writes what is due once, and says each time when and where",
             [] if os.listdir(due) == ["report-episode-1.html"] and done[0].stdout == done[1].stdout and
             done[0].stdout.startswith("episode-1: the summary assessment report is due on 2026-01-23;")
             and due in done[0].stdout else [str(done), *os.listdir(due)])
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "state.db"))) as state, state:
        state.execute("UPDATE hours SET rev = rev + 1 WHERE hour = (SELECT max(hour) - 90 FROM hours)")
    done = [station.run("report", "--due", "--folder", due) for _ in range(2)]
    tap.case("hours that were reviewed since make a page beside it, once, and it stays as it was",
             [] if sorted(os.listdir(due)) == ["report-episode-1-2.html", "report-episode-1.html"] and
             done[0].stdout == done[1].stdout and "report-episode-1-2.html" in done[0].stdout
             else [str(done), *os.listdir(due)])
    with open(os.path.join(due, "report-episode-1.html"), encoding="utf-8") as file, \
            open(path, encoding="utf-8") as other:
        tap.case("it is the same page", [] if file.read() == other.read() else ["another page"])


def forbid_links():
    """In the child: a file system that knows no links, as vfat."""
    allow, refuse = 0x7fff0000, 0x00050000 | errno.EPERM
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    filters = ctypes.c_void_p(library.seccomp_init(allow))
    for name in (b"link", b"linkat"):
        library.seccomp_rule_add(filters, refuse, library.seccomp_syscall_resolve_name(name), 0)
    if library.seccomp_load(filters) != 0:
        raise OSError("no seccomp")


def check_without_links(tap, folder):
    station, path = response.ended(folder), os.path.join(folder, "page.html")
    try:
        subprocess.run(["true"], preexec_fn=forbid_links, check=True)
    except (OSError, subprocess.SubprocessError) as fault:
        tap.skip("where no file can have two names a report gets its own all the same", str(fault))
        return
    before = sorted(os.listdir(folder))
    done = station.run("report", "1", "--output", path, preexec_fn=forbid_links)
    wrong = [] if done.returncode == 0 and sorted(os.listdir(folder)) == sorted(before + ["page.html"]) \
        else [str(done), *os.listdir(folder)]
    tap.case("where no file can have two names a report gets its own all the same", wrong)


def check_overtaken(tap, folder):
    """A daemon that begins while a stopped station is read: what was read may be half of it."""
    station = response.ended(folder)
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, 4096)  # less than a page has
    with concurrent.futures.ThreadPoolExecutor() as others, \
            open(os.path.join(station.data, "lock"), "w", encoding="ascii") as lock:
        told = others.submit(station.run, "report", "1", stdout=theirs)
        got = os.read(ours, 1)  # it has opened the database, and stands at the full pipe
        fcntl.flock(lock, fcntl.LOCK_EX)
        while not told.done():
            if select.select([ours], [], [], 0.05)[0]:
                got += os.read(ours, 65536)
        done = told.result()
    os.close(ours)
    os.close(theirs)
    tap.case("a report of a station whose daemon began meanwhile is 75, and says so",
             [] if done.returncode == 75 and "say it again" in done.stderr and len(got) > 4096 else
             [str(done), str(len(got))])


def check_running(tap, folder):
    station = response.running(folder)
    tree = page(station, "2", "--lang", "en")
    found = list(lines(tree))
    tap.case("of a response that still runs it says so, and what is in force now",
             [] if "The response still runs: this is how far it has come." in found and
             found[found.index("In force now") + 1] == "orange" and "Report due" not in found and
             not any(line.startswith("72 h after") for line in found) else found)
    done = station.run("report", "--due", "--folder", folder)
    tap.case("what still runs is not due", [] if not done.stdout and done.returncode == 0 and
             not [name for name in os.listdir(folder) if name.startswith("report")] else [str(done)])


def check_early(tap, folder):
    station = response.ended(folder, response.WORDS | {"id": "2026011{}"}, "2026-01-19T11:59:00+08:00")
    done = station.run("report", "--due", "--folder", folder)
    tap.case("before 72 h have passed --due writes nothing, since it would stay as it is",
             [] if not done.stdout and done.returncode == 0 and
             not [name for name in os.listdir(folder) if name.startswith("report")] else [str(done)])
    tree = page(station, "20260112", "--lang", "en")
    found = [line for line in lines(tree) if line.startswith("72 h after")]
    tap.case("the row of the hours after it says that they are not over",
             [] if len(found) == 1 and found[0].startswith("72 h after (not over yet) |") else found)
    tap.case("an id of digits alone finds its response",
             [] if text_of(tree) == text_of(page(station, "2", "--lang", "en")) else ["another page"])


def check_full(tap, folder):
    station = response.ended(folder)
    done = station.run("report", "1", command=("sh", "-c", 'exec "$0" "$@" >/dev/full', HAZEWATCH))
    tap.case("an output that is full is told, with exit status 74",
             [] if done.returncode == 74 and "No space left" in done.stderr else [str(done)])


def check_unknown(tap, folder):
    station = response.ended(folder)
    for what, words in (("episode-9", "there is no such episode"), ("9", "no response had this directive")):
        done = station.run("report", what)
        tap.case(f"{what} is told as what it is",
                 [] if done.returncode == 1 and words in done.stderr else [str(done)])


def check_hostile(tap, folder):
    station = response.ended(folder, response.HOSTILE)
    tree = page(station, "1")
    shown = "".join(tree.itertext())
    tap.case("whatever people wrote stays text, and control characters are shown as such",
             list(foreign(tree)) + ([] if response.NASTY.format("1").replace("\u0001", "\ufffd") in shown
                                    else ["not shown"]))
    tap.case("nobody's name is in the page", [name for name in ("张三", "李四") if name in shown])


def main():
    tap = Tap()
    for check in (check_pages, check_beside, check_output, check_running, check_early, check_full, check_unknown,
                  check_hostile, check_without_links, check_overtaken):
        with tempfile.TemporaryDirectory() as folder:
            check(tap, folder)
    tap.done()


if __name__ == "__main__":
    main()
