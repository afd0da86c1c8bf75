#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The daemon and the brokers that a bureau has: mosquitto with each option that changes what it
allows, NATS and RabbitMQ as Debian has them, which speak MQTT 3.1.1 only.

usage: realbrokers.py HAZEWATCHD
"""
import os
import shutil
import subprocess
import time

import brokers
import harness
import inbox
import runner
from harness import wait_for

START_S = 120          # an Erlang machine on a busy one
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
SETTLED_S = 60
ALLOWED = {"mqtt": "5", "qos": 1, "retain": True, "max_packet_bytes": None, "commands": True}

# options of mosquitto: what health says of the broker, and which topics stay blocked
OPTIONS = {
    "retain_available false": ({"retain": False}, set()),
    "max_qos 0": ({"qos": 0}, set()),
    "max_qos 1": ({}, set()),
    "max_keepalive 10": ({}, set()),
    "max_inflight_messages 1": ({}, set()),
    "max_packet_size 4000": ({"max_packet_bytes": 4000}, {"plan"}),
    "message_size_limit 4000": ({}, {"plan"}),
    "max_queued_messages 1": ({}, set()),
    "max_connections 1": ({}, set()),
    "persistent_client_expiration 1h": ({}, set()),
    "allow_zero_length_clientid false": ({}, set()),
}


class Site:
    """A daemon whose hours take a second, and one of these brokers."""

    def __init__(self, world, broker, **mqtt):
        clock = harness.Clock(brokers.START * harness.HOUR_S, brokers.SPEED)
        self.broker = broker
        slave = harness.Slave(world).play_always(clock, brokers.REGISTERS).start()
        self.daemon = harness.Daemon(world, clock, slave.port, broker.port, mqtt=mqtt)

    def health(self):
        """The newest, as it stands in the database."""
        found = self.daemon.rows("SELECT payload FROM latest WHERE topic = 'health'")
        return harness.json.loads(found[0][0]) if found else {"broker": None}

    def waiting(self):
        return {topic for topic, in self.daemon.rows(
            "SELECT topic FROM outbox WHERE state = 'blocked'")}


def each_option_of_mosquitto_is_kept_to_and_no_hour_waits(world):
    sites = {}
    for number, option in enumerate(OPTIONS):
        part = world.part(str(number))
        sites[option] = Site(part, harness.Broker(part, option).start())
        sites[option].daemon.start()
    for option, (differs, blocked) in OPTIONS.items():
        site = sites[option]
        expected = {**ALLOWED, **differs}
        wait_for(f"{option}: {expected}", lambda site=site, expected=expected:
                 site.health()["broker"] == expected, SETTLED_S, [site.daemon])
        hour = site.daemon.newest_hour() + 2
        wait_for("hours", lambda site=site, hour=hour: site.daemon.newest_hour() > hour, SETTLED_S)
        wait_for(f"{option}: that hours have gone", lambda site=site: not site.daemon.rows(
            "SELECT 1 FROM outbox WHERE class <> 1 AND seq < (SELECT max(seq) - 50 FROM outbox)"),
            SETTLED_S)
        assert site.waiting() == blocked, (option, site.waiting())
        assert not site.daemon.lines(brokers.NO_BROKER), (option, site.daemon.log())


def a_wrong_password_is_called_so_by_mosquitto(world):
    passwords = world.write("passwords", "")
    subprocess.run(["mosquitto_passwd", "-b", passwords, "test-01", "right"], check=True,
                   capture_output=True)
    os.chmod(world.folder, 0o755)
    os.chmod(passwords, 0o644)
    secret = world.write("secret", "\ufeff\nwrong\n")
    site = Site(world, harness.Broker(world, "allow_anonymous false", f"password_file {passwords}")
                .start(), username="test-01", password_file=secret)
    site.daemon.start()
    wait_for("the refusal", lambda: site.daemon.lines("reason 135, not authorised"))
    world.write("secret", "\ufeff\nright\n")
    wait_for("the connection", lambda: site.daemon.lines(brokers.BROKER), SETTLED_S)


class Nats(harness.Process):
    def __init__(self, world):
        if not shutil.which("nats-server"):
            raise runner.Skipped("there is no nats-server")
        self.port = harness.free_port()
        config = world.write("nats.conf", "\n".join([
            "server_name: one", f"listen: 127.0.0.1:{harness.free_port()}",
            f'jetstream {{store_dir: "{world.path("jetstream")}"}}',
            f"mqtt {{listen: 127.0.0.1:{self.port}}}", ""]))
        super().__init__(world, "nats", ["nats-server", "-c", config])

    def start(self):
        self.launch()
        wait_for("its port", lambda: harness.is_open(self.port), START_S, [self])
        return self


class Rabbit(harness.Process):
    """One node, its epmd beside it: that would outlive us."""

    def __init__(self, world):
        if not os.path.exists(RABBITMQ):
            raise runner.Skipped("there is no rabbitmq-server")
        self.port, amqp, distribution, self.epmd_port = (harness.free_port() for _ in range(4))
        self.epmd = harness.Process(world, "epmd", ["epmd", "-port", str(self.epmd_port)])
        config = world.write("rabbitmq.conf", "\n".join([
            f"listeners.tcp.1 = 127.0.0.1:{amqp}", f"mqtt.listeners.tcp.1 = 127.0.0.1:{self.port}",
            "log.console = true", "log.file = false", ""]))
        self.environment = {
            "HOME": world.folder, "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1", "RUNNING_UNDER_SYSTEMD": "1",
            "RABBITMQ_NODENAME": "one@127.0.0.1", "RABBITMQ_USE_LONGNAME": "true",
            "RABBITMQ_NODE_PORT": str(amqp),
            "RABBITMQ_DIST_PORT": str(distribution), "RABBITMQ_CONFIG_FILE": config,
            "RABBITMQ_MNESIA_BASE": world.path("mnesia"), "RABBITMQ_LOG_BASE": world.path("log"),
            "RABBITMQ_PID_FILE": world.path("pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": world.write("plugins", "[rabbitmq_mqtt].\n")}
        super().__init__(world, "rabbitmq", [RABBITMQ])

    def start(self):
        if not self.epmd.runs():
            self.epmd.launch(ERL_EPMD_ADDRESS="127.0.0.1")
        self.launch(**self.environment)
        wait_for("its port", lambda: harness.is_open(self.port), START_S, [self])
        return self


def serves(world, broker, why):
    """An old broker is spoken to in its own words: hours and warnings out, a directive in, and back
    at once after it was away. `why`: the line that must not be there."""
    site = Site(world, broker, version="auto")
    platform = world.subscribe(broker, old=True)
    site.daemon.start()
    wait_for("a warning", lambda: platform.last("warning"), SETTLED_S, [site.daemon])
    assert site.daemon.lines("with MQTT 3.1.1"), site.daemon.log()
    assert not site.daemon.lines(why), site.daemon.log()
    when = harness.text_of(site.daemon.clock.now() - 60)
    platform.publish(f"{site.daemon.prefix}cmd/directive", {**inbox.directive("red"), "time": when,
                                                             "start": when})
    wait_for("the reply", lambda: platform.last("reply"), SETTLED_S, [site.daemon])
    assert platform.last("reply")["outcome"] == "accepted", platform.last("reply")
    wait_for("what is in force", lambda: platform.last("warning")["in_force"], SETTLED_S)
    broker.kill()
    time.sleep(5)
    broker.start()
    began, number = time.monotonic(), len(platform.all("warning"))
    wait_for("a new warning", lambda: len(platform.all("warning")) > number, SETTLED_S,
             [site.daemon])
    print(f"# the first warning {time.monotonic() - began:.1f} s after the port is open")
    site.daemon.stop()


def nats_is_spoken_to_in_3_1_1_and_believed(world):
    serves(world, Nats(world).start(), "hung up on the CONNECT")


def rabbitmq_which_hangs_up_on_mqtt_5_is_spoken_to_in_3_1_1(world):
    serves(world, Rabbit(world).start(), "the broker refuses")


if __name__ == "__main__":
    runner.run(
        each_option_of_mosquitto_is_kept_to_and_no_hour_waits,
        a_wrong_password_is_called_so_by_mosquitto,
        nats_is_spoken_to_in_3_1_1_and_believed,
        rabbitmq_which_hangs_up_on_mqtt_5_is_spoken_to_in_3_1_1)
