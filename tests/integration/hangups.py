#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Brokers that hang up: on a message, on everything, when they have taken the station; and a cluster
of which a node goes.

usage: hangups.py HAZEWATCHD
"""
import harness
import rawbroker
import runner
from brokers import BROKER, NO_BROKER, Site


def a_warning_on_which_the_broker_hangs_up_is_sent_once_more_without_its_measures(world):
    site = Site(world)

    def take(message):
        if message.name == "warning" and "measures" in message.body:
            raise rawbroker.HangUp
        return 0
    site.broker.take = take
    site.broker.start()
    site.start()
    site.wait("a warning", lambda: site.broker.all("warning"))
    assert site.broker.last("warning")["omitted"][:2] == ["measures", "advice.outlook"]


def several_addresses_are_tried_in_turn_and_at_once(world):
    site = Site(world, speed=1)
    other, closed = rawbroker.RawBroker(world), harness.free_port()
    del site.daemon.config["mqtt"]["host"], site.daemon.config["mqtt"]["port"]
    site.daemon.config["mqtt"]["hosts"] = [
        {"host": "127.0.0.1", "port": port} for port in (closed, site.broker.port, other.port)]
    site.daemon.write_config()
    site.broker.start()
    other.start()
    site.start().wait_connected()
    assert not site.daemon.lines(NO_BROKER), site.daemon.log()
    site.broker.answer = lambda connect: (0x8b, {})  # it is shutting down
    site.broker.hang_up()
    site.wait("the other", lambda: other.connects)
    site.wait("the line", lambda: site.daemon.lines(f"{BROKER} to 127.0.0.1 port {other.port}"))
    other.answer = site.broker.answer
    other.hang_up()
    site.wait("the end of a round", lambda: len(site.broker.connects) >= 4)
    assert len(site.daemon.lines(NO_BROKER)) == 3, site.daemon.log()
    assert "and the others: the broker refuses: reason 139" in site.daemon.lines(NO_BROKER)[-1]


def a_message_on_which_the_broker_hangs_up_is_set_aside_and_the_others_go(world):
    site = Site(world)

    def take(message):
        if message.name == "cuts":
            raise rawbroker.HangUp
        return 0
    site.broker.take = take
    site.broker.start()
    site.start()
    site.wait("that it is set aside", lambda: site.daemon.lines("hung up twice when .* under cuts"))
    number = len(site.broker.all("aqi"))
    site.wait("later hours", lambda: len(site.broker.all("aqi")) >= number + 3)
    blocked = site.daemon.rows("SELECT DISTINCT topic FROM outbox WHERE state = 'blocked'")
    assert blocked == [("cuts",)], blocked
    assert site.broker.all("warning")


def where_it_hangs_up_on_what_nobody_waits_for_that_is_not_sent_for_an_hour(world):
    site = Site(world)

    def take(message):
        if message.qos == 0:
            raise rawbroker.HangUp
        return 0
    site.broker.take = take
    site.broker.start()
    site.start()
    site.wait("that it is set aside", lambda: site.daemon.lines("messages of QoS 0 were sent"))
    number = len(site.broker.all("aqi"))
    site.wait("later hours", lambda: len(site.broker.all("aqi")) >= number + 3)
    assert not site.daemon.lines("when message [0-9]"), site.daemon.log()


def a_broker_that_takes_the_station_and_hangs_up_is_one_outage(world):
    site = Site(world)
    site.broker.take = rawbroker.hang_up
    site.broker.start()
    site.start()
    site.wait("five attempts", lambda: len(site.broker.connects) >= 4, 60)
    assert len(site.daemon.lines(BROKER)) == 1, site.daemon.log()
    assert len(site.daemon.lines(NO_BROKER)) == 1, site.daemon.log()
    site.wait("the hint", lambda: len(site.daemon.lines(
        "does another client use the client id hazewatch-test-01")) == 1)
    site.broker.take = lambda message: 0
    site.wait("the end of it", lambda: len(site.daemon.lines(BROKER)) == 2, 90)
    assert site.daemon.lines("hung up twice"), site.daemon.log()
    site.wait("what it hung up on", lambda: not site.daemon.rows(
        "SELECT 1 FROM outbox WHERE state = 'blocked'"), 90)
    assert len(site.daemon.lines(NO_BROKER)) == 1, site.daemon.log()


if __name__ == "__main__":
    runner.run(
        a_warning_on_which_the_broker_hangs_up_is_sent_once_more_without_its_measures,
        several_addresses_are_tried_in_turn_and_at_once,
        a_message_on_which_the_broker_hangs_up_is_set_aside_and_the_others_go,
        where_it_hangs_up_on_what_nobody_waits_for_that_is_not_sent_for_an_hour,
        a_broker_that_takes_the_station_and_hangs_up_is_one_outage)
