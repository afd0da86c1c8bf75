# SPDX-License-Identifier: MIT
"""What a command sends to a terminal."""
import contextlib
import os
import pty
import re
import threading


def run_on_terminal(run):
    """What run(stderr) returns that makes a command write there, and what the terminal was sent."""
    ours, theirs = pty.openpty()
    shown = []

    def read():
        with contextlib.suppress(OSError):  # the other end is closed
            while more := os.read(ours, 4096):
                shown.append(more)
    reader = threading.Thread(target=read)
    reader.start()
    try:
        done = run(theirs)
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)
    return done, b"".join(shown).decode()


def progress(name, what, shown):
    """What was told of how many (None: nobody knows), in its order."""
    return [(int(done), int(of) if of else None) for done, of in
            re.findall(rf"\r\033\[Khazewatch {name}: {what} (\d+)(?: / (\d+))?", shown)]


def is_taken_away(what, shown):
    return "\r\033[K" in shown and what not in shown.rpartition("\r\033[K")[2]
