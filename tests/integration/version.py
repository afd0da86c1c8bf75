#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A broker that knows no MQTT 5: refused unless the configuration allows 3.1.1, and then told of.

usage: version.py HAZEWATCHD
"""
import contextlib
import socket
import threading

import inbox
import harness
import runner
import schemas
from harness import wait_for

CONNACK_REFUSED = bytes([0x20, 2, 0, 1])  # unacceptable protocol version


class OldBroker:
    """Stands before a real one: whoever speaks 5 is refused, all else goes through."""

    def __init__(self, world, broker):
        self.inner, self.refused = broker.port, 0
        self.socket = socket.create_server(("127.0.0.1", harness.free_port()))
        self.port = self.socket.getsockname()[1]
        world.callback(self.socket.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.socket.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    @staticmethod
    def pump(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def serve(self, client):
        first = client.recv(65536)
        # MQTT, its length before it, after the fixed header
        level = first[first.index(b"MQTT") + 4] if b"MQTT" in first else 0
        if level == 5:
            self.refused += 1
            client.sendall(CONNACK_REFUSED)
            client.close()
            return
        server = socket.create_connection(("127.0.0.1", self.inner))
        server.sendall(first)
        threading.Thread(target=self.pump, args=(server, client), daemon=True).start()
        self.pump(client, server)


class Site:
    def __init__(self, world, **mqtt):
        self.broker, slave = inbox.neighbours(world)
        self.old = OldBroker(world, self.broker)
        self.platform = world.subscribe(self.broker)
        self.daemon = harness.Daemon(world, harness.Clock(), slave.port, self.old.port, mqtt=mqtt)
        self.daemon.start()


def a_broker_of_3_1_1_is_no_broker_by_default(world):
    site = Site(world)
    wait_for("the refusal", lambda: site.daemon.lines("mqtt: no connection"),
             watched=[site.daemon])
    wait_for("another attempt", lambda: site.old.refused >= 2, watched=[site.daemon])
    assert not site.platform.all()


def with_version_auto_it_is_spoken_to_and_health_says_what_that_is_worth(world):
    site = Site(world, version="auto")
    wait_for("the health", lambda: site.platform.last("health"), watched=[site.daemon])
    wait_for("that it says so", lambda: site.platform.last("health")["delivery"] == "unverified",
             watched=[site.daemon])
    assert len(site.daemon.lines("with MQTT 3.1.1")) == 1
    site.platform.publish(f"{site.daemon.prefix}cmd/directive", inbox.directive())
    wait_for("the reply", lambda: site.platform.last("reply"), watched=[site.daemon])
    assert site.platform.last("reply")["outcome"] == "accepted"
    wait_for("an empty outbox", lambda: inbox.outbox(site.daemon) == {})
    schemas.check(site.platform.all())
    site.daemon.stop()
    wait_for("the goodbye", lambda: site.platform.last("state")["state"] == "offline")


if __name__ == "__main__":
    runner.run(
        a_broker_of_3_1_1_is_no_broker_by_default,
        with_version_auto_it_is_spoken_to_and_health_says_what_that_is_worth)
