#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How far a command is that looks at much or waits for the daemon: told on a terminal after 2 s.

usage: waits.py HAZEWATCH CATALOGUES
"""
import contextlib
import json
import os
import socket
import subprocess
import tempfile
import threading

import past
import response
from scene import CATALOGUES, CONFIG, HAZEWATCH
from source import Tap
from terminal import is_taken_away, progress, run_on_terminal

HURRY = os.path.join(os.path.dirname(HAZEWATCH), "..", "tests", "integration", "libhurry.so")
WAITING = "waiting for hazewatchd, second"
DIRECTIVE = ("directive", "--level", "red", "--start", "now", "--issuer", "x", "--document", "y", "--yes")


@contextlib.contextmanager
def daemon(station, answers):
    """Answers each request with what `answers` has for it, and others never."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(station.data, "control"))
    listener.listen(16)
    kept = []

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection = listener.accept()[0]
                asked = json.loads(connection.recv(65536))["request"]
                if asked in answers:
                    connection.sendall(json.dumps({"ok": True, "text": "", **answers[asked]}).encode() + b"\n")
                    connection.close()
                else:
                    kept.append(connection)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in kept:
            connection.close()
        os.remove(os.path.join(station.data, "control"))


def check(tap, station, words, what, code, of):
    """A clock that hurries: 1.5 s a look at it."""
    place = ("--socket", os.path.join(station.data, "control")) if words[0] == "maintenance" else (
        "--config", os.path.join(station.folder, "station.yaml"), "--config-dir", CONFIG)
    command = [HAZEWATCH, *words, *place]

    def run(stderr):
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, text=True,
                              check=False, timeout=90, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                                                            "TEXTDOMAINDIR": CATALOGUES, "LD_PRELOAD": HURRY})
    done, shown = run_on_terminal(run)
    told = progress(words[0], what, shown)
    wrong = [] if done.returncode == code and any(each[1] == of for each in told) else [str(done), repr(shown)]
    name = " ".join(words[:2])
    tap.case(f"{name} tells a terminal how far it is", wrong)
    tap.case(f"{name} tells it not before 2 s have gone by", [] if told and told[0][0] > 1 else [str(told[:1])])
    tap.case(f"{name} takes the line away in the end", [] if is_taken_away(what, shown) else [repr(shown)])
    done = run(subprocess.PIPE)
    tap.case(f"{name} tells a pipe nothing of it", [] if done.returncode == code and what not in done.stderr
             else [str(done)])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        station = response.ended(folder)
        check(tap, station, ("report", "1"), "row", 0, None)
        check(tap, station, ("events", "--verify"), "row", 0, None)
        check(tap, station, ("history", "--since", "2026-01-08"), "row", 0, None)
        os.mkdir(other := os.path.join(folder, "other"))
        check(tap, past.eventful(other).close(), ("forecasts",), "forecast", 0, None)
        with daemon(station, {"status": {"text": "station hetang-01"}, "command": {"text": "kept"},
                              "reply": {"text": "not judged yet"}}):
            check(tap, station, DIRECTIVE, WAITING, 75, 30)
        with daemon(station, {}):
            check(tap, station, ("maintenance", "roof", "--end"), WAITING, 69, 10)
    tap.done()


if __name__ == "__main__":
    main()
