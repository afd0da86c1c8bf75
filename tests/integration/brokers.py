#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Brokers as they are: away for a while, old, small, forgetful, in a hurry to hang up; and a backlog
for them.

usage: brokers.py HAZEWATCHD [--slow]
"""
import contextlib
import sqlite3
import time

import harness
import rawbroker
import runner
import schemas
from harness import HOUR_S, hour_of, wait_for

START = hour_of("2026-01-10T00:00:00+08:00")
SPEED = 3600  # an hour in a second
REGISTERS = [805, 1005, 205, 405, 95, 605]
NO_BROKER, BROKER = "mqtt: no connection", "mqtt: connected"
MONTH = 768           # rows of a month of hours
DRAINED_S = 5         # ten times what is promised, on a machine that has other things to do
OUTAGE_S = 15
BACK_S, BACK_OTHERWISE_S = 2, 12
LARGEST = 3000        # bytes of a packet
MACHINE_S = 1         # what a busy one may add


class Site:
    """A daemon whose broker is a raw one; nothing is started."""

    def __init__(self, world, speed=SPEED, **mqtt):
        clock = harness.Clock(START * HOUR_S, speed)
        self.broker = rawbroker.RawBroker(world)
        self.slave = harness.Slave(world).play_always(clock, REGISTERS)
        self.daemon = harness.Daemon(world, clock, self.slave.port, self.broker.port, mqtt=mqtt)

    def start(self):
        self.slave.start()
        self.daemon.start()
        return self

    def wait(self, what, condition, limit_s=harness.PATIENCE_S):
        return wait_for(what, condition, limit_s, [self.daemon])

    def wait_connected(self):
        self.wait("a connection", lambda: self.daemon.lines(BROKER))
        return self


def fill(daemon, rows):
    """Hours of a backlog, before the daemon is started."""
    daemon.start()
    daemon.stop()
    with contextlib.closing(sqlite3.connect(f"{daemon.data}/state.db")) as database:
        harness.put_in_outbox(database, "aqi", [
            harness.json.dumps({"id": f"old-{number}", "seq": number, "padding": "x" * 1000})
            for number in range(rows)], 2)
        database.commit()


def backlog(broker):
    return [message for message in broker.arrived if str(message.body.get("id", ""))[:4] == "old-"]


def a_month_of_hours_is_sent_at_once(world):
    site = Site(world, speed=1)
    fill(site.daemon, MONTH)
    site.broker.start()
    site.broker.delay_s = 0.005
    site.start()
    site.wait("the month", lambda: len(backlog(site.broker)) >= MONTH)
    rows = backlog(site.broker)
    took = rows[-1].at - rows[0].at
    print(f"# {MONTH} rows in {took:.2f} s, at most {site.broker.most_unanswered} in flight")
    assert len({row.body["id"] for row in rows}) == len(rows) == MONTH
    assert took <= DRAINED_S
    assert 10 < site.broker.most_unanswered <= 32


def where_answers_take_long_a_warning_waits_behind_few_rows(world):
    site = Site(world, speed=1)
    fill(site.daemon, 100)
    site.broker.start()
    site.broker.delay_s = 1.5
    site.start()
    site.wait("some rows", lambda: len(backlog(site.broker)) >= 20)
    assert site.broker.most_unanswered <= 8 + 10, site.broker.most_unanswered


def a_warning_goes_out_within_two_seconds_of_the_broker_s_return(world):
    site = Site(world).start()
    site.wait("the first failure", lambda: site.daemon.lines(NO_BROKER))
    time.sleep(OUTAGE_S)
    began = time.monotonic()
    site.broker.start()
    site.wait("the warning", lambda: site.broker.all("warning"))
    took = site.broker.all("warning")[0].at - began
    print(f"# the first warning {took:.2f} s after the broker is back")
    assert took <= BACK_S + MACHINE_S
    assert len(site.daemon.lines(NO_BROKER)) == 1


def a_broker_that_refuses_is_asked_again_within_ten_seconds_while_a_warning_waits(world):
    site = Site(world)
    site.broker.start()
    site.broker.answer = lambda connect: (0x88, {})  # server unavailable
    site.start()
    site.wait("attempts", lambda: len(site.broker.connects) >= 6, 10 * BACK_OTHERWISE_S)
    moments = [connect.at for connect in site.broker.connects]
    gaps = [round(later - earlier, 1) for earlier, later in zip(moments, moments[1:])]
    print(f"# asked again after {gaps} s")
    assert max(gaps) <= 10 + MACHINE_S
    site.broker.answer = lambda connect: (0, {})
    began = time.monotonic()
    site.wait("the warning", lambda: site.broker.all("warning"))
    assert site.broker.all("warning")[0].at - began <= BACK_OTHERWISE_S + MACHINE_S


# ---- versions and refusals ----

def hang_up_on_5(connect, how=rawbroker.HangUp):
    if connect.version == 5:
        raise how
    return 0, {}


def a_broker_that_hangs_up_on_mqtt_5_is_spoken_to_in_3_1_1_at_once(world):
    for number, how in enumerate((rawbroker.HangUp, rawbroker.Reset)):
        site = Site(world.part(f"{number}"), speed=1, version="auto")
        site.broker.start()
        site.broker.answer = lambda connect, how=how: hang_up_on_5(connect, how)
        site.start().wait_connected()
        line, = site.daemon.lines(BROKER)
        assert "with MQTT 3.1.1" in line, line
        assert not site.daemon.lines(NO_BROKER), site.daemon.log()
        assert [connect.version for connect in site.broker.connects] == [5, 4]


def with_version_5_it_is_told_what_such_a_broker_does(world):
    site = Site(world, speed=1)
    site.broker.start()
    site.broker.answer = hang_up_on_5
    site.start()
    site.wait("another attempt", lambda: len(site.broker.connects) >= 2)
    line, = site.daemon.lines(NO_BROKER)
    assert "hung up on the CONNECT" in line, line
    assert {connect.version for connect in site.broker.connects} == {5}


def refusals_are_told_in_words_with_their_number_and_a_new_one_again(world):
    site = Site(world, speed=1)
    site.start()
    site.wait("the first failure", lambda: site.daemon.lines(NO_BROKER))
    assert "Connection refused" in site.daemon.lines(NO_BROKER)[0], site.daemon.log()
    site.broker.answer = lambda connect: (0x86, {})
    site.broker.start()
    site.wait("the next", lambda: len(site.daemon.lines(NO_BROKER)) == 2)
    assert "reason 134, bad user name or password" in site.daemon.lines(NO_BROKER)[1]
    site.wait("another attempt", lambda: len(site.broker.connects) >= 3)
    assert len(site.daemon.lines(NO_BROKER)) == 2, site.daemon.log()
    site.broker.take = lambda message: 0x97 if message.name == "state" else 0
    site.broker.answer = lambda connect: (0, {})
    site.wait_connected()
    site.wait("the refusal", lambda: site.daemon.lines("under state: reason 151, quota exceeded"))


def an_old_broker_s_refusal_is_told_in_its_own_number(world):
    site = Site(world, speed=1, version="auto")
    site.broker.answer = lambda connect: (0x84 if connect.version == 5 else 5, {})
    site.broker.start()
    site.start()
    site.wait("the refusal", lambda: site.daemon.lines(NO_BROKER))
    line, = site.daemon.lines(NO_BROKER)
    assert "reason 5, not authorised" in line, line


# ---- what a broker allows ----

def a_broker_s_receive_maximum_bounds_what_is_in_flight(world):
    for most in (3, 1):
        site = Site(world.part(str(most)), speed=1)
        fill(site.daemon, 50)
        site.broker.start()
        site.broker.answer = lambda connect, most=most: (0, {rawbroker.RECEIVE_MAXIMUM: most})
        site.broker.delay_s = 0.01
        site.start()
        site.wait("the backlog", lambda site=site: len(backlog(site.broker)) >= 50)
        assert 0 < site.broker.most_unanswered <= most, site.broker.most_unanswered


def without_retained_messages_and_qos_1_it_goes_on_and_says_so(world):
    """Its last will, too, is of the kind that the broker takes."""
    site = Site(world)

    def answer(connect):
        if connect.will["retain"]:
            return 0x9a, {}
        if connect.will["qos"]:
            return 0x9b, {}
        return 0, {rawbroker.RETAIN_AVAILABLE: 0, rawbroker.MAXIMUM_QOS: 0}
    site.broker.answer = answer
    site.broker.start()
    site.start()
    site.wait("the health", lambda: (site.broker.last("health") or {}).get("broker"))
    health = site.broker.last("health")
    assert health["broker"] == {"mqtt": "5", "qos": 0, "retain": False, "max_packet_bytes": None,
                                "commands": True}
    assert health["delivery"] == "unverified"
    site.wait("a warning", lambda: site.broker.all("warning"))
    assert not any(message.retain or message.qos for message in site.broker.arrived)
    assert not site.daemon.lines(NO_BROKER), site.daemon.log()
    site.wait("that nothing waits", lambda: not site.daemon.rows(
        "SELECT 1 FROM outbox WHERE topic = 'warning/event'"))


def a_shorter_keep_alive_of_the_broker_is_kept_to(world):
    site = Site(world, speed=1, keepalive_s=60)
    site.broker.answer = lambda connect: (0, {rawbroker.SERVER_KEEP_ALIVE: 2})
    site.broker.start()
    site.start().wait_connected()
    assert [connect.keepalive for connect in site.broker.connects] == [60, 2]
    assert len(site.daemon.lines(BROKER)) == 1
    site.wait("two pings", lambda: len(site.broker.pings) >= 2)
    assert len(site.broker.connects) == 2 and not site.daemon.lines(NO_BROKER)


def a_warning_that_is_larger_than_the_broker_takes_goes_without_its_measures(world):
    """The plan has them, for whoever has it; what is too large even so waits, and nothing else."""
    site = Site(world)
    prefix, now = site.daemon.prefix, site.daemon.clock.now
    site.broker.commands.append((f"{prefix}cmd/directive", harness.json.dumps(
        {"id": "d-1", "issuer": "x", "time": harness.text_of(now()), "level": "red",
         "start": harness.text_of(now())}).encode()))
    site.broker.answer = lambda connect: (0, {rawbroker.MAXIMUM_PACKET: LARGEST})
    site.broker.start()
    site.start()
    site.wait("a red warning", lambda: any(
        message.body["in_force"] for message in site.broker.all("warning")))
    site.wait("the line", lambda: site.daemon.lines(f"the broker takes {LARGEST} at most"))
    site.wait("the health", lambda: site.broker.last("health")["outbox"]["blocked"])
    assert site.broker.last("health")["broker"]["max_packet_bytes"] == LARGEST
    sizes = {message.name: message.size for message in site.broker.arrived}
    assert max(sizes.values()) <= LARGEST, sizes
    warning = next(message.body for message in site.broker.all("warning")
                   if message.body["in_force"])
    assert warning["in_force"]["level"] == "red" and "measures" in warning["omitted"]
    assert site.broker.all("warning/event") and site.broker.all("aqi")
    schemas.check({message.name: message for message in site.broker.kept}.values())
    blocked = {topic for topic, in site.daemon.rows(
        "SELECT topic FROM outbox WHERE state = 'blocked'")}
    assert blocked == {"plan", "warning/cap/directive"}, blocked


def what_the_plan_brings_is_retained_for_whoever_comes_later(world):
    site = Site(world, speed=1)
    site.broker.commands.append((site.daemon.prefix + "cmd/dust", b"{}"))
    site.broker.start()
    site.start()
    site.wait("the plan and a refusal", lambda: site.broker.all("plan") and site.broker.all("reply"))
    reply, = site.broker.all("reply")
    assert not reply.retain and reply.properties[rawbroker.MESSAGE_EXPIRY] == 7 * 24 * 3600
    message, = site.broker.all("plan")
    assert rawbroker.MESSAGE_EXPIRY not in message.properties, message.properties  # it is not said again
    assert message.retain and message.qos == 1 and message.size <= 15 * 1024 + 200
    schemas.check([message])
    assert set(message.body["omitted"]) <= {"measures.clause"}


def the_last_will_waits_half_a_minute_or_as_long_as_it_is_told(world):
    for number, (delay, mqtt) in enumerate({30: {}, 0: {"will_delay_s": 0}}.items()):
        site = Site(world.part(str(number)), speed=1, **mqtt)
        site.broker.start()
        site.start().wait_connected()
        connect = site.broker.connects[0]
        assert connect.will["properties"][rawbroker.WILL_DELAY] == delay, connect
        site.daemon.stop()
        site.wait("the goodbye", lambda site=site: site.broker.last("state")["state"] == "offline")
        assert site.broker.goodbyes == 1


SLOW = (
    a_warning_goes_out_within_two_seconds_of_the_broker_s_return,
    a_broker_that_refuses_is_asked_again_within_ten_seconds_while_a_warning_waits,
    refusals_are_told_in_words_with_their_number_and_a_new_one_again,
    where_answers_take_long_a_warning_waits_behind_few_rows,
    with_version_5_it_is_told_what_such_a_broker_does,
    an_old_broker_s_refusal_is_told_in_its_own_number,
    a_broker_s_receive_maximum_bounds_what_is_in_flight,
    without_retained_messages_and_qos_1_it_goes_on_and_says_so,
    a_shorter_keep_alive_of_the_broker_is_kept_to,
    the_last_will_waits_half_a_minute_or_as_long_as_it_is_told)

if __name__ == "__main__":
    runner.run(
        a_month_of_hours_is_sent_at_once,
        a_broker_that_hangs_up_on_mqtt_5_is_spoken_to_in_3_1_1_at_once,
        a_warning_that_is_larger_than_the_broker_takes_goes_without_its_measures,
        what_the_plan_brings_is_retained_for_whoever_comes_later,
        slow=SLOW)
