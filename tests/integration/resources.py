#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Too little of what the machine has: memory, descriptors, processor time; and instruments that
come and go as fast as they can.

usage: resources.py HAZEWATCHD [--busy]
"""
import contextlib
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time

import faults
import harness
import runner
import watchdog
from harness import wait_for

BUSY_S = 60
NICE = 19
FLAP_S = 22          # twice what a dead instrument is asked again after
PROBE_S = 10
FLAPPING = 6
HEALTH_APART_S = 5
WRITTEN_MAX = 2 << 20  # two logs of 256 pages
ALLOCATIONS = 30     # of the daemon's, each of which fails once
STARTING, WORKING = (1, 13000), (13000, 40000)  # about
ENDED = (0, 64, 69, 70, 71, 74, 75, 78)
SEED = 58
FAILMALLOC = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))),
                          "tests", "integration", "libfailmalloc.so")


# ---- memory ----

def sound(daemon):
    """Whatever there is of the databases is whole."""
    for file in ("state.db", "samples.db"):
        path = os.path.join(daemon.data, file)
        if os.path.exists(path):
            with contextlib.closing(sqlite3.connect(path)) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def live(daemon, seconds, **environment):
    """The exit status after a stop, or of an earlier end."""
    daemon.launch(**environment)
    deadline = time.monotonic() + seconds
    while daemon.runs() and time.monotonic() < deadline:
        time.sleep(0.01)
    if daemon.runs():
        daemon.popen.send_signal(signal.SIGTERM)
    return daemon.wait(5)


def row_58_an_allocation_that_fails(world):
    """Not each of them, which are too many: some at the start, some while it works."""
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock, draw = harness.Clock(harness.instant("2026-01-10T00:30:00+08:00"), 1800), \
        random.Random(SEED)
    slave.play_always(clock, [805, 1005, 205, 405, 95, 605]).start()
    daemon = harness.Daemon(world, clock, slave.port, broker.port)
    ends = {}
    for number in range(ALLOCATIONS):
        at = draw.randrange(*(WORKING if number % 2 else STARTING))
        before = len(daemon.log())
        code = live(daemon, 0.7, LD_PRELOAD=FAILMALLOC, HAZEWATCH_FAIL_AT=str(at))
        assert code in ENDED, f"allocation {at} fails: it ended with {code}"
        assert code == 0 or len(daemon.log()) > before, f"allocation {at}: nothing was said"
        ends[code] = ends.get(code, 0) + 1
        if number % 10 == 9:
            sound(daemon)
    print(f"# exit status: times {ends}")
    daemon.start()
    newest = daemon.newest_hour()
    wait_for("the next hour", lambda: daemon.newest_hour() > newest, 30, [daemon])
    daemon.stop()
    sound(daemon)


# ---- descriptors ----

def row_59_no_descriptor_is_left_at_the_start(world):
    """It runs, or it says what it lacks."""
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    command, ran = daemon.command, 0
    for limit in range(4, 40, 2):
        daemon.command = ["prlimit", f"--nofile={limit}", "--", *command]
        before = daemon.log()
        code = live(daemon, 0.4)
        said = daemon.log()[len(before):]
        assert code in ENDED, f"with {limit} descriptors it ended with {code}"
        assert code == 0 or "open" in said, f"with {limit} descriptors: {code}, {said}"
        ran += code == 0
    assert ran >= 3, "it needs more than it should"
    sound(daemon)


def row_59_no_descriptor_is_left_while_it_runs(world):
    field = faults.begin(world)
    daemon = field.daemon
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (3, 512))  # what is open stays so
    field.line.set(pm25="rst", pm10="rst")
    field.wait_failure("pm25", "link")
    wait_for("the reason", lambda: daemon.lines("bus line: cannot open .*: Too many open files"),
             watched=[daemon])
    field.line.set(pm25=None, pm10=None)
    resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (512, 512))
    for pollutant in faults.VALUES:
        field.wait_whole(pollutant)
    field.true()
    daemon.stop()


# ---- the processor ----

def row_60_both_cores_are_busy(world):
    broker = harness.Broker(world).start()
    listener = world.subscribe(broker)
    field = faults.begin(world, broker=broker)
    daemon = field.daemon
    subprocess.run(["renice", "-n", str(NICE), *os.listdir(f"/proc/{daemon.pid}/task")],
                   check=True, capture_output=True)
    busy = [harness.Process(world, f"busy-{at}", ["sh", "-c", "while :; do :; done"]).launch()
            for at in range(2 * os.cpu_count())]
    time.sleep(BUSY_S)
    for each in busy:
        each.kill()
    field.wait_whole("pm25", 1)
    field.true()
    assert not daemon.lines("warning: (pm25|pm10|o3|bus .*): "), daemon.log()
    for pollutant in faults.VALUES:
        minutes = field.minutes(pollutant)
        covered = [each[2] for each in minutes[1:-1]]
        print(f"# {pollutant}: {len(covered)} minutes, {sum(covered) / len(covered) / 1000:.1f} s"
              f" covered of each, failures {field.failures(pollutant)}")
    print(f"# {watchdog.polls_missed(field, listener)} polls were left out")
    assert listener.last("health")["samples_dropped"] == 0
    daemon.stop()


# ---- instruments that come and go ----

class Flapping:
    """A bus with an instrument for each pollutant."""

    def __init__(self, world, fault):
        self.broker = harness.Broker(world).start()
        self.slave = faults.Scripted(world, "line", False)
        for unit in range(1, FLAPPING + 1):
            self.slave.registers[str(unit)] = {"0": 805}
            self.slave.faults[str(unit)] = fault
        self.slave.start()
        self.listener = world.subscribe(self.broker)
        self.daemon = harness.Daemon(world, harness.Clock(faults.START * harness.HOUR_S, 60),
                                     1, self.broker.port, buses=[self.slave.bus("line")])
        pollutants = ("pm25", "pm10", "so2", "no2", "co", "o3")
        for pollutant in pollutants:
            row = {"pollutant": pollutant, "function": 3, "address": 0, "type": "u16",
                   "unit": "mg/m3" if pollutant == "co" else "ug/m3", "scale": 0.01,
                   "range": [0, 100], "frozen_min": 0, "jump": 0}
            world.write(f"{pollutant}.yaml", harness.yaml.safe_dump(
                {**faults.PROFILE, "id": pollutant, "rows": [row]}, sort_keys=False))
        self.daemon.config["sensors"] = [
            {"id": f"s{unit}", "bus": "line", "unit_id": unit, "poll_s": 6,
             "profile": f"./{pollutants[unit - 1]}.yaml"} for unit in range(1, FLAPPING + 1)]
        self.daemon.write_config()
        self.daemon.start()

    def bytes(self):
        return sum(os.path.getsize(os.path.join(self.daemon.data, name))
                   for name in os.listdir(self.daemon.data) if ".db" in name)


def row_61_instruments_that_flap(world):
    site = Flapping(world, "flapping")
    time.sleep(FLAP_S)
    lines = site.daemon.lines("(warning|notice): s[0-9]+: ")
    healths = [each for each in site.listener.all() if each.name == "health"]
    devices = len(site.daemon.config["sensors"])
    print(f"# {devices} instruments, {FLAP_S} s: {len(lines)} lines, {len(healths)} health messages")
    assert devices <= len(lines) <= devices * 2 * (FLAP_S / PROBE_S + 1), len(lines)
    assert 2 <= len(healths) <= FLAP_S / HEALTH_APART_S + 2, len(healths)
    site.broker.kill()
    time.sleep(HEALTH_APART_S + 2)
    (rows,), = site.daemon.rows("SELECT count(*) FROM outbox WHERE topic = 'health'")
    assert rows <= 2, f"{rows} health messages wait"
    site.daemon.stop()


def row_61_values_that_are_good_and_bad_by_turns(world):
    """Each is counted, none is told: a minute is a row, whatever happens in it."""
    site = Flapping(world, "alternating")
    wait_for("two minutes", lambda: len(site.daemon.rows(
        "SELECT DISTINCT minute FROM minutes", file="samples.db")) >= 2, watched=[site.daemon])
    before, lines = site.bytes(), len(site.daemon.log().splitlines())
    time.sleep(10)
    rows = site.daemon.rows("SELECT minute, channel, why, samples FROM minute_failures",
                            file="samples.db")
    assert {why for _, _, why, _ in rows} == {"out_of_range"}, rows
    assert len(rows) == len({(minute, channel) for minute, channel, _, _ in rows})
    more = len(site.daemon.log().splitlines()) - lines
    assert more <= 3, site.daemon.log()
    print(f"# 10 minutes: {sum(each[3] for each in rows)} bad values, {more} lines,"
          f" {site.bytes() - before} bytes")
    assert site.bytes() - before < WRITTEN_MAX
    site.daemon.stop()


if __name__ == "__main__":
    if "--busy" in sys.argv:
        runner.run(row_60_both_cores_are_busy)
    else:
        runner.run(row_58_an_allocation_that_fails,
                   row_59_no_descriptor_is_left_at_the_start,
                   row_59_no_descriptor_is_left_while_it_runs,
                   row_61_instruments_that_flap,
                   row_61_values_that_are_good_and_bad_by_turns)
