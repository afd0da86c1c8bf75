# SPDX-License-Identifier: MIT
"""A district on the cluster: its stations with the record that each plays, the daemons, and what
should come of it, computed by tests/oracle/district.py and by `hazewatch replay`.
"""
import csv
import importlib.util
import io
import json
import os
import subprocess
import sys
import time

import harness
import subscriber

sys.path[:0] = [os.path.join(harness.ROOT, "tests", folder) for folder in ("sim", "structure")]
sys.path.append(os.path.join(harness.ROOT, "tests", "oracle"))
# pylint: disable=wrong-import-position
import record  # noqa: E402

_SPEC = importlib.util.spec_from_file_location("district_oracle", os.path.join(
    harness.ROOT, "tests", "oracle", "district.py"))
oracle = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(oracle)

HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
EXTRACT = os.path.join(harness.ROOT, "tests", "data", "huairou-2013-10-31.csv")
FIELDS = ("pm25_ug_m3", "pm10_ug_m3", "so2_ug_m3", "no2_ug_m3", "co_mg_m3", "o3_ug_m3")
PER_REGISTER = (100, 100, 100, 100, 10, 100)  # thousandths of the unit in one step of generic-six
STEPS = tuple(oracle.aqi.STEPS[key] for key in oracle.KEYS)
NO_VALUE = 65535
PAST_H = 60
DATABASE_LENGTH = 36
HEARS_S = 60
SHIFTS = 6
DISTRICT = "district-01"
LEVELS = ("issue", "upgrade", "downgrade", "lift")
EDITION = oracle.EDITIONS["hj633-2026"]
POINT_BYTES = 3000  # of an hour as hazewatchd says it


def read_sources():
    """The hours of an episode at each of the shared stations, at Huairou alone where there is
    nothing shared; and what to say about it."""
    episode = record.read_extract(EXTRACT)
    told, sources = "the shared records are not there: the extract of Huairou alone", [episode]
    folder, _ = record.shared("data", "uci-beijing")
    if folder and not folder.startswith(record.EXTRACTS):
        told = "three stations of the shared records"
        for name in ("Aotizhongxin", "Dongsi"):
            whole = record.read_uci(os.path.join(
                folder, f"PRSA_Data_{name}_20130301-20170228.csv.xz"))
            sources.append({hour: whole[hour] for hour in episode if hour in whole})
    return sources, told


class Air:
    """What each station measures: an episode, some hours later at each, over and over."""

    def __init__(self, names):
        self.sources, self.told = read_sources()
        self.first, self.hours = min(self.sources[0]), len(self.sources[0])
        self.places = {name: (self.sources[i % len(self.sources)],
                              i // len(self.sources) % SHIFTS) for i, name in enumerate(names)}

    def at(self, name, hour):
        """Rounded as a station publishes it."""
        source, shift = self.places[name]
        row = source.get(self.first + (hour - shift - self.first) % self.hours, oracle.NOTHING)
        return tuple(None if value is None else round(value / step) * step
                     for value, step in zip(row, STEPS))

    def of(self, name, first, last):
        return {hour: self.at(name, hour) for hour in range(first, last + 1)}

    def registers(self, name, hour):
        return [NO_VALUE if value is None else round(value / step)
                for value, step in zip(self.at(name, hour), PER_REGISTER)]


class Platform(subscriber.Subscriber):
    """A subscriber that goes to the next node when its own is away, and confirms what it has."""

    def __init__(self, nodes):
        self._nodes, self._turn = nodes, 0
        super().__init__(nodes[0].port, old=True, host=nodes[0].host)
        self._client.on_disconnect = self._on_disconnect

    def _on_disconnect(self, client, *_):
        self._turn += 1
        node = self._nodes[self._turn % len(self._nodes)]
        client.connect_async(node.host, node.port)

    def _on_message(self, client, userdata, message):
        super()._on_message(client, userdata, message)
        body = subscriber.content(message.payload)
        if isinstance(body, dict) and {"id", "seq"} <= set(body):
            database, seq = body["id"].rsplit("-", 1)
            if len(database) != DATABASE_LENGTH:  # a simulated one
                return
            self.tell("/".join(message.topic.split("/")[:4]) + "/cmd/ack",
                      {"db": database, "seq": int(seq)})


class District(harness.Daemon):
    def base(self, slave_port, broker_port):
        config = super().base(slave_port, broker_port)
        del config["buses"], config["sensors"]
        return {**config, "kind": "district"}


def on_cluster(daemon, cluster):
    daemon.config["mqtt"] = {"hosts": cluster.hosts, "version": "auto",
                             "confirm": "platform"}
    daemon.write_config()
    return daemon


class Station(harness.Daemon):
    """A real one, whose instrument plays its air."""

    def __init__(self, world, name, case, last):
        slave = harness.Slave(world).play(case.clock, {
            hour: case.air.registers(name, hour) for hour in range(case.begin, last + 1)}).start()
        super().__init__(world, case.clock, slave.port, 1, station={
            "id": name, "name_zh": f"站点 {name}", "name_en": f"Station {name}"})
        self.config["sensors"][0]["poll_s"] = 120
        on_cluster(self, case.cluster)


def values_of(body):
    return tuple(None if body["hourly"].get(field) is None else round(body["hourly"][field] * 1000)
                 for field in FIELDS)


class Gateways(harness.Process):
    """The simulated ones."""

    def __init__(self, world, case, last, bytes_each=POINT_BYTES, spread_s=30):
        self.status_path = world.path("gateways.json")
        airs = len(case.air.sources) * SHIFTS  # all that differ
        setup = {"hosts": case.cluster.hosts, "prefix": case.prefix,
                 "clock": {"start": case.clock.start, "anchor": case.clock.anchor,
                           "speed": case.clock.speed},
                 "first": case.begin - case.past_h, "last": last, "after_s": 120, "spread_s": spread_s,
                 "bytes": bytes_each,
                 "air": [case.air.of(name, case.begin - case.past_h, min(
                     last, case.begin + case.air.hours)) for name in case.simulated[:airs]],
                 "stations": {name: i % airs for i, name in enumerate(case.simulated)}}
        super().__init__(world, "gateways", [
            "/usr/bin/python3", "-B", os.path.join(harness.HERE, "gateways.py"),
            world.write("gateways-setup.json", json.dumps(setup)), self.status_path])

    def status(self):
        try:
            with open(self.status_path, encoding="ascii") as file:
                return json.load(file)
        except FileNotFoundError:
            return {"made": 0, "acked": 0, "waiting": 0, "connects": 0, "moved": 0, "resent": 0,
                    "last_made": {}}


class Case:
    """A district and its stations; time begins early in the hour before `begin`. `more` of its area
    are not in its roster; `district`: more of its file."""

    def __init__(self, world, cluster, points, others, real, speed, past_h=PAST_H, more=0,
                 **district):
        self.world, self.cluster, self.past_h = world, cluster, past_h
        self.simulated = [f"g-{n}" for n in range(points + others + more)]
        self.real = [f"r-{n}" for n in range(real)]
        self.points = self.simulated[:points] + self.real
        self.others = self.simulated[points:points + others]
        self.air = Air(self.simulated + self.real)
        self.rest = self.replay(self.means(self.air.first, self.air.first + self.air.hours - 1))
        # before the second level is reached
        self.begin = [hour for _, _, hour in self.rest][1] - 3
        self.clock = harness.Clock((self.begin - 1) * harness.HOUR_S + 60, speed)
        roster = "id,role\n" + "".join(f"{name},assessment\n" for name in self.points) + "".join(
            f"{name},{('micro', 'traffic')[i % 2]}\n" for i, name in enumerate(self.others))
        self.district = District(world, self.clock, 1, 1, roster=world.write("roster.csv", roster),
                                 station={"id": DISTRICT, "name_zh": "荷塘区",
                                          "name_en": "Hetang district"}, **district)
        on_cluster(self.district, cluster)
        self.prefix = self.district.prefix.rsplit("/", 2)[0] + "/"
        self.platform, self.asked = None, 0

    # ---- what should come ----

    def heard(self, last):
        """{point: {hour: six values}}: what the simulated ones say, and what the real ones said."""
        said = {name: self.air.of(name, self.begin - self.past_h, last) for name in self.points}
        for name in self.real:
            said[name] = {hour: values_of(body) for hour, body in self.told(name).items()
                          if hour <= last}
        return said

    def means(self, first, last, heard=None):
        """{hour: the district's six means, in thousandths}"""
        said = heard or {name: self.air.of(name, first, last) for name in self.points}
        means = {}
        for hour in range(first, last + 1):
            rows = [said[name].get(hour, oracle.NOTHING) for name in self.points]
            means[hour] = [oracle.mean_of_points([row[i] for row in rows])[0]
                           for i in range(len(FIELDS))]
        return means

    @staticmethod
    def replay(means):
        """[(event, level, hour)] that the plan makes of these hours."""
        file = io.StringIO()
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("hour", *FIELDS))
        for hour, values in means.items():
            rows.writerow([harness.hour_text(hour)] + [
                "" if value is None else f"{float(value) / 1000:.3f}" for value in values])
        done = subprocess.run([HAZEWATCH, "replay", "--json", "--config-dir", harness.CONFIG, "-"],
                              input=file.getvalue(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return [(each["event"], each["level"], harness.hour_of(each["hour"])) for each in events
                if each.get("event") in LEVELS]

    # ---- what came ----

    def start(self):
        """The district, until it hears: what is told before its first subscription is not kept."""
        self.district.start()
        self.platform = Platform(self.cluster.nodes)
        self.world.subscribers.append(self.platform)
        harness.wait_for("the subscription", lambda: self.platform.subscribed, HEARS_S)
        first, point = self.begin - self.past_h, self.points[0]

        def is_heard():
            self.platform.tell(f"{self.prefix}{point}/aqi", {
                "hour": harness.hour_text(first), "rev": 0, "hourly": dict(zip(FIELDS, (
                    None if value is None else value / 1000 for value in self.air.at(point, first))))})
            time.sleep(0.2)
            return self.count_hours()
        harness.wait_for("the district's subscription", is_heard, HEARS_S, [self.district])

    def count_hours(self):
        return self.district.rows("SELECT count(*) FROM point_hours", file="samples.db")[0][0]

    def is_told(self, hour):
        return hour in self.told(DISTRICT)

    def missing(self, last):
        """Station-hours that were said and that the district has not got."""
        have = {tuple(row) for row in self.district.rows(
            "SELECT station, hour FROM point_hours", file="samples.db")}
        return [(name, hour) for name, hours in self.heard(last).items()
                for hour in hours if (name, hour) not in have]

    def ask_again(self, missing):
        """What a platform does that misses hours: each station is asked for its own."""
        for name in {name for name, _ in missing}:
            hours = [hour for point, hour in missing if point == name]
            self.asked += 1
            self.platform.tell(f"{self.prefix}{name}/cmd/resend", {
                "id": f"again-{self.asked}", "issuer": "test",
                "time": harness.text_of(self.clock.now()), "from": harness.hour_text(min(hours)),
                "to": harness.hour_text(max(hours))})

    def told(self, name):
        """{hour: the last that a station, or the district, said of it}, as the platform has it."""
        said = {}
        for each in self.platform.all("aqi"):
            if each.topic == f"{self.prefix}{name}/aqi":
                hour = harness.hour_of(each.body["hour"])
                if hour not in said or each.body["rev"] >= said[hour]["rev"]:
                    said[hour] = each.body
        return said

    def differences(self, last):
        """What the district said otherwise than the oracle, of each hour from the first on."""
        points = oracle.Points(EDITION, [oracle.Point(hours, 0, ())
                                         for hours in self.heard(last).values()])
        told, stored = self.told(DISTRICT), dict(self.district.rows("SELECT hour, rev FROM aqi"))
        for hour in range(self.begin, last + 1):
            said = told.get(hour, {"realtime": {}, "daily": {}, "rev": "none"})
            for kind, index in (("realtime", points.realtime(hour)), ("daily", points.daily(hour))):
                mine = {"aqi": index.published, "aqi_plan": index.value if index.known else None,
                        "iaqi": index.iaqi}
                its = {field: said[kind].get(field) for field in mine}
                if mine != its:
                    yield (f"{harness.hour_text(hour)}, revision {said['rev']} of "
                           f"{stored.get(hour)}: {kind}: {its}, oracle {mine}")
