#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How every subcommand tells what went wrong: "hazewatch NAME: of what: why" or "FILE:LINE:COLUMN:
why", in both languages, and with the exit status that the others have for the same.

usage: errors.py HAZEWATCH CATALOGUES
"""
import os
import re
import subprocess
import tempfile

from scene import CATALOGUES, CONFIG, HAZEWATCH, Station
from source import Tap

NOBODY = 65534
ENGLISH = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TEXTDOMAINDIR": CATALOGUES}
CHINESE = ENGLISH | {"LANGUAGE": "zh_CN"}
# What each needs before it looks at the station.
GIVEN = ("--issuer", "x", "--document", "y", "--yes")
NEEDS = {
    "directive": ("--level", "red", "--start", "now", *GIVEN),
    "release": ("--number", "1", "--level", "red", "--signer", "x", "--yes"),
    "receipt": ("--ref", "d", "--unit", "eco", "--person", "x", "--outcome", "done", "--yes"),
    "forecast": ("--bulletin", "2026-01-13 80", "--source", "x", "--yes"),
    "dust": ("--from", "2026-01-12 06:00", "--to", "2026-01-12 07:00", "--source", "x", "--yes"),
    "review": ("--from", "2026-01-12 06:00", "--to", "2026-01-12 07:00", "--pollutants", "pm25", "--action",
               "invalidate", "--reason", "x", "--reviewer", "y", "--yes"),
    "list": ("show",), "report": ("1",), "read": ("roof",), "export": ("hours",), "import": ("-",),
    "maintenance": ("roof", "--end"), "outlook": ("score",), "keys": ("reset", "city"),
}
READERS = ("status", "history", "events", "directives", "orders", "forecasts", "report", "list", "slip", "export")
CSV = "hour,pm25_ug_m3,pm10_ug_m3,so2_ug_m3,no2_ug_m3,co_mg_m3,o3_ug_m3\n2026-01-10T08:00:00+08:00,35,60,8,30,0.9,70\n"


def run(words, environment, **options):
    return subprocess.run([HAZEWATCH, *words], input=CSV, capture_output=True, text=True, check=False, timeout=60,
                          env=environment, **options)


def subcommands():
    printed = run(["--help"], ENGLISH).stdout
    return re.findall(r"^  (\w+) +\S", printed, re.MULTILINE)


def strange(done, name, folder):
    """Lines that are in no style."""
    own = re.compile(rf"hazewatch {name}: \S")
    file = re.compile(re.escape(folder) + r"[^:\n]*(?::\d+:\d+)?: \S")
    lines = done.stderr.splitlines()
    return [line for at, line in enumerate(lines)
            if not (own.match(line) or file.match(line) or (at > 0 and line.startswith("  ")))]


def check(tap, about, name, words, folder, codes, says=(), **options):
    """In both languages."""
    wrong = []
    for environment in (ENGLISH, CHINESE):
        done = run([name, *words], environment, **options)
        if done.returncode not in codes:
            wrong.append(f"exit status {done.returncode}: {done.stderr}")
        if not done.stderr:
            wrong.append("nothing was told")
        wrong += strange(done, name, folder)
        if environment is ENGLISH:
            wrong += [f"{text!r} is not said: {done.stderr}" for text in says if text not in done.stderr]
    tap.case(f"{name}: {about}", wrong)


def place(name, folder, file):
    if name in ("export", "import"):
        return "--dir", os.path.join(folder, "data" if file == "station.yaml" else file)
    if name == "list" or name not in ("maintenance", "keys"):
        return "--config", os.path.join(folder, file), "--config-dir", CONFIG
    return "--socket", os.path.join(folder, file)


def main():
    tap = Tap()
    names = subcommands()
    with tempfile.TemporaryDirectory() as folder:
        station = Station(folder).close()
        os.chmod(folder, 0o755)
        tap.case("hazewatch names its subcommands", [] if len(names) > 20 and set(NEEDS) <= set(names) else [str(names)])
        for name in names:
            check(tap, "an option that nobody knows", name, [*(NEEDS[name][:1] if name in ("list", "keys") else ()), "--nonsense"], folder, (64,),
                  ("--nonsense is not an option", f"(hazewatch {name} --help tells more)"))
        for name in (each for each in names if each not in ("check", "init", "probe", "replay", "sign", "import", "hj212")):
            codes = {"export": (66,), "maintenance": (69,), "keys": (69,)}.get(name, (78,))
            check(tap, "a file that is not there", name, [*NEEDS.get(name, ()), *place(name, folder, "none")], folder,
                  codes)
        for name in ("directive", "release", "receipt", "forecast", "dust", "review"):
            check(tap, "no daemon", name, [*NEEDS[name], *place(name, folder, "station.yaml")], folder, (69,))
        for name in ("check", "replay", "sign", "hj212"):
            none = os.path.join(folder, "none")
            words = {"check": (none,), "replay": ("--config-dir", CONFIG, none),
                     "hj212": ("decode", "--config-dir", CONFIG, none),
                     "sign": ("--key", none, "--name", "x", "--topic", "x", none)}
            check(tap, "a file that is not there", name, words[name], folder, (66,))
        check(tap, "a folder that is not there", "import", ("--config-dir", CONFIG, "--dir", folder + "/no/where", "-"),
              folder, (66,), ("is " + folder + "/no/where the station's folder?",))
        if os.geteuid() != 0:
            tap.skip("a database that this user may not read", "only root can be somebody else")
        else:
            os.chmod(station.data, 0o700)
            for name in (*READERS, "import"):
                if name == "status":
                    continue  # shows what can be shown; told.py
                check(tap, "a database that this user may not read", name,
                      [*NEEDS.get(name, ()), *place(name, folder, "station.yaml"),
                       *(("--config-dir", CONFIG) if name == "import" else ())], folder, (77,), ("usermod",),
                      user=NOBODY, group=NOBODY, extra_groups=[])
        for file in ("state.db", "samples.db", "lock"):
            os.remove(os.path.join(station.data, file))
        for name in READERS:
            check(tap, "there is no database", name, [*NEEDS.get(name, ()), *place(name, folder, "station.yaml")],
                  folder, (66,), () if name == "status" else ("hazewatchd makes its databases",))
        for name in names:
            with open("/dev/full", "w", encoding="ascii") as full:
                done = subprocess.run([HAZEWATCH, name, "--help"], stdout=full, stderr=subprocess.PIPE, text=True,
                                      check=False, env=ENGLISH)
            tap.case(f"{name}: an output that takes nothing", strange(done, name, folder) +
                     ([] if done.returncode == 74 else [str(done)]))
    tap.done()


if __name__ == "__main__":
    main()
