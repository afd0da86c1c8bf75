#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A Modbus TCP slave made of pymodbus, whose registers play a record: see harness.Slave.

usage: slave.py PORT RECORD.json

The record is read anew when it changes: {"start", "anchor", "speed"} of the simulated clock in
seconds since 1970, "hours" {END of the hour, hours since 1970: its registers} and "silence_s": for
so long before an hour ends the registers hold "no value", so that no value outlives its hour.
"""
import asyncio
import json
import os
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer

NO_VALUE = 65535
HOUR_S = 3600


class Record(ModbusSequentialDataBlock):
    """The block that pymodbus asks for values; they depend on the moment."""

    def __init__(self, path, registers):
        super().__init__(0, [NO_VALUE] * registers)
        self.path, self.read_ns, self.record = path, None, None

    def load(self):
        """The machine's wall clock is read once: a step of it is none of the station's time."""
        changed_ns = os.stat(self.path).st_mtime_ns
        if changed_ns == self.read_ns:
            return
        with open(self.path, encoding="utf-8") as file:
            self.record = json.load(file)
        self.read_ns = changed_ns
        wall_minus_boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        self.record["begun"] = self.record["anchor"] - wall_minus_boot

    def now(self):
        boot = time.clock_gettime(time.CLOCK_BOOTTIME)
        return self.record["start"] + (boot - self.record["begun"]) * self.record["speed"]

    def getValues(self, address, count=1):
        self.load()
        at = self.now()
        registers = self.record["hours"].get(str(int(at // HOUR_S) + 1))
        if registers is None or HOUR_S - at % HOUR_S <= self.record["silence_s"]:
            registers = self.values
        return registers[address:address + count]


async def main():
    block = Record(sys.argv[2], 6)
    context = ModbusServerContext(ModbusSlaveContext(hr=block, zero_mode=True), single=True)
    await StartAsyncTcpServer(context, address=("127.0.0.1", int(sys.argv[1])),
                              allow_reuse_address=True)


if __name__ == "__main__":
    asyncio.run(main())
