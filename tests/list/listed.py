# SPDX-License-Identifier: MIT
"""Runs `hazewatch list` for the tests.

usage of each test: TEST.py HAZEWATCH [HAZEWATCHD]
"""
import os
import subprocess
import sys

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
for folder in ("oracle", "structure"):
    sys.path.append(os.path.join(ROOT, "tests", folder))

HAZEWATCH = os.path.abspath(sys.argv[1])
CONFIG = os.path.join(ROOT, "config")
SAMPLE = os.path.join(CONFIG, "list", "sample-district.csv")
WHOLE = os.path.join(CONFIG, "list", "sample-denominator.csv")
CHINESE = {"LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN",
           "TEXTDOMAINDIR": os.path.join(os.path.dirname(HAZEWATCH), "po")}
TEMPLATE = os.path.join(CONFIG, "list", "template.csv")


def run(*arguments, data=b"", **options):
    """`hazewatch list` with bytes on standard input; its output as text."""
    done = subprocess.run([HAZEWATCH, "list", *arguments], input=data, capture_output=True,
                          check=False, **options)
    done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
    return done


def audit(*arguments, data=b"", chinese=False):
    return run("audit", "--config-dir", CONFIG, *arguments, data=data,
               env=os.environ | (CHINESE if chinese else {}))


def content(path):
    with open(path, "rb") as file:
        return file.read()
