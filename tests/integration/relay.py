#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A district and three stations: what the city says once is in force at each, under the city's id;
hours that the district lost it gets from them.

usage: relay.py HAZEWATCHD
"""
import json
import os
import shutil
import subprocess
import sys
import time
from types import SimpleNamespace

import harness
import runner
import schemas
from harness import HOUR_S, hour_text, wait_for
from inbox import REGISTERS, Key

SPEED = 600  # an hour in six seconds
FIRST = harness.hour_of("2026-01-10T09:00:00+08:00")  # that runs when time begins
KNOWN = 28    # hours that the stations have of before, the third of them fewer
SHORT = 26
PATIENCE_S = 90
CUT_OFF_MIN = 40  # four seconds
POINTS = {"p-1": 60, "p-2": 90, "p-3": 424}
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
CITY = "市指挥部"


class District(harness.Daemon):
    def base(self, slave_port, broker_port):
        config = super().base(slave_port, broker_port)
        del config["buses"], config["sensors"]
        config["station"]["id"] = "hetang"
        return {**config, "kind": "district"}


class Town:
    """The daemons, each in a folder of its own, and whoever hears and says everything."""

    def __init__(self, world):
        self.broker = harness.Broker(world).start()
        self.clock = harness.Clock((FIRST - 1) * HOUR_S + 60, SPEED)
        self.slave = harness.Slave(world).play_always(self.clock, REGISTERS).start()
        self.key, self.thief = Key(world, "hetang"), Key(world, "thief")
        self.thief.name = "hetang"
        self.stations = {id_: self.make_station(world, id_) for id_ in POINTS}
        roster = world.write("roster.csv", "id,role\n" + "".join(f"{each},assessment\n" for each in POINTS))
        self.district = District(world.part("hetang"), self.clock, 1, self.broker.port, roster=roster,
                                 relay={"key_file": self.key.path, "key_name": "hetang"})
        self.platform = world.subscribe(self.broker)
        self.top = self.district.prefix.rsplit("/", 2)[0] + "/"

    def make_station(self, world, id_):
        kinds = ["directive", "release", "forecast", "dust", "resend"]
        daemon = harness.Daemon(
            world.part(id_), self.clock, self.slave.port, self.broker.port, station={"id": id_},
            district={"id": "hetang", "cut_off_min": CUT_OFF_MIN},
            mqtt={"command_keys": [{**self.key.config(), "kinds": kinds}], "will_delay_s": 0})
        rows = [f"{hour_text(hour)},{POINTS[id_]},{POINTS[id_] + 10}" for hour in
                range(FIRST - (SHORT if id_ == "p-3" else KNOWN), FIRST)]
        record = daemon.world.write("record.csv", "\n".join(["hour,pm25_ug_m3,pm10_ug_m3", *rows, ""]))
        subprocess.run([HAZEWATCH, "import", "--dir", daemon.data, record, "--config-dir", harness.CONFIG],
                       check=True, capture_output=True)
        return daemon

    def now(self, offset_s=0):
        return harness.text_of(int(self.clock.now() + offset_s))

    def word(self, id_, **fields):
        return {"id": id_, "issuer": CITY, "time": self.now(), **fields}

    def directive(self, id_, level, **fields):
        return self.word(id_, level=level, start=self.now(-60), document=f"市指〔2026〕{id_}号", **fields)

    def say(self, kind, body, to="hetang"):
        self.platform.publish(f"{self.top}{to}/cmd/{kind}", body)
        return body

    def heard(self, of, name):
        """Every message of a daemon under a topic, once each."""
        found = {}
        for each in self.platform.all(name):
            if each.topic == f"{self.top}{of}/{name}" and each.body:
                found.setdefault(each.body["id"], each.body)
        return list(found.values())

    def last(self, of, name):
        heard = self.heard(of, name)
        return heard[-1] if heard else None

    def in_force(self, of):
        warning = self.last(of, "warning")
        return warning and warning["in_force"] and warning["in_force"]["id"]

    def wait_in_force(self, id_, *at):
        running = [self.stations[each] for each in at]
        for each in at:
            wait_for(f"{id_} in force at {each}", lambda each=each: self.in_force(each) == id_, PATIENCE_S,
                     [self.district, *running])

    def commands(self, of, kind):
        return [name.split("/")[2] for name, in self.stations[of].rows(
            "SELECT id FROM commands WHERE kind = ? ORDER BY received", kind)]

    def told(self, hours):
        """What the district knows of some hours of its points, and what it makes of them."""
        first, last = hours
        return (dict((row[:2], row[2:]) for row in self.district.rows(
                    "SELECT station, hour, pm25, pm10, so2 FROM point_hours WHERE hour BETWEEN ? AND ?", first,
                    last, file="samples.db")),
                self.district.rows("SELECT hour, mean_milli FROM hours WHERE pollutant = 'pm25' AND hour BETWEEN ?"
                                   " AND ? ORDER BY hour", first, last),
                self.district.rows(f"SELECT {AQI} FROM aqi WHERE hour BETWEEN ? AND ? ORDER BY hour", first, last))


AQI = "hour, daily, daily_complete, realtime"


def known_hours(town, id_):
    return len(town.district.rows("SELECT hour FROM point_hours WHERE station = ? AND hour < ?", id_, FIRST,
                                  file="samples.db"))


def play_beginning(town, seen):
    """A new district asks for what its stations have, and the city speaks at once."""
    for id_ in ("p-1", "p-2"):
        town.stations[id_].start()
    town.district.start()
    wait_for("the district's state", lambda: town.last("hetang", "state"), PATIENCE_S, [town.district])
    town.say("directive", town.directive("d-1", "orange"))
    town.say("release", town.word("r-1", number="2026-7", level="orange", directive="d-1", post="指挥长",
                                  signed=town.now(1), signer="李四"))
    town.say("dust", town.word("w-1", source="气象台", **{"from": hour_text(FIRST), "to": hour_text(FIRST + 20)}))
    town.say("forecast", town.word("f-1", source="市站", kind="model", issued=town.now(-600), hours=[
        {"hour": hour_text(FIRST + i), "pm25_ug_m3": 80} for i in range(40, 60)]))
    town.wait_in_force("d-1", "p-1", "p-2")
    seen.half = wait_for("the delivery at two", lambda: delivered(town, "d-1", 2), PATIENCE_S, [town.district])
    seen.undelivered = status_of(town.district)
    for id_ in ("p-1", "p-2"):
        wait_for(f"the past of {id_}", lambda id_=id_: known_hours(town, id_) == KNOWN, PATIENCE_S, [town.district])
    seen.absent = [body["absent"] for body in town.heard("p-1", "reply") if body["kind"] == "resend"]


def delivered(town, id_, accepted):
    relay = town.last("hetang", "relay")
    found = [each for each in relay["commands"] if each["command"] == id_] if relay else []
    return relay if found and found[0]["accepted"] == accepted else None


def status_of(daemon):
    return " ".join(subprocess.run(
        [HAZEWATCH, "status", "--config", daemon.config_path, "--config-dir", harness.CONFIG], capture_output=True,
        text=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout.split())


def play_forgery(town, seen):
    topic = f"{town.top}p-1/cmd/directive"
    forged = {**town.directive("d-9", "none"), "target": "p-1", "counter": 2 ** 52, "not_after": town.now(HOUR_S),
              "relayed_by": "hetang"}
    for body in (town.thief.sign(topic, forged), json.dumps(forged)):
        town.platform.publish(topic, body)
    seen.forged = wait_for("two answers to a forger", lambda: (found := [
        body["why"] for body in town.heard("p-1", "reply") if "signature" in (body["why"] or "")]) and
        len(found) == 2 and found, PATIENCE_S, [town.stations["p-1"]])
    seen.after_forgery = town.in_force("p-1")


def play_absence(town, seen):
    """One station comes, another goes; what begins and ends meanwhile it never hears of."""
    town.stations["p-3"].launch()
    play_forgery(town, seen)
    town.wait_in_force("d-1", "p-3")
    for id_ in POINTS:
        wait_for(f"the forecast at {id_}", lambda id_=id_: town.commands(id_, "forecast") == ["f-1"], PATIENCE_S,
                 [town.district])
    seen.whole = wait_for("the delivery at all", lambda: delivered(town, "d-1", 3), PATIENCE_S, [town.district])
    seen.warnings = {id_: town.last(id_, "warning") for id_ in POINTS}
    seen.slip = {id_: town.stations[id_].rows("SELECT number, fault FROM releases") for id_ in POINTS}
    town.stations["p-2"].kill()
    wait_for("the loss of p-2", lambda: (relay := town.last("hetang", "relay")) and
             relay["stations"]["offline_at"] == ["p-2"], PATIENCE_S, [town.district])
    town.say("directive", town.directive("d-3", "yellow"))
    town.wait_in_force("d-3", "p-1", "p-3")
    town.say("directive", town.directive("d-4", "none"))
    town.wait_in_force(None, "p-1", "p-3")
    wait_for("the delivery of the lift", lambda: delivered(town, "d-4", 2), PATIENCE_S, [town.district])


def play_cut_off(town, seen):
    town.district.kill()
    town.stations["p-2"].launch()
    replies = len(town.heard("p-1", "reply"))
    for id_ in ("p-1", "p-3"):
        wait_for(f"{id_} says that it is cut off", lambda id_=id_: town.last(id_, "warning")["district"]["cut_off"],
                 PATIENCE_S, [town.stations[id_]])
    daemon = town.stations["p-1"]
    seen.health = wait_for("its health", lambda: (health := town.last("p-1", "health"))["district"]["cut_off"] and
                           health, PATIENCE_S, [daemon])
    place = ("--config", daemon.config_path, "--config-dir", harness.CONFIG)
    seen.status = status_of(daemon)
    start = harness.text_of(int(town.clock.now()) // 60 * 60)
    seen.typed = subprocess.run(
        [HAZEWATCH, "directive", "--level", "red", "--start", start, "--time", start, "--issuer", "值班员",
         "--document", "电话", "--id", "box-1", "--yes", *place], capture_output=True, text=True, check=False)
    wait_for("the directive of the box", lambda: town.in_force("p-1") == "box-1", PATIENCE_S, [daemon])
    town.district.start()
    wait_for("the lift at p-2", lambda: "d-4" in town.commands("p-2", "directive"), PATIENCE_S, [town.district])
    seen.missed = town.commands("p-2", "directive")
    for id_ in ("p-1", "p-3"):
        wait_for(f"{id_} is back", lambda id_=id_: not town.last(id_, "warning")["district"]["cut_off"], PATIENCE_S,
                 [town.district])
    seen.stands = town.in_force("p-1")
    town.say("directive", town.directive("d-5", "yellow"))
    town.wait_in_force("d-5", *POINTS)
    seen.events = [each["event"] for each in town.heard("p-3", "warning/event") if each["about"] == "directive"]
    seen.again = [body["command"] for body in town.heard("p-1", "reply")[replies:]
                  if body["kind"] != "resend" and body["outcome"] == "accepted"]
    seen.lines = {id_: (len(town.stations[id_].lines("not heard of for")), len(town.stations[id_].lines(
        "heard of again"))) for id_ in ("p-1", "p-3")}


def pending(daemon):
    return [id_ for id_, in daemon.rows("SELECT id FROM timetable WHERE turn IS NULL ORDER BY start")]


def play_return(town, seen):
    """While one is away what it waits for is replaced, by what is replaced in its turn."""
    town.say("directive", {**town.directive("d-6", "red"), "start": town.now(20 * 24 * HOUR_S)})
    for id_ in POINTS:
        wait_for(f"d-6 pending at {id_}", lambda id_=id_: pending(town.stations[id_]) == ["d-6"], PATIENCE_S,
                 [town.district])
    town.stations["p-2"].kill()
    town.say("directive", town.directive("d-7", "orange"))
    town.wait_in_force("d-7", "p-1", "p-3")
    town.say("directive", town.directive("d-8", "yellow", planned_end=town.now(10 * 24 * HOUR_S)))
    town.wait_in_force("d-8", "p-1", "p-3")
    town.stations["p-2"].launch()
    town.wait_in_force("d-8", "p-2")
    seen.pending = {daemon.config["station"]["id"]: pending(daemon) for daemon in
                    [town.district, *town.stations.values()]}


def play_loss(town, seen):
    """All that the district has is lost."""
    last = wait_for("an hour of all", lambda: [row for row in town.district.rows(
        "SELECT hour FROM point_hours GROUP BY hour HAVING count(*) = 3 ORDER BY hour DESC LIMIT 1",
        file="samples.db")], PATIENCE_S, [town.district])[0][0]
    hours = (FIRST - SHORT, last)
    seen.kept = wait_for("that it has settled", lambda: settled(town, hours), PATIENCE_S, [town.district])
    town.district.kill()
    shutil.rmtree(town.district.data)
    town.district.start()
    seen.built = wait_like(town, hours, seen.kept)
    seen.resends = {id_: len(town.commands(id_, "resend")) for id_ in POINTS}
    seen.told_asking = town.district.lines("they are asked for the rest")


def settled(town, hours):
    before = town.told(hours)
    time.sleep(0.2)
    rows = len(before[1]) == hours[1] - hours[0] + 1
    return before if rows and len(before[0]) == 3 * len(before[1]) and before == town.told(hours) else None


def wait_like(town, hours, kept):
    """What there is when it is the same as before, or at last."""
    found = [None]

    def same():
        try:
            found[0] = town.told(hours)
        except harness.sqlite3.OperationalError:
            return False  # not even the tables are there
        return found[0] == kept
    try:
        wait_for("the same as before", same, PATIENCE_S, [town.district])
    except AssertionError:
        pass
    return found[0]


def scene(world):
    town, seen = Town(world), SimpleNamespace()
    for play in (play_beginning, play_absence, play_cut_off, play_return, play_loss):
        began = time.monotonic()
        play(town, seen)
        print(f"# {play.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    seen.messages = town.platform.all()
    seen.relay = town.last("hetang", "relay")
    seen.said = [each for each in seen.messages if each.name == "cmd/directive" and
                 each.topic.startswith(f"{town.top}p-")]
    return seen


def a_new_district_on_an_empty_disk_gets_the_hours_that_its_stations_have(seen):
    assert seen.absent and seen.absent[0] and seen.absent[0][0]["to"] == hour_text(FIRST - KNOWN - 1), seen.absent


def a_directive_to_the_district_is_in_force_at_every_station_under_the_citys_id(seen):
    for id_, warning in seen.warnings.items():
        in_force = warning["in_force"]
        assert (in_force["id"], in_force["level"], in_force["issuer"]) == ("d-1", "orange", CITY), (id_, in_force)


def slip_dust_and_forecast_follow_it(seen):
    for id_ in POINTS:
        assert seen.slip[id_] == [("2026-7", "good")], seen.slip
        assert seen.warnings[id_]["dust"]["source"] == "气象台", seen.warnings[id_]["dust"]


def the_district_says_who_has_it_and_who_has_not(seen):
    half = [each for each in seen.half["commands"] if each["command"] == "d-1"][0]
    assert (half["accepted"], half["waiting_at"], half["refused"]) == (2, ["p-3"], 0), half
    assert seen.half["stations"]["unheard_at"] == ["p-3"], seen.half
    assert "has not come to: p-3" in seen.undelivered, seen.undelivered
    assert "without a directive" not in seen.undelivered, seen.undelivered
    assert seen.whole["stations"]["online"] == 3, seen.whole


def a_district_that_was_killed_doubles_nothing(seen):
    assert seen.events == ["issue", "downgrade", "lift", "issue"], seen.events
    assert seen.again == ["box-1", "d-5"], seen.again


def a_forged_relay_is_refused(seen):
    assert sorted(seen.forged) == ["signature: does not match", "signature: missing"], seen.forged
    assert seen.after_forgery == "d-1", seen.after_forgery


def a_station_that_was_away_gets_what_counts_and_not_what_is_over(seen):
    assert seen.missed == ["d-1", "d-4"], seen.missed


def a_station_that_was_away_has_the_timetable_of_its_district_again(seen):
    assert not any(seen.pending.values()), seen.pending


def a_station_that_is_cut_off_says_so_once_and_takes_directives_at_its_box(seen):
    assert seen.typed.returncode == 0, seen.typed
    assert seen.health["district"]["id"] == "hetang" and seen.health["district"]["since"], seen.health["district"]
    assert "cut off from hetang since" in seen.status, seen.status
    # a machine that is busy for so long is a cut, too; each is told once, and its end
    assert all(cut == back and 1 <= cut <= 3 for cut, back in seen.lines.values()), seen.lines


def what_was_said_at_the_box_stands_when_the_district_is_back(seen):
    assert seen.stands == "box-1", seen.stands


def a_district_that_lost_all_it_had_has_the_same_hours_and_indices_again(seen):
    assert any(row[1] is not None for row in seen.kept[2]), "no index to compare"
    for name, is_, was in zip(("hours of points", "hours", "indices"), seen.built, seen.kept):
        assert is_ == was, f"{name}: {is_} and not {was}"


def stations_are_asked_seldom_and_it_is_told_once(seen):
    assert all(1 <= n <= 6 for n in seen.resends.values()), seen.resends
    assert 1 <= len(seen.told_asking) <= 4, seen.told_asking  # three starts, and p-3 came late


def all_of_it_is_valid_against_the_schemas(seen):
    newest = {}
    for each in seen.messages:
        if each.name in ("relay", "health", "warning", "reply"):
            newest.setdefault(each.topic, []).append(each)
    assert schemas.check([each for kept in newest.values() for each in kept[-6:]]) == {
        "relay", "health", "warning", "reply"}
    for each in seen.said:
        if isinstance(each.body, bytes):
            body = json.loads(each.body.split(b"\n", 1)[1])
            assert not schemas.faults("cmd/directive", body), schemas.faults("cmd/directive", body)


if __name__ == "__main__":
    runner.run(a_new_district_on_an_empty_disk_gets_the_hours_that_its_stations_have,
               a_directive_to_the_district_is_in_force_at_every_station_under_the_citys_id,
               slip_dust_and_forecast_follow_it,
               the_district_says_who_has_it_and_who_has_not,
               a_district_that_was_killed_doubles_nothing,
               a_forged_relay_is_refused,
               a_station_that_was_away_gets_what_counts_and_not_what_is_over,
               a_station_that_was_away_has_the_timetable_of_its_district_again,
               a_station_that_is_cut_off_says_so_once_and_takes_directives_at_its_box,
               what_was_said_at_the_box_stands_when_the_district_is_back,
               a_district_that_lost_all_it_had_has_the_same_hours_and_indices_again,
               stations_are_asked_seldom_and_it_is_told_once,
               all_of_it_is_valid_against_the_schemas,
               scene=scene)
