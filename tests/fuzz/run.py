#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Builds one fuzz target with clang and lets libFuzzer look for input that breaks it, beginning
with the seeds and what tests/fuzz/corpus has of the target.

usage: run.py CLANG FOLDER TARGET [SECONDS]

CLANG is the compiler, "" if there is none; FOLDER keeps the program, the inputs that were worth
keeping and those that broke it. Prints TAP. Without SECONDS it looks at a bounded count of inputs,
the same ones each time.
"""
import glob
import os
import re
import shlex
import shutil
import struct
import subprocess
import sys

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
sys.path.append(os.path.join(ROOT, "tests", "hj212"))
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position
from wire import framed  # noqa: E402 pylint: disable=wrong-import-position

CORPUS = os.path.join(ROOT, "tests", "fuzz", "corpus")
FLAGS = ("-std=gnu11", "-D_GNU_SOURCE", "-g", "-O1", "-fno-omit-frame-pointer", "-Wall", "-Wextra",
         "-Werror", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all",
         "-ffp-contract=off", '-DHAZEWATCH_LOCALES="/nonexistent"',
         '-DHAZEWATCH_DATADIR="/nonexistent"')
# quotes only: <yaml.h> is libyaml's
ROOMS = tuple(f"-iquote{folder}" for folder in (
    "rules", "sensors", "storage", "storage/file", "storage/tables", "daemon/base", "daemon/conf",
    "daemon/messages", "daemon/upkeep", "daemon/engine", "daemon/mqtt", "daemon/hj212", "daemon/commands",
    "daemon/cli/give", "daemon/cli/list", "daemon/cli/replay", "tests/unit"))
LOADERS = tuple(f"daemon/base/{name}.c" for name in (
    "arena", "problems", "log", "log_kinds", "journald", "words", "nearest", "plain_file", "plain_text")) + (
        "daemon/conf/yaml*.c",)
# These compute, and read little: what libFuzzer notes of every comparison takes most of their time.
COMPUTING = ("evaluate", "hour", "window")
COMPUTING_FLAGS = ("-O2", "-fno-sanitize-coverage=trace-cmp")
INPUTS = 1500  # beside the seeds, where TARGETS says nothing else
TAIL = 40


def packed(*numbers):
    """Bytes as the targets read them: (size, value) each, little endian."""
    return b"".join((value % (1 << 8 * size)).to_bytes(size, "little") for size, value in numbers)


def hour_seeds():
    """Samples every minute and every 10 s, some of them faulty; a flood."""
    for step_s in (60, 10):
        seed = packed((1, 1), (4, 119_999), (4, 3_601_000), (1, 1))
        for i in range(3600 // step_s):
            seed += packed((2, 4000 + i * step_s), (1, 31 if i % 7 else 3),
                           (4, 2**31 + 35_000 + 100 * i))
        yield seed
    yield packed((1, 0), (2, 0), (4, 2**31 + 35_000))


def window_seeds():
    """Two days of hours with a hole."""
    seed = packed((1, POLLUTANTS - 1), (1, POLLUTANTS - 1))
    for i in range(48):
        seed += packed((1, 255 if i % 11 else 5), (1, 1),
                       *((2, 1000 + 300 * i + 50 * p) for p in range(6)), (1, 1 if i % 13 else 0))
        seed += b"" if i % 13 else packed((1, 35))
    yield seed


def evaluate_seeds():
    """A smog of four days that rises and falls, with holes, dust and a forecast."""
    for counting in range(3):
        seed = packed((1, counting), (1, 2), (1, 36))
        for i in range(150):
            seed += packed((1, 9 if i % 40 == 39 else 0), (2, 100 + 5 * min(i, 150 - i)), (2, 90))
        yield seed


def decode_seeds():
    """A 16-bit row in tenths, a float in ppb with a mark, the largest values that fit, a sign."""
    def real(value):
        return packed((1, 1), (4, 1_000_000 + round(value * 1000)))

    def any_real(value):
        return packed((1, 0)) + struct.pack("<d", value)
    yield (packed((1, 0), (1, 0), (1, 0), (1, 0)) + real(0.1) + real(0) + real(0) + real(999) +
           packed((1, 1), (8, 65535), (2, 0xff), (2, 0), (2, 0), (2, 800), (2, 0), (2, 65535)))
    yield (packed((1, 5), (1, 4), (1, 1), (1, 2)) + real(1) + real(-0.5) + real(0) + real(500) +
           packed((1, 0), (2, 0xff), (2, 0), (2, 1)) + struct.pack("<HH", 0, 0x4120) * 3)
    yield (packed((1, 2), (1, 2), (1, 0), (1, 0)) + real(0.001) + real(0) + any_real(-1e9) +
           any_real(1e9) + packed((1, 0), (2, 0), (2, 0), (2, 0)) +
           struct.pack("<6H", 0x7fff, 0xffff, 0x8000, 0, 0x7fff, 0xfffe))
    status = packed((1, 0), (1, 0), (4, 0), (1, 0)) + real(0) + real(0) + packed(*((1, 0), (4, 0)) * 4)
    for piece in (packed((1, 0)), packed((1, 1), (1, 2), (1, 11))):  # all of it, and a slice
        yield (packed((1, 0), (1, 1), (1, 0), (1, 0)) + real(0.1) + real(1) + real(-999) + real(999) + packed((1, 0)) +
               piece + status + struct.pack("<8H", 0xffff, 0, 0, 0, 0xfff6, 0, 0, 0))


def inbox_seeds():
    """One good command of each kind, an ack, and what a station of a district says."""
    head = '{"id": "a-1", "issuer": "指挥部", "time": "2026-01-01T00:00:00+08:00", ' \
        '"target": "s-1", "counter": 7, "not_after": "2026-01-02T00:00:00+08:00", '
    bodies = (
        '"level": "orange", "start": "2026-01-01T08:00:00+08:00", "planned_end":'
        ' "2026-01-04T08:00:00+08:00", "area": "全区", "reason": "regional", "document": "1"}',
        '"number": "1", "level": "yellow", "start": "2026-01-01T08:00:00+08:00", "reviewer": "a",'
        ' "reviewed": "2026-01-01T08:00:00+08:00", "signer": "b", "post": "c",'
        ' "signed": "2026-01-01T08:00:00+08:00"}',
        '"source": "s", "kind": "model", "issued": "2026-01-01T08:00:00+08:00", "hours":'
        ' [{"hour": "2026-01-01T09:00:00+08:00", "pm25_ug_m3": 80.5, "co_mg_m3": 0.9}]}',
        '"from": "2026-01-01T08:00:00+08:00", "to": "2026-01-01T09:00:00+08:00", "source": "s",'
        ' "clear": true}',
        '"from": "2026-01-01T08:00:00+08:00", "to": "2026-01-01T09:00:00+08:00", "pollutants":'
        ' ["pm25", "o3"], "action": "restore", "reason": "r", "reviewer": "p"}',
        '"ref": "x", "unit": "u", "person": "p", "outcome": "partly"}',
        '"from": "2026-01-01T08:00:00+08:00", "to": "2026-01-01T09:00:00+08:00"}')
    for kind, body in enumerate(bodies):
        yield packed((1, kind)) + (head + body).encode()
    for steps in ('"hours": [{"hour": "2026-01-01T09:00:00+08:00", "aqi": 201}]}',
                  '"days": [{"date": "2026-01-02", "aqi_min": 180, "aqi_max": 220,'
                  ' "short_heavy": true, "category": "c", "primary": "p"}]}'):
        yield packed((1, 2)) + (head + '"source": "s", "kind": "bulletin", "issued":'
                                ' "2026-01-01T08:00:00+08:00", ' + steps).encode()
    yield b'\0{"db":"00000000-0000-0000-0000-000000000000","seq":54}'
    yield b'\0{"state":"online","boot":"0123456789abcdef"}'
    yield (b'\0{"command":"a-1","kind":"resend","outcome":"refused","why":"target: s-2","absent":'
           b'[{"from":"2026-01-01T08:00:00+08:00","to":"2026-01-01T09:00:00+08:00"}]}')
    for rev in (1, -1):
        yield ('\0{"hour":"2026-01-01T09:00:00+08:00","rev":%d,"hourly":{"pm25_ug_m3":80.5,"pm10_ug_m3":null,"co_mg_m3":0.9},'
               '"aqi":109}' % rev).encode()


def envelope_seeds():
    """Each command signed by each key and by a thief, untouched, changed, and many times; a flood of one."""
    flood = b"\5"  # of receipts: each of them is taken
    for seed in inbox_seeds():
        kind, text = seed[:1], seed[1:]
        for key in range(3):
            yield kind + packed((1, key), (1, 1), (1, 0), (1, 6), (2, 0)) + text
            yield kind + packed((1, key), (1, 2), (1, 0), (1, 6), (2, 0), (2, 700), (1, 66),
                                (3, key)) + text
        yield kind + packed((1, 0), (1, 0), (1, 7), (1, 0), (2, 0)) + text
        for late, counter in ((b"2026-01-01T08:29:59", 6), (b"2026-01-02T00:00:00", 7)):  # by a second, by one
            yield kind + packed((1, 0), (1, 1), (1, 0), (1, counter), (2, 0)) + \
                text.replace(b"2026-01-02T00:00:00", late)
        yield kind + packed((1, 0), (1, 1), (1, 0), (1, 6), (2, 0)) + b" \n" + text
        yield kind + packed((1, 1), (1, 4), (1, 0), (1, 6), (2, 0), (2, 319 if kind == flood else 299)) + text
        yield kind + packed((1, 1), (1, 1), (1, 0), (1, 6), (2, 64_900)) + text


def rows_seeds():
    """Rows of every table, of numbers, words and nothing; more directives than there may be."""
    def whole(number):
        return packed((1, 5), (1, 2), (2, number + 3))

    def word(index):
        return packed((1, 3), (1, index))
    for table in range(39):
        row = packed((1, table)) + b"".join(packed((1, 5), (1, 0), (1, 60)) + word(i) for i in range(13))
        yield b"\0" + row * 3
    hours = packed((1, 2)) + b"2061".ljust(40, b"\0") + packed((1, 4))  # what an uplink sends
    for table in (33, 34):
        yield b"\0" + packed((1, table)) + (word(9) + whole(1) * (table - 33) + hours + whole(7) * 3) * 2
    for worst in (1, -1):
        yield b"\0" + packed((1, 31)) + word(9) + whole(1) * 3 + whole(worst) * 2
    state = packed((1, 19)) + whole(1) + whole(20) * 3 + word(9) + whole(0) * 2 + word(6) + whole(0)
    for begun in (False, True):
        yield b"\xff" + state + b"".join(
            packed((1, 18)) + whole(i) + word(5) + whole(i) + b"\0" + whole(i) * 3 + whole(0) * 2 +
            (whole(i) * 3 + word(6) + whole(0) if begun else b"\0" * 5) + word(9) * 3 + whole(0)
            for i in range(1, 21))


def frames_seeds():
    """Right replies, changed ones and bytes, by TCP and by a serial line."""
    for tcp in (0, 1):
        for treatment in (0, 1, 2):
            for count in (1, 6, 125):
                yield packed((1, tcp), (1, treatment), (1, 1), (2, 100), (1, count - 1), (1, 17), (2, 7)) + \
                    bytes(range(250))
    yield packed((1, 0), (1, 0), (1, 0), (2, 0), (1, 0), (1, 1), (2, 0), (1, 1), (1, 0x83), (1, 2), (2, 0xf1c0))


def hj212_seeds():
    """Frames of real loggers in each form, some of them cut, with a letter that is another."""
    with open(os.path.join(ROOT, "tests", "data", "extract", "cases", "hj212", "frames.tsv"), "rb") as file:
        frames = [line.split(b"\t")[3] for line in file.read().splitlines() if not line.startswith(b"#")]
    for crc in range(3):
        for length in range(2):
            head = packed((1, crc), (1, length), (1, crc & 1))
            yield head + b"\r\n".join(frames[crc::3]) + b"\r\n"
            yield head + b"\r\n".join(frame[:-crc * 7 - 1] for frame in frames[length::2])
    for frame in frames:
        yield packed((3, 0)) + frame + b"\r\n"
    for cn, flag, body in ((1011, 5, b""), (1062, 5, b"RtdInterval=30"), (1014, 9, b"SKCreateTime=20260801090000;NewSK=0123456789abcdef"),
                           (2061, 5, b"BeginTime=20260801060000;EndTime=20260801080000"),
                           (2061, 5, b"DataTime=20260801060000;a34004-Avg=35.1,a34004-Flag=N;a21026-Avg=-3,a21026-Flag=N"),
                           (2051, 5, b"DataTime=20260801060500;a34004-Avg=35.1,a34004-Flag=D;Flag=N"),
                           (2051, 5, b"DataTime=20260801060100;a21005-Avg=1.1")):
        asked = b"QN=20260801093000123;ST=22;CN=%d;PW=123456;MN=A1;Flag=%d;CP=&&%s&&" % (cn, flag, body)
        clear = framed(asked)
        begin, blocks = clear.index(b"CP=&&") + 5, len(body) // 16 * 16
        yield packed((3, 0)) + clear
        yield packed((1, 0), (1, 0), (1, 1)) + clear[:begin] + bytes(x ^ 0x5a for x in clear[begin:begin + blocks]) + clear[begin + blocks:]
    yield packed((3, 0)) + b"##0062QN=1;ST=22;CN=2061;MN=1;Flag=7;PNUM=2;PNO=1;CP=&&a=1&&B640\r\n"


def control_seeds():
    """Requests and answers as they are."""
    yield b'{"request": "maintenance", "sensor": "roof", "minutes": 60}'
    yield b'{"request": "status"}'
    yield b'{"request": "give", "kind": "directive", "message": {"id": "a", "level": "red"}}'
    yield '{"ok": true, "text": "roof: 维护", "body": {"a": [1, 2.5, null, true]}}'.encode()


def record_seeds():
    """Layouts, gaps, minutes, values above the bound and what is beside the pollutants."""
    yield b"\2" + "时间;PM2.5(μg/m³);CO(mg/m³)\n2013/10/31 11:00;80;1.2\n2013/10/31 11:05;—;1\n".encode()
    yield b"\0date,hour,type,1515A\n20131031,11,AQI,99\n20131031,11,PM2.5,80\n20131031,11,CO,1.2\n"
    yield b"\0" + "date,hour,code,name,AQI,PM2.5\n20131031,11,1515A,x,99,80\n".encode("utf-16")
    for strict in (0, 1):
        yield bytes([strict]) + b"hour,pm25_ug_m3,co_mg_m3\n2026-01-01T01:00:00+08:00,35.5,0.9\n" \
            b"2026-01-01T02:00:00+08:00,,1\n2026-01-01T05:00:00+08:00,9000,0.0005\n"
        yield bytes([strict]) + b'"No","year","month","day","hour","PM2.5","CO","wd","station"\r\n' \
            b'1,2013,10,31,1,"55",900,"N","Huairou"\r\n2,2013,10,31,2,NA,900,"N","Huairou"\r\n'
        with open(os.path.join(ROOT, "config", "records", "sample-week.csv"), "rb") as file:
            yield bytes([strict]) + b"".join(file.readlines()[:20])
    yield b"\2year,month,day,hour,PM2.5,TEMP,PRES,RAIN,wd,WSPM\n2013,10,31,11,120,-2.8e-17,1e+03,0.4,NNW,4.4\n" \
        b"2013,10,31,12,NA,-273.1,NA,600,C,1e400\n"
    yield b"\2hour,quantity,mean,quality,why,covered_min,samples,time_quality,rev\n" \
        b"2013-10-31T11:00:00+08:00,noise,57.404,N,timeout,55.5,57,synchronised,0\n" \
        b"2013-10-31T11:00:00+08:00,wind_direction,,N,none,60.0,60,simulated,2\n"


def journal_seeds():
    """Transactions that fit, that collide, that are too large."""
    for limit in (60_000, 2_000, 300):
        yield packed((2, limit), *((1, i) for i in range(8))) + b"".join(
            packed((1, 7), (1, i), (1, 3 * i), (1, i % 3), (1, i % 200)) + (b"\1" if i % 3 == 2 else b"")
            for i in range(60))


def mend_seeds():
    """Nothing, a header, a page in the middle, the end."""
    yield packed((1, 1))
    yield packed((1, 1), (1, 0), (1, 0), (1, 100), (1, 8), (1, 1)) + bytes(range(9))
    for page in range(1, 8):
        yield packed((1, 1), (1, 0), (1, page), (1, 3), (1, 8), (1, 1)) + bytes(range(64)) * 2
    for n in (100, 5000, 20000):
        yield packed((1, 0), (2, n))


def list_seeds():
    """Some sources of the sample and its denominator, in UTF-8 and GB18030, and the keys."""
    folder = os.path.join(ROOT, "config", "list")
    with open(os.path.join(folder, "sample-district.csv"), encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    with open(os.path.join(folder, "sample-denominator.csv"), encoding="utf-8") as file:
        whole = file.read()
    for coding in ("utf-8", "gb18030"):
        for some in (rows[:2], rows[9:11], rows[-2:]):
            yield b"\0" + "\r\n".join([header, *some]).encode(coding)
        yield b"\1" + whole.encode(coding)
    yield ('\0kind,id,name,grade,credit_code,days,yellow,base_pm_t_a,cut_yellow_pm_pct,note\n'
           'industry,a,"x ""y""\nz",B,91350100M000100Y43,300,stop,1.5,10,\n').encode()
    for cuts in ("10,20,15", "20,10,30"):  # a cut that falls from one level to the next
        yield ("\0kind,id,name,grade,days,yellow,base_pm_t_a,cut_yellow_pm_pct,cut_orange_pm_pct,cut_red_pm_pct\n"
               f"industry,a,x,B,300,stop,1.5,{cuts}\n").encode()
    yield from small_file_seeds()


ED25519 = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"  # RFC 8032 section 7.1
SM2 = ("MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgOUUgj3shRLE/NuOK\n"  # GB/T 32918.5 annex A
       "xtOflYiTk2koYLUaQvuB7033xbihRANCAAQJ+d8xHlQhoVDdfRYeS8XGchefrRgz\n"
       "/AdrsI/zVvNQIMzqSQziZ3WlLcbqcYzBqmAK7QX7814ISmYy9gctqa0T")


def small_file_seeds():
    """A roster, words without their comments, forecasts, keys; the first byte says what it is."""
    yield b"\2id,role\np-0,assessment\np-1,traffic\r\np-2,background\np-3,micro\np-4,assessment\n"
    for kind, path in ((b"\3", "list/words.yaml"), (b"\4", "records/layouts.yaml")):
        with open(os.path.join(ROOT, "config", path), encoding="utf-8") as file:
            lines = [re.sub(" *#.*", "", line.rstrip()) for line in file]
        yield kind + "\n".join(line for line in lines if line).encode()
    yield b"\5co_mg_m3,hour,pm25_ug_m3\r\n0.8,2026-01-31T09:00:00+08:00,12.345\r\n"
    yield b"\5hour,aqi\n2026-01-31 09:00,500\n2026-01-31 10:00,501\n2026-01-31 09:30,1\n"
    yield b"\5date,aqi_min,aqi_max,short_heavy\n2026-01-31,80,120,\n2026-02-01,120,9,true\n"
    yield b"\0052026-01-31 110-160, 2026-02-01 80-120 heavy"
    for key in (ED25519, SM2):
        yield b"\6-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n" % key.encode()
    yield b"\00611qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    yield b"\0060123456789abcdef0123456789abcdef\n"
    for secret in (b"\n", b"123456\r\n", b"0123456789a", b"0123456789ab\n"):  # 11 bytes are taken
        yield b"\6" + secret


def chance_seeds():
    """The files that are refused, and the manual's example; the shipped one is too long to be changed much."""
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "broken", "outlook-*.yaml"))):
        with open(path, "rb") as file:
            yield file.read()
    with open(os.path.join(ROOT, "config", "hazewatch-outlook.5.scd"), encoding="utf-8") as file:
        yield file.read().split("```")[1].lstrip().encode()


POLLUTANTS = 63
STORAGE = ("storage/file/*.c", "storage/tables/*.c", "tests/fuzz/fuzz_tables.c", "tests/unit/models.c")
# What comes from outside, and which target reads it:
#   registers of instruments                               frames, decode
#   HJ 212 of data loggers and platforms                   hj212
#   commands, acks, words of a district's stations         inbox; under signatures and through the gate envelope
#   lines of the control socket                            control
#   files of a station, plan, edition, calendar            each its own
#   profiles of sensors and of HJ 212; outlooks            profile; chance
#   lists, rosters, words, forecasts, secrets, keys        list
#   records of hours                                       record
#   rows of a damaged database; its journal and pages      rows; journal, mend
# hour, window and evaluate compute. No target reads what `hazewatch hj212 decode` shows of a frame.
# target -> (its sources beside fuzz.c, kind of the files it reads or maker of seeds, longest input,
# inputs of a bounded run if not INPUTS)
TARGETS = {
    "edition": (LOADERS + ("daemon/conf/conf_edition.c", "rules/*.c"), "edition", 12_000),
    "plan": (LOADERS + ("daemon/conf/conf_plan.c", "daemon/conf/conf_measures.c", "daemon/conf/conf_levels.c", "daemon/conf/conf_level_checks.c",
             "daemon/conf/conf_index.c", "daemon/conf/conf_release.c", "rules/*.c"),
             "plan", 30_000),
    "profile": (LOADERS + ("daemon/conf/conf_profile.c", "daemon/conf/conf_quantity.c", "daemon/conf/conf_registers.c", "daemon/conf/conf_status.c", "daemon/conf/conf_hj212.c", "daemon/conf/conf_open.c", "daemon/conf/conf_find.c",
                           "daemon/base/sm4.c", "sensors/profile.c", "sensors/decode.c", "sensors/readplan.c", "sensors/hj212_factor.c", "sensors/hj212_segment.c",
                           "rules/*.c"), "profile", 6_000),
    "list": (LOADERS + ("daemon/base/csv.c", "daemon/base/digits.c", "daemon/base/sheet.c", "daemon/base/checksum.c", "daemon/conf/conf_find.c", "daemon/conf/conf_roster.c", "daemon/base/sign.c", "daemon/base/sm4.c",
                        "daemon/base/time_text.c", "daemon/conf/command_kind.c", "daemon/cli/give/forecast_file.c", "daemon/cli/give/given_kinds.c", "daemon/cli/replay/hours_words.c", "daemon/cli/list/audit.c",
                        "daemon/cli/list/list.c", "daemon/cli/list/list_*.c", "storage/tables/source_ordered.c",
                        "rules/*.c", "tests/unit/models.c"), list_seeds, 4_600, 2_500),
    "hour": (LOADERS + ("rules/*.c",), hour_seeds, 2_000, 10_000),
    "evaluate": (LOADERS + ("rules/*.c", "tests/unit/models.c"), evaluate_seeds, 800, 300),
    "window": (LOADERS + ("rules/*.c", "tests/unit/models.c"), window_seeds, 2_500, 10_000),
    "inbox": (LOADERS + ("daemon/messages/command_json.c", "daemon/messages/command_text.c", "daemon/messages/json_table.c", "daemon/messages/command.c", "daemon/messages/relay_text.c", "daemon/messages/station_hour.c", "daemon/messages/station_word.c", "daemon/conf/command_kind.c", "daemon/base/time_text.c", "rules/*.c"),
              inbox_seeds, 4_000, 30_000),
    "envelope": (("daemon/commands/inbox*.c", "daemon/commands/box_mark.c", "daemon/commands/keyring.c", "daemon/messages/command_json.c", "daemon/messages/command_text.c", "daemon/messages/json_table.c", "daemon/messages/station_hour.c", "daemon/messages/station_word.c", "daemon/mqtt/gate.c", "daemon/conf/conf_roster.c", "daemon/base/csv.c", "daemon/base/sign.c", "daemon/base/queue.c",
                  "daemon/messages/command.c", "daemon/conf/command_kind.c", "daemon/base/time_text.c",
                  "storage/file/spool*.c", "storage/file/crc.c", *LOADERS, "rules/*.c"),
                 envelope_seeds, 4_000, 800),
    "decode": (LOADERS + ("rules/*.c", "sensors/profile.c", "sensors/decode.c"), decode_seeds, 200, 100_000),
    "rows": (LOADERS + ("rules/*.c", *STORAGE), rows_seeds, 3_000, 1_300),
    "station": (LOADERS + ("daemon/base/csv.c", "daemon/conf/conf*.c", "daemon/conf/command_kind.c", "daemon/conf/division.c", "daemon/base/clock.c",
                           "daemon/base/sign.c", "daemon/base/sm4.c", "daemon/base/time_text.c", "sensors/profile.c", "sensors/decode.c",
                           "sensors/readplan.c", "sensors/cycle.c", "sensors/device*.c", "sensors/guard.c", "sensors/health.c", "sensors/owed.c", "sensors/frame.c", "sensors/link_conf.c",
                           "sensors/hj212_factor.c", "sensors/hj212_segment.c", "rules/*.c", "tests/unit/models.c"),
                "station", 6_000),
    "calendar": (LOADERS + ("daemon/conf/conf_calendar.c", "daemon/base/time_text.c", "rules/*.c"), "calendar", 6_000),
    "record": (LOADERS + ("daemon/base/csv.c", "daemon/base/digits.c", "daemon/base/time_text.c", "daemon/base/sheet.c", "daemon/base/checksum.c", "daemon/conf/conf_find.c", "daemon/cli/replay/hours_file*.c",
                          "daemon/cli/replay/hours_mean.c", "daemon/cli/replay/hours_time.c", "daemon/cli/replay/hours_words.c", "rules/*.c",
                          *STORAGE), record_seeds, 3_000, 10_000),
    "frames": (LOADERS + ("rules/*.c", "sensors/frame.c", "sensors/profile.c", "sensors/readplan.c"), frames_seeds, 300, 50_000),
    "hj212": (("sensors/hj212_*.c", "daemon/hj212/line_ack.c", "sensors/frame.c", "sensors/readplan.c", "sensors/profile.c", "sensors/decode.c", "sensors/link_wait.c",
               *LOADERS, "rules/*.c"), hj212_seeds, 3_000),
    "chance": (LOADERS + ("daemon/conf/conf_find.c", "daemon/conf/conf_open.c", "daemon/conf/conf_outlook.c", "daemon/conf/conf_profile.c", "daemon/conf/conf_quantity.c", "daemon/conf/conf_registers.c", "daemon/conf/conf_status.c", "sensors/profile.c",
                          "sensors/decode.c", "sensors/readplan.c", "rules/*.c"), chance_seeds, 6_000),
    "control": (LOADERS + ("daemon/messages/control_line.c",), control_seeds, 4_000, 10_000),
    "journal": (LOADERS + ("rules/*.c", *STORAGE), journal_seeds, 2_000),
    "mend": (LOADERS + ("rules/*.c", *STORAGE), mend_seeds, 400),
}
FOLDERS = {"edition": ["aqi"], "plan": ["plans"], "profile": ["profiles", "hj212"], "station": [""], "calendar": ["calendars"]}


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False, **options)


def tail(text):
    return text.rstrip().splitlines()[-TAIL:]


def has_runtime(clang, folder):
    """True if clang can link a fuzzer: the runtime is a package of its own."""
    probe = os.path.join(folder, "probe.c")
    with open(probe, "w", encoding="utf-8") as file:
        file.write("int LLVMFuzzerTestOneInput(const char *data, unsigned long size);\n"
                   "int LLVMFuzzerTestOneInput(const char *data, unsigned long size)\n"
                   "{ return !data && size; }\n")
    return run([clang, "-fsanitize=fuzzer,address,undefined", probe, "-o",
                os.path.join(folder, "probe")]).returncode == 0


def build(clang, target, program):
    """What the compiler had to say; nothing if all is well."""
    sources = [f"tests/fuzz/fuzz_{target}.c", "tests/fuzz/fuzz.c"]
    for pattern in TARGETS[target][0]:
        sources += sorted(glob.glob(pattern, root_dir=ROOT))
    flags = FLAGS + (COMPUTING_FLAGS if target in COMPUTING else ())
    # one by one, as the targets share most of them and ccache knows a file, not a program
    ccache, objects = [name for name in [shutil.which("ccache")] if name], []
    for source in sources:
        objects.append(f"{program}-{source.replace('/', '-')}.o")
        done = run([*ccache, clang, *flags, *ROOMS, "-c", source, "-o", objects[-1]], cwd=ROOT)
        if done.returncode or done.stdout:
            return tail(done.stdout)
    done = run([clang, *flags, *objects, "-lyaml", "-ljansson", "-lsqlite3", "-lcrypto", "-lm", "-o",
                program], cwd=ROOT)
    return tail(done.stdout) if done.returncode or done.stdout else []


# What files of the kinds do not have: days one after the last.
CALENDAR = "kind: calendar\nid: a\nsource: b\nfirst: 2026-01-01\nlast: 2026-01-03\noff: [{{from: 2026-01-01, to: {}}}]\nworks: [{}]\n"
EDGES = {"calendar": [CALENDAR.format(*days).encode() for days in (("2026-01-02", "2026-01-04"), ("2026-01-04", ""))]}


def seeds_of(target):
    kind = TARGETS[target][1]
    if callable(kind):
        return list(kind())
    paths = glob.glob(os.path.join(ROOT, "tests", "broken", kind + "-*.yaml"))
    for folder in FOLDERS[kind]:
        paths += glob.glob(os.path.join(ROOT, "config", folder, "*.yaml")) + \
            glob.glob(os.path.join(ROOT, "tests", "broken", folder + "-*.yaml"))
    seeds = EDGES.get(kind, [])[:]
    for path in sorted(paths):
        with open(path, "rb") as file:
            seeds.append(file.read())
    return seeds


def write_dictionary(seeds, path):
    """The words of the seeds, for libFuzzer to put where they do not belong."""
    words = sorted({word for seed in seeds
                    for word in re.findall(rb"[a-z][a-z0-9_]{2,19}\b:?", seed)})
    with open(path, "w", encoding="utf-8") as file:
        for word in words[:500]:
            file.write(f'"{word.decode()}"\n')


def bounds(target, seconds, n):
    """How long to look: so many seconds, or so many inputs, the same each time: what is kept is not
    read again now and then."""
    if seconds:
        return [f"-max_total_time={seconds}"]
    return [f"-runs={n + (TARGETS[target][3:] or (INPUTS,))[0]}", "-seed=1", "-reload=0"]


def same_addresses():
    """In front of a command whose addresses are to be the same each time: libFuzzer tries what
    pointers were compared with, too. Not every container allows it."""
    command = ["setarch", "-R"]
    return command if run([*command, "true"]).returncode == 0 else []


def write_seeds(target, folder):
    """Seeds and corpus, in an order that no folder decides: the list of their files."""
    given = os.path.join(folder, "seeds")
    shutil.rmtree(given, ignore_errors=True)
    shutil.copytree(os.path.join(CORPUS, target), given)
    for i, seed in enumerate(seeds_of(target)):
        with open(os.path.join(given, f"{i:03}"), "wb") as file:
            file.write(seed)
    paths = [os.path.join("seeds", name) for name in sorted(os.listdir(given))]
    with open(os.path.join(folder, "seeds.list"), "w", encoding="utf-8") as file:
        file.write(",".join(paths))
    return len(paths)


def fuzz(target, program, folder, seconds):
    """(what broke, if anything did; a line about what was done)"""
    corpus = os.path.join(folder, "corpus")
    if not seconds:
        shutil.rmtree(corpus, ignore_errors=True)
    os.makedirs(corpus, exist_ok=True)
    seeds = write_seeds(target, folder)
    command = [] if seconds else same_addresses()
    command += [os.path.join(".", os.path.basename(program)), *bounds(target, seconds, seeds),
                f"-max_len={TARGETS[target][2]}", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1",
                "-seed_inputs=@seeds.list"]
    if not callable(TARGETS[target][1]):
        write_dictionary(seeds_of(target), os.path.join(folder, "words.dict"))
        command.append("-dict=words.dict")
    command.append("corpus")
    # what an input freed is looked after as long as that input; 256 MiB are pages that are touched
    words = {"HAZEWATCH_SOURCE": ROOT, "PATH": os.environ["PATH"], "UBSAN_OPTIONS": "print_stacktrace=1",
             "ASAN_OPTIONS": "quarantine_size_mb=16"}  # and no others, they lie where addresses begin
    done = run(command, env=words, cwd=folder)
    wrong = tail(done.stdout) + [f"again: cd {shlex.quote(folder)} && {shlex.join(command)}"] if done.returncode else []
    cover = re.findall(r"cov: (\d+) ft: (\d+)", done.stdout)
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", done.stdout))
    line = f"{seeds} seeds, {stats.get('number_of_executed_units', '?')} inputs, " \
        f"{stats.get('average_exec_per_sec', '?')} a second" + \
        (f", {cover[-1][0]} edges, {cover[-1][1]} features" if cover else "")
    return wrong, line


def main():
    clang, folder, target = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3]
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    os.makedirs(folder, exist_ok=True)
    if not clang:
        print("1..0 # SKIP clang is not installed")
        return
    if not has_runtime(clang, folder):
        print("1..0 # SKIP clang cannot link a fuzzer; libclang-rt-14-dev is not installed")
        return
    tap = Tap()
    program = os.path.join(folder, "fuzz_" + target)
    said = build(clang, target, program)
    tap.case(f"the fuzz target {target} builds with clang without a warning", said)
    if not said:
        wrong, line = fuzz(target, program, folder, seconds)
        tap.case(f"no input breaks {target}" + (f" within {seconds} s" if seconds else ""), wrong)
        print(f"# {line}")
    tap.done()


if __name__ == "__main__":
    main()
