#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A dead unit costs its neighbours nothing: lines with many instruments at a poll a second, of
which some die and are repaired.

usage: neighbours.py HAZEWATCHD

All lines live at the same time, each with a daemon of its own, all in real time. Units 1 to 6
measure a pollutant each (a station has one channel a pollutant), the others are only watched.

A line keeps its polls if each unit that lives is asked 0.98 times a second over the whole time,
beginning with the fault; one poll may lie beyond the end of it. A busy machine makes polls late,
which is no loss, and gets no other slack. Where eight die at once the line waits for each of them
three times before it spares them, and the time is counted from then on.
"""
import time

import harness
import runner
from faults import PROFILE, Scripted
from harness import wait_for

START = harness.hour_of("2026-01-10T08:00:00+08:00")
CHANNELS = {"pm25": (805, 0.1), "pm10": (1005, 0.1), "so2": (205, 0.1), "no2": (405, 0.1),
            "co": (95, 0.01), "o3": (605, 0.1)}
STATUS = {"function": 3, "address": 19, "mask": 1, "normal": 1}
MEASURED_S = 64
STEP_S = 8
KEPT = 0.98
STEP_LOST = 2    # the longest time without a poll, in seconds, give or take one
RETURN_S = 15
MANY_RETURN_S = 64  # eight probes of 0.8 s that share a tenth of the time
LATE_S = 0.5     # what a busy machine may add
NOTICED_S = 2.4  # three times time-out and silence
SETTLED = 3      # steps until eight dead ones are known
RESTART_S = 5


class Line:
    """A slave, a daemon, and how often each unit was asked when."""

    def __init__(self, world, units, dead, fault="silent", **line):
        self.dead, self.fault, self.units = dead, fault, range(1, units + 1)
        self.slave = Scripted(world, "line", **line)
        self.looks, self.back_s, self.stopped_s = [], None, None
        bus = {**self.slave.bus("line"), "response_timeout_ms": 500, "quiet_ms": 300}
        self.daemon = harness.Daemon(
            world, harness.Clock(START * harness.HOUR_S, 1), 1, 1, buses=[bus],
            sensors=[self.sensor(world, unit) for unit in self.units])
        del self.daemon.config["mqtt"]
        self.daemon.write_config()

    def sensor(self, world, unit):
        """One request of 20 registers, or of one if there is nothing to measure."""
        pollutant = list(CHANNELS)[unit - 1] if unit <= len(CHANNELS) else None
        rows, profile = [], pollutant or "mast"
        if pollutant:
            value, scale = CHANNELS[pollutant]
            self.slave.register(unit, 0, value)
            rows = [{"pollutant": pollutant, "function": 3, "address": 0, "type": "u16",
                     "unit": "mg/m3" if pollutant == "co" else "ug/m3", "scale": scale,
                     "range": [0, 6000], "frozen_min": 0, "jump": 0}]
        self.slave.register(unit, STATUS["address"], 1)
        world.write(f"{profile}.yaml", harness.yaml.safe_dump(
            {**PROFILE, "id": profile, "max_hole": 20, "rows": rows, "status": STATUS},
            sort_keys=False))
        return {"id": pollutant or f"mast{unit}", "bus": "line", "unit_id": unit,
                "profile": f"./{profile}.yaml", "poll_s": 1}

    def name(self, unit):
        return self.daemon.config["sensors"][unit - 1]["id"]

    def asked(self):
        return self.slave.report()["requests"]

    def start(self):
        self.slave.start()
        self.daemon.start()
        wait_for("all units", lambda: all(self.daemon.lines(f"{self.name(unit)}: answers")
                                          for unit in self.units), watched=[self.daemon])

    def look(self):
        self.looks.append((time.monotonic(), self.asked()))

    def strike(self, *units, fault):
        for unit in units:
            self.slave.strike(unit, fault)

    def is_back(self, began):
        """The last one of the dead, which was repaired; notes how long it took to be told of."""
        unit = self.dead[-1]
        if self.back_s is None and self.daemon.lines(f"{self.name(unit)}: back after"):
            self.back_s = time.monotonic() - began
        return self.back_s is not None

    def end_and_start_again(self):
        self.stopped_s = self.daemon.stop()
        before = self.asked()
        self.daemon.start()
        wait_for("all units after the restart", lambda: all(
            self.asked()[str(unit)] >= before[str(unit)] + 2 for unit in self.units),
            RESTART_S + NOTICED_S * len(self.dead), [self.daemon])
        self.daemon.stop()

    def rates(self, begin, end=-1):
        """{unit: polls a second} between two looks"""
        (since, before), (until, after) = self.looks[begin], self.looks[end]
        return {unit: (after[str(unit)] - before[str(unit)]) / (until - since)
                for unit in self.units}

    def kept(self, begin):
        seconds = self.looks[-1][0] - self.looks[begin][0]
        for unit, rate in self.rates(begin).items():
            if unit not in self.dead:
                assert rate * seconds + 1 >= KEPT * seconds, \
                    f"{self.name(unit)}: {rate * seconds:.0f} polls in {seconds:.1f} s"
        for at in range(begin, len(self.looks) - 1):
            slowest = min(rate for unit, rate in self.rates(at, at + 1).items()
                          if unit not in self.dead)
            assert slowest * STEP_S >= STEP_S - STEP_LOST - 1, \
                f"step {at}: {slowest:.2f} polls a second"

    def true(self):
        """Every value that was stored is the instrument's, and only the dead ones miss any."""
        rows = self.daemon.rows(
            "SELECT name, minute, weighted, covered_ms FROM minutes JOIN channels"
            " ON id = channel", file="samples.db")
        names = {name for name, *_ in rows}
        assert len(names) == len(CHANNELS) and len({row[1] for row in rows}) >= 2, rows
        dead = {self.name(unit) for unit in self.dead}
        for name, minute, total, covered in rows:
            value, scale = CHANNELS[name.split("/")[1]]
            assert not covered or abs(total / covered / 1000 - value * scale) < 0.001, \
                f"{name} at {minute}: {total / covered / 1000}"
        failed = self.daemon.rows(
            "SELECT name, minute, why, samples FROM minute_failures JOIN channels"
            " ON id = channel WHERE why != 'clock'", file="samples.db")
        assert {name.split("/")[0] for name, *_ in failed} == dead & set(CHANNELS), failed

    def tell(self, title, begin):
        rates = self.rates(begin).items()
        alive = [rate for unit, rate in rates if unit not in self.dead]
        lost = [rate for unit, rate in rates if unit in self.dead]
        print(f"# {title}: neighbours {min(alive):.3f} polls a second at the least, dead ones "
              f"{max(lost):.3f}; back in {self.back_s:.1f} s; ended in {self.stopped_s:.2f} s")


def scene(world):
    def line(name, *what, **how):
        return Line(world.part(name), *what, **how)
    lines = {
        "pty": line("pty", 8, [3], rtu=True),
        "paced": line("paced", 8, [3], rtu=True, baud=9600),
        "slow": line("slow", 8, [3], ["late", 700], rtu=True),
        "gateway": line("gateway", 8, [3], rtu=False),
        "waiting": line("waiting", 8, [3], ["no_device", 400], rtu=False),
        "waiting longer": line("longer", 8, [3], ["no_device", 700], rtu=False),
        "many": line("many", 32, list(range(4, 33, 4)), rtu=True),
    }
    for each in lines.values():
        each.start()
    for each in lines.values():
        each.strike(*each.dead, fault=each.fault)
        each.look()
    began = time.monotonic()
    for step in range(1, MEASURED_S // STEP_S + 1):
        time.sleep(max(0, began + step * STEP_S - time.monotonic()))
        for each in lines.values():
            each.look()
    began = time.monotonic()
    for each in lines.values():
        each.strike(each.dead[-1], fault=None)
    wait_for("all that were repaired", lambda: all([each.is_back(began)
                                                    for each in lines.values()]), MANY_RETURN_S)
    for title, each in lines.items():
        each.end_and_start_again()
        each.tell(title, 0 if len(each.dead) == 1 else SETTLED)
    return lines


def one_dead(line):
    line.kept(0)
    line.true()
    assert line.back_s <= RETURN_S + LATE_S, f"back after {line.back_s:.1f} s"
    assert line.stopped_s <= harness.STOP_LIMIT_S, line.stopped_s


def one_dead_of_eight_on_a_serial_line_costs_the_seven_nothing(lines):
    one_dead(lines["pty"])


def one_dead_of_eight_at_9600_baud_costs_the_seven_nothing(lines):
    one_dead(lines["paced"])


def one_of_eight_that_answers_too_late_costs_the_seven_nothing(lines):
    one_dead(lines["slow"])


def one_silent_of_eight_behind_a_gateway_costs_the_seven_nothing(lines):
    one_dead(lines["gateway"])


def a_gateway_that_waits_for_one_of_eight_costs_the_seven_nothing(lines):
    one_dead(lines["waiting"])
    one_dead(lines["waiting longer"])


def row_13_eight_dead_of_32_are_asked_a_tenth_as_often_and_none_is_forgotten(lines):
    line = lines["many"]
    line.kept(SETTLED)
    line.true()
    for unit, rate in line.rates(SETTLED).items():
        assert unit not in line.dead or rate <= 0.1, f"{line.name(unit)}: {rate:.2f} a second"
    assert line.stopped_s <= harness.STOP_LIMIT_S, line.stopped_s


if __name__ == "__main__":
    runner.run(one_dead_of_eight_on_a_serial_line_costs_the_seven_nothing,
               one_dead_of_eight_at_9600_baud_costs_the_seven_nothing,
               one_of_eight_that_answers_too_late_costs_the_seven_nothing,
               one_silent_of_eight_behind_a_gateway_costs_the_seven_nothing,
               a_gateway_that_waits_for_one_of_eight_costs_the_seven_nothing,
               row_13_eight_dead_of_32_are_asked_a_tenth_as_often_and_none_is_forgotten,
               scene=scene)
