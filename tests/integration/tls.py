#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""TLS to a real broker with certificates made by openssl: the right one is taken, every wrong one
is refused and explained, and nothing ever goes in plain text.

usage: tls.py HAZEWATCHD
"""
import os
import shutil
import subprocess
import sys

import inbox
import harness
import runner
from harness import wait_for

RECONNECT_S = 30
NAME = "broker.test"
# It finds the name, whatever this machine's /etc/hosts says.
HANG = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[1]))), "tests",
                    "integration", "libhang.so")


class Authority:
    """A CA of our own and what it signs."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.key, self.cert = world.path(name + ".key"), world.path(name + ".pem")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-keyout", self.key, "-out", self.cert, "-days", "30", "-subj",
                     f"/CN={name}")

    @staticmethod
    def openssl(*arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def sign(self, name, host, days=30):
        """(certificate, key) for a host name; with days below 0 it has expired."""
        key, request, cert = (self.world.path(name + end) for end in (".key", ".csr", ".pem"))
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", key, "-out", request, "-subj", f"/CN={host}", "-addext",
                     f"subjectAltName=DNS:{host}")
        self.openssl("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key,
                     "-CAcreateserial", "-out", cert, "-days", str(days), "-copy_extensions",
                     "copy")
        return cert, key


class Site:
    """A broker with a TLS port beside the one of the tests, and a daemon that is to use it."""

    def __init__(self, world, authority, server, *lines, **tls):
        cert, key = server
        self.port = harness.free_port()
        for path in (cert, key, authority.cert):
            os.chmod(path, 0o644)
        os.chmod(world.folder, 0o755)
        self.broker = harness.Broker(world, "allow_anonymous true", f"listener {self.port}",
                                     f"certfile {cert}", f"keyfile {key}", *lines)
        self.broker.start()
        self.slave = harness.Slave(world).play_always(
            harness.Clock(), inbox.REGISTERS).start()
        self.platform = world.subscribe(self.broker)
        self.daemon = harness.Daemon(world, harness.Clock(), self.slave.port, self.port,
                                     mqtt={"host": NAME, "tls": {"ca": authority.cert, **tls}})

    def start(self, **environment):
        self.daemon.start(LD_PRELOAD=HANG, **environment)

    def is_refused(self, why):
        self.start()
        wait_for("a line that explains", lambda: self.daemon.lines("mqtt: no connection"),
                 RECONNECT_S, [self.daemon])
        line, = self.daemon.lines("mqtt: no connection")
        assert why in line, line
        assert not self.platform.all(), "something went out all the same"
        assert not self.daemon.lines("mqtt: connected")

    def is_taken(self):
        wait_for("the state", lambda: self.platform.last("state"), RECONNECT_S, [self.daemon])
        assert self.daemon.lines(f"mqtt: connected to {NAME} port .* by TLS")


def a_broker_with_the_right_certificate_is_taken_and_the_client_shows_its_own(world):
    authority = Authority(world, "ca")
    client = authority.sign("client", "test-01")
    site = Site(world, authority, authority.sign("server", NAME),
                f"cafile {authority.cert}", "require_certificate true", cert=client[0],
                key=client[1])
    site.start()
    site.is_taken()


def a_client_without_a_certificate_is_refused_and_told_so(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", NAME),
                f"cafile {authority.cert}", "require_certificate true")
    site.is_refused("certificate required")


def a_certificate_of_another_host_is_refused(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", "other.example"))
    site.is_refused("ostname mismatch")


def an_expired_certificate_is_refused(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", NAME, days=-1))
    site.is_refused("certificate has expired")


def a_certificate_of_an_unknown_authority_is_refused_until_its_file_is_there(world):
    authority, other = Authority(world, "ca"), Authority(world, "other")
    site = Site(world, authority, other.sign("server", NAME))
    site.is_refused("issuer certificate")
    shutil.copy(other.cert, authority.cert)  # read again at the next attempt
    site.is_taken()


def a_broker_without_tls_gets_no_word_in_plain_text(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", NAME))
    site.daemon.config["mqtt"]["port"] = site.broker.port
    site.daemon.write_config()
    site.is_refused("")
    assert not site.broker.lines("hazewatch-test-01"), "it said its name"


def a_file_that_is_not_there_is_named(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", NAME))
    os.rename(authority.cert, authority.cert + ".away")
    site.is_refused("ca.pem cannot be read: No such file")
    os.rename(authority.cert + ".away", authority.cert)
    site.is_taken()


def secrets_may_come_from_systemd(world):
    authority = Authority(world, "ca")
    site = Site(world, authority, authority.sign("server", NAME))
    site.daemon.config["mqtt"]["tls"]["ca"] = "credential:ca.pem"
    site.daemon.write_config()
    site.start(CREDENTIALS_DIRECTORY=world.folder)
    site.is_taken()


if __name__ == "__main__":
    runner.run(
        a_broker_with_the_right_certificate_is_taken_and_the_client_shows_its_own,
        a_client_without_a_certificate_is_refused_and_told_so,
        a_certificate_of_another_host_is_refused,
        an_expired_certificate_is_refused,
        a_certificate_of_an_unknown_authority_is_refused_until_its_file_is_there,
        a_broker_without_tls_gets_no_word_in_plain_text,
        a_file_that_is_not_there_is_named,
        secrets_may_come_from_systemd)
