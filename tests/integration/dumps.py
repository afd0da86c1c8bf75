#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every profile that is shipped, read by the daemon from a slave that is not ours: pymodbus holds
the registers of tests/data/registers, and what is stored is what was worked out beforehand.

usage: dumps.py HAZEWATCHD

All devices live at the same time, each with a daemon of its own: a station has one channel a
pollutant.
"""
import glob
import json
import os
import sys
from typing import NamedTuple

import harness
import runner
from harness import wait_for

SPEED = 60
START = harness.hour_of("2026-01-10T08:00:00+08:00")
FOLDER = os.path.join(harness.ROOT, "tests", "data", "registers")
SLAVE = os.path.join(harness.HERE, "dump_slave.py")
PATIENCE_S = 60  # many daemons at a time
POLLUTANTS = ("pm25", "pm10", "so2", "no2", "co", "o3")
SERIAL = ("aerasgard-rftm", "generic-two-floats", "siemens-qsa2700d")


class Case(NamedTuple):
    profile: str
    name: str
    unit: int
    registers: dict  # function -> address -> value
    expected: dict   # pollutant -> (value in thousandths, why)


def read_cases(profile):
    """As tests/data/README.md describes a dump."""
    cases = []
    with open(os.path.join(FOLDER, profile + ".txt"), encoding="utf-8") as file:
        for line in file:
            word, *rest = line.split() or [""]
            if word == "case":
                cases.append(Case(profile, rest[1], int(rest[0]), {}, {}))
            elif word == "read":
                registers = cases[-1].registers.setdefault(rest[0], {})
                for at, value in enumerate(rest[2:], int(rest[1].rstrip(":"))):
                    registers[str(at)] = int(value, 16)
            elif word == "expect":
                cases[-1].expected[rest[0]] = (int(rest[1]), rest[3])
    return cases


class Device:
    """One case on a line of its own, and the daemon that reads it."""

    def __init__(self, world, case, port=None):
        """Without a port on a serial line."""
        self.case, self.port, self.tty = case, port, world.path("line.tty")
        line = ({"tcp": {"host": "127.0.0.1", "port": port}} if port
                else {"rtu": {"device": self.tty, "baud": 9600}})
        self.place = {"port": port} if port else {"tty": self.tty}
        self.daemon = harness.Daemon(
            world, harness.Clock(START * harness.HOUR_S, SPEED), 1, 1,
            station={"leading": [next(key for key in case.expected if key in POLLUTANTS)]},
            buses=[{"id": "line", **line}],
            sensors=[{"id": "device", "bus": "line", "unit_id": case.unit,
                      "profile": case.profile, "poll_s": 15}])
        del self.daemon.config["mqtt"]
        self.daemon.write_config()

    def is_there(self):
        return harness.is_open(self.port) if self.port else os.path.exists(self.tty)

    def means(self, key):
        """Of each minute the mean in thousandths and what it covers."""
        if key in POLLUTANTS:
            return [(total / covered if covered else None, covered)
                    for total, covered in self.rows("weighted, covered_ms FROM minutes", key)]
        return self.daemon.rows("SELECT mean_milli, covered_ms FROM auxiliary_minutes WHERE quantity = ?", key,
                                file="samples.db")

    def whys(self, key):
        if key in POLLUTANTS:
            return {why for (why,) in self.rows("why FROM minute_failures", key)}
        texts = self.daemon.rows("SELECT failures FROM auxiliary_minutes WHERE quantity = ?", key, file="samples.db")
        return {why for (text,) in texts for why in text.split()[::2]}

    def rows(self, what, pollutant):
        return self.daemon.rows(f"SELECT {what} JOIN channels ON id = channel WHERE name = ?",
                                f"device/{pollutant}", file="samples.db")

    def failures(self, pollutant):
        """Without those of a device that refuses to be read across a hole, until it was split, and without
        those of registers that should move: a dump stands still."""
        return {why for why in self.whys(pollutant) if why not in ("clock", "exception", "stale")}

    def is_stored(self):
        """A minute without a gap, or some failures, of every pollutant."""
        try:
            return all(any(covered == 60000 for _, covered in self.means(pollutant)) or
                       self.failures(pollutant)
                       for pollutant in self.case.expected)
        except harness.sqlite3.OperationalError:
            return False

    def wrong(self):
        """What was stored and should not be. A moment at the end of a range that lasts for three
        polls is over range."""
        for pollutant, (milli, why) in self.case.expected.items():
            # noise and wind come back from tables of logarithms and sines
            slack = 0 if pollutant in POLLUTANTS else 10
            if pollutant == "rain":
                milli = 0  # of a counter that stands still
            values = {milli if abs(mean - milli) <= slack else mean
                      for mean, covered in self.means(pollutant) if covered}
            whys = self.failures(pollutant)
            if "over_range" in whys and why in ("none", "out_of_range"):
                if values <= {milli} and whys <= {why, "over_range"}:
                    continue
            if (values, whys) != (({milli}, set()) if why == "none" else (set(), {why})):
                yield (f"{self.case.profile} {self.case.name}: {pollutant} {values} {whys}"
                       f" instead of {milli} {why}")


def free_ports(wanted):
    ports = set()
    while len(ports) < wanted:
        ports.add(harness.free_port())
    return ports


def read_all(world, cases, ports):
    devices = [Device(world.part(str(at)), case, port)
               for at, (case, port) in enumerate(zip(cases, ports))]
    places = [{**device.place, "registers": device.case.registers} for device in devices]
    slave = harness.Process(world, "slave", ["/usr/bin/python3", "-B", SLAVE, world.write(
        "devices.json", json.dumps(places))])
    slave.launch()
    wait_for("the slaves' lines", lambda: all(device.is_there() for device in devices),
             PATIENCE_S, [slave])
    for device in devices:
        device.daemon.start()
    for device in devices:
        wait_for(f"minutes of {device.case.profile} {device.case.name}", device.is_stored,
                 PATIENCE_S, [slave, device.daemon])
    for device in devices:
        took = device.daemon.stop()
        assert took <= harness.STOP_LIMIT_S, f"{device.case.profile} ended in {took:.2f} s"
    wrong = [each for device in devices for each in device.wrong()]
    assert not wrong, wrong


def every_profile_that_is_shipped_is_read_from_pymodbus_over_tcp(world):
    shipped = {os.path.basename(path)[:-len(".yaml")] for path in
               glob.glob(os.path.join(harness.CONFIG, "profiles", "*.yaml"))}
    dumped = {os.path.basename(path)[:-len(".txt")] for path in
              glob.glob(os.path.join(FOLDER, "*.txt"))}
    assert shipped == dumped and len(shipped) >= 10, shipped ^ dumped
    cases = [case for profile in sorted(dumped) for case in read_cases(profile)
             if set(case.expected) & set(POLLUTANTS)]  # a weather mast alone is no station
    read_all(world, cases, free_ports(len(cases)))


def some_are_read_from_pymodbus_over_a_serial_line(world):
    cases = [case for profile in SERIAL for case in read_cases(profile)]
    read_all(world, cases, [None] * len(cases))


if __name__ == "__main__":
    runner.run(every_profile_that_is_shipped_is_read_from_pymodbus_over_tcp,
               some_are_read_from_pymodbus_over_a_serial_line)
