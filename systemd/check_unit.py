#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The unit and the user: systemd understands them, they are tight, they fit the daemon.

usage: check_unit.py HAZEWATCH HAZEWATCHD SOURCE-ROOT
"""
import glob
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
PAUSE = os.path.join(SOURCE, "systemd", "restart-pause.sh")
DROPINS = sorted(glob.glob(os.path.join(SOURCE, "systemd", "dropins", "*.conf")))
MOST_EXPOSED = 17   # tenths, as systemd-analyze counts; a bare service has 96
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
    text = text.replace("/usr/sbin/hazewatchd", HAZEWATCHD)
    text = text.replace("/usr/libexec/hazewatch/restart-pause", PAUSE)
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


def exposure(folder, text):
    """(tenths, [what was said]) of systemd-analyze security for the unit."""
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager",
               put_unit(folder, text))[1]
    found = re.search(r"Overall exposure level .*: (\d+)\.(\d)", "\n".join(said))
    return (10 * int(found[1]) + int(found[2]), []) if found else (1000, said)


def check_report(tap, folder):
    """The service that the timer starts: it knows no network and no device, and is tighter than the daemon's."""
    name = "the report's service and its timer are understood, and tighter than the daemon's unit"
    if not shutil.which("systemd-analyze"):
        tap.skip(name, f"systemd-analyze {NOT_HERE}")
        return
    paths, wrong = [], []
    for kind in ("service", "timer"):
        paths.append(os.path.join(folder, f"hazewatch-report.{kind}"))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(read(os.path.join(SOURCE, "systemd", f"hazewatch-report.{kind}")).replace(
                "/usr/bin/hazewatch", HAZEWATCH))
    if re.search(r"^ProcSubset=pid", read(os.path.join(SOURCE, "systemd", "hazewatch-report.service")), re.MULTILINE):
        wrong.append("/proc/locks is hidden, which says whether a daemon has the database")
    status, said = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *paths)
    wrong += [f"exit status {status}"] * bool(status) + [line for line in said if "hazewatch" in line]
    said = "\n".join(run("systemd-analyze", "security", "--offline=true", "--no-pager", paths[0])[1])
    found = re.search(r"Overall exposure level .*: (\d+)\.(\d)", said)
    left = 10 * int(found[1]) + int(found[2]) if found else 1000
    tap.case(name, wrong + ([f"{left / 10}"] if left >= exposure(folder, read(UNIT))[0] else []))


def check_dropins(tap, folder):
    bare = exposure(folder, read(UNIT))[0]
    for path in DROPINS:
        name = f"with the drop-in {os.path.basename(path)} the unit is understood, and tighter"
        if not shutil.which("systemd-analyze"):
            tap.skip(name, f"systemd-analyze {NOT_HERE}")
            continue
        text = read(UNIT) + read(path)
        left, said = exposure(folder, text)
        wrong = verify(folder, text) + said
        tap.case(name, wrong + ([f"{left / 10}, not below {bare / 10}"] if left >= bare else []))
    tap.case("there is a drop-in for serial lines only, for TCP only, and for one broker",
             [] if [os.path.basename(path) for path in DROPINS] ==
             ["one-broker.conf", "serial-only.conf", "tcp-only.conf"] else DROPINS)


def pause(folder, action, result="exit-code"):
    """Seconds that restart-pause would sleep; the sleep of these tests writes and does not wait."""
    sleep = os.path.join(folder, "sleep")
    with open(sleep, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho \"$1\"\n")
    os.chmod(sleep, 0o755)
    status, said = run("sh", PAUSE, action, env={
        "PATH": f"{folder}:{os.environ['PATH']}", "RUNTIME_DIRECTORY": folder,
        "SERVICE_RESULT": result})
    return int(said[0]) if status == 0 and said else 0 if status == 0 else -1


def fail_and_start(folder):
    pause(folder, "count")
    return pause(folder, "wait")


def expect(found, wanted):
    return [] if found == wanted else [f"{found}, not {wanted}"]


def check_pauses(tap, folder):
    unit, count = settings(), os.path.join(folder, "failures")
    tap.case("a file or a command line with a mistake is not tried again", expect(
        [unit.get("RestartPreventExitStatus"), unit["Restart"]], [["64 78"], ["always"]]))
    tap.case("nothing that reads the file runs before the daemon, whose status alone is looked at",
             expect(unit["ExecStartPre"], ["/usr/libexec/hazewatch/restart-pause wait"]))
    found = [pause(folder, "wait")] + [fail_and_start(folder) for _ in range(12)]
    tap.case("pauses grow from nothing to a minute, and no further",
             expect(found, [0, 0, 5, 10, 20, 40] + [60] * 7))
    tap.case("the longest pause is shorter than the time a start may take",
             [] if max(found) < int(unit["TimeoutStartSec"][0]) else [str(max(found))])
    os.utime(count, (time.time() - 7200, time.time() - 7200))
    tap.case("whoever failed last two hours ago begins anew",
             expect([fail_and_start(folder), fail_and_start(folder)], [0, 5]))
    pause(folder, "count", "success")
    tap.case("a good end ends the count", expect(os.path.exists(count), False))
    wrong = []
    for text in ("", "x", "-1", "99999999999", "2\n3"):
        with open(count, "w", encoding="utf-8") as file:
            file.write(text)
        if not 0 <= pause(folder, "wait") <= 60:
            wrong.append(f"a count of {text!r}")
    os.unlink(count)
    tap.case("a count that is no count does not keep the daemon from its start", wrong)
    tap.case("the count survives a restart and ends with a stop",
             expect(unit.get("RuntimeDirectoryPreserve"), ["restart"]))


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


def check_memory(tap):
    """The unit forbids the call by which the daemon bounds itself: the two must say the same."""
    main = read(os.path.join(SOURCE, "daemon", "station", "main.c"))
    megabytes = re.search(r"DATA_BYTES \((\d+)ul \* 1024 \* 1024\)", main)[1]
    unit = settings()
    wrong = [] if unit.get("LimitDATA") == [f"{megabytes}M"] else [f"LimitDATA is not {megabytes}M"]
    if unit["MemoryHigh"] != [f"{megabytes}M"]:
        wrong.append("MemoryHigh, above which it is slowed down, is another")
    most = [re.search(rf"#define {name} +(\d+)", read(os.path.join(SOURCE, "daemon", "conf", file)))[1]
            for name, file in (("CONF_BUSES_MAX", "conf.h"), ("CONF_PLATFORMS_MAX", "conf_platform.h"))]
    stacks = int(re.search(r"STACK_BYTES \((\d+)ul \* 1024\)", main)[1]) * sum(map(int, most)) / 1024
    if stacks > int(megabytes) / 2:
        wrong.append(f"the stacks of {' buses and '.join(most)} platforms take {stacks:.0f} MB of it")
    tap.case("the unit allows as much memory as the daemon does itself", wrong)


def check_fit(tap):
    unit = settings()
    usage = "\n".join(run(HAZEWATCHD, "--help")[1])
    start = unit["ExecStart"][0].split()
    config = start[start.index("--config") + 1]
    wrong = [f"{part} is no option of hazewatchd" for part in start
             if part.startswith("--") and f"{part} " not in usage]
    if f"by default {config}\n" not in usage:
        wrong.append(f"{config} is not the default of hazewatchd")
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
    kept_out = [key for key in ("SocketBindDeny", "IPAddressDeny", "PrivateNetwork") if key in unit]
    tap.case("data loggers may connect to the daemon, above port 1023 alone", kept_out + expect(
        [unit["AmbientCapabilities"], "AF_INET" in unit["RestrictAddressFamilies"][0]], [[""], True]))
    tap.case("members of the group get to the control socket, others do not",
             expect(unit["RuntimeDirectoryMode"], ["0750"]))


def check_bad_file(tap, folder):
    path = os.path.join(folder, "bad.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("kind: station\ncolour: blue\n")
    status, said = run(HAZEWATCHD, "--config", path, "--config-dir", f"{SOURCE}/config")
    wrong = expect_status((status, said), 78)
    told = [line for line in said if f"{path}:" in line]
    _, checked = run(HAZEWATCH, "check", "--config-dir", f"{SOURCE}/config", path)
    if len(told) < 2 or len(told) != len([line for line in checked if f"{path}:" in line]):
        wrong += ["not every mistake is in the daemon's log", *said]
    tap.case("the daemon tells every mistake of its file itself, and ends with a status of the unit's",
             wrong)


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
        check_report(tap, folder)
        check_dropins(tap, folder)
        check_pauses(tap, folder)
        check_user(tap, folder)
        check_memory(tap)
        check_fit(tap)
        check_bad_file(tap, folder)
        check_notify(tap, folder)
    tap.done()


if __name__ == "__main__":
    main()
