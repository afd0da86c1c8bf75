# SPDX-License-Identifier: MIT
"""HJ 212 as the document has it (2017 6.3 and annex A, 2025 6.4), for the peers of the tests: bytes <-> segments.

Written from the text alone: nothing of sensors/ is used, so that both sides cannot share a mistake.
"""


def crc(segment):
    """Annex A."""
    register = 0xFFFF
    for byte in segment:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def framed(segment):
    """A segment in clear as its frame."""
    segment = segment.encode() if isinstance(segment, str) else segment
    return b"##%04d%s%04X\r\n" % (len(segment), segment, crc(segment))


def parsed(segment):
    """(head, CP): the pairs before CP as a dictionary, and what stands between the && as one of (key, value) lists."""
    text = segment.decode("ascii")
    head, _, rest = text.partition("CP=&&")
    body = rest[:-2]
    assert rest.endswith("&&"), text
    pairs = dict(field.split("=", 1) for field in head.split(";") if field)
    groups = [[tuple(field.split("=", 1)) for field in group.split(",")] for group in body.split(";") if group]
    return pairs, groups


def flat(groups):
    """All pairs of a CP in one dictionary."""
    return {key: value for group in groups for key, value in group}


class Reader:
    """The bytes of a connection -> segments; what is not right in every part is an AssertionError."""

    def __init__(self):
        self.held = b""

    def take(self, piece):
        self.held += piece
        while len(self.held) >= 6:
            assert self.held[:2] == b"##", self.held[:40]
            size = int(self.held[2:6])
            if len(self.held) < size + 12:
                return
            segment, tail = self.held[6:6 + size], self.held[6 + size:12 + size]
            assert int(tail[:4], 16) == crc(segment), (segment, tail)
            assert tail[4:] == b"\r\n", tail
            self.held = self.held[size + 12:]
            yield segment
