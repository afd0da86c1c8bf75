# SPDX-License-Identifier: MIT
"""Three NATS servers that are one MQTT 3.1.1 broker: each message is on two of them before it is
acknowledged. Where network namespaces are allowed each has one of its own, with a cable to the
clients and another one to its fellows, which can be pulled; else all are on the loopback.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

import harness
import runner
from harness import wait_for

INSIDE = "--inside"
ENTER = ["unshare", "--user", "--map-root-user", "--net", "--"]
MQTT, MONITOR, MESH, CLIENTS = 1883, 8222, 6222, 4222  # ports where a node has its own network
READY_S, STALE_S = 60, 3
LOOK_S = 2


def enter_network():
    """Begins this program anew in a network of its own, if there can be cables in it."""
    pair = ["ip", "link", "add", "ours", "type", "veth", "peer", "name", "its"]
    if INSIDE in sys.argv:
        ip("link", "set", "lo", "up")
        return
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run([*ENTER, *pair], capture_output=True, check=False).returncode == 0:
            os.execvp(ENTER[0], [*ENTER, sys.executable, "-B", *sys.argv, INSIDE])


def ip(*words, pid=None):
    where = ["nsenter", "--net", "--target", str(pid), "--"] if pid else []
    subprocess.run([*where, "ip", *words], check=True)


class Network(harness.Process):
    """That of one node; it outlives the node."""

    def __init__(self, world, number):
        super().__init__(world, f"network-{number}", ["unshare", "--net", "--", "sleep", "infinity"])
        self.number = number
        self.mesh = f"mesh{number}"

    def start(self):
        self.launch()
        wait_for("its network", lambda: os.readlink(f"/proc/{self.pid}/ns/net") !=
                 os.readlink("/proc/self/ns/net"), watched=[self])
        for ours, its, address in ((f"gate{self.number}", "gate", f"10.77.{self.number}.2/24"),
                                   (self.mesh, "mesh", f"10.78.0.{self.number}/24")):
            ip("link", "add", ours, "type", "veth", "peer", "name", its, "netns", str(self.pid))
            ip("address", "add", address, "dev", its, pid=self.pid)
            ip("link", "set", its, "up", pid=self.pid)
            ip("link", "set", ours, "up")
        ip("link", "set", "lo", "up", pid=self.pid)
        ip("address", "add", f"10.77.{self.number}.1/24", "dev", f"gate{self.number}")
        ip("link", "set", self.mesh, "master", "fellows")
        return self

    def pull(self):
        """It hears its fellows no more, and its clients still."""
        ip("link", "set", self.mesh, "down")

    def plug(self):
        ip("link", "set", self.mesh, "up")


class Node(harness.Process):
    def __init__(self, world, number, network):
        self.number, self.network = number, network
        if network:
            self.host, self.port, self.monitor = f"10.77.{number}.2", MQTT, MONITOR
            self.fellow, self.listen, self.plain = f"10.78.0.{number}:{MESH}", "0.0.0.0", CLIENTS
        else:
            self.host = self.listen = "127.0.0.1"
            self.port, self.monitor, mesh, self.plain = (harness.free_port() for _ in range(4))
            self.fellow = f"127.0.0.1:{mesh}"
        self.config_path = world.path(f"node-{number}.conf")
        super().__init__(world, f"node-{number}", ["nats-server", "-c", self.config_path])

    def configure(self, nodes):
        mesh = self.fellow.rsplit(":", maxsplit=1)[1]
        routes = ", ".join(f'"nats://{node.fellow}"' for node in nodes)
        self.world.write(self.config_path, "\n".join([
            f"server_name: node-{self.number}", f'listen: "{self.listen}:{self.plain}"',
            f'http: "{self.listen}:{self.monitor}"',
            f'jetstream {{store_dir: "{self.world.path(f"store-{self.number}")}"}}',
            f'cluster {{name: test, listen: "{self.listen}:{mesh}", advertise: "{self.fellow}",'
            f" no_advertise: true, routes: [{routes}]}}",
            f'mqtt {{listen: "{self.listen}:{self.port}", stream_replicas: 3}}', ""]))

    def launch(self, **environment):
        if self.network and self.command[0] != "nsenter":
            self.command = ["nsenter", "--net", "--target", str(self.network.pid), "--",
                            *self.command]
        return super().launch(**environment)

    def why_not(self):
        """None: it serves, and what is to be on it is; else what it says of itself."""
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.monitor}/healthz",
                                        timeout=LOOK_S):
                return None
        except urllib.error.HTTPError as error:
            return error.read().decode(errors="replace")
        except OSError as error:
            return str(error)


class Cluster:
    def __init__(self, world):
        if not shutil.which("nats-server"):
            raise runner.Skipped("there is no nats-server")
        self.has_cables = INSIDE in sys.argv
        if self.has_cables:
            ip("link", "add", "fellows", "type", "bridge")
            ip("link", "set", "fellows", "up")
        networks = [Network(world, n).start() if self.has_cables else None for n in (1, 2, 3)]
        self.nodes = [Node(world, n, network) for n, network in enumerate(networks, 1)]
        for node in self.nodes:
            node.configure(self.nodes)

    def start(self):
        for node in self.nodes:
            node.launch()
        self.wait_whole()
        return self

    def wait_whole(self):
        for node in self.nodes:
            deadline = time.monotonic() + READY_S
            while why := node.why_not():
                left = deadline - time.monotonic()
                # 2.9.10 says so for good of one whose client has gone meanwhile
                if "consumer" in why and left < READY_S - STALE_S:
                    break
                assert node.runs() and left > 0, f"{node.name}: {why}"
                time.sleep(0.2)

    @property
    def hosts(self):
        return [{"host": node.host, "port": node.port} for node in self.nodes]

    def kill_and_start(self, node, away_s):
        node.kill()
        time.sleep(away_s)
        node.launch()
        self.wait_whole()

    def split(self, node, apart_s):
        node.network.pull()
        time.sleep(apart_s)
        node.network.plug()
        self.wait_whole()
