#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""meson install: every file where Debian expects it, and what is installed works by itself.

usage: check_install.py BUILD-ROOT SOURCE-ROOT PREFIX
"""
import glob
import gzip
import json
import os
import re
import shutil
import stat
import sys
import tempfile

from tap import Tap, expect_status, run

BUILD, SOURCE = map(os.path.abspath, sys.argv[1:3])
PREFIX = sys.argv[3]
PROGRAMS = ("/usr/bin/hazewatch", "/usr/sbin/hazewatchd")
PAUSE = "/usr/libexec/hazewatch/restart-pause"
DATA = "/usr/share/hazewatch"
BAD_CONFIG = 78
# Chinese and the boxes of tables need UTF-8
UTF8 = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANPAGER": "cat"}


def manual_pages():
    """{installed path: its source}; the section is the last part of a page's name."""
    pages = {}
    for path in glob.glob(os.path.join(SOURCE, "*", "*.[1-8].scd")):
        name = os.path.basename(path)[:-len(".scd")]
        pages[f"/usr/share/man/man{name[-1]}/{name}.gz"] = path
    return pages


def has_dashboard():
    with open(os.path.join(BUILD, "meson-info", "intro-buildoptions.json"), encoding="utf-8") as file:
        return any(each["name"] == "dashboard" and each["value"] == "enabled" for each in json.load(file))


def copies():
    """{installed path: the file of the source that it is a copy of}"""
    files = {
        "/lib/systemd/system/hazewatchd.service": "systemd/hazewatchd.service",
        "/lib/systemd/system/hazewatch-report.service": "systemd/hazewatch-report.service",
        "/lib/systemd/system/hazewatch-report.timer": "systemd/hazewatch-report.timer",
        "/lib/udev/rules.d/60-hazewatch.rules": "systemd/hazewatch.udev",
        "/usr/lib/sysusers.d/hazewatch.conf": "systemd/hazewatch.sysusers",
        "/usr/share/bash-completion/completions/hazewatch": "systemd/hazewatch.completion",
        "/usr/lib/systemd/catalog/hazewatch.catalog": "systemd/hazewatch.catalog",
        "/usr/lib/systemd/catalog/hazewatch.zh_CN.catalog": "systemd/hazewatch.zh_CN.catalog",
        PAUSE: "systemd/restart-pause.sh",
        "/usr/share/doc/hazewatch/LICENSE": "LICENSE",
        "/usr/share/doc/hazewatch/README.md": "README.md",
        "/usr/share/doc/hazewatch/README.zh.md": "config/README.zh.md",
        f"{DATA}/hazewatch.yaml": "config/hazewatch.yaml",
    }
    for folder in ("aqi", "calendars", "hj212", "outlook", "plans", "profiles"):
        for path in glob.glob(os.path.join(SOURCE, "config", folder, "*.yaml")):
            files[f"{DATA}/{folder}/{os.path.basename(path)}"] = path
    for folder, pattern, there in (("list", "*.csv", f"{DATA}/list"),
                                   ("records", "*.csv", f"{DATA}/records"),
                                   ("mqtt", "*.json", f"{DATA}/mqtt"),
                                   ("mosquitto", "*", "/usr/share/doc/hazewatch/mosquitto"),
                                   ("brokers", "*", "/usr/share/doc/hazewatch/brokers"),
                                   ("list", "words.yaml", f"{DATA}/list"),
                                   ("records", "layouts.yaml", f"{DATA}/records")):
        for path in glob.glob(os.path.join(SOURCE, "config", folder, pattern)):
            files[f"{there}/{os.path.basename(path)}"] = path
    if has_dashboard():
        for name in os.listdir(os.path.join(SOURCE, "daemon", "web")):
            if name.endswith((".html", ".css", ".js")):
                files[f"{DATA}/dashboard/{name}"] = os.path.join("daemon", "web", name)
        for name in ("mqtt.min.js", "uPlot.iife.min.js", "uPlot.min.css", "LICENCES"):
            files[f"{DATA}/dashboard/{name}"] = os.path.join(BUILD, "daemon", "web", name)
    for path in glob.glob(os.path.join(SOURCE, "systemd", "dropins", "*.conf")):
        name = os.path.basename(path)
        files[f"/usr/share/doc/hazewatch/examples/hazewatchd.service.d/{name}"] = path
    return {there: os.path.join(SOURCE, here) for there, here in files.items()}


def installed(root):
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.join(folder, name)[len(root):]


def catalogues():
    """One of each language, made by the build."""
    with open(os.path.join(SOURCE, "daemon", "po", "LINGUAS"), encoding="ascii") as file:
        return {f"/usr/share/locale/{language}/LC_MESSAGES/hazewatch.mo"
                for language in file.read().split()}


def content(path):
    with open(path, "rb") as file:
        return file.read()


def check_places(tap, root):
    expected = {*PROGRAMS, *copies(), *manual_pages(), *catalogues()}
    found = set(installed(root))
    tap.case("meson install puts every file where Debian expects it, and no other",
             [f"missing: {path}" for path in sorted(expected - found)] +
             [f"not expected: {path}" for path in sorted(found - expected)])
    tap.case("what is not a program is installed as it is in the source",
             [there for there, here in copies().items()
              if there in found and content(root + there) != content(here)])
    wrong = []
    for path in sorted(found):
        mode = stat.S_IMODE(os.stat(root + path).st_mode)
        if mode != (0o755 if path in (*PROGRAMS, PAUSE) else 0o644):
            wrong.append(f"{path}: mode {mode:o}")
    tap.case("programs may be run and files read by everybody, and written by their owner", wrong)


def check_manual(tap, root):
    rendered = "man renders every installed page without a warning"
    found = "every installed page has a name and a summary for apropos"
    if not shutil.which("man") or not shutil.which("lexgrog"):
        tap.skip(rendered, "man-db is not installed")
        tap.skip(found, "man-db is not installed")
        return
    warnings, nameless = [], []
    for there in sorted(manual_pages()):
        name = os.path.basename(there)[:-len(".gz")]
        # a plain file: man's own helper may not be allowed to read where the test writes
        page = os.path.join(root, name)
        with open(page, "wb") as file:
            file.write(gzip.decompress(content(root + there)))
        status, printed = run("man", "--warnings", "-l", page, env=UTF8)
        said = [line for line in printed if re.search(r"warning:|warning \[|error:", line)]
        if status != 0 or said or len(printed) < 20:
            warnings += [f"{name}: {line}" for line in said] + [f"{name}: exit status {status}"]
        status, printed = run("lexgrog", page, env=UTF8)
        if status != 0 or f'"{name[:-2]} - ' not in "\n".join(printed):
            nameless += [f"{name}: {line}" for line in printed]
        os.unlink(page)
    tap.case(rendered, warnings)
    tap.case(found, nameless)


def check_alone(tap, root, empty):
    """In a folder where nothing lies about, with the installed data only."""
    program, data = root + PROGRAMS[0], root + DATA
    for path in sorted(glob.glob(f"{data}/*.yaml") + glob.glob(f"{data}/*/*.yaml")):
        result = run(program, "check", "--config-dir", data, path, cwd=empty)
        wrong = expect_status(result, 0)
        if not wrong and not re.match(re.escape(path) + r": .*: ok$", "\n".join(result[1][:1])):
            wrong = result[1]
        tap.case(f"the installed hazewatch accepts {path[len(root):]}", wrong)
    result = run(program, "list", "audit", "--config-dir", data, f"{data}/list/sample-district.csv",
                 "--denominator", f"{data}/list/sample-denominator.csv", cwd=empty)
    tap.case("the installed hazewatch audits the installed sample, which misses two of its goals",
             expect_status(result, 1))
    # so that it is known where the example's plan was read from
    plan = f"{data}/plans/hetang-2024.yaml"
    with open(plan, "a", encoding="utf-8") as file:
        file.write("colour: blue\n")
    result = run(program, "check", "--config-dir", data, f"{data}/hazewatch.yaml", cwd=empty)
    wrong = expect_status(result, BAD_CONFIG)
    if not any(line.startswith(plan + ":") for line in result[1]):
        wrong += ["no problem in the plan that was spoiled", *result[1]]
    tap.case("the example's plan is read from the installed folder", wrong)
    for path in PROGRAMS:
        result = run(root + path, "--version", cwd=empty)
        wrong = expect_status(result, 0)
        if not re.fullmatch(os.path.basename(path) + r" \d+\.\d+\.\d+", "\n".join(result[1])):
            wrong += result[1]
        tap.case(f"{path} runs and tells its version", wrong)


def complete(root, *words):
    """What bash would offer for the last of these words."""
    script = (f". {root}/usr/share/bash-completion/completions/hazewatch; COMP_WORDS=(\"$@\"); "
              "COMP_CWORD=$(($# - 1)); _hazewatch; printf '%s\\n' \"${COMPREPLY[@]}\"")
    return run("bash", "-c", script, "bash", root + PROGRAMS[0], *words)[1]


def check_completion(tap, root):
    told = run(root + PROGRAMS[0], "--help")[1]
    names = {match.group(1) for line in told if (match := re.match(r"  ([a-z][a-z0-9-]+) +\S", line))}
    offered = set(complete(root, ""))
    tap.case("bash completes every subcommand that the program has, and no other",
             sorted(names ^ (offered - {"--help", "--version"})) or ([] if names else told))
    offered = complete(root, "replay", "--p")
    tap.case("bash completes the options of a subcommand",
             [] if "--plan" in offered and "--csv" not in offered else offered)
    for words, wanted in ((("list", ""), ["audit", "card", "import", "show"]), (("hj212", ""), ["decode"]), (("keys", ""), ["reset"]),
                          (("list", "s"), ["show"]), (("slip", "--language", ""), ["en", "zh"]),
                          (("check", ""), [""])):
        offered = sorted(complete(root, *words))
        tap.case(f"bash completes {' '.join(words)}", [] if offered == wanted else offered)


def main():
    tap = Tap()
    if PREFIX != "/usr":
        tap.skip("meson install puts every file where Debian expects it", f"the prefix is {PREFIX}")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="hazewatch-install-") as folder:
        root, empty = os.path.join(folder, "root"), os.path.join(folder, "empty")
        os.mkdir(empty)
        result = run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", root)
        if result[0] != 0:
            tap.case("meson install succeeds", result[1])
        else:
            check_places(tap, root)
            check_manual(tap, root)
            check_completion(tap, root)
            check_alone(tap, root, empty)
    tap.done()


if __name__ == "__main__":
    main()
