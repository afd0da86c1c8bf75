# SPDX-License-Identifier: MIT
"""Messages against the JSON Schemas of config/mqtt. A field that no schema names is a mistake here,
though not for a receiver: the contract lets fields be added."""
import copy
import functools
import json
import os

import harness
import jsonschema

FOLDER = os.path.join(harness.CONFIG, "mqtt")


def closed(schema):
    """The same schema, but nothing beyond the named properties is allowed, at any depth."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {key: value if key in ("if", "then") else closed(value)
              for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        schema.setdefault("unevaluatedProperties", False)
    return schema


def load(name):
    with open(os.path.join(FOLDER, name + ".json"), encoding="utf-8") as file:
        return json.load(file)


@functools.lru_cache(maxsize=None)
def validator(name):
    """Of the payload of a topic, given by its last parts: "warning/event", "cmd/ack"."""
    schema, common = load(name.replace("/", "-")), load("common")
    jsonschema.Draft202012Validator.check_schema(schema)
    shared = {"head", "row", "rules", "command"}  # parts of a message: open
    strict = copy.deepcopy(common)
    strict["$defs"] = {key: value if key in shared else closed(value)
                       for key, value in common["$defs"].items()}
    resolver = jsonschema.RefResolver(f"file://{FOLDER}/{name.replace('/', '-')}.json", schema,
                                      store={f"file://{FOLDER}/common.json": strict})
    return jsonschema.Draft202012Validator(closed(schema), resolver=resolver)


def faults(name, body):
    """What is wrong with a message, in words."""
    return [f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator(name).iter_errors(body)]


def check(messages):
    """Every message of a run; the names of the topics that came."""
    names = set()
    for message in messages:
        name = message.name
        if name.startswith(("order/", "roster/")):
            name = name.split("/")[0]
        if name.startswith("cmd/") or name.startswith("warning/cap/") or message.body is None:
            continue  # not from the station, not JSON, cleared
        names.add(name)
        wrong = faults(name, message.body)
        assert not wrong, f"{wrong[0]}; in {json.dumps(message.body, ensure_ascii=False)[:2000]}"
    return names
