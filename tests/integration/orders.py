#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A district of 5,000 sources under a directive: the daemon is killed again and again while it
writes to them, and then has to take every order back. A real broker keeps what is retained.

usage: orders.py HAZEWATCHD
"""
import contextlib
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from types import SimpleNamespace

import harness
import runner
import schemas
from harness import wait_for

HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
SOURCES = 5000
KILLS = 4
LIMIT_S = 120
SEED = 8
PERSON, PHONE = "张某某", "13800000000"
TEXTS = ("credit_code", "county", "town", "inspector", "process", "key_index")
REGISTERS = [505, 605, 95, 405, 85, 305]


def insert(database, table, **columns):
    database.execute(f"INSERT INTO {table} ({', '.join(columns)})"
                     f" VALUES ({', '.join('?' * len(columns))})", tuple(columns.values()))


def say(listener, daemon, level):
    when = harness.text_of(daemon.clock.now() - 1)
    listener.publish(f"{daemon.prefix}cmd/directive", {
        "id": f"d-{level}", "issuer": "市指挥中心", "time": when, "level": level, "start": when,
        "area": "荷塘区"})


def put_list(database):
    insert(database, "lists", number=1, imported=int(time.time() * 1000), sources=SOURCES,
           file="list.csv", sha256="0" * 64, whole_sha256="")
    for emission in ("so2", "nox", "pm", "vocs"):
        insert(database, "list_whole", list=1, emission=emission, source="")
    for i in range(SOURCES):
        insert(database, "sources", list=1, id=f"s{i:05}", line=i + 2, kind="industry",
               name="示例企业", grade="C", control="normal", person=PERSON, phone=PHONE,
               other="{}", base_nox=1000 * i, **dict.fromkeys(TEXTS, ""))
        for level, measures in (("yellow", "限产"), ("orange", f"停产 {i}"), ("red", "停产")):
            insert(database, "source_levels", list=1, id=f"s{i:05}", level=level, measures=measures,
                   lines="", cut_nox=500 * i if level == "orange" else None)


@contextlib.contextmanager
def opened(daemon):
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, "state.db"))) as database:
        with database:
            yield database


def orders(listener):
    return [each for each in listener.all() if each.name.startswith("order/")]


def given(daemon):
    return daemon.rows("SELECT count(*) FROM orders")[0][0]


def kill_while_it_orders(daemon, watched):
    """At moments when some have their order and some have not. Returns how many had it."""
    draw, moments = random.Random(SEED), []
    for i in range(KILLS):
        least = SOURCES * i // (KILLS + 1) + draw.randrange(1, 500)
        wait_for(f"{least} orders", lambda n=least: given(daemon) >= n, LIMIT_S, watched)
        daemon.kill()
        moments.append(given(daemon))
        daemon.start()
    return moments


def settled(daemon):
    return daemon.rows("SELECT phase FROM order_run") == [(3,)] and daemon.rows(
        "SELECT count(*) FROM outbox WHERE topic LIKE 'order/%'") == [(0,)]


def scene(world):
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    clock = harness.Clock()
    slave.play_always(clock, REGISTERS)
    slave.start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port, publish_roster=True)
    daemon.start()
    daemon.stop()
    with opened(daemon) as database:
        put_list(database)
    daemon.start()
    watched = (broker, slave)
    wait_for("the connection", lambda: (listener.last("state") or {}).get("state") == "online", LIMIT_S,
             watched)
    say(listener, daemon, "orange")
    moments = kill_while_it_orders(daemon, watched)
    wait_for("every order", lambda: settled(daemon), LIMIT_S, (*watched, daemon))
    kept = world.subscribe(broker, late=True)
    wait_for("what the broker kept", lambda: len(orders(kept)) >= SOURCES, LIMIT_S)
    kept, before = orders(kept), orders(listener)
    say(listener, daemon, "none")
    wait_for("the lift", lambda: daemon.rows("SELECT level FROM order_run") == [("none",)], LIMIT_S)
    daemon.kill()
    daemon.start()
    wait_for("every topic's end", lambda: settled(daemon), LIMIT_S, (*watched, daemon))
    after = world.subscribe(broker, late=True)
    wait_for("the advice among what is left", lambda: after.last("health"))
    return SimpleNamespace(daemon=daemon, moments=moments, kept=kept, before=before,
                           lift=orders(listener)[len(before):], after=after, listener=listener)


def it_was_killed_while_some_had_no_order_yet(stage):
    assert len(stage.moments) == KILLS and all(0 < n < SOURCES for n in stage.moments), \
        stage.moments


def every_source_has_one_retained_order_and_none_is_lost(stage):
    names = sorted(each.name for each in stage.kept)
    assert names == [f"order/s{i:05}" for i in range(SOURCES)], len(names)
    for each in stage.kept:
        i = int(each.body["source"][1:])
        assert each.body["measures_zh"] == f"停产 {i}", each.body
        assert each.body["targets"]["nox"] == {"base_kg_d": i, "cut_kg_d": i / 2}, each.body
        assert each.body["authority"] == "directive" and each.body["binding"], each.body


def an_order_that_came_twice_has_the_same_id(stage):
    ids = {}
    for each in stage.before:
        ids.setdefault(each.name, set()).add(each.body["id"])
    assert all(len(found) == 1 for found in ids.values())
    print(f"# {len(stage.before)} messages for {len(ids)} orders and {KILLS} kills")


def orders_and_withdrawals_are_valid_against_their_schema(stage):
    assert schemas.check(stage.before[::40] + stage.lift[::40]) == {"order"}


def no_person_goes_out(stage):
    for each in stage.before + stage.lift:
        text = str(each.body)
        assert PERSON not in text and PHONE not in text and "示例企业" not in text, text


def the_roster_names_every_source_and_no_person(stage):
    def pages():
        kept = {each.name: each for each in stage.listener.all() if each.name.startswith("roster/")}
        return list(kept.values())
    wait_for("the last page", lambda: any(not each.body["more"] for each in pages()), LIMIT_S, [stage.daemon])
    found = {}
    for each in pages():
        assert PERSON not in str(each.body) and PHONE not in str(each.body)
        found.update(each.body["sources"])
    assert schemas.check(pages()) == {"roster"}
    assert set(found) == {f"s{i:05}" for i in range(SOURCES)}, len(found)
    assert found["s00007"] == {"name": "示例企业", "kind": "industry", "keeper": None}


def the_lift_withdraws_every_order_before_its_topic_is_cleared(stage):
    withdrawn = set()
    for each in stage.lift:
        if each.body:
            assert each.body["withdrawn"] and each.body["level"] == "none", each.body
            withdrawn.add(each.name)
        else:
            assert each.name in withdrawn, f"{each.name} was cleared, not withdrawn"
    assert len(withdrawn) == SOURCES, len(withdrawn)


def after_the_lift_the_broker_keeps_no_order(stage):
    assert not orders(stage.after), len(orders(stage.after))
    assert stage.daemon.rows("SELECT count(*) FROM orders") == [(0,)]


def the_report_counts_them_all(stage):
    done = subprocess.run([HAZEWATCH, "report", "d-orange", "--lang", "en", "--config", stage.daemon.config_path,
                           "--config-dir", harness.CONFIG], capture_output=True, text=True, check=False,
                          timeout=LIMIT_S)
    assert done.returncode == 0, done
    sums = done.stdout[done.stdout.index("Sources with orders"):]
    numbers = [int(number) for number in re.findall(r"<td class=\"n\">(\d+)<", sums)[:4]]
    assert numbers == [SOURCES, SOURCES, SOURCES, SOURCES], numbers
    assert PERSON not in done.stdout and "The response still runs" not in done.stdout


if __name__ == "__main__":
    runner.run(
        it_was_killed_while_some_had_no_order_yet,
        every_source_has_one_retained_order_and_none_is_lost,
        an_order_that_came_twice_has_the_same_id,
        orders_and_withdrawals_are_valid_against_their_schema,
        no_person_goes_out,
        the_roster_names_every_source_and_no_person,
        the_lift_withdraws_every_order_before_its_topic_is_cleared,
        after_the_lift_the_broker_keeps_no_order,
        the_report_counts_them_all,
        scene=scene)
