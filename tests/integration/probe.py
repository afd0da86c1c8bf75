#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hazewatch probe before an instrument that nobody has described yet: what it shows, recognises,
prints as a skeleton and refuses, over TCP and on a serial line.

usage: probe.py HAZEWATCHD [--slow]
"""
import fcntl
import glob
import os
import pty
import re
import signal
import subprocess
import sys
import time

import harness
import runner
from faults import Scripted, open_line
from harness import CONFIG, wait_for

HAZEWATCH = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "hazewatch")
CATALOGUES = os.path.join(os.path.dirname(HAZEWATCH), "po")
DUMPS = os.path.join(harness.ROOT, "tests", "data", "registers")
OK, USAGE, NO_INPUT, UNAVAILABLE, CANNOT_CREATE, HELD, CONFIG_WRONG = 0, 64, 66, 69, 73, 75, 78
FAST = ("--timeout", "60")
POISON = 59999
VALUES = {0: 16910, 1: 0, 2: 805, 3: 65531}  # 35.5 as a float, a word, -5


def command(world, *arguments, language="C", config=CONFIG):
    environment = {"PATH": os.environ["PATH"], "LANG": language, "TEXTDOMAINDIR": CATALOGUES}
    folder = ("--config-dir", config) if "--help" not in arguments else ()
    return subprocess.run([HAZEWATCH, "probe", *arguments, *folder], capture_output=True, text=True,
                          timeout=120, check=False, cwd=world.folder, env=environment)


def told(done, code):
    assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def dump_of(name):
    """(unit, function of the values, {address: word}, {function: {address: word}}) of a dump's first case."""
    unit, functions = None, {}
    with open(os.path.join(DUMPS, name + ".txt"), encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            if line.startswith("case ") and unit is not None:
                break
            if line.startswith("case "):
                unit = int(fields[1])
            if line.startswith("read ") and unit is not None:
                words, address = functions.setdefault(int(fields[1]), {}), int(fields[2].rstrip(":"))
                words.update({address + i: int(word, 16) for i, word in enumerate(fields[3:])})
    function = next(iter(functions))
    return unit, function, functions[function], functions


def slave_of(world, rtu, unit, words, fault="sparse", function=None):
    slave = Scripted(world, "rtu" if rtu else "tcp", rtu)
    slave.registers[str(unit)] = {str(address): word for address, word in words.items()}
    slave.faults[str(unit)] = fault
    if function:
        slave.functions[str(unit)] = function
    return slave.start()


def bus_of(slave):
    return slave.link if slave.rtu else f"127.0.0.1:{slave.port}"


def suffer(slave, unit, fault):
    slave.faults[str(unit)] = fault
    slave.save()


def candidates(text):
    return re.findall(r"^  \d+\. (\S+)  \(", text, re.MULTILINE)


def registers_are_shown_in_every_reading(world):
    for rtu in (False, True):
        slave = slave_of(world, rtu, 9, VALUES)
        done = command(world, bus_of(slave), "--unit", "9", "--count", "4")
        text = told(done, OK)
        assert done.stderr == "", "progress is for a terminal"
        where = (f"{slave.link} 9600 8N1\n" if rtu else f"127.0.0.1 port {slave.port}\n")
        assert text.startswith(where + "unit 9, function 3, registers 0 to 3: 4 read, 0 not\n"), text
        for line in ("    0 0000h  420E  16910  16910       35.5*          -           -           -\n",
                     "    3 0003h  FFFB  65531     -5\n",
                     "    0-1        1108213760        16910    239206400         3650\n"):
            assert line in text, text


def what_a_device_refuses_is_told_and_the_rest_is_shown(world):
    slave = slave_of(world, True, 9, {100: 1, 103: 2, 140: 3})
    text = told(command(world, bus_of(slave), "--unit", "9", "--from", "0x64", "--count", "45"), OK)
    assert "registers 100 to 144: 3 read, 42 not" in text, text
    for line in ("  100 0064h  0001      1      1\n", "  101-102  exception 2  illegal data address\n",
                 "  104-139  exception 2  illegal data address\n", "  140 008Ch  0003      3      3\n"):
        assert line in text, text


def a_device_of_six_registers_gives_them_although_more_were_asked_for(world):
    clock = harness.Clock()
    slave = harness.Slave(world).play_always(clock, [805, 1005, 205, 405, 95, 605]).start()
    text = told(command(world, f"127.0.0.1:{slave.port}", "--unit", "1"), OK)
    assert "registers 0 to 31: 6 read, 26 not" in text, text
    assert candidates(text)[0] == "generic-six", text
    assert "possible, not certain" in text and "6 of 6 values plausible: pm25 80.5 ug/m3" in text, text
    assert "weak:" in text, text


def every_profile_is_named_first_for_the_registers_of_its_device(world):
    names = sorted(os.path.basename(path)[:-len(".txt")]
                   for path in glob.glob(os.path.join(DUMPS, "*.txt")))
    assert len(names) >= 14, names
    for name in names:
        part = world.part(name)
        unit, function, words, functions = dump_of(name)
        slave = slave_of(part, False, unit, {}, function=function if len(functions) == 1 else None)
        for each, content in functions.items():
            slave.registers[f"{unit}:{each}"] = {str(address): word for address, word in content.items()}
        slave.save()
        text = told(command(part, bus_of(slave), "--unit", str(unit), "--function", str(function),
                            "--from", str(min(words)), "--count", "8"), OK)
        profile = harness.load_yaml(f"profiles/{name}.yaml")
        # one of the same device that reads more of it comes before it
        assert candidates(text)[0].startswith(name), f"{name}: {text}"
        first = text[text.index(f"1. {candidates(text)[0]}"):].split("  2. ")[0]
        assert ("identified:" in first) == ("identity" in profile), f"{name}: {first}"
        assert ("kind: profile" in text) == ("identity" not in profile), f"{name}: {text}"
        slave.kill()


def another_device_at_the_address_is_not_identified(world):
    unit, _, words, _ = dump_of("saimosen-sms8700")
    slave = slave_of(world, True, unit, words)
    text = told(command(world, bus_of(slave), "--unit", str(unit), "--count", "28"), OK)
    assert "identified: function 3, register 26 holds the unit id, 9" in text, text
    slave.register(unit, 26, unit + 1)
    text = told(command(world, bus_of(slave), "--unit", str(unit), "--count", "28"), OK)
    assert "saimosen-sms8700" not in text and "identified" not in text, text


def a_dead_unit_is_told_with_what_to_look_at(world):
    """On TCP there is no baud rate; the unit that does answer is named."""
    for rtu in (False, True):
        slave = slave_of(world, rtu, 2, VALUES)
        done = command(world, bus_of(slave), "--unit", "5", *FAST)
        text = told(done, UNAVAILABLE)
        assert ("unit 5: no answer: power, wiring" in text) == rtu, text
        assert ("baud" in text) == rtu and ("unit 2 does answer: --unit 2" in text) != rtu, text
        assert "address" not in done.stdout, done.stdout


def a_device_that_refuses_everything_is_told_with_what_to_try(world):
    slave = slave_of(world, False, 9, {}, "none", function=4)
    text = told(command(world, bus_of(slave), "--unit", "9", *FAST), UNAVAILABLE)
    assert "has no function 3: try --function 4" in text, text
    slave = slave_of(world.part("two"), False, 9, {40000: 7})
    text = told(command(world, bus_of(slave), "--unit", "9", *FAST), UNAVAILABLE)
    assert "registers 0 to 31 are all refused" in text and "--from 0 --count 65536" in text, text
    chinese = told(command(world, bus_of(slave), "--unit", "9", *FAST, language="zh_CN.UTF-8"), UNAVAILABLE)
    assert "都被拒绝" in chinese, chinese


def no_register_is_shown_out_of_an_answer_that_is_not_right(world):
    for rtu, faults in ((True, ("noise_before", "wrong_unit")), (False, ("wrong_unit",))):
        slave = slave_of(world, rtu, 9, VALUES)
        for fault in faults:
            suffer(slave, 9, fault)
            done = command(world, bus_of(slave), "--unit", "9", *FAST)
            text = told(done, UNAVAILABLE)
            assert "answers come, and none is right" in text, f"{fault}: {text}"
            assert "420E" not in text and str(POISON) not in text, f"{fault}: {text}"
    suffer(slave, 9, "close")
    assert "it hangs up" in told(command(world, bus_of(slave), "--unit", "9", *FAST), UNAVAILABLE)


def an_adapter_that_hears_itself_is_told(world):
    slave = slave_of(world, True, 9, VALUES, "echo")
    text = told(command(world, bus_of(slave), "--unit", "9", *FAST), UNAVAILABLE)
    assert "our own request comes back" in text, text


def a_line_that_another_program_holds_is_left_alone(world):
    slave = slave_of(world, True, 9, VALUES)
    with open_line(slave.link) as line:
        fcntl.flock(line, fcntl.LOCK_EX)
        text = told(command(world, bus_of(slave), "--unit", "9"), HELD)
        assert re.search(rf"{slave.link} is held by python3\S* \(process {os.getpid()}\)", text), text
        text = told(command(world, bus_of(slave), "--unit", "9", language="zh_CN.UTF-8"), HELD)
        assert f"（进程 {os.getpid()}）使用" in text, text
    assert not os.path.exists(slave.report_path), "the line was used"
    told(command(world, bus_of(slave), "--unit", "9", "--count", "4"), OK)


def a_line_that_the_daemon_holds_is_named_as_its(world):
    slave = slave_of(world, True, 9, VALUES)
    daemon = harness.Daemon(world, harness.Clock(harness.hour_of("2026-01-10T08:00:00+08:00") * 3600, 60),
                            1, 1, buses=[slave.bus("line")],
                            sensors=[{"id": "x", "bus": "line", "unit_id": 9, "poll_s": 60,
                                      "profile": "generic-six"}])
    del daemon.config["mqtt"]
    daemon.write_config()
    daemon.start()
    wait_for("a poll", lambda: os.path.exists(slave.report_path), watched=[daemon])
    text = told(command(world, bus_of(slave), "--unit", "9"), HELD)
    assert f"held by hazewatchd (process {daemon.pid})" in text, text
    daemon.stop()
    told(command(world, bus_of(slave), "--unit", "9", "--count", "4"), OK)


def a_range_of_units_tells_which_of_them_answer(world):
    for rtu in (False, True):
        slave = slave_of(world, rtu, 9, VALUES, "none")
        slave.registers["12"], slave.faults["12"] = {}, "sparse"
        if not rtu:  # as a gateway does with a unit that it does not know
            slave.registers["10"], slave.faults["10"] = {}, "close"
        slave.registers["13"], slave.faults["13"] = {}, "bad_crc" if rtu else "wrong_transaction"
        slave.save()
        text = told(command(world, bus_of(slave), "--unit", "8-14", *FAST), OK)
        lines = text.splitlines()[1:]
        assert lines == ["unit 9: answers", "unit 12: answers, exception 2  illegal data address",
                         "unit 13: something answers, and not right: noise, two devices of one "
                         "address, or another master"], text
        text = told(command(world, bus_of(slave), "--unit", "1-3", *FAST), UNAVAILABLE)
        assert "none of units 1 to 3 answers" in text, text


def a_skeleton_is_a_new_file_that_loads_once_it_is_filled_in(world):
    slave = slave_of(world, True, 9, VALUES)
    path = world.path("new.yaml")
    done = command(world, bus_of(slave), "--unit", "9", "--count", "4", "--skeleton", path)
    assert "kind: profile" not in told(done, OK), done.stdout
    with open(path, encoding="utf-8") as file:
        text = file.read()

    def check():
        return subprocess.run([HAZEWATCH, "check", path], capture_output=True, text=True,
                              timeout=60, check=False)
    assert check().returncode == CONFIG_WRONG, "a skeleton is taken as it is"
    for key in ("id", "maker", "model", "source"):
        text = text.replace(f"{key}:\n", f"{key}: manual-3\n")
    pollutants = iter(("pm25", "pm10", "o3"))
    text = re.sub(r"  # (- \{pollutant: )FILL", lambda match: f"  {match[1]}{next(pollutants)}", text)
    world.write("new.yaml", text.replace("[FILL, FILL]", "[0, 1000]").replace("FILL", "ug/m3"))
    assert check().returncode == OK, check().stderr
    text = told(command(world, bus_of(slave), "--unit", "9", "--skeleton", path), CANNOT_CREATE)
    assert "is there already" in text, text
    assert check().returncode == OK, "it was written over"
    # with it in the folder the device is known
    folder = world.path("own")
    os.makedirs(os.path.join(folder, "profiles"))
    os.rename(path, os.path.join(folder, "profiles", "new.yaml"))
    text = told(command(world, bus_of(slave), "--unit", "9", "--count", "4", config=folder), OK)
    assert candidates(text)[:1] == ["manual-3"], text


def a_profile_with_a_problem_is_told_and_the_others_are_tried(world):
    folder = world.path("own")
    os.makedirs(os.path.join(folder, "profiles"))
    world.write("own/profiles/bad.yaml", "kind: profile\nid: bad\n")
    slave = slave_of(world, True, 9, VALUES)
    text = told(command(world, bus_of(slave), "--unit", "9", "--count", "4", config=folder), OK)
    assert "own/profiles/bad.yaml:1:1" in text and "maker" in text, text


def a_station_file_is_written_of_the_instruments_that_answer(world):
    """One identified, one that measures the same, one that no profile fits."""
    unit, function, words, _ = dump_of("saimosen-sms8700")
    assert function == 3 and unit <= 16, "the scene is of another device"
    slave = slave_of(world, False, unit, words)
    for other, registers in ((2, {0: 65535}), (16, words)):
        slave.registers[str(other)] = {str(address): word for address, word in registers.items()}
        slave.faults[str(other)] = "sparse"
    slave.register(16, 26, 16)
    slave.save()
    path = world.path("station.yaml")
    done = subprocess.run([HAZEWATCH, "init", "--output", path, "--id", "s-1", "--name-zh", "站", "--name-en", "station",
                           "--area", "430202", "--bus", bus_of(slave), "--probe", "--config-dir", CONFIG],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    text = told(done, OK)
    assert "station s-1, sensors: 1" in text, text
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for words in (f"  - id: unit-{unit}\n", 'profile: "saimosen-sms8700"', "  # identified by its register",
                  "  # unit 2 answers, and no profile fits", "  # what unit 16 measures is measured already:"):
        assert words in text, text
    done = subprocess.run([HAZEWATCH, "check", "--config-dir", CONFIG, path], capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == OK and done.stderr == "", done.stderr
    slave.kill()
    os.unlink(path)
    done = subprocess.run([HAZEWATCH, "init", "--output", path, "--id", "s-1", "--name-zh", "站", "--name-en", "station",
                           "--area", "430202", "--bus", bus_of(slave), "--probe", "--config-dir", CONFIG],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)
    assert "cannot be opened" in told(done, UNAVAILABLE) and not os.path.exists(path), done.stderr


def everything_is_said_in_the_language_of_the_locale(world):
    slave = slave_of(world, True, 9, VALUES)
    chinese = told(command(world, bus_of(slave), "--unit", "9", language="zh_CN.UTF-8"), OK)
    for words in ("从站 9，功能码 3，寄存器 0 至 31：读到 4 个，未读到 28 个", "地址          hex",
                  "4-31  异常 2  没有这个地址", "型号文件", "原样不能使用"):
        assert words in chinese, chinese
    asked = told(command(world, bus_of(slave), "--unit", "9", "--language", "zh"), OK)
    assert asked == chinese, asked
    english = told(command(world, bus_of(slave), "--unit", "9", "--language", "en",
                           language="zh_CN.UTF-8"), OK)
    assert english.isascii(), english
    gbk = told(command(world, bus_of(slave), "--unit", "9", language="zh_CN.GB18030"), OK)
    assert gbk == chinese, gbk  # letters are UTF-8 whatever it is, as in every subcommand
    assert "不应答" in told(command(world, bus_of(slave), "--unit", "3", *FAST,
                                    language="zh_CN.UTF-8"), UNAVAILABLE)


def wrong_usage_is_told_by_its_place(world):
    tty, tcp = world.path("no-such"), "127.0.0.1:1"
    for arguments, words in (
            ((), "one BUS"), ((tty,), "--unit 1-247 looks for units"),
            ((tty, "--unit", "0"), "0 calls every unit"), ((tty, "--unit", "9-3"), "--unit: 9-3"),
            ((tty, "--unit", "256"), "--unit: 256"), ((tty, "--unit", "0x5"), "--unit: 0x5"),
            ((tty, "--unit", "-1"), "--unit: -1"), ((tty, tty, "--unit", "1"), "one BUS"),
            ((tty, "--unit", "1", "--function", "6"), "--function: 6 is not 3 or 4"),
            ((tty, "--unit", "1", "--from", "65536"), "--from: 65536"),
            ((tty, "--unit", "1", "--from", "0xfffff"), "--from: 0xfffff"),
            ((tty, "--unit", "1", "--count", "0"), "--count: 0"),
            ((tty, "--unit", "1", "--from", "65530", "--count", "7"), "beyond register 65535"),
            ((tty, "--unit", "1", "--baud", "9601"), "--baud: allowed are 300"),
            ((tty, "--unit", "1", "--parity", "X"), "--parity: X is not N, E or O"),
            ((tty, "--unit", "1", "--stop-bits", "3"), "--stop-bits: 3"),
            ((tty, "--unit", "1", "--timeout", "50000"), "--timeout: 50000"),
            ((tty, "--unit", "1", "--language", "fr"), "--language: fr"),
            ((tty, "--unit", "1-9", "--skeleton", "x"), "--skeleton: of one unit only"),
            ((tcp, "--unit", "1", "--baud", "9600"), "of a serial line"),
            (("localhost:502", "--unit", "1"), "no name is looked up"),
            (("127.0.0.1:0", "--unit", "1"), "BUS: 127.0.0.1:0"),
            (("127.1", "--unit", "1"), "BUS: 127.1"), (("[::1:5", "--unit", "1"), "BUS: [::1:5"),
            ((tty, "--unit", "1", "--write", "1"), "--write is not an option")):
        text = told(command(world, *arguments), USAGE)
        assert words in text.splitlines()[0], f"{arguments}: {text.splitlines()[0]}"
        assert "hazewatch probe --help" in text, text
    assert "Usage: hazewatch probe" in told(command(world, "--help"), OK)


def a_line_that_is_not_there_is_told(world):
    for bus, code, words in ((world.path("no-such"), NO_INPUT, "No such file"),
                             ("/dev/null", NO_INPUT, "it is not a serial line"),
                             (f"127.0.0.1:{harness.free_port()}", UNAVAILABLE, "refused"),
                             (f"[::1]:{harness.free_port()}", UNAVAILABLE, "cannot be opened")):
        text = told(command(world, bus, "--unit", "1"), code)
        assert words in text, text


def an_interrupted_search_tells_what_it_found(world):
    slave = slave_of(world, True, 3, VALUES)
    master, terminal = pty.openpty()
    with subprocess.Popen([HAZEWATCH, "probe", slave.link, "--unit", "1-247"], text=True,
                          stdout=subprocess.PIPE, stderr=terminal, cwd=world.folder) as process:
        os.close(terminal)
        seen = b""
        while b"unit 5 / 247" not in seen:
            seen += os.read(master, 4096)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=20)[0]
        took = time.monotonic() - began
    os.close(master)
    assert process.returncode == HELD, process.returncode
    assert "unit 3: answers\n" in output, output
    assert took < 2, f"{took:.1f} s"
    told(command(world, bus_of(slave), "--unit", "3", "--count", "4"), OK)


if __name__ == "__main__":
    runner.run(
        registers_are_shown_in_every_reading,
        what_a_device_refuses_is_told_and_the_rest_is_shown,
        a_device_of_six_registers_gives_them_although_more_were_asked_for,
        every_profile_is_named_first_for_the_registers_of_its_device,
        another_device_at_the_address_is_not_identified,
        a_line_that_another_program_holds_is_left_alone,
        a_line_that_the_daemon_holds_is_named_as_its,
        a_skeleton_is_a_new_file_that_loads_once_it_is_filled_in,
        a_profile_with_a_problem_is_told_and_the_others_are_tried,
        wrong_usage_is_told_by_its_place,
        a_line_that_is_not_there_is_told,
        slow=(a_dead_unit_is_told_with_what_to_look_at, a_device_that_refuses_everything_is_told_with_what_to_try,
              no_register_is_shown_out_of_an_answer_that_is_not_right,
              an_adapter_that_hears_itself_is_told,
              a_range_of_units_tells_which_of_them_answer,
              everything_is_said_in_the_language_of_the_locale,
              a_station_file_is_written_of_the_instruments_that_answer,
              an_interrupted_search_tells_what_it_found))
