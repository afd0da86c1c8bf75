#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The uplink of HJ 212 among platforms that are there, away, slow, rude or dead: whatever happens, each has every
hour once: 0 missing of what the station has, 0 twice by (MN, CN, DataTime).

usage: platforms.py HAZEWATCHD [--slow | --long] [SEED]
"""
import contextlib
import datetime
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
import zlib
from importlib import util

import harness
import runner
import schemas
from harness import HOUR_S, wait_for

HJ212 = os.path.join(harness.ROOT, "tests", "hj212")
BUILT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))), "tests", "integration")
sys.path.append(HJ212)
SPEC = util.spec_from_file_location("hj212_platform", os.path.join(HJ212, "platform.py"))  # Python has a platform, too
peer = util.module_from_spec(SPEC)
SPEC.loader.exec_module(peer)
import logger  # noqa: E402  pylint: disable=wrong-import-position

MN = "010000A8900016F000169DC0"
KEY = b"0123456789abcdef"
CODES = {"pm25": "a34004", "pm10": "a34002", "so2": "a21026", "no2": "a21004", "co": "a21005", "o3": "a05024"}
PATIENCE_S = 60  # a busy machine under sanitizers


def start_of(end_hour):
    """DataTime of an hour that is named by its END."""
    return datetime.datetime.fromtimestamp((end_hour - 1) * HOUR_S, harness.BEIJING).strftime("%Y%m%d%H%M%S")


class Site:
    """A station whose database has hours that nobody has measured, and its platforms."""

    def __init__(self, world, *platforms, clock=None, slave=None, **settings):
        self.world, self.platforms = world, platforms
        self.password = world.write("password", "123456\n")
        os.chmod(self.password, 0o600)
        self.daemon = harness.Daemon(world, clock or harness.Clock(), slave or harness.free_port(), 1, **settings)
        if "mqtt" not in settings:
            del self.daemon.config["mqtt"]
        self.daemon.config["hj212"] = {"platforms": [self.entry(i, each) for i, each in enumerate(platforms)]}
        self.daemon.write_config()

    def entry(self, index, platform):
        return {"name": f"p{index}", "host": "127.0.0.1", "port": platform.port, "mn": MN,
                "profile": f"gb-{platform.edition}", "password_file": self.password, "pace_ms": 0, "timeout_ms": 1000,
                "send": ["hours", "days"]}

    def set(self, **keys):
        for entry in self.daemon.config["hj212"]["platforms"]:
            entry.update(keys)
        self.daemon.write_config()

    def cipher(self, platform):
        key = self.world.write("sm4.key", KEY.hex() + "\n")
        os.chmod(key, 0o600)
        profile = harness.load_yaml("hj212/gb-2025.yaml")
        profile["cipher"] = {"key_file": key}
        self.world.write("sm4.yaml", harness.yaml.safe_dump(profile, sort_keys=False, allow_unicode=True))
        platform.key = KEY
        self.set(profile="./sm4.yaml")

    def make(self):
        """The database, once, and its platforms known, before there is an hour in it."""
        self.daemon.start()
        wait_for("the platforms' rows", lambda: self.rows("SELECT count(*) FROM uplink_newest")[0][0]
                 >= 2 * len(self.platforms))
        self.daemon.stop()
        return self

    def rows(self, sql, *values, file="state.db"):
        try:
            return self.daemon.rows(sql, *values, file=file)
        except sqlite3.OperationalError:
            return [(0,)]

    @contextlib.contextmanager
    def database(self, file="state.db"):
        with contextlib.closing(sqlite3.connect(os.path.join(self.daemon.data, file), timeout=10)) as database:
            yield database
            database.commit()

    def backlog(self, hours, pollutants=("pm25", "co")):
        """So many hours up to the one that ended last, none of which was sent. Returns their ENDs."""
        left = HOUR_S - self.daemon.clock.now() % HOUR_S
        if self.daemon.clock.real and left < 45:
            time.sleep(left + 2)  # an hour that closed meanwhile would be sent before them
        last = int(self.daemon.clock.now() // HOUR_S)
        ends = range(last - hours + 1, last + 1)
        with self.database() as database:
            for end in ends:
                for pollutant in pollutants:
                    put_hour(database, end, pollutant, value_of(end, pollutant))
            database.execute("UPDATE uplink_newest SET upto = ?", ((last - hours) // 24 * 1440 - 480,))
            database.execute("UPDATE uplink_newest SET upto = ? WHERE cn = 2061", ((last - hours) * 60,))
        return list(ends)

    def waiting(self):
        return (self.rows("SELECT count(*) FROM uplink_waiting")[0][0] +
                self.rows("SELECT count(*) FROM uplink_sent")[0][0])


def value_of(end, pollutant):
    """Thousandths, another one for each."""
    return (end * 7919 + len(pollutant) * 31) % 90000 + 1000


def put_hour(database, end, pollutant, milli, valid=1, quality="N"):
    crc = zlib.crc32(f"{end}|{pollutant}|{milli}|{valid}".encode())
    database.execute("INSERT OR REPLACE INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples,"
                     " time_quality, crc) VALUES (?, ?, ?, ?, ?, 3600000, 60, 'synchronised', ?)",
                     (end, pollutant, milli, valid, quality, crc))


def has_all(platform, ends):
    table = platform.table(2061)
    return all(start_of(end) in table for end in ends)


def check(platform, ends):
    """0 of N missing, 0 twice, each with its value."""
    table = platform.table(2061)
    missing = [start_of(end) for end in ends if start_of(end) not in table]
    assert not missing, f"{len(missing)} of {len(ends)} hours are missing: {missing[:5]}"
    for end in ends:
        pairs = table[start_of(end)]
        assert float(pairs["a34004-Avg"]) == python_round(value_of(end, "pm25"), 0), (pairs, value_of(end, "pm25"))
        assert float(pairs["a21005-Avg"]) == value_of(end, "co") / 1000, (pairs, value_of(end, "co"))
        assert pairs["a34004-Flag"] == "N", pairs
    assert not platform.faults, platform.faults


def python_round(milli, places):
    """Half to even, as GB/T 8170 wants it."""
    return round(milli / 1000, places) if places else float(round(milli / 1000))


def platform_of(world, **options):
    platform = peer.Platform(harness.free_port(), MN, **options)
    world.callback(platform.kill)
    return platform


# ---- quick ----

def every_hour_that_waited_comes_once_the_newest_first_with_the_start_of_its_period(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    ends = site.backlog(60)
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends), PATIENCE_S, [site.daemon])
    wait_for("nothing waits", lambda: site.waiting() == 0, PATIENCE_S, [site.daemon])
    check(platform, ends)
    hours = [message for message in platform.unique() if message.cn == 2061]
    times = [peer.data_time(message) for message in hours]
    assert times == sorted(times, reverse=True), times
    numbers = [message.qn for message in platform.unique()]
    assert numbers == sorted(set(numbers)), "a QN that does not rise"
    first = hours[0]
    assert (first.st, first.pw, first.flag, first.rf) == ("22", "123456", 5, None), first
    days = platform.table(2031)
    full = [day for day in days if "a34004-Avg" in days[day]]
    assert full and all(day.endswith("000000") for day in days), days
    for day in full:
        begin = datetime.datetime.strptime(day + "+0800", "%Y%m%d%H%M%S%z").timestamp() // HOUR_S
        values = [value_of(int(begin) + i, "pm25") for i in range(1, 25) if int(begin) + i in ends]
        assert len(values) >= 20, (day, len(values))
        mean = round(sum(values) / len(values))  # thousandths; one more or less is the last digit's
        assert abs(float(days[day]["a34004-Avg"]) - mean / 1000) <= 0.51, (day, mean, days[day])
        assert float(days[day]["a34004-Min"]) == python_round(min(values), 0)
        assert float(days[day]["a34004-Max"]) == python_round(max(values), 0)
    shown = site.daemon.rows("SELECT acked FROM uplinks")[0][0]
    assert abs(shown / 1000 - time.time()) < PATIENCE_S, shown


def a_resolver_that_never_returns_delays_no_stop_and_no_exit_handler_meets_it(world):
    site = Site(world, platform_of(world), platform_of(world)).make()
    site.set(host="platform.test")
    world.write("silent", "")
    site.daemon.start(LD_PRELOAD=os.path.join(BUILT, "libhang.so"), HAZEWATCH_SILENT=world.path("silent"))
    wait_for("both threads to ask", lambda: os.path.getsize(world.path("silent")) >= 2)
    assert site.daemon.stop() <= harness.STOP_LIMIT_S
    assert not site.daemon.lines("exit handlers"), site.daemon.log()


# ---- slow ----

def a_platform_that_is_killed_again_and_again_misses_nothing(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    ends = site.backlog(300)
    site.daemon.start()
    for _ in range(4):
        platform.start()
        before = len(platform.taken)
        wait_for("some more messages", lambda: len(platform.taken) >= before + 20 or has_all(platform, ends),
                 PATIENCE_S, [site.daemon])
        platform.kill()
    platform.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, 2 * PATIENCE_S, [site.daemon])
    check(platform, ends)


def damaged_rows_silence_no_platform_and_what_they_said_is_sent_anew(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    ends = site.backlog(5)
    with site.database() as database:  # the newest is under way, and so damaged that nothing of it can be sent
        database.execute("UPDATE uplink_newest SET upto = ? WHERE cn = 2061", (ends[-1] * 60,))
        database.execute("INSERT INTO uplink_waiting VALUES ('p0', 2061, ?, ?), ('p0', 2061, -5, 7), ('p0', 2061, ?, 8)",
                         ((ends[0] - 1) * 60, ends[-2] * 60, 2 ** 62))
        database.execute("INSERT INTO uplink_sent VALUES ('p0', 5, 2061, ?, 0, -3, 'DataTime=x')", (ends[-1] * 60,))
        database.execute("UPDATE uplinks SET minutes = -1")
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, PATIENCE_S, [site.daemon])
    check(platform, ends)
    wait_for("the rows are told", lambda: site.daemon.lines("rows are damaged and are not used"), PATIENCE_S)
    with open(os.path.join(site.daemon.data, "quarantine", "rows.txt"), encoding="utf-8") as rows:
        assert sum(line.startswith(("uplink_sent ", "uplink_waiting ")) for line in rows) == 3


def a_daemon_that_is_killed_at_any_moment_sends_nothing_twice_and_leaves_nothing_out(world, rounds=12, seed=1):
    dice = random.Random(seed)
    platform = platform_of(world).start()
    site = Site(world, platform).make()
    ends = site.backlog(400)
    for _ in range(rounds):
        site.daemon.start()
        time.sleep(dice.random() * 0.2)
        site.daemon.kill()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, 2 * PATIENCE_S, [site.daemon])
    check(platform, ends)


def wrong_answers_and_cut_lines_confirm_nothing_and_cost_nothing(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    site.set(retries=1)
    ends = site.backlog(40)
    faults = ["qn", "mn", "cn", "crc", "silent", "half", "cut", "torn", "lose"]
    given = set()

    def rule(message):
        """Each fault once, then the truth."""
        if message.cn == 2061 and faults and message.qn not in given:
            given.add(message.qn)
            return faults.pop()
        return None
    platform.rule = rule
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, 3 * PATIENCE_S, [site.daemon])
    check(platform, ends)
    assert not faults, faults
    unacked = [key for key in ((2061, start_of(end)) for end in ends) if key not in platform.acked]
    assert len(unacked) <= 1, unacked  # the torn one, which was an answer all the same


def slow_answers_are_waited_for_or_asked_for_again_with_the_same_qn(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    ends = site.backlog(10)
    slow = []

    def rule(message):
        if len(slow) < 3 and message.cn == 2061:
            slow.append(message.qn)
            return "slow"  # 1.5 s, and the time-out is 1 s
        return None
    platform.rule = rule
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, 2 * PATIENCE_S, [site.daemon])
    check(platform, ends)
    assert len(platform.taken) > len(platform.unique()), "nothing was sent a second time"


def status_of(site, language):
    """What is on the page, its lines joined."""
    program = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
    ended = subprocess.run([program, "status", "--config", site.daemon.config_path, "--config-dir", harness.CONFIG],
                           env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "LANGUAGE": language,
                                "TEXTDOMAINDIR": os.path.join(os.path.dirname(program), "po")},
                           capture_output=True, text=True, check=False)
    return " ".join(ended.stdout.split())


def a_dead_platform_holds_up_neither_the_other_one_nor_the_broker(world):
    dead, alive = platform_of(world), platform_of(world)
    broker = harness.Broker(world).start()
    site = Site(world, dead, alive, mqtt={"host": "127.0.0.1", "port": broker.port}).make()
    ends = site.backlog(100)
    alive.start()
    mute = peer.Platform(dead.port, MN)  # takes the connection and never says a word
    mute.rule = lambda message: "silent"
    mute.start()
    world.callback(mute.kill)
    client = world.subscribe(broker)
    site.daemon.start()
    wait_for("all hours at the one that lives", lambda: has_all(alive, ends), PATIENCE_S, [site.daemon])
    check(alive, ends)

    def told():
        states = {each["id"]: each for each in (client.last("health") or {"platforms": []})["platforms"]}
        return states and states["p1"]["hours_waiting"] == 0 and states["p0"]["hours_waiting"] >= 99
    wait_for("health that names both", told, PATIENCE_S, [site.daemon])
    schemas.check(client.all("health"))
    page = status_of(site, "en")
    assert re.search("p0 (connected|away) since .*; p1 is well", page), page
    page = status_of(site, "zh_CN")
    assert 0 < page.find("p0 ") < page.find("p1 正常"), page
    assert len(site.daemon.lines("platform p0: ")) <= 3, site.daemon.lines("platform p0: ")
    assert site.daemon.stop() < harness.STOP_LIMIT_S


def enciphered_frames_of_2025_come_whole_and_what_is_late_bears_rf(world):
    platform = platform_of(world, edition=2025)
    site = Site(world, platform).make()
    site.cipher(platform)
    ends = site.backlog(30)
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, PATIENCE_S, [site.daemon])
    check(platform, ends)
    assert platform.enciphered >= 30, platform.enciphered
    late = {message.rf for message in platform.unique() if message.cn == 2061 and
            peer.data_time(message) != start_of(ends[-1])}
    assert late == {"1"}, late
    assert {message.flag for message in platform.unique()} == {9}


def hours_that_close_come_at_once_with_minutes_and_real_time_values(world):
    clock = harness.Clock(harness.instant("2026-03-01T07:20:00+08:00"), 120)
    slave = harness.Slave(world).play_always(clock, [350, 500, 80, 400, 900, 600]).start()
    platform = platform_of(world).start()
    site = Site(world, platform, clock=clock, slave=slave.port)
    site.set(send=["realtime", "minutes", "hours", "days"], realtime_s=10)
    site.daemon.start()
    wait_for("an hour", lambda: "20260301070000" in platform.table(2061) and
             "20260301080000" in platform.table(2061), 2 * PATIENCE_S, [site.daemon])
    wait_for("minutes", lambda: len(platform.table(2051)) >= 60, PATIENCE_S, [site.daemon])
    wait_for("real time", lambda: len(platform.table(2011)) >= 2, PATIENCE_S, [site.daemon])
    minutes = platform.table(2051).values()
    assert any(pairs["a34004-Flag"] == "N" and float(pairs["a34004-Avg"]) > 0 for pairs in minutes), minutes
    assert any(pairs["a34004-Flag"] == "N" for pairs in platform.table(2011).values())
    order = [message.cn for message in platform.unique()]
    assert order.count(2051) >= 60, order


def minutes_that_a_logger_tells_late_come_as_back_fill_each_once(world):
    clock, port = harness.Clock(harness.instant("2026-03-01T07:20:00+08:00"), 60), harness.free_port()
    secret, platform = world.write("logger.pass", "4b1d9f\n"), platform_of(world, edition=2025).start()
    os.chmod(secret, 0o600)
    site = Site(world, platform, clock=clock, buses=[{"id": "cabinet", "hj212": {"listen": "127.0.0.1", "port": port}}],
                sensors=[{"id": "logger-1", "bus": "cabinet", "hj212": {
                    "mn": "LOGGER_1", "password_file": secret, "profile": "gb-2017", "pollutants": ["pm25"]}}])
    site.set(send=["minutes"])
    site.daemon.start()
    wait_for("the platform's row", lambda: site.rows("SELECT count(*) FROM uplink_newest")[0][0] > 0)
    source = logger.Logger(port, mn="LOGGER_1", pw="4b1d9f").connect()
    newest = int(clock.now() // 60 - 1) * 60

    def tell(ago, value=35):
        assert source.tell(2051, newest - ago * 60, {"pm25": value}, clock.now())

    def wait_for_minutes(*agos):
        times = {logger.moment(newest - ago * 60) for ago in agos}
        wait_for("minutes", lambda: times <= set(platform.table(2051)), PATIENCE_S, [site.daemon])

    tell(0)
    wait_for_minutes(0)
    for ago in (10, 11, 12, 30):
        tell(ago)
    wait_for_minutes(0, 10, 11, 12, 30)
    tell(20)
    site.daemon.kill()  # what was answered is owed
    site.daemon.start()
    wait_for_minutes(0, 10, 11, 12, 20, 30)
    source.connect()
    tell(11, 99)  # `revised` is never
    tell(5)
    wait_for_minutes(0, 5, 10, 11, 12, 20, 30)
    assert len(platform.table(2051)) == 7, platform.table(2051)
    back = {message.rf for message in platform.unique() if peer.data_time(message) != logger.moment(newest)}
    assert back == {"1"}, back


def a_corrected_hour_is_sent_again_where_that_is_wanted_and_nowhere_else(world):
    never, again = platform_of(world).start(), platform_of(world).start()
    site = Site(world, never, again)
    site.daemon.config["hj212"]["platforms"][1]["revised"] = "resend"
    site.daemon.write_config()
    site.make()
    ends = site.backlog(5)
    site.daemon.start()
    wait_for("all hours", lambda: has_all(never, ends) and has_all(again, ends) and site.waiting() == 0, PATIENCE_S,
             [site.daemon])
    with site.database() as database:
        database.execute("UPDATE hours SET invalidated = 1, rev = rev + 1 WHERE hour = ? AND pollutant = 'pm25'",
                         (ends[1],))

    def flags(platform):
        return [dict(pair for group in message.groups for pair in group)["a34004-Flag"]
                for message in platform.unique() if peer.data_time(message) == start_of(ends[1]) and
                message.cn == 2061]
    wait_for("the correction", lambda: flags(again) == ["N", "D"], PATIENCE_S, [site.daemon])
    assert flags(never) == ["N"], flags(never)


def minutes_that_are_too_old_are_given_up_and_told_once(world):
    platform = platform_of(world)
    site = Site(world, platform)
    site.set(send=["minutes"], minutes_days=1)
    site.daemon.start()
    wait_for("the platform's row", lambda: site.rows("SELECT count(*) FROM uplink_newest")[0][0] >= 1)
    site.daemon.stop()
    now = int(site.daemon.clock.now() // 60)
    with site.database("samples.db") as database:
        database.execute("INSERT INTO channels (name) VALUES ('roof/pm25') ON CONFLICT DO NOTHING")
        for minute in range(now - 3000, now - 1):
            database.execute("INSERT OR REPLACE INTO minutes (minute, channel, weighted, covered_ms, samples, normal)"
                             " VALUES (?, (SELECT id FROM channels WHERE name = 'roof/pm25'), ?, 60000, 1, 1)",
                             (minute, 35000 * 60000))
    with site.database() as database:
        database.execute("UPDATE uplink_newest SET upto = ? WHERE cn = 2051", (now - 3000,))
    site.daemon.start()
    wait_for("what is given up", lambda: site.rows("SELECT given_up FROM uplinks")[0][0] >= 1500, PATIENCE_S,
             [site.daemon])
    wait_for("one line of it", lambda: len(site.daemon.lines("is given up by and by")) == 1, PATIENCE_S)


def what_is_measured_beside_the_pollutants_goes_along(world):
    platform = platform_of(world).start()
    site = Site(world, platform, sensors=[
        {"id": "mast", "bus": "sim", "unit_id": 1, "profile": "renke-compact-weather", "poll_s": 60}]).make()
    with site.database("samples.db") as database:
        for back in range(48):
            for quantity, milli in ("pressure", 1013250), ("temperature", -3500), ("noise", 50000 + back % 2 * 10000):
                database.execute("INSERT INTO auxiliary_hours (hour, quantity, mean_milli, quality, why, covered_ms, samples,"
                                 " time_quality, rev) VALUES (?, ?, ?, 'N', 'none', 3600000, 60, 'synchronised', 0)",
                                 (int(site.daemon.clock.now() // HOUR_S) - back, quantity, milli))
    ends = site.backlog(48)
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, PATIENCE_S, [site.daemon])
    hour = platform.table(2061)[start_of(ends[-1])]
    assert (hour["a01006-Avg"], hour["a01001-Avg"], hour["LA-Flag"]) == ("101.325", "-3.5", "N"), hour
    days = [day for day in platform.table(2031).values() if "LA-Avg" in day]
    assert days and all(day["LA-Max"] == "60.0" and day["a01001-Avg"] == "-3.5" for day in days), days
    assert any(day["LA-Avg"] == "57.4" for day in days), days


# ---- what a platform asks ----

class Asking:
    """Requests with a QN of their own, and what comes back under it."""

    def __init__(self, platform):
        self.platform, self.number = platform, int(datetime.datetime.now().strftime("%Y%m%d%H%M%S") + "000")

    def ask(self, command, body="", password="123456", mn=MN, cipher=False, times=1):
        self.number += 1
        flag = 9 if self.platform.edition == 2025 else 5
        segment = f"QN={self.number};ST=22;CN={command};PW={password};MN={mn};Flag={flag};CP=&&{body}&&".encode()
        self.platform.ask(segment, cipher, times)
        return str(self.number)

    def heard(self, qn, command):
        """The pairs of CP of an answer."""
        def find():
            with self.platform.lock:
                return [wire_flat(groups) for head, groups in self.platform.segments
                        if head["QN"] == qn and head["CN"] == str(command)]
        return wait_for(f"{command} to {qn}", find, PATIENCE_S)[0]

    def done(self, command, body="", **options):
        """ExeRtn of a request that is done."""
        qn = self.ask(command, body, **options)
        assert self.heard(qn, 9011) == {"QnRtn": "1"}
        return self.heard(qn, 9012)["ExeRtn"]

    def refused(self, command, body="", **options):
        return self.heard(self.ask(command, body, **options), 9011)["QnRtn"]


def wire_flat(groups):
    return peer.wire.flat(groups)


def what_a_platform_asks_is_answered_or_refused_and_its_intervals_outlive_a_restart(world):
    platform = platform_of(world)
    site = Site(world, platform).make()
    ends = site.backlog(6)
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, PATIENCE_S, [site.daemon])
    asking = Asking(platform)
    qn = asking.ask(1011)
    told = datetime.datetime.strptime(asking.heard(qn, 1011)["SystemTime"] + "+0800", "%Y%m%d%H%M%S%z").timestamp()
    assert abs(told - time.time()) < PATIENCE_S and asking.heard(qn, 9012) == {"ExeRtn": "1"}
    before = len(platform.taken)
    assert asking.done(2061, f"BeginTime={start_of(ends[1])},EndTime={start_of(ends[3])}".replace(",", ";")) == "1"
    asked = [peer.data_time(message) for message in platform.taken[before:] if message.cn == 2061]
    assert asked == [start_of(end) for end in ends[1:4]], asked
    before = len(platform.taken)
    asking.done(2061, f"BeginTime={start_of(ends[1])};EndTime={start_of(ends[3])}", times=2)
    assert asking.done(2061, "BeginTime=20200101000000;EndTime=20200101050000") == "100"
    asked = [peer.data_time(message) for message in platform.taken[before:] if message.cn == 2061]
    assert asked == [start_of(end) for end in ends[1:4]], ("one request that came twice", asked)
    assert asking.done(1062, "RtdInterval=90") == "1"
    assert asking.done(1064, "MinInterval=5") == "1"
    assert asking.done(1062, "RtdInterval=90") == "1"  # as it is
    assert asking.done(1062, "RtdInterval=120") == "5"  # each is a write to the disk: not more than one a minute
    assert len(site.daemon.lines("wants real-time values every")) == 1
    assert asking.refused(1012, "SystemTime=20200101000000") == "2"
    assert asking.refused(1072, "NewPW=654321") == "2"
    assert asking.refused(1011, password="654321") == "3"
    assert asking.refused(1011, mn="010000A8900016F000169DC1") == "4"
    assert "from this one, which it does not set" in site.daemon.log()
    assert "123456" not in site.daemon.log(), "a password in the log"
    site.daemon.kill()
    site.daemon.start()
    wait_for("the connection", lambda: platform.counts["connections"] >= 2, PATIENCE_S)
    time.sleep(0.5)
    assert asking.heard(asking.ask(1061), 1061) == {"RtdInterval": "90"}
    assert asking.heard(asking.ask(1063), 1063) == {"MinInterval": "5"}


def a_new_key_comes_under_the_old_one_and_is_used_from_then_on(world):
    platform = platform_of(world, edition=2025)
    site = Site(world, platform).make()
    site.cipher(platform)
    first = site.backlog(3)
    platform.start()
    site.daemon.start()
    wait_for("all hours", lambda: has_all(platform, first) and site.waiting() == 0, PATIENCE_S, [site.daemon])
    asking, new = Asking(platform), b"fedcba9876543210"
    created = datetime.datetime.now(harness.BEIJING).strftime("%Y%m%d%H%M%S")
    assert asking.refused(1014, f"NewSK={new.hex()};SKCreateTime={created}") == "2"  # in clear: anybody could
    assert asking.done(1014, f"NewSK={new.hex()};SKCreateTime={created}", cipher=True) == "1"
    platform.key = new
    # whoever missed the 9012 says it again; another one a moment later is another write, and has to wait
    later = datetime.datetime.now(harness.BEIJING) + datetime.timedelta(seconds=1)
    time.sleep(1)
    assert asking.done(1014, f"NewSK={new.hex()};SKCreateTime={created}", cipher=True) == "1"
    for _ in range(3):
        assert asking.done(1014, f"NewSK={'3' * 32};SKCreateTime={later:%Y%m%d%H%M%S}", cipher=True) == "5"
    assert len(site.daemon.lines("has sent a new key")) == 1, site.daemon.log()
    assert len(site.daemon.lines("new keys come too fast")) == 1, site.daemon.log()
    site.daemon.kill()
    with site.database() as database:
        database.execute("UPDATE uplink_newest SET upto = upto - 120 WHERE cn = 2061")
    before = len(platform.taken)
    site.daemon.start()
    wait_for("two hours under the new key", lambda: len(platform.taken) >= before + 2, PATIENCE_S, [site.daemon])
    assert not platform.faults, platform.faults
    assert KEY.hex() not in site.daemon.log() and new.hex() not in site.daemon.log(), "a key in the log"
    # another key put there by hand counts at once, and after a success what was received is gone
    received, by_hand = os.path.join(site.daemon.data, "hj212-platform.p0.key"), b"0011223344556677"
    assert os.path.exists(received)
    site.daemon.stop()
    os.chmod(world.write("sm4.key", by_hand.hex() + "\n"), 0o600)
    platform.key = by_hand
    with site.database() as database:
        database.execute("UPDATE uplink_newest SET upto = upto - 120 WHERE cn = 2061")
    site.daemon.start()
    wait_for("what was received is forgotten", lambda: not os.path.exists(received), PATIENCE_S, [site.daemon])
    assert not platform.faults, platform.faults


def another_key_put_into_the_file_counts_and_the_one_that_came_is_forgotten_after_the_first_success(world):
    """What is stale goes although no key before it is kept: else it would come back with the old file."""
    platform = platform_of(world, edition=2025)
    site = Site(world, platform).make()
    site.cipher(platform)
    site.backlog(3)
    received = os.path.join(site.daemon.data, "hj212-platform.p0.key")
    text = "hazewatch-hj212-key=1\nkey=" + "1" * 32 + "\nbefore=-\nreplaced=" + "2" * 32 + "\ncreated=1\ntaken=1\n"
    with open(received, "w", encoding="ascii", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(text)
    site.daemon.start()
    wait_for("the lost platform", lambda: site.daemon.lines("platform p0: "), PATIENCE_S, [site.daemon])
    assert os.path.exists(received), "forgotten before a success"
    platform.start()
    wait_for("the end of what is stale", lambda: not os.path.exists(received), PATIENCE_S, [site.daemon])
    assert not platform.faults, platform.faults


# ---- random ----

def random_faults(world, seed, seconds):
    """The platform dies, lies and hangs, the daemon is killed: at the end all of it is there, once."""
    dice = random.Random(seed)
    platform = platform_of(world)
    site = Site(world, platform).make()
    site.set(retries=1)
    ends = site.backlog(200)
    faults = [None] * 12 + ["silent", "cut", "half", "qn", "mn", "crc", "torn", "lose"]
    platform.rule = lambda message: dice.choice(faults)
    platform.start()
    site.daemon.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(dice.random() * 0.8)
        what = dice.choice(["platform", "daemon", "line", "nothing"])
        if what == "platform":
            platform.kill()
            time.sleep(dice.random() * 0.3)
            platform.start()
        elif what == "daemon":
            site.daemon.kill()
            site.daemon.start()
        elif what == "line":
            platform.cut()
    platform.rule = lambda message: None
    wait_for("all hours", lambda: has_all(platform, ends) and site.waiting() == 0, 10 * PATIENCE_S, [site.daemon])
    check(platform, ends)
    site.daemon.stop()
    platform.kill()


def whatever_happens_in_some_seconds_every_hour_comes_once(world):
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**6)
    print(f"# seed {seed}", flush=True)
    random_faults(world, seed, 8)


def whatever_happens_in_many_minutes_every_hour_comes_once(world):
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**6)
    print(f"# seed {seed}", flush=True)
    for i in range(20):
        random_faults(world.part(f"round-{i}"), seed + i, 30)


QUICK = [
    every_hour_that_waited_comes_once_the_newest_first_with_the_start_of_its_period,
    a_resolver_that_never_returns_delays_no_stop_and_no_exit_handler_meets_it,
]
SLOW = [
    a_platform_that_is_killed_again_and_again_misses_nothing,
    damaged_rows_silence_no_platform_and_what_they_said_is_sent_anew,
    a_daemon_that_is_killed_at_any_moment_sends_nothing_twice_and_leaves_nothing_out,
    wrong_answers_and_cut_lines_confirm_nothing_and_cost_nothing,
    slow_answers_are_waited_for_or_asked_for_again_with_the_same_qn,
    a_dead_platform_holds_up_neither_the_other_one_nor_the_broker,
    enciphered_frames_of_2025_come_whole_and_what_is_late_bears_rf,
    hours_that_close_come_at_once_with_minutes_and_real_time_values,
    minutes_that_a_logger_tells_late_come_as_back_fill_each_once,
    a_corrected_hour_is_sent_again_where_that_is_wanted_and_nowhere_else,
    minutes_that_are_too_old_are_given_up_and_told_once,
    what_is_measured_beside_the_pollutants_goes_along,
    what_a_platform_asks_is_answered_or_refused_and_its_intervals_outlive_a_restart,
    a_new_key_comes_under_the_old_one_and_is_used_from_then_on,
    another_key_put_into_the_file_counts_and_the_one_that_came_is_forgotten_after_the_first_success,
    whatever_happens_in_some_seconds_every_hour_comes_once,
]

if __name__ == "__main__":
    if "--long" in sys.argv:
        QUICK[:] = [whatever_happens_in_many_minutes_every_hour_comes_once]
    runner.run(*QUICK, slow=SLOW)
