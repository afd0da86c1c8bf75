#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Figures of the daemon between a fast slave and a mosquitto.

latency   from a register's change in the slave to the subscriber. Readings are minute means: a
          change waits for the poll that sees it and, by contract, until its minute is over and 2 s
          more. Station time runs 240 times as fast, so that there are many minutes; those waits
          are told in station time, what comes on top in real time, which nothing scales.
backlog   how fast the outbox drains after an absence, and what that takes.
hour      processor and memory of an hour of normal work, in which station time runs 12 times as
          fast: sixty minutes, one hour that closes and 360 polls of one device of six pollutants,
          one every 10 s. What is done once in a second of real time is done 300 times instead of
          3,600 times; daemon.py has the cost of that.

usage: mqtt.py HAZEWATCHD BENCH_SLAVE latency|backlog|hour [SECONDS|ROWS]
"""
import contextlib
import os
import sqlite3
import statistics
import sys
import time

import figures
from figures import harness

START = harness.hour_of("2026-01-10T00:00:00+08:00") * harness.HOUR_S
DELAY_S = 2          # after the end of a minute it is published
APART_S = 180        # between two changes, at least: a whole minute shows the value before
LATENCY_SPEED, LATENCY_POLL_S, LATENCY_RUN_S = 240, 6, 300
HOUR_SPEED, HOUR_POLL_S = 12, 10
BACKLOG_ROWS = 100_000
PACE_PER_S = 500     # as the daemon limits itself


def neighbours(world, clock, poll_s, change_ms=0):
    """A broker, a slave, and the daemon, not yet started."""
    broker = harness.Broker(world).start()
    slave = figures.Slave(world, sys.argv[2], 0, change_ms).start()
    daemon = harness.Daemon(world, clock, slave.port, broker.port)
    daemon.config["sensors"][0]["poll_s"] = poll_s
    daemon.write_config()
    return broker, slave, daemon


def start(daemon):
    daemon.start()
    harness.wait_for("the connection", lambda: daemon.lines("mqtt: connected"), watched=[daemon])


def spread(values):
    """Median, 99 of 100, the largest."""
    ordered = sorted(values)
    return (statistics.median(ordered), ordered[(len(ordered) - 1) * 99 // 100], ordered[-1])


def seen(changes, readings):
    """(change, first asked, the first reading that shows it), each once: a reading shows a change
    when it differs from the one before the change."""
    for changed, asked in changes:
        before = [each for each in readings if each.at < changed]
        after = [each for each in readings if each.at > asked]
        if before and value(before[-1]) is not None:
            for reading in after:
                if value(reading) not in (None, value(before[-1])):
                    yield changed, asked, reading
                    break


def value(reading):
    return reading.body["values"]["pm25_ug_m3"]


def latency(world, run_s=LATENCY_RUN_S):
    clock = harness.Clock(START, LATENCY_SPEED)
    broker, slave, daemon = neighbours(world, clock, LATENCY_POLL_S,
                                       APART_S / LATENCY_SPEED * 1000)
    listener = world.subscribe(broker)
    start(daemon)
    figures.watch([daemon, slave, broker], run_s)
    wall_minus_monotonic = time.time() - time.monotonic()
    polls, minutes, rests = [], [], []
    changes = [[float(each) for each in line.split()] for line in slave.log().splitlines()]
    for changed, asked, reading in seen(changes, listener.all("reading")):
        due_station = harness.instant(reading.body["minute"]) + harness.MINUTE_S + DELAY_S
        due = (clock.anchor + (due_station - clock.start) / LATENCY_SPEED) - wall_minus_monotonic
        polls.append((asked - changed) * LATENCY_SPEED)
        minutes.append((due - asked) * LATENCY_SPEED)
        rests.append((reading.at - due) * 1000)
    assert polls, "no change was seen"
    print(f"{len(polls)} changes of a register, polled every {LATENCY_POLL_S} s")
    print("                                             median       p99       max")
    for name, unit, values in (
            ("until the poll that sees it", "s ", polls),
            (f"until its minute is over, and {DELAY_S} s more", "s ", minutes),
            ("from then to the subscriber, real time", "ms", rests)):
        print(f"{name:40} {unit} " + " ".join(f"{each:9.2f}" for each in spread(values)))


def backlog(world, rows=BACKLOG_ROWS):
    broker, _, daemon = neighbours(world, harness.Clock(), 60)
    start(daemon)
    daemon.stop()
    payload = '{"x":"' + "x" * 1000 + '"}'
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as database:
        harness.put_in_outbox(database, "warning/event", [payload] * rows)
        database.commit()
    print(f"# {rows} rows are in the outbox", flush=True)
    start(daemon)
    began, spent, anon_kib = time.monotonic(), figures.processor_s(daemon), 0
    waiting = rows
    while waiting:
        anon_kib = max(anon_kib, figures.watch([daemon, broker], 5))
        waiting = sum(row[0] for row in daemon.rows(
            "SELECT rows FROM outbox_totals WHERE state IN ('pending', 'sent')"))
        print(f"# {waiting} rows wait", flush=True)
    took = time.monotonic() - began
    share = (figures.processor_s(daemon) - spent) / took
    memory = figures.memory_kib(daemon)
    print(f"{rows} rows of 1 kB: {rows / took:.0f} a second (the pace is {PACE_PER_S}), in "
          f"{took:.0f} s, {share * 100:.0f} % of a processor; RssAnon at most {anon_kib} KiB, "
          f"VmHWM {memory['VmHWM']} KiB")


def hour(world, run_s=harness.HOUR_S // HOUR_SPEED):
    clock = harness.Clock(START + harness.HOUR_S // 2, HOUR_SPEED)
    broker, slave, daemon = neighbours(world, clock, HOUR_POLL_S)
    listener = world.subscribe(broker)
    start(daemon)
    slave.tally()
    spent = figures.processor_s(daemon)
    anon_kib = figures.watch([daemon, slave, broker], run_s)
    spent = figures.processor_s(daemon) - spent
    memory, requests = figures.memory_kib(daemon), slave.tally()[0]
    print(f"{run_s * HOUR_SPEED / 60:.0f} min of station time in {run_s} s: {requests:.0f} polls, "
          f"{len(listener.all('reading'))} readings, {len(listener.all('aqi'))} hours; "
          f"{spent:.3f} s of processor; RssAnon at most {anon_kib} KiB, VmRSS {memory['VmRSS']} "
          f"KiB, VmHWM {memory['VmHWM']} KiB")


if __name__ == "__main__":
    figures.in_a_world({"latency": latency, "backlog": backlog, "hour": hour}[sys.argv[3]],
                       *(int(each) for each in sys.argv[4:]))
