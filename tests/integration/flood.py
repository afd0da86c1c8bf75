#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Too much from the network: a payload of 100 MB, a thousand commands a second, a flood of acks.
Memory stays bounded, the buses keep their pace, and a directive still gets through.

usage: flood.py HAZEWATCHD
"""
import subprocess
import time
import uuid

import inbox
import harness
import runner
from harness import HOUR_S, MINUTE_S, hour_of, wait_for

SPEED = 60     # a minute in a second
POLL_S = 6     # of station time: ten in a minute
FLOOD = 5000   # messages
LARGE = 100 * 1024 * 1024
RSS_KIB = 40 * 1024
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


if __name__ == "__main__":
    runner.run(
        a_payload_of_100_mb_leaves_memory_as_it_is,
        a_thousand_commands_a_second_leave_the_buses_at_their_pace)
