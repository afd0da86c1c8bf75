#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch watch on a terminal: tmux plays it, in several sizes and both languages.

usage: screen.py HAZEWATCH CATALOGUES
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import scenes
from scene import CATALOGUES, CONFIG, HAZEWATCH, too_wide
from scenes import READINGS, daemon
from source import Tap

PATIENCE_S = 60
LANGUAGES = {"en": "q quits", "zh_CN": "按 q 退出"}
PURPLE_256, MAROON_256 = "48;5;89", "38;5;88"  # of the edition: 99004C, 7E0023


def read(path):
    """What is there so far."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def wait_for(condition):
    """The first true value of the condition, or its last one."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.05)


class Terminal:
    """A tmux of its own with a shell in it, in which the command runs."""

    def __init__(self, station, width, height, **environment):
        self.folder = tempfile.mkdtemp(dir=station.folder)
        self.socket = os.path.join(self.folder, "tmux")
        kept = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        self.environment = kept | {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SHELL": "/bin/sh",
                                   "TEXTDOMAINDIR": CATALOGUES, "HOME": self.folder, "PS1": "$ "} | environment
        script = os.path.join(self.folder, "run")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f'trap : INT HUP QUIT\nstty -a >{self.folder}/before\necho begun\n'
                       f'sh -c \'echo $$ >{self.folder}/pid; exec {HAZEWATCH} watch --config'
                       f' {station.folder}/station.yaml --config-dir {CONFIG}\'\n'
                       f'echo "ended $?"\nstty -a >{self.folder}/after\nexec cat\n')
        self.tmux("new-session", "-d", "-x", str(width), "-y", str(height), "exec sh " + script)

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-S", self.socket, "-f", "/dev/null", "-u", *arguments],
                              capture_output=True, text=True, check=False, env=self.environment)
        return done.stdout if done.returncode == 0 else done.stderr

    def shown(self, *options):
        return self.tmux("capture-pane", "-p", *options)

    def wait(self, words):
        """The screen that has these words, or the last one."""
        wait_for(lambda: words in self.shown())
        return self.shown()

    def watcher(self):
        """The process of the command."""
        with open(os.path.join(self.folder, "pid"), encoding="ascii") as file:
            return int(file.read())

    def was_restored(self):
        """What is wrong with the terminal after the end."""
        page = self.wait("ended")
        if "ended 0" not in page or "begun" not in page or "▇" in page:
            return [page]
        files = [os.path.join(self.folder, name) for name in ("before", "after")]
        wait_for(lambda: all(os.path.exists(path) and os.path.getsize(path) for path in files))
        before, after = (open(path, encoding="utf-8").read() for path in files)
        cursor = self.tmux("display-message", "-p", "#{cursor_flag} #{alternate_on}").strip()
        return ([] if before == after else [before, after]) + ([] if cursor == "1 0" else [cursor])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")


def whole(page, width, height, end):
    """What is wrong with a page of that size."""
    lines = page.rstrip("\n").split("\n")
    wrong = list(too_wide(page, width)) + [f"{len(lines)} lines"] * (len(lines) > height)
    rows = [name for name in ("PM2.5  371.2 N", "PM10", "SO2", "NO2", "CO", "O3", "AQI")
            if not any(line.startswith(name) for line in lines)]
    return wrong + rows + ([] if lines[-1] == end else [f"the last line is {lines[-1]!r}"])


def check_sizes(tap, station):
    for language, end in LANGUAGES.items():
        for width, height in ((60, 20), (80, 24), (200, 50)):
            with Terminal(station, width, height, LANGUAGE=language) as terminal:
                page = terminal.wait(end)
                wrong = whole(page, width, height, end)
                terminal.tmux("send-keys", "q")
                wrong += terminal.was_restored()
            tap.case(f"{width}x{height} in {language} shows everything, q restores the terminal", wrong)


def check_resize(tap, station):
    end = LANGUAGES["en"]
    with Terminal(station, 80, 24) as terminal:
        terminal.wait(end)
        for width, height in ((200, 50), (60, 20), (30, 8), (80, 24)):
            terminal.tmux("resize-window", "-x", str(width), "-y", str(height))
            if width < 60:
                cut = wait_for(lambda: terminal.shown().startswith("[EXERCISE] hetang-01"))
                tap.case("a terminal too small for all of it shows the upper left",
                         [] if cut else [terminal.shown()])
                continue
            wrong = wait_for(lambda w=width, h=height: not whole(terminal.shown(), w, h, end))
            tap.case(f"after a resize to {width}x{height} the page fills it anew",
                     [] if wrong else whole(terminal.shown(), width, height, end))
        terminal.tmux("send-keys", "q")
        tap.case("after all that the terminal is restored", terminal.was_restored())


def check_ends(tap, station):
    for name, number in (("Ctrl-C", None), ("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP),
                         ("Ctrl-\\", None), ("SIGQUIT", signal.SIGQUIT)):
        with Terminal(station, 80, 24) as terminal:
            terminal.wait(LANGUAGES["en"])
            if number is None:
                terminal.tmux("send-keys", "C-" + ("c" if name == "Ctrl-C" else "\\"))
            else:
                os.kill(terminal.watcher(), number)
            tap.case(f"{name} ends it and restores the terminal", terminal.was_restored())


def is_stopped(process):
    with open(f"/proc/{process}/stat", encoding="utf-8") as file:
        return file.read().rpartition(")")[2].split()[0] == "T"


def check_stop(tap, station):
    """The shell of the test has no jobs: only the signals are played."""
    with Terminal(station, 80, 24) as terminal:
        terminal.wait(LANGUAGES["en"])
        watcher = terminal.watcher()
        os.kill(watcher, signal.SIGTSTP)
        left = wait_for(lambda: "begun" in terminal.shown())
        wait_for(lambda: is_stopped(watcher))  # it leaves the screen before it stops
        os.kill(watcher, signal.SIGCONT)
        back = LANGUAGES["en"] in terminal.wait(LANGUAGES["en"])
        terminal.tmux("send-keys", "q")
        tap.case("Ctrl-Z leaves the screen, going on takes it again",
                 ([] if left and back else [terminal.shown()]) + terminal.was_restored())


def check_colours(tap, station):
    with Terminal(station, 80, 24) as terminal:
        terminal.wait(LANGUAGES["en"])
        page = terminal.shown("-e")
        tap.case("the AQI stands on the colour of its category, the curves have theirs",
                 [] if PURPLE_256 in page and MAROON_256 in page else [page])
    with Terminal(station, 80, 24, COLORTERM="truecolor") as terminal:
        terminal.tmux("set-option", "-ga", "terminal-features", ",*:RGB")
        terminal.wait(LANGUAGES["en"])
        page = terminal.shown("-e")
        tap.case("a terminal of all colours has the edition's own",
                 [] if "48;2;153;0;76" in page and "38;2;126;0;35" in page else [page])
    with Terminal(station, 80, 24, NO_COLOR="1") as terminal:
        page = terminal.wait(LANGUAGES["en"])
        coloured = re.search(r"\033\[[0-9;]*[1-9][0-9;]*m", terminal.shown("-e"))
        tap.case("with NO_COLOR there is none, and the blocks remain",
                 [] if not coloured and "▇" in page else [terminal.shown("-e")])
    with Terminal(station, 80, 24, LC_ALL="C") as terminal:
        page = terminal.wait(LANGUAGES["en"])
        tap.case("without UTF-8 the page is ASCII", [] if page.isascii() and "%" in page else [page])


def check_dumb(tap, station):
    path, pid = (os.path.join(station.folder, name) for name in ("dumb", "dumb-pid"))
    with subprocess.Popen(
            ["script", "-qefc", f"echo $$ >{pid}; exec {HAZEWATCH} watch --config {station.folder}/station.yaml"
             f" --config-dir {CONFIG}", path], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "dumb", "SHELL": "/bin/sh"} | {
                name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}) as script:
        wait_for(lambda: script.poll() is not None or "PM2.5" in read(path))
        if script.poll() is None:
            os.kill(int(read(pid)), signal.SIGTERM)
        script.wait(PATIENCE_S)
    shown = read(path)
    tap.case("a dumb terminal gets the page without a single escape",
             [] if "PM2.5" in shown and "\033" not in shown else [shown])


def main():
    tap = Tap()
    if not shutil.which("tmux"):
        tap.skip("the live screen on a terminal", "tmux is not installed")
        tap.done()
        return
    with tempfile.TemporaryDirectory() as folder:
        station = scenes.course(folder)
        with daemon(station, readings=READINGS):
            check_sizes(tap, station)
            check_resize(tap, station)
            check_ends(tap, station)
            check_stop(tap, station)
            check_colours(tap, station)
            check_dumb(tap, station)
    tap.done()


if __name__ == "__main__":
    main()
