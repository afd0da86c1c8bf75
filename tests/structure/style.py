#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The form of the files: formatting, licence lines, names of functions, no private paths."""
import os
import re
import shutil
import subprocess

from sizes import outer_chunks, parameter_list, without_attributes, without_preprocessor
from source import ROOMS, ROOT, Tap, bare_c, c_files, project_files, read

# Put together here so that this file does not name them.
PRIVATE = re.compile(r"(?<![\w}])/(" + "|".join(("work", "root", r"home/\w+")) + r")/\w")
LOOPBACK = "local" + "host"
# Files that are wrong on purpose, or data.
AS_THEY_ARE = ("tests/broken/", "tests/data/", "tests/fuzz/corpus/")


def clang_format():
    """The path of clang-format 14, or None and why."""
    for name in ("clang-format-14", "clang-format"):
        path = shutil.which(name)
        if path and re.search(r"version 14\.", subprocess.run(
                [path, "--version"], capture_output=True, text=True, check=True).stdout):
            return path
    return None


def check_format(tap):
    program = clang_format()
    for folder in ROOMS + ("tests",):
        name = f"{folder}/ is formatted as .clang-format says"
        files = c_files(folder)
        if not program:
            tap.skip(name, "clang-format 14 is not installed")
            continue
        printed = subprocess.run([program, "--dry-run", "-Werror"] + files, cwd=ROOT,
                                 capture_output=True, text=True, check=False)
        wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", printed.stderr, re.MULTILINE)))
        tap.case(name, wrong or printed.stderr.splitlines() if printed.returncode else [])


def text_files():
    for path in project_files():
        text = read(path)
        if "\0" not in text:
            yield path, text


def private_paths():
    for path, text in text_files():
        for number, line in enumerate(text.splitlines(), 1):
            if PRIVATE.search(line):
                yield f"{path}:{number}: {PRIVATE.search(line).group(0)}"


def untidy():
    for path, text in text_files():
        if path.startswith(AS_THEY_ARE) or not text:
            continue
        if not text.endswith("\n"):
            yield f"{path}: its last line has no end"
        for number, line in enumerate(text.split("\n"), 1):
            if line != line.rstrip():
                yield f"{path}:{number}: blanks at the end"


def unlicensed():
    """A licence line first, or second where a #! must be first."""
    for path in project_files():
        name = os.path.basename(path)
        if path.endswith((".c", ".h", ".py", ".sh", ".sql")) or name == "meson.build" or \
                path == ".ci/run":
            lines = read(path).splitlines()[:2]
            first = lines[1:] if lines and lines[0].startswith("#!") else lines[:1]
            if not any("SPDX-License-Identifier: MIT" in line for line in first):
                yield path


def named_loopback():
    """A chroot's /etc/hosts may not have the name, or have it as ::1."""
    for path in project_files():
        if path.startswith(("tests/", "systemd/", "demo.sh")) and path.endswith((".py", ".sh")):
            for number, line in enumerate(read(path).splitlines(), 1):
                if LOOPBACK in line and "no name is looked up" not in line:
                    yield f"{path}:{number}: {line.strip()}"


def check_test_names(tap):
    short, idle = [], []
    for path in c_files("tests"):
        text = bare_c(read(path))
        for name in re.findall(r"^START_TEST\((\w+)\)", text, re.MULTILINE):
            if len([word for word in name.split("_") if word]) < 3:
                short.append(f"{path}: {name}")
            if len(re.findall(rf"\b{name}\b", text)) < 2:
                idle.append(f"{path}: {name}")
    tap.case("the name of every unit test is a sentence of three words or more", short)
    tap.case("every unit test that is written is also run", idle)


def statics(path):
    """(line, name) of every static function that a file defines or announces."""
    text = without_attributes(without_preprocessor(bare_c(read(path))))
    for start, opened, _ in outer_chunks(text):
        found = parameter_list(text[start:opened])
        if found and re.search(r"\bstatic\b", text[start:opened]):
            yield text.count("\n", 0, start + found[2]) + 1, found[0]


def check_static_names(tap):
    """A public function's module says what `take` takes; a static one has to say it itself."""
    found = [(path, line, name) for path in c_files(*ROOMS) for line, name in statics(path)]
    tap.case("the name of every static function is a verb and its object, two words or more",
             (f"{path}:{line}: {name}" for path, line, name in found
              if len([word for word in name.split("_") if word]) < 2))
    tap.case("static functions were seen in every room",
             (room for room in ROOMS
              if not any(path.startswith(room + "/") for path, _, _ in found)))


def main():
    tap = Tap()
    check_format(tap)
    tap.case("every source file opens with its licence", unlicensed())
    tap.case("no file names a path of somebody's machine", private_paths())
    tap.case("no test stands on a name for 127.0.0.1", named_loopback())
    tap.case("no line ends in blanks and every file ends with a line end", untidy())
    check_test_names(tap)
    check_static_names(tap)
    tap.done()


if __name__ == "__main__":
    main()
