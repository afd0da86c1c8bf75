# SPDX-License-Identifier: MIT
"""A subscriber that keeps everything it gets, with the moment at which it came; it speaks MQTT 5,
or 3.1.1 to a broker that is that old."""
import contextlib
import json
import threading
import time
import uuid
from typing import Any, NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

SESSION_EXPIRY_S = 3600
PUBLISH_S = 10


class Message(NamedTuple):
    at: float      # monotonic
    topic: str
    body: Any      # see content()
    qos: int
    retain: bool   # as published; for a late subscriber: it was kept
    properties: Any

    @property
    def name(self):
        """The topic below the station's prefix."""
        return self.topic.split("/", 4)[4]


def content(payload):
    """The JSON, None if it is empty (the topic is cleared); of anything else the bytes."""
    if not payload:
        return None
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return payload


class Subscriber:
    """Its session outlives a lost connection: the broker keeps what comes meanwhile."""

    def __init__(self, port, late=False, user=None, old=False, host="127.0.0.1"):
        self.subscribed = self.ending = False
        self._messages, self._caps, self._lock = [], [], threading.Lock()
        self._options = SubscribeOptions(qos=1, retainAsPublished=not late)
        self._old = old
        self._client = paho.Client(
            client_id=f"test-{uuid.uuid4()}", protocol=paho.MQTTv311 if old else paho.MQTTv5,
            clean_session=False if old else None)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(0.1, 0.2)
        if user:
            self._client.username_pw_set(*user)
        if old:
            self._client.connect(host, port)
        else:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = SESSION_EXPIRY_S
            self._client.connect(host, port, clean_start=False, properties=properties)
        self._client.loop_start()

    def _on_connect(self, client, _userdata, flags, _reason, _properties=None):
        if not flags["session present"]:
            if self._old:  # not "#", by which NATS means its own subjects too
                client.subscribe([("hazewatch/#", 1), ("hazewatch-exercise/#", 1)])
            else:
                client.subscribe("#", options=self._options)

    def _on_subscribe(self, *_):
        self.subscribed = True

    def _on_message(self, _client, _userdata, message):
        properties = None if self._old else message.properties
        got = Message(time.monotonic(), message.topic, content(message.payload), message.qos,
                      bool(message.retain), properties)
        with self._lock:
            cap = got.name == "warning/cap" if self._old else \
                properties.json().get("ContentType") == "application/cap+xml"
            (self._caps if cap else self._messages).append(got)

    def caps(self):
        """CAP messages, which all() leaves out: their bodies are bytes."""
        with self._lock:
            return list(self._caps)

    def tell(self, topic, body, retain=False):
        """Without waiting: it goes out when the broker is there."""
        self._client.publish(topic, json.dumps(body, ensure_ascii=False), qos=1, retain=retain)

    def publish(self, topic, payload, retain=False):
        """JSON of whatever is no text; waits for the broker."""
        if not isinstance(payload, (str, bytes)):
            payload = json.dumps(payload, ensure_ascii=False)
        deadline = time.monotonic() + PUBLISH_S
        while not self._client.is_connected() and time.monotonic() < deadline:
            time.sleep(0.02)  # after an outage it is back a moment later
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PUBLISH_S)

    def all(self, name=None):
        """What came so far, in the order in which it came; with a name, of that topic."""
        with self._lock:
            messages = list(self._messages)
        return [each for each in messages if name is None or each.name == name]

    def last(self, name):
        messages = self.all(name)
        return messages[-1].body if messages else None

    def once(self, name):
        """The bodies of a topic without the second copies, in the order of their seq."""
        found = {each.body["id"]: each.body for each in self.all(name)}
        return sorted(found.values(), key=lambda body: body["seq"])

    def end(self):
        with contextlib.suppress(Exception):
            self._client.disconnect()
            self._client.loop_stop()
