#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The chance in 24 h where people look: hazewatch status, and the report of a response.

usage: outlook_shown.py HAZEWATCH CATALOGUES
"""
import contextlib
import json
import os
import sqlite3
import subprocess
import tempfile

import yaml

import response
import scenes
from scene import CATALOGUES, CONFIG, HAZEWATCH, ROOT, Station, too_wide
from source import Tap

MODEL = os.path.join(ROOT, "tests", "data", "outlook-two.yaml")
ZH = ("【演练】明日8时（1月13日）前可能达到黄色：九成以上（现已超过）；橙色六成；红色不足一成。非预报。"
      "黄色的布里尔评分：本站近90日0.043（持续性0.071），训练0.050（0.080）。")
EN = ("【演练】EXERCISE. yellow possible by tomorrow 08:00 (01-13): more than 9 in 10 (exceeded now); orange 6 in 10; "
      "red less than 1 in 10. No forecast. Brier score of yellow: 90 days here 0.043 (persistence 0.071), "
      "training 0.050 (0.080).")


def smog(folder, **chance):
    """The station of the golden pages, whose warning has an outlook."""
    station = scenes.smog(folder)
    message = json.loads(station.run("status", "--json").stdout)["warning"]
    message["outlook_24h"] = {"model": "two", "shown": True, "text_zh": ZH, "text_en": EN, **chance}
    again = Station.__new__(Station)
    again.__dict__ = station.__dict__
    again.state, again.samples = (again.create(kind) for kind in ("state", "samples"))
    again.publish("warning", message)
    return again.close()


def flat(text):
    return "".join(text.split())


def check_status(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = smog(folder)
        for language, words in (("zh_CN", ZH), ("en", EN)):
            printed = station.run("status", LANGUAGE=language).stdout
            lines = printed.splitlines()
            wrong = [] if flat(words) in flat(printed) else [printed]
            wrong += list(too_wide(printed)) + ([f"{len(lines)} lines"] if len(lines) > 24 else [])
            tap.case(f"the whole sentence with its scores stands on the page of 80x24 ({language})", wrong)
        told = json.loads(station.run("status", "--json").stdout)["warning"]["outlook_24h"]
        tap.case("it stands in the JSON as it was published", [] if told["text_en"] == EN else [str(told)])
    with tempfile.TemporaryDirectory() as folder:
        printed = smog(folder, shown=False).run("status", LANGUAGE="en").stdout
        tap.case("of one that is not shown there is no word", [printed] if "24 h  " in printed and
                 "possible by" in printed else [])


def with_outlook(station, **keys):
    station.config |= keys
    with open(os.path.join(station.folder, "station.yaml"), "w", encoding="utf-8") as file:
        yaml.safe_dump(station.config, file, allow_unicode=True, sort_keys=False)
    return station


def check_report(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = response.ended(folder)
        off = with_outlook(station, outlook="off").run("report", "1", "--lang", "en").stdout
        auto = with_outlook(station, outlook="auto", outlook_model=MODEL).run("report", "1", "--lang", "en").stdout
        show = with_outlook(station, outlook="show").run("report", "1", "--lang", "en")
        begin, end = show.stdout.find("<h3>The chance in 24 h"), show.stdout.find("</section>", show.stdout.find("<h3>The chance in 24 h"))
        part = show.stdout[begin:end]
        tap.case("a report shows what was said before each threshold was exceeded, with three scores",
                 [] if begin > 0 and part.count("<tr>") == 3 and "24 h before" in part and "0.050 (0.080)" in part and
                 " in 10" in part else [show.stderr + part])
        zh = station.run("report", "1", "--lang", "zh").stdout
        table = zh[zh.find("<h3>未来24小时"):zh.find("</section>", zh.find("<h3>未来24小时"))]
        tap.case("in Chinese its levels are named in Chinese", [] if "黄色" in table and "yellow" not in table else [table])
        tap.case("without it, or not shown by proof, the report is the same but for that",
                 [] if off == auto == show.stdout[:begin] + show.stdout[end:] and off else ["they differ"])


def check_settings(tap):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.smog(folder)
        path = os.path.join(folder, "station.yaml")
        for keys, told in (({"outlook": "maybe"}, "outlook: maybe is not one of auto, off, show"),
                           ({"outlook_model": "nowhere"}, "nowhere is not found"),
                           ({"outlook_model": os.path.join(CONFIG, "aqi", "hj633-2026.yaml")}, "kind: edition is not outlook")):
            for key in ("outlook", "outlook_model"):
                station.config.pop(key, None)
            with_outlook(station, **keys)
            done = subprocess.run([HAZEWATCH, "check", "--config-dir", CONFIG, path], capture_output=True, text=True, check=False)
            if done.returncode != 78 or told not in done.stderr + done.stdout:
                wrong.append(f"{keys}: {done.returncode} {done.stderr}{done.stdout}")
    tap.case("a wrong setting is told with what is allowed", wrong)


def check_score(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = response.ended(folder)
        with_outlook(station, outlook_model=MODEL)
        done = subprocess.run([HAZEWATCH, "outlook", "score", "--json", "--config-dir", CONFIG, "--config",
                               os.path.join(folder, "station.yaml")], capture_output=True, text=True, check=False)
        line = json.loads(done.stdout or "{}")
        hours = line["levels"][0]["exceedance"]["hours"] if line else 0
        tap.case("outlook score scores the station's own hours with its own model",
                 [] if done.returncode == 0 and line["model"] == "two" and hours > 200 else [done.stderr + done.stdout])
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([HAZEWATCH, "outlook", "score", "--config-dir", CONFIG, "--config",
                               os.path.join(folder, "none.yaml")], capture_output=True, text=True, check=False)
        tap.case("without a station file it says so", [] if done.returncode == 78 else [done.stderr])


def score(station, *arguments, **environment):
    return subprocess.run([HAZEWATCH, "outlook", "score", "--config-dir", CONFIG, "--config",
                           os.path.join(station.folder, "station.yaml"), *arguments], capture_output=True, text=True, check=False,
                          env=os.environ | {"LC_ALL": "C.UTF-8", "TEXTDOMAINDIR": CATALOGUES} | environment)


def as_district(station):
    roster = os.path.join(station.folder, "roster.csv")
    with open(roster, "w", encoding="utf-8") as file:
        file.write("id,role\np-0,assessment\np-1,assessment\n")
    for key in ("buses", "sensors"):
        station.config.pop(key, None)
    station.config["station"].pop("leading", None)
    return with_outlook(station, kind="district", roster=roster)


def came_of_stored(station, above):
    """(hours scored, hours that came true) by the daily AQIs as they are stored."""
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "state.db"))) as opened:
        daily = dict(opened.execute("SELECT hour, daily FROM aqi WHERE daily NOT NULL"))
        valid = {hour for hour, in opened.execute("SELECT hour FROM hours WHERE pollutant = 'pm25' AND valid")}
    ahead = {hour: [daily.get(hour + i) for i in range(1, 25)] for hour in daily
             if sum(hour - i in valid for i in range(24)) >= 20}
    came = [hour for hour, values in ahead.items() if any(value is not None and value > above for value in values)]
    return len(came) + sum(hour not in came and None not in values for hour, values in ahead.items()), len(came)


def check_district(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = with_outlook(response.ended(folder), outlook="show", outlook_model=MODEL)
        alone = json.loads(score(station, "--json").stdout)["levels"][0]["exceedance"]
        done = score(as_district(station), "--json")
        line = json.loads(done.stdout)["levels"][0]["exceedance"] if done.stdout else {}
        told = (line.get("hours"), line.get("came"))
        tap.case("a district is scored by its stored daily AQIs, which its points' own days made",
                 [] if told == came_of_stored(station, 150) != (alone["hours"], alone["came"]) else
                 [f"{told}, not {came_of_stored(station, 150)}; a station {alone}", done.stderr])
        shown = station.run("report", "1", "--lang", "en")
        tap.case("its report has the chance too", [] if "<h3>The chance in 24 h" in shown.stdout else [shown.stderr])
        checked = subprocess.run([HAZEWATCH, "check", "--config-dir", CONFIG, os.path.join(folder, "station.yaml")],
                                 capture_output=True, text=True, check=False)
        tap.case("check names its model", [] if MODEL in checked.stdout else [checked.stdout + checked.stderr])


def proof(station, shown, since, hours, brier, persistence):
    """What a daemon stored of the season."""
    facts = {"shown": shown, "since": since, "season": since}
    facts |= {f"{aqi}:{name}": value for aqi in (150, 200) for name, value in
              (("hours", hours), ("came", 0), ("brier", brier), ("persistence", persistence))}
    with contextlib.closing(sqlite3.connect(os.path.join(station.data, "state.db"))) as opened, opened:
        opened.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)",
                           [(f"outlook:two:{key}", value) for key, value in facts.items()])


def check_standing(tap):
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        station = with_outlook(response.ended(folder), outlook="auto", outlook_model=MODEL)
        hour = scenes.hour_of("2026-01-15T14:00:00+08:00")
        for kept, words, why in (
                (None, ("is being computed", "正在计算近期评分"), "computing"),
                ((0, hour, 1079, 5, 9), ("too few hours of the last 90 days", "近90日可评分的小时不足"), "unproven"),
                ((0, hour, 2000, 9, 9), ("no better than persistence", "未优于持续性法"), "not_better"),
                ((1, hour, 2000, 5, 9), ("It is shown since 2026-01-15 14:00 (outlook: auto).",
                                         "自 2026-01-15 14:00 起显示（outlook: auto）。"), None)):
            if kept:
                proof(station, *kept)
            for language, said in zip(("en", "zh_CN"), words):
                printed = score(station, LANGUAGE=language).stdout
                wrong += [] if said in printed.splitlines()[-1] else [f"no {said}: {printed[-200:]}"]
            line = json.loads(score(station, "--json").stdout)
            wrong += [] if (line["shown"], line["shown_by"], line["why_not_shown"]) == (why is None, "proof", why) else [str(line)[-200:]]
        for value, said in (("show", "It is shown (outlook: show)."), ("off", "It is shown nowhere (outlook: off).")):
            printed = score(with_outlook(station, outlook=value), LANGUAGE="en").stdout
            wrong += [] if printed.endswith(f"\n\n{said}\n") else [printed[-200:]]
        wrong += ["another model is shown"] if "shown" in json.loads(score(station, "--json", "--model", MODEL).stdout) else []
    tap.case("the score says whether the outlook is shown, since when and why not, in both languages", wrong)


def main():
    tap = Tap()
    check_status(tap)
    check_report(tap)
    check_settings(tap)
    check_score(tap)
    check_district(tap)
    check_standing(tap)
    tap.done()


if __name__ == "__main__":
    main()
