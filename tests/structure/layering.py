#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Dependencies run one way: rules <- sensors, storage <- daemon. Read from the #include lines."""
import os
import re

from source import ROOMS, Tap, bare_c, c_files, read

MAY_USE = {"rules": {"rules"}, "sensors": {"rules", "sensors"}, "storage": {"rules", "storage"},
           "daemon": set(ROOMS)}
PURE_C = {"assert.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "string.h"}
LIBC = PURE_C | {
    "arpa/inet.h", "ctype.h", "dirent.h", "errno.h", "fcntl.h", "getopt.h", "inttypes.h", "libgen.h",
    "locale.h", "malloc.h", "math.h", "net/if.h", "netdb.h", "netinet/in.h", "netinet/tcp.h", "poll.h",
    "pthread.h", "signal.h", "stdarg.h", "stdatomic.h", "stdio.h", "stdlib.h", "strings.h",
    "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/ioctl.h", "sys/random.h", "sys/resource.h", "sys/select.h",
    "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/sysmacros.h", "sys/timerfd.h",
    "sys/timex.h", "sys/types.h", "sys/uio.h", "sys/un.h", "sys/wait.h", "sysexits.h", "syslog.h", "termios.h", "threads.h",
    "time.h", "unistd.h"}
# A foreign header and the only files that may see it.
FOREIGN = {"modbus.h": r"sensors/link\.c", "modbus/modbus.h": r"sensors/link\.c",
           "sqlite3.h": r"storage/.*", "MQTTAsync.h": r"daemon/mqtt(_\w+)?\.[ch]",
           "openssl/": r"daemon/(checksum|sign|tls)\.c", "iconv.h": r"daemon/sheet\.c",
           "yaml.h": r"daemon/yaml(_\w+)?\.c", "jansson.h": r"daemon/(payload|inbox)(_\w+)?\.[ch]",
           "systemd/": r"daemon/(loop|log)\.c"}
# Modules of sensors/ whose headers promise to know no bus, no clock and no system.
PURE_SENSORS = {"profile", "decode", "readplan", "health", "guard", "cycle", "device", "recognise"}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include(?:_next)?[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(path):
    """(line, angle or quote, header) of each include; comments do not count."""
    text = read(path)
    kept = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.DOTALL)
    for match in INCLUDE.finditer(kept):
        yield kept.count("\n", 0, match.start()) + 1, match.group(1), match.group(2)


def foreign_rule(header):
    for name, where in FOREIGN.items():
        if header == name or (name.endswith("/") and header.startswith(name)):
            return where
    return None


def allowed_system(path, room, header):
    where = foreign_rule(header)
    if where:
        return re.fullmatch(where, path) is not None
    stem = os.path.basename(path).split(".")[0]
    if room == "rules":
        return header in PURE_C
    if room == "sensors" and stem in PURE_SENSORS:
        return header in PURE_C | {"float.h", "math.h", "stdlib.h"}
    return header in LIBC


def trespasses(room, owners):
    for path in c_files(room):
        for line, bracket, header in includes(path):
            if bracket == "<":
                if not allowed_system(path, room, header):
                    yield f"{path}:{line}: <{header}>"
            elif header not in owners:
                yield f'{path}:{line}: "{header}" is in none of the rooms'
            elif not owners[header] & MAY_USE[room]:
                yield f'{path}:{line}: "{header}" belongs to {", ".join(sorted(owners[header]))}'


def header_owners():
    owners = {}
    for path in c_files(*ROOMS):
        if path.endswith(".h"):
            owners.setdefault(os.path.basename(path), set()).add(path.split("/")[0])
    return owners


def unguarded():
    for path in c_files(*ROOMS):
        if path.endswith(".h"):
            guard = path.replace("/", "_").replace(".", "_").upper()
            if f"#ifndef {guard}\n#define {guard}\n" not in read(path):
                yield f"{path}: its include guard is not {guard}"


def main():
    tap = Tap()
    owners = header_owners()
    for room in ROOMS:
        others = ", ".join(sorted(MAY_USE[room] - {room})) or "no other room"
        tap.case(f"{room}/ includes its own headers, those of {others}, and what C it may",
                 trespasses(room, owners))
    tap.case("no two rooms have a header of the same name",
             (f"{name}: {', '.join(sorted(rooms))}" for name, rooms in owners.items()
              if len(rooms) > 1))
    tap.case("every header has an include guard named after its room", unguarded())
    tap.done()


if __name__ == "__main__":
    main()
