#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch init: asked at a terminal and told by options, what it writes passes `hazewatch check`.

usage: init.py HAZEWATCH SOURCE-ROOT
"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

HAZEWATCH, SOURCE = map(os.path.abspath, sys.argv[1:3])
sys.path.append(os.path.join(SOURCE, "tests", "structure"))
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

CONFIG = os.path.join(SOURCE, "config")
PATIENCE_S = 60
SAID = {"--id": "s-1", "--name-zh": '荷塘"一"号', "--name-en": "back\\slash: #1", "--area": "430202",
        "--bus": "127.0.0.1:1502", "--unit": "7", "--profile": "generic-six", "--mqtt": "broker.hetang:1884"}


def run(*arguments):
    done = subprocess.run([HAZEWATCH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    return done.returncode, done.stdout, done.stderr


def init(path, said):
    return run("init", "--output", path, "--config-dir", CONFIG, *(word for pair in said.items() for word in pair))


def check(path):
    return run("check", "--config-dir", CONFIG, path)


class Terminal:
    """Somebody at a terminal of `hazewatch init`."""

    def __init__(self, *arguments):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(HAZEWATCH, [HAZEWATCH, "init", *arguments])
        self.text = ""

    def read_until(self, words):
        until = time.monotonic() + PATIENCE_S
        while words not in self.text:
            if not select.select([self.fd], [], [], max(0, until - time.monotonic()))[0]:
                os.kill(self.pid, signal.SIGKILL)
                raise TimeoutError(f"no '{words}' in: {self.text}")
            try:
                got = os.read(self.fd, 4096)
            except OSError:  # the other side ended
                got = b""
            if not got:
                raise EOFError(f"no '{words}' in: {self.text}")
            self.text += got.decode(errors="replace")
        self.text = self.text.split(words, 1)[1]

    def answer(self, question, words):
        self.read_until(question)
        self.read_until(": ")
        os.write(self.fd, words.encode() + b"\n")

    def end(self):
        try:
            while True:
                got = os.read(self.fd, 4096)
                if not got:
                    break
                self.text += got.decode(errors="replace")
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def by_options(tap, path):
    code, out, err = init(path, SAID)
    tap.case("with options nothing is asked and a file is written",
             [] if (code, err) == (0, "") and "station s-1, sensors: 1" in out else [f"{code}", out, err])
    code, out, err = check(path)
    wanted = ["station s-1: ok", "tcp 127.0.0.1 port 1502", "sensor unit-7: unit 7, profile generic-six",
              "mqtt: broker.hetang port 1884"]
    tap.case("it passes the check, and nothing of it is doubted",
             [f"{code}", err] * bool(code or err) + [each for each in wanted if each not in out])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tap.case("it is commented in both languages",
             [each for each in ("administrative division code", "行政区划代码", "# true: everything is marked")
              if each not in text])
    for said in (SAID, {"--id": "other"}):
        code, out, err = init(path, said)
        with open(path, encoding="utf-8") as file:
            kept = file.read() == text
        tap.case("a file that is there stays, and what it is is told",
                 [] if code == 73 and kept and "is there already and stays: the station s-1, back\\slash: #1" in err
                 and "--output FILE writes another" in err else [f"{code}", out, err])


def refused(tap, folder):
    path = os.path.join(folder, "refused.yaml")
    code, _, err = init(path, {"--id": "s-1", "--area": "430202"})
    tap.case("without a terminal what is missing is told at once",
             [] if code == 64 and "these are missing: --name-zh, --name-en, --bus, --profile\n" in
             err.replace(" (", "\n") else [err])
    code, _, err = run("init", "--output", path, "--probe", "--id", "s-1", "--area", "430202")
    tap.case("but the profile of what will be looked for",
             [] if code == 64 and "these are missing: --name-zh, --name-en, --bus (" in err else [err])
    for option, words, code_wanted, said in (
            ("--id", "S 1", 64, "--id: 'S 1' is not"), ("--area", "4302", 64, "--area: '4302' is not"),
            ("--bus", "gateway.local", 64, "--bus: gateway.local is not a path"), ("--baud", "9600", 64, "--baud: 127.0.0.1:1502 is no serial line"),
            ("--unit", "256", 64, "--unit: '256'"),
            ("--name-en", "", 64, "1 to 120 bytes"), ("--profile", "generic-sex", 64, "did you mean generic-six?"),
            *(("--mqtt", words, 64, f"--mqtt: '{words}' is not HOST, HOST:PORT")
              for words in ("mqtt://broker.hetang:1883", "broker:0", "broker:65536", "broker:1883:9", "[::1", "a b", "：1"))):
        code, _, err = init(path, {**SAID, option: words})
        wrong = [] if code == code_wanted and said in err else [f"{code}", err]
        tap.case(f"{option} '{words}' is refused and nothing is written",
                 wrong + ["there is a file"] * os.path.exists(path))
    code, _, err = run("init", "--output", path, "--probe", "--unit", "1")
    tap.case("--probe and --unit exclude each other", [] if code == 64 and "--probe finds" in err else [err])
    code, _, err = init(os.path.join(folder, "no", "such.yaml"), SAID)
    tap.case("a folder that is not there is 73", [] if code == 73 and "cannot be made" in err else [f"{code}", err])


def of_brokers(tap, folder):
    for n, (words, said) in enumerate((("[::1]:1884", "mqtt: ::1 port 1884"), ("::1", "mqtt: ::1 port 1883"),
                                       ("[2001:db8::1]", "mqtt: 2001:db8::1 port 1883"),
                                       ("10.0.0.9:8884", "mqtt: 10.0.0.9 port 8884"))):
        path = os.path.join(folder, f"broker-{n}.yaml")
        before = os.umask(0o077)
        code, _, err = init(path, {**SAID, "--mqtt": words})
        os.umask(before)
        out = check(path)[1]
        tap.case(f"the broker {words} is split into its host and port",
                 [] if code == 0 and said in out else [f"{code}", err, out])
    mode = os.stat(path).st_mode & 0o777
    tap.case("the service can read the file whatever the umask was", [] if mode == 0o644 else [f"{mode:o}"])


def at_a_terminal(tap, folder):
    path = os.path.join(folder, "asked.yaml")
    terminal = Terminal("--output", path, "--config-dir", CONFIG, "--exercise")
    for question, words in (("id for topics", "Hetang"), ("id for topics", "hetang-02"), ("in Chinese", "荷塘二号站"),
                            ("in English", "Hetang station 2"), ("division code", "430202"), ("MQTT broker", "mqtt://a"), ("MQTT broker", ""),
                            ("line", "/dev/ttyUSB0"), ("Look for instruments", "no"), ("unit id", ""),
                            ("profile, such as", "generic-sex"), ("profile, such as", "generic-six")):
        terminal.answer(question, words)
    code = terminal.end()
    tap.case("at a terminal it asks, asks again after a wrong answer, and writes",
             [] if code == 0 and "station hetang-02, sensors: 1" in terminal.text else [f"{code}", terminal.text])
    code, out, err = check(path)
    wanted = ["station hetang-02: ok", "rtu /dev/ttyUSB0 9600 8N1", "sensor unit-1: unit 1, profile generic-six"]
    tap.case("what was asked together passes the check",
             [f"{code}", err] * bool(code or err) + [each for each in wanted if each not in out])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tap.case("an exercise is one, and without a broker there is none",
             [] if "\nexercise: true" in text and not re.search("^mqtt:", text, re.MULTILINE) else [text])
    path = os.path.join(folder, "ended.yaml")
    terminal = Terminal("--output", path, "--config-dir", CONFIG)
    terminal.answer("id for topics", "s-1")
    terminal.answer("in Chinese", "\x04")
    code = terminal.end()
    tap.case("an end of the answers writes nothing",
             [] if code == 64 and not os.path.exists(path) else [f"{code}", terminal.text])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="hazewatch-init-") as folder:
        by_options(tap, os.path.join(folder, "station.yaml"))
        refused(tap, folder)
        of_brokers(tap, folder)
        at_a_terminal(tap, folder)
    tap.done()


if __name__ == "__main__":
    main()
