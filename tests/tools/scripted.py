#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A scripted Modbus slave, over TCP or as RTU on a pty, that misbehaves on demand.

usage: scripted.py (--tcp PORT [--rtu] [--host ADDRESS] | --pty LINK [--baud N]) SCRIPT.json
                   [--report FILE]

The script is read anew when it changes:

    {"registers": {"1": {"0": 805}},      unit id -> address -> value; any other address holds POISON;
                                          "1:2" are those of unit 1 by function 2 alone
     "functions": {"1": 4},               unit id -> the only function it has; else both
     "faults": {"1": "silent"},           unit id -> what it does instead of answering
     "registration": "ID:1",              TCP: what it says as soon as it is connected
     "pause_ms": 100}                     so soon after an answer it hears no request

A fault is a word, or a list of the word and its number:

    silent           no answer                  late MS          answers so many ms later
    sometimes MS     one answer in ten is late  drip MS          a byte every so many ms
    noise_before     a byte before the answer   noise_after      and after it
    truncated        the last 3 bytes missing   bad_crc          RTU
    echo             the request comes back before the answer
    wrong_unit       of the next unit           wrong_function   of the other reading function
    wrong_count      a register more            garbage          32 bytes of noise for an answer
    exception N      Modbus exception N         most N           exception 2 for more than N registers
    no_device MS     a gateway that waits so long for the device behind it, with no ear for anybody
                     else, and then says so with exception 11
    sparse           exception 2 for a request with a register that the script does not have
    close            hangs up instead           rst              the same with a reset
    close_after      hangs up after the answer  twice            the answer comes two times
    heartbeat        "HB" before the answer     zero_before      a byte 00 before it
    deaf MS          the pty takes no byte for so long: whoever writes to it waits
    wrong_transaction, wrong_protocol, wrong_length              TCP
    replaced         another device at the unit id: every register holds POISON
    flapping         one request in four is answered
    alternating      one answer in two holds POISON

--report gets {"requests": {unit: n}, "connections": n} after every request. With --pty the line is a
symbolic link to the pty, so that it can be taken away and come back as another one; --baud lets
bytes take the time that they need on a line of that rate. Own framing, standard library only.
"""
import argparse
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import termios
import time
import tty

POISON = 59999
DRIP_DEFAULT_MS = 100


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return struct.pack("<H", crc)


class Script:
    """The file, read anew when it changes."""

    def __init__(self, path):
        self.path, self.read_ns, self.content = path, None, {}

    def load(self):
        changed_ns = os.stat(self.path).st_mtime_ns
        if changed_ns != self.read_ns:
            with open(self.path, encoding="utf-8") as file:
                self.content = json.load(file)
            self.read_ns = changed_ns
        return self.content

    def fault(self, unit):
        fault = self.load().get("faults", {}).get(str(unit), "none")
        return fault if isinstance(fault, list) else [fault, 0]

    def known(self, unit, function):
        registers = self.load().get("registers", {})
        return registers.get(f"{unit}:{function}", registers.get(str(unit), {}))

    def register(self, unit, function, address):
        return self.known(unit, function).get(str(address), POISON)

    def serves(self, unit, function):
        return self.load().get("functions", {}).get(str(unit), function) == function

    def has(self, unit, function, addresses):
        known = self.known(unit, function)
        return all(str(address) in known for address in addresses)

    def knows(self, unit):
        return str(unit) in self.load().get("registers", {})


class Slave:
    """Requests in, frames out; `line` has read, write, hang_up and a framing."""

    def __init__(self, script, report):
        self.script, self.report_path = script, report
        self.requests, self.connections, self.answered_s = {}, 0, 0
        self.dice = random.Random(1)

    def report(self):
        if self.report_path:
            with open(self.report_path + ".new", "w", encoding="ascii") as file:
                json.dump({"requests": self.requests, "connections": self.connections}, file)
            os.replace(self.report_path + ".new", self.report_path)

    def body(self, request, name, number):
        unit, function, address, count = struct.unpack(">BBHH", request)
        if not self.script.serves(unit, function):
            return bytes([unit, function | 0x80, 1])
        if name == "wrong_unit":
            unit += 1
        if name == "wrong_function":
            function = 7 - function
        has = self.script.has(request[0], request[1], range(address, address + count))
        exception = {"exception": number, "no_device": 11, "most": 2 if count > number else 0,
                     "sparse": 0 if has else 2}.get(name)
        if exception:
            return bytes([unit, function | 0x80, exception])
        count += name == "wrong_count"
        words = [POISON if name == "replaced" else self.script.register(*request[:2], address + i)
                 for i in range(count)]
        if request[1] <= 2:  # eight bits to a byte, the lowest first
            bits = bytes(sum((word & 1) << bit for bit, word in enumerate(words[at:at + 8]))
                         for at in range(0, count, 8))
            return bytes([unit, function, len(bits)]) + bits
        return struct.pack(f">BBB{count}H", unit, function, 2 * count, *words)

    def answer(self, line, adu, request):
        unit = request[0]
        name, number = self.script.fault(unit)
        self.requests[str(unit)] = self.requests.get(str(unit), 0) + 1
        self.report()
        turn = self.requests[str(unit)]
        pause_s = self.script.load().get("pause_ms", 0) / 1000
        if name == "silent" or not self.script.knows(unit) or (name == "flapping" and turn % 4) \
                or time.monotonic() - self.answered_s < pause_s:
            return
        if name == "deaf":
            line.deafen(number / 1000)
            return
        if name == "alternating" and turn % 2:
            name = "replaced"
        if name in ("close", "rst"):
            line.hang_up(name == "rst")
            return
        if name in ("late", "no_device") or (name == "sometimes" and self.dice.random() < 0.1):
            time.sleep(number / 1000)
        if name == "garbage":
            line.write(bytes(self.dice.randrange(256) for _ in range(32)))
            return
        frame = line.frame(adu, self.body(request, name, number), name)
        before = {"noise_before": b"\xa5", "heartbeat": b"HB", "zero_before": b"\0"}.get(name)
        if before:
            line.write(before)
        if name == "echo":
            line.write(adu)
        frame = frame[:-3] if name == "truncated" else frame
        step = 1 if name == "drip" else len(frame)
        for at in range(0, len(frame), step):
            line.write(frame[at:at + step])
            if name == "drip":
                time.sleep((number or DRIP_DEFAULT_MS) / 1000)
        if name == "noise_after":
            line.write(b"\xa5")
        if name == "twice":
            line.write(frame)
        self.answered_s = time.monotonic()
        if name == "close_after":
            line.hang_up()


def rtu_request(adu):
    return adu[:6]


def rtu_frame(_adu, body, name):
    crc = crc16(body)
    return body + (bytes([crc[0] ^ 0x10]) + crc[1:] if name == "bad_crc" else crc)


class TcpLine:
    request_length = 12

    def __init__(self, connection):
        self.connection, self.buffer = connection, b""
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self):
        return self.connection.fileno()

    def read(self):
        return self.connection.recv(512)

    def write(self, data):
        try:
            self.connection.sendall(data)
        except OSError:
            pass

    def hang_up(self, reset=False):
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack("ii", 1, 0))
        self.connection.close()

    @staticmethod
    def request(adu):
        return adu[6:12]

    @staticmethod
    def frame(adu, body, name):
        transaction = struct.unpack(">H", adu[:2])[0] + (name == "wrong_transaction")
        length = len(body) + (name == "wrong_length")
        return struct.pack(">HHH", transaction & 0xFFFF, name == "wrong_protocol", length) + body


class RtuTcpLine(TcpLine):
    """As a serial server passes a line on."""
    request_length = 8
    request = staticmethod(rtu_request)
    frame = staticmethod(rtu_frame)


class PtyLine:
    request_length = 8

    def __init__(self, link, baud):
        self.link, self.buffer = link, b""
        self.character_s = 10 / baud if baud else 0
        self.free_at_s = 0
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave, termios.TCSANOW)
        os.symlink(os.ttyname(self.slave), link + ".new")
        os.replace(link + ".new", link)

    def fileno(self):
        return self.master

    def read(self):
        data = os.read(self.master, 512)
        self.free_at_s = time.monotonic() + len(data) * self.character_s
        return data

    def write(self, data):
        if not self.character_s:
            os.write(self.master, data)
            return
        for byte in data:
            self.free_at_s = max(self.free_at_s, time.monotonic()) + self.character_s
            time.sleep(max(0, self.free_at_s - time.monotonic()))
            os.write(self.master, bytes([byte]))

    def deafen(self, seconds):
        termios.tcflow(self.slave, termios.TCOOFF)
        time.sleep(seconds)
        termios.tcflow(self.slave, termios.TCOON)

    def hang_up(self, _reset=False):
        """A serial line has no connection to end."""

    request = staticmethod(rtu_request)
    frame = staticmethod(rtu_frame)


def take(slave, line):
    """What came in; False when the line has ended."""
    try:
        data = line.read()
    except OSError:
        data = b""
    if not data:
        return False
    line.buffer += data
    while len(line.buffer) >= line.request_length:
        adu, line.buffer = (line.buffer[:line.request_length],
                            line.buffer[line.request_length:])
        slave.answer(line, adu, line.request(adu))
    return line.fileno() >= 0


def serve(slave, listener, lines, kind=TcpLine):
    while True:
        lines = [line for line in lines if line.fileno() >= 0]
        ready, _, _ = select.select(lines + ([listener] if listener else []), [], [])
        for each in ready:
            if each is listener:
                lines.append(kind(listener.accept()[0]))
                slave.connections += 1
                slave.report()
                lines[-1].write(slave.script.load().get("registration", "").encode())
            elif not take(slave, each):
                each.hang_up()
                lines.remove(each)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--tcp", type=int, metavar="PORT")
    where.add_argument("--pty", metavar="LINK")
    parser.add_argument("--rtu", action="store_true")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS")
    parser.add_argument("--baud", type=int, metavar="N")
    parser.add_argument("script")
    parser.add_argument("--report", metavar="FILE")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    slave = Slave(Script(options.script), options.report)
    if options.pty:
        serve(slave, None, [PtyLine(options.pty, options.baud)])
    with socket.create_server((options.host, options.tcp)) as listener:
        serve(slave, listener, [], RtuTcpLine if options.rtu else TcpLine)


if __name__ == "__main__":
    main()
