# SPDX-License-Identifier: MIT
"""CAP messages: held against the schema by xmllint, and read."""
import os
import subprocess
import xml.etree.ElementTree

import harness

SCHEMA = os.path.join(harness.ROOT, "tests", "data", "cap-1.2.xsd")
NAMESPACE = "{urn:oasis:names:tc:emergency:cap:1.2}"


def faults(payload):
    """What xmllint says; empty if the document is valid."""
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, "-"],
                          input=payload, capture_output=True, check=False)
    return "" if done.returncode == 0 else done.stderr.decode()


def tree(element):
    """{name: [text or tree, ...]} of what lies below."""
    found = {}
    for child in element:
        name = child.tag.removeprefix(NAMESPACE)
        found.setdefault(name, []).append(tree(child) if len(child) else child.text)
    return found


def read(payload):
    wrong = faults(payload)
    assert not wrong, f"{wrong} in {payload.decode()}"
    return tree(xml.etree.ElementTree.fromstring(payload))


def reference(alert):
    """How another message refers to this one."""
    return ",".join(alert[name][0] for name in ("sender", "identifier", "sent"))


def values(info):
    """Its parameters."""
    return {each["valueName"][0]: each["value"][0] for each in info["parameter"]}
