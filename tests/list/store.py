#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch list import and show with a real database and a real daemon.

usage: store.py HAZEWATCH HAZEWATCHD
"""
import contextlib
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unicodedata

from listed import CONFIG, HAZEWATCH, SAMPLE, WHOLE, content, run  # sets the path of the next
from source import Tap
import reduction

HAZEWATCHD = os.path.abspath(sys.argv[2])
PATIENCE_S = 60
OLD = os.path.join(os.path.dirname(CONFIG), "tests", "data", "state-1.sql")


def too_wide(text):
    return [line for line in text.splitlines()
            if sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line) > 80]


class Station:
    """A folder with a station file and its database."""

    def __init__(self, folder):
        self.folder, self.data = folder, os.path.join(folder, "data")
        self.config = os.path.join(folder, "station.yaml")
        with open(os.path.join(CONFIG, "hazewatch.yaml"), encoding="utf-8") as file:
            text = file.read()
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(text.replace("/var/lib/hazewatch", self.data)
                       .replace("192.0.2.10", "127.0.0.1").replace("broker.example", "127.0.0.1")
                       .replace("port: 1883", "port: 1"))

    def run(self, action, *arguments, data=b""):
        return run(action, *arguments, "--config", self.config, "--config-dir", CONFIG, data=data)

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.data}/state.db?mode=ro", uri=True) as db:
            return db.execute(sql).fetchall()

    def ids(self):
        return [each for each, in self.rows("SELECT id FROM sources WHERE list = 1")]

    def daemon(self):
        """A daemon that is at work."""
        path = os.path.join(self.folder, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(path)
            heard.settimeout(PATIENCE_S)
            child = subprocess.Popen(
                [HAZEWATCHD, "--config", self.config, "--config-dir", CONFIG],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=dict(os.environ, NOTIFY_SOCKET=path))
            while b"READY=1" not in heard.recv(4096):
                pass
        return child


def check_import(tap, station):
    done = station.run("show")
    tap.case("a station without a database says so, and why once",
             [] if done.returncode == 66 and done.stderr.count("No such file") == 1 else [str(done)])
    done = station.run("import", SAMPLE, "--denominator", WHOLE)
    tap.case("the sample is imported as version 1",
             [] if done.returncode == 0 and "imported as version 1, 40 sources" in done.stdout
             else [done.stdout + done.stderr])
    head = station.rows("SELECT number, sources, file, sha256, whole_sha256 FROM lists")
    sums = [hashlib.sha256(content(path)).hexdigest() for path in (SAMPLE, WHOLE)]
    tap.case("its head holds name, time and the checksums that sha256sum prints",
             [] if head == [(1, 40, "sample-district.csv", *sums)] else [str(head)])
    done = station.run("import", SAMPLE, "--denominator", WHOLE)
    tap.case("the same two files again change nothing",
             [] if done.returncode == 0 and "nothing is changed" in done.stdout and
             station.rows("SELECT count(*) FROM lists") == [(1,)] else [done.stdout])


def check_closed(tap, station):
    """A database that this user may not read."""
    if os.geteuid() != 0:
        tap.skip("who may not read the database is told who may", "only root can be somebody else")
        return
    before = os.stat(station.data)
    other = {"user": 1, "group": 1, "extra_groups": []}
    os.chmod(station.folder, 0o755)
    os.chown(station.data, 0, 0)
    os.chmod(station.data, 0o750)
    for words in (("show",), ("card", "gy-001"), ("import", SAMPLE)):
        done = run(*words, "--config", station.config, "--config-dir", CONFIG, **other)
        tap.case(f"{words[0]}: who may not read the database is told who may, and why once",
                 [] if done.returncode == 77 and "usermod" in done.stderr and
                 done.stderr.count("Permission denied") == 1 else [str(done)])
    os.chmod(station.data, before.st_mode & 0o7777)
    os.chown(station.data, before.st_uid, before.st_gid)


def check_rows(tap, station):
    columns = [f"base_{e}" for e in reduction.EMISSIONS] + \
        [f"(SELECT cut_{e} FROM source_levels l WHERE l.list = s.list AND l.id = s.id"
         f" AND level = '{level}')" for level in reduction.LEVELS for e in reduction.EMISSIONS]
    found = {row[0]: row[1:]
             for row in station.rows(f"SELECT id, {', '.join(columns)} FROM sources s")}
    expected = {row.texts["id"]: tuple(
        [row.base.get(e) for e in reduction.EMISSIONS] +
        [row.cut.get((level, e)) for level in reduction.LEVELS for e in reduction.EMISSIONS])
        for row in reduction.read_list(content(SAMPLE))}
    tap.case("every amount in the database is the oracle's, and what is unsaid is NULL",
             [f"{id_}: {found.get(id_)}, not {row}" for id_, row in expected.items()
              if found.get(id_) != row])
    row = station.rows("SELECT kind, name, grade, control, inspector, measures, lines, person, other"
                       " FROM sources JOIN source_levels USING (list, id)"
                       " WHERE id = 'gy-002' AND level = 'red'")[0]
    other = json.loads(row[-1])
    tap.case("texts come back as they were written, the columns without a place as JSON",
             [] if row[:-1] == ("industry", "示例远帆涂料（虚构）", "D", "normal", "虚拟街道办事处",
                                "全厂停产", "全部", "示例人员02") and other["days"] == "280" and
             other["SO2排放量(t/a)"] == "0.1" and not {"备注", "park", "nrmm_ii"} & set(other) else [str(row)])


def check_show(tap, station):
    done = station.run("show", "--json")
    shown = json.loads(done.stdout)
    audited = json.loads(run("audit", SAMPLE, "--denominator", WHOLE, "--json", "--config-dir",
                             CONFIG).stdout)
    same = [{key: value for key, value in target.items() if key not in ("left_g_d", "candidates")}
            for target in audited["targets"]]
    tap.case("show says of the list in force what the audit said of its file",
             [] if shown["targets"] == same and shown["whole_society"] == audited["whole_society"]
             and shown["version"] == 1 else [done.stdout])
    done = station.run("show")
    tap.case("show names version, file and time, and no person",
             [] if "version 1, sample-district.csv" in done.stdout and
             "示例人员" not in done.stdout else [done.stdout])


def check_card(tap, station):
    """The board at the gate; persons of the sample are on none."""
    said = station.run("card", "gy-001")
    tap.case("a board has who it is, what is done at each level, and no person",
             [text for text in ("gy-001", "烧结炉停2台", "1、2号烧结炉", "SO2 4.5, NOx 18", "停产生产线无用电负荷", "10 %", "20 %",
                                "30 %", "示例街道办事处", "yellow", "red") if text not in said.stdout] +
             ([said.stdout] if "示例人员" in said.stdout or said.returncode else []))
    tap.case("a board fits into 80 columns", too_wide(said.stdout))
    page = station.run("card", "gy-001", "--html").stdout
    tap.case("as a page it says the same, and fetches nothing",
             [line for line in said.stdout.split() if line.strip("[]") and line not in page and
              not line.startswith("[")][:3] + [each for each in ("http", "<script", "示例人员") if each in page])
    told = station.run("card", "gy-01").stderr, station.run("card", "wholly-else").stderr
    tap.case("an id that the list lacks is told with the nearest that it has, if that is near",
             [] if "no source gy-01 " in told[0] and told[0].endswith("did you mean gy-001?\n") and
             "no source wholly-else" in told[1] and "did you mean" not in told[1] else list(told))
    station_wide = [station.run("card", each) for each in station.ids()]
    tap.case("every source of the sample has a board", [done.stderr for done in station_wide if done.returncode])
    lost = station.run("card", "gy-999")
    tap.case("a source that is not in the list is told",
             [] if lost.returncode == 69 and "gy-999" in lost.stderr and not lost.stdout else [lost.stderr])


def check_refused(tap, station):
    before = station.rows("SELECT * FROM lists"), station.rows("SELECT count(*) FROM sources")
    text = content(SAMPLE).decode()
    broken = text + text.splitlines()[1].replace("gy-001", "gy-999").replace(",320,", ",400,") + "\n"
    done = station.run("import", "-", data=broken.encode())
    after = station.rows("SELECT * FROM lists"), station.rows("SELECT count(*) FROM sources")
    tap.case("a list with one wrong row is not imported at all, and the row is named",
             [] if done.returncode == 65 and "-:42:" in done.stderr and
             "nothing is imported" in done.stderr and before == after else [done.stderr])
    header, row = text.splitlines()[:2]
    many = "\n".join([header] + [row.replace("gy-001", f"s{i}") for i in range(20001)]) + "\n"
    done = station.run("import", "-", data=many.encode())
    tap.case("more sources than a list may have are refused with the limit",
             [] if done.returncode == 65 and "at most 20000" in done.stderr else [done.stderr[:300]])
    shorter = "\n".join(text.splitlines()[:-1]) + "\n"
    done = station.run("import", "-", data=shorter.encode("gb18030"))
    counts = station.rows("SELECT list, count(*) FROM sources GROUP BY list")
    tap.case("another list is the next version, and the one before stays",
             [] if done.returncode == 0 and "version 2, 39 sources" in done.stdout and
             "within the list only" in done.stdout and counts == [(1, 40), (2, 39)]
             else [done.stdout + done.stderr])


@contextlib.contextmanager
def answering(path, text):
    """A control socket of which every request is refused with this text."""
    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(4096)
                connection.sendall(json.dumps({"ok": False, "text": text}).encode() + b"\n")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        threading.Thread(target=serve, daemon=True).start()
        yield path
        server.shutdown(socket.SHUT_RDWR)


def check_running(tap, station):
    """The daemon takes over what the command hands to it."""
    changed = content(SAMPLE).replace("示例远帆".encode(), "示例扬帆".encode())
    broken = changed.replace("正常管控".encode(), "非常管控".encode(), 1)
    with station.daemon() as child:
        refused = station.run("import", "-", data=broken)
        done = station.run("import", "-", "--denominator", WHOLE, data=changed)
        again = station.run("import", "-", "--denominator", WHOLE, data=changed)
        other = changed.replace("示例扬帆".encode(), "示例归帆".encode())
        statuses = []
        for i, text in enumerate(("another list is being taken over: 3 of 40 sources", "no room for it")):
            with answering(os.path.join(station.folder, f"busy-{i}"), text) as path:
                later = station.run("import", "-", "--denominator", WHOLE, "--socket", path, data=other)
                statuses.append((later.returncode, later.stderr.splitlines()[-1:]))
        shown = station.run("show", "--json")
        columns = "id, line, kind, name, person, phone, other, park, exempt_as, base_so2, movements_day"
        rows = station.rows(f"SELECT {columns} FROM sources WHERE list = 3")
        levels = station.rows("SELECT id, level, measures, lines, cut_so2, cut_vocs FROM source_levels WHERE list = 3")
        whole = station.rows("SELECT emission, whole, outside, year, source FROM list_whole WHERE list = 3")
        child.terminate()
        child.wait(PATIENCE_S)
    tap.case("while the daemon runs a list with a problem changes nothing",
             [] if refused.returncode == 65 and "nothing is imported" in refused.stderr else [refused.stderr])
    tap.case("while the daemon runs a list is imported through it, and once",
             [] if done.returncode == 0 and "imported as version 3, 40 sources" in done.stdout and
             "already, as version 3" in again.stdout else [done.stdout + done.stderr, again.stdout + again.stderr])
    tap.case("a list that comes while another is being taken over may come again later: status 75",
             [] if [code for code, _ in statuses] == [75, 65] else [str(statuses)])
    tap.case("while the daemon runs the list can be shown",
             [] if shown.returncode == 0 and json.loads(shown.stdout)["version"] == 3 else [shown.stderr])
    first = station.rows(f"SELECT {columns} FROM sources WHERE list = 1")
    tap.case("what came through the daemon is all that an import stores",
             [str(pair) for pair in zip(rows, first)
              if pair[0] != pair[1] and "扬帆" not in pair[0][3]] + ([] if len(rows) == 40 else ["rows"]) +
             ([] if levels == station.rows("SELECT id, level, measures, lines, cut_so2, cut_vocs FROM source_levels"
                                           " WHERE list = 1") else ["levels"]) +
             ([] if whole and whole == station.rows("SELECT emission, whole, outside, year, source FROM list_whole"
                                                    " WHERE list = 1") else ["whole"]))
    tap.case("nothing of the handing over stays",
             [] if "list-import" not in os.listdir(station.data) else [str(os.listdir(station.data))])


def check_age(tap, station):
    """List and denominator are to be renewed each year (3.2): `check` and `status` say so."""
    def said():
        command = [HAZEWATCH, "check", "--config-dir", CONFIG, station.config]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
        status = subprocess.run([HAZEWATCH, "status", *command[2:4], "--config", station.config, "--json"],
                                capture_output=True, text=True, check=False)
        return checked.returncode, checked.stderr + status.stdout
    code, young = said()
    tap.case("a denominator of a year that is long over is told and is no problem",
             [] if code == 0 and young.count("denominator is older than 12 months: of 2023") == 2 and
             "imported on" not in young else [young])
    with sqlite3.connect(os.path.join(station.data, "state.db")) as database:
        database.execute("UPDATE lists SET imported = imported - 366 * 86400000")
    code, old = said()
    tap.case("a list of last year is told and is no problem",
             [] if code == 0 and old.count("list is older than 12 months: imported on 20") == 2 else [old])


def check_old(tap, folder):
    """A database of schema 1: opened, and what it says is kept."""
    os.mkdir(folder)
    station = Station(folder)
    os.mkdir(station.data)
    with open(OLD, encoding="utf-8") as file, \
            sqlite3.connect(os.path.join(station.data, "state.db")) as db:
        db.executescript(file.read())
        columns = [f"cut_{level}_{e}" for level in reduction.LEVELS for e in reduction.EMISSIONS]
        before = db.execute(f"SELECT id, {', '.join(columns)} FROM sources ORDER BY id").fetchall()
        texts = db.execute("SELECT id, yellow, orange, red, yellow_lines, orange_lines, red_lines"
                           " FROM sources ORDER BY id").fetchall()
    done = station.run("show")
    tap.case("a reader of a database of schema 1 is told what brings it over",
             [] if done.returncode == 78 and "hazewatchd has to bring it to" in done.stderr
             else [done.stderr])
    child = station.daemon()
    child.terminate()
    child.wait()
    found = {(id_, level): rest for id_, level, *rest in station.rows(
        "SELECT id, level, cut_so2, cut_nox, cut_pm, cut_vocs, measures, lines FROM source_levels")}
    wrong = [row[0] for row in before if [cut for level in reduction.LEVELS
                                          for cut in found[(row[0], level)][:4]] != list(row[1:])]
    wrong += [row[0] for row in texts if [found[(row[0], level)][at] for at in (4, 5)
                                          for level in reduction.LEVELS] != list(row[1:])]
    tap.case("its amounts, measures and lines are what they were", wrong)
    found = station.rows("SELECT movements_day, nrmm_ii, park, exempt_as, other FROM sources"
                         " WHERE id = 'gy-002'")[0]
    other = json.loads(found[-1])
    tap.case("what decides on orders has columns, which came from the others",
             [] if found[:-1] == (6, 0, "", "") and other["days"] == "280" and
             "movements_day" not in other else [str(found)])
    tap.case("its advice and directive, too",
             [] if station.rows("SELECT level FROM advice_text") == [("orange",)] and
             station.rows("SELECT level FROM order_run") == [("red",)] and
             station.rows("SELECT rank, level FROM levels") ==
             [(1, "yellow"), (2, "orange"), (3, "red")] and
             station.rows("SELECT level FROM directives") == [("red",)]
             else [str(station.rows("SELECT * FROM advice_text"))])
    shown = json.loads(station.run("show", "--json").stdout)
    least = {(target["level"], target["pollutant"]): target["planned_g_d"]
             for target in shown["targets"]}
    sums = dict(zip([(level, e) for level in reduction.LEVELS for e in reduction.EMISSIONS],
                    [sum(row[i] or 0 for row in before) for i in range(1, 13)]))
    tap.case("the list is shown with the sums that it had", [] if least == sums else [str(least)])


def main():
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="hazewatch-lists-")
    try:
        station = Station(folder)
        for check in (check_import, check_rows, check_show, check_card, check_closed, check_refused, check_running,
                      check_age):
            check(tap, station)
        check_old(tap, os.path.join(folder, "old"))
    finally:
        shutil.rmtree(folder)
    tap.done()


if __name__ == "__main__":
    sys.exit(main())
