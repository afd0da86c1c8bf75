#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What systemd hears of the daemon, without a systemd: ready, alive, reloading, stopping.

usage: notify.py HAZEWATCHD [--slow]
"""
import os
import signal
import socket
import threading
import time

import harness
import runner
from harness import wait_for

WATCHDOG_S = 1.0
WATCH_S = 2.5


class Systemd:
    """The socket that a service reports to."""

    def __init__(self, world, watchdog_s=WATCHDOG_S):
        self.path, self.watchdog_s = world.path("notify"), watchdog_s
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.heard, self.began = [], time.monotonic()  # (moment, line)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            text = self.socket.recv(4096).decode()
            self.heard += [(time.monotonic(), line) for line in text.splitlines()]

    def environment(self):
        return {"NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": str(round(self.watchdog_s * 1000000))}

    def moments(self, line):
        return [moment for moment, heard in list(self.heard) if heard == line]


def service(world, slave_port=None, broker_port=None):
    systemd = Systemd(world)
    daemon = harness.Daemon(world, harness.Clock(), slave_port or harness.free_port(),
                            broker_port or harness.free_port())
    daemon.launch(**systemd.environment())
    return systemd, daemon


def watch(systemd, daemon):
    """The watchdog is fed in time for a while."""
    wait_for("a watchdog's ration", lambda: systemd.moments("WATCHDOG=1"), watched=[daemon])
    time.sleep(WATCH_S)
    fed = systemd.moments("WATCHDOG=1")
    gaps = [later - earlier for earlier, later in zip(fed, [*fed[1:], time.monotonic()])]
    assert max(gaps) < WATCHDOG_S, f"{max(gaps):.2f} s without a word"


def check_ready(systemd, daemon):
    ready = wait_for("READY=1", lambda: systemd.moments("READY=1"), watched=[daemon])
    took = ready[0] - systemd.began
    assert took < 5, f"READY=1 after {took:.1f} s"


def it_is_ready_and_alive_without_slave_and_broker_and_says_that_it_stops(world):
    systemd, daemon = service(world)
    check_ready(systemd, daemon)
    watch(systemd, daemon)
    assert systemd.moments("STOPPING=1") == []
    assert daemon.stop() <= harness.STOP_LIMIT_S
    wait_for("STOPPING=1", lambda: len(systemd.moments("STOPPING=1")) == 1)
    assert len(systemd.moments("READY=1")) == 1


def it_stays_alive_while_slave_and_broker_are_silent(world):
    broker = harness.Broker(world).start()
    slave = harness.Slave(world).play_always(harness.Clock(), [1] * 6).start()
    systemd, daemon = service(world, slave.port, broker.port)
    check_ready(systemd, daemon)
    wait_for("the connection", lambda: daemon.lines("mqtt: connected"), watched=[daemon])
    broker.signal(signal.SIGSTOP)
    slave.signal(signal.SIGSTOP)
    watch(systemd, daemon)


def a_reload_is_told_and_ends_with_being_ready_again(world):
    systemd, daemon = service(world)
    check_ready(systemd, daemon)
    daemon.signal(signal.SIGHUP)
    wait_for("the second READY=1", lambda: len(systemd.moments("READY=1")) == 2, watched=[daemon])
    assert len(systemd.moments("RELOADING=1")) == 1
    reloading, ready = systemd.moments("RELOADING=1")[0], systemd.moments("READY=1")[1]
    assert reloading < ready and systemd.moments("STOPPING=1") == []
    watch(systemd, daemon)


def the_status_line_says_how_many_sensors_answer(world):
    slave = harness.Slave(world).play_always(harness.Clock(), [1] * 6).start()
    systemd, daemon = service(world, slave.port)
    check_ready(systemd, daemon)
    status = wait_for("the status", lambda: [line for _, line in list(systemd.heard)
                                             if line.startswith("STATUS=")], watched=[daemon])
    assert "advice none" in status[0] and "clock trusted" in status[0], status
    wait_for("one sensor of one", lambda: any("sensors 1/1 ok" in line for _, line in
                                              list(systemd.heard)), watched=[daemon])


def without_a_service_manager_it_needs_none(world):
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port())
    assert "NOTIFY_SOCKET" not in os.environ
    daemon.start()
    daemon.stop()


QUICK = (it_is_ready_and_alive_without_slave_and_broker_and_says_that_it_stops,
         it_stays_alive_while_slave_and_broker_are_silent,
         a_reload_is_told_and_ends_with_being_ready_again,
         without_a_service_manager_it_needs_none)
SLOW = (the_status_line_says_how_many_sensors_answer,)

if __name__ == "__main__":
    runner.run(*QUICK, slow=SLOW)
