#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The command itself: what it prints, what it refuses and with which words.

usage: command.py HAZEWATCH
"""
import csv
import json
import os
import re
import resource
import sys
import tempfile
import xml.etree.ElementTree

from replayed import CONFIG, EXTRACT, FIELDS, Replay, csv_of, rfc3339, run  # sets the paths of the next two
from record import KEYS, label_of, read_extract
from source import Tap, is_english

RECORD = read_extract(EXTRACT)
TEXT = csv_of(RECORD)
ENDS = (min(RECORD), max(RECORD))
# README.md shows these of the demo, whose station begins at 10:00 of the first day.
DEMO = [("issue", "yellow", "2013-11-02 11:00"), ("upgrade", "orange", "2013-11-03 11:00"),
        ("upgrade", "red", "2013-11-03 18:00"), ("downgrade", "orange", "2013-11-04 20:00"),
        ("downgrade", "yellow", "2013-11-05 06:00"), ("lift", None, "2013-11-05 09:00")]
HOUR_KEYS = ["type", "hour", "aqi_realtime", "aqi_daily", "aqi_published", "primary", "iaqi",
             "primary_rt", "iaqi_rt"]
EVENT_KEYS = ["type", "event", "about", "level", "hour", "onset", "basis", "episode", "reason"]
CONDITION_KEYS = ["type", "level", "from", "to"]
ORDER = ["hour", "condition", "event"]
UCI = ("No", "year", "month", "day", "hour", "PM2.5", "PM10", "SO2", "NO2", "CO", "O3", "TEMP",
       "PRES", "DEWP", "RAIN", "wd", "WSPM", "station")
H = "hour,pm25_ug_m3\n"
NOON = "2024-01-01T12:00:00+08:00"
ENDLESS_S = 2.0


def uci_of(path):
    """The extract as the data set has it: CO is in ug/m3 there and here."""
    lines = [",".join(f'"{name}"' for name in UCI)]
    with open(path, encoding="ascii") as file:
        for number, row in enumerate(csv.DictReader(file), 1):
            when = row["hour"]
            date = [str(int(part)) for part in (when[:4], when[5:7], when[8:10], when[11:13])]
            values = [row[key + "_ug_m3"] for key in KEYS]
            lines.append(",".join([str(number)] + date + values +
                                  ["-0.7", "1023", "-18.8", "0", '"NNW"', "4.4", '"Huairou"']))
    return "\r\n".join(lines) + "\r\n"


# ---- what it prints ----

def changes(replay):
    return [(event.kind, event.level, event.hour) for event in replay.events
            if event.kind not in ("hold", "resume")]


def check_extract(tap):
    replay = Replay("--hours", text=TEXT)
    expected = [(kind, level, label_of(when)) for kind, level, when in DEMO]
    tap.case("the recorded episode brings the warnings that the README shows, hour by hour",
             [] if changes(replay) == expected else [f"found {changes(replay)}"])
    uci = Replay("--hours", text=uci_of(EXTRACT))
    tap.case("the layout of the UCI files says the same, with CRLF and quotes",
             [] if uci.text == replay.text else ["another output"])
    wrong = []
    hours = sorted(RECORD)
    for last in hours[:-1]:
        part = Replay("--hours", text=csv_of({h: v for h, v in RECORD.items() if h <= last}))
        if part.events != [event for event in replay.events if event.hour <= last]:
            wrong.append(f"events up to {rfc3339(last)}")
        if part.conditions != [c._replace(last=min(c.last, last)) for c in replay.conditions
                               if c.first <= last]:
            wrong.append(f"conditions up to {rfc3339(last)}")
        if part.hours != {h: line for h, line in replay.hours.items() if h <= last}:
            wrong.append(f"hours up to {rfc3339(last)}")
    tap.case("hour by hour it says the same as all at once", wrong)


def badly_formed(line):
    """What is wrong with the form of one line."""
    keys = {"hour": HOUR_KEYS, "condition": CONDITION_KEYS, "event": EVENT_KEYS}[line["type"]]
    if list(line) != keys:
        yield f"keys {list(line)}"
    for key in ("hour", "from", "to", "onset", "episode"):
        if line.get(key) and not re.fullmatch(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):00:00\+08:00",
                                              line[key]):
            yield f"{key} {line[key]}"
    for key in ("iaqi", "iaqi_rt"):
        if key in line and list(line[key]) != list(KEYS):
            yield f"{key} {list(line[key])}"


def check_json(tap):
    replay = Replay("--hours", text=TEXT)
    lines = [json.loads(line) for line in replay.text.splitlines()]
    tap.case("every line has its keys in order and hours of Beijing time",
             [f"{wrong}: {line}" for line in lines for wrong in badly_formed(line)])
    order = [(label_of(line.get("hour") or line["from"]), ORDER.index(line["type"]))
             for line in lines]
    tap.case("lines come in the order of hours, an hour before its conditions and these before "
             "its events", [] if order == sorted(order) else ["they do not"])
    first = lines[0]
    tap.case("what is not there is null",
             [] if first["aqi_daily"] is None and first["iaqi"]["co"] is None and
             not first["primary"] and first["aqi_realtime"] is not None else [first])
    plain = Replay(text=TEXT)
    tap.case("without --hours the other lines are the same",
             [] if not plain.hours and plain.events == replay.events and
             plain.conditions == replay.conditions else ["they are not"])
    again = Replay("--hours", text=TEXT)
    tap.case("the same record gives the same bytes again",
             [] if again.text == replay.text else ["it does not"])


def check_published(tap):
    """2026 5.3.1: with a pollutant missing only an AQI above 100 is published."""
    base = label_of(NOON)
    wrong = []
    for pm25, published in ((60, None), (61, 101)):
        record = {base + i: (pm25 * 1000, None, 5000, 5000, 500, 5000) for i in range(24)}
        last = sorted(Replay("--hours", text=csv_of(record)).hours.items())[-1][1]
        if (last["aqi_daily"], last["aqi_published"]) != (published or 100, published):
            wrong.append(f"PM2.5 {pm25}: {last}")
    tap.case("an AQI up to 100 with a pollutant missing is the plan's but is not published", wrong)
    record = {base + i: (60000,) + (None,) * 5 for i in range(24)}
    last = sorted(Replay("--hours", text=csv_of(record, ("pm25",))).hours.items())[-1][1]
    tap.case("a pollutant without a column is not monitored, so it is not missing",
             [] if last["aqi_published"] == 100 else [last])
    record = {base + i: (None,) * 5 + (100_000,) for i in range(24)}
    last = sorted(Replay("--hours", text=csv_of(record, ("o3",))).hours.items())[-1][1]
    tap.case("without a column of particles every pollutant leads",
             [] if last["aqi_daily"] == 50 else [last])


def check_missing_hours(tap):
    gappy = {hour: values for hour, values in RECORD.items() if hour % 11 or hour in ENDS}
    empty = {hour: values if hour in gappy else (None,) * 6 for hour, values in RECORD.items()}
    absent, blank = Replay("--hours", text=csv_of(gappy)), Replay("--hours", text=csv_of(empty))
    tap.case("an absent hour is a missing one", [] if absent.text == blank.text else ["it is not"])
    tap.case("an absent hour has its line", [] if len(absent.hours) == len(RECORD) else
             [f"{len(absent.hours)} lines of {len(RECORD)}"])


def check_bounds(tap):
    """Values of 474,781 to 553,405 were published for Mentougou on 2014-01-16."""
    first = min(RECORD)
    clean = {first + i: (30000,) for i in range(72)}
    spike = {hour: (553405000 if hour == first + 40 else 30000,) for hour in clean}
    wrong = []
    done = run("--json", "--hours", "-", text=csv_of(spike, ("pm25",)))
    missing = {hour: (None if hour == first + 40 else 30000,) for hour in clean}
    if done.stdout != run("--json", "--hours", "-", text=csv_of(missing, ("pm25",))).stdout:
        wrong.append("it is not a missing hour")
    if "pm25_ug_m3: 1 above 2000 ug/m3 taken as out of range (T), the highest 553405, the first " \
            "on line 42" not in done.stderr:
        wrong.append(done.stderr)
    done = run("--strict", "-", text=csv_of(spike, ("pm25",)))
    if done.returncode != 65 or done.stdout or not done.stderr.startswith("-:42:27: pm25_ug_m3: "):
        wrong.append(f"--strict: {done}")
    tap.case("an hour that no air can have raises nothing and is named; --strict refuses it", wrong)
    done = run("--strict", "-", text=csv_of({first: tuple(1000 * bound for bound in (2000, 6000, 3000, 5000, 200, 1500))}))
    tap.case("the bounds themselves are air", [] if done.returncode == 0 else [done.stderr])


def check_forecast(tap):
    seen, blind = Replay("--perfect-forecast", "12", text=TEXT), Replay(text=TEXT)
    rises, later = ([event for event in replay.events if event.kind in ("issue", "upgrade")]
                    for replay in (seen, blind))
    tap.case("with the next 12 h known a warning comes 12 h before its condition is met, and says "
             "that it rests on a forecast",
             [] if [(event.hour, event.basis) for event in rises] ==
             [(event.hour - 12, "forecast") for event in later] else [str(rises)])
    steady = {label_of(NOON) + i: ((40000,) if i < 200 or i == 259 else (None,)) + (None,) * 5
              for i in range(260)}
    holds = [[event.hour for event in Replay(*options, text=csv_of(steady, ("pm25",))).events
              if event.kind == "hold"] for options in (("--perfect-forecast", "72"), ())]
    again = [hour - holds[0][1] for hour in holds[0][1:]]  # every 24 h that it lasts
    tap.case("a forecast ends with the last hour that it says something of",
             [] if holds[0] == holds[1] and again == [0, 24, 48] else [f"holds {holds}"])
    tap.case("without one everything is observed",
             [str(event) for event in blind.events if event.basis != "observed"])
    none = Replay("--perfect-forecast", "0", text=TEXT)
    tap.case("a forecast of no hours is none",
             [] if none.text == blind.text else ["another output"])


def check_text(tap):
    words = {False: ("2013-11-02 11:00  issue  yellow\n", "2013-11-05 09:00  lift\n",
                     "record, warning advice: ", "Summary\n       1  episodes",
                     "      27  hours at yellow", "      17  hours at orange",
                     "      26  hours at red", "     306  highest daily AQI, 2013-11-03 05:00",
                     "      19  hours without a daily AQI", "       0  missing hours"),
             True: ("2013-11-02 11:00  发布  黄色\n", "2013-11-05 09:00  解除\n",
                    "记录预警建议：", "小结\n       1  预警过程",
                    "      27  建议黄色小时", "      17  建议橙色小时",
                    "      26  建议红色小时", "     306  最高日AQI，2013-11-03 05:00",
                    "      19  无日AQI小时", "       0  缺测小时")}
    for chinese, name in ((False, "English"), (True, "Chinese")):
        done = run("-", text=TEXT, chinese=chinese)
        wrong = [] if done.returncode == 0 else [done.stderr]
        wrong += [f"no {word!r}" for word in words[chinese] if word not in done.stdout]
        wrong += [word for word in words[not chinese] if word in done.stdout]
        tap.case(f"the text tells every event and sums up in {name}", wrong)
    tap.case("nothing goes to standard error when it is no terminal",
             [done.stderr] if done.stderr else [])


def check_svg(tap):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.svg")
        done = run("--svg", path, "-", text=TEXT)
        wrong = [done.stderr] if done.returncode != 0 else []
        with open(path, encoding="utf-8") as file:
            drawing = file.read()
        root = xml.etree.ElementTree.fromstring(drawing)
        for words in ("00E400", "7E0023", "重度污染 heavily polluted", "红色 red", "&gt; 300",
                      'class="bar"', "11-02"):
            if words not in drawing:
                wrong.append(f"no {words!r}")
        years = {h + 24 * 200 * i: v for i in range(4) for h, v in RECORD.items()}
        run("--svg", path, "-", text=csv_of(years))
        labels = [text.text for text in xml.etree.ElementTree.parse(path).iter()
                  if text.get("class") == "year"]
        if labels != ["2013", "2014", "2015"]:
            wrong.append(f"panels {labels}")
        tap.case("the drawing is XML with bands, thresholds and bars; a long record has a panel "
                 "a year", wrong if root.tag.endswith("svg") else [root.tag])
        done = run("--svg", os.path.join(folder, "none", "a.svg"), "-", text=TEXT)
        tap.case("a drawing that cannot be written is told", [] if done.returncode == 73 and
                 "cannot be written" in done.stderr else [str(done)])


# ---- what it refuses ----

def refused(text, where, *words):
    done = run("-", text=text)
    said = done.stderr.splitlines()
    if done.returncode != 65 or done.stdout:
        return [f"{text!r}: exit code {done.returncode}, output {done.stdout[:80]!r}"]
    if not said or not said[0].startswith(f"-:{where}: "):
        return [f"{text!r}: {said}, expected it at {where}"]
    told = run("-", text=text, chinese=True).stderr.splitlines()
    return [f"{text!r}: {said}, expected {word!r}" for word in words if word not in said[0]] + \
        [line for line in told if is_english(line)] + ([] if len(told) == len(said) else told)


def check_refusals(tap):
    row = f"{NOON},1\n"
    cases = {
        "an empty file": ("", "1:1", "is empty", "hour,pm25_ug_m3"),
        "a header alone": (H, "1", "no hour follows"),
        "an unknown header": ("when,value\n", "1:1", "no column of a time", "hour,pm25"),
        "a unit of volume": ("hour,pm25_ug_m3,co_ppm\n", "1:17", "co_ppm", "ug/m3 or mg/m3"),
        "a pollutant without a unit": ("time,CO\n", "1:6", "says no unit", "--unit co=mg"),
        "a layout without its label": ("hour,pm25_ug_m3,co_ug_m3\n", "1:1", "--label start or --label end"),
        "a column twice": ("hour,pm25_ug_m3,pm25_ug_m3\n", "1:17", "twice", "column 6"),
        "a header without a pollutant": ("hour\n", "1:1", "no column of a pollutant"),
        "a header without hours": ("year,month,day,PM2.5\n", "1:1", "column hour is missing"),
        "an hour that is no whole one": (H + "2024-01-01T12:30:00+08:00,1\n", "2:1", "12:30"),
        "an hour 25": (H + "2024-01-01T25:00:00+08:00,1\n", "2:1", "no time"),
        "an hour with a fraction": (H + "2024-01-01T12:00:00.0001+08:00,1\n", "2:1", "no time"),
        "a day before its month": (H + "31/1/2024 12:00,1\n", "2:1", "no time", "2013/10/31"),
        "a 30th of February": (H + "2024-02-30T12:00:00+08:00,1\n", "2:1", "02-30"),
        "an hour that does not rise": (H + row + row, "3:1", "come after"),
        "an hour beyond fifty years": (H + row + "2090-01-01T00:00:00+08:00,1\n", "3:1", "438300"),
        "too few fields": (H + NOON + "\n", "2:1", "1 fields", "has 2"),
        "too many fields": (H + NOON + ",1,2\n", "2:29", "3 fields", "has 2"),
        "a sign": (H + NOON + ",-1\n", "2:27", '"-1"', "0 to 2000000"),
        "an exponent": (H + NOON + ",1e3\n", "2:27", '"1e3"', "decimal"),
        "a decimal comma in quotes": (H + NOON + ',"1,5"\n', "2:27", '"1,5"'),
        "a point without digits": (H + NOON + ",1.\n", "2:27", '"1."'),
        "a detection limit": (H + NOON + ",<3\n", "2:27", '"<3"'),
        "full-width digits": (H + NOON + ",１２\n", "2:27", "１２"),
        "a value beyond all measure": (H + NOON + ",2000000.001\n", "2:27", "0 to 2000000"),
        "a quote that is not closed": (H + NOON + ',"1\n', "2:27", "not closed"),
        "text after a quote": (H + NOON + ',"1"2\n', "2:27", "after its closing quote"),
        "a quote inside a field": (H + NOON + ',1"2\n', "2:27", "quote inside"),
        "a NUL byte": (H + NOON + ",1\0\n", "2", "NUL"),
        "a control character": (H + NOON + ",1\a\n", "2:28", "control character"),
        "a carriage return alone": (H + NOON + ",1\r2\n", "2:28", "control character"),
        "a line without end": (H + "1" * 70000 + "\n", "2:1", "70000 bytes", "65535"),
        "a month 13": ("year,month,day,hour,PM2.5\n2024,13,1,0,1\n", "2:6", '"13"', "1 to 12"),
        "a 31st of June": ("year,month,day,hour,PM2.5\n2024,6,31,0,1\n", "2:8", "2024-06"),
        "two stations": ("year,month,day,hour,station,PM2.5\n2024,6,3,0,a,1\n2024,6,3,1,b,1\n", "3:12",
                         "b after a", "--station"),
    }
    for name, (text, where, *words) in cases.items():
        tap.case(f"{name} is refused where it stands", refused(text, where, *words))


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def check_endless(tap):
    """What never ends, or is far too long, is refused by the time somebody would look at it: in
    processor time, as other tests run beside this one."""
    def faults(word, *arguments, **options):
        began = processor_s()
        done = run(*arguments, **options)
        took = processor_s() - began
        return [f"{took:.1f} s, exit code {done.returncode}, {done.stderr[-300:]}"] \
            if took > ENDLESS_S or done.returncode != 65 or word not in done.stderr else []
    tap.case("a device that never ends is refused", faults("64 MiB", "/dev/zero"))
    for name, text, word in (("a row", f"{NOON},1\n" * 2_700_000, "64 MiB"),
                             ("a line", "1" * 70_000_000, "64 MiB")):
        tap.case(f"more than 64 MiB of {name} are refused", faults(word, "-", text=H + text))
    hours = H + "".join(f"{rfc3339(i)},1\n" for i in range(1_000_001))
    tap.case("more than 1,000,000 hours are refused", faults("438300", "-", text=hours))


def check_many(tap):
    start = label_of(NOON)
    text = H + "".join(f"{rfc3339(start + i)},x{i}\n" for i in range(150))
    said = run("-", text=text).stderr.splitlines()
    tap.case("up to a hundred problems are told in the order of lines, the rest is counted",
             [] if len(said) == 101 and said[99].startswith("-:101:27: ") and
             said[100] == "and 50 more problems, not shown" else said[98:])
    both = run("-", text=H + "yesterday,much\n").stderr.splitlines()
    tap.case("all problems of a line are told",
             [] if [line.split(" ")[0] for line in both] == ["-:2:1:", "-:2:11:"] else both)


def check_options(tap):
    wrong = []
    for arguments, code, words in (
            (["--gap", "25", "-"], 64, "--gap: 25 is not a whole number of 0 to 24"),
            (["--gap", "-1", "-"], 64, "--gap: -1"),
            (["--perfect-forecast", "241", "-"], 64, "0 to 240"),
            (["--counting", "days", "-"], 64, "days is not one of span, rolling, natural-day"),
            (["--hours", "-"], 64, "--json"),
            (["--nonsense", "-"], 64, "--nonsense is not an option"),
            ([], 64, "no FILE"),
            (["-", "-"], 64, "one FILE"),
            (["--plan", "nowhere", "-"], 78, "nowhere: is not found: there are beijing-2016, chengdu-2020, "),
            (["--edition", "./nowhere.yaml", "-"], 78, "cannot be read"),
            (["--plan", os.path.join(CONFIG, "aqi", "hj633-2026.yaml"), "-"], 78, "is not plan"),
            (["/nowhere.csv"], 66, "/nowhere.csv: cannot be read"),
            ([CONFIG], 66, "cannot be read")):
        done = run(*arguments, text=TEXT)
        if done.returncode != code or words not in done.stderr or done.stdout:
            wrong.append(f"{arguments}: exit code {done.returncode}: {done.stderr[:200]}")
    tap.case("wrong options and files are refused with what is allowed", wrong)
    wrong = []
    for arguments in (["--edition", "hj633-2012"], ["--plan", "mee-2024"],
                      ["--plan", os.path.join(CONFIG, "plans", "mee-2024.yaml")]):
        if Replay(*arguments, text=TEXT).text == Replay(text=TEXT).text:
            wrong.append(f"{arguments} changes nothing")
    tap.case("another edition or plan, by name or by file, is used", wrong)
    done = run("--help")
    tap.case("--help shows the options", [] if done.returncode == 0 and all(
        word in done.stdout for word in ("--plan", "--svg", "--perfect-forecast")) else [done.stdout])


def check_decimals(tap):
    """Thousandths half to even, however long; PM2.5 60.0005 is 60.000, 60.0015 is 60.002."""
    wrong = []
    for text, same in (("60.0005", "60"), ("60.0015", "60.002"), ("60.00050" + "0" * 900 + "1",
                                                                  "60.001"), ("060.0004999", "60")):
        lines = [f"{rfc3339(label_of(NOON) + i)}," for i in range(24)]
        outputs = [Replay("--edition", "hj633-2012", "--hours", text=H + "".join(
            line + value + "\n" for line in lines)).text for value in (text, same)]
        if outputs[0] != outputs[1]:
            wrong.append(f"{text} is not {same}")
    tap.case("decimals of any length are taken", wrong)
    zulu = Replay("--hours", text=f"{H}2024-01-01T04:00:00Z,1\n")
    tap.case("an hour may have any offset, also Z",
             [] if list(zulu.hours) == [label_of(NOON)] else [zulu.text])
    marked = Replay("--hours", text=f"\ufeff{H}{NOON},1\n")
    tap.case("a byte order mark before the header is no part of it",
             [] if list(marked.hours) == [label_of(NOON)] else [marked.text])
    quoted = ",".join(f'"{name}"' for name in ("hour", FIELDS["o3"], FIELDS["pm25"]))
    swapped = Replay("--hours", text=f'{quoted}\n"{NOON}","","35"')
    tap.case("columns may stand in any order, in quotes, the last line without its end",
             [] if swapped.hours[label_of(NOON)]["iaqi_rt"]["pm25"] == 50 else [swapped.text])


def check_example(tap):
    replay = Replay(os.path.join(CONFIG, "records", "sample-week.csv"))
    levels = [event.level for event in replay.events if event.kind not in ("hold", "resume")]
    tap.case("the record that ships goes up to red and down to the lift",
             [] if levels == ["yellow", "orange", "red", "orange", "yellow", None] else [levels])


def main():
    tap = Tap()
    for check in (check_extract, check_example, check_json, check_published, check_missing_hours, check_bounds,
                  check_forecast, check_text, check_svg, check_refusals, check_endless, check_many, check_options,
                  check_decimals):
        check(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
