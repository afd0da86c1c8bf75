#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is measured beside the pollutants, from the registers of a weather station to the broker, the
command and the files: a real daemon, a slave of pymodbus, a real mosquitto.

usage: weather.py HAZEWATCHD
"""
import csv
import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import dumps
import harness
import runner
import schemas
from harness import wait_for

SPEED = 600
START = harness.hour_of("2026-01-10T08:00:00+08:00")
COMMAND = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
AUXILIARY = {"temperature": -3.5, "humidity": 90, "pressure": 1013, "wind_speed": 2.5, "wind_direction": 315, "noise": 52.9}
FIELDS = {"temperature": "temperature_c", "humidity": "humidity_pct", "pressure": "pressure_hpa",
          "wind_speed": "wind_speed_m_s", "wind_direction": "wind_direction_deg", "noise": "noise_db"}


def hazewatch(*arguments):
    done = subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done
    return done.stdout


def scene(world):
    case = dumps.read_cases("renke-compact-weather")[0]
    port = harness.free_port()
    slave = harness.Process(world, "slave", ["/usr/bin/python3", "-B", dumps.SLAVE, world.write(
        "devices.json", json.dumps([{"port": port, "registers": case.registers}]))])
    slave.launch()
    wait_for("the slave", lambda: harness.is_open(port), watched=[slave])
    broker = harness.Broker(world).start()
    daemon = harness.Daemon(world, harness.Clock(START * harness.HOUR_S, SPEED), port, broker.port, sensors=[
        {"id": "mast", "bus": "sim", "unit_id": 1, "profile": "renke-compact-weather", "poll_s": 60}])
    listener = world.subscribe(broker)
    daemon.start()
    stage = SimpleNamespace(world=world, slave=slave, daemon=daemon, listener=listener,
                            of=("--config", daemon.config_path, "--config-dir", harness.CONFIG))
    wait_for("two hours of weather", lambda: len(hours(stage)) >= 2, limit_s=120, watched=[daemon])
    return stage


def hours(stage):
    """Of the topic aux, by hour; of an hour the newest word."""
    return {body["hour"]: body for body in stage.listener.once("aux")}


def values_of(body, key):
    return {quantity: body[key][field] for quantity, field in FIELDS.items()}


def minutes_and_hours_are_what_the_registers_hold(stage):
    whole = list(hours(stage).values())[1]
    assert values_of(whole, "hourly") == AUXILIARY, whole
    assert set(whole["quality"].values()) == {"N"} and whole["calm"] is False, whole
    minute = stage.listener.last("reading")["aux"]
    assert values_of(minute, "values") == AUXILIARY, minute
    assert not set(stage.listener.last("aqi")["hourly"]) & set(FIELDS.values())


def every_message_is_as_its_schema_says(stage):
    names = schemas.check(stage.listener.all())
    assert {"aux", "reading", "health", "aqi"} <= names, names


def the_command_shows_them(stage):
    status = json.loads(hazewatch("status", "--json", *stage.of))
    found = schemas.faults("status", status)
    assert not found, found
    assert values_of(status["aux"], "hourly") == AUXILIARY, status["aux"]
    table = list(csv.DictReader(io.StringIO(hazewatch("history", "--aux", "--csv", "--since", "2026-01-10", *stage.of))))
    assert float(table[1]["temperature_c"]) == -3.5 and float(table[1]["pressure_hpa"]) == 1013, table
    assert "temperature -3.5" in hazewatch("status", *stage.of)
    exported = list(csv.DictReader(io.StringIO(hazewatch("export", "--dir", stage.daemon.data, "aux"))))
    assert {row["quantity"] for row in exported} == set(AUXILIARY), exported[:9]
    assert {row["mean"] for row in exported if row["quantity"] == "humidity"} == {"90.000"}, exported[:9]
    minutes = list(csv.DictReader(io.StringIO(hazewatch("export", "--dir", stage.daemon.data, "aux-minutes"))))
    assert {row["mean"] for row in minutes if row["quantity"] == "wind_speed" and row["mean"]} == {"2.500"}, minutes[:9]


def a_kill_in_an_hour_loses_seconds_and_doubles_nothing(stage):
    stage.daemon.kill()
    stage.daemon.start()
    before = len(hours(stage))
    wait_for("two hours more", lambda: len(hours(stage)) >= before + 2, limit_s=120, watched=[stage.daemon])
    newest = stage.daemon.newest_hour()
    rows = stage.daemon.rows("SELECT hour, count(*), max(covered_ms), max(rev) FROM auxiliary_hours GROUP BY hour",
                             file="samples.db")
    assert all(count == len(AUXILIARY) and covered <= 3600000 for _, count, covered, _ in rows), rows
    assert {hour for hour, *_ in rows} >= set(range(START + 1, newest + 1)), (rows, newest)
    assert stage.daemon.rows("SELECT count(*) FROM auxiliary_minutes WHERE covered_ms > 60000", file="samples.db") == [(0,)]


def a_silent_mast_is_told_channel_by_channel(stage):
    stage.slave.kill()
    wait_for("health", lambda: {each["state"] for each in stage.listener.last("health")["auxiliary"]} == {"failed"},
             limit_s=60, watched=[stage.daemon])
    wait_for("an hour without them", lambda: list(hours(stage).values())[-1]["hourly"]["noise_db"] is None,
             limit_s=120, watched=[stage.daemon])
    last = list(hours(stage).values())[-1]
    assert last["quality"]["noise"] == "B" and last["calm"] is False, last
    every_message_is_as_its_schema_says(stage)


if __name__ == "__main__":
    runner.run(minutes_and_hours_are_what_the_registers_hold,
               every_message_is_as_its_schema_says,
               the_command_shows_them,
               a_kill_in_an_hour_loses_seconds_and_doubles_nothing,
               a_silent_mast_is_told_channel_by_channel,
               scene=scene)
