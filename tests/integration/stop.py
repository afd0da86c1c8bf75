#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""SIGTERM ends the daemon within two seconds, whatever it waits for, and leaves a clean house.

usage: stop.py HAZEWATCHD [--slow]
"""
import contextlib
import os
import signal
import socket
import threading
import time

import harness
import runner
from harness import STOP_LIMIT_S, wait_for

REGISTERS = [805, 1005, 205, 405, 95, 605]
PHASES = 3  # moments within a second at which a stop is tried
UNROUTABLE = "192.0.2.1"  # RFC 5737: nobody's address


class Mute:
    """Accepts and never answers; knows whether somebody has said something, or a certain word."""

    def __init__(self, world, port=None, word=b""):
        self.word = word
        self.socket = socket.create_server(("127.0.0.1", port or harness.free_port()))
        self.port = self.socket.getsockname()[1]
        self.heard, self.connections = threading.Event(), []
        world.callback(self.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes the one that accepts
        for each in (self.socket, *self.connections):
            each.close()

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.hear, args=(connection,), daemon=True).start()

    def hear(self, connection):
        while True:
            try:
                said = connection.recv(4096)
            except OSError:
                return
            if not said:
                return
            if self.word in said:
                self.heard.set()


class Full:
    """A port whose queue of connections is full: whoever connects waits, as for a host that drops
    everything."""

    def __init__(self, world, port=None):
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port or harness.free_port()))
        self.socket.listen(0)
        self.port = self.socket.getsockname()[1]
        self.waiting = []
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self.waiting.append(client)
        world.callback(self.close)

    def close(self):
        for each in (self.socket, *self.waiting):
            each.close()


def real_time(world, slave_port, broker_port, **settings):
    return harness.Daemon(world, harness.Clock(), slave_port, broker_port, **settings)


def answering_slave(world):
    return harness.Slave(world).play_always(harness.Clock(), REGISTERS).start()


def check_house(daemon):
    """Whole databases, no log left to be played back, nobody's lock."""
    for file in ("state.db", "samples.db"):
        wal = os.path.join(daemon.data, file + "-wal")
        assert not os.path.exists(wal) or os.path.getsize(wal) == 0, f"{file}-wal is left"
        assert daemon.rows("PRAGMA integrity_check", file=file) == [("ok",)], file
    assert daemon.lines("notice: stopped"), "it did not say that it stopped"


def stop_in_time(daemon, limit_s=STOP_LIMIT_S):
    took = daemon.stop()
    assert took <= limit_s, f"it took {took:.2f} s"
    check_house(daemon)
    return took


def an_idle_daemon_ends_at_once_and_says_goodbye(world):
    broker, slave = harness.Broker(world).start(), answering_slave(world)
    listener = world.subscribe(broker)
    daemon = real_time(world, slave.port, broker.port).start()
    wait_for("the connection", lambda: listener.last("state"), watched=[daemon])
    took = stop_in_time(daemon)
    wait_for("the goodbye", lambda: listener.last("state")["state"] == "offline")
    assert listener.last("state")["why"] == "stopped"
    print(f"# {took:.2f} s")


def the_minute_that_was_running_is_stored(world):
    broker, slave = harness.Broker(world).start(), answering_slave(world)
    daemon = real_time(world, slave.port, broker.port, sensors=[
        {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 0.5}])
    # not across the end of a minute: its row could be of either
    time.sleep(max(0, time.time() % 60 - 52))
    if time.time() % 60 > 52:
        time.sleep(60.5 - time.time() % 60)
    began = time.time()
    daemon.start()
    time.sleep(3)
    stop_in_time(daemon)
    lasted_ms = (time.time() - began) * 1000
    rows = daemon.rows("SELECT minute, covered_ms, weighted, samples FROM minutes",
                       file="samples.db")
    assert len(rows) == 6, rows
    for minute, covered_ms, _, samples in rows:
        assert minute == int(began // 60), rows
        assert 2500 <= covered_ms <= lasted_ms and samples >= 5, rows
    assert (rows[0][2] / rows[0][1]) == 80500, rows


def a_slave_that_never_answers_does_not_hold_it_up(world):
    mute, broker = Mute(world), harness.Broker(world).start()
    daemon = real_time(world, mute.port, broker.port, sensors=[
        {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 0.1}])
    daemon.config["buses"][0]["response_timeout_ms"] = 1000
    daemon.write_config()
    for phase in range(PHASES):
        mute.heard.clear()
        daemon.start()
        assert mute.heard.wait(harness.PATIENCE_S), "nobody asked the slave"
        time.sleep(phase / PHASES)
        stop_in_time(daemon)


def a_slave_that_drops_every_connection_attempt_does_not_hold_it_up(world):
    full, broker = Full(world), harness.Broker(world).start()
    daemon = real_time(world, full.port, broker.port)
    daemon.config["buses"][0]["response_timeout_ms"] = 1000
    daemon.write_config()
    for phase in range(PHASES):
        daemon.start()
        time.sleep(phase / PHASES)
        stop_in_time(daemon)


def a_broker_that_never_answers_does_not_hold_it_up(world):
    mute, slave = Mute(world), answering_slave(world)
    daemon = real_time(world, slave.port, mute.port)
    for phase in range(PHASES):
        mute.heard.clear()
        daemon.start()
        assert mute.heard.wait(harness.PATIENCE_S), "nobody spoke to the broker"
        time.sleep(phase / PHASES)
        stop_in_time(daemon)


def a_broker_that_stands_still_does_not_hold_it_up(world):
    broker, slave = harness.Broker(world).start(), answering_slave(world)
    daemon = real_time(world, slave.port, broker.port)
    daemon.start()
    wait_for("the connection", lambda: daemon.lines("mqtt: connected"), watched=[daemon])
    broker.signal(signal.SIGSTOP)
    time.sleep(0.5)
    stop_in_time(daemon)


def a_broker_that_cannot_be_reached_does_not_hold_it_up(world):
    slave = answering_slave(world)
    daemon = real_time(world, slave.port, Full(world).port)
    for host, port in (("127.0.0.1", harness.free_port()), ("127.0.0.1", Full(world).port),
                       (UNROUTABLE, 1883), ("broker.invalid", 1883)):
        daemon.config["mqtt"] = {"host": host, "port": port}
        daemon.write_config()
        for phase in range(PHASES):
            daemon.start()
            time.sleep(phase / PHASES)
            stop_in_time(daemon)


def a_stop_while_it_starts_is_a_stop_like_any_other(world):
    """From the moment at which it has its folder: before that there is nothing to be left clean."""
    slave = answering_slave(world)
    wrong = []
    for attempt in range(10):
        inner = world.part(str(attempt))
        daemon = real_time(inner, slave.port, harness.free_port()).launch()
        wait_for("the lock", lambda daemon=daemon: os.path.exists(daemon.data + "/lock"),
                 watched=[daemon])
        time.sleep(attempt * 0.001)
        began = time.monotonic()
        daemon.signal(signal.SIGTERM)
        code, took = daemon.wait(), time.monotonic() - began
        if code != 0 or took > STOP_LIMIT_S:
            wrong.append(f"{attempt} ms after the lock: exit {code} after {took:.2f} s")
    assert not wrong, "; ".join(wrong)


def after_every_way_to_stop_it_starts_again(world):
    slave, broker = answering_slave(world), harness.Broker(world).start()
    daemon = real_time(world, slave.port, broker.port)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
        daemon.start()
        began = time.monotonic()
        daemon.signal(number)
        assert daemon.wait() == 0, number.name
        assert time.monotonic() - began <= STOP_LIMIT_S, number.name
        check_house(daemon)


if __name__ == "__main__":
    runner.run(
        an_idle_daemon_ends_at_once_and_says_goodbye,
        a_slave_that_never_answers_does_not_hold_it_up,
        a_broker_that_never_answers_does_not_hold_it_up,
        after_every_way_to_stop_it_starts_again,
        slow=(the_minute_that_was_running_is_stored,
              a_slave_that_drops_every_connection_attempt_does_not_hold_it_up,
              a_broker_that_stands_still_does_not_hold_it_up,
              a_broker_that_cannot_be_reached_does_not_hold_it_up,
              a_stop_while_it_starts_is_a_stop_like_any_other))
