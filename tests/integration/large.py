#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A message as large as MQTT 3.1.1 allows comes in: it costs connections, never the process.

usage: large.py HAZEWATCHD
"""
import resource

import brokers
import rawbroker
import runner
import tls

LARGE = 200 << 20
SIZES = (200, 70, 40)  # MiB: no part of it has room, one copy has, two copies have
RESIDENT = 96 << 20     # the unit's MemoryHigh
LOSSES = 3
HOURS = 3


def begin(world, size, tls_of=None):
    """A broker without MQTT 5 that sends such a message with every subscription."""
    site = brokers.Site(world, version="auto")
    if tls_of:
        cert, key = tls_of.sign("server", tls.NAME)
        site.broker = rawbroker.RawBroker(world, (cert, key))
        site.daemon.config["mqtt"].update(host=tls.NAME, port=site.broker.port,
                                          tls={"ca": tls_of.cert})
        site.daemon.write_config()
        site.daemon.command = ["env", f"LD_PRELOAD={tls.HANG}", *site.daemon.command]
    site.broker.answer = lambda connect: (0x84 if connect.version == 5 else 0, {})
    site.broker.large = (f"{site.daemon.prefix}cmd/directive", size)
    site.broker.start()
    return site.start()


def memory(daemon, what):
    """Bytes."""
    with open(f"/proc/{daemon.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) << 10 for line in file if line.startswith(what))


def needs_a_bound(site):
    """A sanitizer's own memory, terabytes of it, would count."""
    if memory(site.daemon, "VmSize") > 1 << 40:
        raise runner.Skipped("a sanitizer's build does not bound its memory")
    assert resource.prlimit(site.daemon.pid, resource.RLIMIT_DATA)[0] <= RESIDENT


def most_resident(daemon):
    return memory(daemon, "VmHWM")


def goes_on(site):
    """Hours close, and what they bring goes out."""
    number = len(site.broker.all("warning"))
    hour = site.daemon.newest_hour()
    site.wait("hours", lambda: site.daemon.newest_hour() >= hour + HOURS, 60)
    site.wait("warnings", lambda: len(site.broker.all("warning")) > number, 60)


def costs_connections_only(site):
    needs_a_bound(site)
    site.wait("that it gives up the commands", lambda: site.daemon.lines(
        "larger than the memory allowed, and 3 connections"), 60)
    assert site.broker.large_sent == LOSSES
    goes_on(site)
    last = site.broker.connects[-1]
    assert last.clean and last.version == 4, last
    assert site.broker.large_sent == LOSSES
    assert most_resident(site.daemon) < RESIDENT, most_resident(site.daemon)
    site.wait("that health says so", lambda: not site.broker.last("health")["broker"]["commands"])
    assert not site.daemon.lines("when message [0-9]"), site.daemon.log()
    assert len(site.daemon.lines(brokers.NO_BROKER)) == 1, site.daemon.log()
    site.daemon.stop()


def a_message_of_200_mib_costs_three_connections_and_then_no_more(world):
    costs_connections_only(begin(world, LARGE))


def by_tls_it_costs_no_more_either(world):
    costs_connections_only(begin(world, LARGE, tls.Authority(world, "ca")))


def what_just_fits_into_the_memory_is_dropped_and_nothing_else_suffers(world):
    for size in SIZES[1:]:
        site = begin(world.part(str(size)), size << 20)
        needs_a_bound(site)
        site.wait("that it came", lambda site=site: site.broker.large_sent >= 1)
        goes_on(site)
        print(f"# {size} MiB: at most {most_resident(site.daemon) >> 20} MiB resident,"
              f" sent {site.broker.large_sent} times")
        assert most_resident(site.daemon) < RESIDENT
        site.daemon.stop()


if __name__ == "__main__":
    runner.run(
        a_message_of_200_mib_costs_three_connections_and_then_no_more,
        by_tls_it_costs_no_more_either,
        what_just_fits_into_the_memory_is_dropped_and_nothing_else_suffers)
