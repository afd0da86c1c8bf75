#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The unit and the user: systemd understands them, they are tight, they fit the daemon.

usage: check_unit.py HAZEWATCH HAZEWATCHD SOURCE-ROOT
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from tap import Tap, expect_status, run

HAZEWATCH, HAZEWATCHD, SOURCE = map(os.path.abspath, sys.argv[1:4])
UNIT = os.path.join(SOURCE, "systemd", "hazewatchd.service")
USERS = os.path.join(SOURCE, "systemd", "hazewatch.sysusers")
MOST_EXPOSED = 20   # tenths, as systemd-analyze counts; a bare service has 96
STOP_S = 2
NOT_HERE = "is not installed"

STATION = """kind: station
station: {{id: s-1, name_zh: s, name_en: s, area: "430202"}}
edition: hj633-2026
plan: hetang-2024
clock: {{source: rtc}}
storage: {{dir: {dir}/data}}
buses: [{{id: b, tcp: {{host: 127.0.0.1, port: 1}}}}]
sensors: [{{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 1}}]
mqtt: {{host: 127.0.0.1, port: 1}}
"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def settings():
    """{key: [values]} of the unit; a key may stand more than once."""
    found = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", read(UNIT), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def put_unit(folder, text):
    """The unit with the programs of this build in it: systemd looks whether they are there."""
    text = text.replace("/usr/sbin/hazewatchd", HAZEWATCHD).replace("/usr/bin/hazewatch", HAZEWATCH)
    path = os.path.join(folder, "hazewatchd.service")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def verify(folder, text):
    """What systemd has to say about the unit; of other units on this machine nothing."""
    status, said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                       put_unit(folder, text))
    wrong = [f"exit status {status}"] if status else []
    return wrong + [line for line in said if "hazewatch" in line]


def check_systemd(tap, folder):
    understood = "systemd understands every line of the unit"
    noticed = "a misspelt key in the unit would be noticed"
    tight = f"the unit leaves an exposure of at most {MOST_EXPOSED / 10}"
    if not shutil.which("systemd-analyze"):
        for name in (understood, noticed, tight):
            tap.skip(name, f"systemd-analyze {NOT_HERE}")
        return
    tap.case(understood, verify(folder, read(UNIT)))
    misspelt = read(UNIT).replace("NoNewPrivileges=", "NoNewPrivilege=")
    tap.case(noticed, [] if verify(folder, misspelt) else ["systemd said nothing"])
    tap.case(tight, expect_status(run("systemd-analyze", "security", "--offline=true", "--no-pager",
                                      f"--threshold={MOST_EXPOSED}", UNIT), 0))


def check_user(tap, folder):
    name = "the user that the unit names is made, and is in the group of the serial lines"
    if not shutil.which("systemd-sysusers"):
        tap.skip(name, f"systemd-sysusers {NOT_HERE}")
        return
    etc = os.path.join(folder, "root", "etc")
    os.makedirs(etc)
    with open(os.path.join(etc, "group"), "w", encoding="utf-8") as file:
        file.write("dialout:x:20:\n")
    status, said = run("systemd-sysusers", f"--root={folder}/root", USERS)
    if status != 0 and os.geteuid() != 0:
        tap.skip(name, "systemd-sysusers needs root here")
        return
    unit = settings()
    wrong = [] if status == 0 else said
    for user in unit["User"]:
        if not re.search(rf"^{user}:.*:/var/lib/{user}:\S*nologin$", read(f"{etc}/passwd"), re.M):
            wrong.append(f"no user {user} without a login")
    for group in unit["SupplementaryGroups"]:
        if not re.search(rf"^{group}:.*\b{unit['User'][0]}$", read(f"{etc}/group"), re.M):
            wrong.append(f"{unit['User'][0]} is not in {group}")
    if unit["User"] != unit["Group"]:
        wrong.append("user and group differ")
    tap.case(name, wrong)


def check_fit(tap):
    unit = settings()
    usage = "\n".join(run(HAZEWATCHD, "--help")[1])
    start = unit["ExecStart"][0].split()
    config = start[start.index("--config") + 1]
    wrong = [f"{part} is no option of hazewatchd" for part in start
             if part.startswith("--") and f"{part} " not in usage]
    if f"(default: {config})" not in usage:
        wrong.append(f"{config} is not the default of hazewatchd")
    if unit["ExecStartPre"] != [f"/usr/bin/hazewatch check {config}"]:
        wrong.append(f"{config} is not what is checked before the start")
    if unit["AssertPathExists"] != [config] or \
            os.path.dirname(config) != f"/etc/{unit['ConfigurationDirectory'][0]}":
        wrong.append(f"{config} is not in the unit's configuration directory")
    tap.case("the unit starts the daemon with options and files that it knows", wrong)

    example = read(os.path.join(SOURCE, "config", "hazewatch.yaml"))
    state = f"/var/lib/{unit['StateDirectory'][0]}"
    found = re.findall(r"^  dir: (\S+)", example, re.MULTILINE)
    tap.case("the example keeps its database where the unit lets the daemon write",
             [] if found == [state] else [f"{found}, the unit has {state}"])

    wrong = []
    for page, section in re.findall(r"man:([\w.-]+)\((\d)\)", unit["Documentation"][0]):
        if not any(os.path.exists(os.path.join(SOURCE, room, f"{page}.{section}.scd"))
                   for room in ("config", "daemon", "storage")):
            wrong.append(f"there is no {page}({section})")
    tap.case("the manual pages that the unit names exist", wrong)


class Daemon:
    """hazewatchd as a unit of type notify with a watchdog starts it: nobody answers it."""

    def __init__(self, folder):
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(os.path.join(folder, "notify"))
        path = os.path.join(folder, "station.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(STATION.format(dir=folder))
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [HAZEWATCHD, "--config", path, "--config-dir", os.path.join(SOURCE, "config")],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, "NOTIFY_SOCKET": self.told.getsockname(),
                 "WATCHDOG_USEC": "1000000"})

    def wait_for(self, message, seconds):
        """Empty if the message comes in time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.told.settimeout(left)
            try:
                if self.told.recv(4096).decode().startswith(message):
                    return []
            except TimeoutError:
                break
        return [f"no {message} within {seconds} s"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        wrong = self.wait_for("STOPPING=1", STOP_S)
        try:
            status = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return wrong + [f"still there after {STOP_S} s"]
        return wrong + ([f"exit status {status}"] if status else [])


def check_notify(tap, folder):
    daemon = Daemon(folder)
    try:
        wrong = []
        for message in ("READY=1", "STATUS=sensors 0/1 ok", "WATCHDOG=1", "WATCHDOG=1"):
            wrong += daemon.wait_for(message, 10)
        tap.case("without instruments and broker the daemon is ready and feeds the watchdog", wrong)
        daemon.process.send_signal(signal.SIGHUP)
        wrong = daemon.wait_for("RELOADING=1", 5) + daemon.wait_for("READY=1", 10)
        wrong += daemon.wait_for("WATCHDOG=1", 5)
        tap.case("a reload tells systemd when it begins and when it is done", wrong)
        tap.case(f"the daemon says that it stops, and has stopped within {STOP_S} s", daemon.stop())
    finally:
        daemon.process.kill()
        daemon.process.wait()
    if tap.failures:
        daemon.log.seek(0)
        print("".join(f"# {line}" for line in daemon.log))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="hazewatch-unit-") as folder:
        check_systemd(tap, folder)
        check_user(tap, folder)
        check_fit(tap)
        check_notify(tap, folder)
    tap.done()


if __name__ == "__main__":
    main()
