#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The outlook of 24 h over a record: it changes nothing else, and its score is that of what it said.

usage: outlook_replayed.py HAZEWATCH
"""
import json
import os
import random
import subprocess
import tempfile
from fractions import Fraction

from replayed import CONFIG, HAZEWATCH, CHINESE, ROOT, csv_of, run
from record import KEYS, label
from source import Tap

MODEL = os.path.join(ROOT, "tests", "data", "outlook-two.yaml")
FIRST, HOURS, AHEAD = label(2024, 1, 1, 0), 1200, 24
SEED = int(os.environ.get("HAZEWATCH_SEED") or random.randrange(1 << 31))


def made_up():
    """Air that comes and goes, with hours that are missing."""
    chance, level, record = random.Random(SEED), 60, {}
    for hour in range(FIRST, FIRST + HOURS):
        level = min(320, max(8, level + chance.gauss(0, 14) + (chance.random() < .02) * chance.choice((-90, 120))))
        gone = chance.random() < .03
        record[hour] = [None if gone or key not in ("pm25", "pm10") else round(level * 1000) for key in KEYS]
    return csv_of(record, keys=("pm25", "pm10"))


def score(*arguments, text=None, chinese=False):
    return subprocess.run([HAZEWATCH, "outlook", "score", "--config-dir", CONFIG, *arguments], input=text,
                          capture_output=True, text=True, encoding="utf-8", check=False,
                          env=os.environ | (CHINESE if chinese else {}))


def check_nothing_else(tap, text):
    bare = run("--json", "--hours", "-", text=text).stdout.splitlines()
    with_it = run("--json", "--hours", f"--outlook={MODEL}", "-", text=text).stdout.splitlines()
    others = [line for line in with_it if not line.startswith(('{"type":"outlook"', '{"type":"outlook_score"'))]
    tap.case("with and without an outlook all other lines are the same to the byte",
             [] if others == bare and len(with_it) > len(bare) else [f"{len(bare)} {len(others)} {len(with_it)}"])
    plain, more = (run(*how, "-", text=text).stdout for how in ((), (f"--outlook={MODEL}",)))
    tap.case("the text has the score behind what it has without", [] if more.startswith(plain) and
             "Brier" in more[len(plain):] else [more[-200:]])
    return [json.loads(line) for line in with_it]


def drawing(text, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "air.svg")
        run("--svg", path, *arguments, "-", text=text)
        with open(path, encoding="utf-8") as file:
            return file.read()


def check_drawing(tap, text):
    without, with_it = drawing(text), drawing(text, f"--outlook={MODEL}")
    tap.case("the drawing has a curve of the chance only with it",
             [] if 'class="chance" d="M' in with_it and 'class="chance"' not in without else ["no curve"])


def pairs(lines, level, above):
    """(said in permille, above now, came true) of each hour whose next 24 are known."""
    daily = {line["hour"]: line["aqi_daily"] for line in lines if line["type"] == "hour"}
    order = list(daily)
    for line in lines:
        if line["type"] != "outlook":
            continue
        said = next(each for each in line["levels"] if each["level"] == level)
        at = order.index(line["hour"])
        ahead = [daily[hour] for hour in order[at + 1:at + 1 + AHEAD]]
        came = any(aqi is not None and aqi > above for aqi in ahead)
        if said["chance_permille"] is None or len(ahead) < AHEAD or not (came or None not in ahead):
            continue
        assert said["exceeds_now"] == (daily[line["hour"]] > above)
        yield said["chance_permille"], said["exceeds_now"], came


def brier(found):
    return sum(Fraction(said - 1000 * came, 1000) ** 2 for said, came in found) / len(found)


def check_score(tap, lines):
    wrong, last = [], lines[-1]
    for level in last["levels"]:
        if level["why_none"]:
            continue
        found = list(pairs(lines, level["level"], level["above_daily_aqi"]))
        onset = [each for each in found if not each[1]]
        for name, hours in (("exceedance", found), ("onset", onset)):
            told = level[name]
            if told["hours"] != len(hours) or told["came"] != sum(came for _, _, came in hours):
                wrong.append(f"{level['level']} {name}: {told['hours']} {told['came']} {len(hours)}")
                continue
            for by, what in (("outlook", [(said, came) for said, _, came in hours]),
                             ("persistence", [(1000 * now, came) for _, now, came in hours])):
                if abs(told[by]["brier"] - float(brier(what))) > 1e-6:
                    wrong.append(f"{level['level']} {name} {by}: {told[by]['brier']} {float(brier(what))}")
            tenths = [sum(min(said // 100, 9) == i for said, _, _ in hours) for i in range(10)]
            if [each["hours"] for each in told["reliability"]] != tenths:
                wrong.append(f"{level['level']} {name}: tenths {tenths}")
    reasons = [level["why_none"] for level in last["levels"]]
    tap.case("the score is that of what it said, hour by hour", wrong)
    tap.case("a level whose threshold was not learnt says so",
             [] if reasons == [None, None, "not_learnt"] else [str(reasons)])


def check_command(tap, text, lines):
    done = score("--model", MODEL, "--json", "-", text=text)
    tap.case("outlook score prints the line that a replay ends with",
             [] if done.returncode == 0 and json.loads(done.stdout) == lines[-1] else [done.stderr + done.stdout])
    zh = score("--model", MODEL, "-", text=text, chinese=True)
    tap.case("it speaks Chinese, too", [] if zh.returncode == 0 and "持续性法" in zh.stdout else [zh.stdout + zh.stderr])
    short = "\n".join(text.splitlines()[:30]) + "\n"
    codes = {"no subcommand": (score_bare(), 64), "an unknown one": (score_bare("scare"), 64),
             "a plan without a file": (score("--plan", "hetang-2024"), 64),
             "too short a record": (score("--model", MODEL, "-", text=short), 65),
             "a broken record": (score("--model", MODEL, "-", text="hour\n"), 65),
             "no such file": (score("--model", MODEL, "/nowhere.csv"), 66),
             "no such model": (score("--model", "nowhere", "-", text=text), 78),
             "a model that is none": (score("--model", os.path.join(CONFIG, "aqi", "hj633-2026.yaml"), "-", text=text), 78),
             "no such model of a replay": (run("--outlook=nowhere", "-", text=text), 78)}
    tap.case("what is wrong has its exit status and a reason",
             [f"{what}: {done.returncode} {done.stderr}" for what, (done, code) in codes.items()
              if done.returncode != code or not done.stderr])


def score_bare(*arguments):
    return subprocess.run([HAZEWATCH, "outlook", *arguments], capture_output=True, text=True, check=False)


def check_plans(tap, text):
    wrong = []
    for plan, expected in (("plan-two-levels", [None, None]), ("plan-four-levels", None), ("plan-stage", None)):
        done = score("--model", MODEL, "--json", "--plan", os.path.join(ROOT, "tests", "data", plan + ".yaml"), "-", text=text)
        levels = json.loads(done.stdout or '{"levels": []}')["levels"]
        reasons = [level["why_none"] for level in levels]
        for level in levels:
            good = {None: (150, 200), "no_daily_aqi": (None,)}.get(level["why_none"])
            if good is None and level["why_none"] != "not_learnt" or good and level["above_daily_aqi"] not in good:
                wrong.append(f"{plan}: {level}")
        if not levels or expected and reasons != expected:
            wrong.append(f"{plan}: {reasons} {done.stderr}")
    tap.case("a plan of two, four or staged levels has a chance or a reason for each", wrong)


def main():
    tap = Tap()
    print(f"# HAZEWATCH_SEED={SEED}")
    text = made_up()
    lines = check_nothing_else(tap, text)
    check_drawing(tap, text)
    check_score(tap, lines)
    check_command(tap, text, lines)
    check_plans(tap, text)
    tap.done()


if __name__ == "__main__":
    main()
