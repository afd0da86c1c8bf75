#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch export beside a daemon at work, hazewatch import while it is stopped.

usage: transfer.py HAZEWATCHD [--slow]
"""
import contextlib
import csv
import fcntl
import io
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import termios

import harness
import runner
import schemas
from harness import hour_text, wait_for

SPEED = 1800  # an hour in 2 s
START = harness.instant("2026-01-10T00:00:00+08:00")
REGISTERS = [1005, 205, 95, 405, 85, 305]
COMMAND = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")


def hazewatch(*arguments, text=None):
    if arguments[0] == "import":
        arguments = (*arguments, "--config-dir", harness.CONFIG)
    return subprocess.run([COMMAND, *arguments], input=text, capture_output=True, text=True,
                          timeout=30, check=False)


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def export(daemon, *arguments):
    done = hazewatch("export", "--dir", daemon.data, *arguments)
    assert done.returncode == 0 and done.stderr == "", done
    return table(done.stdout)


def what_can_be_exported_is_told_in_chinese_too(_world):
    done = subprocess.run([COMMAND, "export", "--help"], capture_output=True, text=True, check=True, env={
        "LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN", "TEXTDOMAINDIR": os.path.join(os.path.dirname(COMMAND), "po")})
    kinds = re.findall(r"^  ([a-z0-9][a-z0-9-]*) +(.*)$", done.stdout, re.MULTILINE)
    assert len(kinds) == 12 and all(re.search("[一-鿿]", told) for _, told in kinds), kinds


def status(daemon):
    done = hazewatch("status", "--config", daemon.config_path, "--config-dir", harness.CONFIG, "--json")
    assert done.returncode == 0 and done.stderr == "", done
    found = json.loads(done.stdout)
    wrong = schemas.faults("status", found)
    assert not wrong, wrong
    return found


def check_status(daemon):
    """hazewatch status asks the daemon while it runs, and knows the same of it when it was stopped."""
    found = status(daemon)
    assert found["running"] and found["daemon"]["clock"]["state"] == "simulated", found["daemon"]
    assert found["daemon"]["broker"]["connected"] is False, found["daemon"]
    daemon.stop()
    left = sorted(os.listdir(daemon.data))
    later = status(daemon)
    assert not later["running"] and later["daemon"] is None, later
    assert later["aqi"]["hour"] >= found["aqi"]["hour"] and later["newest_hour"] == later["aqi"]["hour"]
    assert sorted(os.listdir(daemon.data)) == left and "state.db-wal" not in left, left


def scene(world):
    slave, clock = harness.Slave(world), harness.Clock(START, SPEED)
    slave.play_always(clock, REGISTERS).start()
    daemon = harness.Daemon(world, clock, slave.port, 1).start()
    wait_for("three hours", lambda: daemon.newest_hour() >= START // 3600 + 3, 30, [daemon])
    return daemon


def what_is_exported_beside_the_daemon_is_what_the_tables_hold(world):
    daemon = scene(world)
    last = daemon.newest_hour() - 1
    until = ("--to", hour_text(last))
    hours = export(daemon, *until, "hours")
    stored = daemon.rows("SELECT hour, mean_milli FROM hours WHERE pollutant = 'pm25' AND valid"
                         " AND hour <= ? ORDER BY hour", last)
    valid = [(row["hour"], row["pm25_ug_m3"]) for row in hours if row["pm25_ug_m3"]]
    assert valid == [(hour_text(hour), f"{mean / 1000:.3f}") for hour, mean in stored], valid
    assert len(export(daemon, *until, "means")) == 6 * len(hours)
    aqi = export(daemon, *until, "aqi")
    assert [row["hour"] for row in aqi] == [row["hour"] for row in hours]
    assert export(daemon, "events")[0]["number"] == "1"
    minutes = export(daemon, "--from", hour_text(last - 1), *until, "minutes")
    kept = daemon.rows("SELECT count(*) FROM minutes WHERE minute >= ? AND minute < ?",
                       60 * (last - 1), 60 * last, file="samples.db")[0][0]
    assert len(minutes) == kept > 50 * 6, (len(minutes), kept)  # a busy machine misses some
    fives = export(daemon, "--from", hour_text(last - 1), *until, "5-minutes")
    assert len(fives) == 12 * 6 and 0 < float(fives[0]["covered_s"]) <= 300, fives[0]
    check_status(daemon)


def an_import_beside_the_daemon_is_refused_and_one_without_it_is_idempotent(world):
    daemon = scene(world)
    record = world.write("record.csv", "hour,pm25_ug_m3\n2013-10-31T11:00:00+08:00,120\n"
                                       "2013-10-31T12:00:00+08:00,\n2013-10-31T13:00:00+08:00,90.5\n")
    refused = hazewatch("import", "--dir", daemon.data, record)
    assert refused.returncode == 75 and "another hazewatchd uses it" in refused.stderr, refused
    daemon.stop()
    for told in ("2 values added, 0 changed, 0 the same", "0 values added, 0 changed, 2 the same"):
        done = hazewatch("import", "--dir", daemon.data, record)
        assert done.returncode == 0 and told in done.stdout, done
    rows = daemon.rows("SELECT mean_milli, source FROM hours WHERE source = 'import'")
    assert rows == [(120000, "import"), (90500, "import")], rows
    assert len(daemon.rows("SELECT first_hour, last_hour FROM imported")) == 1


def an_hour_that_no_air_can_have_is_imported_as_out_of_range(world):
    """Such values were published for Mentougou on 2014-01-16."""
    data = world.path("data")
    record = world.write("record.csv", "hour,pm25_ug_m3\n2014-01-16T01:00:00+08:00,31\n"
                                       "2014-01-16T02:00:00+08:00,553405\n")
    strict = hazewatch("import", "--dir", data, "--strict", record)
    assert strict.returncode == 65 and ":3:27: pm25_ug_m3: " in strict.stderr, strict
    for told in ("2 values added, 0 changed, 0 the same", "0 values added, 0 changed, 2 the same"):
        done = hazewatch("import", "--dir", data, record)
        assert done.returncode == 0 and told in done.stdout, done
        assert "pm25_ug_m3: 1 above 2000 ug/m3 taken as out of range (T)" in done.stderr, done
    means = table(hazewatch("export", "--dir", data, "means").stdout)
    assert [(row["quality"], row["why"]) for row in means] == [("N", ""), ("T", "out_of_range")], \
        means


def what_was_exported_can_be_imported_elsewhere(world):
    daemon = scene(world)
    daemon.stop()
    text = hazewatch("export", "--dir", daemon.data, "hours").stdout
    other = world.path("other")
    done = hazewatch("import", "--dir", other, "-", text=text)
    assert done.returncode == 0, done
    again = hazewatch("export", "--dir", other, "hours").stdout
    valid = [line for line in text.splitlines() if not line.endswith(",,,,,,")]
    assert again.splitlines() == valid, (again, text)


UCI = """No,year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,TEMP,PRES,DEWP,RAIN,wd,WSPM,station
1,2013,10,31,11,120,150,10,40,900,20,-0.5,1023.1,-18.8,0.4,NNW,4.4,Huairou
2,2013,10,31,12,90,NA,10,40,900,20,12,1021.9,-18.2,0,NA,NA,Huairou
3,2013,10,31,13,91,NA,10,40,900,20,-273.1,1021.9,-18.2,600,C,0,Huairou
4,2013,10,31,14,90,NA,10,40,900,20,-2.77555756156289e-17,NA,-18.2,NA,NA,NA,Huairou
"""
OWN = """hour,quantity,mean,quality,why,covered_min,samples,time_quality,rev
2013-10-31T11:00:00+08:00,noise,57.404,N,timeout,55.5,57,synchronised,0
2013-10-31T11:00:00+08:00,wind_direction,,N,none,60.0,60,simulated,2
2013-10-31T12:00:00+08:00,noise,,D,status,12.0,60,unsynchronised,1
"""


def what_is_beside_the_pollutants_is_imported_and_comes_back_as_it_was_exported(world):
    data, other, third = (world.path(name) for name in ("data", "other", "third"))
    for told in ("beside the pollutants: 12 values added, 0 changed, 0 the same",
                 "beside the pollutants: 0 values added, 0 changed, 12 the same"):
        done = hazewatch("import", "--dir", data, "-", text=UCI)
        assert done.returncode == 0 and told in done.stdout, done
        assert "TEMP: what no air has is left out; 1 cells" in done.stderr, done
    text = hazewatch("export", "--dir", data, "aux").stdout
    rows = {(row["hour"][11:13], row["quantity"]): row["mean"] for row in table(text)}
    assert rows[("11", "temperature")] == "-0.500" and rows[("11", "wind_direction")] == "337.500", rows
    assert rows[("11", "rain")] == "0.400" and rows[("13", "wind_direction")] == "", rows
    for source, folder in ((text, other), (OWN, third)):
        assert hazewatch("import", "--dir", folder, "-", text=source).returncode == 0
        assert hazewatch("export", "--dir", folder, "aux").stdout == source
    kept = hazewatch("import", "--dir", third, "-", text=OWN.replace("57.404", "58.000"))
    assert "0 values added, 0 changed, 2 the same, 1 kept" in kept.stdout, kept
    done = hazewatch("import", "--dir", third, "--replace", "-", text=OWN.replace("57.404", "58.000"))
    assert "0 values added, 1 changed, 2 the same, 0 kept" in done.stdout, done
    wrong = hazewatch("import", "--dir", third, "-", text=OWN.replace("57.404", "157.404"))
    assert wrong.returncode == 65 and ":2:33: mean: " in wrong.stderr, wrong


def wrong_files_and_arguments_are_told_with_their_place(world):
    record = world.write("record.csv", "hour,pm25_ug_m3\n2013-10-32T11:00:00+08:00,1\n"
                                       "2013-10-31T12:00:00+08:00,-5\n")
    done = hazewatch("import", "--dir", world.path("data"), record)
    assert done.returncode == 65 and ":2:1:" in done.stderr and ":3:27:" in done.stderr, done
    assert not os.path.exists(world.path("data"))
    ahead = world.write("ahead.csv", "hour,pm25_ug_m3\n2199-10-31T11:00:00+08:00,1\n")
    assert hazewatch("import", "--dir", world.path("data"), ahead).returncode == 65
    assert hazewatch("import", "--dir", world.path("data"), world.path("no")).returncode == 66
    assert hazewatch("import").returncode == 64
    assert hazewatch("export", "nothing").returncode == 64
    assert hazewatch("export", "--from", "yesterday", "hours").returncode == 64
    none = hazewatch("export", "--dir", world.path("data"), "hours")
    assert none.returncode == 66 and not os.path.exists(world.path("data")), none
    assert hazewatch("export", "--help").returncode == 0


# A day of minutes of six channels and months of hours: each more than a pipe holds.
MANY = f"""
WITH RECURSIVE c(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM c WHERE n < 105)
 INSERT INTO samples.channels (id, name) SELECT n, 'channel-' || n FROM c;
WITH RECURSIVE m(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM m WHERE n < 1439)
 INSERT INTO samples.minutes SELECT {START // 60} + n, id, 60000, 60000, 60, 59, NULL FROM m, samples.channels
 WHERE id >= 100;
WITH RECURSIVE h(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM h WHERE n < 2999)
 INSERT INTO hours (hour, pollutant, mean_milli, valid, quality, covered_ms, samples, time_quality, crc)
 SELECT {START // 3600} - n, 'pm10', 35000, 1, 'N', 3600000, 60, 'synchronised', 0 FROM h"""


def fill_pipe(reader):
    """Until nobody reads what it says and it waits."""
    held = 0
    def stands():
        nonlocal held
        before, held = held, struct.unpack("i", fcntl.ioctl(reader.stdout, termios.FIONREAD, b"\0" * 4))[0]
        return held > 0 and held == before
    wait_for("a full pipe", stands, 20)
    assert reader.poll() is None, "it did not wait: the pipe holds all it has"


def a_reader_whose_output_nobody_takes_holds_no_log(world):
    """Such as `hazewatch export minutes | less`, left open over night."""
    daemon = harness.Daemon(world, harness.Clock(START, SPEED), 1, 1)
    record = world.write("record.csv", "hour,pm25_ug_m3\n2013-10-31T11:00:00+08:00,120\n")
    assert hazewatch("import", "--dir", daemon.data, record).returncode == 0
    with contextlib.closing(sqlite3.connect(f"{daemon.data}/state.db", timeout=1)) as writer:
        writer.execute("ATTACH ? AS samples", (f"{daemon.data}/samples.db",))
        writer.executescript(MANY)
        of = ("--config", daemon.config_path, "--config-dir", harness.CONFIG, "--since", "2013-01-01")
        for arguments in (("export", "--dir", daemon.data, "minutes"), ("export", "--dir", daemon.data, "means"),
                          ("history", "--csv", *of), ("history", "--json", *of)):
            writer.executescript("UPDATE samples.minutes SET samples = samples + 1; UPDATE hours SET samples = 61")
            with subprocess.Popen([COMMAND, *arguments], stdout=subprocess.PIPE) as reader:
                fill_pipe(reader)
                for schema in ("main", "samples"):
                    busy, *_ = writer.execute(f"PRAGMA {schema}.wal_checkpoint(TRUNCATE)").fetchone()
                    assert not busy, (arguments, schema)
                whole = reader.stdout.read()
            assert reader.returncode == 0 and len(whole) > 100000, (arguments, reader.returncode, len(whole))


if __name__ == "__main__":
    runner.run(what_is_exported_beside_the_daemon_is_what_the_tables_hold,
               an_hour_that_no_air_can_have_is_imported_as_out_of_range,
               what_is_beside_the_pollutants_is_imported_and_comes_back_as_it_was_exported,
               wrong_files_and_arguments_are_told_with_their_place,
               what_can_be_exported_is_told_in_chinese_too,
               a_reader_whose_output_nobody_takes_holds_no_log,
               slow=(an_import_beside_the_daemon_is_refused_and_one_without_it_is_idempotent,
                     what_was_exported_can_be_imported_elsewhere))
