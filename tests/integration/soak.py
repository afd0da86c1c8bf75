#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Thirty days of a station to which something happens every few hours: kills, stops, reloads, a
daemon, a slave or a broker that stands still or goes away, a disk that is full, one or two at a
time, drawn from a seed that is printed. The clock is true all the while: steps-slow has thirty days
of a clock that is not.

usage: soak.py HAZEWATCHD [DAYS]

HAZEWATCH_SEED repeats a run.
"""
import os
import random
import resource
import signal
import subprocess
import sys
import time
from fractions import Fraction

import absence
import disk
import harness
import kill
import runner
import stop
from harness import HOUR_S, wait_for

DAYS = int(sys.argv[2]) if len(sys.argv) > 2 else 30
SEED = int(os.environ.get("HAZEWATCH_SEED") or time.time())
SPEED = kill.SPEED
START = absence.START
SILENCE_S = kill.SILENCE_S
CALM_S = (1, 20)     # real seconds between two faults: hours of the station
LASTS_S = (0.2, 5)
RESIDENT_KIB = 64 << 10
FEWEST_VALID = 0.3   # of the hours; the rest fell into faults
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")


def air(draw):
    """{hour: six registers}: clean days and days of smog by turns."""
    record, hour, smog = {}, START - 2, False
    while hour < START + (DAYS + 4) * 24:
        base = draw.randrange(1600, 3000) if smog else draw.randrange(100, 600)
        for _ in range(draw.randrange(30, 110)):
            pm25 = base + draw.randrange(-50, 50)
            record[hour] = [pm25, pm25 + 205, 205, 405, 95, 605]
            hour += 1
        smog = not smog
    return record


class Soak(absence.Site):
    """The site, and what befalls it. Each fault waits until it is over and noticed to be."""

    def __init__(self, world):
        super().__init__(world)
        # Few minutes make an hour, and few hours decide, so that much is decided.
        self.daemon = harness.Daemon(world, harness.Clock(START * HOUR_S, SPEED), self.slave.port,
                                     self.broker.port, **kill.rules(world))
        self.draw = random.Random(SEED)
        self.record = air(self.draw)
        self.slave.play(self.daemon.clock, self.record, SILENCE_S)
        self.told = {}

    def lasts(self):
        time.sleep(self.draw.uniform(*LASTS_S))

    def started_again(self):
        self.daemon.start()

    def killed(self):
        self.daemon.kill()
        self.started_again()

    def stopped(self):
        stop.stop_in_time(self.daemon, 2 * harness.STOP_LIMIT_S)  # beside a busy machine
        self.lasts()
        self.started_again()

    def reloaded(self):
        before = len(self.daemon.lines("notice: station .*: started"))
        self.daemon.signal(signal.SIGHUP)
        wait_for("the reload", lambda: len(self.daemon.lines("notice: station .*: started")) >
                 before, watched=[self.daemon])

    def stands_still(self, process):
        process.signal(signal.SIGSTOP)
        self.lasts()
        process.signal(signal.SIGCONT)

    def daemon_stands_still(self):
        self.stands_still(self.daemon)

    def slave_stands_still(self):
        self.stands_still(self.slave)

    def broker_stands_still(self):
        self.stands_still(self.broker)

    def slave_goes(self):
        self.slave.kill()
        self.lasts()
        self.slave.start()

    def broker_goes(self):
        self.close_broker()
        self.lasts()
        if self.draw.random() < 0.3:
            self.killed()
        self.open_broker()

    def disk_is_full(self):
        """Nothing but the disk until it works again: what is told from memory and killed is lost."""
        works = len(self.daemon.lines("database: works again"))
        volatile = len(disk.hours_told(self.listener, True))
        disk.limit(self.daemon, disk.FULL)
        # not by its log: that is a file, too, and by now too long
        wait_for("an hour from memory", lambda: len(disk.hours_told(self.listener, True)) > volatile,
                 60, [self.daemon])
        self.lasts()
        disk.limit(self.daemon, resource.RLIM_INFINITY)
        wait_for("the disk", lambda: len(self.daemon.lines("database: works again")) > works,
                 90, [self.daemon])

    FAULTS = (killed, killed, stopped, reloaded, daemon_stands_still, slave_stands_still,
              broker_stands_still, slave_goes, broker_goes, disk_is_full)

    def suffer(self):
        end = START + DAYS * 24
        while self.daemon.clock.now() / HOUR_S < end:
            time.sleep(self.draw.uniform(*CALM_S))
            fault = self.draw.choice(self.FAULTS)
            fault(self)
            self.told[fault.__name__] = self.told.get(fault.__name__, 0) + 1


def scene(world):
    print(f"# HAZEWATCH_SEED={SEED}, {DAYS} days", flush=True)
    site = Soak(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.suffer()
    print("# " + ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in site.told.items()))
    newest = site.daemon.newest_hour()
    wait_for("two more hours", lambda: site.daemon.newest_hour() >= newest + 2, 60, [site.daemon])
    wait_for("an empty outbox", lambda: site.daemon.rows("SELECT count(*) FROM outbox") == [(0,)],
             150, [site.daemon])
    return site


def every_hour_is_there_once(site):
    hours = [hour for (hour,) in site.daemon.rows("SELECT hour FROM aqi ORDER BY hour")]
    assert hours == list(range(hours[0], hours[-1] + 1)), "hours are missing"
    assert hours[-1] >= START + DAYS * 24, (hours[-1] - START, len(hours))


def no_valid_hour_has_a_value_that_was_not_there(site):
    rows = site.daemon.rows("SELECT hour, mean_milli FROM hours WHERE pollutant = 'pm25' AND valid")
    total = site.daemon.rows("SELECT count(*) FROM aqi")[0][0]
    print(f"# {len(rows)} of {total} hours are valid")
    # all values of an hour are equal; registers are tenths, a mean is rounded half to even
    wrong = [(hour, mean, site.record[hour][0]) for hour, mean in rows
             if mean != 1000 * round(Fraction(site.record[hour][0], 10))]
    assert not wrong, wrong[:5]
    assert len(rows) >= FEWEST_VALID * total, "hardly an hour"


def every_event_that_is_stored_arrived_and_no_other(site):
    stored = [number for (number,) in site.daemon.rows("SELECT number FROM events ORDER BY number")]
    arrived = sorted({body["number"] for body in site.listener.once("warning/event")})
    print(f"# {len(stored)} events")
    assert stored == list(range(1, len(stored) + 1)), "numbers are missing"
    assert arrived == stored, set(arrived) ^ set(stored)


def an_id_never_stands_for_two_contents(site):
    seen = {}
    for message in site.listener.all():
        if isinstance(message.body, dict) and "id" in message.body and message.qos == 1:
            content = {key: value for key, value in message.body.items() if key != "sent"}
            assert seen.setdefault((message.topic, message.body["id"]), content) == content, \
                message.body["id"]


def it_has_not_grown(site):
    with open(f"/proc/{site.daemon.pid}/status", encoding="ascii") as file:
        status = dict(line.split(":", 1) for line in file)
    resident, threads = int(status["VmRSS"].split()[0]), int(status["Threads"])
    files = len(os.listdir(f"/proc/{site.daemon.pid}/fd"))
    print(f"# {resident} KiB resident, {threads} threads, {files} descriptors")
    assert resident <= RESIDENT_KIB and threads <= 8 and files <= 40, (resident, threads, files)


def it_ends_in_good_order_and_its_databases_are_whole(site):
    stop.stop_in_time(site.daemon, 2 * harness.STOP_LIMIT_S)
    for name in ("state.db", "samples.db"):
        assert site.daemon.rows("PRAGMA integrity_check", file=name) == [("ok",)], name
    done = subprocess.run([HAZEWATCH, "events", "--verify", "--config", site.daemon.config_path,
                           "--config-dir", harness.CONFIG], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    runner.run(
        every_hour_is_there_once,
        no_valid_hour_has_a_value_that_was_not_there,
        every_event_that_is_stored_arrived_and_no_other,
        an_id_never_stands_for_two_contents,
        it_has_not_grown,
        it_ends_in_good_order_and_its_databases_are_whole,
        scene=scene)
