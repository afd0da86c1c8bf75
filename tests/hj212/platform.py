# SPDX-License-Identifier: MIT
"""A platform of HJ 212 for the tests, over real TCP: takes what a station sends, acknowledges it, and misbehaves on
demand. Of the document alone (wire.py): nothing of the product is used.
"""
import collections
import contextlib
import socket
import struct
import subprocess
import threading
import time

import wire

Message = collections.namedtuple("Message", "qn cn st pw flag rf pno groups body at")


def sm4(key, data, decipher):
    """Whole blocks of ECB, by openssl(1)."""
    return subprocess.run(["openssl", "enc", "-sm4-ecb", "-nopad", "-K", key.hex(), *(["-d"] if decipher else [])],
                          input=data, capture_output=True, check=True).stdout


def turned(segment, key, decipher):
    """6.4 of 2025: whole blocks between CP=&& and the last && are enciphered, the rest stays in clear."""
    at = segment.index(b"CP=&&") + 5
    body, blocks = segment[at:-2], (len(segment) - at - 2) // 16 * 16
    return segment[:at] + sm4(key, body[:blocks], decipher) + body[blocks:] + segment[-2:]


class Reader(wire.Reader):
    """The same with a key: the CRC is that of the clear segment."""

    def __init__(self, key):
        super().__init__()
        self.key, self.enciphered = key, 0

    def take(self, piece):
        if not self.key:
            yield from super().take(piece)
            return
        self.held += piece
        while len(self.held) >= 6:
            size = int(self.held[2:6])
            if len(self.held) < size + 12:
                return
            segment, crc = self.held[6:6 + size], int(self.held[6 + size:10 + size], 16)
            self.held = self.held[size + 12:]
            if crc != wire.crc(segment):
                segment = turned(segment, self.key, True)
                self.enciphered += 1
            assert crc == wire.crc(segment), segment
            yield segment


class Platform:
    """Listens, keeps every message, answers by `rule`: a function of the message that names a misbehaviour, or None.

    What it has taken survives `kill`, as a platform's database would.
    """

    def __init__(self, port, mn, edition=2017, key=None, password="123456"):
        self.port, self.mn, self.edition, self.key, self.password = port, mn, edition, key, password
        self.rule = lambda message: None
        self.taken, self.faults, self.connections = [], [], []
        self.acked, self.counts = set(), collections.Counter()
        self.lock, self.listener, self.enciphered = threading.Lock(), None, 0
        self.segments = []  # that are no data: answers to requests

    # ---- life ----

    def start(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen()
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()
        return self

    def kill(self):
        """As kill -9 would: every connection is reset."""
        listener, self.listener = self.listener, None
        with contextlib.suppress(OSError, AttributeError):
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self):
        with self.lock:
            connections, self.connections = self.connections, []
        for connection in connections:
            reset(connection)

    def accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.counts["connections"] += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        reader = Reader(self.key)
        try:
            while piece := connection.recv(65536):
                for segment in reader.take(piece):
                    self.enciphered += reader.enciphered
                    reader.enciphered = 0
                    self.hear(connection, segment)
        except OSError:
            return
        except (AssertionError, ValueError, KeyError) as wrong:
            self.faults.append(repr(wrong))

    # ---- what it hears ----

    def hear(self, connection, segment):
        head, groups = wire.parsed(segment)
        if head["CN"] not in ("2011", "2051", "2061", "2031"):
            with self.lock:
                self.segments.append((head, groups))
            return
        message = Message(head["QN"], int(head["CN"]), head["ST"], head.get("PW"), int(head["Flag"]), head.get("RF"),
                          int(head.get("PNO", 1)), groups, segment.partition(b"CP=")[2], time.monotonic())
        assert head["MN"] == self.mn and len(head["QN"]) == 17, head
        fault = self.rule(message)
        if fault == "lose":  # it never came
            return
        with self.lock:
            self.taken.append(message)
        if message.flag & 1:
            self.answer(connection, message, fault)

    def answer(self, connection, message, fault):
        """9014, or what a fault makes of it."""
        self.counts[fault] += 1
        if fault == "silent":
            return
        if fault == "cut":
            reset(connection)
            return
        qn = message.qn if fault != "qn" else message.qn[:-3] + "%03d" % ((int(message.qn[-3:]) + 1) % 1000)
        mn = self.mn if fault != "mn" else self.mn[::-1]
        number = 9014 if fault != "cn" else 9013
        frame = wire.framed("QN=%s;ST=91;CN=%d;PW=%s;MN=%s;Flag=%d;CP=&&&&" % (
            qn, number, self.password, mn, 8 if self.edition == 2025 else 4))
        if fault == "crc":
            frame = frame[:-6] + (b"0000" if frame[-6:-2] != b"0000" else b"1111") + frame[-2:]
        if fault == "slow":
            time.sleep(1.5)
        if fault == "half":
            connection.sendall(frame[:len(frame) // 2])
            reset(connection)
            return
        if fault is None or fault == "slow":
            self.acked.add((message.cn, data_time(message)))
        if fault == "torn":
            for at in range(0, len(frame), 7):
                connection.sendall(frame[at:at + 7])
                time.sleep(0.001)
        else:
            connection.sendall(frame)

    def ask(self, segment, cipher=False, times=1):
        """Sends a segment to every station that is connected, enciphered if that is wanted."""
        frame = wire.framed(segment)
        if cipher:
            frame = frame[:6] + turned(segment, self.key, False) + frame[-6:]
        with self.lock:
            connections = list(self.connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.sendall(frame * times)

    # ---- what it has ----

    def unique(self):
        """After the receiver's own removal of repetitions: by QN, MN, CN and PNO."""
        with self.lock:
            taken = list(self.taken)
        kept = {}
        for message in taken:
            first = kept.setdefault((message.qn, message.cn, message.pno), message)
            assert first.body == message.body, ("one QN, two contents", first, message)
        return list(kept.values())

    def table(self, number):
        """{DataTime: pairs of CP} of one CN; a second message of the same DataTime is an error."""
        table, of_qn = {}, {}
        for message in self.unique():
            if message.cn == number:
                key = data_time(message)
                assert of_qn.setdefault(key, message.qn) == message.qn, f"twice: {number} {key}"
                table.setdefault(key, {}).update(wire.flat(message.groups))
        return table


def data_time(message):
    return wire.flat(message.groups)["DataTime"]


def reset(connection):
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)
    with contextlib.suppress(OSError):
        connection.close()
