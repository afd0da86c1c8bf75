#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Devices as they are: lines that need pauses, peers that end the connection after each answer or
speak unasked, converters that pass RTU frames on, instruments that take long.

usage: devices.py HAZEWATCHD

One daemon reads them all at the same time, each on a bus of its own; registers that nobody should
take for a value hold poison, which would be within range.
"""
import json

import harness
import runner
from faults import PROFILE, SPEED, START, Scripted
from harness import wait_for

POLL_S = 12  # 0.2 s at this speed
PATIENCE_MS = 30000
SLOW_MS = 1500
HASTY_MS, HASTY_POLL_S = 400, 90
VALUES = {"pm25": 805, "pm10": 1005, "so2": 205, "no2": 405, "o3": 605}
POLLS = 12


class Device(Scripted):
    """A bus with up to two instruments: a pollutant at unit 1, a watched one at unit 2."""

    def __init__(self, world, name, pollutant=None, faults=("none", "none"), rtu=False,
                 over_tcp=False, script=None, bus=None, sensor=None):
        super().__init__(world, name, rtu)
        self.over_tcp, self.pollutant, self.more = over_tcp, pollutant, script or {}
        self.keys, self.sensor = bus or {}, sensor or {}
        if over_tcp:
            self.command.append("--rtu")
        for unit, fault in enumerate(faults, 1):
            self.registers[str(unit)] = {"0": VALUES.get(pollutant, 1), "19": 1}
            self.faults[str(unit)] = fault

    def save(self):
        self.world.write(self.script, json.dumps({
            "registers": self.registers, "faults": self.faults, **self.more}))

    def bus(self, name):
        bus = super().bus(name)
        if self.over_tcp:
            bus["rtu_over_tcp"] = bus.pop("tcp")
        return {**bus, "response_timeout_ms": 5000, **self.keys}

    def sensors(self):
        first = {"id": f"{self.name}-1", "profile": f"./{self.pollutant or 'mast'}.yaml"}
        second = {"id": f"{self.name}-2", "profile": "./mast.yaml"}
        return [{"bus": self.name, "unit_id": unit, "poll_s": POLL_S, **each, **self.sensor}
                for unit, each in ((1, first), (2, second)) if str(unit) in self.registers]

    def asked(self, unit):
        return self.report()["requests"].get(str(unit), 0)


def profile(world, name, rows):
    status = {"function": 3, "address": 19, "mask": 1, "normal": 1}
    world.write(f"{name}.yaml", harness.yaml.safe_dump(
        {**PROFILE, "id": name, "max_hole": 20, "rows": rows, "status": status}, sort_keys=False))


def scene(world):
    devices = {each.name: each for each in (
        Device(world, "closing", "pm25", ("close_after", "close_after")),
        Device(world, "talking", "pm10", ("heartbeat", "twice"),
               script={"registration": "REG:860111040000000\r\n"}),
        Device(world, "converter", "so2", (["sometimes", 100], "none"), over_tcp=True),
        Device(world, "hasty", rtu=True, script={"pause_ms": 300},
               bus={"response_timeout_ms": HASTY_MS}, sensor={"poll_s": HASTY_POLL_S}),
        Device(world, "paused", "no2", over_tcp=True, script={"pause_ms": 120},
               bus={"gap_ms": 180}),
        Device(world, "zero", faults=["zero_before"], over_tcp=True),
        Device(world, "patient", "o3", ("none", ["late", SLOW_MS]),
               sensor={"response_timeout_ms": PATIENCE_MS}),
    )}
    for pollutant in VALUES:
        profile(world, pollutant, [{
            "pollutant": pollutant, "function": 3, "address": 0, "type": "u16", "unit": "ug/m3",
            "scale": 0.1, "range": [0, 6000], "frozen_min": 0, "jump": 0}])
    profile(world, "mast", [])
    for device in devices.values():
        device.start()
    daemon = harness.Daemon(
        world, harness.Clock(START * harness.HOUR_S, SPEED), 1, 1,
        buses=[device.bus(name) for name, device in devices.items()],
        sensors=[sensor for device in devices.values() for sensor in device.sensors()])
    del daemon.config["mqtt"]
    daemon.write_config()
    daemon.start()
    wait_for("some polls of all", lambda: all(
        device.asked(1) >= (3 if name in ("zero", "hasty") else POLLS) for name, device in devices.items()),
        60, [daemon])
    wait_for("two slow answers", lambda: devices["patient"].asked(2) >= 3, 60, [daemon])
    asked = devices["patient"].asked(1), devices["patient"].asked(2)
    for name in ("hasty", "zero"):
        wait_for(f"what is told of {name}", lambda each=name: daemon.lines(
            f"{each}-.: (no answer|a byte).*, 3 times"), 60, [daemon])
    devices["patient"].strike(2, "silent")
    before = devices["patient"].asked(2)
    wait_for("a wait of half a minute", lambda: devices["patient"].asked(2) > before, 60, [daemon])
    stopped_s = daemon.stop()
    return {"devices": devices, "daemon": daemon, "asked": asked, "stopped_s": stopped_s}


def answers(world, name, failures=0):
    """Both instruments of the bus were found, and were never lost."""
    log = world["daemon"].log()
    for unit in (1, 2):
        assert world["daemon"].lines(f"{name}-{unit}: answers"), log
        assert len(world["daemon"].lines(f"{name}-{unit}: .* 3 times")) <= failures, log


def a_peer_that_ends_the_connection_after_each_answer_is_read(world):
    answers(world, "closing")
    report = world["devices"]["closing"].report()
    assert report["connections"] >= sum(report["requests"].values()) - 1, report


def registration_heartbeats_and_second_copies_end_no_connection(world):
    answers(world, "talking")
    # one more is the test's own look whether the slave is there
    assert world["devices"]["talking"].report()["connections"] <= 2


def rtu_frames_are_read_over_a_connection(world):
    answers(world, "converter")
    assert world["devices"]["converter"].report()["connections"] <= 2


def what_hears_nothing_right_after_an_answer_is_told_to_need_a_pause(world):
    daemon = world["daemon"]
    assert daemon.lines("hasty-1: answers") and not daemon.lines("hasty-2: answers"), daemon.log()
    assert daemon.lines("hasty-2: no answer in 400 ms, 3 times .*; it never answered, and was asked"
                        " right after others each time: give its bus a gap_ms"), daemon.log()


def with_its_pause_it_is_read(world):
    answers(world, "paused")


def a_zero_before_each_answer_is_told_as_what_it_is(world):
    assert world["daemon"].lines("zero-1: a byte 00 before the answer, 3 times .*; see to bias and"
                                 " termination"), world["daemon"].log()


def an_instrument_that_takes_long_costs_its_neighbour_half_of_the_time_and_no_stop(world):
    answers(world, "patient")
    neighbour, slow = world["asked"]
    # without a rest the two would be asked in turn
    assert neighbour >= 3 * (slow - 1), world["asked"]
    assert world["stopped_s"] <= harness.STOP_LIMIT_S, world["stopped_s"]


def no_wrong_value_is_stored(world):
    rows = world["daemon"].rows(
        "SELECT name, weighted, covered_ms FROM minutes JOIN channels ON id = channel"
        " WHERE covered_ms > 0", file="samples.db")
    found = set()
    for name, total, covered in rows:
        pollutant = name.split("/")[1]
        assert abs(total / covered / 1000 - VALUES[pollutant] / 10) < 0.001, (name, total, covered)
        found.add(pollutant)
    assert found == set(VALUES), found


if __name__ == "__main__":
    runner.run(a_peer_that_ends_the_connection_after_each_answer_is_read,
               registration_heartbeats_and_second_copies_end_no_connection,
               rtu_frames_are_read_over_a_connection,
               what_hears_nothing_right_after_an_answer_is_told_to_need_a_pause,
               with_its_pause_it_is_read,
               a_zero_before_each_answer_is_told_as_what_it_is,
               an_instrument_that_takes_long_costs_its_neighbour_half_of_the_time_and_no_stop,
               no_wrong_value_is_stored,
               scene=scene)
