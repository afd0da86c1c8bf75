#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Kills the daemon again and again and lets another one live in peace beside it: both must come to
the same hours, the same AQI and the same warning. Plan and edition are those of the house with
shorter times, so that half a day has everything from the issue to the lift.

usage: kill.py HAZEWATCHD [--slow] [SEED]
"""
import json
import random
import signal
import sys
from types import SimpleNamespace

import yaml

import harness
import runner
from harness import HOUR_S, MINUTE_S, hour_of, wait_for

SPEED = 1800     # an hour in 2 s
SILENCE_S = 420  # more than an answer's 180 s (100 ms) and the 120 that a value holds
LEAD_S = 1800
FIRST = hour_of("2026-01-10T01:00:00+08:00")
PM25 = (1005, 1305, 1605, 3605, 5605, 55, 55, 55, 55, 55, 55, 55, 55, 55)
RECORD = {FIRST + i: [pm25, pm25 + 205, 95 + 13 * i, 405 + 7 * i, 85 + 5 * i, 305 + 11 * i]
          for i, pm25 in enumerate(PM25)}
LAST = FIRST + len(PM25) - 1
# (hour of the record from 0, minute): the middle of an hour, its end, its close two minutes later
KILLS = ((0, 30), (1, 59.9), (2, 62), (3, 20), (3, 40), (4, 61.9), (5, 62.3), (6, 58), (6, 61),
         (9, 30), (10, 62.1), (12, 62.05), (14, 1), (14, 45))
AT_RANDOM = 6
SEED = int(sys.argv[-1]) if sys.argv[-1].isdecimal() else 20260110
LOSS_S = 0.5     # real seconds without the daemon that a kill may cost, on a busy machine


def rules(world):
    """An edition that is content with few minutes and hours, a plan that decides within hours."""
    edition = harness.load_yaml("aqi/hj633-2012.yaml")
    edition["id"] = "short-2012"
    edition["validity"].update(hour_min_minutes=15, day_min_hours=2, o3_8h_min_hours=2,
                               o3_8h_min_means=2, o3_1h_min_hours=2)
    plan = harness.load_yaml("plans/hetang-2024.yaml")
    plan.update(id="short-2024", gap_h=0, release_h=2)
    for level, threshold in zip(plan["levels"], (150, 200, 300)):
        level["any"] = [{"clause": "short", "all": [
            {"index": "daily_aqi", "above": threshold, "for_h": 24}]}]
    return {name: world.write(name + ".yaml", yaml.safe_dump(
        table, sort_keys=False, allow_unicode=True))
        for name, table in (("edition", edition), ("plan", plan))}


def kill_moments(start):
    draw = random.Random(SEED)
    moments = [start + hour * HOUR_S + minute * MINUTE_S for hour, minute in KILLS]
    moments += [start + draw.uniform(0, (len(PM25) - 1) * HOUR_S) for _ in range(AT_RANDOM)]
    return sorted(moments)


def kill_often(daemon, clock, watched):
    """Starts it again at once, each time. Returns how often."""
    kills, starts = 0, 0
    for moment in kill_moments((FIRST - 1) * HOUR_S):
        wait_for("the moment to kill", lambda at=moment: clock.now() >= at,
                 clock.real_s(len(PM25) * HOUR_S), watched)
        daemon.kill()
        starts = started(daemon)
        daemon.launch()
        kills += 1
    wait_for("the last start", lambda: started(daemon) > starts, watched=watched)
    return kills


def started(daemon):
    return len(daemon.lines("notice: station .*: started"))


def scene(world):
    """Both daemons follow one clock and ask one slave; each has its own name and folder."""
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    slave.play(harness.Clock(0), {}).start()
    listener = world.subscribe(broker)
    clock = harness.Clock((FIRST - 1) * HOUR_S - LEAD_S, SPEED)
    slave.play(clock, RECORD, SILENCE_S)
    calm, killed = (
        harness.Daemon(world.part(name), clock, slave.port, broker.port, station={"id": name},
                       **rules(world)) for name in ("calm", "killed"))
    calm.launch()
    killed.launch()
    kills = kill_often(killed, clock, (broker, slave, calm, killed))
    for daemon in (calm, killed):
        wait_for(f"the last hour of the {daemon.config['station']['id']} one",
                 lambda daemon=daemon: daemon.newest_hour() >= LAST,
                 clock.real_s(3 * HOUR_S) + harness.PATIENCE_S, (broker, slave, daemon))
        wait_for("an empty outbox", lambda daemon=daemon: daemon.rows(
            "SELECT count(*) FROM outbox") == [(0,)])
    stage = SimpleNamespace(calm=calm, killed=killed, kills=kills, listener=listener)
    calm.signal(signal.SIGTERM)  # both at once: the next hour closes a moment later
    killed.stop()
    assert calm.wait() == 0
    late = world.subscribe(broker, late=True)
    wait_for("what the broker kept", lambda: {topic for daemon in (calm, killed) for topic in
                                              newest(daemon)} <= {each.topic for each in late.all()})
    stage.kept = {each.topic: each.body for each in late.all()}
    return stage


def newest(daemon):
    """{retained topic: seq of the newest that left}, of the daemon that was stopped."""
    return {daemon.prefix + topic: seq for topic, seq in daemon.rows(
        "SELECT topic, seq FROM latest WHERE topic <> 'state' AND topic NOT LIKE 'warning/cap/%'"
        " AND topic NOT IN (SELECT topic FROM outbox)")}


def same(stage, sql):
    calm, killed = stage.calm.rows(sql, FIRST, LAST), stage.killed.rows(sql, FIRST, LAST)
    assert len(calm) >= len(PM25), f"only {len(calm)} rows"
    wrong = [f"{one} became {other}" for one, other in zip(calm, killed) if one != other]
    assert not wrong and len(calm) == len(killed), "; ".join(wrong) or f"{len(killed)} rows"


def it_was_killed_in_the_middle_of_hours_and_about_their_close(stage):
    starts = started(stage.killed)
    # a kill may come before the new one has said anything
    assert stage.kills == len(KILLS) + AT_RANDOM and starts > stage.kills / 2, starts
    assert started(stage.calm) == 1


def the_calm_one_went_up_to_red_and_down_to_the_lift(stage):
    events = stage.calm.rows("SELECT kind, level FROM events ORDER BY number")
    changes = [each for each in events if each[0] not in ("hold", "resume")]
    assert changes == [("issue", "yellow"), ("upgrade", "orange"), ("upgrade", "red"),
                       ("downgrade", "orange"), ("downgrade", "yellow"), ("lift", "none")], changes


def hourly_means_are_the_same(stage):
    same(stage, "SELECT hour, pollutant, mean_milli, valid, quality FROM hours"
                " WHERE hour BETWEEN ? AND ? ORDER BY hour, pollutant")


def a_kill_costs_its_hour_only_the_time_without_the_daemon(stage):
    sql = "SELECT hour, min(covered_ms) FROM hours WHERE hour BETWEEN ? AND ? GROUP BY hour"
    calm, killed = (dict(daemon.rows(sql, FIRST, LAST)) for daemon in (stage.calm, stage.killed))
    start, worst_s = (FIRST - 1) * HOUR_S, 0
    for hour in RECORD:
        # a kill near the end reaches into the next hour
        kills = sum((hour - 1) * HOUR_S - 5 * MINUTE_S <= moment < hour * HOUR_S
                    for moment in kill_moments(start))
        lost_s = (calm[hour] - killed[hour]) / 1000 / SPEED
        assert lost_s <= kills * LOSS_S + 0.1, f"{kills} kills cost {lost_s:.2f} s"
        worst_s = max(worst_s, lost_s)
    print(f"# at worst {worst_s:.3f} s of an hour's {HOUR_S / SPEED:.0f} s were lost")


def the_aqi_of_every_hour_is_the_same(stage):
    same(stage, "SELECT * FROM aqi WHERE hour BETWEEN ? AND ? ORDER BY hour")
    same(stage, "SELECT * FROM iaqi WHERE hour BETWEEN ? AND ? ORDER BY hour, pollutant")


def events_told(daemon):
    """What was told, without who told it and in which second."""
    events = [json.loads(message) for (message,) in daemon.rows(
        "SELECT message FROM events ORDER BY number")]
    return [{name: value for name, value in event.items()
             if name not in ("id", "seq", "time", "station")} for event in events]


def the_events_and_the_advice_are_the_same(stage):
    calm, killed = events_told(stage.calm), events_told(stage.killed)
    assert len(calm) == len(killed) > 0, f"{len(calm)} events became {len(killed)}"
    for one, other in zip(calm, killed):
        assert one == other, f"{one} became {other}"
    calm, killed = (daemon.rows("SELECT * FROM advice") for daemon in (stage.calm, stage.killed))
    assert calm == killed, f"{calm} became {killed}"


def of(stage, daemon):
    return [each for each in stage.listener.all() if each.topic.startswith(daemon.prefix)]


def no_event_is_numbered_twice_and_none_is_missing(stage):
    for daemon in (stage.calm, stage.killed):
        numbers = {}
        for message in of(stage, daemon):
            if message.name == "warning/event":
                ids = numbers.setdefault(message.body["number"], set())
                ids.add(message.body["id"])
        stored = daemon.rows("SELECT number FROM events ORDER BY number")
        assert sorted(numbers) == [number for (number,) in stored], sorted(numbers)
        assert all(len(ids) == 1 for ids in numbers.values()), numbers


def content(body):
    """What must not depend on how often the daemon was killed."""
    names = ("hour", "hourly", "quality", "realtime", "daily")
    return {name: body[name] for name in names}


def the_message_of_every_hour_arrives_and_says_the_same(stage):
    found = []
    for daemon in (stage.calm, stage.killed):
        hours = {}
        for message in of(stage, daemon):
            if message.name == "aqi":
                hours.setdefault(hour_of(message.body["hour"]), message.body)
        stored = {hour for (hour,) in daemon.rows("SELECT hour FROM aqi")}
        assert stored <= set(hours), f"never arrived: {stored - set(hours)}"
        found.append({hour: content(hours[hour]) for hour in RECORD})
    for hour in RECORD:
        assert found[0][hour] == found[1][hour], f"{found[0][hour]} became {found[1][hour]}"


def an_id_never_stands_for_two_messages(stage):
    payloads = {}
    for message in stage.listener.all():
        body = message.body
        if message.name != "state" or "seq" in body:
            assert payloads.setdefault(body["id"], body) == body, f"two messages are {body['id']}"


def the_broker_has_kept_the_newest_of_every_topic(stage):
    for daemon in (stage.calm, stage.killed):
        topics = newest(daemon)
        assert len(topics) >= 5, topics
        for topic, seq in topics.items():
            kept = stage.kept[topic]
            assert kept["seq"] == seq, f"{topic}: {kept['seq']} is kept, {seq} was the newest"
        state = stage.kept[daemon.prefix + "state"]
        assert state["state"] == "offline", state


def no_database_is_damaged(stage):
    for daemon in (stage.calm, stage.killed):
        for file in ("state.db", "samples.db"):
            assert daemon.rows("PRAGMA integrity_check", file=file) == [("ok",)]


if __name__ == "__main__":
    runner.run(
        it_was_killed_in_the_middle_of_hours_and_about_their_close,
        the_calm_one_went_up_to_red_and_down_to_the_lift,
        hourly_means_are_the_same,
        a_kill_costs_its_hour_only_the_time_without_the_daemon,
        the_aqi_of_every_hour_is_the_same,
        the_events_and_the_advice_are_the_same,
        no_event_is_numbered_twice_and_none_is_missing,
        the_message_of_every_hour_arrives_and_says_the_same,
        an_id_never_stands_for_two_messages,
        the_broker_has_kept_the_newest_of_every_topic,
        no_database_is_damaged,
        scene=scene)
