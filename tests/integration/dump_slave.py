#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Modbus slaves made of pymodbus, each the one device of its line, that hold register dumps.

usage: dump_slave.py DEVICES.json

    [{"port": 5020, "registers": {"3": {"0": 805}}},          function -> address -> value
     {"tty": "/tmp/a.tty", "registers": {"4": {"14": 48}}}]   a link to a pty, at 9600 baud

A register that the dump has not is refused with exception 2.
"""
import asyncio
import json
import os
import sys
import tty

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer
from pymodbus.transaction import ModbusRtuFramer

NOWHERE = {65535: 0}  # pymodbus has no empty block; no dump reaches so far


def context(registers):
    def block(function):
        values = {int(at): value for at, value in registers.get(function, {}).items()}
        return ModbusSparseDataBlock(values or NOWHERE)
    return ModbusServerContext(
        ModbusSlaveContext(co=block("1"), di=block("2"), hr=block("3"), ir=block("4"),
                           zero_mode=True), single=True)


def lay_line(link):
    """Two ptys whose far ends are joined, as pymodbus opens a tty, too: the name of its one."""
    ends = [os.openpty() for _ in range(2)]
    for _, near in ends:
        tty.setraw(near)
    (ours, _), (theirs, _) = ends
    loop = asyncio.get_running_loop()
    loop.add_reader(ours, lambda: os.write(theirs, os.read(ours, 512)))
    loop.add_reader(theirs, lambda: os.write(ours, os.read(theirs, 512)))
    os.symlink(os.ttyname(ends[1][1]), link)
    return os.ttyname(ends[0][1])


def serve(device):
    if "port" in device:
        return StartAsyncTcpServer(context(device["registers"]),
                                   address=("127.0.0.1", device["port"]),
                                   allow_reuse_address=True)
    return StartAsyncSerialServer(context(device["registers"]), framer=ModbusRtuFramer,
                                  port=lay_line(device["tty"]), baudrate=9600)


async def main():
    with open(sys.argv[1], encoding="ascii") as file:
        devices = json.load(file)
    await asyncio.gather(*(serve(device) for device in devices))


if __name__ == "__main__":
    asyncio.run(main())
