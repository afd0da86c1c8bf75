#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A district: a daemon whose hours are its stations', which a test publishes.

usage: points.py HAZEWATCHD
"""

import os
import subprocess
import sys

import harness
import runner
import schemas
from harness import hour_of, hour_text, wait_for

SPEED = 1200  # an hour in three seconds
FIRST = hour_of("2026-01-10T09:00:00+08:00")  # that runs when the district begins
ROSTER = "id,role\np-1,assessment\np-2,assessment\np-3,assessment\np-4,assessment\nm-1,micro\n"
POINTS = ("p-1", "p-2", "p-3", "p-4")
PM25 = {"p-1": 60, "p-2": 60, "p-3": 60, "p-4": 424, "m-1": 900}
LATE_S = 60
MODEL = os.path.join(harness.ROOT, "tests", "data", "outlook-two.yaml")
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")


class District(harness.Daemon):
    def base(self, slave_port, broker_port):
        config = super().base(slave_port, broker_port)
        del config["buses"], config["sensors"]
        return {**config, "kind": "district"}


class Scene:
    """Time begins early in an hour, so that the past can come before it closes."""

    def __init__(self, world, **settings):
        self.broker = harness.Broker(world).start()
        roster = world.write("roster.csv", ROSTER)
        self.clock = harness.Clock((FIRST - 1) * harness.HOUR_S + 60, SPEED)
        self.daemon = District(world, self.clock, 1, self.broker.port,
                               roster=roster, **settings)
        self.platform = world.subscribe(self.broker)
        self.daemon.start()
        wait_for("the state", lambda: self.platform.last("state"), watched=[self.daemon])
        self.prefix = self.daemon.prefix.rsplit("/", 2)[0] + "/"

    def tell(self, point, hour, rev=0, value=None):
        """A station's hour, with what the district needs of it."""
        pm25 = PM25[point] if value is None else value
        hourly = {"pm25_ug_m3": pm25, "pm10_ug_m3": pm25, "so2_ug_m3": 10, "no2_ug_m3": 20,
                  "co_mg_m3": 0.5, "o3_ug_m3": None if value is None else 50}
        self.platform.publish(f"{self.prefix}{point}/aqi",
                              {"hour": hour_text(hour), "rev": rev, "hourly": hourly})

    def tell_day(self, newest, points=POINTS):
        for hour in range(newest - 23, newest + 1):
            for point in points:
                self.tell(point, hour)

    def told(self, hour, rev=None):
        """The newest the district says of an hour."""
        found = [each.body for each in self.platform.all("aqi")
                 if each.topic.startswith(self.daemon.prefix) and
                 each.body["hour"] == hour_text(hour) and rev in (None, each.body["rev"])]
        return found[-1] if found else None

    def given_chance(self, hour):
        found = [each.body["outlook_24h"] for each in self.platform.all("warning") if each.body and each.body.get("outlook_24h")]
        return next((told for told in found if told["from"] == hour_text(hour) and not told["why_none"]), None)

    def wait_told(self, hour, rev=None):
        return wait_for(f"the hour {hour - FIRST}, revision {rev}",
                        lambda: self.told(hour, rev), LATE_S, [self.daemon])


def an_hour_closes_when_all_points_have_come_and_says_on_which_it_rests(world):
    scene = Scene(world, close_delay_min=60, outlook="show", outlook_model=MODEL)
    scene.tell_day(FIRST)
    scene.tell("m-1", FIRST)
    said = scene.wait_told(FIRST)
    late_s = scene.clock.now() - FIRST * harness.HOUR_S
    assert said["scope"] == "district", said
    assert said["points"]["assessment"] == 4 and said["points"]["realtime"]["pm25"] == list(POINTS)
    assert said["hourly"]["pm25_ug_m3"] == 151 and said["realtime"]["aqi"] == 201, said
    assert late_s < 3600, "not at the end of the delay"
    # by the past, which came late: as the hour closes, or in a revision of it
    wait_for("the day of the past", lambda: scene.told(FIRST)["daily"]["aqi"] == 201, LATE_S,
             [scene.daemon])
    said = scene.told(FIRST)
    assert said["daily"]["means"]["pm25_ug_m3"] == 151, said
    assert said["points"]["daily"]["pm25"] == list(POINTS) and not said["points"]["daily"]["o3"]
    told = wait_for("the chance in 24 h", lambda: scene.given_chance(FIRST), LATE_S, [scene.daemon])
    assert told["shown"] and told["levels"][0]["chance_permille"] > 900 and told["levels"][0]["exceeds_now"], told
    schemas.check([each for each in scene.platform.all()
                   if each.topic.startswith(scene.daemon.prefix)])


def at_the_delay_three_of_four_make_a_value_and_two_do_not(world):
    scene = Scene(world)
    for point in POINTS[:3]:
        scene.tell(point, FIRST)
    for point in POINTS[:2]:
        scene.tell(point, FIRST + 1)
    said = scene.wait_told(FIRST)
    assert said["hourly"]["pm25_ug_m3"] == 60 and said["points"]["realtime"]["pm25"] == list(
        POINTS[:3]), said
    said = scene.wait_told(FIRST + 1)
    assert said["hourly"]["pm25_ug_m3"] is None and said["quality"]["pm25"] == "D", said
    assert said["realtime"]["aqi"] is None and said["points"]["realtime"]["pm25"] == [], said
    said = scene.wait_told(FIRST + 2)
    assert said["quality"]["pm25"] == "B", said


def status_and_check_say_which_points_there_are(world):
    scene = Scene(world)
    for point in POINTS[:3]:
        scene.tell(point, FIRST)
    scene.wait_told(FIRST)

    def health():
        found = [each.body for each in scene.platform.all("health") if each.body]
        return found and {each["id"]: each.get("newest", "none") for each in found[-1]["stations"]}
    wait_for("health with the points", lambda: health() and health()["p-1"], LATE_S, [scene.daemon])
    assert health() == {**dict.fromkeys(POINTS[:3], hour_text(FIRST)), "p-4": None, "m-1": "none"}
    arguments = ("--config", scene.daemon.config_path, "--config-dir", harness.CONFIG)
    for locale, words in (("C.UTF-8", "3 of 4 assessment points told"), ("zh_CN.UTF-8", None)):
        done = subprocess.run([HAZEWATCH, "status", *arguments], capture_output=True, text=True,
                              check=False, env={**os.environ, "LC_ALL": locale})
        assert done.returncode == 0 and done.stdout.count("p-4") == 1, done
        assert words is None or (words in done.stdout and "not yet: p-4" in done.stdout), done.stdout
    done = subprocess.run([HAZEWATCH, "check", "--config-dir", harness.CONFIG,
                           scene.daemon.config_path], capture_output=True, text=True, check=False)
    assert "assessment points: 4; other stations, which do not count: 1" in done.stdout, done


def a_late_hour_and_a_revised_one_are_judged_again(world):
    scene = Scene(world)
    for point in POINTS[:3]:
        scene.tell(point, FIRST)
    scene.wait_told(FIRST, 0)
    scene.tell("p-4", FIRST)
    said = scene.wait_told(FIRST, 1)
    assert said["hourly"]["pm25_ug_m3"] == 151 and said["points"]["realtime"]["pm25"] == list(POINTS)
    scene.tell("p-4", FIRST, rev=1, value=60)
    said = scene.wait_told(FIRST, 2)
    assert said["hourly"]["pm25_ug_m3"] == 60 and said["realtime"]["iaqi"]["pm25"] == 100, said
    scene.tell("p-4", FIRST, rev=0)  # what is older than what is known changes nothing
    scene.daemon.kill()
    scene.daemon.start()
    scene.tell("p-1", FIRST, rev=1, value=61)
    said = scene.wait_told(FIRST, 3)
    assert said["hourly"]["pm25_ug_m3"] == 60, said  # 60.25: the others were read back


if __name__ == "__main__":
    runner.run(an_hour_closes_when_all_points_have_come_and_says_on_which_it_rests,
               status_and_check_say_which_points_there_are,
               at_the_delay_three_of_four_make_a_value_and_two_do_not,
               a_late_hour_and_a_revised_one_are_judged_again)
