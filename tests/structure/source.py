# SPDX-License-Identifier: MIT
"""What the structure tests share: the files of the project, C without comments, and TAP."""
import os
import re
import subprocess
import sys

ROOMS = ("rules", "sensors", "storage", "daemon")
ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def project_files():
    """Every file that is in git or about to be; without git, all but build folders."""
    command = ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z", "-co",
               "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout
        paths = [path for path in listed.decode().split("\0") if path]
    except (OSError, subprocess.CalledProcessError):
        paths = list(walked_files())
    return sorted(path for path in paths if os.path.isfile(os.path.join(ROOT, path)))


def walked_files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders
                      if name not in (".git", "__pycache__") and not name.startswith("build")]
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), ROOT)


def room_of(path):
    return path.split("/")[0] if "/" in path else ""


def c_files(*folders):
    """The .c and .h files below some folders; without folders, of the rooms and tests/."""
    folders = folders or ROOMS + ("tests",)
    return [path for path in project_files()
            if path.endswith((".c", ".h")) and room_of(path) in folders]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


_COMMENT_OR_TEXT = re.compile(
    r'/\*.*?\*/|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def bare_c(text):
    """C with comments blanked and literals emptied; every line keeps its number."""
    def blank(match):
        found = match.group(0)
        return '""' if found[0] == '"' else "' '" if found[0] == "'" else \
            " " + "\n" * found.count("\n")
    return _COMMENT_OR_TEXT.sub(blank, text)


def is_english(line):
    """True if what a person is told in Chinese has no word of it, or a row of English ones; what
    stands in quotes is somebody's file."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", line)
    return not re.search("[\u4e00-\u9fff]", bare) or \
        bool(re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", bare))


class Tap:
    """Prints TAP; a case's name is a sentence, what is wrong follows as comments."""

    def __init__(self):
        self.count = self.failures = 0

    def case(self, name, wrong):
        """`wrong` lists what contradicts the name; empty means the case passed."""
        self.count += 1
        wrong = list(wrong)
        self.failures += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in wrong:
            print(f"#   {line}")

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failures else 0)
