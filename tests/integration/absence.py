#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What is not there is said once and waited for: slave, broker, both, in any order; hours close all
the while, and what was to be said meanwhile is said afterwards.

usage: absence.py HAZEWATCHD [--slow]
"""
import signal
import time

import harness
import runner
from harness import HOUR_S, hour_of, wait_for

SPEED = 3600   # an hour in a second
OUTAGE_S = 3   # after it was noticed
APART_S = 0.5  # between two that appear
START = hour_of("2026-01-10T00:00:00+08:00")
REGISTERS = [805, 1005, 205, 405, 95, 605]
# The daemon waits 1, 2, 4, ... seconds between its attempts, the broker's give or take half.
RETURN_S = 15

NO_BUS, BUS_OPEN, BUS_BACK = "bus sim: cannot open", "bus sim: .* is open", "bus sim: .* is back"
NO_ANSWER, ANSWERS = "roof: no answer", "roof: back after"
NO_BROKER, BROKER = "mqtt: no connection", "mqtt: connected"


class Site:
    """Slave, broker and daemon with their ports, none of them started."""

    def __init__(self, world, **settings):
        self.world = world
        clock = harness.Clock(START * HOUR_S, SPEED)
        self.broker, self.slave = harness.Broker(world), harness.Slave(world)
        self.slave.play_always(clock, REGISTERS)
        self.daemon = harness.Daemon(world, clock, self.slave.port, self.broker.port, **settings)
        self.listener = None

    def open_broker(self):
        """A subscriber is there before the daemon comes back, so that it can miss nothing."""
        self.broker.start()
        if self.listener is None:
            self.listener = self.world.subscribe(self.broker)

    def close_broker(self):
        self.broker.save()
        self.broker.kill()

    def wait_log(self, pattern, times=1, limit_s=RETURN_S):
        wait_for(f"{times} x {pattern}", lambda: len(self.daemon.lines(pattern)) >= times, limit_s,
                 [self.daemon])

    def hours_close(self, hours=2):
        """The daemon is at work."""
        before = max(START, self.daemon.newest_hour())
        wait_for(f"{hours} more hours", lambda: self.daemon.newest_hour() >= before + hours,
                 watched=[self.daemon])

    def count(self, **expected):
        """Names are those of the patterns above."""
        for name, times in expected.items():
            lines = self.daemon.lines(globals()[name])
            assert len(lines) == times, f"{name} {times} times, not {lines}"

    def all_arrives(self):
        """Every hour and event that is stored."""
        newest = self.daemon.newest_hour()
        wait_for("every hour's AQI", lambda: {
            hour_of(body["hour"]) for body in self.listener.once("aqi")} >= {
                hour for (hour,) in self.daemon.rows("SELECT hour FROM aqi WHERE hour <= ?",
                                                     newest)}, watched=[self.daemon])
        numbers = [body["number"] for body in self.listener.once("warning/event")]
        stored = self.daemon.rows("SELECT number FROM events ORDER BY number")
        assert numbers == [number for (number,) in stored], f"{numbers}, stored {stored}"

    def in_order(self):
        """A message may come twice, but none after one that is newer."""
        for name in ("aqi", "warning", "warning/event", "cuts"):
            seqs = [message.body["seq"] for message in self.listener.all(name)]
            assert seqs == sorted(seqs), f"{name} came in the order {seqs}"

    def retained_is_newest(self):
        """An older row that comes late must not take the place of a newer one."""
        late = self.world.subscribe(self.broker, late=True)
        wait_for("what the broker kept", lambda: late.last("aqi") and late.last("warning"))
        newest = max(hour_of(body["hour"]) for body in self.listener.once("aqi"))
        assert hour_of(late.last("aqi")["hour"]) >= newest, late.last("aqi")["hour"]

    def backlog_is_not_retained(self, past):
        """Hours before `past` were old news when they could be sent."""
        flags = {}
        for message in self.listener.all("aqi"):
            flags.setdefault(hour_of(message.body["hour"]), set()).add(message.retain)
        older = {hour: each for hour, each in flags.items() if hour < past}
        assert len(older) >= 2 and all(each == {False} for each in older.values()), older
        assert flags[max(flags)] == {True}, flags

    def measures(self):
        """Values come in again."""
        def of_last_reading():
            body = self.listener.last("reading")
            return body and body["values"]["pm25_ug_m3"] == 80.5
        wait_for("a value", of_last_reading, RETURN_S, [self.daemon])


def without_slave_and_broker_it_says_both_once_and_closes_hours_until_they_appear(world):
    site = Site(world)
    site.daemon.start()
    site.wait_log(NO_BUS)
    site.wait_log(NO_BROKER)
    site.hours_close(2)
    site.count(NO_BUS=1, NO_BROKER=1, BUS_BACK=0, BROKER=0)
    qualities = site.daemon.rows("SELECT DISTINCT quality, why, valid FROM hours")
    assert qualities == [("B", "link", 0)], qualities
    past = site.daemon.newest_hour()
    site.open_broker()
    time.sleep(APART_S)
    site.slave.start()
    site.wait_log(BROKER)
    site.all_arrives()
    site.wait_log(BUS_BACK)
    site.measures()
    site.hours_close()
    site.all_arrives()
    site.retained_is_newest()
    site.backlog_is_not_retained(past)
    site.count(NO_BUS=1, NO_BROKER=1, BUS_BACK=1, BROKER=1, NO_ANSWER=0)


def slave_and_broker_may_appear_in_the_other_order(world):
    site = Site(world)
    site.daemon.start()
    site.wait_log(NO_BUS)
    site.hours_close(1)
    site.slave.start()
    time.sleep(APART_S)
    site.open_broker()
    site.wait_log(BUS_BACK)
    site.wait_log(BROKER)
    site.all_arrives()
    site.measures()
    site.retained_is_newest()
    site.count(NO_BUS=1, NO_BROKER=1, BUS_BACK=1, BROKER=1, NO_ANSWER=0)


def a_slave_that_is_killed_and_comes_back_is_said_once_each(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.wait_log(BUS_OPEN)
    site.measures()
    site.slave.kill()
    site.wait_log(NO_BUS)
    site.hours_close(3)
    gone = site.listener.last("reading")
    assert gone["values"]["pm25_ug_m3"] is None and gone["why"]["pm25"] == "link", gone
    site.slave.start()
    site.wait_log(BUS_BACK)
    site.measures()
    site.hours_close()
    site.count(NO_BUS=1, BUS_BACK=1, BUS_OPEN=1, NO_ANSWER=0)
    site.all_arrives()


def a_slave_that_falls_silent_is_said_once_and_once_when_it_answers(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.measures()
    site.slave.signal(signal.SIGSTOP)
    site.wait_log(NO_ANSWER)
    site.hours_close(2)
    site.slave.signal(signal.SIGCONT)
    site.wait_log(ANSWERS)
    site.measures()
    site.count(NO_ANSWER=1, ANSWERS=1, NO_BUS=0, BUS_BACK=0)


def a_broker_that_is_killed_and_comes_back_gets_what_it_missed(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.hours_close()
    site.all_arrives()
    site.close_broker()
    site.wait_log(NO_BROKER)
    first = site.daemon.newest_hour() + 1
    time.sleep(OUTAGE_S)
    site.hours_close(1)
    site.open_broker()
    site.wait_log(BROKER, 2)
    site.all_arrives()
    site.retained_is_newest()
    site.count(NO_BROKER=1, BROKER=2)
    assert site.daemon.newest_hour() >= first + 3
    states = [message.body["state"] for message in site.listener.all("state")]
    assert states == ["online", "online"], states


def a_backlog_comes_in_the_order_in_which_it_was_written(world):
    site = Site(world)
    site.daemon.start()
    site.hours_close(3)
    site.open_broker()
    site.wait_log(BROKER)
    site.all_arrives()
    site.in_order()


def a_broker_that_stands_still_for_seconds_costs_nothing(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.measures()
    site.broker.signal(signal.SIGSTOP)
    site.hours_close(3)
    site.broker.signal(signal.SIGCONT)
    site.all_arrives()
    site.retained_is_newest()
    site.count(BROKER=1, NO_BROKER=0)


def slave_and_broker_vanish_together_and_return_in_the_other_order(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.measures()
    site.slave.kill()
    site.close_broker()
    site.wait_log(NO_BUS)
    site.wait_log(NO_BROKER)
    site.hours_close(2)
    site.open_broker()
    site.wait_log(BROKER, 2)
    site.slave.start()
    site.wait_log(BUS_BACK)
    site.measures()
    site.all_arrives()
    site.count(NO_BUS=1, BUS_BACK=1, NO_BROKER=1, BROKER=2)


def a_broker_that_stands_still_for_long_is_given_up_and_found_again(world):
    site = Site(world, mqtt={"keepalive_s": 5})
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.measures()
    site.broker.signal(signal.SIGSTOP)
    site.wait_log(NO_BROKER, limit_s=90)
    site.hours_close(20)
    site.broker.signal(signal.SIGCONT)
    site.wait_log(BROKER, 2, limit_s=60)
    site.all_arrives()
    site.retained_is_newest()
    site.count(NO_BROKER=1, BROKER=2)


def outages_of_all_lengths_in_a_row_lose_nothing(world):
    site = Site(world)
    site.open_broker()
    site.slave.start()
    site.daemon.start()
    site.measures()
    for round_, outage_s in enumerate((0.3, 1, 2.5, 5), 1):
        site.close_broker()
        site.wait_log(NO_BROKER, round_)
        time.sleep(outage_s)
        site.open_broker()
        site.wait_log(BROKER, round_ + 1, limit_s=60)  # none of them held for a minute
        site.all_arrives()
    site.retained_is_newest()
    site.count(NO_BROKER=4, BROKER=5)


QUICK = (without_slave_and_broker_it_says_both_once_and_closes_hours_until_they_appear,)
SLOW = (slave_and_broker_may_appear_in_the_other_order,
        a_slave_that_is_killed_and_comes_back_is_said_once_each,
        a_broker_that_is_killed_and_comes_back_gets_what_it_missed,
        a_backlog_comes_in_the_order_in_which_it_was_written,
        a_broker_that_stands_still_for_seconds_costs_nothing,
        a_slave_that_falls_silent_is_said_once_and_once_when_it_answers,
        slave_and_broker_vanish_together_and_return_in_the_other_order,
        a_broker_that_stands_still_for_long_is_given_up_and_found_again,
        outages_of_all_lengths_in_a_row_lose_nothing)

if __name__ == "__main__":
    runner.run(*QUICK, slow=SLOW)
