#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two truths: the published schemas of commands (config/mqtt) and the tables that check them say the same.

Messages are generated from the schemas and then damaged; an independent validator (python3-jsonschema) and
the daemon's own tables (commands.c) judge each. What no schema can say is named in BEYOND, and refused by the tables.

usage: commands.py COMMANDS [HOW-MANY]; HAZEWATCH_SEED repeats a run.
"""
import copy
import json
import os
import random
import subprocess
import sys

ROOT = os.environ.get("HAZEWATCH_SOURCE") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(ROOT, "tests", "structure"))
import jsonschema  # noqa: E402 pylint: disable=wrong-import-position
from source import Tap  # noqa: E402 pylint: disable=wrong-import-position

FOLDER = os.path.join(ROOT, "config", "mqtt")
KINDS = ("directive", "release", "forecast", "dust", "review", "receipt", "resend", "ack")
LEVELS = ["none", "yellow", "orange", "red"]
TIMES = ["2026-01-10T08:00:00+08:00", "2026-01-10T08:00:01.5+08:00", "2026-12-31T23:59:59.123+00:00",
         "2026-01-10T08:00:00.123456789-05:00", "2026-01-10T13:30:00+05:30"]
HOURS = ["2026-01-10T08:00:00+08:00", "2026-01-10T23:00:00-03:00", "2026-01-10T13:30:00+05:30",
         "2026-01-10T13:45:00+05:45", "2026-01-10T08:00:00.000+08:00"]
ODD = [None, True, False, 0, 1, -1, 100, 101, 100.0, 0.5, 1e2, 500, 501, 100000, 100000.5, 9007199254740991,
       9007199254740992, -0.5, "", "x", "x" * 37, "x" * 64, "x" * 65, "x" * 127, "x" * 128, "x" * 2000, "x" * 2001, "a\tb",
       "a\x7fb", "一级", "A.b_c:d-e", "a b", "Station.1", "-x", "x" * 32, "x" * 33, [], {}, ["pm25"], ["pm25", "pm25"],
       ["pm25", "no"], ["x"] * 16, ["x"] * 17, [""], [1], {"a": 1}, "local", "regional", "done", "not", "model", "restore",
       "2026-01-10", "2026-13-10", "2026-1-10", "2026-01-10T08:00:00Z", "2026-01-10T08:00:00", "2026-01-10T24:00:00+08:00",
       "2026-01-10T08:60:00+08:00", "2026-01-10T08:00:60+08:00", "2026-01-10 08:00:00+08:00", "2026-01-10T08:00:00.+08:00",
       "2026-01-10T08:00:00.1234567890+08:00", "2026-01-10T08:00:00+24:00", "2026-01-10T08:00:00+08:60",
       "2026-01-10T08:00:00+8:00", "2026-01-10T08:30:00+08:00", "2026-01-10T08:00:01+08:00", "2026-00-10T08:00:00+08:00",
       "2026-01-32T08:00:00+08:00", "2026-01-10T08:00:00.5+08:00", "0" * 36, "a-" * 18] + TIMES + HOURS + LEVELS
# What a schema cannot say: the calendar, the plan's levels, bytes, what was before 1970.
BEYOND = [("directive", {"level": "blue"}), ("directive", {"start": "2026-02-30T08:00:00+08:00"}),
          ("directive", {"document": "一" * 100}), ("directive", {"start": "1969-01-10T08:00:00+08:00"})]


def schemas():
    read = {}
    for name in [f"cmd-{kind}" for kind in KINDS] + ["common"]:
        with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as file:
            read[name] = json.load(file)
    return read


SCHEMAS = schemas()


def validator(kind):
    schema = SCHEMAS[f"cmd-{kind}"]
    jsonschema.Draft202012Validator.check_schema(schema)
    store = {f"file://{FOLDER}/common.json": SCHEMAS["common"]}
    return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(
        f"file://{FOLDER}/cmd-{kind}.json", schema, store=store))


def resolved(schema):
    while "$ref" in schema:
        schema = SCHEMAS["common"]["$defs"][schema["$ref"].rsplit("/", 1)[1]] | {
            key: value for key, value in schema.items() if key != "$ref"}
    return schema


def properties(kind):
    schema = SCHEMAS[f"cmd-{kind}"]
    shared = {} if kind == "ack" else SCHEMAS["common"]["$defs"]["command"]["properties"]
    return shared | schema["properties"]


def value_of(name, schema, chance):
    """Something that the schema takes, as far as it can be seen."""
    if schema.get("$ref", "").endswith("command_hour"):
        return chance.choice(HOURS)
    if schema.get("$ref", "").endswith("command_time"):
        return chance.choice(TIMES)
    schema = resolved(schema)
    if "oneOf" in schema:
        return value_of(name, chance.choice(schema["oneOf"]), chance)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    kinds = {
        "boolean": lambda: chance.random() < 0.5,
        "integer": lambda: chance.choice([schema.get("minimum", 0), schema.get("maximum", 500), 1]),
        "number": lambda: chance.choice([schema["minimum"], schema["maximum"], 12.5]),
        "object": lambda: {key: value_of(key, each, chance) for key, each in schema["properties"].items()
                           if key in schema.get("required", ()) or chance.random() < 0.5},
    }
    if schema["type"] in kinds:
        return kinds[schema["type"]]()
    if schema["type"] == "array":
        n = chance.randint(schema.get("minItems", 1), 3)
        items = [value_of(name, schema["items"], chance) for _ in range(n)]
        return [item for i, item in enumerate(items) if item not in items[:i]] if "uniqueItems" in schema else items
    return {"level": chance.choice(LEVELS), "db": "0123456a-0000-4000-8000-00000000000f",
            "date": "2026-01-10"}.get(name, chance.choice(["a", "x" * schema.get("maxLength", 30), "c-1"]))


def message(kind, chance):
    known = properties(kind)
    schema = SCHEMAS[f"cmd-{kind}"]
    required = set(schema.get("required", ())) | ({"db", "seq"} if kind == "ack" else {"id", "issuer", "time"})
    if kind == "directive":
        required |= {"level", "start"} if chance.random() < 0.7 else {"withdraws"}
    if kind == "forecast":
        required |= {chance.choice(["hours", "days"])}
    some = {name for name in known if name not in ("hours", "days") and chance.random() < 0.3} | required
    if "level" not in required and kind == "directive":
        some -= {"level", "start", "planned_end", "area", "reason"}
    return {name: value_of(name, known[name], chance) for name in sorted(some)}


def places(body, path=()):
    """Every value of a message, by its path."""
    found = [path] if path else []
    for key, value in (body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()):
        found += places(value, path + (key,))
    return found


def damaged(kind, chance):
    body = message(kind, chance)
    for _ in range(chance.choice([0, 1, 1, 1, 2])):
        spots = places(body)
        way = chance.random()
        if way < 0.15 or not spots:
            body[chance.choice(["extra", "id", "level", "hours", "days", "withdraws", "target"])] = chance.choice(ODD)
            continue
        *path, last = chance.choice(spots)
        within = body
        for key in path:
            within = within[key]
        if way < 0.35:
            del within[last]
        else:
            within[last] = copy.deepcopy(chance.choice(ODD))
    return body


def judged(program, lines):
    """What the tables say of each."""
    text = "".join(f"{kind} {json.dumps(body)}\n" for kind, body in lines)
    done = subprocess.run([program], input=text, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.splitlines()


def is_beyond(body):
    """A text of a level that is no level of this plan: the schema says so in words only."""
    level = body.get("level")
    return isinstance(level, str) and level not in LEVELS


def main():
    tap = Tap()
    program, many = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(os.environ.get("HAZEWATCH_SEED") or random.randrange(10**9))
    print(f"# HAZEWATCH_SEED={seed}")
    chance = random.Random(seed)
    for kind in KINDS:
        lines = [(kind, damaged(kind, chance)) for _ in range(many // len(KINDS))]
        lines = [line for line in lines if not is_beyond(line[1])]
        says, taken, wrong = validator(kind), 0, []
        for (_, body), table in zip(lines, judged(program, lines)):
            valid = says.is_valid(body)
            taken += valid
            if valid != (table == "ok"):
                wrong.append(f"schema {'takes' if valid else 'refuses'} it, table: {table}: {json.dumps(body)[:300]}")
        wrong += [] if len(lines) // 8 < taken < len(lines) else [f"{taken} of {len(lines)} are valid"]
        tap.case(f"schema and table of cmd/{kind} take and refuse the same messages", wrong[:5])
    whole = {"id": "c-1", "issuer": "a", "time": TIMES[0], "level": "red", "start": TIMES[0]}
    lines = [(kind, whole | differs) for kind, differs in BEYOND]
    tap.case("what no schema can say is refused by the tables",
             [f"{body}" for (kind, body), table in zip(lines, judged(program, lines))
              if table == "ok" or not validator(kind).is_valid(body)])
    tap.done()


if __name__ == "__main__":
    main()
