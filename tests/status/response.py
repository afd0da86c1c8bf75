# SPDX-License-Identifier: MIT
"""A station whose district has just been through a response: yellow, orange, lifted; and a hostile
one whose texts try to break out of the page."""
import contextlib
import json
import math
import os
import sqlite3

import past
from scene import POLLUTANTS, Station, hour_of
from past import add_command, ms

NOW = "2026-01-20T09:10:00+08:00"
UUID = "2b6f0cc9-04d1-4f0e-8a2e-0123456789ab"
BEGUN, RAISED, ENDED = ("2026-01-11T18:00:00+08:00", "2026-01-13T08:00:00+08:00",
                        "2026-01-16T12:00:00+08:00")
WORDS = {"document": "株重污染指〔2026〕{}号", "issuer": "city", "slip": "荷重污染发〔2026〕{}号",
         "reason": "零点检查期间的小时", "name": "示例瑞成陶瓷（虚构）",
         "zh": "【演练】荷塘一号站市指令：{}。", "en": "Hetang station 1, directive: {}.", "id": "city-{}"}
NASTY = "</td></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&amp;\u0001{}"
HOSTILE = WORDS | {key: NASTY for key in ("document", "slip", "reason", "name", "zh", "en")}


def add_air(station, first="2026-01-08T00:00:00+08:00", last="2026-01-20T08:00:00+08:00"):
    """Rises to the 14th and falls; six hours are missing on the 12th."""
    middle = hour_of("2026-01-14T03:00:00+08:00")
    for hour in range(hour_of(first), hour_of(last) + 1):
        daily = round(70 + 220 * math.exp(-((hour - middle) / 60) ** 2))
        realtime = round(daily * (1 + 0.12 * math.sin(hour / 3)))
        gone = 0 <= hour - hour_of("2026-01-12T10:00:00+08:00") < 6
        values = {key: None if gone else round(daily * share, 1) for key, share in
                  zip(POLLUTANTS, (0.8, 1.1, 0.06, 0.3, 0.008, 0.1))}
        station.hour(hour, values, daily, None if gone else realtime)


EVENTS = (("issue", "advice", "yellow", "none", "2026-01-11T12:02:00+08:00", 0),
          ("issue", "directive", "yellow", "none", BEGUN, 1),
          ("upgrade", "advice", "orange", "yellow", "2026-01-13T02:02:00+08:00", 0),
          ("upgrade", "directive", "orange", "yellow", RAISED, 2),
          ("lift", "directive", "none", "orange", ENDED, 3))


def add_events(station, words, upto):
    for number, (kind, about, level, previous, made, directive) in enumerate(EVENTS[:upto], 1):
        message = json.dumps({"id": f"{UUID}-{number}", "text_zh": words["zh"].format(kind),
                              "text_en": words["en"].format(kind)}, ensure_ascii=False)
        row = dict.fromkeys(past.EVENT) | {
            "number": number, "kind": kind, "about": about, "level": level, "previous": previous,
            "hour": hour_of(made), "basis": "observed", "made": ms(made), "onset_ms": ms(made),
            "directive": directive or None, "plan": "hetang-2024", "edition": "hj633-2026", "rules": 1,
            "message": message}
        station.state.execute(f"INSERT INTO events ({', '.join(past.EVENT)}) VALUES"
                              f" ({', '.join('?' * len(past.EVENT))})", tuple(row.values()))
        if about == "directive":
            station.state.execute(
                "INSERT INTO force_log (event, made, effective, level, directive)"
                " VALUES (?, ?, ?, ?, ?)", (number, ms(made), ms(made), level, directive))


SAID = ((1, "yellow", BEGUN, "2026-01-11T16:00:00+08:00", "2026-01-11T16:03:00+08:00"),
        (2, "orange", RAISED, "2026-01-13T06:30:00+08:00", "2026-01-13T06:31:00+08:00"),
        (3, "none", ENDED, "2026-01-16T11:00:00+08:00", "2026-01-16T11:05:00+08:00"))


def add_directives(station, words):
    for number, level, start, said, received in SAID:
        command = add_command(station, words["id"].format(number), "directive", ms(received))
        station.state.execute(
            "INSERT INTO directives (number, command, received, level, start, regional, area,"
            " document, issuer, crc, said) VALUES (?, ?, ?, ?, ?, 1, '', ?, ?, 0, ?)",
            (number, command, ms(received), level, ms(start), words["document"].format(number),
             words["issuer"], ms(said)))
        if number < 3:
            slip = add_command(station, f"slip-{number}", "release", ms(received) + 25 * 60000)
            station.state.execute(
                "INSERT INTO releases (command, number, level, reviewer, signer, post, start, directive,"
                " directive_number, fault, post_differs) VALUES (?, ?, ?, '', '', '副指挥长', ?, ?, ?,"
                " 'good', 0)", (slip, words["slip"].format(number), level, ms(start),
                                words["id"].format(number), number))


def add_list(station, words):
    station.state.execute("INSERT INTO lists VALUES (1, 0, 3, 'list.csv', 'x', 'y')")
    for emission, whole in (("so2", 900000), ("nox", 4200000), ("pm", 2600000), ("vocs", 3100000)):
        station.state.execute("INSERT INTO list_whole VALUES (1, ?, ?, 1, 2024, 'x')", (emission, whole))
    for number in range(1, 4):
        station.state.execute(
            "INSERT INTO sources (list, id, line, kind, name, credit_code, county, town, inspector,"
            " grade, control, process, key_index, person, phone, other, base_so2, base_nox, base_pm,"
            " base_vocs) VALUES (1, ?, 1, 'industry', ?, '', '', '', '', '', 'normal', '', '', '', '',"
            " '{}', 300000, 900000, 400000, 500000)", (f"gy-00{number}", words["name"]))
        for level, share in (("yellow", 4), ("orange", 2)):
            station.state.execute(
                "INSERT INTO source_levels VALUES (1, ?, ?, '停产一条窑炉', '', ?, ?, ?, ?)",
                (f"gy-00{number}", level, *(n // share for n in (300000, 900000, 400000, 500000))))


def add_orders(station):
    """Each of three sources had two orders; two answered, one said how much."""
    seq = 10
    for run, level, made in ((1, "yellow", "2026-01-11T16:28:00+08:00"),
                             (2, "orange", "2026-01-13T06:56:00+08:00")):
        for source in ("gy-001", "gy-002", "gy-003"):
            seq += 1
            for kind, later in (("issued" if run == 1 else "changed", 0), ("delivered", 90000)):
                station.state.execute(
                    "INSERT INTO order_log (made, source, run, kind, level, directive, message)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (ms(made) + later, source, run, kind, level, run, seq))
    for kind, later in (("withdrawn", 0), ("delivered", 60000)):  # by the lift, which is no directive's order
        station.state.execute(
            "INSERT INTO order_log (made, source, run, kind, level, directive, message)"
            " VALUES (?, 'gy-003', 3, ?, 'none', 0, 17)", (ms(ENDED) + later, kind))
    for name, received, ref, unit, outcome, share, cut in (
            ("r-1", "2026-01-11T17:13:00+08:00", "order/gy-001", "gy-001", "received", None, None),
            ("r-2", "2026-01-13T09:00:00+08:00", f"{UUID}-14", "gy-001", "done", 100, 450500),
            ("r-3", "2026-01-13T10:00:00+08:00", "order/gy-002", "gy-002", "partly", 60, None),
            ("r-4", "2026-01-11T16:45:00+08:00", "city-1", "eco", "received", None, None),
            ("r-5", "2026-01-13T07:16:00+08:00", "荷重污染发〔2026〕2号", "edu", "done", None, None),
            ("r-6", "2026-01-19T10:00:00+08:00", "episode-1", "office", "done", None, None)):
        station.state.execute(
            "INSERT INTO receipts (command, time, ref, unit, person, outcome, done_pct, cut_g_d)"
            " VALUES (?, ?, ?, ?, '张三', ?, ?, ?)", (add_command(station, name, "receipt", ms(received)),
                                                  ms(received), ref, unit, outcome, share, cut))


def add_review(station, words):
    first = hour_of("2026-01-15T09:00:00+08:00")
    station.state.execute("UPDATE hours SET invalidated = 1 WHERE pollutant = 'so2' AND hour BETWEEN"
                          " ? AND ?", (first, first + 2))
    station.state.execute("INSERT INTO reviews VALUES (?, ?, ?, ?, 'so2,o3', 0, ?, '李四')", (
        add_command(station, "review-1", "review"), ms("2026-01-15T15:00:00+08:00"), first, first + 2,
        words["reason"]))


def ended(folder, words=None, now=NOW):
    """Lifted on a Friday: due within five working days, on the next one."""
    station, words = Station(folder, now), words or WORDS
    station.config["calendar"] = "china"
    add_air(station)
    add_events(station, words, len(EVENTS))
    add_directives(station, words)
    add_list(station, words)
    add_orders(station)
    add_review(station, words)
    return station.close()


def add_next(folder):
    """Another response begins, and a source answers its order: nothing of that is the first one's."""
    with contextlib.closing(sqlite3.connect(os.path.join(folder, "data", "state.db"))) as state, state:
        state.execute("INSERT INTO force_log (event, made, effective, level, directive)"
                      " VALUES (9, ?, ?, 'yellow', 4)", (ms("2026-01-18T08:00:00+08:00"),) * 2)
        late = ms("2026-01-18T09:00:00+08:00")
        state.execute("INSERT INTO commands VALUES ('receipt//r-9', 'receipt', 'city', 0, ?, 'accepted', '',"
                      " '{}')", (late,))
        state.execute("INSERT INTO receipts (command, time, ref, unit, person, outcome) VALUES"
                      " ('receipt//r-9', ?, 'order/gy-003', 'gy-003', '', 'done')", (late,))


def running(folder):
    """The same before it was lifted, without a list."""
    station = Station(folder, "2026-01-14T09:10:00+08:00")
    add_air(station, last="2026-01-14T08:00:00+08:00")
    add_events(station, WORDS, len(EVENTS) - 1)
    add_directives(station, WORDS)
    return station.close()
