#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Many simulated gateways in one process: each publishes a station's hours as hazewatchd does, with
QoS 1 in MQTT 3.1.1, keeps them until the broker's PUBACK, and goes to the next node of the cluster
when its own is away or says nothing. What `cmd/resend` asks for is told once more, and what is not
there is answered; one ear hears that for all of them.

usage: gateways.py SETUP STATUS

SETUP is JSON: "hosts" [{host, port}], "prefix", "clock" {start, anchor, speed}, "first" and "last"
hour, "after_s" station seconds until an hour is published, "spread_s" over which the gateways
differ, "bytes" of a message, "air" [{hour: six values in
thousandths or null}], "stations" {id: which of these}. STATUS is
replaced each second: {made, acked, waiting, connects, moved, resent, last_made {hour: when the last one of
it was made}}.
"""
import asyncio
import collections
import contextlib
import datetime
import json
import os
import signal
import sys
import time

HOUR_S = 3600
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
KEYS = ("pm25_ug_m3", "pm10_ug_m3", "so2_ug_m3", "no2_ug_m3", "co_mg_m3", "o3_ug_m3")
WINDOW = 8        # messages on their way
SILENCE_S = 6     # without a PUBACK the node is given up
CONNECT_S = 10
PAUSE_S = 0.5
AT_ONCE = 64      # connections that begin at the same time
KEEP_ALIVE_S = 60
CONNECT, CONNACK, PUBLISH, RETAINED, PUBACK, SUBSCRIBE = 0x10, 2, 0x32, 0x31, 4, 0x82
HEARD = 3  # a PUBLISH, by its first four bits


def packet(first, body):
    """With its remaining length (MQTT 3.1.1 2.2.3)."""
    size, length = len(body), bytearray()
    while True:
        size, low = divmod(size, 128)
        length.append(low | (128 if size else 0))
        if not size:
            return bytes([first]) + bytes(length) + body


def text(value):
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


def time_text(hour):
    return datetime.datetime.fromtimestamp(hour * HOUR_S, BEIJING).isoformat()


async def read_packet(reader):
    first, size, shift = (await reader.readexactly(1))[0], 0, 0
    while True:
        low = (await reader.readexactly(1))[0]
        size |= (low & 127) << shift
        shift += 7
        if low < 128:
            return first >> 4, await reader.readexactly(size)


class Gateway:
    def __init__(self, fleet, name, hours, number):
        self.fleet, self.name, self.hours, self.number = fleet, name, hours, number
        self.waiting = collections.deque()  # (topic, message), the oldest first
        self.flying = collections.OrderedDict()  # packet id: the same
        self.wake = asyncio.Event()
        self.host, self.packet_id, self.seq = number, 0, 0
        self.prefix = f"{fleet.setup['prefix']}{name}/"

    def say(self, name, message):
        self.waiting.append((self.prefix + name, message))
        self.wake.set()

    def make(self, hour, **more):
        self.seq += 1
        values = self.hours.get(str(hour), [None] * len(KEYS))
        when = time_text(hour)
        body = {"id": f"{self.name}-{self.seq}", "seq": self.seq, "time": when,
                "time_quality": "synchronised", "station": {"id": self.name}, "scope": "station",
                "hour": when, "rev": 0,
                "hourly": {key: None if value is None else value / 1000
                           for key, value in zip(KEYS, values)}, **more}
        filler = self.fleet.setup["bytes"] - len(json.dumps(body))
        self.say("aqi", json.dumps({**body, "text_en": "x" * max(0, filler)}))

    async def run(self):
        while True:
            with contextlib.suppress(OSError, EOFError, asyncio.TimeoutError, ValueError):
                await self.serve()
            self.waiting.extendleft(reversed(self.flying.values()))
            self.flying.clear()
            self.host += 1
            self.fleet.counts["moved"] += 1
            await asyncio.sleep(PAUSE_S)

    async def connect(self):
        node = self.fleet.setup["hosts"][self.host % len(self.fleet.setup["hosts"])]
        async with self.fleet.at_once:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(node["host"], node["port"]), CONNECT_S)
            flags = b"\x02"  # a clean session: it subscribes to nothing
            writer.write(packet(CONNECT, text("MQTT") + b"\x04" + flags +
                                KEEP_ALIVE_S.to_bytes(2, "big") + text(f"gateway-{self.name}")))
            try:
                kind, body = await asyncio.wait_for(read_packet(reader), CONNECT_S)
                if kind != CONNACK or body[1] != 0:
                    raise ValueError("refused")
            except BaseException:
                writer.transport.abort()
                raise
        self.fleet.counts["connects"] += 1
        return reader, writer

    async def serve(self):
        reader, writer = await self.connect()
        tasks = [asyncio.ensure_future(each) for each in (self.hear(reader), self.send(writer))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            writer.transport.abort()

    async def hear(self, reader):
        while True:
            kind, body = await read_packet(reader)
            if kind == PUBACK and self.flying.pop(int.from_bytes(body[:2], "big"), None):
                self.fleet.counts["acked"] += 1
                self.wake.set()

    async def send(self, writer):
        writer.write(packet(RETAINED, text(self.prefix + "state") + json.dumps(
            {"state": "online", "boot": self.name}).encode()))
        while True:
            while self.waiting and len(self.flying) < WINDOW:
                self.packet_id = self.packet_id % 65535 + 1
                self.flying[self.packet_id] = message = self.waiting.popleft()
                writer.write(packet(PUBLISH, text(message[0]) + self.packet_id.to_bytes(2, "big") +
                                    message[1].encode()))
            await writer.drain()
            oldest = next(iter(self.flying), None)
            self.wake.clear()
            try:
                await asyncio.wait_for(self.wake.wait(),
                                       SILENCE_S if self.flying else KEEP_ALIVE_S / 2)
            except asyncio.TimeoutError:
                if oldest is not None and oldest in self.flying:
                    raise
                writer.write(b"\xc0\x00")  # PINGREQ


class Ear(Gateway):
    """Hears what the gateways are asked."""

    async def hear(self, reader):
        while True:
            kind, body = await read_packet(reader)
            if kind == HEARD:
                length = int.from_bytes(body[:2], "big")
                topic = body[2:2 + length].decode()
                said = body[2 + length:]  # its envelope is not looked at
                self.fleet.resend(topic.split("/")[-3], json.loads(said[said.index(b"{"):]))

    async def send(self, writer):
        writer.write(packet(SUBSCRIBE, b"\0\1" + text(
            f"{self.fleet.setup['prefix']}+/cmd/resend") + b"\0"))
        await super().send(writer)


class Fleet:
    def __init__(self, setup):
        self.setup = setup
        self.counts = collections.Counter(made=0, acked=0, connects=0, moved=0, resent=0)
        self.last_made, self.newest = {}, 0
        self.at_once = asyncio.Semaphore(AT_ONCE)
        self.gateways = [Gateway(self, name, setup["air"][air], number)
                         for number, (name, air) in enumerate(setup["stations"].items())]
        self.by_name = {gateway.name: gateway for gateway in self.gateways}
        self.ear = Ear(self, "ear", {}, 0)

    def made(self, hour):
        self.counts["made"] += 1
        self.last_made[hour] = time.time()
        self.newest = hour

    async def sleep_until(self, station_s):
        clock = self.setup["clock"]
        due = clock["anchor"] + (station_s - clock["start"]) / clock["speed"]
        await asyncio.sleep(max(0, due - time.time()))

    async def make_hours(self):
        """The hours before the clock's beginning at once, those after it as they end."""
        setup = self.setup
        apart_s = setup["spread_s"] / len(self.gateways)
        for hour in range(setup["first"], setup["last"] + 1):
            past = hour * HOUR_S <= setup["clock"]["start"]
            for number, gateway in enumerate(self.gateways):
                if not past:
                    await self.sleep_until(hour * HOUR_S + setup["after_s"] + number * apart_s)
                gateway.make(hour)
                self.made(hour)

    def resend(self, name, command):
        gateway = self.by_name.get(name)
        hours = [int(datetime.datetime.fromisoformat(command[key]).timestamp()) // HOUR_S
                 for key in ("from", "to")]
        if not gateway:
            return
        for hour in range(max(hours[0], self.setup["first"]), min(hours[1], self.newest) + 1):
            gateway.make(hour, resent=True)
            self.counts["resent"] += 1
        absent = [{"from": command["from"], "to": time_text(self.setup["first"] - 1)}] if (
            hours[0] < self.setup["first"]) else []
        gateway.say("reply", json.dumps({"command": command["id"], "kind": "resend",
                                         "outcome": "accepted", "why": "", "absent": absent}))

    def tell(self, path):
        waiting = sum(len(each.waiting) + len(each.flying) for each in self.gateways)
        with open(path + ".new", "w", encoding="ascii") as file:
            json.dump({**self.counts, "waiting": waiting, "last_made": self.last_made}, file)
        os.replace(path + ".new", path)

    async def run(self, status):
        running = [asyncio.ensure_future(each.run()) for each in [*self.gateways, self.ear]]
        running.append(asyncio.ensure_future(self.make_hours()))
        while True:
            self.tell(status)
            await asyncio.sleep(1)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        setup = json.load(file)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

    async def run():
        await Fleet(setup).run(sys.argv[2])
    asyncio.run(run())


if __name__ == "__main__":
    main()
