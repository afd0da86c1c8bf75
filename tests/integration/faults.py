#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The fault catalogue of the field side: whatever an instrument, an adapter or a gateway does, no
wrong value is stored, its neighbours on the same bus and on another one keep their minutes, and it
is back when the fault ends.

usage: faults.py HAZEWATCHD [--slow | --slow-answers | --slow-lines]

Three instruments: pm25 and pm10 on one bus (units 1 and 2), o3 on another one. Registers that nobody
should take for a value hold poison, which would be within range.
"""
import fcntl
import json
import os
import struct
import subprocess
import sys
import threading
import time

import harness
import notify
import runner
from harness import wait_for

SPEED = 60  # a minute in a second
START = harness.hour_of("2026-01-10T08:00:00+08:00")
TOOL = os.path.join(harness.ROOT, "tests", "tools", "scripted.py")
VALUES = {"pm25": 805, "pm10": 1005, "o3": 605}
UNITS = {"pm25": 1, "pm10": 2, "o3": 1}
FAULT_S = 3.5    # minutes at this speed, enough for three failures
KEPT_MS = 45000  # of each minute: a busy machine may be late by a breath
RETURN_S = 20    # a dead one is probed every 10 s
PROFILE = {"kind": "profile", "maker": "test", "model": "test", "source": "test"}


class Scripted(harness.Process):
    """tests/tools/scripted.py on a port, or on a pty behind a link."""

    def __init__(self, world, name, rtu, baud=None):
        """With a baud rate every byte takes its time, as on a real line."""
        self.rtu, self.port, self.link = rtu, harness.free_port(), world.path(name + ".tty")
        self.baud = baud or 115200
        self.script, self.report_path = name + ".json", world.path(name + ".report")
        self.registers, self.faults, self.functions = {}, {}, {}
        where = ["--pty", self.link] if rtu else ["--tcp", str(self.port)]
        where += ["--baud", str(baud)] if baud else []
        super().__init__(world, name, ["/usr/bin/python3", "-B", TOOL, *where,
                                       world.path(self.script), "--report", self.report_path])

    def set(self, **changes):
        """Faults by pollutant; None ends one."""
        for pollutant, fault in changes.items():
            self.strike(UNITS[pollutant], fault)

    def strike(self, unit, fault):
        self.faults[str(unit)] = fault or "none"
        self.save()

    def register(self, unit, address, value):
        self.registers.setdefault(str(unit), {})[str(address)] = value
        self.save()

    def save(self):
        self.world.write(self.script, json.dumps({"registers": self.registers,
                                                  "faults": self.faults,
                                                  "functions": self.functions}))

    def start(self):
        self.save()
        self.launch()
        wait_for("the slave's line", lambda: os.path.exists(self.link) if self.rtu
                 else harness.is_open(self.port), watched=[self])
        return self

    def bus(self, name):
        line = ({"rtu": {"device": self.link, "baud": self.baud}} if self.rtu
                else {"tcp": {"host": "127.0.0.1", "port": self.port}})
        return {"id": name, **line, "response_timeout_ms": 60, "quiet_ms": 120}

    def report(self):
        with open(self.report_path, encoding="ascii") as file:
            return json.load(file)


class Field:
    """The three instruments and the daemon."""

    def __init__(self, world, rtu=False, rows=None, identity=None, begin=True, line=None,
                 broker=None, **environment):
        self.world = world
        self.line = line or Scripted(world, "line", rtu)
        self.other = Scripted(world, "other", False)
        for pollutant, value in VALUES.items():
            slave = self.other if pollutant == "o3" else self.line
            slave.register(UNITS[pollutant], 0, value)
        for pollutant in VALUES:
            self.write_profile(pollutant, (rows or {}).get(pollutant, {}), identity)
        self.other.start()
        if begin:
            self.line.start()
        self.daemon = harness.Daemon(
            world, harness.Clock(START * harness.HOUR_S, SPEED), 1, broker and broker.port,
            buses=[self.line.bus("line"), self.other.bus("other")],
            sensors=[{"id": pollutant, "bus": "other" if pollutant == "o3" else "line",
                      "unit_id": UNITS[pollutant], "profile": f"./{pollutant}.yaml", "poll_s": 6}
                     for pollutant in VALUES])
        if not broker:
            del self.daemon.config["mqtt"]
        self.daemon.write_config()
        self.daemon.start(**environment)

    def write_profile(self, pollutant, row, identity):
        whole = {"pollutant": pollutant, "function": 3, "address": 0, "type": "u16",
                 "unit": "ug/m3", "scale": 0.1, "range": [0, 6000], "frozen_min": 0, "jump": 0}
        whole.update(row)
        profile = {**PROFILE, "id": pollutant, "rows": [whole]}
        if identity and pollutant == "pm25":
            profile["identity"] = identity
        self.world.write(f"{pollutant}.yaml", harness.yaml.safe_dump(profile, sort_keys=False))

    def minutes(self, pollutant):
        """[(minute, mean of what counted in ug/m3 or None, covered ms)]"""
        try:
            rows = self.daemon.rows(
                "SELECT minute, weighted, covered_ms FROM minutes JOIN channels ON id = channel"
                " WHERE name = ? ORDER BY minute", f"{pollutant}/{pollutant}", file="samples.db")
        except harness.sqlite3.OperationalError:
            return []
        return [(minute, total / covered / 1000 if covered else None, covered)
                for minute, total, covered in rows]

    def failures(self, pollutant):
        """{why: samples} of all minutes"""
        found = {}
        for why, n in self.daemon.rows(
                "SELECT why, sum(samples) FROM minute_failures JOIN channels ON id = channel"
                " WHERE name = ? GROUP BY why",
                f"{pollutant}/{pollutant}", file="samples.db"):
            found[why] = n
        return found

    def whole(self, pollutant):
        return [minute for minute, _, covered in self.minutes(pollutant) if covered == 60000]

    def wait_whole(self, pollutant, more=2, limit_s=RETURN_S):
        """So many more minutes without a gap."""
        wanted = len(self.whole(pollutant)) + more
        wait_for(f"{more} whole minutes of {pollutant}",
                 lambda: len(self.whole(pollutant)) >= wanted, limit_s, [self.daemon])

    def wait_failure(self, pollutant, why, more=3):
        before = self.failures(pollutant).get(why, 0)
        wait_for(f"{why} of {pollutant}",
                 lambda: self.failures(pollutant).get(why, 0) >= before + more,
                 watched=[self.daemon])

    def true(self):
        """No minute has another value than the instrument's."""
        for pollutant, value in VALUES.items():
            for minute, mean, _ in self.minutes(pollutant):
                assert mean is None or abs(mean - value / 10) < 0.001, \
                    f"{pollutant} at {minute}: {mean} instead of {value / 10}"

    def neighbours_kept(self, *pollutants):
        """From their first whole minute on; one that is just being written may be the last."""
        for pollutant in pollutants or ("pm10", "o3"):
            minutes = self.minutes(pollutant)
            whole = [covered >= KEPT_MS for _, _, covered in minutes]
            first = whole.index(True)
            gaps = [minutes[at] for at in range(first, len(minutes) - 1) if not whole[at]]
            assert not gaps, f"{pollutant} has gaps: {gaps}"

    def suffer(self, fault, why, back=True):
        """The fault in unit 1, and its end."""
        self.line.set(pm25=fault)
        self.wait_failure("pm25", why)
        self.line.set(pm25=None)
        if back:
            self.wait_whole("pm25")
        self.true()


def begin(world, **options):
    field = Field(world, **options)
    for pollutant in VALUES:
        field.wait_whole(pollutant, 1)
    return field


def each(world, why, *faults, rtu=False):
    """Each fault on a field of its own, which is quicker than to wait for the return."""
    for at, fault in enumerate(faults):
        field = begin(world.part(f"{why}-{at}-{rtu}"), rtu=rtu)
        before = field.line.report()["connections"]
        field.suffer(fault, why, back=False)
        field.neighbours_kept()
        if fault[0] == "exception":
            assert field.line.report()["connections"] == before, f"{fault}: it reconnected"
        field.daemon.stop()


def row_1_a_silent_slave(world):
    for rtu in (False, True):
        field = begin(world.part(f"rtu-{rtu}"), rtu=rtu)
        field.suffer("silent", "timeout")
        field.neighbours_kept()
        assert field.daemon.lines("pm25: no answer in 60 ms, 3 times"), field.daemon.log()
        field.daemon.stop()


def row_2_a_reply_later_than_the_timeout(world):
    for rtu in (False, True):
        each(world, "timeout", ["late", 75], rtu=rtu)


def row_3_a_drip_feed(world):
    for rtu in (False, True):
        each(world, "bad_frame", ["drip", 15], rtu=rtu)


def row_4_noise_before_and_after_the_frame(world):
    field = begin(world, rtu=True)
    field.suffer("noise_before", "bad_frame")
    field.line.set(pm25="noise_after")
    field.wait_whole("pm10", 3)
    field.line.set(pm25=None)
    field.wait_whole("pm25")
    field.true()
    field.neighbours_kept()


def row_5_bad_crc_truncation_and_wrong_slave(world):
    each(world, "bad_frame", "bad_crc", "truncated", "wrong_unit", "wrong_function",
         "wrong_count", rtu=True)


def row_5_an_adapter_with_echo(world):
    field = begin(world, rtu=True)
    field.suffer("echo", "echo")
    field.neighbours_kept()
    assert field.daemon.lines("pm25: we read our own request"), field.daemon.log()


def row_6_exceptions_without_a_reconnect(world):
    each(world, "exception", *(["exception", number] for number in (1, 2, 3, 99)))
    # of a gateway: there is no way to the device, or it is silent
    each(world, "timeout", ["exception", 10], ["exception", 11])


def row_6_a_device_that_says_it_is_busy_is_asked_at_every_poll(world):
    field = begin(world)
    before = field.line.report()["connections"]
    for number in (4, 5, 6):
        field.line.set(pm25=["exception", number])
        field.wait_failure("pm25", "exception")
        asked = field.line.report()["requests"]["1"]
        field.wait_whole("pm10", 3)
        asked = field.line.report()["requests"]["1"] - asked
        assert asked >= 15, f"{asked} requests in 2 minutes of 10 polls"
        field.line.set(pm25=None)
        field.wait_whole("pm25", 1, 5)
    field.true()
    field.neighbours_kept()
    assert field.line.report()["connections"] == before, "it reconnected"


def row_7_tcp_frames_that_are_not_ours(world):
    each(world, "bad_frame", "wrong_unit", "wrong_transaction", "wrong_protocol",
         "wrong_length")


def row_7_another_device_at_the_unit_id(world):
    field = Field(world, identity={"function": 3, "address": 900, "value": 77, "every_min": 1},
                  begin=False)
    field.line.register(1, 900, 77)
    field.line.start()
    field.wait_whole("pm25", 1)
    # within the minute until its identity is read again its values are taken for real
    field.line.set(pm25="replaced")
    field.wait_failure("pm25", "identity")
    poisoned = sum(1 for _, mean, _ in field.minutes("pm25")
                   if mean is not None and abs(mean - 80.5) > 0.001)
    assert poisoned <= 4, f"{poisoned} minutes of another device"
    assert field.daemon.lines("another device answers"), field.daemon.log()
    after = len(field.minutes("pm25"))
    field.wait_whole("pm10", 3)
    assert all(mean is None or abs(mean - 80.5) < 0.001
               for _, mean, _ in field.minutes("pm25")[after + 1:]), "it came back"
    field.line.set(pm25=None)
    field.wait_whole("pm25", 1)
    field.neighbours_kept("o3")


class Sockets(threading.Thread):
    """Looks all the time at the connections that a daemon has to a port, or is about to have."""

    def __init__(self, daemon, port):
        super().__init__(daemon=True)
        self.table, self.remote = f"/proc/{daemon.pid}/net/tcp", f":{port:04X}"
        self.most, self.seen, self.ending = 0, set(), False
        self.start()

    def run(self):
        before = set()
        while not self.ending:
            with open(self.table, encoding="ascii") as file:
                rows = [line.split() for line in file]
            # one that its owner has closed has no inode
            ours = {row[1] for row in rows if row[2].endswith(self.remote) and row[9] != "0"}
            # the table is no picture of one moment: what counts is there in two looks
            self.most = max(self.most, len(ours & before))
            self.seen |= ours
            before = ours
            time.sleep(0.003)

    def end(self):
        self.ending = True
        self.join()
        assert self.most == 1, f"{self.most} sockets at a time"
        return len(self.seen)


def row_8_reset_hang_up_and_a_gateway_that_stands_still(world):
    field = begin(world)
    sockets = Sockets(field.daemon, field.line.port)
    for fault in ("rst", "close"):
        before = field.line.report()["connections"]
        field.suffer(fault, "link")
        made = field.line.report()["connections"] - before
        assert made <= 8, f"{made} connections for three failures and some probes"
    field.neighbours_kept("o3")
    field.line.signal(harness.signal.SIGSTOP)
    field.wait_failure("pm25", "timeout")
    field.line.signal(harness.signal.SIGCONT)
    field.wait_whole("pm25")
    field.wait_whole("pm10")
    field.true()
    field.neighbours_kept("o3")
    sockets.end()


def open_line(path):
    """Not as this program's terminal, whose end would be a SIGHUP."""
    return open(path, "rb+", buffering=0,
                opener=lambda name, flags: os.open(name, flags | os.O_NOCTTY))


def row_9_two_masters_on_one_tty(world):
    field = Field(world, rtu=True, begin=False)
    field.line.start()
    with open_line(field.line.link) as tty:
        fcntl.flock(tty, fcntl.LOCK_EX)
        field.daemon.stop()
        field.daemon.start()
        wait_for("the refusal", lambda: field.daemon.lines("bus line: cannot open .*busy"),
                 watched=[field.daemon])
    field.wait_whole("pm25", 1)
    # the other way round: who comes second is refused by the lock
    with open_line(field.line.link if os.geteuid() == 0 else os.devnull) as second:
        if os.geteuid() == 0:
            try:
                fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
                raise AssertionError("the daemon holds no lock")
            except BlockingIOError:
                pass
    field.true()
    field.neighbours_kept("o3")


def row_10_sentinel_and_out_of_range(world):
    field = begin(world, rows={"pm25": {"sentinels": [65535, 60000], "range": [0, 1000]}})
    for value, why in ((65535, "sentinel"), (60000, "sentinel"), (30001, "out_of_range"),
                       (10001, "over_range")):
        field.line.register(1, 0, value)
        field.wait_failure("pm25", why)
        field.line.register(1, 0, VALUES["pm25"])
        field.wait_whole("pm25")
    field.true()
    field.neighbours_kept()


def row_10_nan_and_infinity(world):
    field = Field(world, rows={"pm25": {"type": "f32", "scale": 1}}, begin=False)

    def put(number):
        first, second = struct.unpack(">HH", struct.pack(">f", number))
        field.line.registers["1"].update({"0": first, "1": second})
        field.line.save()
    put(80.5)
    field.line.start()
    field.wait_whole("pm25", 1)
    for number, why in ((float("nan"), "sentinel"), (float("-inf"), "sentinel"),
                        (1e30, "out_of_range"), (-5.0, "out_of_range")):
        put(number)
        field.wait_failure("pm25", why)
        put(80.5)
        field.wait_whole("pm25")
    field.true()
    field.neighbours_kept()


def row_10_a_frozen_value(world):
    field = Field(world, rows={"pm25": {"frozen_min": 3}, "pm10": {"frozen_min": 3, "floor": 150}})
    field.wait_failure("pm25", "frozen")
    assert "frozen" not in field.failures("pm10"), "at its floor"
    field.true()
    field.neighbours_kept()


def row_11_a_register_that_leaps_once(world):
    field = begin(world, rows={"pm25": {"jump": 500}})
    # for two readings at the most: three would be believed
    before = field.line.report()["requests"]["1"]
    field.line.register(1, 0, 59000)
    wait_for("a reading", lambda: field.line.report()["requests"]["1"] > before,
             watched=[field.daemon])
    field.line.register(1, 0, VALUES["pm25"])
    field.wait_failure("pm25", "jump", 0)
    field.wait_whole("pm25")
    field.true()
    field.neighbours_kept()


def row_12_a_profile_that_is_too_large(world):
    rows = [{"pollutant": "pm25", "function": 3, "address": at, "type": "u16", "unit": "ug/m3",
             "range": [0, 100]} for at in range(33)]
    path = world.write("large.yaml", harness.yaml.safe_dump({**PROFILE, "id": "large",
                                                             "rows": rows}))
    hazewatch = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
    done = subprocess.run([hazewatch, "check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 78 and f"{path}:" in done.stderr, done.stderr


def row_14_an_adapter_that_is_unplugged(world):
    field = begin(world, rtu=True)
    field.line.kill()
    os.unlink(field.line.link)
    field.wait_failure("pm25", "link")
    field.line.start()
    field.wait_whole("pm25", 1)
    field.wait_whole("pm10", 1)
    field.true()
    field.neighbours_kept("o3")


def row_15_a_tty_that_is_absent_at_the_start(world):
    field = Field(world, rtu=True, begin=False)
    field.wait_whole("o3", 1)
    field.wait_failure("pm25", "link")
    field.line.start()
    field.wait_whole("pm25", 1)
    field.true()
    field.neighbours_kept("o3")


def row_16_a_tty_that_nobody_reads(world):
    field = begin(world, rtu=True)
    field.line.set(pm25=["deaf", 7000])
    field.wait_failure("pm25", "link")
    field.wait_failure("pm10", "link")
    wait_for("the line's end", lambda: field.daemon.lines("bus line: .*Input/output error"),
             watched=[field.daemon])
    field.line.set(pm25=None)
    field.wait_whole("pm25")
    field.wait_whole("pm10")
    field.true()
    field.neighbours_kept("o3")
    field.line.set(pm25=["deaf", 4000])
    field.wait_failure("pm25", "link")
    field.line.set(pm25=None)
    took = field.daemon.stop()
    assert took <= harness.STOP_LIMIT_S, f"it ended after {took:.2f} s"
    field.daemon.start()
    field.wait_whole("pm25", 1)
    field.true()


def row_17_a_wrong_baud_rate(world):
    systemd = notify.Systemd(world)
    field = begin(world, rtu=True, NOTIFY_SOCKET=systemd.path)
    field.line.set(pm25="garbage")
    field.wait_failure("pm25", "bad_frame")
    assert field.daemon.lines("pm25: an answer that failed its check, 3 times .*;"
                              " check baud rate, parity and wires"), field.daemon.log()
    wait_for("the status", lambda: any("sensors 2/3 ok (pm25 bad_frame)" in line
                                       for _, line in list(systemd.heard)), watched=[field.daemon])
    field.line.set(pm25=None)
    field.wait_whole("pm25")
    field.true()
    field.neighbours_kept()


def row_17_a_baud_rate_at_which_nobody_hears(world):
    field = Field(world, rtu=True, begin=False)
    field.line.set(pm25="silent", pm10="silent")
    field.line.start()
    for pollutant in ("pm25", "pm10"):
        wait_for("the hint", lambda name=pollutant: field.daemon.lines(
            f"{name}: no answer in 60 ms, 3 times .*; it never answered: check unit id, baud"
            " rate, parity and wires"), watched=[field.daemon])
    field.line.set(pm25=None, pm10=None)
    field.wait_whole("pm25", 1)
    field.true()
    field.neighbours_kept("o3")


def row_18_a_device_name_that_moves(world):
    field = begin(world, rtu=True)
    before = os.readlink(field.line.link)
    mover = Scripted(world, "mover", True)
    mover.link, mover.registers = field.line.link, field.line.registers
    mover.command[mover.command.index("--pty") + 1] = field.line.link
    mover.save()
    mover.launch()
    wait_for("the new name", lambda: os.readlink(field.line.link) != before, watched=[mover])
    field.line.kill()
    wait_for("requests under the new name", lambda: os.path.exists(mover.report_path) and
             mover.report()["requests"].get("1"), watched=[mover, field.daemon])
    field.wait_whole("pm25", 1)
    field.true()
    field.neighbours_kept("o3")


def a_joined_read_that_is_refused(world):
    field = begin(world)
    field.line.set(pm25=["most", 1])
    field.wait_whole("pm25", 3)
    field.true()
    field.neighbours_kept("pm25", "pm10", "o3")


QUICK = (row_11_a_register_that_leaps_once, row_12_a_profile_that_is_too_large)

def slow_rows(first, last):
    """In the order of the file."""
    for name, test in list(globals().items()):
        row = int(name.split("_")[1]) if name.startswith("row_") else 0
        if first <= row <= last and test not in QUICK:
            yield test


if __name__ == "__main__":
    if "--slow" in sys.argv:
        runner.run(*slow_rows(1, 5))
    elif "--slow-answers" in sys.argv:
        runner.run(*slow_rows(6, 9))
    elif "--slow-lines" in sys.argv:
        runner.run(*slow_rows(10, 18), a_joined_read_that_is_refused)
    else:
        runner.run(*QUICK)
