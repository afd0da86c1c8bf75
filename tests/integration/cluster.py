#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A district on a real cluster: three NATS servers with JetStream, simulated gateways and a few real
daemons that play an episode. Each node is killed, the network between them is split, the district's
daemon is killed; nothing is missing or doubled afterwards, and every hour is what the oracle makes.

usage: cluster.py HAZEWATCHD [--long]

With --long 500 gateways, else 20.
"""
import sys
import time
from types import SimpleNamespace

import harness
import nodes
import runner
from district_case import DISTRICT, LEVELS, Case, Gateways, Station
from harness import wait_for
from inbox import Key

LONG = "--long" in sys.argv
POINTS, OTHERS, REAL = (250, 248, 2) if LONG else (16, 2, 2)
SPEED = 300 if LONG else 1200
LAST_H, REAL_H = 5000, 500  # hours in which the gateways and the real ones have something to say
AWAY_S, APART_S = 2, 5
PATIENCE_S = 900 if LONG else 240
ASK_S = 5          # longer than what is on its way takes
REACHED = 3        # levels: yellow, orange, red


def wait_caught_up(case, what, hour=None):
    """What was said until now is there. In two runs an hour that had been acknowledged to its gateway
    never came to the district: for such it asks. Of 250 points, one a second and with pauses that
    grow, that takes many minutes: there a platform asks."""
    began, hour = time.monotonic(), hour or int(case.clock.now() // harness.HOUR_S) - 1
    due = began + ASK_S

    def is_there():
        nonlocal due
        missing = case.missing(hour)
        if LONG and missing and time.monotonic() > due:
            case.ask_again(missing)
            due = time.monotonic() + ASK_S
        return not missing
    wait_for(f"the hours after {what}", is_there, PATIENCE_S)
    print(f"# {what}: all is there {time.monotonic() - began:.1f} s after it was over", flush=True)


def make_faults(case, cluster):
    """Each node, the network between them, the district itself; what was done."""
    faults = {node.name: lambda node=node: cluster.kill_and_start(node, AWAY_S)
              for node in cluster.nodes}
    if cluster.has_cables:
        faults["split"] = lambda: cluster.split(cluster.nodes[-1], APART_S)

    def kill_district():
        case.district.kill()
        time.sleep(1)
        case.district.start()
    faults["district"] = kill_district
    for what, make in faults.items():
        make()
        wait_caught_up(case, what)
    return list(faults)


def events(case):
    """What the platform has of the district's events, each once, in their order."""
    found = {}
    for each in case.platform.all("warning/event"):
        if each.topic.startswith(case.district.prefix):
            found[each.body["id"]] = each.body
    return sorted(found.values(), key=lambda body: body["seq"])


def levels(case, end):
    """The changes of level among them, up to an hour."""
    return [(each["event"], each["level"]) for each in events(case)
            if each["event"] in LEVELS and harness.hour_of(each["hour"]) <= end]


def scene(world):
    began = time.monotonic()
    cluster = nodes.Cluster(world).start()
    print(f"# the cluster is there after {time.monotonic() - began:.1f} s", flush=True)
    relay = {"key_file": Key(world, DISTRICT).path, "key_name": DISTRICT}
    case = Case(world, cluster, POINTS, OTHERS, REAL, SPEED, **{} if LONG else {"relay": relay})
    print(f"# {case.air.told}; from {harness.hour_text(case.begin)} on: {case.rest}", flush=True)
    last = case.begin + LAST_H
    stations = [Station(world.part(name), name, case, case.begin + REAL_H).start()
                for name in case.real]
    case.start()
    gateways = Gateways(world, case, last).launch()
    watched = [case.district, gateways, *stations]
    wait_for("the past", lambda: case.count_hours() >= POINTS * 60, PATIENCE_S, watched)
    print(f"# the past is there after {time.monotonic() - began:.1f} s, hour "
          f"{case.clock.now() / 3600 - case.begin:.1f}", flush=True)
    known_late = case.clock.now() / harness.HOUR_S > case.rest[1][2] - 1
    done = make_faults(case, cluster)
    print(f"# faults are over after {time.monotonic() - began:.1f} s, hour "
          f"{case.clock.now() / 3600 - case.begin:.1f}", flush=True)
    reached = [hour for _, _, hour in case.rest][REACHED - 1] + 2
    wait_for("the third level", lambda: case.clock.now() / harness.HOUR_S > reached + 1, PATIENCE_S,
             watched)
    end = int(case.clock.now() // harness.HOUR_S) - 1

    def is_whole():
        return case.is_told(end) and not case.missing(end) and not any(case.differences(end))
    stage = SimpleNamespace(case=case, end=end, done=done, gateways=gateways, whole=True,
                            known_late=known_late)
    try:
        wait_for("the last hour", is_whole, PATIENCE_S, watched)
    except AssertionError:
        stage.whole = False
    # what came late raises the level when the next hour closes
    stage.judged = int(case.clock.now() // harness.HOUR_S) + 1
    wait_for("the hour after it", lambda: case.is_told(stage.judged), PATIENCE_S, watched)
    stage.status = gateways.status()
    stage.missing, stage.differences = case.missing(end), list(case.differences(end))
    stage.points = sum(len(hours) for hours in case.heard(end).values())
    print(f"# {time.monotonic() - began:.1f} s, hours {end - case.begin + 1}; {stage.points} "
          f"station-hours, {stage.status['resent']} resent; {stage.status['connects']} connections "
          f"of gateways, {stage.status['moved']} moves", flush=True)
    return stage


def each_node_was_killed_and_the_district_and_all_went_on(stage):
    assert {"node-1", "node-2", "node-3", "district"} <= set(stage.done), stage.done
    assert stage.status["moved"] >= 1, stage.status


def the_network_between_the_nodes_was_split(stage):
    if "split" not in stage.done:
        raise runner.Skipped("no network namespaces of one's own with a cable in them are allowed here")


def no_hour_of_a_station_is_missing(stage):
    print(f"# {len(stage.missing)} of {stage.points} are missing")
    assert not stage.missing, stage.missing[:10]


def every_hour_of_the_district_is_what_the_oracle_computes(stage):
    assert not stage.differences, stage.differences[:10]
    assert stage.whole


def no_warning_is_lost(stage):
    stored = stage.case.district.rows("SELECT about, kind, level FROM events ORDER BY number")
    stored = [(about, kind, level or "none") for about, kind, level in stored]
    came = [(each["about"], each["event"], each["level"] or "none") for each in events(stage.case)]
    # the newest may be on its way
    assert came == stored[:len(came)] and len(came) >= len(stored) - 1, (came, stored)


def no_warning_is_doubled_and_each_is_one_that_the_plan_makes_of_these_hours(stage):
    case = stage.case
    made = levels(case, stage.judged)
    heard = case.heard(stage.judged)
    expected = [(event, level) for event, level, _ in case.replay(
        case.means(case.begin - 60, stage.judged, heard))]
    assert len(expected) >= REACHED, expected
    if stage.known_late:  # on a slow machine; then it may begin with the second level
        made = [level for _, level in made]
        expected = [level for _, level in expected][-len(made):]
    assert made and made == expected, (made, expected)


if __name__ == "__main__":
    nodes.enter_network()
    runner.run(
        each_node_was_killed_and_the_district_and_all_went_on,
        the_network_between_the_nodes_was_split,
        no_hour_of_a_station_is_missing,
        every_hour_of_the_district_is_what_the_oracle_computes,
        no_warning_is_lost,
        no_warning_is_doubled_and_each_is_one_that_the_plan_makes_of_these_hours,
        scene=scene)
