#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Commands from MQTT: what is whole takes effect once and is answered, what is not has none; who
signs is who he says; nothing arrives too late to be asked for.

usage: inbox.py HAZEWATCHD [--slow]
"""
import base64
import datetime
import os
import statistics
import subprocess
import sys
import time
import uuid
from types import SimpleNamespace

import caps
import harness
import runner
import schemas
from harness import BEIJING, HOUR_S, text_of, wait_for

REGISTERS = [805, 1005, 205, 405, 95, 605]
REFUSED = 40  # messages
ANSWERED = 21  # directives
HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")


def seconds(offset_s=0):
    """A time as a command writes it, so far from now."""
    moment = datetime.datetime.fromtimestamp(int(time.time() + offset_s), BEIJING)
    return moment.isoformat()


def full_hour(offset_h=0):
    return harness.hour_text(int(time.time()) // HOUR_S + offset_h)


def command(**fields):
    return {"id": f"t-{uuid.uuid4()}", "issuer": "区指挥部", "time": seconds(), **fields}


def directive(level="orange", **fields):
    return command(**{"level": level, "start": seconds(-60), "area": "全区",
                      "document": "指〔2026〕1号", **fields})


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


def good_commands(ref="2026-7"):
    """One of each kind; what the receipt answers: the slip."""
    return {
        "directive": directive(planned_end=seconds(86400), reason="regional"),
        "release": command(number="2026-7", level="orange", start=seconds(), reviewer="张三",
                           reviewed=seconds(), signer="李四", post="副指挥长", signed=seconds()),
        "forecast": command(source="市站", kind="model", issued=seconds(-600), hours=[
            {"hour": full_hour(i), "pm25_ug_m3": 80.5 + i, "co_mg_m3": 0.9} for i in range(1, 25)]),
        "dust": command(**{"from": full_hour(-2), "to": full_hour(-1)}, source="气象台"),
        "review": command(**{"from": full_hour(1), "to": full_hour(1)}, pollutants=["pm25"],
                          action="invalidate", reason="停电", reviewer="王五"),
        "receipt": command(ref=ref, unit="区住建局", person="赵六", outcome="done", done_pct=80,
                           cut_kg_d=12.345, note="一条线未停"),
        "resend": command(**{"from": full_hour(1), "to": full_hour(1)}),
    }


def changed(**fields):
    return {**directive(), **fields}


def wrong_directives():
    """{what is wrong: (payload, what the answer says)}"""
    deep = "[" * 4000 + "]" * 4000
    return {
        "no JSON": ("{", "no JSON"),
        "nothing": ("", "no JSON"),
        "a list": ("[]", "not an object"),
        "broken UTF-8": (b'{"id": "\xff"}', "no JSON"),
        "a NUL": ('{"id": "a\\u0000b"}', "no JSON"),
        "a key twice": ('{"id": "a", "id": "b"}', "no JSON"),
        "too deep": ('{"id": ' + deep + "}", "deeper"),
        "too deep in a text it is not": (changed(area="[" * 100 + "x", level="blue"), "level"),
        "no number": ('{"id": "a", "issuer": "b", "time": NaN}', "no JSON"),
        "no id": (without(directive(), "id"), "id: missing"),
        "an empty id": (changed(id=""), "id: not"),
        "a long id": (changed(id="x" * 65), "id: not"),
        "an id of other letters": (changed(id="a b"), "id: not"),
        "an id that is a number": (changed(id=7), "id: not"),
        "no issuer": (without(directive(), "issuer"), "issuer: missing"),
        "an issuer of two lines": (changed(issuer="a\nb"), "issuer: not"),
        "a long issuer": (changed(issuer="x" * 128), "issuer: not"),
        "no time": (without(directive(), "time"), "time: missing"),
        "a time in Z": (changed(time="2026-01-01T00:00:00Z"), "time: not"),
        "30 February": (changed(time="2026-02-30T00:00:00+08:00"), "time: not"),
        "a time ahead": (changed(time=seconds(2 * HOUR_S)), "time: lies ahead"),
        "no level": (without(directive(), "level"), "level: missing"),
        "a level that nobody knows": (changed(level="blue"), "level: not"),
        "a level in capitals": (changed(level="RED"), "level: not"),
        "no start": (without(directive(), "start"), "start: missing"),
        "a far start": (changed(start=seconds(40 * 86400)), "start: more than 30 days"),
        "an end before the start": (changed(planned_end=seconds(-86400)), "planned_end"),
        "a reason that is none": (changed(reason="because"), "reason: not"),
        "a key that nobody knows": (changed(silence=True), "unknown key silence"),
        "another station": (changed(target="test-02"), "target"),
    }


def real_daemon(world, broker, slave, **mqtt):
    """On the machine's own clock."""
    return harness.Daemon(world, harness.Clock(), slave.port, broker.port, mqtt=mqtt)


def neighbours(world, *lines):
    broker = harness.Broker(world, *lines).start()
    slave = harness.Slave(world).play_always(harness.Clock(), REGISTERS).start()
    return broker, slave


class Site:
    """A daemon, a platform that hears everything, and its replies."""

    def __init__(self, world, **mqtt):
        self.world = world
        self.broker, self.slave = neighbours(world)
        self.daemon = real_daemon(world, self.broker, self.slave, **mqtt)
        self.platform = world.subscribe(self.broker)

    def start(self):
        self.daemon.start()
        wait_for("the state", lambda: self.platform.last("state"), watched=[self.daemon])
        return self

    def topic(self, kind):
        return f"{self.daemon.prefix}cmd/{kind}"

    def send(self, kind, body, retain=False):
        self.platform.publish(self.topic(kind), body, retain)

    def replies(self):
        return [message.body for message in self.platform.all("reply")]

    def ask(self, kind, body):
        """The answer to one command."""
        before = len({body["id"] for body in self.replies()})
        self.send(kind, body)
        wait_for("a reply", lambda: len({body["id"] for body in self.replies()}) > before,
                 watched=[self.daemon])
        return self.replies()[-1]

    def effects(self):
        """What a command may leave behind."""
        tables = ("directives", "releases", "dust", "reviews", "receipts", "forecasts")
        return {name: self.daemon.rows(f"SELECT * FROM {name}") for name in tables}

    def in_force(self):
        warning = self.platform.last("warning")
        return warning and warning["in_force"] and warning["in_force"]["level"]


def every_kind_of_command_is_accepted_answered_and_valid_against_its_schema(world):
    site = Site(world).start()
    for kind, body in good_commands().items():
        assert not schemas.faults(f"cmd/{kind}", body), schemas.faults(f"cmd/{kind}", body)
        reply = site.ask(kind, body)
        if kind in ("review", "resend"):
            assert reply["outcome"] == "refused" and "not closed yet" in reply["why"], reply
            continue
        assert reply["outcome"] == "accepted", reply
        assert (reply["command"], reply["kind"], reply["issuer"]) == \
            (body["id"], kind, body["issuer"]), reply
    rows = site.effects()
    assert [len(rows[name]) for name in ("directives", "releases", "dust", "reviews", "receipts",
                                         "forecasts")] == [1, 1, 2, 0, 1, 1], rows
    schemas.check(site.platform.all())


def what_is_wrong_with_a_command_is_said_and_nothing_happens(world):
    site = Site(world).start()
    before, wrong = site.effects(), wrong_directives()
    for what, (payload, why) in wrong.items():
        reply = site.ask("directive", payload)
        assert reply["outcome"] == "refused" and why in (reply["why"] or ""), f"{what}: {reply}"
    assert site.effects() == before
    said = site.daemon.lines("(command directive .*refused|more commands were refused)")
    assert 20 <= len(said) <= len(wrong), f"{len(said)} lines"
    schemas.check(site.platform.all())
    assert site.ask("directive", directive())["outcome"] == "accepted"


def a_schema_refuses_what_the_station_refuses(_):
    """As far as a schema can say it."""
    beyond = ("time ahead", "far start", "end before", "another station", "30 February", "in a text",
              "a level that nobody knows")
    for what, (payload, _why) in wrong_directives().items():
        if isinstance(payload, dict) and not any(each in what for each in beyond):
            assert schemas.faults("cmd/directive", payload), f"{what}: valid by the schema"


def a_command_that_comes_again_has_one_effect(world):
    site = Site(world).start()
    order = directive("red")
    assert site.ask("directive", order)["outcome"] == "accepted"
    wait_for("red in force", lambda: site.in_force() == "red")
    assert site.ask("directive", order)["outcome"] == "repeated"
    assert site.ask("directive", {**order, "level": "none"})["outcome"] == "refused"
    site.daemon.stop()
    site.daemon.start()
    assert site.ask("directive", order)["outcome"] == "repeated"
    assert len(site.effects()["directives"]) == 1
    events = [body for body in site.platform.once("warning/event") if body["about"] == "directive"]
    assert len(events) == 1, events


def a_retained_command_is_ignored_and_a_retained_forecast_is_not(world):
    site = Site(world)
    good = good_commands()
    for kind in ("directive", "forecast"):
        site.send(kind, good[kind], retain=True)
    site.start()
    wait_for("the forecast's reply", site.replies)
    site.send("directive", directive(), retain=True)  # while it listens
    site.ask("receipt", {**good["receipt"], "ref": site.platform.last("state")["id"]})  # after it
    assert [body["kind"] for body in site.replies()] == ["forecast", "receipt"], site.replies()
    rows = site.effects()
    assert not rows["directives"] and len(rows["forecasts"]) == 1
    assert len(site.daemon.lines("command directive ignored: it is retained")) == 2


def a_directive_sent_while_the_station_is_off_line_still_arrives(world):
    site = Site(world).start()
    site.daemon.stop()
    site.send("directive", directive("yellow"))
    site.send("ack", {"db": "x", "seq": 1})
    site.daemon.start()
    wait_for("yellow in force", lambda: site.in_force() == "yellow", watched=[site.daemon])
    site.daemon.kill()
    site.send("directive", directive("none"))
    site.daemon.start()
    wait_for("the lift", lambda: site.in_force() is None, watched=[site.daemon])


def hours_that_the_broker_no_longer_has_are_asked_for_and_come_twenty_a_second(world):
    site = Site(world)
    newest = int(time.time()) // HOUR_S
    record = world.write("record.csv", "".join(["hour,pm25_ug_m3\n"] + [
        f"{harness.hour_text(newest - i)},{100 + i}\n" for i in range(44, -1, -1)]))
    done = subprocess.run([HAZEWATCH, "import", "--dir", site.daemon.data, "--config-dir",
                           harness.CONFIG, record],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    site.start()
    wanted = [harness.hour_text(newest - i) for i in range(44, -1, -1)]
    assert not [message for message in site.platform.all("aqi")
                if message.body["hour"] == wanted[0]], "it was not published"
    reply = site.ask("resend", command(**{"from": wanted[0], "to": wanted[-1]}))
    assert reply["outcome"] == "accepted", reply

    def resent():
        return [each for each in site.platform.all("aqi") if each.body.get("resent")]
    wait_for("45 hours", lambda: len(resent()) >= 45, 60, [site.daemon])
    told = resent()
    assert [each.body["hour"] for each in told] == wanted
    assert [each.body["hourly"]["pm25_ug_m3"] for each in told] == [144 - i for i in range(45)]
    assert all(each.qos == 1 and not each.retain for each in told)
    made = [harness.instant(each.body["time"]) for each in (told[0], told[40])]
    assert made[1] - made[0] >= 1, "two pauses of a second at least"
    schemas.check(site.platform.all())


# ---- CAP ----


def alerts_on(site, topic, number):
    """As many as have to come on a CAP topic, decoded."""
    name = f"warning/cap/{topic}"

    def found():
        return [each for each in site.platform.caps() if each.name == name and each.body]
    wait_for(f"{number} on {name}", lambda: len(found()) >= number, watched=[site.daemon])
    alerts = [caps.read(message.body) for message in found()]
    assert len(alerts) == number, [alert["msgType"] for alert in alerts]
    return alerts


def a_directive_is_an_actual_cap_alert_then_its_updates_and_its_end(world):
    site = Site(world, cap={"code_name": "区 & 市 <codes>", "code": "11B01"}).start()
    area = "荷塘 <区> & \"北\" 'x' ]]>"
    yellow = directive("yellow", area=area)
    slip = command(number="2026-7", level="yellow", directive=yellow["id"], post="副指挥长",
                   signed=seconds(0))
    for kind, body in (("directive", yellow), ("release", slip),
                       ("directive", directive("red", start=seconds(7200))),
                       ("directive", directive("red", document="指〔2026〕2号")),
                       ("directive", directive("none", start=seconds(0)))):
        assert site.ask(kind, body)["outcome"] == "accepted"
    first, public, ahead, red, last = alerts = alerts_on(site, "directive", 5)
    assert [each["msgType"][0] for each in alerts] == \
        ["Alert", "Update", "Update", "Update", "Cancel"]
    assert [each["scope"][0] for each in alerts[:4]] == \
        ["Restricted", "Public", "Public", "Restricted"]
    for alert in alerts:
        assert alert["status"] == ["Actual"]
        assert [info["language"] for info in alert["info"]] == [["zh-CN"], ["en"]]
        for info in alert["info"]:
            assert info["eventCode"] == [{"valueName": ["区 & 市 <codes>"], "value": ["11B01"]}]
            assert info["certainty"] == ["Unknown"] and info["category"] == ["Env", "Health"]
    assert "references" not in first
    for i in range(1, 4):
        assert alerts[i]["references"] == [" ".join(map(caps.reference, alerts[:i]))]
    announced = alerts_on(site, "announced", 2)
    assert [each["msgType"][0] for each in announced] == ["Alert", "Cancel"]
    assert announced[0]["info"][0]["urgency"] == ["Future"]
    assert announced[1]["references"] == [caps.reference(announced[0])]
    info = first["info"][0]
    assert info["area"][0]["areaDesc"] == [area], info["area"]
    assert (info["severity"], info["urgency"]) == (["Moderate"], ["Immediate"])
    assert caps.values(info).items() >= {
        "plan": "hetang-2024", "edition": "hj633-2026", "authority": "directive",
        "level": "yellow", "min_cut_pct_so2": "10", "released": "not yet"}.items()
    assert caps.values(public["info"][0])["released"] == "yes"
    assert caps.values(ahead["info"][0])["next_level"] == "red"
    assert red["info"][0]["severity"] == ["Extreme"]
    assert last["info"][0]["responseType"] == ["AllClear"]
    late = world.subscribe(site.broker, late=True)
    wait_for("the kept one", late.caps)
    assert [caps.read(message.body)["identifier"] for message in late.caps()
            if message.name == "warning/cap/directive"] == [last["identifier"]]
    assert site.ask("directive", directive("orange", start=seconds(0)))["outcome"] == "accepted"
    assert alerts_on(site, "directive", 6)[-1]["msgType"] == ["Alert"]


def the_cap_schema_refuses_what_the_standard_forbids(_):
    good = ("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a</identifier>"
            "<sender>b</sender><sent>2026-01-01T00:00:00+08:00</sent><status>Draft</status>"
            "<msgType>Alert</msgType><scope>Public</scope></alert>")
    assert not caps.faults(good.encode())
    for old, new in (("+08:00", "Z"), ("+08:00", ".5+08:00"), (">a<", ">a b<"), (">a<", ">a,b<"),
                     ("Draft", "draft"), ("<status>Draft</status>", ""),
                     ("<scope>Public</scope>", "<scope>Public</scope><source>x</source>"),
                     ("</alert>", "<references>a,b</references></alert>")):
        assert caps.faults(good.replace(old, new).encode()), f"{new} in place of {old}"


# ---- signatures ----


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=False, capture_output=True, text=True)


def der(r, s):
    """Two numbers of 32 bytes as the SEQUENCE that OpenSSL calls a signature."""
    body = b""
    for number in (r, s):
        number = number.lstrip(b"\0") or b"\0"
        number = (b"\0" if number[0] & 0x80 else b"") + number
        body += bytes((2, len(number))) + number
    return bytes((0x30, len(body))) + body


def raw(signature):
    """And back."""
    both, at = b"", 2
    for _ in range(2):
        number = signature[at + 2:at + 2 + signature[at + 1]]
        both, at = both + number.lstrip(b"\0").rjust(32, b"\0"), at + 2 + signature[at + 1]
    return both


class Oracle:
    """SM2 by openssl(1): a second way to what `hazewatch sign` and the daemon do."""
    HOW = ("-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678")

    def __init__(self, world):
        self.bytes, self.signature = world.path("signed"), world.path("signature")

    def put(self, path, content):
        with open(path, "wb") as file:
            file.write(content)

    def verifies(self, key, content, signature, form="PEM"):
        self.put(self.bytes, content)
        self.put(self.signature, signature)
        public = ("-pubin",) if form == "DER" else ()
        return openssl("pkeyutl", "-verify", *public, "-keyform", form, "-inkey", key, *self.HOW, "-in", self.bytes,
                       "-sigfile", self.signature).returncode == 0

    def signs(self, key, content):
        self.put(self.bytes, content)
        done = openssl("pkeyutl", "-sign", "-inkey", key, *self.HOW, "-in", self.bytes, "-out", self.signature)
        assert done.returncode == 0, done.stderr
        with open(self.signature, "rb") as file:
            return file.read()


class Key:
    """A key made by openssl, used by `hazewatch sign`."""

    def __init__(self, world, name, algorithm="ed25519"):
        self.name, self.path, self.counter = name, world.path(f"{name}-{algorithm}.pem"), 0
        openssl("genpkey", "-algorithm", algorithm, "-out", self.path)

    def run(self, *arguments, payload=b""):
        return subprocess.run([HAZEWATCH, "sign", "--key", self.path, *arguments], input=payload,
                              check=True, capture_output=True).stdout

    def config(self):
        return {"name": self.name, "public": self.run("--public").decode().strip()}

    def sign(self, topic, body):
        text = harness.json.dumps(body, ensure_ascii=False).encode()
        return self.run("--name", self.name, "--topic", topic, payload=text)

    def fields(self):
        self.counter += 1
        return {"target": "test-01", "counter": self.counter, "not_after": seconds(600)}

    def order(self, **fields):
        return directive(**{**self.fields(), **fields})


def a_forged_replayed_expired_or_misdirected_command_has_no_effect(world):
    keys = SimpleNamespace(city=Key(world, "city"), spare=Key(world, "spare"),
                           thief=Key(world, "city-2"))
    site = Site(world, command_keys=[
        keys.city.config(), {**keys.spare.config(), "kinds": ["directive", "dust"]}]).start()
    topic = site.topic("directive")
    first = keys.city.order(level="yellow")
    signed = keys.city.sign(topic, first)
    assert site.ask("directive", signed)["outcome"] == "accepted"
    before = site.effects()
    attempts = {
        "unsigned": (harness.json.dumps(directive("none")), "missing"),
        "an unknown key": (keys.thief.sign(topic, keys.thief.order()), "unknown key"),
        "another's name": (keys.thief.sign(topic, keys.thief.order()).replace(b"city-2", b"city"),
                           "does not match"),
        "one bit flipped": (signed[:-20] + bytes([signed[-20] ^ 1]) + signed[-19:],
                            "does not match"),
        "a signature of another topic": (keys.city.sign(site.topic("release"), keys.city.order()),
                                         "does not match"),
        "another station": (keys.city.sign(topic, keys.city.order(target="test-02")), "target"),
        "no counter": (keys.city.sign(topic, without(keys.city.order(), "counter")), "missing"),
        "expired": (keys.city.sign(topic, keys.city.order(not_after=seconds(-5))), "not_after"),
        "an old counter": (keys.city.sign(topic, {**keys.city.order(), "counter": 1}), "counter"),
        "no newline": (b"hazewatch-sig-1 city " + b"A" * 88, "signature"),
        "no base64": (b"hazewatch-sig-1 city !!\n{}", "does not match"),
        "nothing": (b"hazewatch-sig-1 \n", "signature"),
    }
    for what, (payload, why) in attempts.items():
        reply = site.ask("directive", payload)
        assert reply["outcome"] == "refused" and why in reply["why"], f"{what}: {reply}"
        assert len(site.daemon.lines("command directive .*refused")) == \
            len([body for body in site.replies() if body["outcome"] == "refused"]), what
    assert site.effects() == before
    assert site.ask("directive", signed)["outcome"] == "repeated"
    assert site.effects() == before
    assert site.ask("directive", keys.spare.sign(topic, keys.spare.order()))["outcome"] == "accepted"
    unsigned = good_commands(site.platform.last("state")["id"])["receipt"]
    assert site.ask("receipt", unsigned)["outcome"] == "accepted"
    refused = site.ask("receipt", good_commands("nothing")["receipt"])
    assert refused["outcome"] == "refused" and "ref: nothing is unknown; known are " in \
        refused["why"] and "episode-NUMBER" in refused["why"], refused
    site.daemon.kill()
    site.daemon.start()
    late = keys.city.sign(topic, {**keys.city.order(), "counter": 1})
    assert "counter" in site.ask("directive", late)["why"]
    release = {**good_commands()["release"], **keys.spare.fields()}
    assert "not for a release" in site.ask(
        "release", keys.spare.sign(site.topic("release"), release))["why"]
    a_lost_counter_is_reset(site, keys.spare)


def enveloped(topic, text):
    """What a signature is of."""
    return b"hazewatch-cmd-1\0" + topic.encode() + b"\0" + text


def the_oracle_is_the_standard(world, oracle):
    """The printed example of GB/T 32918.5 annex A, with the id of GM/T 0009."""
    public = world.path("example.der")
    oracle.put(public, bytes.fromhex(
        "3059301306072a8648ce3d020106082a811ccf5501822d034200"
        "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
        "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"))
    example = (bytes.fromhex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"),
               bytes.fromhex("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"))
    assert oracle.verifies(public, b"message digest", der(*example), "DER")
    assert not oracle.verifies(public, b"message digesT", der(*example), "DER")


def sm2_signs_beside_ed25519_as_openssl_does_and_follows_it_by_a_reload(world):
    oracle = Oracle(world)
    the_oracle_is_the_standard(world, oracle)
    old, new = Key(world, "city"), Key(world, "city-2", "SM2")
    site = Site(world, command_keys=[old.config()]).start()
    topic = site.topic("directive")
    assert new.config()["public"].startswith("sm2-sm3:")
    assert "unknown key" in site.ask("directive", new.sign(topic, new.order()))["why"]
    site.daemon.config["mqtt"]["command_keys"].append(new.config())
    reload(site, 2)
    assert site.ask("directive", old.sign(topic, old.order()))["outcome"] == "accepted"
    # what hazewatch signs openssl verifies, and the daemon; what openssl signs the daemon takes
    signed = new.sign(topic, new.order(level="yellow"))
    head, text = signed.split(b"\n", 1)
    signature = base64.b64decode(head.split(b" ")[2])
    assert len(signature) == 64
    assert oracle.verifies(new.path, enveloped(topic, text), der(signature[:32], signature[32:]))
    assert not oracle.verifies(new.path, enveloped(topic, text + b" "), der(signature[:32], signature[32:]))
    assert site.ask("directive", signed)["outcome"] == "accepted"
    text = harness.json.dumps(new.order(), ensure_ascii=False).encode()
    made = base64.b64encode(raw(oracle.signs(new.path, enveloped(topic, text))))
    assert site.ask("directive", b"hazewatch-sig-1 city-2 " + made + b"\n" + text)["outcome"] == "accepted"
    # neither is taken under the other's name, nor with a bit that is another
    attempts = [old.sign(topic, old.order()).replace(b"city", b"city-2", 1), new.sign(topic, new.order()).replace(b"city-2", b"city", 1)]
    for at in (-20, -300):
        signed = new.sign(topic, new.order())
        attempts.append(signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1:])
    for attempt in attempts:
        assert "does not match" in site.ask("directive", attempt)["why"]
    # the old one goes
    site.daemon.config["mqtt"]["command_keys"] = [new.config()]
    reload(site, 3)
    assert "unknown key" in site.ask("directive", old.sign(topic, old.order()))["why"]
    assert "counter" in site.ask("directive", new.sign(topic, {**new.order(), "counter": 1}))["why"]
    assert site.ask("directive", new.sign(topic, new.order()))["outcome"] == "accepted"


def reload(site, starts):
    site.daemon.write_config()
    site.daemon.signal(harness.signal.SIGHUP)
    wait_for("the new files", lambda: len(site.daemon.lines("notice: station .*: started")) == starts, watched=[site.daemon])
    wait_for("the subscription", lambda: site.platform.last("state")["state"] == "online", watched=[site.daemon])


def a_lost_counter_is_reset(site, key):
    def reset(name):
        done = subprocess.run([HAZEWATCH, "keys", "reset", name, "--socket",
                               os.path.join(site.daemon.data, "control")],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def order(counter):
        return site.ask("directive", key.sign(site.topic("directive"), key.order(counter=counter)))
    assert order(2 ** 53 - 1)["counter_before"] == 1
    assert site.daemon.lines(f"counter of the key {key.name} leaps")
    assert "is not above" in order(2)["why"]
    assert reset("nobody")[0] == 65 and reset("no body")[0] == 64
    code, said = reset(key.name)
    assert code == 0 and str(2 ** 53 - 1) in said, (code, said)
    assert order(2)["outcome"] == "accepted"


# ---- the platform's ack ----


def outbox(daemon):
    return dict(daemon.rows("SELECT state, count(*) FROM outbox GROUP BY state"))


def with_confirm_platform_a_row_stays_until_the_platform_has_it(world):
    site = Site(world, confirm="platform").start()
    site.ask("directive", directive())
    wait_for("acked rows", lambda: set(outbox(site.daemon)) == {"acked"}, watched=[site.daemon])
    rows = site.daemon.rows("SELECT seq, topic FROM outbox")
    assert {topic for _, topic in rows} >= {"warning", "warning/event", "cuts", "health"}, rows
    (database,), = site.daemon.rows("SELECT value FROM meta WHERE key = 'uuid'")
    first = min(seq for seq, _ in rows)
    for wrong in ({"db": str(uuid.uuid4()), "seq": first}, {"db": database, "seq": first + 1000},
                  {"db": database}, {"db": database, "seq": str(first)},
                  {"db": database, "seq": first, "more": 1}, {"db": database, "seq": -first}, "x"):
        site.send("ack", wrong)
    site.send("ack", {"db": database, "seq": first})
    wait_for("one row less", lambda: len(site.daemon.rows("SELECT 1 FROM outbox")) < len(rows))
    left = {seq for seq, in site.daemon.rows("SELECT seq FROM outbox")}
    assert left == {seq for seq, _ in rows} - {first}, left
    # a lost connection: all that is not confirmed comes again, with the same id
    site.daemon.kill()
    counted = len(site.platform.all("warning/event"))
    site.daemon.start()
    wait_for("the event again", lambda: len(site.platform.all("warning/event")) > counted)
    assert len(site.platform.once("warning/event")) == 1
    wait_for("acked rows", lambda: set(outbox(site.daemon)) == {"acked"}, watched=[site.daemon])
    for seq, in site.daemon.rows("SELECT seq FROM outbox"):
        site.send("ack", {"db": database, "seq": seq})
    wait_for("an empty outbox", lambda: outbox(site.daemon) == {})


def a_message_that_the_acl_denies_is_blocked_told_once_and_sent_when_it_may(world):
    acl = world.write("acl", "topic read #\ntopic write hazewatch/1/430202/test-01/state\n"
                             "topic write hazewatch/1/430202/test-01/health\n"
                             "topic write hazewatch/1/430202/test-01/plan\n")
    os.chmod(world.folder, 0o755)
    os.chmod(acl, 0o644)
    broker, slave = neighbours(world, f"acl_file {acl}")
    daemon = real_daemon(world, broker, slave)
    platform = world.subscribe(broker)
    daemon.start()
    wait_for("the health", lambda: platform.last("health"), watched=[daemon])
    # what needs no other neighbour to be written: rows by hand
    daemon.stop()
    with harness.contextlib.closing(harness.sqlite3.connect(
            os.path.join(daemon.data, "state.db"))) as database:
        harness.put_in_outbox(database, "warning/event", ["{}"] * REFUSED)
        database.commit()
    daemon.start()
    wait_for("blocked rows", lambda: outbox(daemon).get("blocked") == REFUSED, watched=[daemon])
    wait_for("health that says so",
             lambda: platform.last("health")["outbox"]["blocked"] == REFUSED, watched=[daemon])
    assert len(daemon.lines("the broker refuses messages, first .*: reason 135")) == 1
    assert not daemon.lines("mqtt: no connection"), "a refusal is no end of the connection"
    assert not platform.all("warning/event")
    world.write("acl", "topic readwrite #\n")
    broker.signal(harness.signal.SIGHUP)
    daemon.stop()
    daemon.start()
    assert outbox(daemon).get("blocked") == REFUSED, "a restart does not make it delivered"


def a_directive_is_answered_within_a_second(world):
    """Once what came with the connect has been judged together; the median, for a busy machine."""
    site = Site(world).start()
    site.send("directive", directive("yellow"))
    wait_for("the first reply", site.replies, watched=[site.daemon])
    took = []
    for i in range(ANSWERED):
        began, counted = time.monotonic(), len(site.replies())
        site.send("directive", directive(("orange", "red", "yellow")[i % 3]))
        wait_for("a reply", lambda n=counted: len(site.replies()) > n, watched=[site.daemon])
        took.append(time.monotonic() - began)
    assert {reply["outcome"] for reply in site.replies()} == {"accepted"}
    print(f"# {ANSWERED} directives: median {statistics.median(took) * 1000:.0f} ms, "
          f"longest {max(took) * 1000:.0f} ms")
    assert statistics.median(took) < 1


def a_directive_in_force_whose_row_is_damaged_stays_in_force_and_is_named_in_health(world):
    site = Site(world).start()
    site.send("directive", directive("red", id="d-1"))
    wait_for("the reply", site.replies, watched=[site.daemon])
    wait_for("the health", lambda: site.platform.last("health"), watched=[site.daemon])
    assert site.platform.last("health")["damaged"] == {"rows": 0, "newest": None, "in_force": None}
    site.daemon.stop()
    with harness.contextlib.closing(harness.sqlite3.connect(
            os.path.join(site.daemon.data, "state.db"))) as database:
        database.executescript("UPDATE timetable SET level = 'none'; UPDATE directives SET level ="
                               " 'none'; UPDATE commands SET json = '{}'; UPDATE events SET message = '{}'")
    heard = len(site.platform.all("warning"))
    site.daemon.start()
    wait_for("health that names it",
             lambda: site.platform.last("health")["damaged"]["in_force"] == 1, watched=[site.daemon])
    assert not schemas.faults("health", site.platform.last("health"))
    assert site.platform.last("health")["damaged"]["rows"] >= 1
    wait_for("the warning", lambda: len(site.platform.all("warning")) > heard,
             watched=[site.daemon])
    assert all(message.body["in_force"]["level"] == "red"
               for message in site.platform.all("warning")[heard:]), "never none"
    assert site.daemon.lines("by the log of what was in force it goes on: red")


if __name__ == "__main__":
    runner.run(
        every_kind_of_command_is_accepted_answered_and_valid_against_its_schema,
        what_is_wrong_with_a_command_is_said_and_nothing_happens,
        a_schema_refuses_what_the_station_refuses,
        a_command_that_comes_again_has_one_effect,
        a_retained_command_is_ignored_and_a_retained_forecast_is_not,
        a_directive_sent_while_the_station_is_off_line_still_arrives,
        a_directive_is_an_actual_cap_alert_then_its_updates_and_its_end,
        the_cap_schema_refuses_what_the_standard_forbids,
        a_forged_replayed_expired_or_misdirected_command_has_no_effect,
        sm2_signs_beside_ed25519_as_openssl_does_and_follows_it_by_a_reload,
        slow=(with_confirm_platform_a_row_stays_until_the_platform_has_it,
              a_message_that_the_acl_denies_is_blocked_told_once_and_sent_when_it_may,
              hours_that_the_broker_no_longer_has_are_asked_for_and_come_twenty_a_second,
              a_directive_is_answered_within_a_second,
              a_directive_in_force_whose_row_is_damaged_stays_in_force_and_is_named_in_health))
