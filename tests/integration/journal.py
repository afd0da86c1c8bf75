#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The daemon and systemd's journal itself, in a mount namespace of our own: what arrives, what
journalctl says of it, and what happens when the journal stands still.

usage: journal.py HAZEWATCHD
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys

import harness
import runner
from harness import wait_for

INSIDE = "HAZEWATCH_INSIDE"
JOURNALD = "/lib/systemd/systemd-journald"
CATALOGUES = os.path.join(harness.ROOT, "systemd")
KINDS = os.path.join(harness.ROOT, "daemon/base/log_kinds.c")


def need(*command):
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False).returncode != 0:
        raise runner.Skipped(" ".join(command) + " is not allowed here")


class Journal(harness.Process):
    """The journal of this namespace, which nothing but the daemon writes to."""

    def __init__(self, world):
        if not os.path.exists(JOURNALD):
            raise runner.Skipped(JOURNALD + " is not there")
        need("mount", "-t", "tmpfs", "tmpfs", "/run")
        need("mount", "-t", "tmpfs", "tmpfs", "/var/lib/systemd")
        need("mount", "--bind", CATALOGUES, "/usr/lib/systemd/catalog")
        for folder in ("/run/systemd/journal", "/run/log/journal", "/var/lib/systemd/catalog"):
            os.makedirs(folder)
        need("journalctl", "--update-catalog")
        super().__init__(world, "journald", [JOURNALD])

    def start(self):
        self.launch()
        wait_for("the journal", lambda: os.path.exists("/run/systemd/journal/stdout"), watched=[self])
        return self

    def open_stream(self):
        """A stream for standard error as systemd opens one, and its JOURNAL_STREAM."""
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.connect("/run/systemd/journal/stdout")
        stream.sendall(b"test\n\n6\n1\n0\n0\n0\n")
        at = os.fstat(stream.fileno())
        return stream, f"{at.st_dev}:{at.st_ino}"

    def ask(self, *options):
        return subprocess.run(["journalctl", "--no-pager", "--file", "/run/log/journal/*/system.journal", "-q", *options,
                               "SYSLOG_IDENTIFIER=hazewatchd"], capture_output=True, text=True, timeout=60,
                              check=False).stdout


def launch(journal, daemon):
    """With standard error into the journal."""
    stream, name = journal.open_stream()
    daemon.popen = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *daemon.command],
                                    stderr=stream, stdin=subprocess.DEVNULL,
                                    env={"PATH": os.environ["PATH"], "JOURNAL_STREAM": name})
    stream.close()


def the_journal_has_the_fields_and_says_what_a_line_means_and_may_stand_still(world):
    if os.geteuid() != 0 or not shutil.which("journalctl"):
        raise runner.Skipped("a mount namespace needs root, and the journal journalctl")
    journal = Journal(world).start()
    daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port(), sensors=[
        {"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six", "poll_s": 1}])
    launch(journal, daemon)
    wait_for("a bus that cannot be opened", lambda: journal.ask("HAZEWATCH_BUS=sim"), 60, [daemon, journal])
    entry = json.loads(journal.ask("-o", "json", "-n", "1", "HAZEWATCH_BUS=sim"))
    with open(KINDS, encoding="ascii") as file:
        wanted = file.read().split('[LOG_BUS_FAILED] = "')[1][:32]
    assert (entry["MESSAGE_ID"], entry["PRIORITY"], entry["_TRANSPORT"]) == (wanted, "4", "journal"), entry
    assert "A bus cannot be opened" in journal.ask("-x", "HAZEWATCH_BUS=sim")
    assert "started, version" in journal.ask(), journal.ask()
    journal.signal(signal.SIGSTOP)
    daemon.config["plan"] = "nothing"
    daemon.write_config()
    daemon.signal(signal.SIGHUP)
    assert daemon.stop() <= harness.STOP_LIMIT_S
    journal.signal(signal.SIGCONT)


if __name__ == "__main__":
    if INSIDE not in os.environ and os.geteuid() == 0 and shutil.which("unshare"):
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", *sys.argv])
    runner.run(the_journal_has_the_fields_and_says_what_a_line_means_and_may_stand_still)
