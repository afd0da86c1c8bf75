#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The chance in 24 h where people look: hazewatch status, and the report of a response.

usage: outlook_shown.py HAZEWATCH CATALOGUES
"""
import json
import os
import subprocess
import tempfile

import yaml

import response
import scenes
from scene import CONFIG, HAZEWATCH, ROOT, Station, too_wide
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


def main():
    tap = Tap()
    check_status(tap)
    check_report(tap)
    check_settings(tap)
    check_score(tap)
    tap.done()


if __name__ == "__main__":
    main()
