#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The fault catalogue of a poor uplink: a link of 64 kbit/s with a round trip of 2 s that loses a
fifth of what it carries, and meanwhile, at other stations, a second client with their id.

usage: uplink.py HAZEWATCHD --slow
"""
import collections
import random
import re
import socket
import threading
import time
from types import SimpleNamespace

import paho.mqtt.client as paho

import harness
import inbox
import runner
from harness import wait_for

BYTES_S = 64000 / 8
HALF_TRIP_S = 1.0
LOST, AGAIN_S = 0.2, 3.0  # of the packets; until TCP sends one again
PACKET = 1024
SEED = 20260110
DATA, WARNINGS = 40, 20   # messages that wait, the data before the warnings
PADDING = "x" * 500
DRAINED_S = 150
KEPT = 0.98                # of the polls
LOST_LINE, CONNECTED = "mqtt: no connection", "mqtt: connected"
TAKEN = f"{LOST_LINE} .*another client connected with the same client id"
ROUNDS = 5      # of two clients that take the id from each other: back-offs of 1 to 16 s
GAP_S = 60      # at least, once the broker has said what happened
BACK_S = 60


class Narrow:
    """What comes to its port goes on to the broker's, and back, as such a link carries it: in order,
    as TCP does, so that a packet that is lost holds up those after it."""

    def __init__(self, world, port):
        self.broker, self.dice, self.lost = port, random.Random(SEED), 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        world.callback(self.socket.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PACKET)
            far = socket.create_connection(("127.0.0.1", self.broker))
            for pair in ((near, far), (far, near)):
                packets = collections.deque()
                for work in (self.take, self.give):
                    threading.Thread(target=work, args=(*pair, packets), daemon=True).start()

    def take(self, source, _target, packets):
        """No faster than the link; the end is a packet, too."""
        due, data = 0.0, b"-"
        while data:
            try:
                data = source.recv(PACKET)
            except OSError:
                data = b""
            time.sleep(len(data) / BYTES_S)
            lost = self.dice.random() < LOST
            self.lost += lost
            due = max(due, time.monotonic() + HALF_TRIP_S + lost * AGAIN_S)
            packets.append((due, data))

    @staticmethod
    def give(_source, target, packets):
        while True:
            if not packets:
                time.sleep(0.01)
                continue
            due, data = packets.popleft()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not data:
                    target.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(data)
            except OSError:
                return


def backlog(name, numbers):
    return [harness.json.dumps({"id": f"{name}-{number}", "seq": number, "padding": PADDING})
            for number in numbers]


def stored_polls(site):
    """Of one pollutant, with poll_s 1."""
    (total,), = site.daemon.rows("SELECT coalesce(sum(samples), 0) FROM minutes WHERE channel ="
                                 " (SELECT min(id) FROM channels)", file="samples.db")
    return total


def begin_narrow(world):
    """A daemon with messages that wait and nothing but that link."""
    site = inbox.Site(world)
    site.daemon.config["sensors"][0]["poll_s"] = 1
    site.daemon.config["mqtt"]["port"] = harness.free_port()
    site.daemon.write_config()
    site.daemon.start()
    site.daemon.stop()
    with harness.contextlib.closing(harness.sqlite3.connect(
            f"{site.daemon.data}/state.db")) as database:
        harness.put_in_outbox(database, "aqi", backlog("data", range(DATA)), 2)
        harness.put_in_outbox(database, "warning/event", backlog("warning", range(WARNINGS)))
        database.commit()
    link = Narrow(world, site.broker.port)
    site.daemon.config["mqtt"]["port"] = link.port
    site.daemon.write_config()
    site.polls = stored_polls(site)
    site.daemon.start()
    site.began = time.monotonic()
    return site, link


def arrived(site):
    """[(what, number)] of the backlog, in the order of their first arrival."""
    found = {}
    for message in site.platform.all():
        of = re.fullmatch(r"(data|warning)-(\d+)", message.body.get("id", ""))
        if of:
            found.setdefault((of[1], int(of[2])), message.at)
    return sorted(found, key=found.get)


class Rival:
    """Another client with the station's id, that comes back at once; its will says offline."""

    def __init__(self, world, site):
        will = {**site.platform.last("state"), "state": "offline", "why": "lost"}
        self.client = paho.Client(client_id="hazewatch-test-01", protocol=paho.MQTTv5)
        self.client.will_set(f"{site.daemon.prefix}state", harness.json.dumps(will), qos=1,
                             retain=True)
        self.client.reconnect_delay_set(0.1, 0.1)
        world.callback(self.leave)
        self.client.connect("127.0.0.1", site.broker.port)
        self.client.loop_start()

    def leave(self):
        """Without a goodbye: that would take back its will."""
        self.client.loop_stop(force=True)


class Telling:
    """A broker, as far as it goes, that takes a client and a second later tells it of another."""

    def __init__(self, world):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.moments = []
        world.callback(self.socket.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with client:
                client.recv(4096)
                client.sendall(b"\x20\x03\0\0\0")  # CONNACK
                time.sleep(1)
                client.sendall(b"\xe0\x02\x8e\0")   # DISCONNECT, session taken over
            self.moments.append(time.monotonic())


def moments_of_coming(site):
    """When the daemon connected, as the broker tells it, in whole seconds; the rival has another
    keep alive."""
    return [int(line.split(":")[0]) for line in
            site.broker.lines("New client connected .* as hazewatch-test-01 .p5, c0, k30")]


def begin_telling(world):
    telling = Telling(world)
    slave = harness.Slave(world).play_always(harness.Clock(), inbox.REGISTERS).start()
    telling.daemon = harness.Daemon(world, harness.Clock(), slave.port, telling.port).start()
    return telling


def scene(world):
    telling = begin_telling(world.part("telling"))
    taken = inbox.Site(world.part("taken")).start()
    rival = Rival(world, taken)
    narrow, link = begin_narrow(world.part("narrow"))
    began = time.monotonic()
    wait_for("the backlog", lambda: len(arrived(narrow)) == DATA + WARNINGS, DRAINED_S,
             [narrow.daemon])
    print(f"# {DATA + WARNINGS} messages in {time.monotonic() - began:.0f} s,"
          f" {link.lost} packets lost")
    wait_for("the rounds", lambda: len(moments_of_coming(taken)) > ROUNDS, 2 * 2 ** ROUNDS,
             [taken.daemon])
    rival.leave()
    rounds = len(moments_of_coming(taken))
    wait_for("the end of the rounds", lambda: len(moments_of_coming(taken)) > rounds, BACK_S,
             [taken.daemon])
    while time.monotonic() < telling.moments[0] + GAP_S:
        time.sleep(0.1)
    narrow.lasted_s = time.monotonic() - narrow.began
    narrow.stop_s = narrow.daemon.stop()
    return SimpleNamespace(narrow=narrow, taken=taken, telling=telling)


def row_33_warnings_come_before_data_and_both_oldest_first(stage):
    expected = [("warning", i) for i in range(WARNINGS)] + [("data", i) for i in range(DATA)]
    found = arrived(stage.narrow)
    assert found == expected, found


def row_33_the_link_holds_and_polls_keep_time(stage):
    site = stage.narrow
    assert len(site.daemon.lines(CONNECTED)) == 1, site.daemon.lines("mqtt")
    polls = stored_polls(site) - site.polls
    print(f"# {polls} polls in {site.lasted_s:.1f} s")
    assert polls >= KEPT * (site.lasted_s - 1), f"{polls} polls in {site.lasted_s:.1f} s"


def row_33_a_stop_is_in_time_all_the_same(stage):
    assert stage.narrow.stop_s <= harness.STOP_LIMIT_S, f"it took {stage.narrow.stop_s:.2f} s"


def row_31_two_clients_of_one_id_take_it_from_each_other_less_and_less_often(stage):
    moments = moments_of_coming(stage.taken)
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:])]
    print(f"# back after {gaps} s")
    assert len(gaps) >= ROUNDS, gaps
    for number, gap in enumerate(gaps[:ROUNDS]):
        assert gap >= 0.5 * 2 ** number - 1, gaps


def row_31_the_log_names_the_id_and_has_one_pair_of_lines_for_all_of_it(stage):
    daemon = stage.taken.daemon
    assert len(daemon.lines("does another client use the client id hazewatch-test-01")) == 1
    assert len(daemon.lines(LOST_LINE)) == 1, daemon.lines("mqtt")


def row_31_a_broker_that_tells_of_the_other_is_left_alone_for_a_minute(stage):
    assert len(stage.telling.moments) == 1, stage.telling.moments
    assert len(stage.telling.daemon.lines(TAKEN)) == 1, stage.telling.daemon.log()
    assert stage.telling.daemon.stop() <= harness.STOP_LIMIT_S


def row_31_the_state_that_remains_is_online(stage):
    site = stage.taken
    late = site.world.subscribe(site.broker, late=True)
    wait_for("what the broker kept", lambda: late.last("state"))
    time.sleep(1)
    assert late.last("state")["state"] == "online", late.all("state")
    site.daemon.stop()


if __name__ == "__main__":
    runner.run(
        row_33_warnings_come_before_data_and_both_oldest_first,
        row_33_the_link_holds_and_polls_keep_time,
        row_33_a_stop_is_in_time_all_the_same,
        row_31_two_clients_of_one_id_take_it_from_each_other_less_and_less_often,
        row_31_the_log_names_the_id_and_has_one_pair_of_lines_for_all_of_it,
        row_31_a_broker_that_tells_of_the_other_is_left_alone_for_a_minute,
        row_31_the_state_that_remains_is_online,
        scene=scene)
