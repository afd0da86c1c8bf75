#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Figures of the daemon with a real slave and broker: how late a reading is, how fast a backlog
drains, what an hour costs.

usage: mqtt.py HAZEWATCHD [ROWS]
"""
import contextlib
import os
import sqlite3
import statistics
import sys
import time

INTEGRATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration")
sys.path.append(INTEGRATION)
import harness  # noqa: E402 pylint: disable=wrong-import-position

SPEED = 60          # a minute in a second, an hour in a minute
DELAY_S = 2         # station time after which a minute is stored, by design
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
START = harness.hour_of("2026-01-10T00:00:00+08:00") * harness.HOUR_S
REGISTERS = [805, 1005, 205, 405, 95, 605]
TICKS = os.sysconf("SC_CLK_TCK")


def neighbours(world, clock):
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    return broker, harness.Daemon(world, clock, slave.port, broker.port)


def processor_s(daemon):
    with open(f"/proc/{daemon.pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kib(daemon, name):
    with open(f"/proc/{daemon.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


def an_hour(world):
    """The minute's end to the subscriber, and what the hour cost."""
    clock = harness.Clock(START + 60, SPEED)
    broker, daemon = neighbours(world, clock)
    daemon.config["sensors"][0]["poll_s"] = 10
    daemon.write_config()
    listener = world.subscribe(broker)
    offset = time.time() - time.monotonic()
    daemon.start()
    began = processor_s(daemon)
    clock.sleep_until(clock.now() + harness.HOUR_S)
    spent = processor_s(daemon) - began
    late_ms = []
    for message in listener.all("reading")[1:]:
        station = clock.start + (message.at + offset - clock.anchor) * SPEED
        end = harness.instant(message.body["minute"]) + harness.MINUTE_S
        late_ms.append((station - end - DELAY_S) / SPEED * 1000)
    late_ms.sort()
    print(f"a minute's end to the subscriber, beyond the {DELAY_S} s of delay:"
          f" median {statistics.median(late_ms):.1f} ms,"
          f" p99 {late_ms[int(len(late_ms) * 0.99) - 1]:.1f} ms of {len(late_ms)}")
    print(f"an hour of a station polled every 10 s: {spent:.2f} s of processor,"
          f" {memory_kib(daemon, 'VmRSS')} KiB, at most {memory_kib(daemon, 'VmHWM')} KiB")


def a_backlog(world):
    clock = harness.Clock()
    broker, daemon = neighbours(world, clock)
    daemon.start()
    harness.wait_for("the connection", lambda: daemon.lines("mqtt: connected"))
    daemon.stop()
    payload = '{"x":"' + "x" * 1000 + '"}'
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as database:
        harness.put_in_outbox(database, "warning/event", [payload] * ROWS)
        database.commit()
    daemon.start()
    began, spent = time.monotonic(), processor_s(daemon)
    harness.wait_for("an empty outbox", lambda: time.sleep(0.2) or daemon.rows(
        "SELECT rows FROM outbox_totals WHERE state = 'pending'") == [(0,)], 3600, [daemon, broker])
    took = time.monotonic() - began
    print(f"{ROWS} rows of 1 kB: {ROWS / took:.0f} a second (the pace is 500),"
          f" {(processor_s(daemon) - spent) / took * 100:.0f} % of a processor,"
          f" at most {memory_kib(daemon, 'VmHWM')} KiB")


if __name__ == "__main__":
    for figure in (an_hour, a_backlog):
        with harness.World() as world:
            figure(world)
