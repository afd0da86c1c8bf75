# SPDX-License-Identifier: MIT
"""A station with a past: two events, four directives, a reduction list with orders, forecasts."""
import hashlib
import json

import scenes
from scene import Station, hour_of, seconds

EVENT = ("number", "kind", "about", "level", "previous", "hour", "onset", "basis", "episode",
         "revised", "revised_from", "made", "onset_ms", "directive", "by_directive", "reason",
         "plan", "edition", "rules", "list", "message")
FORCE = ("event", "made", "effective", "level", "directive")
ORDER = ("number", "made", "source", "run", "kind", "level", "directive", "message")


def chained(before, values):
    """The hash of a row: that of the row before it, then each column (storage/file/chain.h)."""
    def text(value):
        if value is None:
            return "-\n"
        data = value if isinstance(value, str) else None
        return f"{len(data.encode())}:{data}\n" if data is not None else f"{value}\n"
    return hashlib.sha256((before + "\n" + "".join(map(text, values))).encode()).hexdigest()


def seal(station, table, key, columns, first=0):
    """The hashes of rows that are there, from a key on."""
    before = ""
    for row in station.state.execute(f"SELECT {', '.join(columns)} FROM {table}"
                                     f" WHERE {key} >= {first} ORDER BY {key}").fetchall():
        sealed = chained(before, row)
        station.state.execute(f"UPDATE {table} SET hash_before = ?, hash = ? WHERE {key} = ?",
                              (before, sealed, row[columns.index(key)]))
        before = sealed


def ms(text):
    return seconds(text) * 1000


def add_command(station, name, kind, received=0, user=""):
    """The name that the command has in the tables: kind/key@user/id, no key."""
    name = f"{kind}/{user and '@' + user}/{name}"
    station.state.execute("INSERT INTO commands VALUES (?, ?, 'city', 0, ?, 'accepted', '', '{}')",
                          (name, kind, received))
    return name


def add_events(station):
    for number, (kind, about, level, previous, made, zh, en) in enumerate((
            ("issue", "advice", "yellow", "none", "2026-01-11T12:02:00+08:00",
             "【演练】荷塘一号站预警建议：日AQI大于150已48小时，建议黄色预警（Ⅲ级响应）。",
             "Hetang station 1, advice: daily AQI above 150 for 48 h. Advised: yellow."),
            ("issue", "directive", "yellow", "none", "2026-01-11T18:00:00+08:00",
             "【演练】荷塘一号站市指令：黄色预警（Ⅲ级响应）生效。",
             "Hetang station 1, directive: yellow (response III) is in force.")), 1):
        row = dict.fromkeys(EVENT) | {
            "number": number, "kind": kind, "about": about, "level": level, "previous": previous,
            "hour": hour_of(made), "basis": "observed", "made": ms(made), "onset_ms": ms(made),
            "directive": 1 if about == "directive" else None, "plan": "hetang-2024",
            "edition": "hj633-2026", "rules": 1,
            "message": json.dumps({"text_zh": zh, "text_en": en}, ensure_ascii=False)}
        station.state.execute(f"INSERT INTO events ({', '.join(EVENT)}) VALUES"
                              f" ({', '.join('?' * len(EVENT))})", (*row.values(),))
    seal(station, "events", "number", EVENT)


def add_directives(station):
    for number, level, start, end in (
            (1, "yellow", "2026-01-11T18:00:00+08:00", "2026-01-14T18:00:00+08:00"),
            (2, "orange", "2026-01-12T18:00:00+08:00", None), (3, None, None, None)):
        command = add_command(station, f"city-{number}", "directive", user="root:wang" if number == 2 else "")
        station.state.execute(
            "INSERT INTO directives (number, command, received, level, start, planned_end, regional,"
            " area, document, issuer, crc, said) VALUES (?, ?, ?, ?, ?, ?, 1, '', ?, 'city', 0, ?)",
            (number, command, ms("2026-01-11T16:00:00+08:00"), level,
             start and ms(start), end and ms(end), f"株重污染指〔2026〕{number}号",
             ms("2026-01-11T16:00:00+08:00")))
    for number, level, turn, effective in ((1, "yellow", 1, ms("2026-01-11T18:00:00+08:00")),
                                           (2, "orange", None, None)):
        station.state.execute(
            "INSERT INTO timetable VALUES (?, ?, 0, NULL, 0, 0, 0, 0, 0, ?, ?, ?, ?, ?, ?, '', '', 0)",
            (number, level, turn, effective, effective, turn and "none", turn and 0,
             f"city-{number}"))
    station.state.execute("INSERT INTO force_log (event, made, effective, level, directive)"
                          " VALUES (2, ?, ?, 'yellow', 1)", (ms("2026-01-11T18:00:00+08:00"),) * 2)
    seal(station, "force_log", "event", FORCE)
    station.state.execute("INSERT INTO timetable_state VALUES (1, 2, 1, 1, 'city-2', 0, 0, 'none', 0)")
    slip = add_command(station, "slip-1", "release")
    station.state.execute(
        "INSERT INTO releases (command, number, level, reviewer, signer, post, directive,"
        " directive_number, fault, post_differs) VALUES (?, '荷重污染发〔2026〕1号', 'yellow', '',"
        " '', '副指挥长', 'city-1', 1, 'good', 0)", (slip,))


def add_orders(station):
    station.state.execute("INSERT INTO lists VALUES (1, 0, 3, 'list.csv', 'x', '')")
    for name, kind, title, control in (
            ("gy-001", "industry", "示例瑞成陶瓷（虚构）", "normal"),
            ("gy-002", "industry", "示例供热公司（虚构）", "protected"),
            ("gy-003", "building", "Sample works (invented)", "voluntary")):
        station.state.execute(
            "INSERT INTO sources (list, id, line, kind, name, credit_code, county, town, inspector,"
            " grade, control, process, key_index, person, phone, other) VALUES (1, ?, 1, ?,"
            " ?, '', '', '', '', '', ?, '', '', '', '', '{}')", (name, kind, title, control))
    station.state.execute("INSERT INTO source_levels VALUES (1, 'gy-001', 'yellow', '停产一条窑炉',"
                          " '', NULL, NULL, NULL, NULL)")
    station.state.execute(
        "INSERT INTO order_run VALUES (1, 1, 'yellow', 1, 1, 0, 1, 0, 0, 3, '', 1, 0)")
    station.state.execute("INSERT INTO orders VALUES ('gy-001', 1, 11, 0, 2)")
    for kind, made in (("issued", "2026-01-11T18:00:01+08:00"),
                       ("delivered", "2026-01-11T18:00:02+08:00")):
        station.state.execute(
            "INSERT INTO order_log (made, source, run, kind, level, directive, message)"
            " VALUES (?, 'gy-001', 1, ?, 'yellow', 1, 11)", (ms(made), kind))
    seal(station, "order_log", "number", ORDER)
    for name, received, ref, outcome, done in (  # the last two answer no order that stands
            ("receipt-1", "2026-01-11T19:31:00+08:00", "order/gy-001", "partly", 40),
            ("receipt-2", "2026-01-11T17:00:00+08:00", "order/gy-001", "not", None),
            ("receipt-3", "2026-01-11T19:31:00+08:00",
             "2b6f0cc9-04d1-4f0e-8a2e-0123456789ab-10", "done", 100)):
        station.state.execute(
            "INSERT INTO receipts (command, time, ref, unit, person, outcome, done_pct, cut_g_d, note)"
            " VALUES (?, ?, ?, 'gy-001', '', ?, ?, ?, '')",
            (add_command(station, name, "receipt", ms(received)),
             ms("2026-01-11T19:30:00+08:00"), ref, outcome, done, done and 12500))


def add_forecasts(station):
    """Three days ahead, of an evening and a morning; what came is 208 every hour from the 10th 09:00 on."""
    for day, at, said in (("09", "20", (180, 190, 140)), ("10", "06", (230, 120, 210))):
        name, issued = f"bulletin-{day}", f"2026-01-{day}T{at}:00:00+08:00"
        name = add_command(station, name, "forecast")
        station.state.execute("INSERT INTO forecasts VALUES (?, 0, 'cnemc', 'city', 'bulletin',"
                              " 'daily_aqi', ?)", (name, ms(issued)))
        for ahead, aqi in enumerate(said, 1):
            hour = hour_of(f"2026-01-{day}T00:00:00+08:00") + 24 * (ahead + 1)
            station.state.execute(
                "INSERT INTO forecast_steps (command, hour, aqi_min, aqi_max, short_heavy)"
                " VALUES (?, ?, ?, ?, 0)", (name, hour, aqi - 10, aqi + 10))


def add_model(station, source, form, column, values):
    """A model run of 76 hours, from the evening of the 9th on: its values in turn."""
    name = add_command(station, source, "forecast")
    issued = "2026-01-09T20:00:00+08:00"
    station.state.execute("INSERT INTO forecasts VALUES (?, 0, ?, 'city', 'model', ?, ?)",
                          (name, source, form, ms(issued)))
    for ahead in range(76):
        columns = {column: values[ahead % len(values)]}
        if column == "aqi_min":
            columns["aqi_max"] = columns[column]
        station.state.execute(
            f"INSERT INTO forecast_steps (command, hour, short_heavy, {', '.join(columns)})"
            f" VALUES (?, ?, 0{', ?' * len(columns)})",
            (name, hour_of(issued) + 1 + ahead, *columns.values()))


def add_models(station):
    """Days of 185 ug/m3 make an AQI of 235; hours of 100 and 261 one of 180.5."""
    add_model(station, "model of air", "concentrations", "pm25_milli", (185000,))
    add_model(station, "model of AQIs", "hourly_aqi", "aqi_min", (100, 261))


def add_days(station):
    for hour in (hour_of("2026-01-11T00:00:00+08:00"), hour_of("2026-01-12T00:00:00+08:00")):
        for pollutant, mean in scenes.MEANS.items():
            station.state.execute("INSERT INTO iaqi VALUES (?, ?, 100, ?, 24, 100)",
                                  (hour, pollutant, round(mean * 1000)))


def eventful(folder):
    station = Station(folder)
    scenes.add_hours(station)
    add_days(station)
    add_events(station)
    add_directives(station)
    add_orders(station)
    add_forecasts(station)
    add_models(station)
    return station
