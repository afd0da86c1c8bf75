#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Becomes a command whose calls of adjtimex and clock_adjtime the kernel refuses with EPERM, as a
hardened unit's would be. Needs no privilege.

usage: seccomp.py COMMAND [ARGUMENT ...]
"""
import ctypes
import errno
import os
import struct
import sys

CALLS = {"x86_64": (159, 305), "aarch64": (171, 266), "riscv64": (171, 266)}
NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF
ALLOW, REFUSE = 0x7FFF0000, 0x00050000


def program(calls):
    steps = [(LOAD, 0, 0, 0)]
    for at, call in enumerate(calls):
        steps.append((JUMP_IF_EQUAL, len(calls) - at, 0, call))
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE | errno.EPERM)]
    return len(steps), b"".join(struct.pack("HBBI", *step) for step in steps)


def refuse(calls):
    libc = ctypes.CDLL(None, use_errno=True)
    n, code = program(calls)
    buffer = ctypes.create_string_buffer(code)
    head = struct.pack("HxxxxxxP", n, ctypes.addressof(buffer))
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(SET_SECCOMP, FILTER, head) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    refuse(CALLS[os.uname().machine])
    os.execv(sys.argv[1], sys.argv[1:])
