#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The broker and the bus fail at once, again and again: each is killed, hangs and comes back while
the other does, and commands come in between. With the thread sanitizer this finds what the threads
share without a lock.

usage: storm.py HAZEWATCHD
"""
import random
import signal
import time
import uuid

import flood
import harness
import runner
from harness import MINUTE_S, wait_for

ROUNDS = 12
SEED = random.randrange(1 << 32)


def shake(process, how, pause_s):
    """Killed and started again, or stopped for a while."""
    if how == "kill":
        process.kill()
        time.sleep(pause_s)
        process.start()
    else:
        process.signal(signal.SIGSTOP)
        time.sleep(pause_s)
        process.signal(signal.SIGCONT)


def both_fail_at_once_again_and_again_and_both_are_used_again(world):
    chance = random.Random(SEED)
    print(f"# seed {SEED}")
    site = flood.Site(world)
    slave = next(process for process in world.processes if process.name == "slave")
    for turn in range(ROUNDS):
        first, second = chance.sample((slave, site.broker), 2)
        how = chance.choice(("kill", "hang"))
        first.signal(signal.SIGSTOP)
        shake(second, how, chance.uniform(0.05, 0.4))
        first.signal(signal.SIGCONT)
        if turn % 3 == 0:
            shake(first, "kill", 0.05)
        if turn % 4 == 1:
            site.daemon.signal(signal.SIGHUP)
    site.platform = world.subscribe(site.broker)
    wait_for("the broker", lambda: site.platform.last("state"), 120, [site.daemon])
    minute = site.daemon.clock.now() // MINUTE_S
    wait_for("values again", lambda: site.daemon.rows(
        "SELECT 1 FROM minutes WHERE minute > ? AND normal > 0", minute, file="samples.db"), 120,
        [site.daemon])
    when = harness.text_of(site.daemon.clock.now() - 60)
    site.platform.publish(f"{site.daemon.prefix}cmd/directive", {
        "id": f"d-{uuid.uuid4()}", "issuer": "x", "time": when, "level": "red", "start": when})
    wait_for("red in force", lambda: (site.platform.last("warning") or {}).get(
        "in_force", {}).get("level") == "red", 120, [site.daemon])
    site.daemon.stop()
    assert "ThreadSanitizer" not in site.daemon.log(), site.daemon.log()


if __name__ == "__main__":
    runner.run(both_fail_at_once_again_and_again_and_both_are_used_again)
