#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What waits for a platform of HJ 212, and how long it takes until all of it is acknowledged.

usage: hj212.py HAZEWATCHD hours|minutes [HOW_MANY]: by default those of a year, at pace 0 to a platform that answers at once.
"""
import os
import sys
import time

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
import harness  # noqa: E402
import platforms  # noqa: E402

YEAR = {"hours": 8760, "minutes": 525600}
CN = {"hours": 2061, "minutes": 2051}


def fill_minutes(site, count):
    now = int(site.daemon.clock.now() // 60)
    with site.database("samples.db") as database:
        database.execute("INSERT INTO channels (name) VALUES ('roof/pm25') ON CONFLICT DO NOTHING")
        channel = database.execute("SELECT id FROM channels WHERE name = 'roof/pm25'").fetchone()[0]
        database.executemany("INSERT OR REPLACE INTO minutes (minute, channel, weighted, covered_ms, samples, normal)"
                             " VALUES (?, ?, ?, 60000, 1, 1)",
                             ((minute, channel, 35000 * 60000) for minute in range(now - count, now)))
    with site.database() as database:
        database.execute("UPDATE uplink_newest SET upto = ? WHERE cn = 2051", (now - count,))


def main():
    what = sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else YEAR[what]
    with harness.World() as world:
        platform = platforms.platform_of(world)
        site = platforms.Site(world, platform)
        site.set(send=[what], minutes_days=36500)
        site.daemon.start()
        harness.wait_for("the platform's row", lambda: site.rows("SELECT count(*) FROM uplink_newest")[0][0] >= 1)
        site.daemon.stop()
        if what == "hours":
            site.backlog(count)
        else:
            fill_minutes(site, count)
        platform.start()
        site.daemon.start()
        harness.wait_for("the first", lambda: platform.taken)
        began, first = time.monotonic(), len(platform.taken)
        harness.wait_for("all of them", lambda: len(platform.taken) >= count - 1 and site.waiting() == 0, 36000, [site.daemon])
        took = time.monotonic() - began
        rate = (len(platform.taken) - first) / took
        with open(f"/proc/{site.daemon.pid}/status", encoding="ascii") as status:
            memory = next(line.split()[1] for line in status if line.startswith("VmHWM"))
        print(f"{count} {what} ({CN[what]}): {took:.1f} s, {rate:.0f} messages/s; a year of them {YEAR[what] / rate:.0f} s;"
              f" VmHWM {memory} KiB; at 3 s a message {YEAR[what] * 3 / 3600:.1f} h")


if __name__ == "__main__":
    main()
