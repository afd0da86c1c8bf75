# SPDX-License-Identifier: MIT
"""What the integration tests share: the daemon among real neighbours, and no trace afterwards.

A test is a function whose name is a sentence; it gets a World, in which it starts a mosquitto, a
pymodbus slave, subscribers and the daemon. Whatever a World started or wrote is gone when the test
ends, be it by a failure or by a signal (runner.py). Every wait has a deadline.
"""
import atexit
import contextlib
import datetime
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
import zlib

import yaml

import subscriber

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CONFIG = os.path.join(ROOT, "config")
HOUR_S, MINUTE_S = 3600, 60
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
STOP_LIMIT_S = 2.0 + 0.2  # what is promised, and what a busy machine may add
PATIENCE_S = 20           # for what should take a moment


def load_yaml(path):
    """A file of config/."""
    with open(os.path.join(CONFIG, path), encoding="utf-8") as file:
        return yaml.safe_load(file)


def text_of(seconds):
    """RFC 3339 in Beijing time with milliseconds."""
    moment = datetime.datetime.fromtimestamp(round(seconds, 3), BEIJING)
    return moment.isoformat(timespec="milliseconds")


def hour_text(hour):
    """An END label as the messages write it."""
    return datetime.datetime.fromtimestamp(hour * HOUR_S, BEIJING).isoformat()


def instant(text):
    """Seconds since 1970."""
    return round(datetime.datetime.fromisoformat(text).timestamp())


def hour_of(text):
    return instant(text) // HOUR_S


def wait_for(what, condition, limit_s=PATIENCE_S, watched=()):
    """The first true value of the condition; fails after limit_s or when a watched process ends."""
    deadline = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        for process in watched:
            assert process.runs(), f"{process.name} ended while waiting for: {what}"
        assert time.monotonic() < deadline, f"not within {limit_s:.1f} s: {what}"
        time.sleep(0.01)


RESERVED = []  # sockets, open as long as this program runs


def is_reserved(port):
    """True if another test has the port; else it is ours until this program ends, in use or not."""
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0hazewatch-test-port-{port}")  # no file, and gone with its owner
    except OSError:
        mark.close()
        return True
    RESERVED.append(mark)
    return False


def free_port():
    """Below the ports that the kernel hands out, so that no outgoing connection takes it while its
    owner is away, and none can connect to itself; nor is it given to a test that runs beside."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        highest = min(int(file.read().split()[0]), 32768)
    for _ in range(1000):
        port = random.randrange(highest // 2, highest)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if not is_reserved(port):
                return port
    raise OSError("no free port")


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Clock:
    """Station time. With speed 1 and no start it is the machine's own clock."""

    def __init__(self, start=None, speed=1):
        self.anchor = round(time.time(), 3)
        self.start = self.anchor if start is None else start
        self.real, self.speed = start is None, speed

    def now(self):
        return self.start + (time.time() - self.anchor) * self.speed

    def real_s(self, station_s):
        return station_s / self.speed

    def sleep_until(self, station):
        time.sleep(max(0, self.real_s(station - self.now())))

    def config(self):
        if self.real:
            return {"source": "rtc"}
        return {"source": "simulated", "start": text_of(self.start),
                "anchor": text_of(self.anchor), "speed": self.speed}


class Process:
    """A child that dies with this program, its output in a file."""

    def __init__(self, world, name, command):
        self.world, self.name, self.command = world, name, command
        self.log_path = world.path(name + ".log")
        self.popen = None
        world.processes.append(self)

    def launch(self, **environment):
        assert not self.runs(), f"{self.name} runs already"
        kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
        kept.update(PATH="/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL="C.UTF-8", **environment)
        with open(self.log_path, "ab") as log:
            self.popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", *self.command], cwd=self.world.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=kept)
        return self

    def runs(self):
        return self.popen is not None and self.popen.poll() is None

    @property
    def pid(self):
        return self.popen.pid

    def signal(self, number):
        assert self.runs(), f"{self.name} is gone before it got {number.name}"
        self.popen.send_signal(number)

    def wait(self, limit_s=PATIENCE_S):
        """The exit status; negative: the signal."""
        try:
            return self.popen.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} did not end within {limit_s:.1f} s") from None

    def kill(self):
        self.signal(signal.SIGKILL)
        self.wait()

    def end(self):
        """At the end of the world; a stopped process is killed all the same."""
        if self.runs():
            self.popen.kill()
            self.popen.wait()

    def log(self):
        with contextlib.suppress(FileNotFoundError), \
                open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()
        return ""

    def lines(self, pattern):
        return re.findall(f"^.*{pattern}.*$", self.log(), re.MULTILINE)


class Broker(Process):
    """A mosquitto of our own. What it holds is on disk after `save`, and survives a kill."""

    def __init__(self, world, *lines):
        """`lines` stand last in its configuration."""
        self.port = free_port()
        self.store = world.path("broker.db")
        if not any(line.startswith("allow_anonymous") for line in lines):
            lines = (*lines, "allow_anonymous true")
        config = world.write("mosquitto.conf", "\n".join([
            f"listener {self.port} 127.0.0.1", *lines, "log_dest stderr",
            "persistence true", f"persistence_location {world.folder}/",
            "persistence_file broker.db", "max_queued_messages 1000000",
            f"user {'root' if os.geteuid() == 0 else 'nobody'}", ""]))
        super().__init__(world, "mosquitto", ["mosquitto", "-c", config])

    def start(self):
        self.launch()
        wait_for("the broker's port", lambda: is_open(self.port), watched=[self])
        return self

    def save(self):
        def stamp():
            return os.stat(self.store).st_mtime_ns if os.path.exists(self.store) else 0
        before = stamp()
        self.signal(signal.SIGUSR1)
        wait_for("the broker's file", lambda: stamp() > before)


class Slave(Process):
    """A pymodbus slave: generic-six of config/profiles, any unit id."""

    def __init__(self, world):
        self.port = free_port()
        self.record = world.path("record.json")
        super().__init__(world, "slave",
                         ["/usr/bin/python3", "-B", os.path.join(HERE, "slave.py"), str(self.port),
                          self.record])

    def play(self, clock, hours, silence_s=0):
        """hours: {END: six registers}; an hour that is not in it has no values."""
        record = {"start": clock.start, "anchor": clock.anchor, "speed": clock.speed,
                  "silence_s": silence_s, "hours": hours}
        self.world.write("record.json", json.dumps(record))
        return self

    def play_always(self, clock, registers):
        first = int(clock.now() // HOUR_S)
        return self.play(clock, {hour: registers for hour in range(first, first + 1000)})

    def start(self):
        self.launch()
        wait_for("the slave's port", lambda: is_open(self.port), watched=[self])
        return self


class Daemon(Process):
    """hazewatchd with a configuration of its own; `settings` overrides keys of `base`."""

    def __init__(self, world, clock, slave_port, broker_port, **settings):
        self.clock = clock
        self.data = world.path("data")
        self.config = self.base(slave_port, broker_port)
        self.update(self.config, settings)
        self.config_path = world.path("station.yaml")
        super().__init__(world, "hazewatchd",
                         [os.path.abspath(sys.argv[1]), "--config", self.config_path,
                          "--config-dir", CONFIG])
        self.write_config()

    def base(self, slave_port, broker_port):
        return {
            "kind": "station",
            "station": {"id": "test-01", "name_zh": "试验站", "name_en": "Test station",
                        "area": "430202"},
            "exercise": not self.clock.real,
            "edition": "hj633-2026",
            "plan": "hetang-2024",
            "clock": self.clock.config(),
            "storage": {"dir": self.data},
            "buses": [{"id": "sim", "tcp": {"host": "127.0.0.1", "port": slave_port},
                       "response_timeout_ms": 100}],
            "sensors": [{"id": "roof", "bus": "sim", "unit_id": 1, "profile": "generic-six",
                         "poll_s": 60}],
            "mqtt": {"host": "127.0.0.1", "port": broker_port},
        }

    @classmethod
    def update(cls, config, settings):
        for key, value in settings.items():
            if isinstance(value, dict) and isinstance(config.get(key), dict):
                cls.update(config[key], value)
            else:
                config[key] = value

    def write_config(self):
        text = yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True)
        return self.world.write(self.config_path, text)

    @property
    def prefix(self):
        top = "hazewatch-exercise" if self.config["exercise"] else "hazewatch"
        return f"{top}/1/{self.config['station']['area']}/{self.config['station']['id']}/"

    def start(self, **environment):
        began = len(self.lines("notice: station .*: started"))
        self.launch(**environment)
        wait_for("the daemon's start", lambda: len(self.lines(
            "notice: station .*: started")) > began, watched=[self])
        return self

    def stop(self):
        """Seconds from SIGTERM to the end, which must be a clean one."""
        began = time.monotonic()
        self.signal(signal.SIGTERM)
        code = self.wait()
        took = time.monotonic() - began
        assert code == 0, f"hazewatchd ended with {code} after SIGTERM"
        return took

    def rows(self, sql, *values, file="state.db"):
        """What a second process reads, while the daemon is at work or after."""
        path = os.path.join(self.data, file)
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True,
                                                timeout=5)) as database:
            return database.execute(sql, values).fetchall()

    def newest_hour(self):
        with contextlib.suppress(sqlite3.OperationalError):
            return self.rows("SELECT coalesce(max(hour), 0) FROM aqi")[0][0]
        return 0  # not even the tables are there


def put_in_outbox(database, topic, payloads, rank=0):
    """Rows by hand, with the sums that hazewatch looks at; the daemon must be stopped. Rank: the
    class of the messages, 0 for warnings, 2 for aqi."""
    seq = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
                           " WHERE name = 'outbox'").fetchone()[0]
    database.executemany(
        "INSERT INTO outbox (seq, made, class, topic, state, retain, replaces, ends_at_ack, bytes,"
        " payload, crc) VALUES (?, ?, ?, ?, 'pending', 0, 0, 0, ?, ?, ?)",
        ((seq + i, round(time.time() * 1000), rank, topic, len(payload.encode()), payload,
          zlib.crc32(f"{seq + i}|{topic}|{payload}".encode()))
         for i, payload in enumerate(payloads, 1)))


class World(contextlib.AbstractContextManager):
    """A folder and the processes that live in it."""

    def __init__(self):
        self.processes, self.subscribers, self.callbacks = [], [], []
        # named and known before it is made, so that a signal finds no gap between the two
        self.folder = os.path.join(tempfile.gettempdir(), f"hazewatch-test-{uuid.uuid4()}")
        atexit.register(self.end)
        os.mkdir(self.folder, 0o700)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """The file appears whole, or is replaced whole."""
        path = self.path(name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".new", path)
        return path

    def part(self, name):
        """A world within: its own folder and names, ended with this one."""
        inner = World.__new__(World)
        inner.processes, inner.subscribers = self.processes, self.subscribers
        inner.callbacks = self.callbacks
        inner.folder = self.path(name)
        os.mkdir(inner.folder)
        return inner

    def subscribe(self, broker, **options):
        client = subscriber.Subscriber(broker.port, **options)
        self.subscribers.append(client)
        wait_for("the subscription", lambda: client.subscribed)
        return client

    def callback(self, function):
        """To be called at the end."""
        self.callbacks.append(function)

    def tell(self):
        """What the processes said last, for the report of a failure."""
        for process in self.processes[-5:]:
            yield f"--- the end of {process.log_path[len(self.folder) + 1:]}:"
            yield from process.log().splitlines()[-25:]

    def __exit__(self, *_):
        self.end()

    def end(self):
        atexit.unregister(self.end)
        for function in self.callbacks:
            function()
        for client in self.subscribers:
            client.end()
        for process in reversed(self.processes):
            process.end()
        shutil.rmtree(self.folder, ignore_errors=True)
