# SPDX-License-Identifier: MIT
"""The messages that the scenes' stations published last, and a daemon that answers."""
import contextlib
import json
import os
import socket
import threading

from scene import POLLUTANTS, Station, head, hour_of

LAST = "2026-01-12T08:00:00+08:00"
MEANS = {"pm25": 187, "pm10": 241, "so2": 12, "no2": 61, "co": 1.6, "o3": 18}
FIELDS = {"pm25": "pm25_ug_m3", "pm10": "pm10_ug_m3", "so2": "so2_ug_m3", "no2": "no2_ug_m3",
          "co": "co_mg_m3", "o3": "o3_ug_m3"}
RULES = {"plan": "hetang-2024", "edition": "hj633-2026"}
RANKS = {"yellow": 1, "orange": 2, "red": 3}
RESPONSES = {1: "III", 2: "II", 3: "I"}
NO_RELEASE = {"from": "directive", "level": "none", "rank": 0, "response": None, "directive": None,
              "released": False, "slip": None, "lifted": None}


def index(aqi, iaqi, primary, **more):
    words = {"category": {"zh": "重度污染", "en": "heavily polluted"},
             "colour": {"zh": "紫色", "en": "purple", "rgb": "99004C"}} if aqi is not None else {}
    return {"aqi": aqi, "aqi_plan": aqi, "complete": aqi is not None, "iaqi": iaqi,
            "primary": primary, **words, **more}


def aqi_message():
    iaqi = {"pm25": 237, "pm10": 146, "so2": 4, "no2": 30, "co": 16, "o3": 6}
    daily = {"pm25": 208, "pm10": 139, "so2": 12, "no2": 68, "co": 35, "o3": 21}
    means = {"pm25": 158, "pm10": 228, "so2": 12, "no2": 55, "co": 1.4, "o3": 42}
    return head(hour=LAST, edition="hj633-2026", monitored=list(POLLUTANTS), index_scope="full",
                provisional=False, rev=0, data_status="raw", events_hash=None,
                hourly={FIELDS[key]: value for key, value in MEANS.items()},
                quality={key: "N" for key in POLLUTANTS}, why={},
                realtime=index(237, iaqi, ["pm25"]),
                daily=index(208, daily, ["pm25"],
                            means={FIELDS[key]: value for key, value in means.items()},
                            valid_hours={key: 24 for key in POLLUTANTS}))


def blind_aqi_message():
    """The particles are missing since six hours."""
    message = aqi_message()
    hours = {"pm25": 18, "pm10": 18, "so2": 24, "no2": 24, "co": 24, "o3": 24}
    gone = ("pm25", "pm10")
    for part in (message["realtime"], message["daily"]):
        part |= {"aqi": None, "aqi_plan": None, "complete": False, "primary": []}
        part["iaqi"] |= {key: None for key in gone}
        del part["category"], part["colour"]
    for key in gone:
        message["hourly"][FIELDS[key]] = message["daily"]["means"][FIELDS[key]] = None
        message["quality"][key], message["why"][key] = "B", "timeout"
    message["daily"]["valid_hours"] = hours
    return message


def directive(number, level, rank, start, **more):
    return {"number": number, "id": f"city-{number}", "level": level, "start": start,
            "planned_end": None, "area": None, "reason": "regional", "document": None,
            "issuer": "city", "said": "2026-01-11T16:00:00+08:00", "released": False, "rank": rank,
            "response": RESPONSES.get(rank), **more}


def condition(clause, in_h, *parts):
    return {"clause": clause, "met": "yes" if in_h == 0 else "no", "in_h_if_this_goes_on": in_h,
            "parts": [{"index": name, "above": above, "for_h": for_h, "hours": hours,
                       "missing_h": max(0, for_h - hours), "said": False} for name, above, for_h, hours in parts]}


def outlook(met, *conditions):
    return {"met": met, "called_for": met, "conditions": list(conditions)}


AHEAD = {
    "yellow": outlook("yes", condition("4.1, yellow", 0, ("daily_aqi", 150, 48, 61),
                                       ("hourly_aqi", 200, 1, 20))),
    "orange": outlook("no", condition("4.1, orange", 11, ("daily_aqi", 150, 72, 61),
                                      ("daily_aqi", 200, 24, 30))),
    "red": outlook("no", condition("4.1, red, first case", None, ("daily_aqi", 200, 72, 30),
                                   ("daily_aqi", 300, 24, 0)))}


def evidence():
    return {"clause": "4.1, yellow", "basis": "observed", "met_at": "2026-01-11T12:00:00+08:00",
            "onset": "2026-01-09T19:00:00+08:00", "run_first": "2026-01-10T18:00:00+08:00",
            "run_last": LAST, "run_hours": 61, "run_max_aqi": 231,
            "parts": AHEAD["yellow"]["conditions"][0]["parts"]}


def warning_message(in_force, pending=(), **advice):
    said = {"level": "yellow", "rank": 1, "response": "III", "basis": "observed",
            "state": "current", "held_for_want_of_data": False,
            "hold_reason": None, "undecided": [], "wants_data_of": [], "dust": False,
            "without_dust": None, "without_dust_rank": None, "possible_source": None,
            "episode": "2026-01-11T12:00:00+08:00",
            "possible_level": "none", "possible_rank": 0, "forecast": None, "outlook": AHEAD, "over_range": [],
            "name": {"zh": "黄色", "en": "yellow"}, "since": "2026-01-11T12:00:00+08:00",
            "onset": "2026-01-09T19:00:00+08:00", "evidence": evidence()} | advice
    said["outlook"] = {level: {"rank": RANKS[level], "response": RESPONSES[RANKS[level]]} | found
                       for level, found in said["outlook"].items()}
    return head(**RULES, scope="station", in_force=in_force, directive=in_force,
                pending=list(pending), refused=[], refused_more=0, too_late=[], binding=NO_RELEASE, release=None,
                advice=said, dust=None, summaries=[], summary_due=None, approver_required=None,
                approvers={"directive": None, "advice": None},
                measures=[{"authority": "advice", "binding": False, "level": "yellow", "rank": 1,
                           "response": "III", "list": [], "by_unit": []}],
                text_zh="建议", text_en="advice")


def part(name, state="ok", why="none", since="2026-01-10T09:00:00+08:00", **more):
    return {"id": name, "state": state, "why": why, "since": since, **more}


def health_message(channels=None, sensor=None):
    idle = {"busy": None, "busy_until": None}
    return head(buses=[part("field-1")], sensors=[{**part("roof"), **idle, **(sensor or {})}],
                channels=channels or [part(f"roof/{key}") for key in POLLUTANTS],
                pm25_above_pm10_since=None, clock="simulated", store_ok=True,
                damaged={"rows": 0, "newest": None, "in_force": None}, samples_dropped=0, samples_late=0,
                polls_missed=0, delivery="verified", broker={"mqtt": "5", "qos": 1, "retain": True,
                                                             "max_packet_bytes": None, "commands": True}, outbox={"pending": 0, "sent": 0, "acked": 0, "blocked": 0},
                commands={"accepted": 0, "refused": 0, "retained": 0, "dropped": 0})


def add_hours(station, n=48, blind=0):
    """The last `blind` hours lack the particles."""
    last = hour_of(LAST)
    for hour in range(last - n + 1, last + 1):
        gone = hour > last - blind
        values = {key: None if gone and key.startswith("pm") else value
                  for key, value in MEANS.items()}
        station.hour(hour, values, None if gone else 208, None if gone else 237)


def smog(folder):
    """Yellow is in force and advised, orange announced; a channel is silent, messages wait."""
    station = Station(folder)
    add_hours(station)
    channels = [part(f"roof/{key}") for key in POLLUTANTS]
    channels[5] = part("roof/o3", "failed", "sentinel", "2026-01-12T03:10:00+08:00")
    in_force = directive(3, "yellow", 1, "2026-01-11T18:00:00+08:00", released=True, overdue=False,
                         effective="2026-01-11T18:00:00+08:00", document="株重污染指〔2026〕3号",
                         planned_end="2026-01-14T18:00:00+08:00")
    pending = [directive(4, "orange", 2, "2026-01-12T18:00:00+08:00"),
               directive(5, "none", 0, "2026-01-14T12:00:00+08:00")]
    for entry in pending:
        del entry["area"]
    station.publish("warning", warning_message(in_force, pending))
    station.publish("aqi", aqi_message())
    station.publish("health", health_message(channels))
    station.state.execute(
        "INSERT INTO outbox (made, class, topic, state, retain, replaces, ends_at_ack, bytes, payload,"
        " crc) VALUES (1768175880000, 2, 'aqi', 'pending', 1, 0, 0, 2, '{}', 0)")
    return station.close()


def blind(folder):
    """The particles are silent for six hours: the daily AQI is unknown, the advice held."""
    station = Station(folder)
    add_hours(station, blind=6)
    station.publish("warning", warning_message(None, held_for_want_of_data=True, outlook={
        **AHEAD, "orange": outlook("unknown", condition("4.1, orange", None))}))
    station.publish("aqi", blind_aqi_message())
    station.publish("health", health_message(
        sensor={"state": "failed", "why": "timeout", "since": "2026-01-12T02:01:00+08:00"}))
    return station.close()


def clean_hours(folder, **advice):
    """Clean for as long as a level needs to end."""
    station = Station(folder)
    last = hour_of(LAST)
    for hour in range(last - 47, last + 1):
        station.hour(hour, MEANS, 80, 90)
    station.publish("warning", warning_message(None, **advice))
    station.publish("aqi", aqi_message())
    station.publish("health", health_message())
    return station.close()


def horizon(folder):
    """Nothing but the end of the forecast keeps the level."""
    return clean_hours(folder, hold_reason="beyond_horizon")


def second(folder):
    """As computed again after a review, and another issue has to end it."""
    return clean_hours(folder, hold_reason="second_issue", state="computing")


# PM2.5 of a day that ends in smog, its instrument silent for two hours; the others follow it.
COURSE = (22, 24, 31, 38, 44, 52, 61, None, None, 83, 95, 104, 112, 118, 131, 149, 158, 171, 189, 214,
          246, 268, 305, 362)
FOLLOW = {"pm25": 1, "pm10": 1.3, "so2": 0.1, "no2": 0.4, "co": 0.01, "o3": -0.3}


def course(folder):
    """A day with a course, live: what the instruments say now, two of them nothing good."""
    station = Station(folder)
    first = hour_of(LAST) - len(COURSE) + 1
    for n, value in enumerate(COURSE):
        values = {key: None if value is None else value * share if share > 0 else 180 + value * share
                  for key, share in FOLLOW.items()}
        station.hour(first + n, values, 52 + 7 * n if n > 2 else None, value and 60 + value)
    station.publish("warning", warning_message(None))
    station.publish("aqi", aqi_message())
    station.publish("health", health_message())
    return station.close()


def fresh(folder):
    """Nothing has been published yet."""
    return Station(folder).close()


LIVE = {"station": "hetang-01", "version": "0.1.0", "since": "2026-01-10T09:00:00+08:00",
        "clock": {"state": "simulated", "until": None},
        "broker": {"connected": True, "since": "2026-01-10T09:00:01+08:00", "why": None},
        "store": {"volatile": False, "waiting": 0, "lost": 0, "bad_rows": 0}}


def reading(key, value, quality="N", why="none", age_s=2.4, busy="none"):
    return {"channel": f"roof/{key}", "pollutant": key, "unit": "mg/m3" if key == "co" else "ug/m3",
            "busy": busy, "value": value, "quality": quality, "why": why, "age_s": age_s}


READINGS = [reading("pm25", 371.25), reading("pm10", 1000, "T", "over_range"), reading("so2", 36.5),
            reading("no2", None, "B", "timeout", 340), reading("co", 3.62),
            reading("o3", None, None, age_s=None)]


def row(pollutant, words, number, decoded, value, quality="N", why="none", **other):
    return {"pollutant": pollutant, "channel": f"roof/{pollutant}", "function": 3, "address": 0,
            "type": "u16", "order": None, "decoded_unit": "ug/m3",
            "unit": "mg/m3" if pollutant == "co" else "ug/m3", "words": words, "number": number,
            "decoded": decoded, "value": value, "quality": quality, "why": why, **other}


# One row of each kind.
SENSOR = {"sensor": "roof", "profile": "generic-six", "bus": "field-1", "unit_id": 1,
          "read_by": "hazewatchd", "poll_s": 10.0, "polls": 7, "age_s": 0.4, "busy": "none",
          "identity": {"function": 3, "address": 2000, "expected": 1, "word": 1},
          "status": {"function": 3, "address": 20, "word": 0, "says": "none"},
          "rows": [row("pm25", [1583], 1583, 158.3, 158.3),
                   row("pm10", [10000], 10000, 1000.0, 1000.0, "T", "over_range", address=1),
                   row("so2", [65535], 65535, 6553.5, None, "D", "sentinel", address=2),
                   row("no2", None, None, None, None, "B", "timeout", address=3, decoded_unit="ppb"),
                   row("co", [0, 16800], 20.0, 20.0, 22.898, address=4, type="f32", order="cdab",
                       decoded_unit="ppm", channel=None),
                   row("o3", None, None, None, None, None, address=6)]}


def answer_to(request, place, other):
    """As the daemon answers; each question about a sensor finds it polled once more."""
    asked = json.loads(request)
    if asked["request"] == "read":
        place.polls = getattr(place, "polls", 7) + 1
        change = other.get("sensor", {})
        return {**SENSOR, "polls": place.polls, **(change() if callable(change) else change)}
    return {**LIVE, **{key: value for key, value in other.items() if key != "sensor"}}


@contextlib.contextmanager
def daemon(place, **other):
    """Answers like a running one, beside its database."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.join(place.data, "control"))
    listener.listen(4)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                connection = listener.accept()[0]
                body = {"ok": True, "text": "",
                        "body": answer_to(connection.recv(4096), place, other)}
                connection.sendall(json.dumps(body).encode() + b"\n")
                connection.close()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        os.remove(os.path.join(place.data, "control"))
        thread.join()
