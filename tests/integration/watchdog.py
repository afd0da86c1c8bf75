#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A daemon that stands still, and what systemd's watchdog makes of it: the test plays systemd.

usage: watchdog.py HAZEWATCHD
"""
import configparser
import os
import resource
import signal
import statistics
import time

import disk
import faults
import harness
import notify
import runner
from harness import MINUTE_S, wait_for

STOP_S = 90        # of the fault catalogue
DISK_S = 120       # so long a disk may hang
SHARE = 10         # of the watchdog's time lies between two pings
IMPATIENT_S = 3.0  # a watchdog for tests that want to see it act
POLLS_S = 10       # of each instrument: poll_s 6 at this speed


def unit():
    parser = configparser.RawConfigParser(strict=False)
    parser.read(os.path.join(harness.ROOT, "systemd", "hazewatchd.service"), encoding="utf-8")
    return parser["Service"]


def silence_s(systemd):
    return time.monotonic() - systemd.moments("WATCHDOG=1")[-1]


def let_the_watchdog_act(systemd, daemon):
    """As systemd does: the watchdog's signal, and SIGCONT after it."""
    wait_for("the watchdog's time", lambda: silence_s(systemd) > systemd.watchdog_s,
             watched=[daemon])
    resource.prlimit(daemon.pid, resource.RLIMIT_CORE, (0, 0))
    daemon.signal(signal.SIGABRT)
    daemon.signal(signal.SIGCONT)
    assert daemon.wait() == -signal.SIGABRT


def requests(field):
    return {**field.line.report()["requests"], "o3": field.other.report()["requests"]["1"]}


def polls_missed(field, listener):
    """As the health says that follows a failure."""
    field.line.set(pm25="silent")
    return wait_for("the health", lambda: [
        each.body["polls_missed"] for each in listener.all() if each.name == "health"
        and any(sensor["state"] == "failed" for sensor in each.body["sensors"])],
        watched=[field.daemon])[-1]


def row_52_a_stop_of_90_seconds_is_no_burst_and_no_wrong_row(world):
    systemd = notify.Systemd(world, float(unit()["WatchdogSec"]))
    broker = harness.Broker(world).start()
    listener = world.subscribe(broker)
    field = faults.begin(world, broker=broker, **systemd.environment())
    daemon, clock = field.daemon, field.daemon.clock
    daemon.signal(signal.SIGSTOP)
    began, first = time.monotonic(), clock.now()
    time.sleep(STOP_S)
    assert not [moment for moment in systemd.moments("WATCHDOG=1") if moment > began]
    assert silence_s(systemd) < systemd.watchdog_s, "it would have been killed"
    before, last = requests(field), clock.now()
    daemon.signal(signal.SIGCONT)
    time.sleep(1)
    more = {unit: number - before[unit] for unit, number in requests(field).items()}
    assert max(more.values()) <= POLLS_S * 1.5, f"requests in a second: {more}"
    wait_for("a ping", lambda: systemd.moments("WATCHDOG=1")[-1] > began, watched=[daemon])
    for pollutant in faults.VALUES:
        field.wait_whole(pollutant)
        still = [each for each in field.minutes(pollutant)
                 if first // MINUTE_S + 1 < each[0] < last // MINUTE_S and each[2] > 0]
        assert not still, f"measured while it stood still: {still}"
    field.true()
    hour = int(first // harness.HOUR_S) + 1
    rows = daemon.rows("SELECT hour, pollutant, valid, mean_milli, covered_ms FROM hours")
    assert len(rows) == len(faults.VALUES), rows
    for label, pollutant, valid, mean, covered in rows:
        assert label == hour and not valid and covered < (first % harness.HOUR_S + 60) * 1000, rows
        assert abs(mean - faults.VALUES[pollutant] * 100) <= 500, rows  # rounded to 1 ug/m3
    assert len(systemd.moments("READY=1")) == 1
    missed = polls_missed(field, listener)
    print(f"# requests in the second after it: {more}; {missed} polls were left out")
    least = STOP_S * POLLS_S * len(faults.VALUES)
    assert least * 0.9 < missed < least * 1.1, missed
    daemon.stop()


def a_daemon_that_stands_still_is_killed_and_goes_on(world):
    systemd = notify.Systemd(world, IMPATIENT_S)
    field = faults.begin(world, **systemd.environment())
    fed = systemd.moments("WATCHDOG=1")
    gaps = [later - earlier for earlier, later in zip(fed, fed[1:])]
    assert statistics.median(gaps) < 2 * IMPATIENT_S / SHARE, f"between two pings: {gaps}"
    field.daemon.signal(signal.SIGSTOP)
    let_the_watchdog_act(systemd, field.daemon)
    field.daemon.start(**systemd.environment())
    for pollutant in faults.VALUES:
        field.wait_whole(pollutant)
    field.true()
    field.daemon.stop()


def on_a_disk_that_hangs(world, watchdog_s):
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock = harness.Clock(disk.START, disk.SPEED)
    slave.play_always(clock, disk.REGISTERS).start()
    daemon = harness.Daemon(world, clock, slave.port, broker.port)
    systemd, hang = notify.Systemd(world, watchdog_s), world.path("hang")
    daemon.start(LD_PRELOAD=disk.HANG, HAZEWATCH_HANG=hang, **systemd.environment())
    wait_for("two hours on disk", lambda: len(daemon.lines("info: hour ")) >= 2, 30, [daemon])
    world.write("hang", "")
    return systemd, daemon, hang


def a_disk_may_hang_for_two_minutes_and_no_longer(world):
    """What feeds the watchdog is the thread that waits for the disk."""
    systemd, daemon, hang = on_a_disk_that_hangs(world, float(unit()["WatchdogSec"]))
    began = time.monotonic()
    time.sleep(systemd.watchdog_s / SHARE + 4)
    last = systemd.moments("WATCHDOG=1")[-1]
    assert last < began + 2, "fed by somebody who does not wait for the disk"
    acts_s = last + systemd.watchdog_s - began
    print(f"# the watchdog would act {acts_s:.1f} s after the disk began to hang")
    assert DISK_S <= acts_s <= systemd.watchdog_s + 2, acts_s
    assert systemd.watchdog_s * (1 - 1 / SHARE) >= DISK_S, "it may act too early"
    os.unlink(hang)
    wait_for("a ping", lambda: systemd.moments("WATCHDOG=1")[-1] > last, 5, [daemon])
    assert not daemon.lines("were dropped")
    daemon.stop()


def a_daemon_whose_disk_hangs_for_ever_is_killed_and_nothing_on_disk_is_lost(world):
    systemd, daemon, hang = on_a_disk_that_hangs(world, IMPATIENT_S)
    let_the_watchdog_act(systemd, daemon)
    told = max(harness.hour_of(line.split("hour ", 1)[1].split(": ", 1)[0])
               for line in daemon.lines("info: hour "))
    os.unlink(hang)
    assert daemon.newest_hour() >= told
    daemon.start(LD_PRELOAD=disk.HANG, HAZEWATCH_HANG=hang, **systemd.environment())
    wait_for("more hours", lambda: daemon.newest_hour() >= told + 3, 30, [daemon])
    disk.no_hour_is_missing(daemon, told + 3)
    daemon.stop()


def the_unit_starts_it_again_whatever_ended_it(_world):
    service = unit()
    assert service["Restart"] == "always" and int(service["RestartSec"]) <= 10
    assert service["Type"] == "notify" and "WatchdogSignal" not in service


if __name__ == "__main__":
    runner.run(row_52_a_stop_of_90_seconds_is_no_burst_and_no_wrong_row,
               a_daemon_that_stands_still_is_killed_and_goes_on,
               a_disk_may_hang_for_two_minutes_and_no_longer,
               a_daemon_whose_disk_hangs_for_ever_is_killed_and_nothing_on_disk_is_lost,
               the_unit_starts_it_again_whatever_ended_it)
