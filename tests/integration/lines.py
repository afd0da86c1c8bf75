#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How much the log says: a line an hour, two a fault, and what changes; so that somebody reads it.

usage: lines.py HAZEWATCHD
"""
import signal

import harness
import runner
from harness import wait_for

SPEED = 3600  # an hour in a second
START = harness.hour_of("2026-01-10T08:00:00+08:00")
CLEAN, SMOG = [305, 505, 205, 405, 95, 605], [3005, 4005, 205, 405, 95, 605]
NO_VALUE = 65535
DAYS, MOST = 2, 101


def two_days_with_five_faults_take_at_most_101_lines(world):
    clock = harness.Clock(START * harness.HOUR_S, SPEED)
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(clock, CLEAN).start()
    daemon = harness.Daemon(world, clock, slave.port, broker.port,
                            sensors=[{"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six",
                                      "poll_s": 60}]).start()

    def hours_go_by(hours):
        until = daemon.newest_hour() + hours
        wait_for(f"hour {until}", lambda: daemon.newest_hour() >= until, 120, [daemon])

    def line_comes(pattern):
        wait_for(pattern, lambda: daemon.lines(pattern), 60, [daemon])
    line_comes("roof: answers")
    wait_for("an hour", daemon.newest_hour, 60, [daemon])
    first = daemon.newest_hour()
    hours_go_by(8)
    slave.signal(signal.SIGSTOP)       # 1: nothing answers
    line_comes("roof: no answer")
    slave.signal(signal.SIGCONT)
    slave.play_always(clock, SMOG)
    hours_go_by(8)
    broker.kill()                      # 2: the broker is away
    line_comes("mqtt: no connection")
    broker.start()
    hours_go_by(8)
    slave.kill()                       # 3: the gateway is away
    line_comes("bus sim: cannot open")
    slave.start()
    hours_go_by(4)
    slave.play_always(clock, CLEAN)
    hours_go_by(6)
    daemon.config["plan"] = "nothing"  # 4: a mistake in a file
    daemon.write_config()
    daemon.signal(signal.SIGHUP)
    line_comes("reload: the files have problems")
    slave.play_always(clock, [NO_VALUE, *CLEAN[1:]])  # 5: a channel has no value
    line_comes("roof/pm25: no good value")
    hours_go_by(3)
    slave.play_always(clock, CLEAN)
    line_comes("roof/pm25: good values again")
    hours_go_by(max(1, first + DAYS * 24 - daemon.newest_hour()))
    daemon.stop()
    lines = daemon.log().splitlines()
    hours = [line for line in lines if " info: hour " in line]
    print(f"# {len(lines)} lines, {len(hours)} of them hours")
    for pattern in ("roof: no answer|roof: back", "bus sim: cannot", "bus sim: .* is back", "mqtt: no connection",
                    "reload: the files have problems", "roof/pm25: no good value", "roof/pm25: good values again",
                    "missing: PM2.5 sentinel", "severely polluted, PM2.5 300 μg/m³", "; EXERCISE$",
                    "unknown .PM2.5 [0-9]* of 20 valid hours, PM10"):
        assert daemon.lines(pattern), f"{pattern}\n" + daemon.log()
    # a busy machine may start late: hours before that have no line
    assert len(hours) > 40 and len(lines) + DAYS * 24 - len(hours) <= MOST, daemon.log()


if __name__ == "__main__":
    runner.run(two_days_with_five_faults_take_at_most_101_lines)
