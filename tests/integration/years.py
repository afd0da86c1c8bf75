#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A database of ten years of hours and two of minutes: the daemon is ready within a second, and
prunes what is older, an hour at a time, while it works; and when all of them were imported, or the
newest were reviewed, the watchdog is fed while what follows is computed. If the newest of them are
damaged it mends the file and goes on.

usage: years.py HAZEWATCHD [--slow]
"""
import contextlib
import os
import sqlite3
import time
import zlib

import harness
import notify
import runner
from harness import HOUR_S, wait_for

SPEED = 60
START = harness.instant("2026-01-10T00:10:00+08:00")
REGISTERS = [1005, 205, 95, 405, 85, 305]
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")
TEN_YEARS_H, TWO_YEARS_H, TOO_OLD_H = 3653 * 24, 731 * 24, 30
READY_S = 0.2  # of CPU: what has grown for years is looked at afterwards
LOOK_S = 6     # in which it is looked at
LOOKED_S = 0.6  # of CPU, all of these seconds
BY_IMPORT, BY_REVIEW = 1, 2  # as imported.by has them
REVIEWED_H = 764  # that 20 reviews of 744 hours reach, each an hour later than the one before
WATCHDOG_S = 3.0  # so that a ping comes every 0.3 s


@contextlib.contextmanager
def database(daemon, file):
    with contextlib.closing(sqlite3.connect(os.path.join(daemon.data, file))) as opened:
        opened.execute("PRAGMA synchronous = OFF")
        with opened:
            yield opened


def hours(last):
    for hour in range(last - TEN_YEARS_H - TOO_OLD_H + 1, last + 1):
        for pollutant in POLLUTANTS:
            milli = 10000 + hour * 7 % 90000
            yield hour, pollutant, milli, zlib.crc32(f"{hour}|{pollutant}|{milli}|1".encode())


def fill(daemon, last):
    with database(daemon, "state.db") as opened:
        for table in ("hours", "aqi", "iaqi", "advice", "events", "outbox", "latest"):
            opened.execute(f"DELETE FROM {table}")
        opened.executemany(
            "INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples,"
            " time_quality, crc) VALUES (?, ?, ?, 1, 'N', 3600000, 60, 'simulated', ?)",
            hours(last))
        opened.execute("INSERT INTO aqi (hour, edition, daily, daily_published, daily_complete,"
                       " daily_category, daily_primary, realtime, realtime_published,"
                       " realtime_complete, realtime_category, realtime_primary) SELECT DISTINCT"
                       " hour, 'hj633-2026', 90, 1, 1, 2, 'pm25', 80, 1, 1, 2, 'pm25' FROM hours")
        opened.execute("INSERT INTO iaqi SELECT hour, pollutant, 90, 35000, 24, 80 FROM hours")
    with database(daemon, "samples.db") as opened:
        first = (last - TWO_YEARS_H - TOO_OLD_H) * 60
        opened.execute("DELETE FROM minutes")
        opened.execute(
            "WITH RECURSIVE m(minute) AS (SELECT ? UNION ALL SELECT minute + 1 FROM m WHERE"
            " minute < ?) INSERT INTO minutes SELECT minute, id, 60000, 60000, 60, 60, NULL"
            " FROM m, channels", (first, last * 60 - 1))


def scene(world):
    slave, clock = harness.Slave(world), harness.Clock(START, SPEED)
    slave.play_always(clock, REGISTERS).start()
    daemon = harness.Daemon(world, clock, slave.port, 1).start()
    wait_for("a minute", lambda: daemon.rows("SELECT * FROM minutes LIMIT 1", file="samples.db"))
    daemon.stop()
    fill(daemon, START // HOUR_S)
    return daemon


def oldest(daemon):
    return (daemon.rows("SELECT min(hour) FROM hours")[0][0],
            daemon.rows("SELECT min(minute) / 60 FROM minutes", file="samples.db")[0][0])


def mark_as_changed(daemon, by, hours):
    """As an import or reviews leave the newest hours: nothing that follows from them is computed."""
    with database(daemon, "state.db") as opened:
        opened.execute("INSERT INTO imported (id, first_hour, last_hour, by) SELECT 1,"
                       " max(min(hour), max(hour) - ?), max(hour), ? FROM hours", (hours, by))


def the_watchdog_is_fed_while_they_are_computed(daemon, systemd, what):
    said = "hours changed after they were closed"
    before = len(daemon.lines(said))
    daemon.start(**systemd.environment())
    began = time.monotonic()  # until it is ready nobody waits for a ping
    wait_for("what follows", lambda: len(daemon.lines(said)) > before, 300, [daemon])
    ended = time.monotonic()
    took = ended - began
    fed = [moment for moment in systemd.moments("WATCHDOG=1") if began < moment < ended]
    silences = [later - earlier for earlier, later in zip([began, *fed], [*fed, ended])]
    print(f"# {what}: computed in {took:.1f} s, at most {max(silences):.1f} s without a"
          " ping")
    daemon.stop()
    # in one go there would be one silence, as long as all of it
    assert max(silences) < max(took / 2, WATCHDOG_S), silences


def zero_the_newest_leaf_of_hours(daemon):
    with database(daemon, "state.db") as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = opened.execute("SELECT pageno FROM dbstat WHERE name = 'hours' AND pagetype = 'leaf'"
                              " ORDER BY path DESC LIMIT 1").fetchone()[0]
    with open(os.path.join(daemon.data, "state.db"), "r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))


def cpu_s(daemon):
    """What it used so far: how busy the machine is does not count."""
    with open(f"/proc/{daemon.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def used_until_it_was_looked_at(daemon):
    """A start with nothing to prune: a second a slice."""
    daemon.start()
    time.sleep(LOOK_S)
    used = cpu_s(daemon)
    print(f"# looked at: {used:.2f} s of CPU in {LOOK_S} s")
    daemon.stop()
    return used


def ten_years_are_opened_within_a_second_pruned_by_the_hour_and_computed_with_the_watchdog_fed(
        world):
    daemon = scene(world)
    sizes = [os.path.getsize(os.path.join(daemon.data, file)) >> 20
             for file in ("state.db", "samples.db")]
    before = oldest(daemon)
    began = time.monotonic()
    daemon.start()
    took, used = time.monotonic() - began, cpu_s(daemon)
    print(f"# {sizes[0]} MB of hours, {sizes[1]} MB of minutes: ready in {took:.2f} s, {used:.2f} s"
          " of CPU")
    wait_for("what is too old", lambda: all(
        now >= then + 10 for now, then in zip(oldest(daemon), before)), 60, [daemon])
    wait_for("the next hour", lambda: daemon.newest_hour() > START // HOUR_S, 120, [daemon])
    daemon.stop()
    looked = used_until_it_was_looked_at(daemon)
    systemd = notify.Systemd(world, WATCHDOG_S)
    mark_as_changed(daemon, BY_IMPORT, TEN_YEARS_H * 2)
    the_watchdog_is_fed_while_they_are_computed(daemon, systemd, "ten years imported")
    mark_as_changed(daemon, BY_REVIEW, REVIEWED_H)
    the_watchdog_is_fed_while_they_are_computed(daemon, systemd, "20 reviews of 744 h")
    zero_the_newest_leaf_of_hours(daemon)
    daemon.start()  # an opening does not look there, the engine does
    assert daemon.lines("was damaged"), daemon.lines("database")
    assert daemon.newest_hour() > START // HOUR_S - 1000, "what could be read is there"
    daemon.stop()
    assert used < READY_S, used
    assert looked < LOOKED_S, looked


if __name__ == "__main__":
    runner.run(
        ten_years_are_opened_within_a_second_pruned_by_the_hour_and_computed_with_the_watchdog_fed)
