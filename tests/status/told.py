#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch status for programs: its JSON, its verdicts, whom it lets read, and how fast.

usage: told.py HAZEWATCH CATALOGUES
"""
import contextlib
import json
import os
import resource
import sqlite3
import tempfile

import past
import scenes
import schemas
from scene import HAZEWATCH, Station, hour_of, text_of
from scenes import LIVE, daemon
from source import Tap

def stored(station, topic):
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "state.db"))) as state:
        return json.loads(state.execute("SELECT payload FROM latest WHERE topic = ?",
                                        (topic,)).fetchone()[0])


def well(folder):
    """Nothing is in force or advised, everything measures."""
    station = Station(folder)
    scenes.add_hours(station)
    none = {"level": "none", "rank": 0, "response": None}
    message = scenes.warning_message(None, **none, outlook={
        key: scenes.outlook("no", scenes.condition("4.1", None)) for key in scenes.AHEAD})
    for key in ("name", "since", "onset", "evidence"):
        del message["advice"][key]
    station.publish("warning", message)
    station.publish("aqi", scenes.aqi_message())
    station.publish("health", scenes.health_message())
    return station


def check_json(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.smog(folder)
        found = json.loads(station.run("status", "--json").stdout)
        tap.case("the JSON is what its schema says", schemas.faults("status", found))
        tap.case("the published messages stand in it unchanged",
                 (topic for topic in ("warning", "aqi", "health")
                  if found[topic] != stored(station, topic)))
        wrong = [] if found["running"] is False and found["daemon"] is None else ["it runs"]
        tap.case("it says that the daemon does not run", wrong)
        with daemon(station):
            found = json.loads(station.run("status", "--json").stdout)
        wrong = schemas.faults("status", found)
        tap.case("what the running daemon says stands in it",
                 wrong + ([] if found["daemon"] == LIVE and found["running"] else [str(found)]))
        with daemon(station, station="another"):
            found = json.loads(station.run("status", "--json").stdout)
        tap.case("the daemon of another station is not asked for this one",
                 [] if found["daemon"] is None else [str(found["daemon"])])


def blocked(station):
    station.state.execute("UPDATE outbox_totals SET rows = 1 WHERE state = 'blocked'")


def unreleased(station):
    started = "2026-01-12T07:10:00+08:00"
    station.publish("warning", scenes.warning_message(scenes.directive(
        3, "yellow", 1, started, effective=started, overdue=False)))


def just_ordered(station):
    started = "2026-01-12T07:40:00+08:00"
    station.publish("warning", scenes.warning_message(scenes.directive(
        3, "yellow", 1, started, said=started, effective=started, overdue=False)))


def unreleased_ahead(station):
    station.publish("warning", scenes.warning_message(None, [scenes.directive(
        4, "orange", 2, "2026-01-12T18:00:00+08:00", said="2026-01-12T07:00:00+08:00")]))


def just_announced(station):
    station.publish("warning", scenes.warning_message(None, [scenes.directive(
        4, "orange", 2, "2026-01-12T18:00:00+08:00", said="2026-01-12T07:40:00+08:00")]))


def lifted(station, **more):
    started = "2026-01-12T06:10:00+08:00"
    station.publish("warning", {**scenes.warning_message(None), "directive": scenes.directive(
        5, "none", 0, started, said=started, effective=started, overdue=False, **more)})


def in_force(station, *levels):
    """By a plan with a stage: what the log of what was in force says, none at the end."""
    station.config["plan"] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "plan-stage.yaml")
    lifted(station)
    for number, level in enumerate((*levels, "none"), 1):
        station.state.execute("INSERT INTO force_log VALUES (?, ?, ?, ?, 5, NULL, NULL)", (number, number, number, level))
    past.seal(station, "force_log", "event", past.FORCE)


def lifted_stage(station):
    in_force(station, "yellow", "none", "control")


def lifted_warning(station):
    in_force(station, "control", "none", "yellow", "control")


def lifted_and_released(station):
    lifted(station, released=True)


def store_fails(station):
    station.publish("health", {**scenes.health_message(), "store_ok": False})


def nothing_measured(station):
    station.publish("health", scenes.health_message(
        [scenes.part(f"roof/{key}", "failed", "timeout") for key in scenes.POLLUTANTS]))


def silent(station):
    channels = [scenes.part(f"roof/{key}") for key in scenes.POLLUTANTS]
    channels[0] = scenes.part("roof/pm25", "failed", "frozen")
    station.publish("health", scenes.health_message(channels))


def maintained(station):
    station.publish("health", scenes.health_message(sensor={
        "state": "failed", "why": "maintenance", "busy": "maintenance", "busy_until": None}))


def held(station):
    station.publish("warning", scenes.warning_message(None, held_for_want_of_data=True))


def stale(station):
    station.state.execute("DELETE FROM hours WHERE hour > ?", (hour_of(scenes.LAST) - 2,))


def over_range(station):
    station.publish("warning", scenes.warning_message(None, over_range=[
        {"pollutant": "pm25", "at_least": {"pm25_ug_m3": 1000}, "would_call_for": "red"}]))


def implausible(station):
    station.publish("health", {**scenes.health_message(), "pm25_above_pm10_since":
                               "2026-01-12T05:00:00+08:00"})


VERDICTS = [
    ("nothing is amiss", None, {}, 0, "well\n"),
    ("a person works on an instrument", maintained, {}, 0, "well\n"),
    ("a directive waits for its release for less than an hour", just_ordered, {}, 0, "well\n"),
    ("one that was announced does so", just_announced, {}, 0, "well\n"),
    ("the lift was released", lifted_and_released, {}, 0, "well\n"),
    ("a channel is silent", silent, {}, 1, "roof/pm25: frozen"),
    ("the advice is held", held, {}, 1, "held for want of data"),
    ("more PM2.5 than PM10 is measured", implausible, {}, 1, "PM2.5 above PM10 since 01-12 05:00"),
    ("the broker refuses messages", blocked, {}, 1, "refuses 1 messages"),
    ("a directive waits for its release for an hour", unreleased, {}, 2, "no release slip names it"),
    ("one that was announced does so", unreleased_ahead, {}, 2,
     "no release slip names the directive that begins 01-12 18:00"),
    ("the lift of a stage below the warnings waits for none", lifted_stage, {}, 0, "well\n"),
    ("that of a warning which was such a stage at last waits for one", lifted_warning, {}, 2, "the warning was lifted and no"),
    ("a lift does so", lifted, {}, 2, "the warning was lifted and no release slip says so"),
    ("the database fails", store_fails, {}, 2, "a power cut loses"),
    ("the store is in memory", None, {"store": {**LIVE["store"], "volatile": True}}, 2, "a power cut"),
    ("an instrument is at the end of its range", over_range, {}, 2,
     "PM2.5 is at the end of its instrument's range (at least 1000 μg/m³, red (response I) if that"),
    ("nothing is measured", nothing_measured, {}, 2, "nothing is measured"),
    ("no hour closes any more", stale, {}, 2, "no hour has closed since 01-12 06:00"),
]


def check_verdicts(tap):
    for name, change, other, code, words in VERDICTS:
        with tempfile.TemporaryDirectory() as folder:
            station = well(folder)
            if change:
                change(station)
            station.close()
            with daemon(station, **other):
                done = station.run("status", "--check")
        wrong = [] if done.returncode == code and words in done.stdout and done.stdout.count("\n") == 1 \
            else [f"{done.returncode}: {done.stdout}{done.stderr}"]
        tap.case(f"--check says {code} when {name}", wrong)


OUTLOOKS = [
    ("of calm air no level comes if it goes on", {}, "no level if this goes on"),
    ("what is held for want of data has no outlook", {"held_for_want_of_data": True}, "not known yet"),
    ("what is computed anew has none yet", {"state": "computing"}, "not known yet"),
]


def check_outlooks(tap):
    calm = {key: scenes.outlook("no", scenes.condition("4.1", None)) for key in scenes.AHEAD}
    none = {"level": "none", "rank": 0, "response": None, "outlook": calm}
    for name, advice, words in OUTLOOKS:
        with tempfile.TemporaryDirectory() as folder:
            station = well(folder)
            station.publish("warning", scenes.warning_message(None, **none, **advice))
            said = station.close().run("status").stdout
        tap.case(name, [] if f"Outlook    {words}\n" in said else [said])


def check_beside(tap):
    """What the mast says now, as its hours are published: whole degrees of 0 to 359."""
    with tempfile.TemporaryDirectory() as folder:
        station = well(folder)
        station.config["sensors"].append({"id": "mast", "bus": "field-1", "unit_id": 2,
                                          "profile": "renke-compact-weather", "poll_s": 10})
        station.config["sensors"].append({"id": "gauge", "bus": "field-1", "unit_id": 3,
                                          "profile": "sonbus-xm9505", "poll_s": 10})
        station.publish("aux", {"hour": "2026-01-12T09:00:00+08:00", "hourly": {"rain_mm": 1.3}})
        station.close()
        said = [scenes.reading(key, value) for key, value in (("temperature", -3.5), ("wind_direction", 359.7),
                                                              ("noise", 52.9), ("rain", 6512.3))]
        with daemon(station, auxiliary=said):
            shown = station.run("status").stdout
        tap.case("what is measured beside the pollutants is shown, and no direction of 360 degrees",
                 [] if "temperature -3.5 ℃" in shown and "direction 0 °" in shown and "noise 52.9 dB" in shown
                 else [shown])
        tap.case("of rain the hour's, and not what its counter says",
                 [] if "rain hour to 01-12 09:00: 1.3 mm" in shown and "6512" not in shown else [shown])


def check_unread(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = well(folder).close()
        os.remove(os.path.join(station.data, "state.db"))
        done, checked = station.run("status"), station.run("status", "--check")
        wrong = [] if done.returncode == 66 and checked.returncode == 3 else [str(done), str(checked)]
        tap.case("without a database the exit status is 66, of --check 3", wrong)
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        done = station.run("status", "--check")
        tap.case("--check says 3 of a station that has not published anything",
                 [] if done.returncode == 3 else [str(done)])


def check_older(tap):
    """The daemon brings it to a newer schema, a reader never."""
    with tempfile.TemporaryDirectory() as folder:
        station = well(folder)
        station.state.execute("PRAGMA user_version = 2")
        station.close()
        before = files_of(station)
        wrong = []
        for subject in ("status", "history", "events", "directives", "orders", "forecasts"):
            done = station.run(subject)
            if done.returncode != 78 or "hazewatchd has to bring it to" not in done.stderr:
                wrong.append(str(done))
        tap.case("a database of an older schema is told as one", wrong)
        tap.case("and stays as it is", [] if files_of(station) == before else ["changed"])


def files_of(station):
    return {entry.name: (entry.stat().st_mtime_ns, entry.stat().st_size)
            for entry in os.scandir(station.data)}


def check_readers(tap):
    if os.geteuid() != 0:
        tap.skip("a reader of the group may read, another user is told how", "only root may try")
        return
    with tempfile.TemporaryDirectory() as folder:
        station = well(folder).close()
        os.chmod(folder, 0o755)
        for path, mode in ((station.data, 0o750), *((os.path.join(station.data, name), 0o640)
                                                    for name in ("state.db", "samples.db"))):
            os.chown(path, 0, 54321)
            os.chmod(path, mode)
        before = files_of(station)
        reader = ("setpriv", "--reuid", "54322", "--regid", "54322", "--groups", "54321", HAZEWATCH)
        other = ("setpriv", "--reuid", "54322", "--regid", "54322", "--clear-groups", HAZEWATCH)
        done = station.run("status", command=reader)
        wrong = [] if done.returncode == 0 and "AQI 24 h   208" in done.stdout else [str(done)]
        tap.case("a reader of the group sees a stopped station", wrong)
        tap.case("and leaves its folder as it was", [] if files_of(station) == before else ["changed"])
        done = station.run("status", command=other)
        wrong = [] if done.returncode == 77 and "usermod --append --groups hazewatch" in done.stderr \
            else [str(done)]
        tap.case("another user is told how to become one", wrong)


def check_years(tap):
    """Ten years of hours. 50 ms of the processor, thrice as much on a busy one; sanitizers cost more."""
    with tempfile.TemporaryDirectory() as folder:
        station = well(folder)
        last, n = hour_of(scenes.LAST), 87600
        station.state.execute("DELETE FROM aqi")
        station.state.execute(
            "WITH RECURSIVE t(h) AS (SELECT ? UNION ALL SELECT h + 1 FROM t WHERE h < ?)"
            " INSERT INTO aqi SELECT h, 'hj633-2026', 208, 1, 1, 5, 'pm25', 237, 1, 1, 5, 'pm25', 0"
            " FROM t", (last - n + 1, last))
        for pollutant in ("pm25", "pm10"):
            station.state.execute(
                "WITH RECURSIVE t(h) AS (SELECT ? UNION ALL SELECT h + 1 FROM t WHERE h < ?)"
                " INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples,"
                " time_quality, crc) SELECT h, ?, 35000, 1, 'N', 3600000, 360, 'simulated', 0 FROM t",
                (last - n + 1, last - 48, pollutant))
        station.close()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = station.run("status")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        wrong = [] if done.returncode == 0 else [str(done)]
        print(f"# {spent * 1000:.1f} ms of processor time, of {text_of(last - n + 1)} on")
        most = 3 * 0.050 * (10 if "ASAN_OPTIONS" in os.environ or "TSAN_OPTIONS" in os.environ else 1)
        tap.case("ten years take no more than 50 ms of processor time",
                 wrong + ([f"{spent} s"] if spent > most else []))


def main():
    tap = Tap()
    check_json(tap)
    check_verdicts(tap)
    check_outlooks(tap)
    check_beside(tap)
    check_unread(tap)
    check_older(tap)
    check_readers(tap)
    check_years(tap)
    tap.done()


if __name__ == "__main__":
    main()
