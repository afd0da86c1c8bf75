# SPDX-License-Identifier: MIT
"""A broker that serves the page, and what may be seen on it: by a real daemon, or by messages like
a station's that a test makes."""
import copy
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import harness  # noqa: E402  the folder beside
from harness import wait_for  # noqa: E402

PAGE = os.path.join(harness.ROOT, "daemon", "web")
FETCHED = ("mqtt.min.js", "uPlot.iife.min.js", "uPlot.min.css")
PREFIX = "hazewatch/1/430202/"
AT, START = "2026-01-12T08:02:00+08:00", "2026-01-11T18:00:00+08:00"


def fetched_folder():
    """Where the build has put what comes from npm."""
    return os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))), "daemon", "web")


def is_fetched():
    return all(os.path.exists(os.path.join(fetched_folder(), name)) for name in FETCHED)


class Site:
    """One broker with its page."""

    def __init__(self, world, *lines):
        self.world, self.folder = world, world.path("page")
        os.mkdir(self.folder)
        for name in os.listdir(PAGE):
            if name.endswith((".js", ".html", ".css")):
                shutil.copy(os.path.join(PAGE, name), self.folder)
        for name in FETCHED:
            shutil.copy(os.path.join(fetched_folder(), name), self.folder)
        self.port = harness.free_port()
        self.broker = harness.Broker(world, *lines, f"listener {self.port} 127.0.0.1", "protocol websockets",
                                     f"http_dir {self.folder}").start()
        wait_for("the page's port", lambda: harness.is_open(self.port), watched=[self.broker])
        self.client = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/index.html"

    def say(self, topic, body, retain=True):
        """One message, as a station would."""
        if self.client is None:
            self.client = self.world.subscribe(self.broker)
        self.client.publish(topic, body, retain=retain)


# ---- messages like a station's ----

def head(station="hetang-01", exercise=False, **more):
    return {"id": "u-1", "seq": 1, "time": AT, "time_quality": "synchronised", "exercise": exercise,
            "station": {"id": station, "name_zh": "荷塘一号站", "name_en": "Hetang station 1", "area": "430202"}, **more}


def directive(level="yellow", rank=1, **more):
    return {"number": 3, "id": "city-3", "level": level, "rank": rank, "response": "III", "start": START,
            "planned_end": "2026-01-14T18:00:00+08:00", "area": "荷塘区", "reason": "regional", "document": "株重污染指〔2026〕3号",
            "issuer": "市指挥中心", "said": START, "released": False, "effective": START, "overdue": False, **more}


def warning(station="hetang-01", in_force=None, pending=(), exercise=False, **more):
    return head(station, exercise, in_force=in_force, pending=list(pending), binding={
        "level": in_force["level"] if in_force else "none", "rank": 1 if in_force else 0, "response": None, "directive": None,
        "released": False, "slip": None, "lifted": None}, advice={
            "level": "none", "rank": 0, "response": None, "state": "current", "basis": "observed", "undecided": [], "hold_reason": None,
            "held_for_want_of_data": False, "dust": False, "possible_rank": 0, "outlook": {}, "over_range": []},
        approvers={"directive": {"zh": "副指挥长", "en": "a deputy commander"}, "advice": None}, measures=[], release=None,
        summary_due=None, text_zh="目前不建议发布预警。", text_en="No warning is advised.", **more)


def plan(station="hetang-01", exercise=False):
    names = (("yellow", "黄色预警", "yellow warning", "FFD400", "III"), ("orange", "橙色预警", "orange warning", "FF7E00", "II"),
             ("red", "红色预警", "red warning", "D40000", "I"))
    return head(station, exercise, levels=[
        {"level": level, "rank": rank, "response": response, "name": {"zh": zh, "en": en}, "colour": colour, "any": []}
        for rank, (level, zh, en, colour, response) in enumerate(names, 1)], units=[], measures=[])


def now(station="hetang-01", aqi=120, exercise=False, **more):
    index = {"aqi": aqi, "aqi_plan": aqi, "iaqi": {"pm25": aqi}, "primary": ["pm25"], "complete": True,
             "category": {"zh": "轻度污染", "en": "lightly polluted"}, "colour": {"rgb": "FF7E00"}}
    return {**head(station, exercise), "hour": "2026-01-12T09:00:00+08:00", "monitored": ["pm25"], "index_scope": "partial",
            "hourly": {"pm25_ug_m3": 90}, "quality": {"pm25": "N"}, "why": {}, "realtime": index, "daily": copy.deepcopy(index), **more}


def health(station="hetang-01", **more):
    return {**head(station), "channels": [], "sensors": [], "buses": [], "clock": "trusted", "store_ok": True,
            "outbox": {"pending": 0, "blocked": 0}, **more}


def named(body, **more):
    body["station"].update(more)
    return body


def as_text(body):
    return json.dumps(body, ensure_ascii=False)
