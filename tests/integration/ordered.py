#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Plans of two and of four levels, from a reduction list as a bureau has it to the orders at the broker:
the names of levels are the plan's alone.

usage: ordered.py HAZEWATCHD
"""
import os
import subprocess
import sys

import harness
import runner
import schemas
from harness import wait_for

HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
LIMIT_S = 60
REGISTERS = [505, 605, 95, 405, 85, 305]
PLANS = {  # with the levels from the lowest up, and their words in the head of a list
    "chongqing-2017": {"yellow": "黄色", "orange": "橙色"},
    os.path.join(harness.ROOT, "tests", "data", "plan-four-levels.yaml"):
        {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"},
}


def write_list(world, words):
    """Source `a` has something to do at each level, `top` at the highest alone."""
    head = ["kind", "id", "name", "grade", "base_pm_kg_d"]
    head += [f"{word}颗粒物减排量(kg/d)" for word in words] + [f"{word}措施" for word in words]
    n = len(words)
    rows = [["工业", "a", "甲", "C", "100", *(str(10 * (i + 1)) for i in range(n)),
             *(f"{word}做法" for word in words)],
            ["工业", "top", "乙", "C", "50", *["0"] * (n - 1), "5", *[""] * (n - 1), "停产"]]
    return world.write("list.csv", "\n".join(",".join(row) for row in [head, *rows]) + "\n")


def run_command(daemon, *arguments):
    done = subprocess.run([HAZEWATCH, *arguments, "--config", daemon.config_path, "--config-dir", harness.CONFIG],
                          capture_output=True, text=True, check=False, timeout=LIMIT_S)
    assert done.returncode == 0, done
    return done.stdout


def begin(world, plan, words):
    broker, slave, clock = harness.Broker(world).start(), harness.Slave(world), harness.Clock()
    slave.play_always(clock, REGISTERS)
    slave.start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, plan=plan)
    daemon.start()
    daemon.stop()
    run_command(daemon, "list", "import", write_list(world, words))
    daemon.start()
    wait_for("the connection", lambda: (listener.last("state") or {}).get("state") == "online", LIMIT_S,
             [broker, slave, daemon])
    return daemon, listener


def direct(daemon, listener, level, number):
    when = harness.text_of(daemon.clock.now() - 1)
    listener.publish(f"{daemon.prefix}cmd/directive", {"id": f"d-{number}", "issuer": "市指挥中心", "time": when,
                                                       "level": level, "start": when, "area": "全区"})


def newest_orders(listener):
    """By source; of one whose topic was cleared nothing."""
    return {each.name.removeprefix("order/"): each.body for each in listener.all() if each.name.startswith("order/")}


def follow_levels(world, plan):
    words = PLANS[plan]
    levels = list(words)
    daemon, listener = begin(world, plan, words.values())
    for i, level in enumerate(levels):
        direct(daemon, listener, level, i)
        wait_for(f"the order of {level}", lambda want=level: (newest_orders(listener).get("a") or {}).get("level")
                 == want, LIMIT_S, [daemon])
        order = newest_orders(listener)["a"]
        assert order["measures_zh"] == f"{words[level]}做法", order
        assert order["targets"]["pm"] == {"base_kg_d": 100, "cut_kg_d": 10 * (i + 1)}, order
    wait_for("that of the highest level alone", lambda: newest_orders(listener).get("top"), LIMIT_S, [daemon])
    assert newest_orders(listener)["top"]["level"] == levels[-1]
    told = run_command(daemon, "orders")
    assert [line.split()[3] for line in told.splitlines()[1:3]] == [levels[-1]] * 2, told
    direct(daemon, listener, levels[0], len(levels))
    wait_for("the withdrawal of what the lowest level does not ask for", lambda: any(
        each.name == "order/top" and each.body and each.body["withdrawn"] for each in listener.all()), LIMIT_S, [daemon])
    wait_for("the order of the lowest level again", lambda: (newest_orders(listener).get("a") or {}).get("level") == levels[0], LIMIT_S,
             [daemon])
    direct(daemon, listener, "none", len(levels) + 1)
    wait_for("the end of each topic", lambda: not any(newest_orders(listener).values()), LIMIT_S, [daemon])
    said = [each for each in listener.all() if each.name.startswith("order/") and each.body]
    assert schemas.check(said) == {"order"}
    assert {each.body["level"] for each in said} == {*levels, "none"}, said


def a_plan_of_two_levels_orders_by_its_own_names(world):
    follow_levels(world, "chongqing-2017")


def a_plan_of_four_levels_orders_by_its_own_names(world):
    follow_levels(world, os.path.join(harness.ROOT, "tests", "data", "plan-four-levels.yaml"))


if __name__ == "__main__":
    runner.run(a_plan_of_two_levels_orders_by_its_own_names, a_plan_of_four_levels_orders_by_its_own_names)
