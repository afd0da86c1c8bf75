# SPDX-License-Identifier: MIT
"""What a reduction list comes to, computed apart from hazewatch: csv and fractions of Python.

Written from config/hazewatch-list.5.scd. Knows the headers that the tests write, no more.
"""
import csv
import io
import re
from fractions import Fraction

EMISSIONS = ("so2", "nox", "pm", "vocs")
LEVELS = ("yellow", "orange", "red")
PCT = {"yellow": 10, "orange": 20, "red": 30}
CHINESE = {"二氧化硫": "so2", "氮氧化物": "nox", "颗粒物": "pm", "挥发性有机物": "vocs",
           "黄色": "yellow", "橙色": "orange", "红色": "red", "预警": ""}
TEXTS = {"清单类别": "kind", "清单编号": "id", "企业名称": "name", "统一社会信用代码": "credit_code",
         "绩效等级": "grade", "管控类型": "control", "年生产天数": "days", "黄色预警减排措施": "yellow",
         "橙色预警减排措施": "orange", "红色预警减排措施": "red"}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
HAVE_TO_ACT = ("B", "B-", "C", "D")
MAY_GO_ON = ("A", "引领性")


def half_even(value):
    """A fraction as a whole number; Python's round is half to even, and exact of fractions."""
    return round(value)


def column(header):
    """('text', key), ('base', emission, unit), ('cut', level, emission, unit) or None."""
    plain = header.strip().lower().replace("（", "(").replace("）", ")").replace(" ", "")
    if plain in TEXTS.values() or plain in TEXTS:
        return "text", TEXTS.get(plain, plain)
    for chinese, key in CHINESE.items():
        plain = plain.replace(chinese, key)
    found = re.fullmatch(r"(?:base_)?(so2|nox|pm|vocs)(?:年|日)?(?:排放量)?[_(](.+?)\)?", plain)
    if found and ("base" in plain or "排放量" in plain):
        return "base", found[1], found[2].replace("_", "/")
    found = re.fullmatch(r"(?:cut_)?(yellow|orange|red)_?(so2|nox|pm|vocs)(?:减排量|减排比例)?"
                         r"[_(](.+?)\)?", plain)
    if found:
        return "cut", found[1], found[2], found[3].replace("_", "/").replace("pct", "%")
    return None


def code_is_right(code):
    if len(code) != 18 or any(sign not in ALPHABET for sign in code):
        return False
    total = sum(ALPHABET.index(sign) * pow(3, i, 31) for i, sign in enumerate(code[:17]))
    return (total + ALPHABET.index(code[17])) % 31 == 0


class Row:
    """One source; `wrong` if it cannot be right."""

    def __init__(self, columns, cells):
        self.texts = {}
        self.base, self.cut = {}, {}
        for found, cell in zip(columns, cells):
            if found and found[0] == "text":
                self.texts[found[1]] = cell.strip()
        for found, cell in zip(columns, cells):
            if found and found[0] == "base" and cell != "":
                self.base[found[1]] = self.grams(Fraction(cell), found[2])
        for found, cell in zip(columns, cells):
            if found and found[0] == "cut" and cell != "":
                level, emission, unit = found[1:]
                self.cut[level, emission] = half_even(
                    Fraction(cell) * 1000 if unit == "kg/d" else
                    Fraction(cell) * self.base.get(emission, 0) / 100)
        self.wrong = any(self.faults())

    def grams(self, amount, unit):
        if unit == "kg/d":
            return half_even(amount * 1000)
        return half_even(amount * 1_000_000 / int(self.texts["days"]))

    def faults(self):
        code = self.texts.get("credit_code", "")
        yield code and not code_is_right(code)
        has_to_act = self.texts.get("grade") in HAVE_TO_ACT and \
            self.texts.get("control", "") in ("", "正常管控")
        yield has_to_act and not any(self.texts.get(level) for level in LEVELS)
        for (level, emission), grams in self.cut.items():
            yield grams > self.base.get(emission, 0)
        for emission in EMISSIONS:
            cuts = [self.cut.get((level, emission), 0) for level in LEVELS]
            yield cuts != sorted(cuts)

    def is_candidate(self):
        return self.texts.get("grade") not in MAY_GO_ON and \
            self.texts.get("control", "") in ("", "正常管控")


def read_list(data):
    """Bytes of a file -> its rows, those that have an id of another row wrong, too."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    table = [cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cells)]
    columns = [column(header) for header in table[0]]
    rows = [Row(columns, cells) for cells in table[1:]]
    ids = [row.texts["id"] for row in rows]
    for row in rows:
        row.wrong = row.wrong or ids.count(row.texts["id"]) > 1
    return rows


def ratio(part, whole):
    """Per cent with two decimals, rounded down; None without a divisor."""
    return None if not whole else part * 10000 // whole / 100


def audit(data, whole):
    """{(level, emission): what hazewatch's JSON must say}; whole: grams a day by emission."""
    good = [row for row in read_list(data) if not row.wrong]
    found = {}
    for level in LEVELS:
        for emission in EMISSIONS:
            base = sum(row.base.get(emission, 0) for row in good)
            planned = sum(row.cut.get((level, emission), 0) for row in good)
            divisor = whole.get(emission)
            required = None if divisor is None else -(-divisor * PCT[level] // 100)
            short = None if required is None else max(required - planned, 0)
            left = [(row.base.get(emission, 0) - row.cut.get((level, emission), 0),
                     row.texts["id"]) for row in good if row.is_candidate()]
            most = sorted((pair for pair in left if pair[0] > 0), key=lambda pair: -pair[0])[:5]
            found[level, emission] = {
                "min_cut_pct": PCT[level], "whole_g_d": divisor, "list_g_d": base,
                "required_g_d": required, "planned_g_d": planned,
                "ratio_pct": ratio(planned, divisor), "list_ratio_pct": ratio(planned, base),
                "shortfall_g_d": short, "met": None if required is None else planned >= required,
                "left_g_d": sum(grams for grams, _ in left) if short else None,
                "candidates": [(id_, grams) for grams, id_ in most] if short else []}
    return found
