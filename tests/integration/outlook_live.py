#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The outlook of 24 h of a real daemon at a real broker, over a database of 110 days: shown once its
last 90 days prove it, hour by hour what a replay of the stored hours says, the same after a kill, and
nowhere once it is off.

usage: outlook_live.py HAZEWATCHD
"""
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import zlib

import harness
import runner
import schemas
from harness import HOUR_S, hour_of, wait_for

SPEED = 1800  # an hour in two seconds
START = harness.instant("2026-01-10T00:10:00+08:00")
DAYS_H = 110 * 24
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")
MODEL = os.path.join(harness.ROOT, "tests", "data", "outlook-two.yaml")
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
REGISTERS = [1805, 1905, 95, 405, 85, 305]


def fill(daemon, last):
    """Three days of smog after three of clean air, over and over."""
    def rows():
        for hour in range(last - DAYS_H + 1, last + 1):
            for pollutant in POLLUTANTS:
                milli = (30000 if hour // 24 % 6 < 3 else 180000) if pollutant.startswith("pm") else 1000
                yield hour, pollutant, milli, zlib.crc32(f"{hour}|{pollutant}|{milli}|1".encode())
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as opened, opened:
        opened.execute("DELETE FROM hours")
        opened.executemany(
            "INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples, time_quality, crc)"
            " VALUES (?, ?, ?, 1, 'N', 3600000, 60, 'simulated', ?)", rows())


def replayed(daemon):
    """{hour: its levels} of `hazewatch replay --outlook` over what `hazewatch export` gives."""
    csv = subprocess.run([HAZEWATCH, "export", "--dir", daemon.data, "hours"], capture_output=True, text=True, check=True).stdout
    lines = subprocess.run([HAZEWATCH, "replay", "--config-dir", harness.CONFIG, "--json", f"--outlook={MODEL}", "-"],
                           input=csv, capture_output=True, text=True, check=True).stdout.splitlines()
    return {hour_of(line["hour"]): line["levels"] for line in map(json.loads, lines) if line["type"] == "outlook"}


def warnings(listener):
    """The newest of each hour."""
    found = {}
    for body in listener.once("warning"):
        if body.get("outlook_24h") and body["outlook_24h"]["from"]:
            found[hour_of(body["outlook_24h"]["from"])] = body["outlook_24h"]
    return found


def shown(listener):
    return [hour for hour, said in warnings(listener).items() if said["shown"]]


def scene(world):
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock = harness.Clock(START, SPEED)
    slave.play_always(clock, REGISTERS).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, outlook="auto", outlook_model=MODEL).start()
    wait_for("a minute", lambda: daemon.rows("SELECT * FROM minutes LIMIT 1", file="samples.db"))
    daemon.stop()
    fill(daemon, int(clock.now() // HOUR_S))
    return broker, daemon, listener


def the_outlook_is_proven_told_and_the_same_at_every_hour_and_after_a_kill(world):
    broker, daemon, listener = scene(world)
    daemon.start()
    watched = [broker, daemon]
    wait_for("the proof", lambda: daemon.lines("better than persistence .*shown from now on"), 60, watched)
    wait_for("hours that show it", lambda: len(shown(listener)) >= 3, 60, watched)
    daemon.kill()
    before, heard = len(shown(listener)), len(list(listener.once("warning")))
    daemon.start()
    wait_for("more of them", lambda: len(shown(listener)) >= before + 3, 60, watched)
    after = [body["outlook_24h"] for body in list(listener.once("warning"))[heard:]]
    unknown = [told for told in after if not told["shown"] or not told["levels"][0]["season"]["hours"]]
    assert after and not unknown, f"after the kill it was not known how good it is: {unknown[:1]}"
    assert len(daemon.lines("shown from now on")) == 1, daemon.lines("outlook of 24 h")
    daemon.stop()
    expected, told = replayed(daemon), warnings(listener)
    compared = 0
    for hour, said in told.items():
        if not said["shown"]:
            continue
        for level, again in zip(said["levels"], expected[hour]):
            got = [level[key] for key in ("level", "above_daily_aqi", "why_none", "chance_permille", "exceeds_now")]
            want = [again[key] for key in ("level", "above_daily_aqi", "why_none", "chance_permille", "exceeds_now")]
            assert got == want, f"{hour}: {got}, a replay says {want}"
            compared += again["chance_permille"] is not None
        assert said["levels"][0]["season"]["hours"] > 2000, said
    assert compared >= 10, compared
    wrong = [fault for body in listener.once("warning") for fault in schemas.faults("warning", body)]
    assert not wrong, wrong[:3]
    for topic in ("warning/event", "cuts", "warning/cap/advice"):
        assert not any("outlook_24h" in json.dumps(message.body) for message in listener.all(topic)), topic


def off_there_is_no_word_of_it(world):
    broker, daemon, listener = scene(world)
    del daemon.config["outlook_model"]
    daemon.config["outlook"] = "off"
    daemon.write_config()
    before = len(list(listener.once("warning")))
    daemon.start()
    wait_for("warnings", lambda: len(list(listener.once("warning"))) >= before + 2, 60, [broker, daemon])
    daemon.stop()
    assert not any("outlook_24h" in body for body in list(listener.once("warning"))[before:])
    assert not daemon.lines("outlook of 24 h")


if __name__ == "__main__":
    runner.run(the_outlook_is_proven_told_and_the_same_at_every_hour_and_after_a_kill, off_there_is_no_word_of_it)
