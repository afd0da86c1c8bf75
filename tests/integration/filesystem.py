#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A real file system beneath the daemon: ext4 on a loop device, in a mount namespace of this
program. It finds an error in itself and lets nobody write any more; it loses its power.

usage: filesystem.py HAZEWATCHD

Needs root and a loop device; says so and skips where there is none.
"""
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

import disk
import harness
import kill
import runner
from harness import hour_of, wait_for

SPEED = 1800
SIZE = 32 * 1024 * 1024
CUTS = 40
STARTS = 4    # so many of the copies are given to a daemon
CUT_S = 0.5   # about, between two cuts
IN_A_NAMESPACE = "HAZEWATCH_TEST_MOUNTS"


def command(*words, check=True):
    return subprocess.run(words, check=check, capture_output=True, text=True, timeout=60)


def enter_namespace():
    """Once more in a mount namespace, where root may; nothing of it stays behind."""
    if os.geteuid() == 0 and IN_A_NAMESPACE not in os.environ and \
            command("unshare", "--mount", "true", check=False).returncode == 0:
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable,
                               "-B", *sys.argv], {**os.environ, IN_A_NAMESPACE: "1"})


class Volume:
    """An image with ext4, and where it is mounted."""
    may_mount = False  # nobody has yet

    def __init__(self, world, name):
        if IN_A_NAMESPACE not in os.environ:
            raise runner.Skipped("mounting is not allowed here")
        self.image, self.folder = world.path(name + ".img"), world.path(name)
        os.mkdir(self.folder)

    def make(self):
        with open(self.image, "wb") as file:
            file.truncate(SIZE)
        command("mkfs.ext4", "-q", self.image)
        return self

    def mount(self):
        done = command("mount", "-o", "loop,errors=remount-ro", self.image, self.folder,
                       check=False)
        if done.returncode != 0 and not Volume.may_mount:
            raise runner.Skipped(done.stderr.strip().splitlines()[0])
        assert done.returncode == 0, done.stderr
        Volume.may_mount = True
        return self

    def unmount(self, *options):
        command("umount", *options, self.folder)

    @property
    def device(self):
        """loopN"""
        return os.path.basename(command("findmnt", "-no", "SOURCE", self.folder).stdout.strip())

    def check(self, *options):
        """What fsck finds."""
        done = command("fsck.ext4", "-f", *options, self.image, check=False)
        return done.returncode, done.stdout

    def written(self):
        with open(f"/sys/block/{self.device}/stat", encoding="ascii") as file:
            return file.read().split()[4:7]


def on_a_volume(world, clock, record, **rules):
    """A daemon whose databases are on it."""
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    volume = Volume(world, "volume").make().mount()
    world.callback(lambda: volume.unmount("-l"))
    slave.play(clock, record).start()
    listener = world.subscribe(broker)
    daemon = harness.Daemon(world, clock, slave.port, broker.port,
                            storage={"dir": os.path.join(volume.folder, "data")}, **rules)
    daemon.data = daemon.config["storage"]["dir"]
    return volume, daemon, listener


# ---- an error ----

def with_steady_air(world):
    clock = harness.Clock(disk.START, disk.SPEED)
    first = int(clock.now() // harness.HOUR_S)
    record = {hour: disk.REGISTERS for hour in range(first, first + 1000)}
    return on_a_volume(world, clock, record)


def row_39_a_start_on_a_read_only_file_system(world):
    volume, daemon, listener = with_steady_air(world)
    daemon.start()
    wait_for("two hours", lambda: len(disk.hours_told(listener, False)) >= 2, 30, [daemon])
    daemon.kill()
    command("mount", "-o", "remount,ro", volume.folder)
    newest = max(disk.hours_told(listener, False))
    daemon.start()
    wait_for("hours from memory", lambda: len(disk.hours_told(listener, True)) >= 2, 60, [daemon])
    assert len(daemon.lines("error: database: .*going on from memory")) == 1, daemon.log()
    assert min(disk.hours_told(listener, True)) == newest + 1
    command("mount", "-o", "remount,rw", volume.folder)
    wait_for("the disk", lambda: daemon.lines("database: works again"), disk.BACK_S, [daemon])
    disk.no_hour_is_missing(daemon, newest + 2)
    assert daemon.stop() <= harness.STOP_LIMIT_S


def row_39_a_file_system_that_has_become_read_only(world):
    volume, daemon, listener = with_steady_air(world)
    trigger = f"/sys/fs/ext4/{volume.device}/trigger_fs_error"
    if not os.path.exists(trigger):
        raise runner.Skipped("this kernel cannot make ext4 find an error")
    daemon.start()
    wait_for("an hour on disk", lambda: disk.hours_told(listener, False), watched=[daemon])
    with open(trigger, "w", encoding="ascii") as file:
        file.write("1\n")
    wait_for("hours from memory", lambda: len(disk.hours_told(listener, True)) >= 2, 60, [daemon])
    assert len(daemon.lines("error: database: .*going on from memory")) == 1, daemon.log()
    wait_for("the health that says so", lambda: any(
        not body["store_ok"] for body in disk.messages(listener, "health")), watched=[daemon])
    # people repair it: it comes back at the same place, on another card
    volume.unmount("-l")
    shutil.copyfile(volume.image, world.path("repaired.img"))
    volume.image = world.path("repaired.img")
    code, said = volume.check("-y")
    assert code in (0, 1), said
    volume.mount()
    wait_for("the disk", lambda: daemon.lines("database: works again"), disk.BACK_S, [daemon])
    newest = max(disk.hours_told(listener, True))
    wait_for("an hour on disk", lambda: disk.hours_told(listener, False) - set(range(newest + 1)),
             watched=[daemon])
    wait_for("the health that says so", lambda: disk.messages(listener, "health")[-1]["store_ok"],
             watched=[daemon])
    disk.no_hour_is_missing(daemon, newest)
    assert daemon.stop() <= harness.STOP_LIMIT_S
    disk.no_hour_is_missing(daemon, newest)


# ---- no power ----

def acknowledged(daemon):
    """The newest hour and the number of the newest event that the daemon has told of: they were committed."""
    hours = [line.split("hour ", 1)[1].split(": ", 1)[0] for line in daemon.lines("info: hour ")]
    events = [line.split("advice ", 1)[1].split()[0] for line in daemon.lines("notice: advice ")]
    return max(map(hour_of, hours), default=0), max(map(int, events), default=0)


def cut(volume, daemon, image):
    """The image as it is at one moment, and what was acknowledged by then. The daemon stands still
    meanwhile, and a copy into which the kernel wrote is made anew."""
    daemon.signal(signal.SIGSTOP)
    try:
        told = acknowledged(daemon)
        while True:
            before = volume.written()
            shutil.copyfile(volume.image, image)
            if volume.written() == before:
                return told
    finally:
        daemon.signal(signal.SIGCONT)


def lost(folder, hour, events):
    """What of that is not in the databases that a power cut left."""
    with contextlib.closing(sqlite3.connect(os.path.join(folder, "state.db"))) as state, \
            contextlib.closing(sqlite3.connect(os.path.join(folder, "samples.db"))) as samples:
        for database in (state, samples):
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

        def ask(database, sql):
            return database.execute(sql).fetchone()[0] or 0
        found = {"hour": ask(state, "SELECT max(hour) FROM hours"),
                 "aqi": ask(state, "SELECT max(hour) FROM aqi"),
                 "events": ask(state, "SELECT max(number) FROM events"),
                 "minutes": ask(samples, "SELECT max(minute) + 1 FROM minutes") // 60}
        assert ask(state, "SELECT max(hour) - min(hour) + 1 - count(DISTINCT hour) FROM hours") == 0
    due = {"hour": hour, "aqi": hour, "events": events, "minutes": hour}
    return {name: due[name] - found[name] for name in due if found[name] < due[name]}


def look_at(world, volume, told, daemon=None):
    """Mounts what is left, which makes ext4 run its journal, and holds it against what was told."""
    volume.mount()
    try:
        data = os.path.join(volume.folder, "data")
        if daemon:
            daemon.config["storage"]["dir"] = daemon.data = data
            daemon.write_config()
            daemon.start()
            daemon.stop()
            assert not daemon.lines("was damaged"), daemon.log()
        missing = lost(data, *told)
    finally:
        volume.unmount()
    code, said = volume.check("-n")
    assert code == 0, said
    return missing


def row_41_forty_power_cuts_including_the_file_system(world):
    clock = harness.Clock((kill.FIRST - 1) * harness.HOUR_S - 1800, SPEED)
    record = {kill.FIRST + i: [*kill.RECORD[kill.FIRST + i % len(kill.PM25)]] for i in range(200)}
    volume, daemon, _ = on_a_volume(world, clock, record, **kill.rules(world))
    copy, other = Volume(world, "copy"), harness.Daemon(world.part("other"), clock, 1, 1)
    del other.config["mqtt"]
    daemon.start()
    wait_for("three hours", lambda: len(daemon.lines("info: hour ")) >= 3, watched=[daemon])
    wrong, told = [], (0, 0)
    for number in range(CUTS):
        time.sleep(CUT_S * (0.5 + number * 7 % CUTS / CUTS))
        told = cut(volume, daemon, copy.image)
        starts = number % (CUTS // STARTS) == 0
        wrong += [(number, each) for each in look_at(
            world, copy, told, other if starts else None).items()]
    print(f"# {CUTS} cuts, at the last {len(daemon.lines('info: hour '))} hours and {told[1]} events"
          f" had been told of; lost: {len(wrong)}")
    assert not wrong, wrong
    assert told[1] >= 4, "too little happened"
    daemon.stop()


if __name__ == "__main__":
    enter_namespace()
    runner.run(row_39_a_start_on_a_read_only_file_system,
               row_39_a_file_system_that_has_become_read_only,
               row_41_forty_power_cuts_including_the_file_system)
