#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The kernel does not say whether its clock is synchronised: nobody has confirmed it then. Values
wait, hours go on after the patience, marked.

usage: unreadable.py HAZEWATCHD
"""
import os
import time

import harness
import runner
import seccomp
from harness import MINUTE_S, wait_for

PATIENCE_MIN = 1
VALUES = [805, 1005, 205, 405, 95, 605]
SECCOMP = os.path.join(harness.HERE, "seccomp.py")


def minutes(daemon):
    try:
        return daemon.rows("SELECT minute, samples, covered_ms FROM minutes JOIN channels"
                           " ON id = channel WHERE name = 'roof/pm25' ORDER BY minute",
                           file="samples.db")
    except harness.sqlite3.OperationalError:
        return []


def row_49_a_state_of_synchronisation_that_cannot_be_read(world):
    if os.uname().machine not in seccomp.CALLS:
        raise runner.Skipped("the numbers of this machine's system calls are not known")
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    slave.play_always(harness.Clock(), VALUES).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, harness.Clock(), slave.port, broker.port)
    daemon.config["clock"] = {"source": "ntp", "patience_min": PATIENCE_MIN}
    daemon.config["sensors"][0]["poll_s"] = 2
    daemon.write_config()
    daemon.command = ["/usr/bin/python3", "-B", SECCOMP, *daemon.command]
    began = time.time()
    daemon.start()
    assert daemon.lines("notice: clock: waiting"), daemon.log()
    while time.time() < began + PATIENCE_MIN * MINUTE_S - 3:
        assert not minutes(daemon) and not daemon.lines("clock: (trusted|unsynchronised)")
        time.sleep(1)
    wait_for("the end of the patience", lambda: daemon.lines("clock: unsynchronised"),
             watched=[daemon])
    assert time.time() >= began + PATIENCE_MIN * MINUTE_S - 0.5
    wait_for("minutes", lambda: minutes(daemon), watched=[daemon])
    # what was measured meanwhile has its minutes, none is empty
    first, samples, covered = minutes(daemon)[0]
    assert 0 <= first - began // MINUTE_S <= 1, (first, began)
    assert samples > 0 and covered > 0
    last = wait_for("the health", lambda: (listener.last("health") or {}).get("clock") ==
                    "unsynchronised" and listener.last("health"), watched=[daemon])
    assert last["time_quality"] == "unsynchronised", last
    reading = wait_for("a reading", lambda: listener.last("reading"), watched=[daemon])
    assert reading["time_quality"] == "unsynchronised", reading
    assert not daemon.lines("clock: trusted")
    assert daemon.stop() <= harness.STOP_LIMIT_S


if __name__ == "__main__":
    runner.run(row_49_a_state_of_synchronisation_that_cannot_be_read)
