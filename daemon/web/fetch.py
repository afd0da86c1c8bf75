# SPDX-License-Identifier: MIT
"""Fetches what the page is made with, exactly what the lock file names, and the licences of all of
it, which are bundled in the files.

usage: fetch.py NPM SOURCE-FOLDER OUT-FOLDER
"""
import os
import shutil
import subprocess
import sys
import tempfile

TESTED_WITH = "axe-core"  # not shipped
FILES = ("axe-core/axe.min.js", "mqtt/dist/mqtt.min.js", "uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css")


def licences(modules):
    """Every package's own, under its name."""
    for folder, folders, files in sorted(os.walk(modules)):
        folders.sort()
        if "package.json" not in files or not os.path.dirname(folder).rpartition("/")[2].startswith(
                ("node_modules", "@")):
            continue
        if folder.endswith(TESTED_WITH):
            continue
        for name in sorted(files):
            if name.lower().startswith(("license", "licence", "copying")):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    yield f"{os.path.relpath(folder, modules)}\n\n{file.read().strip()}\n\n{'-' * 72}\n"


def main():
    npm, source, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as work:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(source, name), work)
        done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                               "--loglevel=error"], cwd=work, check=False)
        if done.returncode != 0:
            sys.exit("dashboard: npm could not fetch what package-lock.json names; without a network"
                     " build with -Ddashboard=disabled")
        modules = os.path.join(work, "node_modules")
        for name in FILES:
            shutil.copy(os.path.join(modules, name), out)
        with open(os.path.join(out, "LICENCES"), "w", encoding="utf-8") as file:
            file.write("\n".join(licences(modules)))


main()
