# SPDX-License-Identifier: MIT
"""A station's data logger (数采仪) for the tests: speaks HJ 212 over TCP, from the document alone (wire.py)."""
import contextlib
import datetime
import os
import select
import socket
import subprocess
import sys
import time

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import wire  # noqa: E402  pylint: disable=wrong-import-position

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
CODES = {"pm25": "a34004", "pm10": "a34002", "so2": "a21026", "no2": "a21004", "co": "a21005", "o3": "a05024"}
PATIENCE_S = 30


def moment(seconds, digits=14):
    """As DataTime (14 digits) and QN (17) have it."""
    when = datetime.datetime.fromtimestamp(round(seconds, 3), BEIJING)
    return when.strftime("%Y%m%d%H%M%S%f")[:digits]


def modbus(segment):
    """The CRC that some take for the document's."""
    register = 0xFFFF
    for byte in segment:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def sm4(key, plain):
    """The whole blocks of a CP enciphered, the rest in clear (2025 6.4)."""
    whole = len(plain) // 16 * 16
    done = subprocess.run(["openssl", "enc", "-sm4-ecb", "-nopad", "-K", key.hex()], input=plain[:whole],
                          capture_output=True, check=True)
    return done.stdout + plain[whole:]


class Logger:
    """`port`: to connect to, or None, then `listener` waits for whoever connects."""

    def __init__(self, port=None, mn="010000A8900016F000169DC0", pw="123456", st=22, version=1, key=None):
        self.port, self.mn, self.pw, self.st, self.version, self.key = port, mn, pw, st, version, key
        self.link, self.reader, self.heard, self.numbers, self.acked = None, None, [], 0, set()
        self.listener = None
        if port is None:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.listener.settimeout(PATIENCE_S)

    def connect(self):
        """Again and again, as a logger does."""
        self.close()
        until = time.monotonic() + PATIENCE_S
        while self.link is None:
            try:
                self.link = (self.listener.accept()[0] if self.listener else
                             socket.create_connection(("127.0.0.1", self.port), PATIENCE_S))
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = wire.Reader()
        return self

    def close(self):
        if self.link is not None:
            self.link.close()
        self.link = None

    # ---- what it says ----

    def qn(self, now):
        """Never the same twice, and within a second of `now`."""
        self.numbers += 1
        return moment(int(now) + self.numbers % 1000 / 1000, 17)

    def segment(self, cn, body, qn, *, answer=True, parts=None, again=False, **other):
        """The key/value pairs in the document's order; `other` overrides (None: left out)."""
        flag = self.version << 2 | (2 if parts else 0) | (1 if answer else 0)
        pairs = {"QN": qn, "ST": self.st, "CN": cn, "PW": self.pw, "MN": self.mn, "Flag": flag}
        if parts:
            pairs.update(PNUM=parts[0], PNO=parts[1])
        if again:
            pairs["RF"] = 1
        pairs.update(other)
        return "".join(f"{key}={value};" for key, value in pairs.items() if value is not None) + f"CP=&&{body}&&"

    def framed(self, segment):
        clear = segment.encode()
        if self.key is None:
            return wire.framed(clear)
        head, mark, rest = clear.partition(b"CP=&&")
        secret = head + mark + sm4(self.key, rest[:-2]) + b"&&"
        return b"##%04d%s%04X\r\n" % (len(secret), secret, wire.crc(clear))

    @staticmethod
    def body(start, values, field="Avg"):
        """values: {pollutant: number, (number, flag) or (None, flag)}"""
        factors = []
        for pollutant, value in values.items():
            number, flag = value if isinstance(value, tuple) else (value, "N")
            code = CODES.get(pollutant, pollutant)
            told = [] if number is None else [f"{code}-{field}={number}"]
            factors.append(",".join(told + [f"{code}-Flag={flag}"]))
        return ";".join([f"DataTime={moment(start)}", *factors])

    def send(self, data):
        """False if the link is gone."""
        try:
            self.link.sendall(data)
            return True
        except OSError:
            return False

    def say(self, cn, body, now, **how):
        """Returns the QN, by which it is answered."""
        qn = how.pop("qn", None) or self.qn(now)
        self.send(self.framed(self.segment(cn, body, qn, **how)))
        return qn

    # ---- what it hears ----

    def listen(self, seconds):
        """(QN, CN) of the answers that come within so long, none of another MN; None: the link is gone."""
        if not select.select([self.link], [], [], seconds)[0]:
            return []
        piece = b""
        with contextlib.suppress(OSError):
            piece = self.link.recv(65536)
        if not piece:
            return None
        answers = []
        for segment in self.reader.take(piece):
            head, groups = wire.parsed(segment)
            assert head["MN"] == self.mn and head["PW"] == self.pw and head["ST"] == "91", head
            assert int(head["Flag"]) == self.version << 2 and groups == [], (head, groups)
            answers.append((head.get("QN"), int(head["CN"])))
            self.acked.add(head.get("QN"))
        self.heard += answers
        return answers

    def answered(self, qn, cn=9014, seconds=PATIENCE_S):
        """True once it is; False if it is not within so long, or the link is gone."""
        until = time.monotonic() + seconds
        while (qn, cn) not in self.heard:
            left = until - time.monotonic()
            if left <= 0 or self.listen(min(left, 0.2)) is None:
                return False
        return True

    def tell(self, cn, start, values, now, **how):
        """Says values and waits for the answer."""
        return self.answered(self.say(cn, self.body(start, values), now, **how))
