#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every subcommand speaks both languages: its help, what check shows, and how it refuses.

usage: spoken.py HAZEWATCH CATALOGUES [--write]
"""
import os
import re
import subprocess

from scene import CATALOGUES, CONFIG, HAZEWATCH, golden, too_wide
from source import Tap

LANGUAGES = {"en": {}, "zh": {"LANGUAGE": "zh_CN"}}
CHINESE = re.compile("[\u4e00-\u9fff]")
STATION = os.path.join(CONFIG, "hazewatch.yaml")
REFUSED = (("keys",), ("maintenance", "roof"), ("export", "air"), ("list", "weigh"), ("nothing",), ("replay",),
           ("probe", "--unit", "1"), ("replay", "--gap", "x", "-"), ("sign",))

BROKEN = ("station-many.yaml", "station-unknown-key.yaml", "station-tab-indent.yaml", "station-duplicate-key.yaml")


def run(environment, *arguments):
    kept = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TEXTDOMAINDIR": CATALOGUES}
    return subprocess.run([HAZEWATCH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, timeout=60, cwd=os.path.dirname(CONFIG), env=kept | environment)


def check_help(tap, language, environment):
    known = re.findall(r"^  ([a-z][a-z0-9]+) ", run(environment, "--help").stdout, re.MULTILINE)
    helps = {name: run(environment, name, "--help").stdout for name in ["--help", *known]}
    tap.case(f"each help is there and fits into 80 columns ({language})",
             [line for text in helps.values() for line in too_wide(text)] +
             [name for name, text in helps.items() if not text] + ([] if len(known) > 12 else known))
    tap.case(f"each help is in its language ({language})",
             [name for name, text in helps.items()
              if bool(CHINESE.search(text)) != (language == "zh") or ("Usage:" in text) != (language == "en")])


def check_words(tap, language, environment):
    printed = run(environment, "check", "--config-dir", CONFIG, STATION).stdout.replace(STATION, "STATION").replace(CONFIG, "CONFIG")
    for name in BROKEN:
        path = os.path.join(os.path.dirname(CONFIG), "tests", "broken", name)
        printed += run(environment, "check", "--config-dir", CONFIG, path).stderr.replace(path, name)
    for arguments in REFUSED:
        done = run(environment, *arguments)
        printed += f"== {' '.join(arguments)}\n{done.stderr.splitlines()[0]}\n"
    tap.case(f"what check shows and how commands refuse is that of spoken-{language}.txt",
             golden(f"spoken-{language}.txt", printed))


def main():
    tap = Tap()
    for language, environment in LANGUAGES.items():
        check_help(tap, language, environment)
        check_words(tap, language, environment)
    tap.done()


if __name__ == "__main__":
    main()
