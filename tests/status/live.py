#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch watch, as one page, and hazewatch read, word for word, in both languages.

usage: live.py HAZEWATCH CATALOGUES [--write]
"""
import contextlib
import fcntl
import json
import os
import pty
import socket
import subprocess
import tempfile
import time

import scenes
import schemas
from scene import CONFIG, HAZEWATCH, Station, golden, too_wide
from scenes import READINGS, SENSOR, daemon
from source import Tap

LANGUAGES = (("en", {}), ("zh", {"LANGUAGE": "zh_CN"}))


def check_watch(tap, station):
    for language, environment in LANGUAGES:
        with daemon(station, readings=READINGS):
            done = station.run("watch", **environment)
            wide = station.run("watch", COLUMNS="200", **environment)
            narrow = station.run("watch", COLUMNS="60", **environment)
        wrong = [done.stderr] if done.returncode or done.stderr else []
        wrong += golden(f"watch-{language}.txt", done.stdout)
        tap.case(f"the live page is that of watch-{language}.txt", wrong)
        wrong = [line for width, each in ((60, narrow), (80, done), (200, wide))
                 for line in too_wide(each.stdout, width)]
        wrong += [each.stdout for each in (narrow, done, wide) if each.stdout.count("\n") > 24]
        tap.case(f"the live page fits into 60, 80 and 200 columns and 24 lines ({language})", wrong)
    with daemon(station, readings=READINGS):
        done = station.run("watch", LC_ALL="C")
    tap.case("without UTF-8 everything is ASCII",
             [] if done.stdout.isascii() and "%" in done.stdout and "ug/m3" in done.stdout else [str(done)])
    done = station.run("watch")
    tap.case("a stopped daemon is told, its last hours are shown",
             [] if "hazewatchd does not run" in done.stdout and "▇" in done.stdout and
             "PM2.5  -" in done.stdout and done.returncode == 0 else [str(done)])


def check_untimed(tap):
    """A daemon that does not know what time it is, of a station without a past."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        waiting = {"state": "waiting", "until": "2026-01-12T08:30:00+08:00"}
        with daemon(station, readings=READINGS, clock=waiting):
            page = station.run("watch").stdout
        wrong = [words for words in ("PM2.5  371.2 N 2 s", "NO2    B no answer 6 min", "O3     none yet",
                                     "clock: waits to be set until 01-12 08:30") if words not in page]
        tap.case("raw values are shown while the clock is waited for", [page] if wrong else [])


def check_hung(tap, station):
    """A daemon that takes the question and is silent, or does not even take it."""
    for name, waiting in (("does not answer", 0), ("takes no connection", 2)):
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            path = os.path.join(station.data, "control")
            listener.bind(path)
            stack.callback(os.remove, path)
            listener.listen(0 if waiting else 9)
            for _ in range(waiting):
                other = stack.enter_context(socket.socket(socket.AF_UNIX))
                other.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    other.connect(path)
            ours, theirs = pty.openpty()
            watching = stack.enter_context(subprocess.Popen(
                [HAZEWATCH, "watch", "--config", os.path.join(station.folder, "station.yaml"),
                 "--config-dir", CONFIG], stdin=theirs, stdout=theirs, stderr=theirs,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm"}))
            os.close(theirs)
            got = b""
            while b"\x1b[?1049h" not in got:
                got += os.read(ours, 4096)
            began = time.monotonic()
            os.write(ours, b"q")
            with contextlib.suppress(OSError):
                while os.read(ours, 4096):
                    pass
            status, took = watching.wait(60), time.monotonic() - began
            os.close(ours)
        tap.case(f"q ends it at once where the daemon {name}",
                 [] if status == 0 and took < 8 else [f"exit status {status} after {took:.1f} s of 10"])


def check_read(tap, station):
    for language, environment in LANGUAGES:
        with daemon(station):
            done = station.run("read", "roof", **environment)
        wrong = [done.stderr] if done.returncode != 1 or done.stderr else []
        wrong += golden(f"read-{language}.txt", done.stdout)
        tap.case(f"a poll's page is that of read-{language}.txt", wrong)
        tap.case(f"it fits into 80 columns ({language})", list(too_wide(done.stdout)))
    with daemon(station):
        body = json.loads(station.run("read", "roof", "--json").stdout)
    wrong = schemas.faults("sensor", body)
    tap.case("its JSON is what the daemon said after a new poll",
             wrong + ([] if {**body, "polls": 7} == SENSOR and body["polls"] > 7 else [str(body)]))
    with daemon(station, sensor={"rows": SENSOR["rows"][:1]}):
        done = station.run("read", "roof")
    tap.case("exit status 0 when every row of use has a value", [] if done.returncode == 0 else [str(done)])
    done = station.run("read", "cellar")
    tap.case("of an unknown sensor the known ones are named",
             [] if done.returncode == 64 and "cellar is not one of roof (" in done.stderr and not done.stdout
             else [str(done)])
    done = station.run("read")
    tap.case("without a sensor it is wrong usage", [] if done.returncode == 64 else [str(done)])


def check_line(tap):
    """Nobody listens at the port, no daemon runs."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        done = station.run("read", "roof")
        tap.case("a line that cannot be opened is told",
                 [] if done.returncode == 69 and "field-1: Connection refused" in done.stderr else [str(done)])


def check_slow(tap, station):
    """A poll is waited for; of one that does not come the one before is shown."""
    began, polls = time.monotonic(), iter([7, 7, 7, 7, 8, 9, 9])
    with daemon(station, sensor=lambda: {"polls": next(polls), "age_s": 1.5}):
        done = station.run("read", "roof", "--json")
    tap.case("the next poll of a slow sensor is waited for",
             [] if done.returncode == 1 and json.loads(done.stdout)["polls"] == 8 else [str(done)])
    with daemon(station, sensor={"polls": 7, "poll_s": 0.1, "age_s": 700.0}):
        done = station.run("read", "roof")
    took = time.monotonic() - began
    tap.case("of one that comes too late the poll before is shown, with its age",
             [] if done.returncode == 1 and "polled by hazewatchd 700.0 s ago" in done.stdout and took > 5 else [f"{took} s", str(done)])


def as_nobody():
    return ("setpriv", "--reuid", "54322", "--regid", "54322", "--clear-groups", HAZEWATCH) \
        if os.geteuid() == 0 else (HAZEWATCH,)


def check_refused(tap):
    """Another program has the line; the line or the daemon is not for this user."""
    ours, theirs = pty.openpty()
    line = os.ttyname(theirs)
    with tempfile.TemporaryDirectory() as folder:
        station = Station(folder)
        station.config["buses"] = [{"id": "field-1", "rtu": {"device": line, "baud": 9600}}]
        station.close()
        for path, mode in ((folder, 0o755), (station.data, 0o755), (line, 0)):
            os.chmod(path, mode)
        done = station.run("read", "roof", command=as_nobody())
        tap.case("exit status 77 of a line that this user may not open",
                 [] if done.returncode == 77 and "field-1: Permission denied" in done.stderr and
                 not done.stdout else [str(done)])
        os.chmod(line, 0o600)
        fcntl.flock(theirs, fcntl.LOCK_EX)
        done = station.run("read", "roof")
        tap.case("exit status 75 of a line that another program has",
                 [] if done.returncode == 75 and "field-1: " in done.stderr and not done.stdout else [str(done)])
        with daemon(station):
            os.chmod(os.path.join(station.data, "control"), 0)
            done = station.run("read", "roof", command=as_nobody())
        tap.case("exit status 77 of a daemon that this user may not ask, and how to become one who may",
                 [] if done.returncode == 77 and "usermod" in done.stderr and not done.stdout
                 else [str(done)])
    os.close(ours)
    os.close(theirs)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.course(folder)
        check_watch(tap, station)
        check_hung(tap, station)
        check_read(tap, station)
        check_slow(tap, station)
    check_untimed(tap)
    check_line(tap)
    check_refused(tap)
    tap.done()


if __name__ == "__main__":
    main()
