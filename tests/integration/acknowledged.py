#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Commands that the broker was told are received, under kills, stops and reloads: none is missing,
each has its effect once, each is answered.

Two stations under a stream of commands are killed right after they have connected, and stopped or
reloaded with a burst on its way. A kill is a power cut for the spool (cache.c): what it has not
synchronised is lost. The same with the fdatasync left out must lose some, or it proves nothing.

usage: acknowledged.py HAZEWATCHD [--long]
"""
import collections
import itertools
import json
import os
import random
import re
import signal
import sys
import threading
import time
from types import SimpleNamespace

import paho.mqtt.client as paho

import harness
import runner
from harness import wait_for

LONG = "--long" in sys.argv
KILLS, RESTARTS, UNSYNCED = (1000, 200, 100) if LONG else (152, 40, 12)
STATIONS = 4  # side by side: a start and a connection are mostly waiting
SEED = 20261129
STREAM_S = 0.06    # between two bursts of the stream
BURST = 3          # commands; at once the gate lets 300 receipts in and 60 of each other kind
OPEN_MOST = 120    # commands that are not answered yet
LIFE_MOST = 240    # commands for one life of a station: what its gate lets in at once, with the bursts
AFTER_S = 0.12     # a kill comes at most so long after the connection
BURST_LAST = 8
QUIET_S = 15       # without another answer, where some are to be lost; a backlog is gathered for 10 s
PATIENT_S = 90     # the same where each has to come, however busy the machine is
SEASONED = 8       # of so many kills one comes when what was gathered is being taken
BUILT = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1])))
CACHE = os.path.join(BUILT, "tests", "integration", "libcache.so")


class Sender:
    """Publishes without waiting; the broker keeps what a station that is away has not got."""

    def __init__(self, world, broker):
        self.client = paho.Client(client_id="sender", protocol=paho.MQTTv5)
        self.client.max_inflight_messages_set(1000)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        self.last = None
        world.callback(self.end)

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()

    def send(self, topic, body):
        self.last = self.client.publish(topic, json.dumps(body, ensure_ascii=False), qos=1)

    def settle(self):
        if self.last:
            self.last.wait_for_publish(harness.PATIENCE_S)


class Answers:
    """The commands of each station that were answered. What a station was killed over comes again,
    so that more replies come than there are commands."""

    def __init__(self, world, broker):
        self.of = collections.defaultdict(set)
        self.client = paho.Client(client_id="listener", protocol=paho.MQTTv5)
        self.client.on_message = self.take
        self.client.connect("127.0.0.1", broker.port)
        self.client.subscribe("hazewatch/+/+/+/reply", qos=1)
        self.client.loop_start()
        world.callback(self.end)

    def take(self, _client, _userdata, message):
        self.of[message.topic.split("/")[3]].add(json.loads(message.payload)["command"])

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


class Station:
    """A daemon that gets a stream of commands, and what was sent to it."""

    def __init__(self, world, broker, sender, answers, number, **environment):
        self.sender, self.environment = sender, environment
        self.answers = answers.of[f"s{number}"]
        self.daemon = harness.Daemon(world.part(f"s{number}"), harness.Clock(), harness.free_port(),
                                     broker.port, station={"id": f"s{number}"})
        self.sent, self.count = [], itertools.count(1)
        self.life_from = 0  # commands that were answered when it was launched
        self.ref = None  # what receipts answer: its first message
        self.lock, self.draw = threading.Lock(), random.Random(SEED + number)
        self.log_at = 0
        self.environment["LD_PRELOAD"] = CACHE

    def launch(self):
        self.life_from = len(self.answers)
        self.daemon.launch(**self.environment)

    def has_room(self):
        """What is refused by a gate that shuts is no command that was acknowledged."""
        with self.lock:
            return (len(self.sent) - len(self.answers) < OPEN_MOST and
                    len(self.sent) - self.life_from < LIFE_MOST)

    def command(self):
        """Mostly receipts; a directive now and then, and a release."""
        number = next(self.count)
        name = f"{self.daemon.config['station']['id']}-{number}"
        when = harness.text_of(time.time() - 60)
        body = {"id": name, "issuer": "x", "time": when}
        if number % 20 == 0:
            level = self.draw.choice(("yellow", "orange", "red", "none"))
            return "directive", body | {"level": level, "start": when}
        if number % 20 == 10:
            return "release", body | {"number": str(number), "level": "red", "reviewer": "a",
                                      "signer": "b", "post": "c"}
        return "receipt", body | {"ref": self.ref, "unit": "eco", "person": "p", "outcome": "done"}

    def burst(self, n=BURST):
        for _ in range(n):
            with self.lock:
                kind, body = self.command()
                self.sent.append((body["id"], kind))
            self.sender.send(f"{self.daemon.prefix}cmd/{kind}", body)

    def log_has(self, pattern, limit_s=harness.PATIENCE_S):
        """Waits for a line that came since the last time."""
        deadline = time.monotonic() + limit_s
        text = ""
        while time.monotonic() < deadline:
            with open(self.daemon.log_path, encoding="utf-8") as log:
                log.seek(self.log_at)
                text = log.read()
            if re.search(pattern, text):
                self.log_at += len(text.encode())
                return
            time.sleep(0.005)
        raise AssertionError(f"not within {limit_s} s: {pattern}; last {text[-300:]!r}")

    def kill_when_connected(self):
        self.launch()
        self.log_has("mqtt: connected")
        if self.draw.randrange(SEASONED) == 0:
            self.burst()
            self.log_has("command (receipt|directive|release) ")
        time.sleep(self.draw.uniform(0, AFTER_S))
        self.burst(BURST_LAST)  # some are acknowledged and not committed yet
        time.sleep(self.draw.uniform(0.005, 0.03))
        self.daemon.kill()

    def stop_with_a_burst(self, number):
        """SIGTERM, or SIGHUP and then SIGTERM when it is back."""
        if not self.daemon.runs():
            self.launch()
            self.log_has("mqtt: connected")
        self.burst()
        time.sleep(self.draw.uniform(0, 0.03))
        self.daemon.signal(number)
        for _ in range(3):
            time.sleep(0.005)
            self.burst()
        if number == signal.SIGHUP:
            self.log_has("mqtt: connected")
            return
        assert self.daemon.wait() == 0

    def play(self, kills, restarts):
        """In one order for one seed."""
        turns = ["kill"] * kills + ["term", "hup"] * (restarts // 2)
        self.draw.shuffle(turns)
        for turn in turns:
            if turn == "kill":
                if self.daemon.runs():
                    self.daemon.kill()
                self.kill_when_connected()
            else:
                self.stop_with_a_burst(signal.SIGTERM if turn == "term" else signal.SIGHUP)


def stream(stations, ending):
    """Also for a station that is down, until its next life has enough."""
    while not ending.is_set():
        for station in stations:
            if station.has_room():
                station.burst()
        time.sleep(STREAM_S)


def in_parallel(functions):
    wrong = []

    def guarded(function):
        try:
            function()
        except BaseException as error:  # the scene tells it
            wrong.append(error)
    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def settle(stations, quiet_s):
    """All are up, and all is answered, or nothing is any more."""
    for station in stations:
        if not station.daemon.runs():
            station.launch()
    answered, since = -1, time.monotonic()
    sent = sum(len(station.sent) for station in stations)
    while answered < sent and time.monotonic() - since < quiet_s:
        now = sum(len(station.answers) for station in stations)
        if now != answered:
            answered, since = now, time.monotonic()
        time.sleep(0.2)


def outcome(station):
    stored = {name.split("/")[-1] for (name,) in station.daemon.rows("SELECT id FROM commands")}
    return SimpleNamespace(
        station=station, sent=len(station.sent),
        missing=[each for each in station.sent if each[0] not in stored],
        refused=sum(int(line.partition(" mqtt: ")[2].split()[0])
                    for line in station.daemon.lines("commands were not taken in")),
        unanswered=[each for each in station.sent if each[0] not in station.answers])


def run_all(world, name, kills, restarts, **environment):
    inner = world.part(name)
    broker = harness.Broker(inner, "max_inflight_messages 200").start()
    answers, sender = Answers(inner, broker), Sender(inner, broker)
    stations = [Station(inner, broker, sender, answers, i, **environment) for i in range(STATIONS)]
    for station in stations:  # the broker has their sessions from now on
        station.launch()
        station.log_has("mqtt: connected")
        station.ref = station.daemon.rows("SELECT value FROM meta WHERE key = 'uuid'")[0][0] + "-1"
    ending = threading.Event()
    streaming = threading.Thread(target=stream, args=(stations, ending))
    streaming.start()
    try:
        in_parallel([lambda station=station: station.play(kills // STATIONS, restarts // STATIONS)
                     for station in stations])
    finally:
        ending.set()
        streaming.join()
    sender.settle()
    settle(stations, QUIET_S if environment else PATIENT_S)
    for station in stations:
        station.daemon.stop()
    assert not broker.lines("messages are being dropped"), "the broker did not keep them"
    return [outcome(station) for station in stations]


def scene(world):
    began = time.monotonic()
    synced = run_all(world, "synced", KILLS, RESTARTS)
    took = time.monotonic() - began
    print(f"# {KILLS} kills, {RESTARTS} restarts and reloads, {sum(each.sent for each in synced)}"
          f" commands in {took:.0f} s")
    unsynced = run_all(world, "unsynced", UNSYNCED, 0, HAZEWATCH_SYNC="no")
    return SimpleNamespace(synced=synced, unsynced=unsynced)


def nothing_is_left_in_the_spool(stage):
    for each in stage.synced:
        for number in (1, 2):
            path = os.path.join(each.station.daemon.data, f"commands-{number}.spool")
            assert os.path.getsize(path) == 0, f"{path}: some wait, which a start would take"
            assert os.stat(path).st_mode & 0o777 == 0o600


def no_command_is_missing(stage):
    for each in stage.synced:
        # no acknowledged command: the stream was too fast
        assert each.refused == 0, f"the gate refused {each.refused} of {each.sent}"
        assert not each.missing, f"{len(each.missing)} of {each.sent}: {each.missing[:8]}"


def each_had_its_effect_once(stage):
    for each in stage.synced:
        rows = each.station.daemon.rows
        kinds = {kind: sum(1 for _, sent in each.station.sent if sent == kind)
                 for kind in ("receipt", "release", "directive")}
        assert rows("SELECT count(*) FROM receipts") == [(kinds["receipt"],)]
        assert rows("SELECT count(*), count(DISTINCT command) FROM releases") == [
            (kinds["release"], kinds["release"])]
        assert rows("SELECT command FROM directives GROUP BY command HAVING count(*) > 1") == []
        accepted = rows("SELECT count(*) FROM commands WHERE kind = 'directive'"
                        " AND outcome = 'accepted'")
        assert rows("SELECT count(*) FROM directives") == accepted


def each_is_answered(stage):
    for each in stage.synced:
        assert not each.unanswered, f"{len(each.unanswered)} of {each.sent}"


def with_the_fdatasync_left_out_some_are_lost(stage):
    lost = sum(len(each.missing) for each in stage.unsynced)
    sent = sum(each.sent for each in stage.unsynced)
    print(f"# without fdatasync {lost} of {sent} are lost in {UNSYNCED} kills")
    assert lost > 0


if __name__ == "__main__":
    runner.run(
        nothing_is_left_in_the_spool,
        no_command_is_missing,
        each_had_its_effect_once,
        each_is_answered,
        with_the_fdatasync_left_out_some_are_lost,
        scene=scene)
