#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A winter's day of a district: the sample list is imported, a directive comes by MQTT, goes up and
is lifted; what the command office and the sources see of it.

usage: district.py HAZEWATCHD
"""
import csv
import os
import re
import subprocess
from types import SimpleNamespace

import harness
import runner
import schemas
from harness import wait_for
from inbox import HAZEWATCH, Site, command, directive

LISTS = os.path.join(harness.CONFIG, "list")
LEVELS = {"yellow": "黄色", "orange": "橙色", "red": "红色"}
EMISSIONS = {"so2": "SO2", "nox": "NOx", "pm": "颗粒物", "vocs": "VOCs"}
LEAST_CUT = {"yellow": 10, "orange": 20, "red": 30}


def hazewatch(daemon, *arguments):
    return subprocess.run([HAZEWATCH, *arguments, "--config", daemon.config_path, "--config-dir",
                           harness.CONFIG], capture_output=True, text=True, timeout=20, check=False)


def read_list():
    """{id: the row}"""
    with open(os.path.join(LISTS, "sample-district.csv"), encoding="utf-8-sig") as file:
        return {row["清单编号"]: row for row in csv.DictReader(file)}


def orders(platform):
    """{source: its newest order}; None: the topic was cleared."""
    return {each.name.split("/")[1]: each.body for each in platform.all()
            if each.name.startswith("order/")}


def said_at(row, level):
    """What a row says of a level: its wording, and whether it has a cut."""
    name = LEVELS[level]
    cuts = [row[f"{name}{word}减排量(kg/d)"] for word in EMISSIONS.values()]
    return row[f"{name}预警减排措施"], row[f"{name}停限产生产线/工序"], any(float(cut or 0) for cut in cuts)


def has_to_act(row, level):
    """Whether a source of the sample gets an order: the plan addresses something to every site."""
    upto = list(LEVELS)[:list(LEVELS).index(level) + 1]
    return any(any(said_at(row, each)) for each in upto) or row["清单类别"] != "工业" or \
        level != "yellow" and (int(row["重型载货车日进出辆次"] or 0) > 10 or
                               int(row["国II及以下非道路机械台数"] or 0) > 0)


def ordered(site, sources, level):
    held = {source: body for source, body in orders(site.platform).items() if body}
    return set(held) == {id_ for id_, row in sources.items() if has_to_act(row, level)} and all(
        body["level"] == level for body in held.values())


def seen_at(site, sources, level):
    """Everything there is to see once every source has its order."""
    wait_for(f"the orders of {level}", lambda: ordered(site, sources, level), 30, (site.daemon,))
    return SimpleNamespace(orders=orders(site.platform), cuts=site.platform.last("cuts"),
                           warning=site.platform.last("warning"),
                           slip=hazewatch(site.daemon, "slip").stdout)


def scene(world):
    site, sources = Site(world), read_list()
    denominator = os.path.join(LISTS, "sample-denominator.csv")
    site.daemon.start()
    site.daemon.stop()
    imported = hazewatch(site.daemon, "list", "import", os.path.join(LISTS, "sample-district.csv"),
                         "--denominator", denominator)
    assert imported.returncode == 0, imported.stderr
    site.start()
    seen = {}
    for level in LEVELS:
        reply = site.ask("directive", directive(level))
        assert reply["outcome"] == "accepted", reply
        seen[level] = seen_at(site, sources, level)
    told = site.ask("receipt", command(ref=seen["red"].orders["gy-001"]["id"], unit="towns",
                                       person="赵六", outcome="partly", done_pct=60, cut_kg_d=7.5))
    receipts = hazewatch(site.daemon, "slip").stdout
    second = hazewatch(site.daemon, "list", "import", os.path.join(LISTS, "sample-district.csv"))
    assert site.ask("directive", directive("none"))["outcome"] == "accepted"
    wait_for("the end of every order", lambda: not any(orders(site.platform).values()), 30,
             (site.daemon,))
    after = SimpleNamespace(cuts=site.platform.last("cuts"), warning=site.platform.last("warning"),
                            slip=hazewatch(site.daemon, "slip").stdout)
    return SimpleNamespace(sources=sources, seen=seen, after=after, told=told, receipts=receipts,
                           second=second, messages=site.platform.all(),
                           no_measure=site.daemon.lines("reduction list 1: no measure"))


def who_has_nothing_to_do_is_told_nothing(stage):
    quiet = [id_ for id_, row in stage.sources.items() if not has_to_act(row, "red")]
    assert len(quiet) >= 4, quiet
    told = {each.name for each in stage.messages}
    assert not {f"order/{id_}" for id_ in quiet} & told, quiet
    assert stage.no_measure, "the log has no line about them"
    assert len(stage.no_measure) == 1 and all(
        f"{id_} (" in stage.no_measure[0] for id_ in quiet[:3]), stage.no_measure


def every_source_of_the_list_is_told_what_its_row_says_of_the_level(stage):
    for level, name in LEVELS.items():
        for source, body in stage.seen[level].orders.items():
            row = stage.sources[source]
            if said_at(row, level)[0]:
                assert body["measures_zh"] == row[f"{name}预警减排措施"], body
                assert body["measures_level"] == level, body
            for emission, word in EMISSIONS.items():
                cut = row[f"{name}{word}减排量(kg/d)"]
                assert body["targets"][emission]["cut_kg_d"] == (float(cut) if cut else None), body


def the_office_reads_the_least_cut_of_the_directive_in_per_cent_and_kilograms(stage):
    required = {}
    for level, seen in stage.seen.items():
        blocks = {each["authority"]: each for each in seen.cuts["blocks"]}
        block = blocks["directive"]
        assert block["level"] == level and block["binding"], block
        assert block["min_cut_pct"] == dict.fromkeys(EMISSIONS, LEAST_CUT[level]), block
        assert not blocks["advice"]["binding"], blocks
        required[level] = {emission: block["amounts"][emission]["required_kg_d"]
                           for emission in EMISSIONS}
    for emission in EMISSIONS:
        yellow, orange, red = (required[level][emission] for level in LEVELS)
        assert abs(red * 2 - orange * 3) < 0.01 and abs(orange - yellow * 2) < 0.01, required
    assert [each["authority"] for each in stage.after.cuts["blocks"]] == ["advice"], stage.after


def the_warning_has_the_directive_in_force_and_the_advice_beside_it(stage):
    for level, seen in stage.seen.items():
        assert seen.warning["in_force"]["level"] == level, seen.warning
        assert seen.warning["advice"]["level"] == "none", seen.warning
    assert stage.after.warning["in_force"] is None, stage.after.warning


def the_slip_follows_the_directive(stage):
    assert "橙色" in stage.seen["orange"].slip and "红色" not in stage.seen["orange"].slip
    assert "红色" in stage.seen["red"].slip
    assert re.search("解除", stage.after.slip), stage.after.slip


def a_receipt_is_shown_on_the_slip(stage):
    assert stage.told["outcome"] == "accepted", stage.told
    assert "赵六" not in stage.seen["red"].slip
    assert "街道（镇） 赵六" in stage.receipts, stage.receipts


def the_receipt_is_shown_by_order_and_unit_without_the_person(stage):
    shown = [each.body for each in stage.messages if each.name == "receipts"][-1]["receipts"]
    assert [(each["ref"], each["unit"], each["outcome"], each["done_pct"], each["cut_kg_d"])
            for each in shown] == [(stage.seen["red"].orders["gy-001"]["id"], "towns", "partly", 60,
                                    7.5)], shown
    assert "赵六" not in str(shown), shown


def a_list_is_taken_over_by_a_running_daemon(stage):
    assert stage.second.returncode == 0 and "version 2" in stage.second.stdout, stage.second


def the_lift_withdraws_each_order_before_its_topic_is_cleared(stage):
    for source in stage.seen["red"].orders:
        bodies = [each.body for each in stage.messages if each.name == f"order/{source}"]
        assert bodies[-1] is None and bodies[-2]["withdrawn"], bodies[-2:]


def nobody_named_in_the_list_goes_out(stage):
    for each in stage.messages:
        if each.name.startswith("order/") or each.name in ("cuts", "warning"):
            text = str(each.body)
            assert "示例人员" not in text and "（虚构）" not in text, text


def an_event_ends_with_its_last_sentence(stage):
    events = [each.body for each in stage.messages if each.name == "warning/event"
              and each.body["about"] == "directive"]
    assert [each["event"] for each in events] == ["issue", "upgrade", "upgrade", "lift"], events
    for body in events:
        assert body["text_en"].endswith(".") and body["text_zh"].endswith("。"), body


def all_of_it_is_valid_against_the_schemas(stage):
    assert {"order", "cuts", "warning", "reply", "receipts"} <= schemas.check(
        [each for each in stage.messages if each.body is not None])


if __name__ == "__main__":
    runner.run(
        who_has_nothing_to_do_is_told_nothing,
        every_source_of_the_list_is_told_what_its_row_says_of_the_level,
        the_office_reads_the_least_cut_of_the_directive_in_per_cent_and_kilograms,
        the_warning_has_the_directive_in_force_and_the_advice_beside_it,
        the_slip_follows_the_directive,
        a_receipt_is_shown_on_the_slip,
        the_receipt_is_shown_by_order_and_unit_without_the_person,
        a_list_is_taken_over_by_a_running_daemon,
        the_lift_withdraws_each_order_before_its_topic_is_cleared,
        nobody_named_in_the_list_goes_out,
        an_event_ends_with_its_last_sentence,
        all_of_it_is_valid_against_the_schemas,
        scene=scene)
