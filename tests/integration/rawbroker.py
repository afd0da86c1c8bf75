# SPDX-License-Identifier: MIT
"""A broker of the tests that does to its one client what real ones do, byte by byte: it refuses,
limits, forgets, hangs up or falls silent as it is told. It routes nothing; what it gets it keeps."""
import contextlib
import socket
import ssl
import struct
import threading
import time
from typing import Any, NamedTuple

import harness
from subscriber import content

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = \
    1, 2, 3, 4, 8, 9, 12, 13, 14
CHUNK = 1 << 20
# identifier: how many bytes; "text" has its length before it, "pair" is two of them
PROPERTIES = {1: 1, 2: 4, 3: "text", 8: "text", 9: "text", 11: "number", 17: 4, 18: "text", 19: 2,
              21: "text", 22: "text", 23: 1, 24: 4, 25: 1, 26: "text", 28: "text", 31: "text",
              33: 2, 34: 2, 35: 2, 36: 1, 37: 1, 38: "pair", 39: 4, 40: 1, 41: 1, 42: 1}
MESSAGE_EXPIRY, SESSION_EXPIRY, WILL_DELAY, SERVER_KEEP_ALIVE, RECEIVE_MAXIMUM, MAXIMUM_QOS, RETAIN_AVAILABLE, \
    MAXIMUM_PACKET = 2, 17, 24, 19, 33, 36, 37, 39


class Gone(Exception):
    """The client has closed the connection."""


class HangUp(Exception):
    """To be raised by what a broker is told to do."""


class Reset(HangUp):
    """The same without a proper end."""


def hang_up(_message):
    """A broker's `take` that bears nothing."""
    raise HangUp


class Published(NamedTuple):
    at: float      # monotonic
    link: int      # number of the connection it came by
    topic: str
    body: Any
    qos: int
    retain: bool
    size: int      # bytes of the whole packet
    dup: bool
    properties: dict

    @property
    def name(self):
        """The topic below the station's prefix."""
        return self.topic.split("/", 4)[4]


class Connect(NamedTuple):
    at: float
    version: int
    client_id: str
    clean: bool
    keepalive: int
    properties: dict
    will: Any      # {"topic", "qos", "retain", "properties"}, None without


class Reader:
    """Fields of a packet, from its first byte on."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def length(self):
        value = shift = 0
        while True:
            byte = self.number(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        return self.take(self.number(2))

    def properties(self):
        end, found = self.length() + self.at, {}
        while self.at < end:
            kind = self.number(1)
            how = PROPERTIES[kind]
            if how == "text":
                found[kind] = self.text()
            elif how == "pair":
                found[kind] = (self.text(), self.text())
            else:
                found[kind] = self.length() if how == "number" else self.number(how)
        return found

    def rest(self):
        return self.data[self.at:]


def written_length(n):
    out = b""
    while True:
        n, byte = n // 128, n % 128
        out += bytes([byte | 128 if n else byte])
        if not n:
            return out


def packet(kind, body, flags=0):
    return bytes([kind << 4 | flags]) + written_length(len(body)) + body


def written_properties(properties):
    body = b"".join(bytes([kind]) + value.to_bytes(PROPERTIES[kind], "big")
                    for kind, value in properties.items())
    return written_length(len(body)) + body


class Link:
    """One connection."""

    def __init__(self, broker, client, number):
        self.broker, self.client, self.number, self.version = broker, client, number, 5
        self.unanswered, self.sending = 0, threading.Lock()

    def exactly(self, n):
        data = b""
        while len(data) < n:
            more = self.client.recv(min(n - len(data), 1 << 20))
            if not more:
                raise Gone
            data += more
        return data

    def read(self):
        """(kind, flags, body, bytes of all)"""
        first, length, shift = self.exactly(1)[0], 0, 0
        while True:
            byte = self.exactly(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first >> 4, first & 15, self.exactly(length), 1 + shift // 7 + length

    def send(self, data):
        with self.sending:
            self.client.sendall(data)

    def serve(self):
        kind, _, body, _ = self.read()
        assert kind == CONNECT, kind
        self.on_connect(body)
        while True:
            kind, flags, body, size = self.read()
            if kind == PUBLISH:
                self.on_publish(flags, Reader(body), size)
            elif kind == SUBSCRIBE:
                self.on_subscribe(Reader(body))
            elif kind == PINGREQ:
                self.broker.pings.append(time.monotonic())
                self.send(packet(PINGRESP, b""))
            elif kind == DISCONNECT:
                self.broker.goodbyes += 1
                raise Gone

    def on_connect(self, body):
        reader = Reader(body)
        reader.text()
        self.version, flags, keepalive = reader.number(1), reader.number(1), reader.number(2)
        new = self.version == 5
        properties = reader.properties() if new else {}
        client_id, will = reader.text().decode(), None
        if flags & 4:
            will = {"properties": reader.properties() if new else {},
                    "topic": reader.text().decode(), "body": content(reader.text()),
                    "qos": flags >> 3 & 3, "retain": bool(flags & 32)}
        self.broker.connects.append(Connect(time.monotonic(), self.version, client_id,
                                            bool(flags & 2), keepalive, properties, will))
        code, limits = self.broker.answer(self.broker.connects[-1])
        more = written_properties(limits) if new else b""
        self.send(packet(CONNACK, bytes([self.broker.session and code == 0, code]) + more))
        if code:
            raise HangUp

    def on_subscribe(self, reader):
        number = reader.take(2)
        if self.version == 5:
            reader.properties()
        self.broker.filters.append(reader.text().decode())
        more = b"\0" if self.version == 5 else b""
        self.send(packet(SUBACK, number + more + bytes([self.broker.granted])))
        for topic, payload in self.broker.commands:
            name = topic.encode()
            self.send(packet(PUBLISH, struct.pack(">H", len(name)) + name + more + payload))

        if self.broker.large:
            self.send_large(*self.broker.large)

    def send_large(self, topic, size):
        """A message of QoS 0 that is never whole in this program's memory."""
        name = topic.encode()
        head = struct.pack(">H", len(name)) + name + (b"\0" if self.version == 5 else b"")
        self.broker.large_sent += 1
        with self.sending:
            self.client.sendall(bytes([PUBLISH << 4]) + written_length(len(head) + size) + head)
            for _ in range(size // CHUNK):
                self.client.sendall(bytes(CHUNK))

    def on_publish(self, flags, reader, size):
        topic, qos = reader.text().decode(), flags >> 1 & 3
        number = reader.take(2) if qos else b""
        properties = reader.properties() if self.version == 5 else {}
        with self.sending:
            self.unanswered += qos > 0
        self.broker.most_unanswered = max(self.broker.most_unanswered, self.unanswered)
        message = Published(time.monotonic(), self.number, topic, content(reader.rest()), qos,
                            bool(flags & 1), size, bool(flags & 8), properties)
        self.broker.arrived.append(message)
        reason = self.broker.take(message)
        if reason is None:  # no answer
            return
        self.broker.kept.append(message)
        if qos:
            self.answer_publish(number, reason)

    def answer_publish(self, number, reason):
        def answer():
            with self.sending:
                self.unanswered -= 1
            with contextlib.suppress(OSError):
                self.send(packet(PUBACK, number + (bytes([reason, 0]) if reason else b"")))
        if self.broker.delay_s:
            threading.Timer(self.broker.delay_s, answer).start()
        else:
            answer()


class RawBroker:
    """Takes everything, unless its functions are replaced:
    answer(connect) -> (code, properties), or raises HangUp;
    take(message) -> reason of the PUBACK, None for no answer, or raises HangUp."""

    def __init__(self, world, tls=None):
        """`tls`: certificate and key."""
        self.context = tls and ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if tls:
            self.context.load_cert_chain(*tls)
        self.connects, self.arrived, self.kept, self.filters = [], [], [], []
        self.pings, self.clients = [], []
        self.large, self.large_sent = None, 0  # (topic, bytes): the same
        self.commands = []  # [(topic, payload)]: come with every subscription
        self.goodbyes = self.most_unanswered = self.links = 0
        self.session, self.granted, self.delay_s = False, 1, 0
        self.answer = lambda connect: (0, {})
        self.take = lambda message: 0
        self.port = harness.free_port()
        self.socket = None
        world.callback(self.stop)

    def start(self):
        self.socket = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.listen, args=(self.socket,), daemon=True).start()
        return self

    def stop(self):
        """Nobody listens any more; a connection that stands is not cut."""
        if self.socket:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()
        self.socket = None

    def hang_up(self):
        """On whoever is connected."""
        for client in list(self.clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def listen(self, listening):
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                self.links += 1
                threading.Thread(target=self.serve, args=(client, self.links),
                                 daemon=True).start()

    def serve(self, client, number):
        if self.context:
            try:
                client = self.context.wrap_socket(client, server_side=True)
            except OSError:
                return
        self.clients.append(client)
        with client, contextlib.suppress(OSError):
            try:
                Link(self, client, number).serve()
            except Reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except (Gone, HangUp):
                client.shutdown(socket.SHUT_WR)

    def all(self, name):
        """What was taken under a topic, given below the station's prefix."""
        return [message for message in self.kept if message.name == name]

    def last(self, name):
        messages = self.all(name)
        return messages[-1].body if messages else None
