#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a person in a cabinet asks first: do I read it right? Raw values at once, also while the
station does not know what time it is, and one poll of a sensor row by row, with the daemon or
without it.

usage: rows.py HAZEWATCHD
"""
import json
import os
import subprocess
import sys
import time

import harness
import runner
import schemas
from harness import wait_for

BUILT = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1])))
HAZEWATCH = os.path.join(BUILT, "daemon", "hazewatch")
STEP = os.path.join(BUILT, "tests", "integration", "libstep.so")
POLL_S = 0.3
REGISTERS = [805, 1005, 205, 65535, 95, 605]


def command(daemon, *arguments):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | {
        name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    return subprocess.run([HAZEWATCH, arguments[0], "--config", daemon.config_path, "--config-dir",
                           harness.CONFIG, *arguments[1:]], capture_output=True, text=True,
                          timeout=60, check=False, env=environment)


def station(world, **settings):
    clock = harness.Clock()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    sensors = [{"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": POLL_S}]
    return slave, harness.Daemon(world, clock, slave.port, harness.free_port(), sensors=sensors,
                                 **settings)


def rows_of(done):
    body = json.loads(done.stdout)
    assert not schemas.faults("sensor", body), schemas.faults("sensor", body)
    return body, {row["pollutant"]: row for row in body["rows"]}


def check_rows(done, read_by):
    body, rows = rows_of(done)
    assert body["read_by"] == read_by and done.returncode == 1, done
    assert rows["pm25"]["words"] == [805] and rows["pm25"]["decoded"] == 80.5, rows
    assert rows["pm25"]["value"] == 80.5 and rows["pm25"]["quality"] == "N", rows
    assert rows["no2"]["words"] == [65535] and rows["no2"]["why"] == "sentinel", rows
    assert rows["no2"]["value"] is None and rows["no2"]["quality"] == "D", rows


def readings_of(daemon):
    body = json.loads(command(daemon, "status", "--json").stdout)
    assert not schemas.faults("status", body), schemas.faults("status", body)
    return body["daemon"], {each["pollutant"]: each for each in body["daemon"]["readings"]}


def raw_values_are_told_while_the_clock_is_waited_for(world):
    _, daemon = station(world)
    daemon.config["clock"]["source"] = "ntp"
    daemon.write_config()
    daemon.start(LD_PRELOAD=STEP, HAZEWATCH_UNSET="1")
    wait_for("a reading", lambda: readings_of(daemon)[1]["pm25"]["value"] == 80.5, watched=[daemon])
    said, readings = readings_of(daemon)
    assert said["clock"]["state"] == "waiting" and not daemon.newest_hour(), said
    assert readings["no2"]["why"] == "sentinel" and readings["no2"]["value"] is None, readings
    assert readings["co"]["unit"] == "mg/m3" and readings["co"]["value"] == 0.95, readings
    assert 0 <= readings["pm25"]["age_s"] < 30, readings
    page = command(daemon, "watch")
    assert "80.5 N" in page.stdout and "clock: waits to be set" in page.stdout, page
    daemon.stop()


def polls(done):
    return rows_of(done)[0]["polls"]


def a_sensor_is_read_by_the_daemon_at_its_pace_and_by_the_command_itself(world):
    slave, daemon = station(world)
    daemon.start()
    began, first = time.monotonic(), command(daemon, "read", "roof", "--json")
    check_rows(first, "hazewatchd")
    again = [command(daemon, "read", "roof", "--json") for _ in range(3)]
    took = time.monotonic() - began
    assert polls(first) < polls(again[0]) < polls(again[1]) < polls(again[2]), again
    assert polls(again[2]) - polls(first) <= took / POLL_S + 2, (took, first, again)
    page = command(daemon, "read", "roof").stdout
    assert "3:0 u16" in page and "0325" in page and "80.5 μg/m³" in page, page
    slave.kill()
    silent = wait_for("silence", lambda: (lambda done: rows_of(done)[1]["pm25"]["quality"] == "B" and
                                          done)(command(daemon, "read", "roof", "--json")))
    assert silent.returncode == 1 and rows_of(silent)[1]["pm25"]["words"] is None, silent
    os.remove(os.path.join(daemon.data, "control"))
    done = command(daemon, "read", "roof")
    assert done.returncode == 69 and "runs and does not answer" in done.stderr, done
    daemon.stop()
    alone = command(daemon, "read", "roof")
    assert alone.returncode == 69 and "Connection refused" in alone.stderr, alone
    slave.start()
    check_rows(command(daemon, "read", "roof", "--json"), "hazewatch")


if __name__ == "__main__":
    runner.run(raw_values_are_told_while_the_clock_is_waited_for,
               a_sensor_is_read_by_the_daemon_at_its_pace_and_by_the_command_itself)
