#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The page of hazewatch status, word for word, in both languages.

usage: page.py HAZEWATCH CATALOGUES [--write]
"""
import os
import tempfile

import scenes
from scene import Station, golden, plain, too_wide
from source import Tap

ENGLISH, CHINESE = {}, {"LANGUAGE": "zh_CN"}


def check_languages(tap):
    """No machine of ours has the Chinese locale: none of these needs it."""
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.fresh(folder)
        for chinese, environment in (
                (True, {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN"}),
                (True, {"LC_ALL": "", "LANG": "zh_CN.UTF-8"}),
                (True, {"LC_ALL": "zh_CN.UTF-8"}),
                (True, {"LC_ALL": "", "LANG": "C", "LC_MESSAGES": "zh_CN"}),
                (False, {"LC_ALL": "", "LANG": "de_DE.UTF-8"}),
                (False, {"LC_ALL": "C", "LANGUAGE": "zh_CN"}),
                (False, {"LC_ALL": ""})):
            done = station.run("status", "--check", **environment)
            said = "站点尚未发布" in done.stdout
            tap.case(f"{environment} speaks {'Chinese' if chinese else 'English'}",
                     [] if said == chinese and done.stderr == "" else [str(done)])


def check_running(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.smog(folder)
        with scenes.daemon(station):
            page = station.run("status").stdout
        wrong = [words for words in ("hazewatchd 0.1.0 since 01-10 09:00, clock simulated\n",
                                     "Broker     1 waiting since 01-12 07:58; connected since 01-10 09:00\n")
                 if words not in page]
        tap.case("the page says what the running daemon says", wrong)
        page = station.run("status", COLUMNS="50").stdout
        tap.case("the page folds to a narrow terminal", too_wide(page, 50))


def check_due(tap):
    with tempfile.TemporaryDirectory() as folder:
        station = Station(folder)
        station.publish("warning", {**scenes.warning_message(None), "summary_due": {
            "date": "2026-01-23", "certain": True, "working_days": 5}})
        page = station.close().run("status").stdout
        tap.case("when the summary assessment of a response is due stands there",
                 [] if "In force   no directive; report due 2026-01-23\n" in page else [page])


def main():
    tap = Tap()
    for name in ("smog", "blind", "fresh", "horizon", "second"):
        with tempfile.TemporaryDirectory() as folder:
            station = getattr(scenes, name)(folder)
            for language, environment in (("en", ENGLISH), ("zh", CHINESE)):
                done = station.run("status", **environment)
                page = plain(done.stdout)
                wrong = [done.stderr] if done.returncode or done.stderr else []
                wrong += golden(f"{name}-{language}.txt", page)
                tap.case(f"the page of a station, {name}, is that of {name}-{language}.txt", wrong)
                wrong = list(too_wide(done.stdout))
                wrong += [f"{done.stdout.count(chr(10))} lines"] * (done.stdout.count("\n") > 24)
                tap.case(f"the page {name}-{language} fits into 80 columns and 24 lines", wrong)
    check_languages(tap)
    check_running(tap)
    check_due(tap)
    tap.done()


if __name__ == "__main__":
    main()
