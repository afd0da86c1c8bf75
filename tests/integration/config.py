#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A wrong file stops the daemon before it starts, or is ignored by one that runs; a good one is
taken over within the same process.

usage: config.py HAZEWATCHD [--slow]
"""
import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time

import harness
import runner
from harness import wait_for

REGISTERS = [805, 1005, 205, 405, 95, 605]
EX_TEMPFAIL, EX_CONFIG = 75, 78
OTHER_PLAN = os.path.join(harness.ROOT, "tests/data/plan-two-levels.yaml")
FAILMALLOC = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))),
                          "tests", "integration", "libfailmalloc.so")
CATALOGUES = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "po")
SPEED = 120  # a minute in half a second
START = harness.hour_of("2026-01-10T08:00:00+08:00")


def ends_with(daemon, code, **environment):
    """Launched, it must refuse; returns what it said."""
    daemon.launch(**environment)
    got = daemon.wait()
    assert got == code, f"exit {got} instead of {code}"
    return daemon.log()


def exercise(world, environment=None, **settings):
    """A daemon at work under a compressed clock, its slave, broker and subscriber."""
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, sensors=[
        {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 10}],
        **settings).start(**(environment or {}))
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
    assert daemon.lines(f"error: {daemon.config_path}:[0-9]+:[0-9]+: .*often"), daemon.log()
    for _ in range(3):
        next_reading(daemon, listener)
    assert len(daemon.lines("notice: station .*: started")) == 1
    assert [message.body["state"] for message in listener.all("state")] == ["online"]
    daemon.stop()


def a_reload_without_memory_goes_on_with_what_was_loaded(world):
    full = world.path("full")
    daemon, listener = exercise(world, {"LD_PRELOAD": FAILMALLOC,
                                        "HAZEWATCH_FAIL_LARGE": full})
    with open(daemon.config_path, "a", encoding="ascii") as file:
        file.write(("#" * 99 + "\n") * 9000)
    world.write("full", "")
    daemon.signal(signal.SIGHUP)
    wait_for("the complaint", lambda: daemon.lines("error: reload: "), watched=[daemon])
    assert daemon.lines("error: out of memory"), daemon.log()
    os.unlink(full)
    next_reading(daemon, listener)
    assert len(daemon.lines("notice: station .*: started")) == 1
    daemon.signal(signal.SIGHUP)
    wait_for("the new files", lambda: len(daemon.lines("notice: station .*: started")) == 2,
             watched=[daemon])
    daemon.stop()


def the_log_speaks_the_language_of_the_station_file_and_a_reload_changes_it(world):
    daemon = harness.Daemon(world, harness.Clock(START * harness.HOUR_S, SPEED), harness.free_port(),
                            harness.free_port(), language="zh")
    daemon.launch(TEXTDOMAINDIR=CATALOGUES)
    wait_for("the start", lambda: daemon.lines("notice: 站点 test-01：已启动，版本 .*，演练$"), watched=[daemon])
    wait_for("the bus", lambda: daemon.lines("warning: 总线 sim：无法打开 127.0.0.1 端口 "), watched=[daemon])
    del daemon.config["language"]
    daemon.write_config()
    daemon.signal(signal.SIGHUP)
    wait_for("the new files", lambda: daemon.lines("notice: station test-01: started, version .*, EXERCISE$"),
             watched=[daemon])
    daemon.stop()


def a_file_that_cannot_be_used_is_told_in_the_language_that_it_asks_for(world):
    daemon = harness.Daemon(world, harness.Clock(START * harness.HOUR_S, SPEED), harness.free_port(),
                            harness.free_port(), language="zh")
    daemon.config["sensors"][0]["poll_s"] = "often"
    daemon.write_config()
    said = ends_with(daemon, EX_CONFIG, TEXTDOMAINDIR=CATALOGUES)
    assert re.search("error: .*:[0-9]+:[0-9]+: poll_s：often 不是", said), said
    with open(daemon.config_path, "a", encoding="ascii") as file:
        file.write("\tno: yaml\n")  # a file that nothing can be read from
    said = ends_with(daemon, EX_CONFIG, TEXTDOMAINDIR=CATALOGUES)
    assert "缩进中有制表符；只允许空格" in said, said


def before_the_plan_changed(world):
    """A daemon whose database has a red directive in force and an orange level held."""
    daemon = harness.Daemon(world, harness.Clock(START * harness.HOUR_S, SPEED),
                            harness.free_port(), harness.free_port())
    os.mkdir(daemon.data)
    with open(os.path.join(harness.ROOT, "tests/data/state-1.sql"), encoding="utf-8") as file, \
            contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as database:
        database.executescript(file.read())
    return daemon


def a_reload_whose_plan_lacks_the_level_in_force_changes_nothing(world):
    daemon = before_the_plan_changed(world).start()
    daemon.config["plan"] = OTHER_PLAN
    daemon.write_config()
    daemon.signal(signal.SIGHUP)
    wait_for("the complaint", lambda: daemon.lines("error: reload: "), watched=[daemon])
    assert len(daemon.lines("error: reload: the plan two-levels lacks the level red, which "
                            "directive 1 has put in force; going on with what was loaded")) == 1, daemon.log()
    assert len(daemon.lines("notice: station .*: started")) == 1
    daemon.stop()


def a_start_whose_plan_lacks_the_level_in_force_ends_with_78(world):
    daemon = before_the_plan_changed(world)
    daemon.config["plan"] = OTHER_PLAN
    daemon.write_config()
    said = ends_with(daemon, EX_CONFIG)
    assert "the plan two-levels lacks the level of directive 1" in said, said


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


def a_password_that_everybody_may_read_is_told_by_check_and_daemon(world):
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    secret = world.write("secret", "x\n")
    daemon.config["mqtt"] |= {"username": "x", "password_file": secret}
    daemon.write_config()
    os.chmod(secret, 0o604)
    check = [os.path.join(os.path.dirname(daemon.command[0]), "hazewatch"), "check",
             "--config-dir", harness.CONFIG, daemon.config_path]
    done = subprocess.run(check, capture_output=True, text=True, timeout=60, check=True)
    told = f"{daemon.config_path}:[0-9]+:[0-9]+: warning: the file {secret} is open to everybody"
    assert re.match(told, done.stderr), done.stderr
    daemon.start()
    assert len(daemon.lines("warning: " + told)) == 1, daemon.log()
    daemon.stop()
    os.chmod(secret, 0o640)
    done = subprocess.run(check, capture_output=True, text=True, timeout=60, check=True)
    assert not done.stderr, done.stderr


def what_is_no_file_ends_it_with_78_and_the_reason_at_once(world):
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    secret = world.path("secret")
    os.mkfifo(secret)
    daemon.config["mqtt"] |= {"username": "x", "password_file": secret}
    daemon.write_config()
    assert f"the file {secret} is a FIFO, not a file" in ends_with(daemon, EX_CONFIG)
    os.remove(daemon.config_path)
    os.mkfifo(daemon.config_path)
    assert f"{daemon.config_path}: is a FIFO, not a file" in ends_with(daemon, EX_CONFIG)


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
         a_file_that_cannot_be_used_is_told_in_the_language_that_it_asks_for,
         a_missing_file_ends_it_with_78_and_its_name,
         a_compressed_clock_without_exercise_ends_it_with_78,
         what_is_no_file_ends_it_with_78_and_the_reason_at_once,
         a_password_that_everybody_may_read_is_told_by_check_and_daemon,
         a_second_daemon_on_the_same_folder_is_refused_and_the_first_goes_on,
         a_reload_with_a_broken_file_changes_nothing,
         a_reload_without_memory_goes_on_with_what_was_loaded,
         a_reload_whose_plan_lacks_the_level_in_force_changes_nothing,
         a_start_whose_plan_lacks_the_level_in_force_ends_with_78)
SLOW = (the_log_speaks_the_language_of_the_station_file_and_a_reload_changes_it,
        a_reload_with_a_good_file_takes_it_over_in_the_same_process,
        an_hour_that_is_cut_by_reloads_is_whole)

if __name__ == "__main__":
    runner.run(*QUICK, slow=SLOW)
