#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The example ACL in a real mosquitto: who may write which topic, and what reaches whom.

usage: acl.py HAZEWATCHD
"""
import os
import shutil
import subprocess
import urllib.request
from types import SimpleNamespace

import harness
import runner
from harness import wait_for

REAL, EXERCISE = "hazewatch/1/430202/", "hazewatch-exercise/1/430202/"
OUT = ("state", "reading", "aqi", "aqi/now", "aux", "warning", "warning/event", "warning/cap/directive",
       "warning/cap/announced", "warning/cap/advice", "cuts", "order/s-1", "receipts", "health",
       "plan", "history", "forecast", "events", "roster/1", "reply")
# user: commands it may give to real stations
COMMANDS = {"platform": {"ack", "receipt", "resend"},
            "command-centre": {"directive", "release", "dust", "review"},
            "hetang": {"directive", "release", "dust", "forecast", "resend"},
            "forecaster": {"forecast"}, "hetang-01": set(), "hetang-02": set(),
            "exercise-platform": set(), "exercise.hetang-01": set(), "stranger": set(), "wall": set()}


def scene(world):
    acl = shutil.copy(os.path.join(harness.CONFIG, "mosquitto", "acl"), world.path("acl"))
    with open(acl, "a", encoding="utf-8") as file:
        file.write("\nuser witness\ntopic read #\n")
    os.chmod(world.folder, 0o755)
    os.chmod(acl, 0o644)
    broker = harness.Broker(world, f"acl_file {acl}").start()
    return SimpleNamespace(broker=broker, world=world,
                           witness=world.subscribe(broker, user=("witness",)))


def allowed(stage, user, topics):
    """Those of the topics whose message the broker takes and hands on."""
    before = len(stage.witness.all())
    for topic in topics:
        subprocess.run(["mosquitto_pub", "-V", "5", "-p", str(stage.broker.port), "-u", user, "-q",
                        "1", "-t", topic, "-m", "1"], capture_output=True, timeout=20, check=False)
    subprocess.run(["mosquitto_pub", "-p", str(stage.broker.port), "-u", "hetang-09", "-q", "1",
                    "-t", REAL + "hetang-09/state", "-m", "1"], check=True, timeout=20)
    wait_for("the last message", lambda: any(
        message.topic == REAL + "hetang-09/state" for message in stage.witness.all()[before:]))
    return {message.topic for message in stage.witness.all()[before:]} - {
        REAL + "hetang-09/state"}


def a_station_writes_its_own_topics_and_no_others(stage):
    own = {REAL + "hetang-01/" + name for name in OUT}
    others = {REAL + "hetang-02/" + name for name in ("state", "warning", "warning/event")}
    assert allowed(stage, "hetang-01", own | others) == own


def each_command_may_be_given_by_those_whose_it_is(stage):
    every = set().union(*COMMANDS.values())
    for user, may in COMMANDS.items():
        topics = {REAL + "hetang-01/cmd/" + name: name for name in every}
        assert {topics[topic] for topic in allowed(stage, user, topics)} == may, user


def nobody_of_an_exercise_writes_a_real_topic_nor_the_other_way_round(stage):
    real = {REAL + "hetang-01/" + name for name in ("warning", "cmd/directive", "cmd/ack")}
    exercise = {topic.replace(REAL, EXERCISE) for topic in real}
    for user in COMMANDS:
        taken = allowed(stage, user, real | exercise)
        assert not taken & (real if user.startswith("exercise") else exercise), f"{user}: {taken}"
    assert allowed(stage, "exercise.hetang-01", {EXERCISE + "hetang-01/warning"})
    assert allowed(stage, "exercise-platform", {EXERCISE + "hetang-01/cmd/directive"})


def nobody_but_a_station_writes_as_if_it_were_one(stage):
    for user in sorted(set(COMMANDS) - {"hetang", "hetang-01", "hetang-02", "stranger"}):  # stations have no lines
        names = OUT if user == "wall" else ("state", "warning")
        assert not allowed(stage, user, {f"{prefix}{user}/{name}" for prefix in (REAL, EXERCISE) for name in names}), user


def a_station_hears_its_own_commands_only(stage):
    station = stage.world.subscribe(stage.broker, user=("hetang-01",))
    allowed(stage, "command-centre", {REAL + "hetang-02/cmd/directive"})
    allowed(stage, "command-centre", {REAL + "hetang-01/cmd/directive"})
    wait_for("its command", station.all)
    assert {message.topic for message in station.all()} == {REAL + "hetang-01/cmd/directive"}


def the_wall_reads_real_and_exercise_but_no_commands_and_writes_nothing(stage):
    wall = stage.world.subscribe(stage.broker, user=("wall",))
    seen = {REAL + "hetang-01/warning", EXERCISE + "hetang-01/warning"}
    hidden = {REAL + "hetang-01/cmd/directive", EXERCISE + "hetang-01/cmd/directive"}
    assert not allowed(stage, "wall", seen | hidden)
    allowed(stage, "command-centre", {REAL + "hetang-01/cmd/directive"})
    allowed(stage, "exercise-platform", {EXERCISE + "hetang-01/cmd/directive"})
    allowed(stage, "exercise.hetang-01", {EXERCISE + "hetang-01/warning"})
    allowed(stage, "hetang-01", {REAL + "hetang-01/warning"})
    wait_for("both", lambda: seen <= {message.topic for message in wall.all()})
    assert not hidden & {message.topic for message in wall.all()}


def the_district_configuration_is_one_that_mosquitto_starts_with(stage):
    world = stage.world.part("district")
    with open(os.path.join(harness.CONFIG, "mosquitto", "district.conf"), encoding="utf-8") as file:
        text = file.read()
    for kind in ("ca", "server"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout",
                        world.path(kind + ".key"), "-out", world.path(kind + ".pem"), "-subj",
                        "/CN=broker.test"], check=True, capture_output=True)
    shutil.copy(os.path.join(harness.CONFIG, "mosquitto", "acl"), world.path("acl"))
    subprocess.run(["mosquitto_passwd", "-b", "-c", world.path("passwords"), "wall", "secret"], check=True,
                   capture_output=True)
    with open(world.path("index.html"), "w", encoding="utf-8") as file:
        file.write("the page")
    port, web = harness.free_port(), harness.free_port()
    text = text.replace("/usr/share/hazewatch/dashboard", world.folder).replace("listener 8080", f"listener {web}")
    text = text.replace("/etc/mosquitto/district/", world.folder + "/")
    text = text.replace("/var/lib/mosquitto/", world.folder + "/")
    text = text.replace("listener 8883", f"user {'root' if os.geteuid() == 0 else 'nobody'}\n"
                                         f"listener {port} 127.0.0.1")
    broker = harness.Process(world, "district", ["mosquitto", "-c", world.write("conf", text)])
    broker.launch()
    wait_for("its ports", lambda: harness.is_open(port) and harness.is_open(web), watched=[broker])
    with urllib.request.urlopen(f"http://127.0.0.1:{web}/index.html", timeout=20) as answer:
        assert answer.read() == b"the page"


if __name__ == "__main__":
    runner.run(
        a_station_writes_its_own_topics_and_no_others,
        each_command_may_be_given_by_those_whose_it_is,
        nobody_of_an_exercise_writes_a_real_topic_nor_the_other_way_round,
        nobody_but_a_station_writes_as_if_it_were_one,
        a_station_hears_its_own_commands_only,
        the_wall_reads_real_and_exercise_but_no_commands_and_writes_nothing,
        the_district_configuration_is_one_that_mosquitto_starts_with,
        scene=scene)
