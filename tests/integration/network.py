#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The fault catalogue of the way to the broker: names that nobody resolves, an address behind which
everything vanishes, a clock that steps. Buses, hours and the watchdog go on, there is one line in the
log and one socket, SIGTERM ends it in time, and nobody has to help it back.

usage: network.py HAZEWATCHD [--slow | --slow-alone]

With --slow-alone it starts itself again in a network and mounts of its own, where that is allowed.
"""
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import harness
import inbox
import notify
import runner
import stop
from harness import HOUR_S, hour_of, wait_for

SPEED = 600        # an hour in 6 s
POLLS = 60         # an hour
OUTAGE_S = 20      # two whole hours, and longer than paho's time-out of a connect
KEPT = 0.98        # of the polls
KEEPALIVE_S = 5
BACK_S = 60        # the back-off after such an outage, with its jitter
AT_ONCE_S = 8      # the back-off after a short one, and a busy machine
START = hour_of("2026-01-10T00:00:00+08:00")
REGISTERS = [805, 1005, 205, 405, 95, 605]
DNS = 53
NOWHERE = "192.0.2.1"  # RFC 5737: nobody's address
BUILT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))), "tests",
                     "integration")
ALLOWED = (f"ip link set lo up && ip address add {NOWHERE}/32 dev lo &&"
           " mount --bind /dev/null $(realpath /etc/resolv.conf)")
NO_BROKER, BROKER = "mqtt: no connection", "mqtt: connected"


def sockets(daemon, *ports):
    """How many the daemon has open to these ports."""
    folder, open_ones, found = f"/proc/{daemon.pid}", set(), 0
    for fd in os.listdir(f"{folder}/fd"):
        with contextlib.suppress(FileNotFoundError):
            open_ones.add(os.readlink(f"{folder}/fd/{fd}"))
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"{folder}/net/{table}", encoding="ascii") as file:
            rows = [line.split() for line in file.readlines()[1:]]
        found += sum(int(row[2].split(":")[1], 16) in ports and f"socket:[{row[9]}]" in open_ones
                     for row in rows)
    return found


class Site:
    """A daemon under a service manager, and a broker at `host` that an outage keeps from it."""

    def __init__(self, world, outage):
        clock = harness.Clock(START * HOUR_S, SPEED)
        self.outage, self.broker = outage, outage.broker
        slave = harness.Slave(world).play_always(clock, REGISTERS).start()
        self.systemd = notify.Systemd(world)
        self.daemon = harness.Daemon(
            world, clock, slave.port, outage.port,
            mqtt={"host": outage.host, "keepalive_s": KEEPALIVE_S})
        self.start()

    def start(self):
        before = len(self.daemon.lines(BROKER))
        self.daemon.start(**self.systemd.environment(), **self.outage.environment)
        self.wait_log(BROKER, before + 1)

    def wait_log(self, pattern, times, limit_s=BACK_S):
        wait_for(f"{times} x {pattern}", lambda: len(self.daemon.lines(pattern)) >= times, limit_s,
                 [self.daemon])

    def suffer(self):
        """Begins the outage and watches what must go on in it."""
        ports, began = (self.outage.port, DNS), time.monotonic()
        assert sockets(self.daemon, *ports) == 1
        self.outage.begin()
        first = int(self.daemon.clock.now() // HOUR_S) + 2
        while time.monotonic() < began + OUTAGE_S:
            assert sockets(self.daemon, *ports) <= 1, "more than one socket"
            time.sleep(0.05)
        self.hours_kept(first, int(self.daemon.clock.now() // HOUR_S))
        fed = [moment for moment in self.systemd.moments("WATCHDOG=1") if moment > began - 1]
        gaps = [later - earlier for earlier, later in zip(fed, fed[1:])]
        assert max(gaps) < notify.WATCHDOG_S, f"{max(gaps):.2f} s without a word to the watchdog"

    def hours_kept(self, first, last):
        wait_for("the hours", lambda: self.daemon.newest_hour() >= last, watched=[self.daemon])
        (hours, polls), = self.daemon.rows(
            "SELECT count(*), sum(samples) FROM hours WHERE pollutant = 'pm25'"
            " AND hour BETWEEN ? AND ?", first, last)
        print(f"# {polls} of {hours * POLLS} polls in {hours} hours")
        assert hours >= 1 and hours == last - first + 1, (first, last, hours)
        assert polls >= KEPT * hours * POLLS, f"{polls} of {hours * POLLS} polls"


def an_outage(world, outage):
    """What every outage must leave as it is."""
    site = Site(world, outage)
    site.suffer()
    assert len(site.daemon.lines(NO_BROKER)) == 1, site.daemon.lines(NO_BROKER)
    ended = time.monotonic()
    outage.end()
    site.wait_log(BROKER, 2)
    print(f"# connected {time.monotonic() - ended:.1f} s after the end")
    outage.begin()
    site.wait_log(NO_BROKER, 2)
    time.sleep(2)  # it tries to connect
    stop.stop_in_time(site.daemon)
    site.daemon.start(**outage.environment)
    time.sleep(1)
    stop.stop_in_time(site.daemon)


class Outage:
    """A broker and what keeps the daemon from it; this one keeps nothing."""

    def __init__(self, world, *lines):
        self.world, self.environment = world, {}
        self.broker = harness.Broker(world, *lines).start()
        self.host, self.port = "127.0.0.1", self.broker.port

    def begin(self):
        """From now on."""
        self.broker.kill()

    def end(self):
        """As it was before."""
        self.broker.start()


# ---- row 26: names ----


class HungResolver(Outage):
    """getaddrinfo itself does not return."""

    def __init__(self, world):
        super().__init__(world)
        self.host = "broker.test"
        self.environment = {"LD_PRELOAD": os.path.join(BUILT, "libhang.so"),
                            "HAZEWATCH_SILENT": world.path("silent")}

    def begin(self):
        self.world.write("silent", "")
        super().begin()

    def end(self):
        super().end()
        os.unlink(self.world.path("silent"))


class SilentServer(Outage):
    """The resolver's server gets every question and answers none."""

    def __init__(self, world):
        super().__init__(world)
        self.host, self.silent, self.asked = "broker.test", False, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", DNS))
        run("mount", "--bind", world.write("resolv.conf", "nameserver 127.0.0.1\n"),
            os.path.realpath("/etc/resolv.conf"))
        world.callback(lambda: run("umount", os.path.realpath("/etc/resolv.conf")))
        world.callback(self.socket.close)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                question, sender = self.socket.recvfrom(512)
            except OSError:
                return
            self.asked += 1
            if not self.silent:
                self.socket.sendto(self.answer(question), sender)

    @staticmethod
    def answer(question):
        """127.0.0.1 to whoever asks for an A, nothing to others."""
        end = question.index(b"\0", 12) + 5
        is_a = question[end - 4:end - 2] == b"\0\1"
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton("127.0.0.1")
        return (question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0\0\0\0" +
                question[12:end] + (record if is_a else b""))

    def begin(self):
        self.silent = True
        super().begin()

    def end(self):
        assert self.asked > 2, "nobody asked for the name"
        super().end()
        self.silent = False


def row_26_a_resolver_that_never_returns(world):
    an_outage(world, HungResolver(world))


def row_26_a_name_server_that_never_answers(world):
    an_outage(world, SilentServer(world))


# ---- row 27: addresses ----


class FullPort(Outage):
    """Nobody takes the connection, as if the packets were dropped."""

    def begin(self):
        super().begin()
        self.full = stop.Full(self.world, self.port)

    def end(self):
        self.full.close()
        super().end()


class LostAddress(Outage):
    """The route remains, nobody is at its end: what is sent there vanishes."""

    def __init__(self, world):
        run("ip", "address", "add", f"{NOWHERE}/32", "dev", "lo")
        port = harness.free_port()
        super().__init__(world, "allow_anonymous true", f"listener {port} {NOWHERE}")
        self.host, self.port = NOWHERE, port
        world.callback(self.end)

    def begin(self):
        run("ip", "address", "del", f"{NOWHERE}/32", "dev", "lo")
        run("ip", "route", "add", NOWHERE, "dev", "lo")

    def end(self):
        run("ip", "route", "flush", "to", NOWHERE)
        run("ip", "address", "replace", f"{NOWHERE}/32", "dev", "lo")


def row_27_a_host_that_takes_no_connection(world):
    an_outage(world, FullPort(world))


def row_27_an_address_behind_which_everything_vanishes(world):
    an_outage(world, LostAddress(world))


# ---- row 48: the clock ----


class Stepping(inbox.Site):
    """A daemon on the machine's clock, which can be stepped under it."""

    def start(self):
        self.daemon.start(LD_PRELOAD=os.path.join(BUILT, "libstep.so"),
                          HAZEWATCH_STEP=self.world.path("step"))
        wait_for("the state", lambda: self.platform.last("state"), watched=[self.daemon])
        return self

    def step(self, seconds):
        self.world.write("step", str(seconds))

    def times(self, pattern):
        return len(self.daemon.lines(pattern))

    def wait_times(self, pattern, times):
        """How long it took."""
        began = time.monotonic()
        wait_for(f"{times} x {pattern}", lambda: self.times(pattern) >= times, BACK_S, [self.daemon])
        return time.monotonic() - began

    def wait_coming(self, times):
        """The same of its connections as the broker tells them: a connection after short ones is
        told of by the daemon when it has held."""
        began = time.monotonic()
        wait_for(f"{times} connections", lambda: len(self.broker.lines(
            "New client connected .* as hazewatch-test-01")) >= times, BACK_S, [self.daemon])
        return time.monotonic() - began

    def is_heard(self, level):
        """A directive is answered and published. The station goes on by the time before the step,
        as soon as it has noticed it."""
        wait_for("the step's line", lambda: self.times("clock has jumped"), watched=[self.daemon])
        reply = self.ask("directive", inbox.directive(level))
        assert reply["outcome"] == "accepted", reply
        wait_for(f"{level} in force", lambda: self.in_force() == level, watched=[self.daemon])


STEPS = (-HOUR_S, HOUR_S, -20 * 86400)


def row_48_a_step_while_it_waits_to_reconnect(world):
    site = Stepping(world).start()
    for number, off_s in enumerate(STEPS, 1):
        site.broker.save()
        site.broker.kill()
        time.sleep(1)  # it has noticed, and waits
        site.step(off_s)
        site.broker.start()
        took = site.wait_coming(number + 1)
        print(f"# a step of {off_s} s: connected after {took:.1f} s")
        assert took < AT_ONCE_S * 2 ** (number - 1), f"{took:.1f} s after a step of {off_s} s"
        site.is_heard("orange" if number % 2 else "red")
    site.daemon.stop()


def row_48_a_step_while_it_connects(world):
    site = Stepping(world).start()
    site.broker.kill()
    site.wait_times(NO_BROKER, 1)
    mute = stop.Mute(world, site.broker.port, b"hazewatch-test-01")  # says nothing
    assert mute.heard.wait(BACK_S), "it did not try"
    took = []
    for off_s in (0, -HOUR_S):
        site.step(off_s)
        mute.heard.clear()
        began = time.monotonic()
        assert mute.heard.wait(3 * BACK_S), "it waits for ever"
        took.append(time.monotonic() - began)
    print("# until the next attempt {:.1f} s, with a step {:.1f} s".format(*took))
    assert took[1] < took[0] + AT_ONCE_S, took
    mute.close()
    site.broker.start()
    site.wait_times(BROKER, 2)
    site.is_heard("red")
    site.daemon.stop()


def row_48_a_step_while_it_is_connected(world):
    site = Stepping(world).start()
    for number, off_s in enumerate(STEPS):
        site.step(off_s)
        site.is_heard("red" if number % 2 else "orange")
        site.broker.signal(signal.SIGSTOP)
        time.sleep(1)
        site.broker.signal(signal.SIGCONT)
        site.is_heard("yellow")
    assert site.times(BROKER) == 1 and site.times(NO_BROKER) == 0, site.daemon.log()
    site.daemon.stop()


# ---- a network of our own ----


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stderr}"


def start_alone():
    """This program once more, in namespaces of its own; or why it cannot."""
    command = ["unshare", "--net", "--mount"]
    if os.geteuid() != 0:
        command[1:1] = ["--user", "--map-root-user"]
    if not shutil.which("ip"):
        print("1..0 # SKIP there is no ip (iproute2)")
        return
    tried = subprocess.run([*command, "sh", "-c", ALLOWED], capture_output=True, text=True,
                           check=False)
    if tried.returncode:
        print("1..0 # SKIP this machine does not allow it:", " ".join(tried.stderr.split()))
        return
    os.execvp(command[0], [*command, sys.executable, "-B", *sys.argv, "--alone"])


SLOW = (row_26_a_resolver_that_never_returns, row_27_a_host_that_takes_no_connection,
        row_48_a_step_while_it_waits_to_reconnect, row_48_a_step_while_it_connects,
        row_48_a_step_while_it_is_connected)
ALONE = (row_26_a_name_server_that_never_answers,
         row_27_an_address_behind_which_everything_vanishes)

if __name__ == "__main__":
    if "--alone" in sys.argv:
        run("ip", "link", "set", "lo", "up")
        runner.run(*ALONE)
    elif "--slow-alone" in sys.argv:
        start_alone()
    else:
        runner.run(*SLOW)
