#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Dependencies run one way, between folders and between files: read from the #include lines."""
import os
import re

from source import ROOMS, Tap, c_files, read

# A room is a folder; what it may see besides itself. The build has the same table, in the
# meson.build of each room, and the compiler refuses the rest.
_SENSORS_AND_STORE = {"rules", "sensors", "storage", "storage/tables"}
_MESSAGES = _SENSORS_AND_STORE | {"daemon/base", "daemon/conf", "daemon/messages"}
_COMMANDS = _MESSAGES | {"daemon/engine", "daemon/upkeep"}
_ROOM = _MESSAGES | {"daemon/cli/usage"}  # of the command
MAY_SEE = {
    "rules": set(),
    "sensors": {"rules"},
    "storage": {"rules"},
    "storage/file": {"rules", "storage"},
    "storage/tables": {"rules", "storage", "storage/file"},
    "daemon/base": {"rules"},
    "daemon/conf": _SENSORS_AND_STORE | {"daemon/base"},
    "daemon/messages": _SENSORS_AND_STORE | {"daemon/base", "daemon/conf"},
    "daemon/upkeep": _MESSAGES,
    "daemon/engine": _MESSAGES,
    "daemon/mqtt": _MESSAGES,
    "daemon/hj212": _MESSAGES,
    "daemon/commands": _COMMANDS,
    "daemon/station": _COMMANDS | {"daemon/commands", "daemon/mqtt", "daemon/hj212"},
    "daemon/cli": _MESSAGES | {"daemon/cli/ask", "daemon/cli/give", "daemon/cli/hj212", "daemon/cli/init", "daemon/cli/list", "daemon/cli/probe", "daemon/cli/read", "daemon/cli/replay",
                                "daemon/cli/report", "daemon/cli/status", "daemon/cli/tables", "daemon/cli/usage", "daemon/cli/watch"},
    "daemon/cli/init": _ROOM | {"daemon/cli/probe"},
    "daemon/cli/ask": _ROOM,
    "daemon/cli/give": _ROOM | {"daemon/cli/status"},
    "daemon/cli/hj212": _ROOM,
    "daemon/cli/list": _ROOM | {"daemon/cli/ask", "daemon/cli/status"},
    "daemon/cli/probe": _ROOM,
    "daemon/cli/read": _ROOM | {"daemon/cli/status"},
    "daemon/cli/replay": _ROOM | {"daemon/engine"},
    "daemon/cli/report": _ROOM | {"daemon/cli/status", "daemon/cli/tables"},
    "daemon/cli/status": _ROOM,
    "daemon/cli/tables": _ROOM | {"daemon/cli/replay", "daemon/cli/status"},
    "daemon/cli/usage": {"rules", "daemon/base"},
    "daemon/cli/watch": _ROOM | {"daemon/cli/status"},
}
PURE_C = {"assert.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "string.h"}
LIBC = PURE_C | {
    "arpa/inet.h", "ctype.h", "dirent.h", "errno.h", "fcntl.h", "getopt.h", "grp.h", "inttypes.h", "langinfo.h",
    "libgen.h",
    "locale.h", "malloc.h", "math.h", "net/if.h", "netdb.h", "netinet/in.h", "netinet/tcp.h", "poll.h",
    "pthread.h", "pwd.h", "signal.h", "stdarg.h", "stdatomic.h", "stdio.h", "stdlib.h", "strings.h",
    "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/ioctl.h", "sys/random.h", "sys/resource.h", "sys/select.h",
    "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/sysmacros.h", "sys/timerfd.h",
    "sys/timex.h", "sys/types.h", "sys/uio.h", "sys/un.h", "sys/wait.h", "sysexits.h", "syslog.h", "termios.h", "threads.h",
    "time.h", "unistd.h", "wchar.h"}
# A foreign header and the only files that may see it.
FOREIGN = {"modbus.h": r"sensors/link_rtu\.c", "modbus/modbus.h": r"sensors/link_rtu\.c",
           "sqlite3.h": r"storage/.*", "MQTTAsync.h": r"daemon/mqtt/mqtt(_\w+)?\.[ch]",
           "openssl/": r"daemon/(base/(checksum|sign|sm4)|mqtt/tls_\w+)\.c|storage/file/chain\.c",
           "iconv.h": r"daemon/base/sheet\.c", "yaml.h": r"daemon/conf/yaml(_\w+)?\.c",
           "jansson.h": r"daemon/(messages/\w+|cli/\w+/payload_\w+)\.[ch]",
           "libintl.h": r"daemon/base/words\.c", "libsmartcols/": r"daemon/cli/tables/table\.c",
           "systemd/": r"daemon/base/loop\.c"}
# Modules of sensors/ whose headers promise to know no bus, no clock and no system.
PURE_SENSORS = {"profile", "decode", "readplan", "owed", "health", "channel", "guard", "cycle", "device", "recognise",
                "hj212_cause", "hj212_factor", "hj212_form", "hj212_frame", "hj212_logger", "hj212_part", "hj212_request",
                "hj212_segment"}

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
    for path in files_in(room):
        for line, bracket, header in includes(path):
            if bracket == "<":
                if not allowed_system(path, room, header):
                    yield f"{path}:{line}: <{header}>"
            elif header not in owners:
                yield f'{path}:{line}: "{header}" is in none of the rooms'
            elif not owners[header] & (MAY_SEE[room] | {room}):
                yield f'{path}:{line}: "{header}" belongs to {", ".join(sorted(owners[header]))}'


def files_in(room):
    return [path for path in c_files(*ROOMS) if os.path.dirname(path) == room]


def homeless():
    for path in c_files(*ROOMS):
        if os.path.dirname(path) not in MAY_SEE:
            yield path


def mutual_rooms():
    """Rooms that see each other, at once or by way of others."""
    for room in MAY_SEE:
        seen, ahead = set(), set(MAY_SEE[room])
        while ahead:
            other = ahead.pop()
            seen.add(other)
            ahead |= MAY_SEE.get(other, set()) - seen
        if room in seen:
            yield f"{room} comes back to itself"


def header_owners():
    owners = {}
    for path in c_files(*ROOMS):
        if path.endswith(".h"):
            owners.setdefault(os.path.basename(path), set()).add(os.path.dirname(path))
    return owners


def file_edges():
    """What each header includes of ours; a circle of headers is a knot that no reader unties."""
    where = {os.path.basename(path): path for path in c_files(*ROOMS) if path.endswith(".h")}
    return {path: {where[header] for _, bracket, header in includes(path)
                   if bracket == '"' and header in where}
            for path in where.values()}


def header_circles():
    edges = file_edges()
    for start in sorted(edges):
        seen, ahead = set(), set(edges[start])
        while ahead:
            header = ahead.pop()
            seen.add(header)
            ahead |= edges[header] - seen
        if start in seen:
            yield start


def unguarded():
    for path in c_files(*ROOMS):
        if path.endswith(".h"):
            guard = path.replace("/", "_").replace(".", "_").upper()
            if f"#ifndef {guard}\n#define {guard}\n" not in read(path):
                yield f"{path}: its include guard is not {guard}"


def main():
    tap = Tap()
    owners = header_owners()
    for room in MAY_SEE:
        others = ", ".join(sorted(MAY_SEE[room])) or "no other room"
        tap.case(f"{room}/ includes its own headers, those of {others}, and what C it may",
                 trespasses(room, owners))
    tap.case("every file stands in a room", homeless())
    tap.case("every room has files", (room for room in MAY_SEE if not files_in(room)))
    tap.case("no two rooms see each other", mutual_rooms())
    tap.case("no header includes itself by way of others", header_circles())
    tap.case("no two rooms have a header of the same name",
             (f"{name}: {', '.join(sorted(rooms))}" for name, rooms in owners.items()
              if len(rooms) > 1))
    tap.case("every header has an include guard named after its room", unguarded())
    tap.done()


if __name__ == "__main__":
    main()
