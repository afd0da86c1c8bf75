#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What hazewatch history, events, directives, orders and forecasts print.

usage: tables.py HAZEWATCH CATALOGUES [--write]
"""
import contextlib
import csv
import io
import itertools
import json
import os
import pty
import re
import shutil
import subprocess
import tempfile
from xml.etree import ElementTree

import past
import response
import scenes
from scene import HAZEWATCH, NOW, ROOT, golden, hour_of, too_wide
from source import Tap

SINCE = ("--since", "2026-01-12T03:00:00+08:00")
MIDNIGHT = ("--since", "2026-01-11T22:00:00+08:00", "--until", "2026-01-12T02:00:00+08:00")
SHOWN = {"history": MIDNIGHT, "history-days": ("--days",), "events": (), "directives": (), "orders": (),
         "orders-log": ("--since", "2026-01-11"),
         "forecasts": ()}


def check_pages(tap, station):
    for language, environment in (("en", {}), ("zh", {"LANGUAGE": "zh_CN"})):
        printed = ""
        for name, arguments in SHOWN.items():
            done = station.run(name.split("-", maxsplit=1)[0], *arguments, **environment)
            printed += f"== {name}\n" + "".join(line.rstrip() + "\n"
                                                for line in done.stdout.splitlines())
            tap.case(f"{name} fits into 80 columns ({language})",
                     list(too_wide(done.stdout)) + [done.stderr] * bool(done.stderr))
        tap.case(f"the tables are those of tables-{language}.txt",
                 golden(f"tables-{language}.txt", printed))
    for width in (60, 200):
        wrong = [line for name, arguments in SHOWN.items() for line in too_wide(
            station.run(name.split("-", maxsplit=1)[0], *arguments, COLUMNS=str(width)).stdout, width)]
        tap.case(f"every table fits into {width} columns", wrong)


def check_typed(tap, station):
    """Who typed a directive is seen at 80 columns; where nobody did no room goes to it."""
    shown = station.run("directives").stdout
    with tempfile.TemporaryDirectory() as folder:
        other = response.ended(folder).run("directives")
    tap.case("who typed a directive is shown where anybody did",
             [] if "root:w" in shown and "typed by" in shown and "document" in other.stdout and
             "typed by" not in other.stdout else [shown, str(other)])


def check_words(tap):
    """A word that has no translation would be shown in English."""
    with open(os.path.join(ROOT, "rules", "event.c"), encoding="utf-8") as file:
        events = re.findall(r'\[EVENT_\w+\] = "(\w+)"', file.read())
    with open(os.path.join(ROOT, "daemon", "cli", "tables", "columns.c"), encoding="utf-8") as file:
        words = re.findall(r'\{"(\w+)", TR_LATER\(', file.read().partition("} words[] =")[2])
    tap.case("every event has a word for people", [name for name in events if name not in words]
             if len(events) > 10 else ["no events"])


def check_programs(tap, station):
    wrong = []
    for name, arguments in SHOWN.items():
        subject = name.split("-", maxsplit=1)[0]
        rows = list(csv.DictReader(io.StringIO(station.run(subject, *arguments, "--csv").stdout)))
        objects = json.loads(station.run(subject, *arguments, "--json").stdout)
        if not rows or len(rows) != len(objects) or any(
                list(row) != list(each) for row, each in zip(rows, objects)):
            wrong.append(f"{name}: {rows} {objects}")
    tap.case("CSV and JSON have the same rows and the same names", wrong)
    events = json.loads(station.run("events", "--json").stdout)
    tap.case("an event's message stands in the JSON as it was sent",
             [] if events[1]["message"]["text_zh"].endswith("生效。") else [str(events[1])])
    orders = {row["source"]: row for row in json.loads(station.run("orders", "--json").stdout)}
    tap.case("an order has what was done of it, who has none has the reason",
             [] if (orders["gy-001"]["done_pct"], orders["gy-001"]["cut_kg_d"]) == (40, 12.5) and
             orders["gy-002"]["why"] == "its row has no measure, line or cut" else [str(orders)])
    log = json.loads(station.run("orders", "--until", "2026-01-11T18:00:01+08:00", "--json").stdout)
    tap.case("of a time there is what became of orders in it",
             [] if [row["what"] for row in log] == ["not", "issued"] else [str(log)])
    hours = json.loads(station.run("history", *SINCE, "--until", "2026-01-12T05:00:00+08:00",
                                   "--json").stdout)
    tap.case("--since is before the first row, --until is the last",
             [] if [row["hour"][11:16] for row in hours] == ["04:00", "05:00"] else [str(hours)])
    for arguments in (("history", "--since", "yesterday"), ("orders", "--verify"),
                      ("events", "--days"), ("history", "more")):
        done = station.run(*arguments)
        tap.case(f"{' '.join(arguments)} is refused with 64",
                 [] if done.returncode == 64 and not done.stdout else [str(done)])


def check_doubted(tap):
    """What was measured and is not believed any more."""
    with tempfile.TemporaryDirectory() as folder:
        station = past.eventful(folder)
        station.state.execute("UPDATE hours SET doubted = 'frozen' WHERE pollutant = 'pm25'")
        rows = json.loads(station.close().run("history", *SINCE, "--json").stdout)
        tap.case("a doubted mean is not shown, the others are",
                 [str(row) for row in rows if row["pm25_ug_m3"] is not None or not row["pm10_ug_m3"]]
                 if rows else ["no hours"])


BESIDE = {"tsp": 210499, "no": 8499, "nox": 90501, "temperature": -3549, "humidity": 90000, "pressure": 1013000,
          "wind_speed": 2549, "wind_direction": 359700, "noise": 52949, "rain": 1349}


def check_beside(tap):
    """What is measured beside the pollutants, all of it, as the topic aux has it."""
    with tempfile.TemporaryDirectory() as folder:
        station = past.eventful(folder)
        station.samples.executemany("INSERT INTO auxiliary_hours VALUES (?, ?, ?, 'N', 'none', 3600000, 60, 'simulated', 0)",
                                    [(hour_of(NOW) - 1, *each) for each in BESIDE.items()])
        station.close()
        for language in ("C", "zh_CN"):
            done = station.run("history", "--aux", LANGUAGE=language)
            got = done.stdout.splitlines()[-1].split()[2:] if done.returncode == 0 else [done.stderr]
            tap.case(f"a row has all quantities in 80 columns, and a wind of 359.7 degrees is from 0 ({language})",
                     list(too_wide(done.stdout)) if got == "210 8 91 -3.5 90.0 1013.0 2.5 0 52.9 1.3".split() else [str(got)])
        row = json.loads(station.run("history", "--aux", "--json").stdout)[0]
        tap.case("its JSON has the thousandths", [] if row["wind_direction_deg"] == 359.7 and row["temperature_c"] == -3.549
                 else [str(row)])


def on_terminal(station, **environment):
    """(exit status, what the terminal got, stderr) of `history` with its output on one."""
    ours, theirs = pty.openpty()
    done = station.run("history", *MIDNIGHT, stdout=theirs, **environment)
    os.close(theirs)
    got = b""
    with contextlib.suppress(OSError):  # a terminal that nobody has any more
        while piece := os.read(ours, 65536):
            got += piece
    os.close(ours)
    return done.returncode, got.decode().replace("\r\n", "\n"), done.stderr


def check_paging(tap, station):
    plain = station.run("history", *MIDNIGHT).stdout
    bare = os.path.join(station.folder, "bin")
    os.mkdir(bare)
    os.symlink(shutil.which("cat"), os.path.join(bare, "cat"))
    for name, environment, wanted in (
            ("on a terminal a table goes through PAGER, with its options", {"PAGER": "sed s/^/P:/"},
             "".join(f"P:{line}\n" for line in plain.splitlines())),
            ("without less and more it is written as it is", {"PATH": bare}, plain),
            ("a PAGER that is not there is done without",
             {"PATH": bare, "PAGER": "/nonexistent/less -R"}, plain),
            ("a pager that ends before it has read all is no error", {"PAGER": "true"}, ""),
            ("one that shows the first line neither", {"PAGER": "head -n 1"}, plain.splitlines()[0] + "\n")):
        got = on_terminal(station, **environment)
        tap.case(name, [] if got == (0, wanted, "") else [str(got)])


def check_full(tap, station):
    """Far more than one buffer, and less than one."""
    for more, arguments in (("more than a buffer", ("history", "--json", "--since", "2026-01-01")),
                            ("less than one", ("orders",))):
        large = len(station.run(*arguments).stdout) > io.DEFAULT_BUFFER_SIZE
        done = station.run(*arguments, command=("sh", "-c", 'exec "$0" "$@" >/dev/full', HAZEWATCH))
        tap.case(f"a full output is told as full of {more}",
                 [] if done.returncode == 74 and "No space left" in done.stderr and
                 large == (more != "less than one") else [str(done), f"large: {large}"])


def check_chain(tap, station):
    done = station.run("events", "--verify")
    whole = [re.sub("[0-9a-f]{64}$", "HASH", line) for line in done.stdout.splitlines()]
    told = ["events: whole up to row 2, rows checked: 2, newest hash: HASH",
            "what was in force: whole up to row 2, rows checked: 1, newest hash: HASH",
            "orders: whole up to row 2, rows checked: 2, newest hash: HASH"]
    tap.case("each whole chain is told, with its last hash",
             [] if done.returncode == 0 and whole == told else [str(done)])
    done = station.run("events", "--verify", LANGUAGE="zh_CN")
    tap.case("in Chinese, too", [] if done.stdout.startswith("事件：至第 2 行完整") else [str(done)])
    for line, (table, key, row, name) in enumerate((("events", "number", 1, "events"),
                                                    ("force_log", "event", 2, "what was in force"),
                                                    ("order_log", "number", 1, "orders"))):
        with tempfile.TemporaryDirectory() as folder:
            other = past.eventful(folder)
            other.state.execute(f"UPDATE {table} SET level = 'red' WHERE {key} = {row}")
            done = other.close().run("events", "--verify")
            lines = done.stdout.splitlines()
            tap.case(f"a changed row of {table} is found and named, the others are whole",
                     [] if done.returncode == 1 and sum("whole" in each for each in lines) == 2 and
                     lines[line].startswith(f"{name}: row {row} is not") else [str(done)])


def check_pruned_chain(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = past.eventful(folder)
        for table, key, gone in (("events", "number", 1), ("force_log", "event", 2)):
            station.state.execute("INSERT INTO chain_anchors SELECT ?, ?, hash FROM "
                                  f"{table} WHERE {key} = ?", (table, gone, gone))
            station.state.execute(f"DELETE FROM {table} WHERE {key} <= ?", (gone,))
        done = station.close().run("events", "--verify")
        lines = done.stdout.splitlines()
        tap.case("rows that were pruned are told, and the chain goes on from their anchor",
                 [] if done.returncode == 0 and
                 lines[0].startswith("events: whole up to row 2, rows checked: 1,") and
                 lines[1].startswith("events: rows up to 1 were pruned") and
                 lines[2] == "what was in force: no rows" and
                 lines[3].startswith("what was in force: rows up to 2 were pruned") and
                 len(lines) == 5 else [str(done)])
    with tempfile.TemporaryDirectory() as folder:
        station = past.eventful(folder)
        station.state.execute("UPDATE events SET hash = NULL, hash_before = NULL WHERE number = 1")
        past.seal(station, "events", "number", past.EVENT, first=2)
        done = station.close().run("events", "--verify")
        tap.case("rows from before the chain are told",
                 [] if "which have no hash: 1" in done.stdout else [str(done)])


def check_drawing(tap, station):
    path = os.path.join(station.folder, "hours.svg")
    done = station.run("history", "--svg", path)
    with open(path, encoding="utf-8") as file:
        drawing = file.read()
    root = ElementTree.fromstring(drawing)
    wrong = [] if done.returncode == 0 and root.tag.endswith("svg") else [str(done)]
    wrong += [words for words in ("<title>2026-01-11 12:00 — 2026-01-12 08:00</title>", "黄色 yellow</text>")
              if words not in drawing]
    tap.case("the drawing has the advice that was told", wrong)
    done = station.run("history", "--svg", "/nonexistent/x.svg")
    tap.case("a drawing that cannot be written is 73", [] if done.returncode == 73 else [str(done)])


def check_nothing(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        before = sorted(os.listdir(station.data))
        wrong = []
        for subject in ("history", "events", "directives", "orders", "forecasts"):
            done = station.run(subject)
            nothing = "no reduction list was imported" if subject == "orders" else "nothing in this time"
            if done.returncode or done.stdout != nothing + "\n" or done.stderr:
                wrong.append(str(done))
        tap.case("an empty station has nothing to show, and that is no error", wrong)
        tap.case("and its folder stays as it was",
                 [] if sorted(os.listdir(station.data)) == before else os.listdir(station.data))


def exported(station, *arguments):
    done = subprocess.run([HAZEWATCH, "export", "--dir", station.data, *arguments], capture_output=True, check=False)
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


def check_exported(tap, station, told):
    """The tables for programs that read no database: the same rows as the tables for people."""
    events, wrong = exported(station, "events"), []
    for row, event in zip(events, told["events"]):
        for name in ("number", "event", "about", "level"):
            wrong += [] if row[name] == str(event[name]) else [f"{name} {row[name]}, not {event[name]}"]
    wrong += [str(row) for row in events if not row["text_zh"].startswith("【演练】") or not row["made"] or
              bool(row["hash"]) != bool(events[0]["hash"])]
    tap.case("export events has every event with its episode, revisions and texts",
             wrong if len(events) == len(told["events"]) else [f"{len(events)} events"])
    directives = exported(station, "directives")
    tap.case("export directives has each as it was accepted",
             [] if [row["document"] for row in directives] == [row["document"] for row in told["directives"]] and
             directives[1]["after"] == directives[0]["id"] == "c-3" else [str(directives)])
    release, receipt, orders = (exported(station, what) for what in ("releases", "receipts", "orders"))
    tap.case("export releases, receipts and orders say what was signed, answered and issued",
             [] if release[0]["signer"] == "李四" and (receipt[0]["done_pct"], receipt[0]["cut_kg_d"]) ==
             ("80", "12.345") and [row["event"] for row in orders[:2]] == ["issued", "delivered"]
             else [str(release), str(receipt), str(orders)])
    none = exported(station, "--from", "2030-01-01T00:00:00+08:00", "events")
    tap.case("export of a time without any has the header alone", [str(none)] if none else [])


def check_earlier(tap, schema):
    """Rows that a version with this schema wrote, and what it said of them itself."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        os.unlink(os.path.join(station.data, "state.db"))
        with contextlib.closing(station.create("state", dump=f"state-{schema}.sql")):
            pass
        with open(os.path.join(ROOT, "tests", "data", f"state-{schema}.json"), encoding="utf-8") as file:
            told = json.load(file)
        for subject, rows in told.items():
            done = station.run(subject, "--json", *(("--since", "2023-12-13") if subject == "history" else ()))
            now = json.loads(done.stdout) if done.returncode == 0 else [done.stderr]
            wrong = [f"{before} was told, now {after}" for before, after in
                     itertools.zip_longest(rows, now, fillvalue={})
                     if not before.items() <= after.items()]
            tap.case(f"{subject} of schema {schema} says what it said then", wrong)
        if schema == 8:
            check_exported(tap, station, told)
        done = station.run("events", "--verify")
        tap.case(f"the chains of schema {schema} are whole", [str(done)] * (done.returncode != 0))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        station = past.eventful(folder).close()
        check_pages(tap, station)
        check_typed(tap, station)
        check_words(tap)
        check_programs(tap, station)
        check_chain(tap, station)
        check_pruned_chain(tap)
        check_paging(tap, station)
        check_full(tap, station)
        check_drawing(tap, station)
    check_doubted(tap)
    check_beside(tap)
    for schema in (8, 9, 10):
        check_earlier(tap, schema)
    check_nothing(tap)
    tap.done()


if __name__ == "__main__":
    main()
