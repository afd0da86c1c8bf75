#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The report and the board of a source in a browser, as wide as A4, as a screen and as they are
printed: nothing overflows.

usage: overflow.py HAZEWATCH CATALOGUES
"""
import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import tempfile

import response
from scene import CONFIG, HAZEWATCH
from source import Tap

# Width of the window; the last is what A4 leaves between its margins, with the rules for paper.
WIDTHS = {"A4": 794, "1280 px": 1280, "paper": 688}
CARD_WIDTHS = WIDTHS | {"paper": 658}
FREE = ("名称", "街乡镇", "工业园", "涉气工序", "减排措施", "停限产", "关键性指标", "核查单位")
SAMPLE = os.path.join(CONFIG, "list", "sample-district.csv")
BROWSER = ("chromium", "--headless", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage",
           "--dump-dom")
LONG = response.HOSTILE | {key: "很长的名称" * 40 + "W" * 300 + "{}" for key in ("document", "name", "zh", "en")}
# Of each frame: its width, how many cells it has, and each box whose words are wider than it.
MEASURE = """
function measure(frame) {
  const page = frame.contentDocument, view = page.documentElement, found = [];
  if (view.scrollWidth > view.clientWidth) found.push("page " + view.scrollWidth);
  for (const each of page.querySelectorAll("h1,h2,h3,p,dd,dt,td,th,table,section"))
    if (each.scrollWidth > each.clientWidth + 1)
      found.push(each.tagName + " " + each.scrollWidth + ": " + each.textContent.slice(0, 60));
  for (const svg of page.querySelectorAll("svg"))
    for (const text of svg.querySelectorAll("text")) {
      const box = text.getBBox(), room = svg.viewBox.baseVal;
      if (box.x < 0 || box.x + box.width > room.width || box.y < 0 || box.y + box.height > room.height)
        found.push("text " + text.textContent);
    }
  return [view.clientWidth, page.querySelectorAll("td").length, found];
}
addEventListener("load", () => document.title = "measured " +
  JSON.stringify([...document.querySelectorAll("iframe")].map(measure)));
"""


def framed(page, width):
    """The page in a frame of that width; it lets no script in, so one outside looks at it."""
    if width in (WIDTHS["paper"], CARD_WIDTHS["paper"]):
        page = page.replace("@media print", "@media all")
    return f'<iframe style="border:0;width:{width}px;height:40000px" srcdoc="{html.escape(page)}"></iframe>'


def browse(folder, address, patience_s):
    """(the page that came of it, why there is none)"""
    try:
        done = subprocess.run([*BROWSER, f"--user-data-dir={folder}/browser", address], check=False,
                              capture_output=True, text=True, timeout=patience_s,
                              env={"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"})
    except subprocess.TimeoutExpired:
        return "", f"no end within {patience_s} s"
    return done.stdout, " ".join(done.stderr[-300:].split())


def measured(folder, frames):
    """What MEASURE says of each frame; one browser for all, since its start is slow."""
    path = os.path.join(folder, "framed.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write('<!DOCTYPE html><meta charset="utf-8"/>' + "".join(frames) + f"<script>{MEASURE}</script>")
    said, why = browse(folder, f"file://{path}", 240)
    found = re.search(r"<title>measured (.*?)</title>", said, re.DOTALL)
    return (json.loads(html.unescape(found.group(1))), None) if found else (None, why)


def long_list():
    """The sample with the longest that its free texts may be."""
    with open(SAMPLE, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    for row in rows[1:]:
        for at, name in enumerate(rows[0]):
            if any(part in name for part in FREE):
                row[at] = "很长的名称" * 40 + "W" * 300
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def cards(folder):
    """(what it is, the page, the width of its frame, how many cells it has at least)"""
    for name in ("plain", "longest"):
        os.mkdir(where := os.path.join(folder, f"card-{name}"))
        station, path = response.ended(where), os.path.join(where, "list.csv")
        if name == "plain":
            shutil.copy(SAMPLE, path)
        else:
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(long_list())
        done = station.run("import", path, command=(HAZEWATCH, "list"))
        station.run("card", "gy-001", command=(HAZEWATCH, "list"))  # no text is cut within a character
        for language, environment in (("zh", {"LANGUAGE": "zh_CN"}), ("en", {})):
            page = station.run("card", "gy-001", "--html", command=(HAZEWATCH, "list"), **environment)
            for place, width in CARD_WIDTHS.items():
                yield (f"nothing of the {name} board overflows ({language}, {place})",
                       page.stdout or done.stderr + page.stderr, width, 12)


def pages(folder):
    """(what it is, the page, the width of its frame, how many cells it has at least)"""
    for name, make in (("plain", response.ended), ("running", response.running),
                       ("longest", lambda folder: response.ended(folder, LONG))):
        os.mkdir(where := os.path.join(folder, name))
        station = make(where)
        for language in ("zh", "en"):
            page = station.run("report", "1", "--lang", language).stdout
            for place, width in WIDTHS.items():
                yield f"nothing of the {name} report overflows ({language}, {place})", page, width, 51
    yield from cards(folder)


def main():
    tap = Tap()
    if not shutil.which("chromium", path="/usr/bin:/bin"):
        tap.skip("nothing of a report or a board overflows", "there is no chromium")
        tap.done()
    with tempfile.TemporaryDirectory() as folder:
        blank, why = browse(folder, "about:blank", 120)
        if "<body>" not in blank:
            tap.skip("nothing of a report overflows", "the browser shows not even a blank page: " + why)
            tap.done()
        shown = list(pages(folder))
        found, why = measured(folder, [framed(page, width) for _, page, width, _ in shown])
        if not found:
            tap.case("the browser measures every page", [why])
        for (said, _, width, least), (seen, cells, wrong) in zip(shown, found or ()):
            tap.case(said, wrong + ([] if seen == width and cells >= least else [f"{seen} px, {cells} cells"]))
    tap.done()


if __name__ == "__main__":
    main()
