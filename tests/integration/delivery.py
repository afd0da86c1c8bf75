#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Broker and daemon are killed at random while hours close and directives come: every committed
event arrives, none is invented, a second copy has the same id.

usage: delivery.py HAZEWATCHD [--slow]
"""
import collections
import random
import re
import sys
import time
from types import SimpleNamespace

import harness
import runner
import schemas
from harness import HOUR_S, hour_of, wait_for

SLOW = "--slow" in sys.argv
LENGTH_S = 120 if SLOW else 7
SPEED = 3600   # an hour in a second
SEED = 20260110
SAMPLE = 1500
START = hour_of("2026-01-10T00:00:00+08:00")
REGISTERS = [805, 1005, 205, 405, 95, 605]
KEPT = ("autosave_interval 1", "autosave_on_changes true")


class Platform:
    """What a district's server does: stores what comes, and only then confirms it."""

    def __init__(self, world, broker, daemon):
        self.client, self.daemon = world.subscribe(broker), daemon
        self.done = collections.Counter()

    def ids(self):
        """Of all that came from the station, CAP too."""
        for message in [*self.client.all(), *self.client.caps()]:
            if message.topic.startswith(self.daemon.prefix) and "/cmd/" not in message.topic:
                if isinstance(message.body, dict):
                    yield message.body.get("id") if "seq" in message.body else None
                elif message.body:  # one that was emptied has none
                    yield re.search(rb"<identifier>(.*?)<", message.body)[1].decode()

    def confirm(self):
        counts = collections.Counter(filter(None, self.ids()))
        for identifier, times in counts.items():
            if self.done[identifier] < times:
                database, seq = identifier.rsplit("-", 1)
                self.client.tell(f"{self.daemon.prefix}cmd/ack",
                                 {"db": database, "seq": int(seq)})
        self.done = counts


def give_directive(platform, daemon, number):
    """Levels in turn, each with an id of its own."""
    level = ("yellow", "orange", "red", "none")[number % 4]
    when = harness.text_of(daemon.clock.now() - 60)
    platform.client.tell(f"{daemon.prefix}cmd/directive", {
        "id": f"d-{number}", "issuer": "市指挥部", "time": when, "level": level, "start": when})


def torture(broker, daemon, platform):
    """How often each of the two was killed; at first in turn, so that each is."""
    dice, kills = random.Random(SEED), {"broker": 0, "daemon": 0}
    first = [broker, daemon]
    end, number = time.monotonic() + LENGTH_S, 0
    while time.monotonic() < end:
        began = time.monotonic()
        while time.monotonic() < began + dice.uniform(0.5, 3.0):
            platform.confirm()
            if dice.random() < 0.3:
                give_directive(platform, daemon, number)
                number += 1
            time.sleep(0.05)
        victim = first.pop() if first else dice.choice([broker, daemon])
        kills["broker" if victim is broker else "daemon"] += 1
        victim.kill()
        time.sleep(dice.uniform(0, 0.3))
        victim.start()
    return kills


def scene(world):
    clock = harness.Clock(START * HOUR_S, SPEED)
    broker = harness.Broker(world, *KEPT).start()
    slave = harness.Slave(world).play_always(clock, REGISTERS).start()
    daemon = harness.Daemon(world, clock, slave.port, broker.port, mqtt={"confirm": "platform"})
    platform = Platform(world, broker, daemon)
    daemon.start()
    kills = torture(broker, daemon, platform)
    # an ack that went down with the broker leaves its row unconfirmed: it comes again after 5 min,
    # or with a new connection
    daemon.kill()
    daemon.start()

    def settled():
        platform.confirm()
        return not daemon.rows("SELECT 1 FROM outbox WHERE topic LIKE 'warning%'"
                               " AND seq <= ?", newest)
    events = daemon.rows("SELECT number, kind, about, level FROM events ORDER BY number")
    (newest,), = daemon.rows("SELECT coalesce(max(seq), 0) FROM outbox")
    wait_for("all that was committed is confirmed", settled, 60, [broker, daemon])
    daemon.stop()
    print(f"# {kills['broker']} x the broker killed, {kills['daemon']} x the daemon;"
          f" {len(events)} events, {len(platform.client.all())} messages")
    return SimpleNamespace(platform=platform.client, kills=kills, events=events, daemon=daemon)


def both_were_killed(stage):
    least = 10 if SLOW else 1
    assert min(stage.kills.values()) >= least, stage.kills


def every_committed_event_arrived_and_none_was_invented(stage):
    bodies = [message.body for message in stage.platform.all("warning/event")]
    arrived = {body["number"]: (body["number"], body["event"], body["about"], body["level"])
               for body in bodies}
    stored = {row[0]: row for row in stage.events}
    lost = [row for number, row in stored.items() if number not in arrived]
    invented = [row for number, row in arrived.items()
                if number not in stored and number <= max(stored)]
    assert not lost and not invented, f"lost {lost}, invented {invented}"
    wrong = [(arrived[number], row) for number, row in stored.items() if arrived[number] != row]
    assert not wrong, wrong[0]
    copies = len(bodies) - len(arrived)
    print(f"# {len(stored)} events, {copies} second copies")


def second_copies_share_the_id_and_the_whole_content(stage):
    payloads = {}
    for message in stage.platform.all():
        body = message.body
        if isinstance(body, dict) and not message.name.startswith("cmd/") \
                and body["id"].split("-")[-1] not in ("will", "bye"):
            assert payloads.setdefault(body["id"], body) == body, f"two messages are {body['id']}"


def the_order_of_events_can_be_rebuilt_from_seq(stage):
    numbers = [body["number"] for body in stage.platform.once("warning/event")]
    assert numbers == list(range(1, len(numbers) + 1)), numbers


def every_message_is_valid(stage):
    messages = stage.platform.all()
    step = len(messages) // SAMPLE + 1  # jsonschema takes its time
    assert "warning" in schemas.check(messages[::step])


def nothing_but_the_newest_is_retained(stage):
    """The newest warning that was sent is the one that the broker keeps."""
    seqs = [message.body["seq"] for message in stage.platform.all("warning")
            if message.retain]
    highest = 0
    for i, seq in enumerate(seqs):  # a broker that was killed may repeat what it had in flight
        assert seq >= highest or seq in seqs[:i], f"{seq} after {highest}"
        highest = max(highest, seq)
    assert seqs[-1] == highest, f"{seqs[-1]} came last, {highest} is the newest"


if __name__ == "__main__":
    runner.run(
        both_were_killed,
        every_committed_event_arrived_and_none_was_invented,
        second_copies_share_the_id_and_the_whole_content,
        the_order_of_events_can_be_rebuilt_from_seq,
        every_message_is_valid,
        nothing_but_the_newest_is_retained,
        scene=scene)
