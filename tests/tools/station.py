#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A simulated station: a Modbus TCP slave, in a process of its own, that plays recorded air.

Station time runs like the simulated clock of hazewatchd:

    station time = START + (the machine's clock - ANCHOR) * SPEED

and at every moment the registers hold the record's mean of the hour that contains it, so that the
hourly mean of whoever polls equals the record (to the register's resolution). Registers, functions
3 and 4, as in config/profiles/generic-six.yaml:

    0 PM2.5   1 PM10   2 SO2   3 NO2   0.1 ug/m3      4 CO   0.01 mg/m3      5 O3   0.1 ug/m3

65535 stands for a missing value and for any moment outside the record. Standard library only, own
framing: so it shares no code, and no mistake, with the daemon's Modbus library.
"""
import argparse
import asyncio
import csv
import datetime
import os
import signal
import struct
import sys
import time
from fractions import Fraction

NO_VALUE = 65535
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE = 1, 2, 3
# column of the record -> register units in one unit of the column, in the registers' order
COLUMNS = (("pm25_ug_m3", Fraction(10)), ("pm10_ug_m3", Fraction(10)), ("so2_ug_m3", Fraction(10)),
           ("no2_ug_m3", Fraction(10)), ("co_ug_m3", Fraction(1, 10)), ("o3_ug_m3", Fraction(10)))
HOUR_S = 3600


def instant(text):
    """Seconds since 1970 of an RFC 3339 time, which must say its offset."""
    when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if when.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text}: a time needs its offset, as in +08:00")
    return when.timestamp()


def register(text, per_unit):
    """The register's value for a field of the record; half a step goes up."""
    if text in ("", "NA"):
        return NO_VALUE
    raw = Fraction(text) * per_unit
    value = (2 * raw.numerator + raw.denominator) // (2 * raw.denominator)
    if not 0 <= value < NO_VALUE:
        raise ValueError(f"{text} does not fit a register")
    return value


def read_record(path):
    """{END of the hour, in hours since 1970: its six registers}"""
    hours = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = int(instant(row["hour"])) // HOUR_S
            hours[label] = tuple(register(row[name], per_unit) for name, per_unit in COLUMNS)
    if not hours:
        raise ValueError(f"{path}: no hours in it")
    return hours


class Station:
    """The record, the clock, and the answer to one request."""

    def __init__(self, hours, start, anchor, speed):
        self.hours, self.start, self.anchor, self.speed = hours, start, anchor, speed
        self.missing = (NO_VALUE,) * len(COLUMNS)

    def registers(self):
        """The moment exactly on the hour belongs to the hour that begins."""
        at = self.start + (time.time() - self.anchor) * self.speed
        return self.hours.get(int(at // HOUR_S) + 1, self.missing)

    def answer(self, pdu):
        function = pdu[0]
        if function not in (3, 4):
            return bytes((function | 0x80, ILLEGAL_FUNCTION))
        if len(pdu) != 5:
            return bytes((function | 0x80, ILLEGAL_VALUE))
        address, count = struct.unpack(">HH", pdu[1:])
        if not 1 <= count <= 125:
            return bytes((function | 0x80, ILLEGAL_VALUE))
        if address + count > len(COLUMNS):
            return bytes((function | 0x80, ILLEGAL_ADDRESS))
        words = self.registers()[address:address + count]
        return struct.pack(f">BB{count}H", function, 2 * count, *words)


class Connection(asyncio.Protocol):
    """Modbus TCP framing: a segment may hold several requests, or a part of one."""

    def __init__(self, station, unit, open_connections):
        self.station, self.unit, self.open_connections = station, unit, open_connections
        self.buffer, self.transport = b"", None

    def connection_made(self, transport):
        self.transport = transport
        self.open_connections.add(transport)

    def connection_lost(self, exc):
        self.open_connections.discard(self.transport)

    def data_received(self, data):
        self.buffer += data
        while len(self.buffer) >= 8:
            transaction, protocol, length, unit = struct.unpack(">HHHB", self.buffer[:7])
            if protocol != 0 or not 2 <= length <= 254:
                self.transport.close()  # not Modbus: nothing after it can be understood
                return
            if len(self.buffer) < 6 + length:
                return
            pdu, self.buffer = self.buffer[7:6 + length], self.buffer[6 + length:]
            if self.unit is not None and unit != self.unit:
                continue  # a device that is not there does not answer
            reply = self.station.answer(pdu)
            header = struct.pack(">HHHB", transaction, 0, len(reply) + 1, unit)
            self.transport.write(header + reply)


def write_whole(path, text):
    """The file appears with its content, never empty."""
    with open(path + ".new", "w", encoding="ascii") as file:
        file.write(text)
    os.replace(path + ".new", path)


async def serve(options, station):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    connections = set()
    server = await loop.create_server(lambda: Connection(station, options.unit, connections),
                                      options.host, options.port)
    port = server.sockets[0].getsockname()[1]
    if options.port_file:
        write_whole(options.port_file, f"{port}\n")
    print(f"station: {len(station.hours)} hours on {options.host}:{port}", file=sys.stderr,
          flush=True)
    await stop.wait()
    server.close()
    for transport in list(connections):
        transport.abort()
    await server.wait_closed()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", required=True, help="CSV of hourly means (tests/data)")
    parser.add_argument("--start", required=True, type=instant, metavar="RFC3339",
                        help="station time at the anchor")
    parser.add_argument("--anchor", type=instant, metavar="RFC3339", default=time.time(),
                        help="time of the machine's clock (default: now)")
    parser.add_argument("--speed", type=float, default=1.0, help="station seconds in a second")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free one (default)")
    parser.add_argument("--port-file", metavar="FILE", help="gets the port once it is open")
    parser.add_argument("--unit", type=int, help="answer this unit id only (default: any)")
    return parser.parse_args()


def main():
    options = parse_arguments()
    try:
        station = Station(read_record(options.record), options.start, options.anchor,
                          options.speed)
        asyncio.run(serve(options, station))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"station: {error}")


if __name__ == "__main__":
    main()
