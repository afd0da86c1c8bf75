#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A person works on an instrument: its values do not count, in readings, health and the database;
it ends by itself, and a restart does not end it. What nobody works on and brings nothing is told.

usage: maintenance.py HAZEWATCHD [--slow]
"""
import os
import subprocess
import sys

import harness
import runner
from harness import wait_for

NO_VALUE = 65535
REGISTERS = [805, 1005, 205, 405, 95, 605]
SPEED = 120  # a minute in half a second
START = harness.hour_of("2026-01-10T08:00:00+08:00")
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
EX_USAGE, EX_REFUSED, EX_UNAVAILABLE = 64, 65, 69


def exercise(world, **settings):
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    listener = world.subscribe(broker)
    sensor = {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 10}
    sensor.update(settings)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, sensors=[sensor]).start()
    return daemon, listener


def command(daemon, *arguments):
    done = subprocess.run([HAZEWATCH, "maintenance", *arguments, "--socket",
                           os.path.join(daemon.data, "control")], capture_output=True, text=True,
                          timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def wait_quality(daemon, listener, letter, why=None):
    """In a reading that is yet to come."""
    before = len(listener.all("reading"))

    def found():
        for message in listener.all("reading")[before:]:
            body = message.body
            if body["quality"].get("pm25") == letter and (
                    why is None or body["why"].get("pm25") == why):
                return True
        return False
    wait_for(f"a reading of quality {letter}", found, watched=[daemon])


def health_busy(listener):
    message = listener.last("health")
    return message["sensors"][0]["busy"] if message else None


def while_a_person_works_on_it_its_values_do_not_count(world):
    daemon, listener = exercise(world)
    wait_quality(daemon, listener, "N")
    code, said = command(daemon, "roof", "--for", "7d")
    assert code == 0 and "maintenance until" in said, (code, said)
    wait_quality(daemon, listener, "M", "maintenance")
    wait_for("health", lambda: health_busy(listener) == "maintenance", watched=[daemon])
    daemon.stop()
    daemon.start()
    wait_quality(daemon, listener, "M", "maintenance")
    code, said = command(daemon, "roof", "--end")
    assert code == 0 and "no maintenance" in said, (code, said)
    wait_quality(daemon, listener, "N")
    wait_for("health", lambda: health_busy(listener) is None, watched=[daemon])
    assert len(daemon.lines("roof: maintenance until")) == 2, daemon.log()


def it_ends_by_itself(world):
    daemon, listener = exercise(world)
    wait_quality(daemon, listener, "N")
    assert command(daemon, "roof", "--for", "5m")[0] == 0
    wait_quality(daemon, listener, "M")
    wait_quality(daemon, listener, "N")
    wait_for("the log", lambda: daemon.lines("roof: maintenance is over"), watched=[daemon])


def a_channel_that_brings_nothing_is_told_once_and_told_when_it_is_back(world):
    daemon, listener = exercise(world)
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    slave = harness.Slave(world)

    def channel():
        message = listener.last("health")
        return message and {each["id"]: each for each in message["channels"]}["roof/pm10"]
    wait_for("a good channel", lambda: channel() and channel()["state"] == "ok", watched=[daemon])
    slave.play_always(clock, REGISTERS[:1] + [NO_VALUE] + REGISTERS[2:])
    wait_for("health", lambda: channel()["state"] == "failed", watched=[daemon])
    assert channel()["why"] == "sentinel", channel()
    assert listener.last("health")["sensors"][0]["state"] == "ok", listener.last("health")
    slave.play_always(clock, REGISTERS)
    wait_for("health", lambda: channel()["state"] == "ok", watched=[daemon])
    told = daemon.lines("roof/pm10: no good value for .* sentinel: it says that it has no value")
    assert len(told) == 1, daemon.log()
    assert len(daemon.lines("roof/pm10: good values again after")) == 1, daemon.log()
    assert not daemon.lines("roof/pm25: no good value"), daemon.log()


def what_cannot_be_done_is_refused_with_the_reason(world):
    daemon, _ = exercise(world)
    for arguments, expected, text in (
            (("cellar", "--for", "60m"), EX_REFUSED, "cellar is not a sensor"),
            (("roof",), EX_USAGE, "either --for or --end"),
            (("roof", "--for", "8d"), EX_USAGE, "7d at most"),
            (("roof", "--for", "soon"), EX_USAGE, "45m"),
            (("--for", "1h"), EX_USAGE, "SENSOR"),
            (("a\"b", "--for", "1h"), EX_USAGE, "SENSOR")):
        code, said = command(daemon, *arguments)
        assert code == expected and text in said, (arguments, code, said)
    daemon.stop()
    code, said = command(daemon, "roof", "--end")
    assert code == EX_UNAVAILABLE and "does hazewatchd run here" in said, (code, said)


def a_zero_check_and_a_correction_come_from_the_file(world):
    at = harness.text_of(START * harness.HOUR_S + 300)
    daemon, listener = exercise(
        world, corrections=[{"pollutant": "pm25", "from": at, "slope": 2, "intercept": -0.5}],
        checks=[{"kind": "zero", "from": at, "every_h": 24, "minutes": 10}])
    wait_quality(daemon, listener, "C", "zero_check")
    wait_quality(daemon, listener, "N")
    wait_for("the corrected value", lambda: any(
        message.body["values"]["pm25_ug_m3"] == 160.5 and message.body["values"]["o3_ug_m3"] == 60.5
        for message in listener.all("reading")), watched=[daemon])


def of_two_instruments_the_second_counts_while_somebody_works_on_the_first(world):
    daemon, listener = exercise(world)
    daemon.stop()
    daemon.config["sensors"].append({**daemon.config["sensors"][0], "id": "yard", "unit_id": 2})
    daemon.write_config()
    daemon.start()

    def counts():
        message = listener.last("health")
        return message and {each["pollutant"]: each["counts"] for each in message["twins"]}.get("pm25")
    wait_quality(daemon, listener, "N")
    wait_for("the first", lambda: counts() == "roof/pm25", watched=[daemon])
    assert command(daemon, "roof", "--for", "7d")[0] == 0
    wait_for("the second", lambda: counts() == "yard/pm25", watched=[daemon])
    wait_quality(daemon, listener, "N")
    assert len(daemon.lines("yard/pm25: counts now in place of roof/pm25")) == 1, daemon.log()
    assert command(daemon, "roof", "--end")[0] == 0
    wait_for("the first again", lambda: counts() == "roof/pm25", watched=[daemon])
    wait_quality(daemon, listener, "N")
    assert daemon.rows("SELECT name FROM channels WHERE name LIKE 'yard%'", file="samples.db") == [], "yard"


if __name__ == "__main__":
    runner.run(while_a_person_works_on_it_its_values_do_not_count,
               what_cannot_be_done_is_refused_with_the_reason,
               slow=(a_channel_that_brings_nothing_is_told_once_and_told_when_it_is_back,
                     of_two_instruments_the_second_counts_while_somebody_works_on_the_first,
                     it_ends_by_itself, a_zero_check_and_a_correction_come_from_the_file))
