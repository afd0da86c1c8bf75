#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A wrong file stops the daemon before it starts, or is ignored by one that runs; a good one is
taken over within the same process.

usage: config.py HAZEWATCHD [--slow]
"""
import os
import signal
import sys
import time

import harness
import runner
from harness import wait_for

REGISTERS = [805, 1005, 205, 405, 95, 605]
EX_TEMPFAIL, EX_CONFIG = 75, 78
SPEED = 120  # a minute in half a second
START = harness.hour_of("2026-01-10T08:00:00+08:00")


def ends_with(daemon, code):
    """Launched, it must refuse; returns what it said."""
    daemon.launch()
    got = daemon.wait()
    assert got == code, f"exit {got} instead of {code}"
    return daemon.log()


def exercise(world, **settings):
    """A daemon at work under a compressed clock, its slave, broker and subscriber."""
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, sensors=[
        {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 10}],
        **settings).start()
    next_reading(daemon, listener)
    return daemon, listener


def next_reading(daemon, listener):
    before = len(listener.all("reading"))
    wait_for("a reading", lambda: len(listener.all("reading")) > before, watched=[daemon])
    return listener.last("reading")


def a_broken_file_ends_it_with_78_and_file_line_and_column(world):
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    lines = open(daemon.config_path, encoding="utf-8").read().splitlines()
    at = next(i for i, line in enumerate(lines, 1) if "unit_id: 1" in line)
    lines[at - 1] = lines[at - 1].replace("unit_id: 1", "unit_id: 999")
    world.write(daemon.config_path, "\n".join([*lines, "pollen: true", ""]))
    said = ends_with(daemon, EX_CONFIG)
    column = lines[at - 1].index("999") + 1
    assert f"{daemon.config_path}:{at}:{column}: " in said, said
    assert f"{daemon.config_path}:{len(lines) + 1}:1: " in said, f"only the first: {said}"
    assert not os.path.exists(daemon.data), "it made its folder all the same"


def a_missing_file_ends_it_with_78_and_its_name(world):
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    os.unlink(daemon.config_path)
    assert daemon.config_path in ends_with(daemon, EX_CONFIG)


def a_compressed_clock_without_exercise_ends_it_with_78(world):
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    daemon = harness.Daemon(world, clock, harness.free_port(), harness.free_port(),
                            exercise=False)
    assert "exercise: true" in ends_with(daemon, EX_CONFIG)


def a_second_daemon_on_the_same_folder_is_refused_and_the_first_goes_on(world):
    daemon, listener = exercise(world)
    # its own broker: two sessions of one client id would take turns
    second = harness.Daemon(world.part("second"), daemon.clock, harness.free_port(),
                            harness.free_port(), storage={"dir": daemon.data})
    said = ends_with(second, EX_TEMPFAIL)
    assert daemon.data in said and "another hazewatchd uses it" in said, said
    next_reading(daemon, listener)
    daemon.stop()


def a_reload_with_a_broken_file_changes_nothing(world):
    daemon, listener = exercise(world)
    daemon.config["sensors"][0]["poll_s"] = "often"
    daemon.write_config()
    daemon.signal(signal.SIGHUP)
    wait_for("the complaint", lambda: daemon.lines("error: reload: "), watched=[daemon])
    assert daemon.lines(f"{daemon.config_path}:[0-9]+:[0-9]+: .*often"), daemon.log()
    for _ in range(3):
        next_reading(daemon, listener)
    assert len(daemon.lines("notice: station .*: started")) == 1
    assert [message.body["state"] for message in listener.all("state")] == ["online"]
    daemon.stop()


def samples_of_last_minute(daemon):
    """The newest minute but one is over for good."""
    rows = daemon.rows("SELECT samples FROM minutes WHERE channel = 1 ORDER BY minute DESC LIMIT 2",
                       file="samples.db")
    return rows[1][0] if len(rows) == 2 else None


def open_files(pid):
    return sorted(os.readlink(f"/proc/{pid}/fd/{fd}").split(":")[0]
                  for fd in os.listdir(f"/proc/{pid}/fd"))


def a_reload_with_a_good_file_takes_it_over_in_the_same_process(world):
    daemon, listener = exercise(world)
    for _ in range(3):
        next_reading(daemon, listener)
    assert 5 <= samples_of_last_minute(daemon) <= 7, samples_of_last_minute(daemon)
    files = open_files(daemon.pid)
    for poll_s, samples, name in ((20, (2, 4), "twenty"), (5, (10, 14), "five")):
        daemon.config["sensors"][0]["poll_s"] = poll_s
        daemon.config["station"]["name_en"] = name
        daemon.write_config()
        started = len(daemon.lines("notice: station .*: started"))
        daemon.signal(signal.SIGHUP)
        wait_for("the new start", lambda number=started: len(daemon.lines(
            "notice: station .*: started")) == number + 1, watched=[daemon])
        wait_for("a reading of the new station", lambda word=name: listener.last("reading")[
            "station"]["name_en"] == word, watched=[daemon])
        for _ in range(4):
            reading = next_reading(daemon, listener)
        assert reading["values"]["pm25_ug_m3"] == 80.5, reading
        low, high = samples
        assert low <= samples_of_last_minute(daemon) <= high, samples_of_last_minute(daemon)
        state = listener.last("state")
        assert (state["state"], state["station"]["name_en"]) == ("online", name), state
    assert open_files(daemon.pid) == files, f"{files} became {open_files(daemon.pid)}"
    assert daemon.stop() <= harness.STOP_LIMIT_S


def an_hour_that_is_cut_by_reloads_is_whole(world):
    daemon, listener = exercise(world)
    # of an hour that lasts half a minute: three reloads, each costs a moment
    for minute in (20, 35, 50):
        daemon.clock.sleep_until(START * harness.HOUR_S + minute * harness.MINUTE_S)
        daemon.signal(signal.SIGHUP)
        time.sleep(0.5)
    wait_for("the hour", lambda: daemon.newest_hour() >= START + 1, 90, [daemon])
    rows = daemon.rows("SELECT pollutant, covered_ms, valid, mean_milli FROM hours WHERE hour = ?",
                       START + 1)
    assert len(rows) == 6
    for pollutant, covered_ms, valid, mean_milli in rows:
        assert valid == 1 and covered_ms >= 55 * 60 * 1000, f"{pollutant}: {covered_ms / 60000} min"
        assert pollutant != "pm25" or mean_milli == 80000, mean_milli
    states = [message.body["state"] for message in listener.all("state")]
    assert states == ["online", "offline"] * 3 + ["online"], states
    daemon.stop()


QUICK = (a_broken_file_ends_it_with_78_and_file_line_and_column,
         a_missing_file_ends_it_with_78_and_its_name,
         a_compressed_clock_without_exercise_ends_it_with_78,
         a_second_daemon_on_the_same_folder_is_refused_and_the_first_goes_on,
         a_reload_with_a_broken_file_changes_nothing,
         a_reload_with_a_good_file_takes_it_over_in_the_same_process)
SLOW = (an_hour_that_is_cut_by_reloads_is_whole,)

if __name__ == "__main__":
    runner.run(*(SLOW if "--slow" in sys.argv else QUICK))
