#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch list audit: what it prints of the sample, what it takes and what it refuses.

usage: command.py HAZEWATCH
"""
import csv
import io
import json
import os
import sys
import tempfile

from listed import CONFIG, ROOT, SAMPLE, TEMPLATE, WHOLE, audit, content, run  # sets the next's paths
from source import Tap, is_english
import reduction

SAVED = os.path.join(ROOT, "tests", "data", "list-gb18030.csv")
SHIPPED = ["--config-dir", CONFIG]
KINDS = {"工业", "建筑工地", "渣土", "自然资源", "交通工程"}
HEAD = "kind,id,name,grade,base_nox_kg_d,cut_red_nox_kg_d\n"
ROW = "工业,a,甲,,5,1\n"


def sample_rows():
    return list(csv.DictReader(io.StringIO(content(SAMPLE).decode())))


def check_sample(tap):
    rows = sample_rows()
    wrong = [] if len(rows) == 40 else [f"{len(rows)} sources"]
    wrong += [] if {row["清单类别"] for row in rows} == KINDS else ["other kinds"]
    wrong += [row["企业名称"] for row in rows
              if "示例" not in row["企业名称"] or "虚构" not in row["企业名称"]]
    wrong += [row["联系方式"] for row in rows if row["联系方式"]]
    tap.case("the sample has 40 sources of five kinds whose names say that they are invented", wrong)
    header = content(SAMPLE).split(b"\n")[0]
    tap.case("the template is the sample's header",
             [] if content(TEMPLATE) == header + b"\n" else ["it is not"])
    done = audit(SAMPLE, "--denominator", WHOLE, "--json")
    found = json.loads(done.stdout)
    whole = {key: int(float(row["全社会排放量(kg/d)"]) * 1000) for key, row in zip(
        reduction.EMISSIONS, csv.DictReader(io.StringIO(content(WHOLE).decode())))}
    expected = reduction.audit(content(SAMPLE), whole)
    wrong = [f"{target}" for target in found["targets"] if any(
        target[key] != value for key, value in expected[target["level"],
                                                        target["pollutant"]].items()
        if key != "candidates")]
    short = [(t["level"], t["pollutant"]) for t in found["targets"] if t["shortfall_g_d"]]
    wrong += [] if short == [("yellow", "nox"), ("red", "nox")] else [str(short)]
    tap.case("the sample comes to what the oracle says, and misses two goals",
             wrong if done.returncode == 1 else [done.stderr])


def is_quiet(row):
    """Whether a factory has nothing to do at any level: sites always have."""
    said = [value for name, value in row.items() if name.startswith(("黄色", "橙色", "红色"))]
    cuts = [value for name, value in row.items() if "减排量" in name]
    words = [value for value in said if value and value not in cuts]
    return row["清单类别"] == "工业" and not words and not any(float(cut or 0) for cut in cuts) and \
        int(row["重型载货车日进出辆次"]) <= 10 and int(row["国II及以下非道路机械台数"]) == 0


def check_quiet(tap):
    quiet = [row["清单编号"] for row in sample_rows() if is_quiet(row)]
    found = json.loads(audit(SAMPLE, "--json").stdout)["no_measure"]
    tap.case("who has no measure is named, and whoever has one is not, whatever its grade",
             [] if [each["id"] for each in found["first"]] == quiet and len(quiet) == 5 and
             found["by_level"] == dict.fromkeys(reduction.LEVELS, 5) and "gy-013" not in quiet
             else [str(found)])
    text = audit(SAMPLE).stdout
    wrong = [f"no {words!r}" for words in (
        "\nNo measure, so no order: yellow 5, orange 5, red 5\n",
        "  line 19  gy-018  示例博远玻璃（虚构）  yellow, orange, red\n    "
        "its row has no measure, line or cut; no old machinery; 6 heavy vehicles in and out a day, "
        "not more than the plan names.\n") if words not in text]
    text = audit(SAMPLE, chinese=True).stdout
    wrong += [f"no {words!r}" for words in (
        "\n没有措施、不发减排指令： 黄色 5, 橙色 5, 红色 5\n",
        "  第 19 行  gy-018  示例博远玻璃（虚构）  黄色，橙色，红色\n    清单该行未列措施；") if words not in text]
    tap.case("the audit says so in words, and why", wrong)


def check_text(tap):
    done = audit(SAMPLE, "--denominator", WHOLE)
    wrong = [f"no {words!r}" for words in (
        "yellow NOx  >= 10 %       770.000       614.555       77.000       75.700    9.83 %   12.31 %"
        "        1.300  short",
        "red NOx: short by 1.800 kg/d", "gy-006  示例瑞成陶瓷（虚构）",
        "\nThe list does not meet the plan.") if words not in done.stdout]
    tap.case("the table shows base, required, planned, ratio and shortfall, and who could give most",
             wrong)
    chinese = audit(SAMPLE, "--denominator", WHOLE, chinese=True).stdout
    wrong = [f"no {words!r}" for words in (
        "黄色   NOx  >= 10 %       770.000       614.555       77.000       75.700    9.83 %   12.31 %"
        "        1.300  不足", "红色 NOx：缺口 1.800 kg/d", "\n清单未达到预案要求。") if words not in chinese]
    wrong += [line for line in chinese.splitlines() if line and not line.startswith("  ") and "kg/d" not in line
              and "%" not in line and "- " not in line and is_english(line)]
    tap.case("the same is told to who reads Chinese", wrong)
    tap.case("no person is printed", [done.stdout] if "示例人员" in done.stdout else [])
    tap.case("nothing goes to standard error when it is no terminal",
             [done.stderr] if done.stderr else [])
    done = audit(SAMPLE)
    wrong = [f"{words!r}" for words in ("met\n", "meets")
             if words in done.stdout]
    wrong += [] if "ratio within the list only" in done.stdout else ["no ratio within the list"]
    wrong += [] if done.returncode == 1 else [f"exit status {done.returncode}"]
    tap.case("without a denominator it tells the ratio within the list only and never that the plan "
             "is met", wrong)
    done = audit(SAMPLE, "--json")
    tap.case("in JSON it is not known then whether the plan is met",
             [] if json.loads(done.stdout)["met"] is None else [done.stdout])
    generous = "污染物,全社会排放量（kg/d）\n" + "".join(f"{e},1\n" for e in reduction.EMISSIONS)
    done = audit(SAMPLE, "--denominator", "-", data=generous.encode())
    doubts = done.stdout.count("the list emits more than the whole society")
    tap.case("a list that emits more than its whole society is doubted for each pollutant",
             [] if doubts == 4 else [done.stdout])
    tap.case("a list that reaches every percentage meets the plan, exit status 0",
             [] if done.returncode == 0 and "The list meets the plan." in done.stdout
             else [done.stdout])
    done = audit(SAMPLE, "--plan", "mee-2024", "--denominator", "-", data=generous.encode())
    tap.case("under a plan that names no percentage nothing is met",
             [] if done.returncode == 1 and "names no least cut" in done.stdout
             else [done.stdout])


def figures(done):
    found = json.loads(done.stdout)
    return found["targets"], found["sources"]


def check_encodings(tap):
    expected = figures(audit(SAMPLE, "--json"))
    text = content(SAMPLE).decode()
    rows = list(csv.reader(io.StringIO(text)))
    quoted = io.StringIO()
    csv.writer(quoted, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    turned = io.StringIO()
    csv.writer(turned).writerows([list(reversed(row)) for row in rows])
    wide = text.replace("(t/a)", "（ｔ／ａ）", 4)
    forms = {"with a byte order mark and CRLF": text.replace("\n", "\r\n").encode("utf-8-sig"),
             "in UTF-16 with tabs (Unicode text)":
                 text.replace(",", "\t").encode("utf-16") if '"' not in text else b"",
             "with semicolons": text.replace(",", ";").encode(),
             "in GB18030 as a spreadsheet program saves it":
                 quoted.getvalue().encode("gb18030"),
             "with every field in quotes": quoted.getvalue().encode(),
             "with its columns in another order": turned.getvalue().encode(),
             "with wide brackets and letters in its header": wide.encode(),
             "with rows of nothing but commas behind it":
                 text.encode() + b"," * (len(rows[0]) - 1) + b"\n\n"}
    for name, data in forms.items():
        done = audit("-", "--json", data=data)
        tap.case(f"the sample {name} is the same list",
                 [] if done.returncode == 1 and figures(done) == expected else [done.stderr])
    done = audit("-", "--json", data=quoted.getvalue().encode("gb18030"))
    tap.case("the audit tells that a list was GB18030",
             [] if json.loads(done.stdout)["encoding"] == "gb18030" else [done.stdout])
    rare = (HEAD + "工业,a,㐂𠮷厂,,5,1\n").encode("gb18030")
    tap.case("characters of four bytes in GB18030 are taken",
             [] if audit("-", data=rare).returncode == 1 else ["they are not"])
    wide = HEAD.encode() + "工业,a,".encode("gb18030") + b"\xfe\x51" * 5000 + b",,5,1\n"
    tap.case("characters of two bytes in GB18030 that need four in UTF-8 are taken",
             [] if audit("-", data=wide).returncode == 1 else [audit("-", data=wide).stderr[:300]])


def check_saved(tap):
    """A file that a real spreadsheet program saved: see tests/data/README.md."""
    data = content(SAVED)
    found = json.loads(audit(SAVED, "--json").stdout)
    expected = reduction.audit(data, {})
    wrong = [str(target) for target in found["targets"]
             if target["planned_g_d"] != expected[target["level"], target["pollutant"]]["planned_g_d"]
             or target["list_g_d"] != expected[target["level"], target["pollutant"]]["list_g_d"]]
    sample = {row.texts["id"]: row for row in reduction.read_list(content(SAMPLE))}
    wrong += [row.texts["id"] for row in reduction.read_list(data)
              if (row.base, row.cut) != (sample[row.texts["id"]].base, sample[row.texts["id"]].cut)]
    wrong += [] if found["encoding"] == "gb18030" and found["sources"] == 6 and \
        not found["problems"] and b"\r\n" in data else [str(found)[:200]]
    tap.case("a GB18030 file saved by a spreadsheet program is read as what it was made of", wrong)


def refused(data, where, *words):
    done = audit("-", data=data if isinstance(data, bytes) else data.encode())
    said = [line for line in done.stderr.splitlines() if line.startswith(f"-:{where}: ")]
    if done.returncode != 65:
        return [f"exit status {done.returncode}: {done.stderr}"]
    if not any(all(word in line for word in words) for line in said):
        return [f"{done.stderr!r}, expected {words} at {where}"]
    told = audit("-", data=data if isinstance(data, bytes) else data.encode(), chinese=True).stderr
    return [line for line in told.splitlines() if is_english(line)] + \
        ([] if len(told.splitlines()) == len(done.stderr.splitlines()) else [told])


def check_refusals(tap):
    coded = "kind,id,name,credit_code,base_nox_kg_d\n"
    cases = {
        "an empty file": ("", "1:1", "is empty"),
        "a header alone": (HEAD, "1", "no source follows"),
        "a header without an id": ("kind,name,base_pm_kg_d\n" + "工业,甲,1\n", "1:1", "清单编号"),
        "a header without an emission": ("kind,id,name\n工业,a,甲\n", "1:1", "base emission"),
        "t/a without days": ("kind,id,name,base_pm_t_a\n工业,a,甲,1\n", "1:1", "年生产天数"),
        "a column twice": ("kind,id,name,清单编号,base_pm_kg_d\n", "1:14", "twice", "first as id"),
        "a unit that is missing": ("kind,id,name,SO2排放量（年）\n", "1:14", "names no unit",
                                   "(t/a) or (kg/d)"),
        "a decimal with a comma for a point": (HEAD + '工业,a,甲,,"1,5",1\n', "2:9", "1,5"),
        "an amount of no pollutant": ("kind,id,name,base_pm_kg_d,日常排放量（千克/天）\n", "1:27", "one pollutant"),
        "a cut that is no number": (HEAD + "工业,a,甲,,5,一半\n", "2:11", "一半", "kg/d"),
        "a cut above the emission": (HEAD + "工业,a,甲,,5,5.001\n", "2:11", "5.001", "above"),
        "an id with a slash": (HEAD + "工业,a/b,甲,,5,1\n", "2:4", '"a/b"'),
        "an id that stands twice": (HEAD + ROW + ROW, "3", "line 2"),
        "a credit code as a spreadsheet leaves it": (coded + "工业,a,甲,9.14E+17,1\n", "2:8",
                                                     "spreadsheet", "9.14E+17"),
        "a credit code with a wrong digit": (coded + "工业,a,甲,91350100M000100Y44,1\n", "2:8",
                                             "check digit"),
        "a quote that is not closed": (HEAD + '工业,a,"甲,,5,1\n', "2:6", "not closed"),
        "a quote that swallows the rest": (HEAD + '工业,a,"甲,,5,1\n' + ROW * 9000, "2:1",
                                           "65535", "quote"),
        "a NUL byte": (HEAD.encode() + b"\0", "2", "NUL"),
        "a control character": (HEAD + "工业,a,甲\a,,5,1\n", "2:7", "control character"),
        "more than 128 columns": (HEAD.strip() + ",x" * 130 + "\n", "1:295", "128"),
    }
    for name, (data, where, *words) in cases.items():
        tap.case(f"{name} is refused where it stands", refused(data, where, *words))
    for name, data, words in (("a workbook", b"PK\3\4\0\0", "xlsx2csv"),
                              ("half UTF-16", "kind".encode("utf-16") + b"\0", "UTF-16"),
                              ("neither UTF-8 nor GB18030", HEAD.encode() + b"\xff\xff\n",
                               "neither UTF-8 (see line 2) nor GB18030")):
        done = audit("-", data=data)
        tap.case(f"a file that is {name} is refused with what to do",
                 [] if done.returncode == 65 and words in done.stderr and "CSV UTF-8" in done.stderr
                 else [done.stderr])


def check_levels(tap):
    """The columns of a list are of the levels that the plan has."""
    plan = os.path.join(ROOT, "tests", "data", "plan-four-levels.yaml")
    head = "kind,id,name,grade,base_pm_kg_d," + ",".join(
        f"cut_{level}_pm_kg_d" for level in ("blue", "yellow", "orange")) + ",红色颗粒物减排量(kg/d),蓝色措施\n"
    row = "工业,a,甲,C,100,5,10,15,19.5,停\n"
    done = audit("-", "--plan", plan, "--json", data=(head + row).encode())
    targets = {t["level"]: t["planned_g_d"] for t in json.loads(done.stdout)["targets"]
               if t["pollutant"] == "pm"}
    tap.case("a list is audited against a plan of four levels by their names",
             [] if targets == {"blue": 5000, "yellow": 10000, "orange": 15000, "red": 19500}
             else [str(targets), done.stderr])
    done = audit("-", data=(head + row).encode())
    tap.case("the same list under a plan without blue is refused with what the plan has",
             [] if done.returncode == 65 and done.stderr.count("of a level that the plan") == 2 and
             "黄色 (yellow), 橙色 (orange), 红色 (red)" in done.stderr else [done.stderr])


def check_many(tap):
    rows = "".join(f"工业,s{i},甲,,x,1\n" for i in range(150))
    done = audit("-", data=(HEAD + rows + ROW).encode())
    said = [line for line in done.stderr.splitlines() if not line.startswith("note: ")]
    tap.case("a hundred problems are told in the order of lines, the rest is counted",
             [] if len(said) == 101 and said[99].startswith("-:101:") and
             said[100] == "and 50 more problems, not shown" else said[98:])
    tap.case("the table is of the rows without a problem, and says so",
             [] if done.returncode == 65 and "150 rows with problems are not counted" in done.stdout
             else [done.stdout])


def check_denominator(tap):
    head = "污染物,全社会排放量(kg/d),清单外排放量(kg/d),年份,来源\n"
    wrong = []
    for text, words in (
            ("", "is empty"), ("污染物,来源\n", "全社会排放量(kg/d)"),
            ("污染物,全社会排放量\nSO2,1\n", "(kg/d)"), ("污染物,全社会排放量(t/a)\nSO2,1\n", "(kg/d)"),
            (head + "SO3,1,,,\n", "SO3"), (head + "SO2,1,,,\n二氧化硫,1,,,\n", "line 2"),
            (head + "SO2,x,,,\n", '"x"'), (head + "SO2,1,2,,\n", "larger than the whole"),
            (head + "SO2,1,1,23,\n", "year"), (head + "SO2,1\n", "the header has 5"),
            (head + "SO2,1,,," + "长" * 100 + "\n", "at most 255")):
        done = audit(SAMPLE, "--denominator", "-", data=text.encode())
        if done.returncode != 65 or words not in done.stderr or not done.stdout:
            wrong.append(f"{text!r}: exit status {done.returncode}: {done.stderr}")
    tap.case("a denominator that cannot be right is refused with place and reason, and the list is "
             "shown without it", wrong)


def check_options(tap):
    with tempfile.TemporaryDirectory() as folder:
        nowhere = os.path.join(folder, "nowhere.csv")
        wrong = []
        for arguments, status, words in (
                ([], 64, "say audit"), (["count"], 64, "one of audit, import, show"), (["audit"], 64, "FILE"),
                (["audit", SAMPLE, SAMPLE], 64, "FILE"), (["show", SAMPLE], 64, "FILE"),
                (["audit", SAMPLE, "--config", "x"], 64, "not allowed"),
                (["import", SAMPLE, "--json"], 64, "not allowed"),
                (["audit", "-", "--denominator", "-"], 64, "standard input"),
                (["audit", SAMPLE, "--nonsense"], 64, "--nonsense is not an option"),
                (["audit", nowhere, *SHIPPED], 66, "nowhere.csv: cannot be read"),
                (["audit", folder, *SHIPPED], 66, "cannot be read"),
                (["audit", SAMPLE, "--denominator", nowhere, *SHIPPED], 66, "nowhere.csv"),
                (["audit", SAMPLE, "--plan", "hetang2024", *SHIPPED], 78,
                 "hetang2024: is not found: did you mean hetang-2024?"),
                (["show", "--config", nowhere], 78, "nowhere.csv")):
            done = run(*arguments)
            if done.returncode != status or words not in done.stderr:
                wrong.append(f"{arguments}: exit status {done.returncode}: {done.stderr[:200]}")
    tap.case("wrong options and files are refused with what is allowed", wrong)
    helped = [run("--help"), run("audit", "--help")]
    tap.case("--help shows the usage", [done.stderr for done in helped
                                        if done.returncode or "--denominator" not in done.stdout])


def main():
    tap = Tap()
    for check in (check_sample, check_quiet, check_text, check_encodings, check_saved, check_refusals,
                  check_levels, check_many, check_denominator, check_options):
        check(tap)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
