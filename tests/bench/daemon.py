#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the daemon costs with everything on: SQLite, AQI, plan, and MQTT with QoS 1 to a mosquitto.

Each station runs for 60 s of real time in which a minute and an hour close. A station has one
channel a pollutant; of 64 devices six measure one each, and the others are watched by a status
register. Each is one request a poll.

Fails if the daemon has more memory of its own (RssAnon) than 2.75 MiB and 12 KiB a device, or more
with its libraries (VmRSS) than 10.5 MiB and as much a device.

usage: daemon.py HAZEWATCHD BENCH_SLAVE [SECONDS]
"""
import sys
import time
from typing import NamedTuple

import figures
from figures import harness

SECONDS = int(sys.argv[3]) if len(sys.argv) > 3 else 60
SETTLE_S = 10
CLOSES_AFTER_S = 30  # within the window
HOUR = harness.hour_of("2026-01-10T12:00:00+08:00")
FIXED = 1000  # what the slave has in register 0
ANON_MAX_KIB, ALL_MAX_KIB, DEVICE_KIB = 11 * figures.KIB // 4, 21 * figures.KIB // 2, 12


class Case(NamedTuple):
    name: str
    devices: list   # the pollutants of each; none: it is only watched
    registers: int  # of each
    poll_s: float


CASES = [
    Case("4 x 20 at 1 s", [["pm25", "pm10"], ["so2", "no2"], ["co"], ["o3"]], 20, 1),
    Case("64 x 100 at 1 s", [[each] for each in ("pm25", "pm10", "so2", "no2", "co", "o3")]
         + [[]] * 58, 100, 1),
]


def profile(world, name, pollutants, registers):
    """The first pollutant or an identity in register 0, the second or a status in the last one."""
    rows = [{"pollutant": each, "function": 3, "address": address, "type": "u16",
             "unit": "mg/m3" if each == "co" else "ug/m3", "scale": 0.01, "range": [0, 600],
             "frozen_min": 0, "jump": 0}
            for each, address in zip(pollutants, (0, registers - 1))]
    content = {"kind": "profile", "id": name, "maker": "nobody", "model": name,
               "source": "invented", "max_hole": registers, "rows": rows}
    if not pollutants:
        content["identity"] = {"function": 3, "address": 0, "value": FIXED}
    if len(pollutants) < 2:
        content["status"] = {"function": 3, "address": registers - 1, "mask": 32768, "normal": 0}
    return world.write(name + ".yaml", harness.yaml.safe_dump(content, sort_keys=False))


def configure(daemon, world, case):
    daemon.config["sensors"] = [
        {"id": f"device-{i}", "bus": "sim", "unit_id": i, "poll_s": case.poll_s,
         "profile": profile(world, "-".join(pollutants) or "watched", pollutants, case.registers)}
        for i, pollutants in enumerate(case.devices, 1)]
    daemon.config["close_delay_min"] = 0
    daemon.write_config()


def run(world, case):
    """The case's line of the table; False if it takes too much memory."""
    broker = harness.Broker(world).start()
    slave = figures.Slave(world, sys.argv[2], case.poll_s * 1000).start()
    clock = harness.Clock(HOUR * harness.HOUR_S - SETTLE_S - CLOSES_AFTER_S, 1)
    daemon = harness.Daemon(world, clock, slave.port, broker.port)
    configure(daemon, world, case)
    listener = world.subscribe(broker)
    daemon.start()
    harness.wait_for("the connection", lambda: daemon.lines("mqtt: connected"), watched=[daemon])
    time.sleep(SETTLE_S)
    slave.tally()
    spent = figures.processor_s(daemon)
    anon_kib = figures.watch([daemon, slave, broker], SECONDS)
    spent = figures.processor_s(daemon) - spent
    requests, registers, *late_ms = slave.tally()
    memory = figures.memory_kib(daemon)
    assert SECONDS <= CLOSES_AFTER_S or listener.all("aqi"), "no hour was published"
    print(f"{case.name:17} {requests / SECONDS:10.1f} {registers / SECONDS:11.0f} "
          f"{spent:9.3f} {anon_kib:11d} {memory['VmRSS']:9d} {memory['VmHWM']:9d} "
          f"{late_ms[0]:9.2f} {late_ms[1]:7.2f} {late_ms[2]:7.2f}", flush=True)
    more_kib = len(case.devices) * DEVICE_KIB
    return anon_kib <= ANON_MAX_KIB + more_kib and memory["VmRSS"] <= ALL_MAX_KIB + more_kib


def main():
    print(f"{SECONDS} s each; memory in KiB; lateness of the polls in ms, behind the earliest")
    print("devices           requests/s registers/s     CPU s RssAnon max     VmRSS     VmHWM "
          "   median     p99     max", flush=True)
    light = [figures.in_a_world(run, case) for case in CASES]
    sys.exit(not all(light))


if __name__ == "__main__":
    main()
