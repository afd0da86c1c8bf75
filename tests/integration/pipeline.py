#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole way once: a slave written by others, the daemon, a real broker, a subscriber, and a
second process at the database. With --slow two days of an exercise that reach yellow under the
Hetang plan, else some hours.

usage: pipeline.py HAZEWATCHD [--slow]
"""
import sys
from fractions import Fraction
from types import SimpleNamespace

import caps
import harness
import oracle
import runner
import schemas
from harness import HOUR_S, hour_of, hour_text, wait_for
from oracle import FIELDS, POLLUTANTS

SPEED = 3600      # an hour in a second
TIMEOUT_MS = 60   # a later answer is none: so a value is at most 3.6 station minutes old
SILENCE_S = 360   # those, the 2 that a value holds, and a little: it cannot outlive its hour
LEAD_S = 3400     # nearly a second for the daemon to start
HOURS = 46 if "--slow" in sys.argv else 6  # yellow comes in the 44th
FIRST = hour_of("2026-01-10T01:00:00+08:00")
NO_VALUE = 65535
RESOLUTION = {name: Fraction(1, 100 if name == "co" else 10) for name in POLLUTANTS}
EXERCISE = "【演练】"


def registers(i):
    """Air that is bad, with halves to be rounded, a clean hour without O3 and holes."""
    air = [1305 + i * 173 % 900, 1505 + i * 211 % 1000, 95 + i * 37 % 300, 405 + i * 53 % 500,
           85 + i * 17 % 200, 105 + i * 91 % 900]
    if i == 2:
        air = [305, 455, 95, 205, 45, NO_VALUE]
    if i == 11:
        air[1] = NO_VALUE
    if i == 29:
        air[0] = NO_VALUE
    return air


RECORD = {FIRST + i: registers(i) for i in range(HOURS)}
LAST = FIRST + HOURS - 1
RAW = {hour: {name: None if word == NO_VALUE else word * RESOLUTION[name]
              for name, word in zip(POLLUTANTS, words)} for hour, words in RECORD.items()}
PLAN = harness.load_yaml("plans/hetang-2024.yaml")
EDITION = oracle.Edition(harness.load_yaml("aqi/hj633-2026.yaml"))
MEANS = {hour: EDITION.hour(values) for hour, values in RAW.items()}
# of the running hour, whose means are not rounded yet
PROVISIONAL = {hour: EDITION.realtime(values) for hour, values in RAW.items()}
REALTIME = {hour: EDITION.realtime(values) for hour, values in MEANS.items()}
DAILY = {hour: EDITION.daily([MEANS[each] for each in range(FIRST, hour + 1)])
         for hour in MEANS}


def yellow_hour():
    """Plan 4.1: a daily AQI above 150 for 48 h (25 values), and an hour above 200 among them."""
    run = 0
    for hour in MEANS:
        run = run + 1 if DAILY[hour].value is not None and DAILY[hour].value > 150 else 0
        spell = [REALTIME[each].value for each in range(hour - run - 22, hour + 1)
                 if each in REALTIME]
        if run + 23 >= 48 and max(spell) > 200:
            return hour
    raise ValueError("the record never reaches yellow")


def scene(world):
    clock = harness.Clock((FIRST - 1) * HOUR_S, SPEED)
    broker, slave = harness.Broker(world).start(), harness.Slave(world)
    slave.play(clock, RECORD).start()
    listener = world.subscribe(broker)
    clock = harness.Clock((FIRST - 1) * HOUR_S - LEAD_S, SPEED)
    slave.play(clock, RECORD, SILENCE_S)
    daemon = harness.Daemon(world, clock, slave.port, broker.port,
                            buses=[{"id": "sim", "tcp": {"host": "127.0.0.1", "port": slave.port},
                                    "response_timeout_ms": TIMEOUT_MS}])
    daemon.start()
    limit_s = clock.real_s((HOURS + 2) * HOUR_S) + harness.PATIENCE_S
    wait_for("the last hour's AQI", lambda: any(
        hour_of(body["hour"]) >= LAST for body in listener.once("aqi")), limit_s,
        [broker, slave, daemon])
    wait_for("an empty outbox", lambda: daemon.rows("SELECT count(*) FROM outbox") == [(0,)])
    tables = {name: daemon.rows(f"SELECT * FROM {name}") for name in ("hours", "aqi", "events")}
    daemon.stop()
    wait_for("the goodbye", lambda: listener.last("state")["state"] == "offline")
    late = world.subscribe(broker, late=True)
    wait_for("what the broker kept", lambda: len({each.name for each in late.all()}) >= 6)
    return SimpleNamespace(daemon=daemon, listener=listener, late=late, tables=tables)


def number(value):
    return None if value is None else float(value)


def hourly(stage):
    """{hour: the `aqi` message}, of the hours of the record"""
    found = {hour_of(body["hour"]): body for body in stage.listener.once("aqi")}
    assert set(MEANS) <= set(found), f"no message of the hours {set(MEANS) - set(found)}"
    return {hour: found[hour] for hour in MEANS}


def compare(what, hour, got, want):
    assert got == want, f"{what} of {hour_text(hour)}: {got}, expected {want}"


def every_minute_has_a_reading_with_the_values_of_its_hour(stage):
    seen = set()
    for message in stage.listener.all("reading"):
        body = message.body
        minute = harness.instant(body["minute"])
        hour = int(minute // HOUR_S) + 1
        assert minute not in seen, f"{body['minute']} came twice"
        seen.add(minute)
        raw = RAW.get(hour, dict.fromkeys(POLLUTANTS))
        for name in POLLUTANTS:
            got = body["values"][FIELDS[name]]
            if got is None:
                assert body["quality"][name] != "N", f"{body['minute']}: {name} is N without value"
            else:
                compare(f"{name} at {body['minute']}", hour, got, number(raw[name]))
                assert body["quality"][name] == "N"
    for hour in MEANS:
        there = sum(hour == minute // HOUR_S + 1 for minute in seen)
        assert there == 60, f"{there} minutes of {hour_text(hour)}"


def the_provisional_aqi_is_that_of_the_running_hour(stage):
    counted = 0
    for message in stage.listener.all("aqi/now"):
        body, hour = message.body, hour_of(message.body["hour"])
        assert body["provisional"] is True
        assert hour in (hour_of(body["time"]), hour_of(body["time"]) + 1), \
            f"{body['hour']} at {body['time']}"
        if hour not in RAW:
            continue
        for name in POLLUTANTS:
            got = body["hourly"][FIELDS[name]]
            iaqi = body["realtime"]["iaqi"][name]
            counted += got is not None
            assert got in (None, number(MEANS[hour][name])), f"{name} at {body['time']}: {got}"
            assert iaqi in (None, PROVISIONAL[hour].iaqis[name]), \
                f"IAQI of {name} at {body['time']}: {iaqi}"
    assert counted > HOURS, "hardly a value"


def every_hour_has_the_means_of_the_record_rounded_half_to_even(stage):
    for hour, body in hourly(stage).items():
        compare("means", hour, body["hourly"],
                {FIELDS[name]: number(MEANS[hour][name]) for name in POLLUTANTS})
        compare("quality", hour, {name for name in POLLUTANTS if body["quality"][name] == "N"},
                {name for name in POLLUTANTS if MEANS[hour][name] is not None})
        assert body["provisional"] is False and body["data_status"] == "raw"


def check_index(what, hour, got, index):
    compare(f"{what} IAQIs", hour, got["iaqi"], index.iaqis)
    compare(f"{what} AQI", hour, got["aqi"], index.value if index.published else None)
    compare(f"{what} AQI for the plan", hour, got["aqi_plan"], index.value)
    compare(f"{what} primary pollutants", hour, got["primary"], index.primary)
    compare(f"{what} completeness", hour, got["complete"], index.complete)
    category = index.category and {"zh": index.category["name_zh"], "en": index.category["name_en"]}
    compare(f"{what} category", hour, got.get("category"), category)


def the_real_time_aqi_is_what_a_second_computation_finds(stage):
    for hour, body in hourly(stage).items():
        check_index("real-time", hour, body["realtime"], REALTIME[hour])


def the_daily_aqi_is_what_a_second_computation_finds(stage):
    for hour, body in hourly(stage).items():
        check_index("daily", hour, body["daily"], DAILY[hour])
        compare("daily means", hour, body["daily"]["means"], {
            FIELDS[name]: number(DAILY[hour].means[name]) for name in POLLUTANTS})
        compare("valid hours", hour, body["daily"]["valid_hours"], DAILY[hour].counts)


def an_aqi_with_a_pollutant_missing_is_published_only_above_100(stage):
    clean, bad = hourly(stage)[FIRST + 2]["realtime"], hourly(stage)[FIRST + 11]["realtime"]
    assert clean["aqi"] is None and clean["aqi_plan"] < 100 and "category" not in clean, clean
    assert bad["aqi"] > 100 and bad["complete"] is False, bad


def yellow_is_advised_in_the_hour_in_which_the_plan_calls_for_it(stage):
    events = stage.listener.once("warning/event")
    issues = [body for body in events if body["event"] == "issue"]
    assert [(body["level"], hour_of(body["hour"])) for body in issues] == \
        [("yellow", yellow_hour())], issues
    others = [body["event"] for body in events if body not in issues]
    # want of data is told again after a day
    assert others == ["hold", "hold"], f"besides the issue: {others}"
    issue = issues[0]
    assert issue["level_before"] == "none" and issue["about"] == "advice"
    assert issue["basis"] == "observed" and issue["evidence"]["clause"] == "4.1, yellow"
    # a run is never longer than what was measured
    assert issue["evidence"]["run_hours"] == yellow_hour() - FIRST + 1, issue["evidence"]
    # the run began two days ago; what is past is not announced as to come
    assert hour_of(issue["onset"]) == yellow_hour(), issue["onset"]


def events_are_numbered_without_gaps_and_refer_to_the_one_before(stage):
    events = stage.listener.once("warning/event")
    numbers = [body["number"] for body in events]
    assert numbers == list(range(1, len(events) + 1)), numbers
    assert [body["follows"] for body in events] == [None, *numbers[:-1]]


def by_id(measures):
    return {each["id"]: (each["zh"], each["en"], set(each["units"])) for each in measures}


def with_exemptions(measure):
    """As it is told: what it leaves alone stands in its words."""
    spared = [each for each in PLAN["exemptions"] if each["id"] in measure.get("except", ())]
    if not spared:
        return measure
    return {**measure,
            "zh": f"{measure['zh']}（{'、'.join(each['zh'] for each in spared)}除外）",
            "en": f"{measure['en']} (except {', '.join(each['en'] for each in spared)})"}


def the_warning_says_level_measures_and_who_approves(stage):
    body = stage.listener.last("warning")
    advice = body["advice"]
    assert (advice["level"], advice["response"], advice["name"]["zh"]) == ("yellow", "III", "黄色")
    assert hour_of(advice["since"]) == yellow_hour()
    assert body["in_force"] is None and body["directive"] is None and body["release"] is None
    assert body["scope"] == "station" and body["plan"] == "hetang-2024"
    assert body["approver_required"] == {"zh": "副指挥长", "en": "deputy commander"}
    planned = [with_exemptions(each) for each in PLAN["measures"]
               if each["level"] in ("yellow", "any")]
    assert by_id(body["measures"][-1]["list"]) == by_id(planned), by_id(body["measures"][-1]["list"])
    assert "黄色" in body["text_zh"] and "yellow" in body["text_en"]
    first = stage.listener.once("warning")[0]
    assert first["advice"]["level"] == "none" and first["measures"][-1]["list"] == []


def the_cut_of_yellow_is_ten_percent_of_each_and_binds_nobody(stage):
    first, *_, last = stage.listener.once("cuts")
    assert last["blocks"] == [{
        "authority": "advice", "binding": False, "level": "yellow", "rank": 1, "response": "III",
        "min_cut_pct": {"so2": 10, "nox": 10, "pm": 10, "vocs": 10},
        "amounts": None}], last["blocks"]
    assert first["blocks"][0]["min_cut_pct"] == {}, first["blocks"]


def everything_is_marked_as_an_exercise(stage):
    for message in stage.listener.all():
        assert message.topic.startswith("hazewatch-exercise/1/430202/test-01/"), message.topic
        assert message.body["exercise"] is True
        assert message.body["time_quality"] == "simulated"
        for key in ("text_zh", "text_en"):
            text = message.body.get(key, EXERCISE)
            assert text.startswith(EXERCISE), f"{message.topic}: {text}"


def every_message_has_an_id_of_its_own_and_seq_rises(stage):
    payloads, highest = {}, {}
    for message in stage.listener.all():
        body = message.body
        assert payloads.setdefault(body["id"], body) == body, f"two messages are {body['id']}"
        assert body["station"] == {"id": "test-01", "name_zh": "试验站", "name_en": "Test station",
                                   "area": "430202"}
        if "seq" in body:
            assert body["id"].endswith(f"-{body['seq']}"), body["id"]
            # a repetition at a connect is the only thing that comes a second time
            assert body["seq"] >= highest.get(message.topic, 0), message.topic
            highest[message.topic] = body["seq"]
        else:
            assert message.name in ("reading", "aqi/now", "state"), message.topic


# topic: (QoS, retained)
CONTRACT = {"state": (1, True), "reading": (0, False), "aqi/now": (0, True), "aqi": (1, True),
            "warning": (1, True), "warning/event": (1, False), "cuts": (1, True),
            "health": (1, True), "plan": (1, True),
            "history": (1, True), "forecast": (1, True), "events": (1, True)}


def each_topic_has_its_quality_of_service_and_retain_flag(stage):
    found = {}
    for message in stage.listener.all():
        found.setdefault(message.name, set()).add((message.qos, message.retain))
        assert message.properties.ContentType == "application/json", message.topic
    assert found == {name: {each} for name, each in CONTRACT.items()}, found


def a_late_subscriber_gets_the_newest_of_every_retained_topic(stage):
    kept = {message.name: message for message in stage.late.all()}
    assert len(kept) == len(stage.late.all()), "a topic came twice"
    assert set(kept) == {name for name, (_, retained) in CONTRACT.items() if retained}, set(kept)
    for name, message in kept.items():
        assert message.retain and message.body == stage.listener.last(name), name


def the_yellow_advice_is_also_a_cap_alert_of_an_exercise(stage):
    message, = stage.listener.caps()
    alert = caps.read(message.body)
    assert message.name == "warning/cap/advice" and message.qos == 1 and message.retain
    assert (alert["status"], alert["msgType"], alert["scope"]) == \
        (["Exercise"], ["Alert"], ["Restricted"]) and alert["restriction"]
    for info in alert["info"]:
        assert (info["severity"], info["certainty"], info["urgency"], info["responseType"]) == \
            (["Moderate"], ["Observed"], ["Immediate"], ["Monitor"])
        assert info["description"][0].startswith(EXERCISE)
        daily = DAILY[yellow_hour()].value
        assert caps.values(info)["daily_aqi"] == str(daily), info["parameter"]


def every_message_is_valid_against_the_schema_of_its_topic(stage):
    assert schemas.check(stage.listener.all()) == set(CONTRACT)
    for name in CONTRACT:
        body = dict(stage.listener.last(name))
        assert schemas.faults(name, {**body, "surprise": 1}), f"{name}: a new field goes unnoticed"
        del body["time"]
        assert schemas.faults(name, body), f"{name}: a missing field goes unnoticed"


def the_state_is_online_once_and_then_offline_because_it_was_stopped(stage):
    states = [message.body for message in stage.listener.all("state")]
    assert [(body["state"], body["why"]) for body in states] == \
        [("online", "connected"), ("offline", "stopped")], states
    assert states[0]["boot"] == states[1]["boot"]


def the_sensor_is_healthy_in_the_last_health_message(stage):
    body = stage.listener.last("health")
    assert body["clock"] == "simulated" and body["store_ok"] is True
    assert body["samples_dropped"] == 0 and body["samples_late"] == 0
    assert [each["state"] for each in body["sensors"] + body["buses"]] == ["ok", "ok"], body


def the_database_has_the_same_hours(stage):
    rows = {(row[0], row[1]): row for row in stage.tables["hours"]}
    for hour, means in MEANS.items():
        for name in POLLUTANTS:
            milli, valid, quality, why, covered, samples, time_quality = rows[hour, name][2:9]
            want = None if means[name] is None else means[name] * 1000
            compare(name, hour, (milli, valid), (want, int(want is not None)))
            assert time_quality == "simulated" and samples > 0
            if valid:
                assert quality == "N" and covered >= 45 * 60 * 1000
            else:
                assert quality != "N" and why == "sentinel", (quality, why)


def the_database_has_the_same_aqi(stage):
    columns = ("hour", "edition", "daily", "daily_published", "daily_complete", "daily_category",
               "daily_primary", "realtime", "realtime_published", "realtime_complete",
               "realtime_category", "realtime_primary")
    for row in stage.tables["aqi"]:
        row = dict(zip(columns, row))
        if row["hour"] not in MEANS:
            continue
        for kind, index in (("daily", DAILY), ("realtime", REALTIME)):
            index = index[row["hour"]]
            compare(kind, row["hour"], row[kind], index.value)
            compare(f"{kind} completeness", row["hour"], row[kind + "_complete"], index.complete)
            if index.published:
                compare(f"{kind} primary", row["hour"], row[kind + "_primary"],
                        ",".join(index.primary))
    assert {row[0] for row in stage.tables["aqi"]} >= set(MEANS)


def the_database_has_the_same_events(stage):
    said = [(body["number"], body["event"], body["about"], body["level"], body["level_before"],
             hour_of(body["hour"])) for body in stage.listener.once("warning/event")]
    assert [row[:6] for row in stage.tables["events"]] == said, stage.tables["events"]


def nothing_was_late_lost_or_wrong_in_the_log(stage):
    """But that the record's gaps were noticed."""
    assert stage.daemon.lines("(warning|error): (?!roof/.*no good value|PM2.5 is above)") == []
    assert stage.daemon.lines("roof/.*: no good value for .* sentinel")
    worst = min(row[6] for row in stage.tables["hours"] if row[3])
    print(f"# the least covered valid hour: {worst / 60000:.1f} min")


ALWAYS = (
    every_minute_has_a_reading_with_the_values_of_its_hour,
    the_provisional_aqi_is_that_of_the_running_hour,
    every_hour_has_the_means_of_the_record_rounded_half_to_even,
    the_real_time_aqi_is_what_a_second_computation_finds,
    the_daily_aqi_is_what_a_second_computation_finds,
    events_are_numbered_without_gaps_and_refer_to_the_one_before,
    everything_is_marked_as_an_exercise,
    every_message_has_an_id_of_its_own_and_seq_rises,
    a_late_subscriber_gets_the_newest_of_every_retained_topic,
    the_state_is_online_once_and_then_offline_because_it_was_stopped,
    the_sensor_is_healthy_in_the_last_health_message,
    the_database_has_the_same_hours,
    the_database_has_the_same_aqi,
    the_database_has_the_same_events,
    nothing_was_late_lost_or_wrong_in_the_log)
TWO_DAYS = (
    an_aqi_with_a_pollutant_missing_is_published_only_above_100,
    yellow_is_advised_in_the_hour_in_which_the_plan_calls_for_it,
    the_warning_says_level_measures_and_who_approves,
    the_cut_of_yellow_is_ten_percent_of_each_and_binds_nobody,
    each_topic_has_its_quality_of_service_and_retain_flag,
    the_yellow_advice_is_also_a_cap_alert_of_an_exercise,
    every_message_is_valid_against_the_schema_of_its_topic)

if __name__ == "__main__":
    runner.run(*ALWAYS, slow=ALWAYS + TWO_DAYS, scene=scene)
