#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs `hazewatch check` on files that are wrong and looks for exactly the problems they have.

usage: run.py HAZEWATCH SOURCE-ROOT DATADIR

A broken file opens with one or more lines `# expect: FILE:LINE:COLUMN: text`, in the order in which
they must be told; FILE, FOLDER, CONFIG and DATADIR stand for paths. Files that no editor would keep
are made here.
"""
import glob
import os
import random
import re
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "structure"))
from source import is_english  # noqa: E402 pylint: disable=wrong-import-position

HAZEWATCH, SOURCE, DATADIR = map(os.path.abspath, sys.argv[1:4])
CONFIG = os.path.join(SOURCE, "config")
CATALOGUES = os.path.join(os.path.dirname(HAZEWATCH), "po")
FOLDER = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(CONFIG, "hazewatch.yaml")
OK, USAGE, NO_INPUT, BAD_CONFIG = 0, 64, 66, 78
LIMIT_S = 10  # on a loaded machine, too
EXAMPLE_LEFT = re.compile(r":\d+:\d+: warning: host: \S+ is an example of the documents")


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def case(self, name, wrong):
        """`wrong` is what does not hold: a list of lines, empty if all is well."""
        self.n += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.n} - {name}")
        for line in wrong:
            print(f"#   {line}")

    def done(self):
        print(f"1..{self.n}")
        sys.exit(1 if self.failed else 0)


def run(*arguments, given=None, **environment):
    """(exit code, lines of stdout, lines of stderr, seconds), in a folder without ./config"""
    began = time.monotonic()
    done = subprocess.run([HAZEWATCH, *arguments], cwd=SCRATCH, input=given, capture_output=True,
                          timeout=60, check=False, env={**os.environ, **environment})
    took = time.monotonic() - began
    printed = [stream.decode(errors="backslashreplace").splitlines()
               for stream in (done.stdout, done.stderr)]
    return done.returncode, *printed, took


def into_full(*arguments):
    """(exit code, standard error) with a full disk behind standard output"""
    with open("/dev/full", "wb") as full:
        done = subprocess.run([HAZEWATCH, *arguments], cwd=SCRATCH, stdout=full, stderr=subprocess.PIPE, timeout=60,
                              check=False)
    return done.returncode, done.stderr.decode()


def check(*paths):
    return run("check", "--config-dir", CONFIG, *paths)


def compare(path, expected, result, status=BAD_CONFIG):
    code, out, err, took = result
    expected = [line.replace("FILE:", path + ":", 1) if line.startswith("FILE:") else line
                for line in expected]
    wrong = [f"missing: {line}" for line in expected if line not in err]
    wrong += [f"not expected: {line}" for line in err if line not in expected]
    if not wrong and err != expected:
        wrong.append("the order of the problems is another")
    if code != status:
        wrong.append(f"exit code {code}, expected {status}")
    wrong += [f"on standard output: {line}" for line in out if status == BAD_CONFIG]
    if took > LIMIT_S:
        wrong.append(f"took {took:.1f} s")
    return wrong


def expectations(path):
    with open(path, encoding="utf-8") as file:
        lines = [line[len("# expect: "):].rstrip("\n") for line in file
                 if line.startswith("# expect: ")]
    return [line.replace("FOLDER/", FOLDER + "/").replace("CONFIG/", CONFIG + "/")
            .replace("DATADIR/", DATADIR + "/") for line in lines]


def put(name, content):
    path = os.path.join(SCRATCH, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def made(tap, name, content, *expected):
    path = put("made.yaml", content)
    tap.case(name, compare(path, list(expected), check(path)))


def written_files(tap):
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.yaml")))
    tap.case("there are broken files", [] if len(paths) > 100 else [f"only {len(paths)}"])
    for path in paths:
        expected = expectations(path)
        wrong = compare(path, expected, check(path)) if expected else ["it expects nothing"]
        tap.case(os.path.basename(path), wrong)


def place_of(line):
    return re.match(r"\S+?(:\d+)*(?=[:：] ?\D)", line)[0]


def in_chinese(tap):
    """The same files, told to whoever reads Chinese: the places stay, no sentence is English."""
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.yaml")))
    wrong = []
    for at in range(0, len(paths), 10):  # a hundred problems of a run are shown
        several = paths[at:at + 10]
        english = check(*several)[2]
        code, _, chinese, _ = run("check", "--config-dir", CONFIG, *several, LC_ALL="C.UTF-8",
                                  LANGUAGE="zh_CN", TEXTDOMAINDIR=CATALOGUES)
        if [place_of(line) for line in english] != [place_of(line) for line in chinese] or \
                code != BAD_CONFIG:
            wrong.append(f"other places in {several}")
        for line in chinese:
            if is_english(line[len(place_of(line)):]):
                wrong.append(line)
    tap.case("every problem is told in Chinese at the same place", wrong)
def doubted_files(tap):
    """They are taken, and what is odd about them is told."""
    for path in sorted(glob.glob(os.path.join(FOLDER, "doubted", "*.yaml"))):
        tap.case(f"doubted: {os.path.basename(path)}",
                 compare(path, expectations(path), check(path), OK))


def no_text(tap):
    made(tap, "an empty file", "", "FILE:1:1: the file is empty")
    made(tap, "blanks and a comment", "\n  \n# kind: station\n", "FILE:1:1: the file is empty")
    made(tap, "a thousand NUL bytes", b"\0" * 1000,
         "FILE:1:1: a NUL byte: this is not a text file")
    made(tap, "a NUL byte in a text", b"kind: station\nplan: \xe8\x8d\xb7\0",
         "FILE:2:8: a NUL byte: this is not a text file")
    made(tap, "broken UTF-8 after Chinese", "kind: station\n  # 荷塘 ".encode() + b"\xc3(\n",
         "FILE:2:8: byte 0xC3 is not UTF-8; only UTF-8 text is allowed")
    made(tap, "a text in GBK", "kind: station\nname_zh: 荷塘\n".encode("gbk"),
         "FILE:2:10: byte 0xBA is not UTF-8; only UTF-8 text is allowed")
    made(tap, "a text in UTF-16", "kind: station\n".encode("utf-16"),
         "FILE:1:1: byte 0xFF is not UTF-8; only UTF-8 text is allowed")
    made(tap, "a terminal's escape", "kind: station\nplan: \x1b[2J\n",
         "FILE:2:7: the control character U+001B, which no text may hold")
    draw = random.Random(20131031)
    for i in range(20):
        content = bytes([draw.randrange(128, 192)]) + draw.randbytes(4096)
        made(tap, f"random bytes {i}", content,
             f"FILE:1:1: byte 0x{content[0]:02X} is not UTF-8; only UTF-8 text is allowed")


def too_much(tap):
    large = "FILE: the file is larger than 1048576 bytes, the most allowed"
    made(tap, "10 MB of text", "kind: station\n" + "# 0123456789\n" * 800000, large)
    made(tap, "10 MB of NUL bytes", b"\0" * 10_000_000, large)
    deep = "nested deeper than 32 levels, the most allowed"
    for sign in "[{":
        made(tap, f"100 kB of {sign}", sign * 100_000, f"FILE:1:33: {deep}")
        made(tap, f"100 kB of {sign} on lines", f"{sign}\n" * 50_000, f"FILE:33:1: {deep}")
    made(tap, "100 kB of -", "- " * 50_000, f"FILE:1:65: {deep}")
    nested = "".join("  " * level + "a:\n" for level in range(32)) + "  " * 32 + "a: 1\n"
    made(tap, "33 mappings in each other", nested, f"FILE:33:65: {deep}")
    keys = "kind: profile\n" + "".join(f"k{i}: 1\n" for i in range(80_000))
    path = put("made.yaml", keys)
    code, _, err, took = check(path)
    wrong = [] if code == BAD_CONFIG and took < LIMIT_S else [f"exit code {code}, {took:.1f} s"]
    if len(err) != 101 or err[-1] != "and 79905 more problems, not shown":
        wrong.append(f"{len(err)} lines, the last is: {err[-1] if err else ''}")
    tap.case("80000 unknown keys are told a hundred times and counted", wrong)


STATION = """kind: station
station: {id: s-1, name_zh: s, name_en: s, area: "430202"}
edition: hj633-2026
plan: hetang-2024
storage: {dir: /var/lib/hazewatch}
"""


def too_many(tap):
    buses = "".join(f"  - {{id: b{i}, tcp: {{host: 192.0.2.{i}}}}}\n" for i in range(1, 66))
    sensor = "  - {{id: s{0}, bus: b1, unit_id: {0}, profile: {1}, poll_s: 9}}\n"
    sensors = sensor.format(1, "generic-six")
    made(tap, "65 buses", f"{STATION}buses:\n{buses}sensors:\n{sensors}",
         "FILE:7:3: buses: 65 items; allowed are 1 to 64")
    buses = buses.splitlines(keepends=True)[0]
    part = os.path.join(FOLDER, "parts", "so2.yaml")
    sensors += "".join(sensor.format(i, part) for i in range(2, 66))
    again = ("FILE:{}:{}: sensor s{} measures so2, which s1 and s2 measure already, at 10:44; a pollutant "
             "has two instruments at most")
    made(tap, "65 sensors", f"{STATION}buses:\n{buses}sensors:\n{sensors}",
         "FILE:9:3: sensors: 65 items; allowed are 1 to 64",
         *(again.format(i + 8, 44 if i < 10 else 46, i) for i in range(3, 65)))


def cut(tap):
    with open(EXAMPLE, "rb") as file:
        whole = file.read()
    wrong = []
    for length in range(0, len(whole), 50):
        path = put("cut.yaml", whole[:length])
        code, out, err, took = check(path)
        told = [re.match(re.escape(path) + r":\d+:\d+: .", line) for line in err]
        err = [line for line in err if not EXAMPLE_LEFT.search(line)]
        if code not in (OK, BAD_CONFIG) or took > LIMIT_S or (code == OK) != (not err) or \
                not all(told) or (code == OK and not out):
            wrong.append(f"cut at {length}: exit code {code}, {took:.1f} s, {err}")
        if code == OK and b"sensors:" not in whole[:length]:
            wrong.append(f"cut at {length}: accepted without sensors")
    tap.case(f"the example cut at every 50th of its {len(whole)} bytes", wrong)


def usage(tap):
    def case(name, result, code, part):
        text = "\n".join(result[1] + result[2])
        wrong = [] if result[0] == code else [f"exit code {result[0]}, expected {code}"]
        tap.case(name, wrong + ([] if part in text else [f"no '{part}' in: {text}"]))

    good, bad = os.path.join(CONFIG, "profiles", "generic-six.yaml"), put("bad.yaml", "kind: plan\n")
    case("no subcommand", run(), USAGE, "Usage:")
    case("no subcommand, the reason last", (run()[0], [], run()[2][-1:]), USAGE, "no SUBCOMMAND is given")
    case("an unknown subcommand", run("chek"), USAGE, "chek is not a subcommand; did you mean check?")
    case("an option of the whole nearly right", run("--verison"), USAGE, "did you mean --version?")
    case("--version after a subcommand nearly right", run("check", "--verison"), USAGE, "did you mean --version?")
    case("a subcommand like no other", run("x"), USAGE, "hazewatch: x is not a subcommand (")
    case("check without a file", run("check"), USAGE, "no FILE")
    case("an unknown option", run("check", "--fast", good), USAGE,
         "hazewatch check: --fast is not an option (hazewatch check --help tells more)")
    case("an option nearly right", run("check", "--config-dri", "x", good), USAGE, "did you mean --config-dir?")
    case("an option of two meanings", run("status", "--con", "x"), USAGE, "can be --config or --config-dir")
    case("an option without its value", run("check", good, "--config-dir"), USAGE, "--config-dir needs a value")
    case("a value nearly right", run("replay", "--counting", "naturalday", "-"), USAGE,
         "did you mean natural-day?")
    case("an action nearly right", run("list", "audti"), USAGE, "did you mean audit?")
    case("a plan's name nearly right", run("replay", "--plan", "hetang2024", "--config-dir", CONFIG, "-"), BAD_CONFIG,
         "hetang2024: is not found: did you mean hetang-2024?")
    case("help", run("--help"), OK, "check")
    case("help of check", run("check", "--help"), OK, "--config-dir")
    case("version", run("--version"), OK, "hazewatch ")
    names = re.findall(r"^  ([a-z][a-z0-9]+) ", "\n".join(run("--help")[1]), re.MULTILINE)
    tap.case("every subcommand tells the version",
             [name for name in names if run(name, "--version")[1] != run("--version")[1]])
    tap.case("every subcommand refuses in one line that begins with its name, and names its --help",
             [f"{name}: {said}" for name in names for said in [run(name, "--no-such-option")] if said[0] != USAGE or
              said[1] or len(said[2]) != 1 or not said[2][0].startswith(f"hazewatch {name}: ") or
              f"hazewatch {name} --help" not in said[2][0]])
    full = ([name, "--help"] for name in names)
    tap.case("what cannot be printed is 74, with a reason",
             [f"{' '.join(words)}: {told}" for words in (["--help"], ["check", "--config-dir", CONFIG, EXAMPLE], *full)
              for told in [into_full(*words)] if told[0] != 74 or "the output cannot be written: No space" not in told[1]])
    case("a file that is not there", check("/nonexistent.yaml"), NO_INPUT,
         "/nonexistent.yaml: cannot be read: No such file or directory")
    case("a folder", check("/etc"), NO_INPUT, "/etc: is a folder, not a file")
    case("a problem weighs more than a missing file", check("/nonexistent.yaml", bad), BAD_CONFIG,
         "required key id is missing")
    case("a good file beside a broken one is told good", check(bad, good), BAD_CONFIG,
         f"{good}: profile: ok")
    case("standard input", run("check", "-", given=b"kind: plam\n"), BAD_CONFIG,
         "-:1:7: kind: plam is not one of")
    again = check(bad, bad)
    tap.case("a file given twice is told once",
             [line for line in set(again[2]) if again[2].count(line) > 1])


def shipped(tap):
    for path in sorted(glob.glob(CONFIG + "/*.yaml") + glob.glob(CONFIG + "/*/*.yaml")):
        code, out, err, _ = check(path)
        good = code == OK and out and re.fullmatch(re.escape(path) + ": .*: ok", out[0])
        tap.case(f"{os.path.relpath(path, SOURCE)} is good", [] if good else err + [f"exit {code}"])
    out = check(EXAMPLE)[1]
    read = ("aqi/hj633-2026", "plans/hetang-2024", "calendars/china", "outlook/beijing-2015", "profiles/generic-six")
    wanted = [f"{EXAMPLE}: station hetang-01: ok", *(f"  reads {CONFIG}/{name}.yaml" for name in read),
              "  bus field-1: tcp 192.0.2.10 port 502",
              "    sensor roof: unit 1, profile generic-six, every 10 s, 6 registers in 1 request",
              "      no identity register: another device at its address is not noticed",
              "      function 3, address 0, 6 registers", "    0.10 requests a second"]
    tap.case("the example's read plan is shown", [] if out[:len(wanted)] == wanted else out)
    tap.case("its broker is shown", [] if "  mqtt: broker.example port 1883" in out else out)
    left = [line.split(": ", 1)[1] for line in check(EXAMPLE)[2]]
    said = "warning: host: {} is an example of the documents, and nobody's; write the right one"
    tap.case("the example values that are left in place are told",
             [] if left == [said.format("192.0.2.10"), said.format("broker.example")] else left)


def everything(tap):
    """What the example has behind # may be uncommented, all of it at once, where a logger stands in roof's place."""
    with open(EXAMPLE, encoding="utf-8") as file:
        text = "".join(file.readlines()[2:])
    text = re.sub(r"^( *)# (?!rtu:)", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^  - id: roof\n(    .*\n)+", "", text, flags=re.MULTILINE)
    code, out, err, _ = check(put("everything.yaml", text))
    told = "\n".join(out)
    named = all(word in told for word in ("logger-1", "mast", "city", "outlook/beijing-2015"))
    only = [line for line in err if not EXAMPLE_LEFT.search(line)]
    tap.case("all that the example has behind # holds together", [] if code == OK and named and not only else out + err)
    tap.case("a platform's example host is told", [] if any("platform.example is" in line for line in err) else err)


def secrets(tap):
    """A password of HJ 212 in a file as of the manual's, root's with the daemon's group, is good; everybody's is told."""
    hj212 = "hj212: {platforms: [{name: p, host: a, port: 1, mn: '1', profile: gb-2017, password_file: %s}]}\n"
    buses = "buses: [{id: b, tcp: {host: a}}]\nsensors: [{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 10}]\n"
    secret = put("city.pass", "123456\n")
    station = put("secrets.yaml", STATION + buses.replace("host: a", "host: 127.0.0.1") + hj212 % secret)
    for mode, told in ((0o600, False), (0o640, False), (0o644, True)):
        os.chmod(secret, mode)
        code, out, err, _ = check(station)
        wrong = code != OK or told != any(f"is open to everybody on this machine (mode {mode:04o})" in line for line in err)
        tap.case(f"a platform's password of mode {mode:04o} is {'told' if told else 'good'}", err + out if wrong else [])


def confirmed(tap):
    """Where a PUBACK proves little the platform's word is asked for."""
    buses = "buses: [{id: b, tcp: {host: 192.0.2.1}}]\n" \
        "sensors: [{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 10}]\n"
    advice = {"{host: a}": 1, "{host: a, version: auto}": 2, "{host: a, confirm: platform}": 0,
              "{hosts: [{host: a}, {host: b}], version: auto, confirm: platform}": 0}
    for mqtt, times in advice.items():
        code, out, err, _ = check(put("confirm.yaml", f"{STATION}{buses}mqtt: {mqtt}\n"))
        text = "\n".join(out)
        good = code == OK and text.count("confirm: platform is needed") == times
        tap.case(f"with {mqtt} confirm: platform is named {times} times", [] if good else out + err)


def serial(tap):
    path = put("serial.yaml", STATION + "buses: [{id: b, rtu: {device: /dev/ttyS0, baud: 9600}}]\n"
               "sensors: [{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 0.5}]\n")
    code, out, err, _ = check(path)
    # request 8 and answer 5 + 12 characters of 10 bits, and twice 3.5 characters of silence
    # but before the request it is 5 ms at the least
    ms = (8 + 5 + 12 + 3.5) * 10 / 9.6 + 5
    wanted = [f", {ms:.1f} ms on the line", f"line load {ms / 5:.1f} %"]
    text = "\n".join(out)
    tap.case("the load of a serial line is shown",
             err + [f"no '{part}' in: {text}" for part in wanted if part not in text])
    tap.case("a serial line is good", [] if code == OK else [f"exit code {code}"])
    path = put("busy.yaml", STATION + "buses: [{id: b, rtu: {device: /dev/ttyS0, baud: 1200}}]\n"
               "sensors: [{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 0.3}]\n")
    code, out, err, _ = check(path)
    tap.case("a line that is nearly full is allowed and named",
             err if code != OK else [] if "little is left" in "\n".join(out) else out)


def main():
    tap = Tap()
    for part in (written_files, doubted_files, in_chinese, no_text, too_much, too_many, cut, usage, shipped,
                 everything, secrets, confirmed, serial):
        part(tap)
    tap.done()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="hazewatch-broken-") as SCRATCH:
        main()
