#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Commands that people type on the machine itself: `hazewatch directive` and its like, with a real
daemon and no broker. Shown and confirmed, kept before they are judged, judged as those of MQTT.

usage: box.py HAZEWATCHD [--slow]
"""
import json
import os
import pty
import signal
import subprocess
import sys
import time

import harness
import runner
from harness import wait_for

HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
PHRASES = os.path.join(os.path.dirname(HAZEWATCH), "po")
EX_NOT_CONFIRMED, EX_USAGE, EX_DATAERR, EX_UNAVAILABLE, EX_NOPERM = 1, 64, 65, 69, 77
WORD = ("--issuer", "市指挥中心 王五（电话）", "--document", "株重污办〔2026〕7号")
MEMBER, OTHER_GID = "daemon", 65533


class Site:
    """A daemon without a broker, and what one types beside it."""

    def __init__(self, world, **settings):
        self.world = world
        self.daemon = harness.Daemon(world, harness.Clock(), harness.free_port(), harness.free_port(), **settings)
        if "mqtt" not in settings:
            del self.daemon.config["mqtt"]
            self.daemon.write_config()

    def start(self):
        self.daemon.start()
        return self

    def command(self, name, *arguments):
        place = () if "--help" in arguments else ("--config", self.daemon.config_path, "--config-dir", harness.CONFIG)
        return [HAZEWATCH, name, *arguments, *place]

    def type(self, name, *arguments, before=(), login="", **options):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
        environment |= {"SUDO_USER": login} if login else {}
        return subprocess.run([*before, *self.command(name, *arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False, env=environment, **options)

    def give(self, name, *arguments, login=""):
        """The answer to one that must be accepted."""
        done = self.type(name, *arguments, "--yes", "--json", login=login)
        assert done.returncode == 0, done
        reply = json.loads(done.stdout)
        assert reply["outcome"] == "accepted", reply
        return reply

    def directives(self):
        done = self.type("directives", "--json")
        assert done.returncode == 0, done
        return json.loads(done.stdout)


def own_name():
    return subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def a_directive_typed_here_is_in_force_released_answered_and_lifted(world):
    site = Site(world).start()
    ordered = site.give("directive", "--level", "orange", "--start", "now", "--id", "d-1", *WORD)
    assert ordered["in_force_before"] is None and ordered["in_force_after"]["level"] == "orange", ordered
    wait_for("the orders", lambda: site.daemon.lines("orders: orange, under a directive: none, as there is no list"),
             watched=[site.daemon])
    slip = site.give("release", "--number", "荷预警〔2026〕3号", "--level", "orange", "--directive", "d-1",
                     "--signer", "李四", "--post", "指挥长", "--signed", "now")
    assert slip["release"]["found"] == "good", slip
    site.give("receipt", "--ref", "d-1", "--unit", "eco", "--person", "赵六", "--outcome", "partly",
              "--done-pct", "60", "--cut-kg-d", "12.5")
    site.give("receipt", "--ref", "d-1", "--unit", "eco", "--person", "钱七", "--outcome", "done", "--id", "r-2",
              login="alice")
    told = site.type("directive", "--level", "none", "--start", "now", "--after", "d-1", "--yes", *WORD)
    assert told.returncode == 0 and "accepted, directive 2" in told.stdout, told
    assert "was in force" in told.stdout and "no directive" not in told.stdout.split("was in force")[0], told.stdout
    first, second = site.directives()
    assert (first["level"], first["state"], first["typed_by"]) == ("orange", "past", own_name()), first
    assert (second["level"], second["typed_by"], second["issuer"]) == ("none", own_name(), WORD[1]), second
    assert site.daemon.rows("SELECT count(*) FROM receipts WHERE done_pct = 60 AND cut_g_d = 12500") == [(1,)]
    assert site.daemon.rows("SELECT id FROM commands WHERE kind = 'directive' ORDER BY received")[0] == (
        f"directive/@{own_name()}/d-1",), site.daemon.rows("SELECT id FROM commands")
    who = "root:alice" if os.geteuid() == 0 else own_name()  # only root is believed
    assert site.daemon.rows("SELECT count(*) FROM commands WHERE id = ?", f"receipt/@{who}/r-2") == [(1,)]
    assert site.daemon.lines(f"command directive d-1: typed here by {own_name()}"), site.daemon.log()
    assert not site.daemon.lines("every source has been written to|all are withdrawn"), site.daemon.log()


def what_the_station_refuses_is_refused_here_with_its_reason(world):
    site = Site(world).start()
    done = site.type("directive", "--level", "red", "--start", "2040-01-01 08:00", "--yes", *WORD)
    assert done.returncode == EX_DATAERR and "start: more than 30 days from now" in done.stderr, done
    done = site.type("receipt", "--ref", "nothing", "--unit", "eco", "--person", "p", "--outcome", "done", "--yes")
    assert done.returncode == EX_DATAERR and "ref" in done.stderr, done
    assert site.directives() == []
    done = site.type("directive", "--level", "red", "--start", "soon", "--yes")
    assert done.returncode == EX_USAGE, done
    assert "--document: is needed" in done.stderr and "--issuer: is needed" in done.stderr, done.stderr
    site.daemon.stop()
    done = site.type("directive", "--level", "red", "--start", "now", "--yes", *WORD)
    assert done.returncode == EX_UNAVAILABLE and "nothing is given" in done.stderr, done
    assert done.stderr.startswith("hazewatch directive: /run/hazewatch/control: "), done.stderr


WRONG = (  # what is typed, and what is told of it
    (("directive", "--level", "organge", "--start", "now", "--reason", "foo", *WORD),
     ("--level: organge is not one of none, yellow, orange, red; did you mean orange?",
      "--reason: foo is not one of local, regional")),
    (("directive", *WORD), ("--level: is needed, unless", "--start: is needed, unless")),
    (("directive", "--withdraws", "d-1", "--area", "x", *WORD), ("--level: is needed", "--start: is needed")),
    (("directive", "--level", "red", "--start", "2026-01-31 09:00", "--planned-end", "2026-01-31 09:00", *WORD),
     ("--planned-end: 2026-01-31 09:00 is not after --start",)),
    (("directive", "--level", "none", "--start", "now", "--planned-end", "23:00", *WORD), ("--planned-end: a lift",)),
    (("release", "--number", "1", "--level", "orange", "--directive", "d-1", "--signer", "x"),
     ("--post: is needed with --directive", "--signed: is needed with --directive")),
    (("receipt", "--ref", "d-1", "--unit", "eco", "--person", "x", "--outcome", "recieved"),
     ("--outcome: recieved is not one of received, done, partly, not; did you mean received?",)),
    (("forecast", "--bulletin", "2026-01-31 80", "--source", "x", "--kind", "modle"),
     ("--kind: modle is not one of model, bulletin, consultation; did you mean model?",)),
    (("review", "--from", "2026-01-01 00:00", "--to", "2026-02-01 00:00", "--pollutants", "pm2.5,so2,", "--action", "x",
      "--reason", "any", "--reviewer", "y"),
     ("--pollutants: pm2.5 is not one of pm25, pm10, so2, no2, co, o3; did you mean pm25?",
      "--pollutants:  is not one of", "--action: x is not one of invalidate, restore", "hour 745 of at most 744")),
    (("dust", "--from", "2026-01-31 09:00", "--to", "2026-01-31 08:00", "--source", "x"), ("--to: 2026-01-31 08:00 is before",)),
    (("dust", "--from", "2026-01-28 09:00", "--to", "2026-01-31 09:00", "--source", "x"), ("hour 73 of at most 72",)),
    (("dust", "--from", "2026-01-21 09:00", "--to", "2026-01-31 09:00", "--source", "x", "--clear"),
     ("hour 241 of at most 240",)),
)


def what_is_wrong_is_told_at_once_before_a_daemon_is_looked_for(world):
    site = Site(world)
    for typed, told in WRONG:
        done = site.type(*typed, "--yes")
        lines = done.stderr.splitlines()
        assert done.returncode == EX_USAGE and len(lines) == len(told), done
        assert all(any(f"hazewatch {typed[0]}: " in line and each in line for line in lines) for each in told), done
    done = site.type(*WRONG[0][0], "--yes", before=("env", "LANGUAGE=zh_CN", f"TEXTDOMAINDIR={PHRASES}"))
    assert done.returncode == EX_USAGE and "是否是 orange" in done.stderr, done
    done = site.type("directive", "--withdraws", "d-1", "--yes", *WORD)
    assert done.returncode == EX_UNAVAILABLE, done
    done = site.type("receipt", "--ref", "d", "--unit", "eco", "--person", "x", "--outcome", "done", "--done-pct", "300", "--yes")
    assert done.returncode == EX_DATAERR and "done_pct" in done.stderr, done


def a_slip_in_vain_and_a_database_that_is_closed_are_told(world):
    site = Site(world).start()
    site.give("directive", "--level", "orange", "--start", "now", "--id", "d-1", *WORD)
    slip = ("release", "--number", "1", "--level", "orange", "--signer", "x", "--yes")
    for more, why in ((("--directive", "d-1", "--post", "y", "--signed", "2026-01-31 09:00"), "signed before the directive"),
                      ((), "names no directive")):
        done = site.type(*slip, *more)
        assert done.returncode == EX_DATAERR and why in done.stdout.splitlines()[0], done
        assert done.stdout.splitlines()[1] == "accepted", done
    site.daemon.config["storage"]["dir"] = world.path("nowhere")
    site.daemon.write_config()
    own = os.path.join(site.daemon.data, "control")
    done = site.type("directive", "--level", "red", "--start", "now", "--yes", "--socket", own, *WORD)
    assert done.returncode == 0 and "hazewatch directive: what is in force cannot be read: " in done.stderr, done
    assert world.path("nowhere") in done.stderr, done.stderr


def answer_on_a_terminal(site, answer, *arguments):
    """What was shown, and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["LC_ALL"] = "C.UTF-8"
        command = site.command(*arguments)
        os.execv(command[0], command)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(terminal, 4096)
    os.write(terminal, answer)
    try:
        while True:
            shown += os.read(terminal, 4096)
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    return shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def nothing_is_given_that_nobody_confirmed(world):
    site = Site(world).start()
    start = time.strftime("%Y-%m-%d 07:30", time.gmtime(time.time() + 8 * 3600 - 86400))
    words = ("directive", "--level", "red", "--start", start, *WORD)
    done = site.type(*words)
    assert done.returncode == EX_USAGE and "--yes" in done.stderr, done
    shown, code = answer_on_a_terminal(site, b"\n", *words)
    assert code == EX_NOT_CONFIRMED and "nothing is given" in shown, (code, shown)
    for text in (start, WORD[1], WORD[3], own_name(), "In force"):
        assert text in shown, (text, shown)
    assert site.directives() == []
    shown, code = answer_on_a_terminal(site, b"y\n", *words)
    assert code == 0 and "accepted" in shown and len(site.directives()) == 1, (code, shown)


def the_group_needs_a_key_and_its_user_is_recorded(world):
    if os.geteuid() != 0:
        raise runner.Skipped("only root can be somebody else")
    key, public = world.path("city.pem"), None
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    public = subprocess.run([HAZEWATCH, "sign", "--key", key, "--public"], capture_output=True, text=True,
                            check=True).stdout.strip()
    broker = harness.Broker(world).start()
    site = Site(world, mqtt={"host": "127.0.0.1", "port": broker.port, "command_keys": [
        {"name": "city", "public": public, "kinds": ["directive"]}]}).start()
    os.chmod(world.folder, 0o755)
    os.chmod(key, 0o644)
    member = ("setpriv", f"--reuid={MEMBER}", "--regid=0", "--clear-groups", "--")
    words = ("directive", "--level", "yellow", "--start", "now", "--yes", *WORD)
    done = site.type(*words, before=member)
    assert done.returncode == EX_NOPERM and "signature: missing" in done.stderr, done
    done = site.type(*words, "--id", "m-1", "--key", f"city:{key}", before=member)
    assert done.returncode == 0, done
    assert site.directives()[0]["typed_by"] == MEMBER, site.directives()
    assert site.daemon.rows("SELECT id FROM commands") == [(f"directive/city@{MEMBER}/m-1",)]
    done = site.type("dust", "--from", "08:00", "--to", "09:00", "--source", "x", "--yes", "--key", f"city:{key}",
                     before=member)
    assert done.returncode == EX_DATAERR and "is not for a dust" in done.stderr, done
    outsider = (*member[:2], f"--regid={OTHER_GID}", *member[3:])
    os.chmod(site.daemon.data, 0o750)
    done = site.type(*words, "--key", f"city:{key}", before=outsider)
    assert done.returncode == EX_NOPERM and "usermod" in done.stderr, done
    assert f"hazewatch directive: {site.daemon.data}/control: Permission denied; nothing is given" in done.stderr, done
    assert len(site.directives()) == 1


def a_kill_after_it_was_kept_loses_nothing(world):
    """While the commands of a start are gathered, what is typed waits in the spool."""
    site = Site(world, mqtt={"host": "127.0.0.1", "port": harness.free_port()}).start()
    spool = os.path.join(site.daemon.data, "commands-1.spool")
    words = site.command("directive", "--level", "red", "--start", "now", "--id", "k-1", "--yes", "--json", *WORD)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as typed:
        wait_for("the spool", lambda: os.path.getsize(spool) > 0, watched=[site.daemon])
        assert site.daemon.rows("SELECT count(*) FROM commands") == [(0,)], "it was judged already"
        site.daemon.kill()
        site.daemon.start()
        out, err = typed.communicate(timeout=60)
        assert typed.returncode == 0, (typed.returncode, err)
    assert json.loads(out)["in_force_after"]["id"] == "k-1", out
    assert [(each["level"], each["typed_by"]) for each in site.directives()] == [("red", own_name())]


def a_forecast_comes_from_a_file_or_a_bulletin_and_its_faults_have_places(world):
    site = Site(world).start()
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 + 86400))
    later = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600 + 2 * 86400))
    wrong = world.write("wrong.csv", f"hour,pm25_ug_m3,co_mg_m3\n{day}T09:30:00+08:00,12,1\n{day} 10:00,-3,x\n"
                        f"{day} 09:00,1,1\n{day} 08:00,1,1\n")
    done = site.type("forecast", wrong, "--source", "s", "--kind", "model", "--yes")
    assert done.returncode == EX_DATAERR, done
    places = [line.split(": ")[0].replace(wrong, "") for line in done.stderr.splitlines()]
    assert places == [":2:1", ":3:18", ":3:21", ":5:1"], done.stderr
    good = world.write("good.csv", f"hour,pm25_ug_m3,co_mg_m3\n{day} 09:00,12.5,\n{day} 10:00,13,0.8\n")
    site.give("forecast", good, "--source", "s", "--kind", "model")
    site.give("forecast", "--bulletin", f"{day} 110-160, {later} 80-120 heavy", "--source", "株洲市环境监测中心站")
    rows = site.daemon.rows("SELECT aqi_min, aqi_max, short_heavy FROM forecast_steps WHERE aqi_max IS NOT NULL"
                            " ORDER BY hour")
    assert rows == [(110, 160, 0), (80, 120, 1)], rows
    done = site.type("forecast", "--bulletin", f"{day} 110-160, {day} 90, 2026-13-01 5", "--source", "s", "--yes")
    assert done.returncode == EX_DATAERR, done
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["--bulletin:1:21", "--bulletin:1:36"], done


def large_list(world, n=20000):
    """The sample again and again, each time with other ids."""
    with open(os.path.join(harness.CONFIG, "list", "sample-district.csv"), encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    return world.write("large.csv", "\n".join([header, *(
        rows[i % len(rows)].replace("-", f"-{i}-", 1) for i in range(n))]) + "\n")


def a_list_of_20000_sources_keeps_no_directive_waiting(world):
    site = Site(world).start()
    path, longest, number = large_list(world), 0, 0
    began = time.monotonic()
    for quiet in range(3):
        site.give("directive", "--level", "yellow", "--start", "now", "--id", f"q-{quiet}", *WORD)
    generous = max(5, 10 * (time.monotonic() - began) / 3)  # in one go it is 3.5 s a directive on a quiet machine
    own = ("--config", site.daemon.config_path, "--config-dir", harness.CONFIG)
    with subprocess.Popen([HAZEWATCH, "list", "import", path, *own], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as child:
        while child.poll() is None:
            number += 1
            began = time.monotonic()
            site.give("directive", "--level", "orange", "--start", "now", "--id", f"d-{number}", *WORD)
            longest = max(longest, time.monotonic() - began)
        out, err = child.communicate()
    began = time.monotonic()
    for _ in range(5):  # while the engine looks at the new list
        number += 1
        site.give("directive", "--level", "red", "--start", "now", "--id", f"d-{number}", *WORD)
    longest = max(longest, (time.monotonic() - began) / 5)
    print(f"# {number} directives meanwhile, the slowest was answered after {longest:.2f} s")
    assert child.returncode == 0 and "imported as version 1, 20000 sources" in out, (out, err)
    assert site.daemon.rows("SELECT count(*) FROM sources WHERE list = 1") == [(20000,)]
    assert number > 3, "nothing was given meanwhile"
    assert longest < generous, f"{longest:.2f} s, not {generous:.2f} s"


if __name__ == "__main__":
    runner.run(a_directive_typed_here_is_in_force_released_answered_and_lifted,
               what_the_station_refuses_is_refused_here_with_its_reason,
               what_is_wrong_is_told_at_once_before_a_daemon_is_looked_for,
               a_slip_in_vain_and_a_database_that_is_closed_are_told,
               nothing_is_given_that_nobody_confirmed,
               slow=(the_group_needs_a_key_and_its_user_is_recorded,
                     a_kill_after_it_was_kept_loses_nothing,
                     a_list_of_20000_sources_keeps_no_directive_waiting,
                     a_forecast_comes_from_a_file_or_a_bulletin_and_its_faults_have_places))
