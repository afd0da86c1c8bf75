#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A gateway whose cable is pulled: nobody resets and nobody hangs up, whatever is sent is lost.

usage: cable.py HAZEWATCHD

The gateway is in a network namespace of its own behind a pair of virtual interfaces; the test and
the daemon are in another one, so that the machine's network has no part in it. Where namespaces are
not allowed the test is skipped.
"""
import contextlib
import os
import subprocess
import sys
import time

import harness
import runner
from faults import Field, Scripted, Sockets
from harness import wait_for

INSIDE = "--inside"
ENTER = ["unshare", "--user", "--map-root-user", "--net", "--"]
OURS, ITS = "10.77.0.1", "10.77.0.2"
OUTAGE_S = 8
ATTEMPTS_MOST = 6  # 0, 1, 3 and 7 s after the first one in vain, and the one before
RETURN_S = 20      # the next attempt of a doubled wait


def ip(*words, pid=None):
    where = ["nsenter", "--net", "--target", str(pid), "--"] if pid else []
    subprocess.run([*where, "ip", *words], check=True)


class Gateway(Scripted):
    """The scripted slave at the other end of a cable."""

    def __init__(self, world):
        super().__init__(world, "line", False)
        self.command = ["unshare", "--net", "--", *self.command, "--host", "0.0.0.0"]

    def network(self):
        return os.readlink(f"/proc/{self.pid}/ns/net")

    def start(self):
        self.save()
        self.launch()
        wait_for("its network", lambda: self.network() != os.readlink("/proc/self/ns/net"),
                 watched=[self])
        ip("link", "add", "ours", "type", "veth", "peer", "name", "its", "netns", str(self.pid))
        ip("address", "add", f"{OURS}/24", "dev", "ours")
        ip("link", "set", "ours", "up")
        ip("address", "add", f"{ITS}/24", "dev", "its", pid=self.pid)
        self.plug()
        return self

    def plug(self):
        ip("link", "set", "its", "up", pid=self.pid)

    def pull(self):
        ip("link", "set", "its", "down", pid=self.pid)

    def bus(self, name):
        return {**super().bus(name), "tcp": {"host": ITS, "port": self.port}}


def row_8_a_connection_that_is_half_open(world):
    ip("link", "set", "lo", "up")
    field = Field(world, line=Gateway(world))
    for pollutant in ("pm25", "pm10", "o3"):
        field.wait_whole(pollutant, 1)
    sockets = Sockets(field.daemon, field.line.port)
    field.line.pull()
    field.wait_failure("pm25", "timeout", 1)  # sent, and never answered
    field.wait_failure("pm25", "link")        # and then there is no way to connect
    field.wait_failure("pm10", "link")
    time.sleep(OUTAGE_S)
    attempts = sockets.end()
    assert 3 <= attempts <= ATTEMPTS_MOST, f"{attempts} connections in {OUTAGE_S} s"
    field.line.plug()
    field.wait_whole("pm25", 2, RETURN_S)
    field.wait_whole("pm10", 2)
    field.true()
    field.neighbours_kept("o3")
    field.line.pull()
    field.wait_failure("pm25", "link")
    took = field.daemon.stop()
    assert took <= harness.STOP_LIMIT_S, f"it ended after {took:.2f} s"
    field.daemon.start()
    field.wait_whole("o3", 1)
    field.line.plug()
    field.wait_whole("pm25", 1)
    field.true()


def main():
    if INSIDE in sys.argv:
        runner.run(row_8_a_connection_that_is_half_open)
    with contextlib.suppress(FileNotFoundError):
        pair = ["ip", "link", "add", "ours", "type", "veth", "peer", "name", "its"]
        if subprocess.run([*ENTER, *pair], capture_output=True, check=False).returncode == 0:
            os.execvp(ENTER[0], [*ENTER, sys.executable, "-B", *sys.argv, INSIDE])
    print("1..0 # SKIP no network namespaces of one's own with a cable in them are allowed here")


if __name__ == "__main__":
    main()
