#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A disk that refuses while the daemon runs: hours and messages go on from memory, flagged, and
everything is on disk when it works again, without a restart.

usage: disk.py HAZEWATCHD [--slow]
"""
import contextlib
import os
import resource
import signal
import sys
import time

import harness
import runner
from harness import HOUR_S, hour_of, wait_for

SPEED = 1800  # an hour in 2 s
START = harness.instant("2026-01-10T00:30:00+08:00")
REGISTERS = [1005, 205, 95, 405, 85, 305]
FULL = 20000  # bytes a file may have; the log stays below it
HANG_S = 10
HANG = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))),
                    "tests", "integration", "libhang.so")
BACK_S = 30   # tries to write again come after 2, 4, 8 and 16 s


def scene(world):
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock = harness.Clock(START, SPEED)
    slave.play_always(clock, REGISTERS).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port).start()
    return daemon, listener


def limit(daemon, size):
    resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextlib.contextmanager
def limited(daemon):
    """As if the disk were full from the start."""
    free = daemon.command
    daemon.command = ["prlimit", f"--fsize={FULL}:", "--", *free]
    yield
    daemon.command = free


def messages(listener, name):
    return [each.body for each in listener.all() if each.name == name]


def hours_told(listener, volatile):
    return {hour_of(body["hour"]) for body in messages(listener, "aqi")
            if body.get("volatile", False) == volatile}


def no_hour_is_missing(daemon, newest):
    hours = [hour for (hour,) in daemon.rows("SELECT hour FROM aqi ORDER BY hour")]
    assert hours == list(range(hours[0], hours[-1] + 1)), hours
    assert hours[-1] >= newest, (hours[-1], newest)


def a_full_disk_costs_no_hour_and_no_message(world):
    daemon, listener = scene(world)
    wait_for("an hour on disk", lambda: hours_told(listener, False), watched=[daemon])
    limit(daemon, FULL)
    wait_for("hours from memory", lambda: len(hours_told(listener, True)) >= 2, 60, [daemon])
    assert len(daemon.lines("going on from memory")) == 1
    wait_for("the health that says so", lambda: any(
        not body["store_ok"] for body in messages(listener, "health")), watched=[daemon])
    limit(daemon, resource.RLIM_INFINITY)
    wait_for("the disk", lambda: daemon.lines("database: works again"), BACK_S, [daemon])
    newest = max(hours_told(listener, True))
    wait_for("an hour on disk", lambda: hours_told(listener, False) - set(range(newest + 1)),
             watched=[daemon])
    no_hour_is_missing(daemon, newest)
    told = hours_told(listener, True) | hours_told(listener, False)
    assert told >= {hour for (hour,) in daemon.rows("SELECT hour FROM aqi")} - {max(told) + 1}
    wait_for("an empty outbox", lambda: daemon.rows("SELECT count(*) FROM outbox") == [(0,)])
    daemon.stop()
    no_hour_is_missing(daemon, newest)
    for file in ("state.db", "samples.db"):
        assert daemon.rows("PRAGMA integrity_check", file=file) == [("ok",)]


def a_stop_while_the_disk_is_full_is_still_a_clean_one(world):
    daemon, listener = scene(world)
    wait_for("an hour on disk", lambda: hours_told(listener, False), watched=[daemon])
    limit(daemon, FULL)
    wait_for("an hour from memory", lambda: hours_told(listener, True), 60, [daemon])
    assert daemon.stop() <= harness.STOP_LIMIT_S
    assert len(daemon.lines("what was decided from .* is lost")) == 1
    limited = daemon.newest_hour()
    daemon.start()
    wait_for("the next hour", lambda: daemon.newest_hour() > limited, watched=[daemon])
    daemon.stop()


def what_was_told_from_memory_and_lost_with_a_kill_is_never_called_the_same_again(world):
    daemon, listener = scene(world)
    wait_for("an hour on disk", lambda: hours_told(listener, False), watched=[daemon])
    limit(daemon, FULL)
    wait_for("hours from memory", lambda: len(hours_told(listener, True)) >= 2, 60, [daemon])
    daemon.kill()
    newest = max(hours_told(listener, True))
    daemon.start()
    wait_for("hours on disk", lambda: len(
        [hour for hour in hours_told(listener, False) if hour > newest]) >= 2, 60, [daemon])
    daemon.stop()
    told = [each.body for each in listener.all() if "seq" in (each.body or {})]
    for key in ("id", "seq"):
        called = {}
        for body in told:
            before = called.setdefault(body[key], body)
            assert before == body, f"{key} {body[key]} twice: {before} and {body}"


def a_daemon_that_starts_on_a_full_disk_goes_on_with_what_is_on_it(world):
    daemon, listener = scene(world)
    wait_for("two hours", lambda: len(hours_told(listener, False)) >= 2, 30, [daemon])
    daemon.kill()
    newest = daemon.newest_hour()
    with limited(daemon):
        daemon.start()
    wait_for("hours from memory", lambda: len(hours_told(listener, True)) >= 2, 30, [daemon])
    assert len(daemon.lines("going on from memory")) == 1
    assert min(hours_told(listener, True)) <= newest + 2
    assert daemon.newest_hour() == newest
    limit(daemon, resource.RLIM_INFINITY)
    wait_for("the disk", lambda: daemon.lines("database: works again"), BACK_S, [daemon])
    no_hour_is_missing(daemon, newest + 2)
    daemon.stop()


def a_database_that_is_deleted_is_written_again_at_once(world):
    daemon, listener = scene(world)
    wait_for("two hours", lambda: len(hours_told(listener, False)) >= 2, 30, [daemon])
    hours = daemon.rows("SELECT hour, pollutant, mean_milli FROM hours ORDER BY hour, pollutant")
    for file in os.listdir(daemon.data):
        os.unlink(os.path.join(daemon.data, file))
    wait_for("new files", lambda: len(daemon.lines("was deleted or replaced")) == 2, 10, [daemon])
    newest = daemon.newest_hour()
    wait_for("the next hour", lambda: daemon.newest_hour() > newest, 30, [daemon])
    assert not hours_told(listener, True)
    daemon.kill()
    daemon.start()
    assert set(hours) <= set(daemon.rows("SELECT hour, pollutant, mean_milli FROM hours"))
    daemon.stop()


def damaged_files_are_mended_at_the_start_within_seconds(world):
    daemon, listener = scene(world)
    wait_for("two hours", lambda: len(hours_told(listener, False)) >= 2, 30, [daemon])
    daemon.stop()
    for file in ("state.db", "samples.db"):
        with open(os.path.join(daemon.data, file), "r+b") as damaged:
            damaged.write(os.urandom(4096))
    began = time.monotonic()
    daemon.start()
    took = time.monotonic() - began
    assert took < 10, took
    assert len(daemon.lines("was damaged")) == 2
    assert sorted(os.listdir(os.path.join(daemon.data, "quarantine")))[0] == "samples.db.1"
    newest = daemon.newest_hour()
    wait_for("the next hour", lambda: daemon.newest_hour() > newest, 30, [daemon])
    daemon.stop()


def a_disk_that_hangs_costs_no_sample(world):
    """The main thread waits for the disk; the buses poll on and the values wait."""
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock = harness.Clock(START, SPEED)
    slave.play_always(clock, REGISTERS).start()
    daemon, hang = harness.Daemon(world, clock, slave.port, broker.port), world.path("hang")
    daemon.start(LD_PRELOAD=HANG, HAZEWATCH_HANG=hang)
    wait_for("an hour on disk", lambda: daemon.newest_hour() > START // HOUR_S, 30, [daemon])
    first = daemon.newest_hour() + 1
    world.write("hang", "")
    time.sleep(HANG_S)
    assert daemon.newest_hour() <= first, "it did not hang"
    os.unlink(hang)
    last = int(clock.now() // HOUR_S)
    wait_for("the hours meanwhile", lambda: daemon.newest_hour() >= last, 30, [daemon])
    no_hour_is_missing(daemon, last)
    rows = daemon.rows("SELECT hour, covered_ms FROM hours WHERE hour BETWEEN ? AND ?"
                       " AND pollutant = 'pm25'", first, last - 1)
    assert len(rows) >= 3 and all(covered > 3300000 for _, covered in rows), rows
    assert not daemon.lines("were dropped") and not daemon.lines("from memory")
    daemon.stop()


def a_daemon_that_was_stopped_for_a_while_catches_up(world):
    """As a hung disk does: the main thread waits, and nothing is lost when it goes on."""
    daemon, listener = scene(world)
    wait_for("an hour on disk", lambda: hours_told(listener, False), watched=[daemon])
    daemon.signal(signal.SIGSTOP)
    time.sleep(5)
    daemon.signal(signal.SIGCONT)
    newest = int(daemon.clock.now() // HOUR_S)
    wait_for("the hours meanwhile", lambda: daemon.newest_hour() >= newest, 30, [daemon])
    no_hour_is_missing(daemon, newest)
    daemon.stop()


if __name__ == "__main__":
    runner.run(a_full_disk_costs_no_hour_and_no_message,
               slow=(damaged_files_are_mended_at_the_start_within_seconds,
                     what_was_told_from_memory_and_lost_with_a_kill_is_never_called_the_same_again,
                     a_daemon_that_starts_on_a_full_disk_goes_on_with_what_is_on_it,
                     a_database_that_is_deleted_is_written_again_at_once,
                     a_stop_while_the_disk_is_full_is_still_a_clean_one,
                     a_disk_that_hangs_costs_no_sample,
                     a_daemon_that_was_stopped_for_a_while_catches_up))
