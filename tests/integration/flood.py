#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Too much from the network: a payload of 100 MB, a thousand commands a second, a flood of acks.
Memory stays bounded, the buses keep their pace, and a directive still gets through. Receipts
fill no database: the hours of a year stay, and a red directive after the flood outlives a kill.

usage: flood.py HAZEWATCHD
"""
import contextlib
import os
import signal
import sqlite3
import subprocess
import time
import uuid
import zlib

import inbox
import harness
import runner
from harness import HOUR_S, MINUTE_S, hour_of, wait_for

SPEED = 60     # a minute in a second
POLL_S = 6     # of station time: ten in a minute
FLOOD = 5000   # messages
LARGE = 100 * 1024 * 1024
RSS_KIB = 40 * 1024
MEMORY_MAX_KIB = 128 * 1024  # of hazewatchd.service
QUOTA_MB = 64
YEAR_H = 8784
OLD_RECEIPTS = 2600  # with 2 KiB each: more than their share of 4 MiB
RECEIPT_BYTES = 2000
START = hour_of("2026-01-10T00:00:00+08:00")


def rss_kib(daemon):
    with open(f"/proc/{daemon.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))


class Site:
    """An exercise whose minutes are seconds."""

    def __init__(self, world):
        clock = harness.Clock(START * HOUR_S + 600, SPEED)
        self.broker = harness.Broker(world).start()
        slave = harness.Slave(world).play_always(clock, inbox.REGISTERS).start()
        self.daemon = harness.Daemon(world, clock, slave.port, self.broker.port)
        self.daemon.config["sensors"][0]["poll_s"] = POLL_S
        self.daemon.write_config()
        self.platform = world.subscribe(self.broker)
        self.daemon.start()
        wait_for("the state", lambda: self.platform.last("state"), watched=[self.daemon])

    def publish(self, kind, *arguments, **options):
        return subprocess.run(["mosquitto_pub", "-p", str(self.broker.port), "-q", "1", "-t",
                               f"{self.daemon.prefix}cmd/{kind}", *arguments], check=True,
                              timeout=60, capture_output=True, **options)

    def directive(self, level):
        when = harness.text_of(self.daemon.clock.now() - 60)
        self.platform.publish(f"{self.daemon.prefix}cmd/directive", {
            "id": f"d-{uuid.uuid4()}", "issuer": "x", "time": when, "level": level, "start": when})
        wait_for(f"{level} in force", lambda: (
            self.platform.last("warning") or {}).get("in_force", {}) and
            self.platform.last("warning")["in_force"]["level"] == level, watched=[self.daemon])

    def polled(self, since):
        """Samples of each minute between two moments of station time."""
        rows = self.daemon.rows("SELECT minute, min(samples) FROM minutes WHERE minute > ?"
                                " AND minute < ? GROUP BY minute", since // MINUTE_S + 1,
                                self.daemon.clock.now() // MINUTE_S - 2, file="samples.db")
        return [samples for _, samples in rows]


def a_payload_of_100_mb_leaves_memory_as_it_is(world):
    site = Site(world)
    path = world.path("large")
    with open(path, "wb") as file:
        file.truncate(LARGE)
    before = rss_kib(site.daemon)
    site.publish("directive", "-f", path)
    site.directive("orange")
    print(f"# largest memory before {before} KiB, after {rss_kib(site.daemon)} KiB")
    assert rss_kib(site.daemon) < RSS_KIB
    assert not site.daemon.lines("mqtt: no connection")


def a_thousand_commands_a_second_leave_the_buses_at_their_pace(world):
    site = Site(world)
    since, began = site.daemon.clock.now(), time.monotonic()
    site.publish("receipt", "-l", input=b'{"id": "x", "level": 7}\n' * FLOOD)
    site.publish("ack", "-l", input=b'{"db": "00000000-0000-0000-0000-000000000000", "seq": 1}\n' *
                 FLOOD)
    took = time.monotonic() - began
    site.directive("red")  # another kind is not kept out
    site.daemon.clock.sleep_until(site.daemon.clock.now() + 6 * MINUTE_S)
    samples = site.polled(since)
    print(f"# {2 * FLOOD / took:.0f} messages a second; samples a minute: {samples};"
          f" {rss_kib(site.daemon)} KiB")
    assert len(samples) >= 3 and min(samples) >= 6, samples
    assert rss_kib(site.daemon) < RSS_KIB
    refused = len(site.daemon.lines("command receipt .*refused"))
    assert refused <= 21, f"{refused} lines"
    replies = [body for body in site.platform.once("reply") if body["kind"] == "receipt"]
    assert len(replies) < FLOOD / 5, f"{len(replies)} replies"


def receipt(number, size, blanks=False):
    """Of a unit that answers the directive d-0 anew; as long as it is told, by its text or by blanks."""
    text = harness.json.dumps({
        "id": f"r-{number}", "issuer": "区住建局" + ("" if blanks else "住" * 30), "time":
        "2026-01-10T00:00:00+08:00", "ref": "d-0", "unit": "edu", "person": "赵六", "outcome":
        "done", "note": "停" * (1 if blanks else 40)}, ensure_ascii=False)
    return text + " " * (size - len(text.encode()) if blanks else 0)


def fill_year(daemon):
    """A year of hours, and receipts beyond their share, as a station of before had them."""
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as database:
        database.execute("PRAGMA synchronous = OFF")
        with database:
            database.executemany(
                "INSERT OR IGNORE INTO hours (hour, pollutant, mean_milli, valid, quality,"
                " covered_ms, samples, time_quality, crc)"
                " VALUES (?, ?, 35000, 1, 'N', 3600000, 60, 'simulated', ?)",
                ((hour, pollutant, zlib.crc32(f"{hour}|{pollutant}|35000|1".encode()))
                 for hour in range(START - YEAR_H, START)
                 for pollutant in ("pm25", "pm10", "so2", "no2", "co", "o3")))
            for number in range(OLD_RECEIPTS):
                name = f"receipt//old-{number}"
                database.execute("INSERT INTO commands VALUES (?, 'receipt', 'x', ?, ?, 'accepted',"
                                 " '', ?)", (name, *[(START * HOUR_S - OLD_RECEIPTS + number) * 1000] * 2,
                                  "x" * RECEIPT_BYTES))
                database.execute("INSERT INTO receipts (command, time, ref, unit, person, outcome,"
                                 " note) VALUES (?, ?, 'd-0', 'edu', 'p', 'done', '')",
                                 (name, (START * HOUR_S - OLD_RECEIPTS + number) * 1000))


def a_flood_of_receipts_neither_fills_the_database_nor_costs_an_hour_or_a_directive(world):
    city = inbox.Key(world, "city")
    site = Site(world)
    site.daemon.stop()
    site.daemon.config["storage"]["state_quota_mb"] = QUOTA_MB
    site.daemon.config["mqtt"]["command_keys"] = [city.config()]
    site.daemon.write_config()
    fill_year(site.daemon)
    site.daemon.start()

    def order(level):
        now = site.daemon.clock.now()
        body = {**city.fields(), "id": f"d-{city.counter - 1}", "issuer": "x", "level": level,
                "time": harness.text_of(now - 60), "start": harness.text_of(now - 60),
                "not_after": harness.text_of(now + 30 * 24 * HOUR_S)}
        topic = f"{site.daemon.prefix}cmd/directive"
        site.publish("directive", "-s", input=city.sign(topic, body))
        wait_for(f"{level} on disk", lambda: site.daemon.rows(
            "SELECT 1 FROM directives WHERE level = ?", level), watched=[site.daemon])

    order("yellow")
    lines = [receipt(i, 64 * 1024, blanks=True) for i in range(150)]
    lines += [receipt(1000 + i, 2000, blanks=True) for i in range(150)]
    lines += [receipt(2000 + i, 0) for i in range(300)]
    site.publish("receipt", "-l", input="\n".join(lines).encode() + b"\n")
    order("red")
    site.daemon.signal(signal.SIGKILL)
    site.daemon.wait()
    site.daemon.start()
    wait_for("red after the kill", lambda: (site.platform.last("warning") or {}).get(
        "in_force", {}).get("level") == "red", watched=[site.daemon])
    [(kept, largest)] = site.daemon.rows("SELECT bytes, (SELECT max(length(CAST(json AS BLOB)))"
                                         " FROM commands WHERE id LIKE 'receipt//r-%')"
                                         " FROM command_totals WHERE kind = 'receipt'")
    came = site.daemon.rows("SELECT count(*) FROM commands WHERE id LIKE 'receipt//r-%'")[0][0]
    hours = site.daemon.rows("SELECT count(*) FROM hours WHERE hour >= ? AND hour < ?",
                             START - YEAR_H, START)[0][0]
    pages = site.daemon.rows("PRAGMA page_count")[0][0]
    print(f"# {came} came; {kept} bytes of receipts, the largest {largest}; {hours} rows of hours; {pages * 4} KiB;"
          f" {rss_kib(site.daemon)} KiB of memory")
    assert came >= 100, came
    assert kept <= QUOTA_MB * 1024 * 1024 / 16, kept
    assert largest < 600, largest
    assert hours == YEAR_H * 6, hours
    assert rss_kib(site.daemon) < MEMORY_MAX_KIB
    assert site.daemon.lines("the quota of commands of kind receipt is used up .* table receipts")
    assert not site.daemon.lines("going on from memory")


if __name__ == "__main__":
    runner.run(
        a_flood_of_receipts_neither_fills_the_database_nor_costs_an_hour_or_a_directive,
        a_payload_of_100_mb_leaves_memory_as_it_is,
        a_thousand_commands_a_second_leave_the_buses_at_their_pace)
