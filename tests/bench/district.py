#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a district costs on three NATS nodes of this machine: so many gateways publish their hours
with QoS 1, of which up to 250 are assessment points, and others the rest.

backlog   a day of hours of all gateways (of 5,000 five hours), published at once: messages a second that the cluster
          took, and how long after the last PUBACK the district had the last of its points' hours
hour      hours that close: from the last gateway's hour to the district's `warning`, and to its
          `aqi`, in real time; processor time of the district an hour; its memory

usage: district.py HAZEWATCHD GATEWAYS [HOURS]
"""
import sys
import time

import figures
from figures import harness
import nodes  # noqa: E402 pylint: disable=wrong-import-order
from district_case import DISTRICT, Case, Gateways  # noqa: E402 pylint: disable=wrong-import-order

POINTS_MOST = 250
ROSTER_MOST = 1000
HOUR_REAL_S = {50: 6, 500: 12, 5000: 60}
PATIENCE_S = 900
PAST_H, SHORT_PAST_H = 24, 5  # what many have of more hours finds no room in the fleet's process
SPREAD_S = 300  # of station time, over which the gateways publish an hour


def spread(values):
    """Median, 99 of 100."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2], ordered[-(len(ordered) // 100) - 1]


def run(world, gateways, hours):
    cluster = nodes.Cluster(world).start()
    points = min(gateways, POINTS_MOST)
    hour_s = min((s for n, s in HOUR_REAL_S.items() if n >= gateways), default=60)
    past_h = PAST_H if gateways <= 500 else SHORT_PAST_H
    case = Case(world, cluster, points, min(gateways, ROSTER_MOST) - points, 0,
                harness.HOUR_S / hour_s, past_h=past_h, more=max(0, gateways - ROSTER_MOST))
    case.district.config["close_delay_min"] = 60  # it waits for all: an hour takes some seconds here
    case.district.write_config()
    case.start()
    spent, began = figures.processor_s(case.district), time.monotonic()
    fleet = Gateways(world, case, case.begin + 5000, spread_s=SPREAD_S).launch()
    wanted = points * (past_h + 1)

    def wait(what, condition):
        return harness.wait_for(what, condition, PATIENCE_S, [fleet, case.district])
    wait("the backlog's PUBACKs", lambda: fleet.status()["acked"] >= gateways * (past_h + 1))
    acked_s = time.monotonic() - began
    wait("the backlog", lambda: case.count_hours() >= wanted)
    had_s = time.monotonic() - began
    backlog = figures.processor_s(case.district) - spent
    print(f"{gateways} gateways, {points} points: a backlog of {gateways * (past_h + 1)} messages of 3 kB: "
          f"{gateways * (past_h + 1) / acked_s:.0f} a second; the district had it {had_s - acked_s:+.1f} s "
          f"after the last PUBACK, with {backlog:.1f} s of processor", flush=True)
    first = int(case.clock.now() // harness.HOUR_S) + 2
    last = first + hours - 1
    case.clock.sleep_until((first - 1) * harness.HOUR_S + 1800)
    spent, most_kib = figures.processor_s(case.district), 0
    while case.clock.now() < last * harness.HOUR_S + 3000:
        most_kib = max(most_kib, figures.memory_kib(case.district)["RssAnon"])
        time.sleep(0.5)
    spent = figures.processor_s(case.district) - spent
    tell(case, fleet.status(), range(first, last + 1), spent, most_kib)


def tell(case, status, hours, spent, most_kib):
    apart = time.time() - time.monotonic()
    late = {"warning": [], "aqi": []}
    for hour in hours:
        made = status["last_made"].get(str(hour))
        for name, found in late.items():
            came = [each.at + apart for each in case.platform.all(name)
                    if each.topic == f"{case.prefix}{DISTRICT}/{name}" and
                    each.at + apart >= made and
                    each.body.get("hour", harness.hour_text(hour)) == harness.hour_text(hour)]
            if came:
                found.append(came[0] - made)
    waits = max(0, status["waiting"])
    print(f"  {len(hours)} hours: from the last gateway's hour to the district's warning "
          + ", its aqi ".join(f"{p50:.2f} s (p50), {p99:.2f} s (p99) in {len(found)} hours" for found in
                              late.values() for p50, p99 in [spread(found or [float("nan")])])
          + f"; {spent / len(hours):.3f} s of processor an hour, RssAnon at most {most_kib} KiB; "
          f"{waits} messages wait at the gateways", flush=True)


if __name__ == "__main__":
    nodes.enter_network()
    arguments = [each for each in sys.argv[2:] if each != nodes.INSIDE]
    figures.in_a_world(run, int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 20)
