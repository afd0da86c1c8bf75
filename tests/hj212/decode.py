#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch hj212 decode: what it says of right and wrong frames, and what it keeps to itself.

usage: decode.py HAZEWATCH
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), name)
                for name in ("structure", "sim")]
from source import ROOT, Tap, is_english  # noqa: E402 pylint: disable=wrong-import-position
from record import shared  # noqa: E402 pylint: disable=wrong-import-position
from wire import framed  # noqa: E402 pylint: disable=wrong-import-position

HAZEWATCH = os.path.abspath(sys.argv[1])
CONFIG = os.path.join(ROOT, "config")
EXTRACT = os.path.join(ROOT, "tests", "data", "extract", "cases", "hj212")
CATALOGUES = os.path.join(os.path.dirname(HAZEWATCH), "po")
OK, USAGE, DATA, NO_INPUT, BAD_CONFIG = 0, 64, 65, 66, 78
KEY = b"0" * 16


def run(*arguments, given=b"", **environment):
    return subprocess.run([HAZEWATCH, *arguments], input=given, capture_output=True, timeout=120, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", **environment})


def decode(given, *options, **environment):
    return run("hj212", "decode", "--config-dir", CONFIG, *options, given=given, **environment)


def objects(given, *options):
    return [json.loads(line) for line in decode(given, "--json", *options).stdout.splitlines()]


def cases(folder):
    with open(os.path.join(folder, "frames.tsv"), "rb") as file:
        for line in file.read().splitlines():
            if not line.startswith(b"#"):
                verdict, why, _, frame = line.split(b"\t")
                yield verdict == b"good", why.decode(), frame


def causes_of(why, frame):
    causes = [] if re.match(rb"##\d{4}", frame) else ["length_digits"]
    length = re.search(r"LEN\((\d+) vs (\d+)", why)
    if length:
        causes.append("length_plus_6" if int(length[1]) == int(length[2]) + 6 else "length_wrong")
    if "CRC" in why:
        causes.append("crc_modbus_swapped" if "swapped" in why else "crc_modbus" if "MODBUS" in why else "crc_wrong")
    return causes + (["too_long"] if "OVER1024" in why else [])


def check_cases(tap, folder, name):
    known = list(cases(folder))
    for end, called in ((b"\r\n", "CR LF"), (b"\n", "LF alone"), (b"", "nothing between them")):
        told = objects(end.join(frame for _, _, frame in known) + end)
        wrong = [] if len(told) == len(known) + 1 else [f"{len(told)} objects of {len(known)} frames"]
        for (good, why, frame), each in zip(known, told):
            expected = [] if good else causes_of(why, frame)
            if each["type"] != "frame" or each["causes"] != expected or (each["verdict"] == "right") != good:
                wrong.append(f"{frame[:40]}: {each.get('verdict')}, {each.get('causes')}, not {expected}")
        tap.case(f"{name}: every frame is right or refused for what is wrong with it, with {called}", wrong)


def check_whole(tap):
    name = "the shared cases, whole"
    folder, why_not = shared("cases", "hj212")
    if why_not or os.path.samefile(folder, EXTRACT):
        tap.skip(name, why_not or "only the extract is here")
    else:
        check_cases(tap, folder, name)


def contains(tap, name, done, code, *parts):
    text = done.stdout.decode() + done.stderr.decode()
    wrong = [f"no '{part}'" for part in parts if part not in text]
    wrong += [] if done.returncode == code else [f"exit code {done.returncode}, not {code}"]
    tap.case(name, wrong + text.splitlines() if wrong else [])


HOUR = "QN=20160801090000001;ST=22;CN=2061;PW=778899;MN=A1;Flag=5;CP=&&DataTime=20160801080000;" \
    "a34004-Avg=35,a34004-Flag=N;a01001-Avg=12.25,a01001-Flag=d;A05024-Avg=7,A05024-Flag=N;x1-Avg=1,x1-Flag=?&&"


def check_words(tap):
    contains(tap, "an hour is explained: its end, factors, units, qualities, and what the profile lacks",
             decode(framed(HOUR)), OK, "the hour 2016-08-01 09:00, named by its end", "PM2.5: Avg 35 ug/m3, Flag N (valid)",
             "air temperature: Avg 12.25 °C (decimals: 2, of the profile: 1), Flag d (fault)",
             "A05024     (only the case of its letters", "x1         (not in the profile)", "Flag ? (no flag of the standard)")
    segment = b"ST=22;CN=2011;PW=123456;MN=120112TJTGGN13;CP=&&DataTime=20150811151200;PM10-Rtd=89.59,PM10-Flag=N;" \
        b"TSP-Rtd=133.71,TSP-Flag=N&&"
    contains(tap, "a length that counts CRC and line end is taken by a profile that says so",
             decode(b"##0131" + segment + b"C241\r\n", "--profile", "dialect-names"), OK, "right", "PM10: Rtd 89.59 ug/m3")
    contains(tap, "and refused by others, which are told the variant",
             decode(b"##0131" + segment + b"C241\r\n"), DATA, "length: segment+6 in a profile would fit")
    contains(tap, "what is odd is told of a frame that is taken",
             decode(framed("ST=31;CN=2011;MN=1;Flag=9;CP=&&DataTime=2016080108000012;a34004-Rtd=1;&&"), "--profile", "gb-2017"),
             OK, "a ; or , stands behind the last field", "ST is not that of the profile",
             "the version in Flag is not the profile's edition", "more than 14 digits", "a factor has no flag")
    contains(tap, "data without a time, a factor's field twice and a part beyond the last one are odd",
             decode(framed("ST=22;CN=2061;MN=1;Flag=7;PNUM=2;PNO=3;CP=&&DataTime=20160801080000;a34004-Avg=1,a34004-Flag=N;"
                           "a34004-avg=2,a34004-Flag=N&&") + framed("ST=22;CN=2051;MN=1;Flag=5;CP=&&a34004-Avg=1,a34004-Flag=N&&")),
             OK, "a field stands twice: which of them counts is not said", "PNO is not one of PNUM parts", "data without DataTime")
    quiet = decode(framed("ST=22;CN=2061;MN=1;Flag=7;PNUM=2;PNO=2;CP=&&a34004-Avg=1,a34004-Flag=N;a21026-Avg=1,a21026-Flag=N&&") +
                   framed("QN=20160801090000001;ST=22;CN=2061;MN=1;Flag=5;CP=&&BeginTime=20160801080000;EndTime=20160801090000&&"))
    tap.case("the second part, and what asks for data, have no time and are not odd",
             [line for line in quiet.stdout.decode().splitlines() if "odd" in line])
    contains(tap, "an acknowledgement with QnRtn is odd, and which ack would fit is told",
             decode(framed("QN=20201008154743635;ST=91;CN=9014;MN=1;Flag=4;CP=&&QnRtn=1&&")), OK, "ack: lenient", "it will be done")
    contains(tap, "garbage is skipped and counted", decode(b"xyz##9" + framed(HOUR) + b"##"), OK, "right", "8 bytes of no frame")
    contains(tap, "no frame at all is told by the exit status", decode(b"hello\n"), DATA, "0 frames right, 0 refused")
    contains(tap, "of a frame that is cut off the fields that are there are explained", decode(framed(HOUR)[:130]), DATA,
             "it is cut off after 124 bytes of 193", "PM2.5: Avg 35 ug/m3")
    contains(tap, "a frame over 1024 bytes is to be split",
             decode(framed("ST=22;CN=2011;MN=1;CP=&&" + "a34004-Rtd=1;" * 80 + "&&")), DATA, "it should have been split")


def check_secrets(tap):
    secret = "s3cr3t99"
    segments = [
        f"QN=20160801090000001;ST=22;CN=1072;PW={secret};MN=A1;Flag=5;CP=&&PW={secret}&&",
        f"QN=1;ST=22;CN=1072;pw={secret};MN=A1;CP=&&NewPW={secret}&&", f"ST=22;CN=2011;MN=1,PW={secret};CP=&&&&",
        f"ST=22;CN=1014;MN=1;CP=&&SecretKey={secret};SKCreateTime=20260101000000&&", f"PW{secret};CN=2011;CP=&&PW{secret}&&",
        f"ST=22;PX={secret};CN=2011;MN=1;CP=&&&&", f"ST=22;CN=2011;MN=1;CP=&&pw={secret}&&", f"ST=22;CN=2011;MN=1;CP=&&x1-Rtd=1 PW={secret}&&", f"ST=22;CN=2011;PW={secret}"]
    told = []
    for segment in segments:
        for frame in (framed(segment), framed(segment)[:-6] + b"0000\r\n", framed(segment)[:-9]):
            for options in ((), ("--json",)):
                done = decode(frame, *options)
                if secret.encode() in done.stdout + done.stderr:
                    told.append(segment)
    told += [] if b"88PW0001" in decode(framed("ST=22;CN=2011;MN=88PW0001;CP=&&&&")).stdout else ["an MN with PW in it"]
    tap.case("a password or a key is never told, whatever is wrong with its frame", told)


def write_key(folder, content, mode=0o600):
    path = os.path.join(folder, "key")
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)
    return path


def enciphered_frames():
    """Those of A.2 as they go over the wire: ciphertext in the place of the body, CRC of the clear one."""
    text = {}
    with open(os.path.join(EXTRACT, "sm4.txt"), encoding="utf-8") as file:
        for name, cipher in re.findall(r"^(example-\d) ([0-9A-F]+)", file.read(), re.MULTILINE):
            text[name] = bytes.fromhex(cipher)
    for good, _, frame in cases(EXTRACT):
        for start, name, rest in ((b"##0295", "example-2", b""), (b"##0234", "example-4", b"g=N")):
            if good and frame.startswith(start):
                head, _, _ = frame.partition(b"CP=&&")
                yield head + b"CP=&&" + text[name] + rest + frame[-6:] + b"\r\n"


def check_cipher(tap, folder):
    wire = b"".join(enciphered_frames())
    key = write_key(folder, KEY.hex().encode() + b"\n")
    told = objects(wire, "--key", key)
    good = [each["verdict"] == "right" and each["enciphered"] for each in told[:-1]] == [True, True]
    values = {field["key"]: field["value"] for field in told[0].get("fields", [])}
    tap.case("the enciphered examples of 2025 are deciphered with the key",
             [] if good and values.get("a01014-Avg") == "3.211" else [str(told)])
    contains(tap, "without the key it is said what is missing", decode(wire), DATA, "--key FILE deciphers it")
    other = write_key(folder, b"1" * 16)
    contains(tap, "with another key it is said that it is another", decode(wire, "--key", other), DATA, "by another key")
    for mode in (0o640, 0o604, 0o666):
        path = write_key(folder, KEY, mode)
        contains(tap, f"a key file of mode {mode:04o} is refused", decode(wire, "--key", path), NO_INPUT,
                 f"mode {mode:04o}", "must be of mode 0600")
    with open(os.path.join(CONFIG, "hj212", "gb-2025.yaml"), encoding="utf-8") as file:
        text = file.read().replace("factors:\n", f"cipher: {{key_file: {folder}/key}}\nfactors:\n")
    profile = os.path.join(folder, "mine.yaml")
    with open(profile, "w", encoding="utf-8") as file:
        file.write(text)
    line = text.splitlines().index(f"cipher: {{key_file: {folder}/key}}") + 1
    contains(tap, "check refuses a profile whose key others may read", run("check", profile), BAD_CONFIG,
             f"mine.yaml:{line}:20: the file {folder}/key is open to others than its owner (mode 0666)")
    write_key(folder, KEY)
    contains(tap, "and takes it with mode 0600", run("check", profile), OK, "HJ 212 profile: ok")
    contains(tap, "a profile's key deciphers", decode(wire, "--profile", profile), OK, "enciphered by SM4", "2 frames right, 0 refused")
    os.unlink(os.path.join(folder, "key"))
    contains(tap, "a profile whose key is not there yet is good", run("check", profile), OK, "HJ 212 profile: ok")
    contains(tap, "and decodes nothing", decode(wire, "--profile", profile), BAD_CONFIG, "No such file")


def check_chinese(tap):
    frames = b"\r\n".join(frame for _, _, frame in cases(EXTRACT)) + b"\r\n" + framed(HOUR) + b"xx"
    done = decode(frames, LANGUAGE="zh_CN", TEXTDOMAINDIR=CATALOGUES)
    lines = [line for line in done.stdout.decode().splitlines() if re.search("[a-z]{3,} [a-z]{3,}", line)]
    tap.case("who reads Chinese is told all of it in Chinese", [line for line in lines if is_english(line)])


def check_usage(tap, folder):
    contains(tap, "an action is needed", run("hj212"), USAGE, "no action is given: decode")
    contains(tap, "another action is refused", run("hj212", "decoed"), USAGE, "did you mean decode?")
    contains(tap, "a second file is refused", run("hj212", "decode", "a", "b"), USAGE, "b is one argument too many")
    contains(tap, "a file that is not there", decode(b"", os.path.join(folder, "none")), NO_INPUT, "No such file")
    contains(tap, "a folder", decode(b"", folder), NO_INPUT, "is a folder, not a file")
    contains(tap, "a profile that is not there is proposed", decode(b"", "--profile", "gb-2017x"), BAD_CONFIG,
             "did you mean gb-2017?")
    contains(tap, "a file of another kind is no profile",
             decode(b"", "--profile", os.path.join(CONFIG, "profiles", "generic-six.yaml")), BAD_CONFIG,
             "kind: profile is not hj212")


def check_damage(tap):
    seed = int(os.environ.get("HAZEWATCH_SEED") or random.randrange(1 << 31))
    draw = random.Random(seed)
    known = [frame + b"\r\n" for good, _, frame in cases(EXTRACT) if good]
    wrong = []
    for _ in range(30):
        stream = bytearray(b"".join(draw.choice(known) for _ in range(20)))
        for _ in range(draw.randrange(10)):
            stream[draw.randrange(len(stream))] = draw.randrange(256)
        done = decode(bytes(stream), "--json")
        try:
            told = [json.loads(line) for line in done.stdout.splitlines()]
        except ValueError as error:
            wrong.append(str(error))
            continue
        if done.returncode not in (OK, DATA) or told[-1]["type"] != "counts" or told[-1]["right"] < 10:
            wrong.append(f"{done.returncode}: {told[-1]}")
    tap.case("of a damaged stream the frames that are whole are right, and JSON is JSON",
             wrong + [f"HAZEWATCH_SEED={seed}"] if wrong else [])


def main():
    tap = Tap()
    check_cases(tap, EXTRACT, "the extract")
    check_whole(tap)
    check_words(tap)
    check_secrets(tap)
    with tempfile.TemporaryDirectory(prefix="hazewatch-hj212-") as folder:
        check_cipher(tap, folder)
        check_usage(tap, folder)
    check_chinese(tap)
    check_damage(tap)
    tap.done()


if __name__ == "__main__":
    main()
