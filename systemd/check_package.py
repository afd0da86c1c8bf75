#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Debian package is installed, upgraded, removed and purged in a copy of this machine: an overlay
over its root in a mount namespace of our own. Nothing outside it is changed.

usage: check_package.py FOLDER-OF-THE-DEB SOURCE-ROOT
"""
import glob
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile

from tap import Tap, expect_status, run

FOLDER, SOURCE = map(os.path.abspath, sys.argv[1:3])
INSIDE = "HAZEWATCH_INSIDE"
CONFFILE, STATE = "/etc/hazewatch/hazewatch.yaml", "/var/lib/hazewatch"
UNIT = "hazewatchd.service"
READY_S = 30

STATION = """kind: station
station: {id: s-1, name_zh: s, name_en: s, area: "430202"}
edition: hj633-2026
plan: hetang-2024
clock: {source: rtc}
storage: {dir: /var/lib/hazewatch}
buses: [{id: b, tcp: {host: 127.0.0.1, port: 1}}]
sensors: [{id: s, bus: b, unit_id: 1, profile: generic-six, poll_s: 1}]
mqtt: {host: 127.0.0.1, port: 1}
"""

# systemd is not at work here: what the package's scripts ask of it is written down.
SYSTEMCTL = """#!/bin/sh
echo "$*" >>/tmp/asked
case "$*" in
*is-enabled*) [ -e /tmp/enabled ] && echo enabled || { echo disabled; exit 1; } ;;
*is-active*) [ -e /tmp/enabled ] ;;
esac
"""

# The unit's own restrictions, as far as they need no systemd: user, groups, no privilege to be had,
# files read-only but for two folders, /proc without what is not a process, few descriptors.
CONFINED = """set -e
mount --bind "$1" "$2"
mount -o remount,bind,ro "$2"
mount -t tmpfs tmpfs "$2/tmp"
mount -t tmpfs -o mode=755 tmpfs "$2/run"
for folder in var/lib/hazewatch run/hazewatch; do
	mkdir -p "$2/$folder"
	mount --bind "$1/$folder" "$2/$folder"
done
mount --rbind /dev "$2/dev"
mount -t proc -o subset=pid,hidepid=invisible proc "$2/proc"
umask 077
ulimit -n 512
ulimit -c 0
exec chroot "$2" setpriv --reuid hazewatch --regid hazewatch --init-groups --no-new-privs \\
	--inh-caps=-all --ambient-caps=-all --bounding-set=-all \\
	env -i RUNTIME_DIRECTORY=/run/hazewatch NOTIFY_SOCKET=/run/hazewatch/notify \\
	/usr/sbin/hazewatchd --config /etc/hazewatch/hazewatch.yaml
"""


def must(*command):
    result = run(*command)
    if result[0] != 0:
        raise OSError(" ".join(map(str, command)) + ": " + " ".join(result[1]))


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


class Machine:
    """This machine's files, with a layer of our own above them."""

    def __init__(self, folder):
        self.folder, self.root = folder, os.path.join(folder, "root")
        must("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder)
        for name in ("upper", "work", "root", "confined"):
            os.mkdir(os.path.join(folder, name))
        must("mount", "-t", "overlay", "overlay", "-o",
             f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work", self.root)
        for name in ("tmp", "run"):
            must("mount", "-t", "tmpfs", "tmpfs", self.root + "/" + name)
        os.chmod(self.root + "/tmp", 0o1777)
        for name in ("dev", "proc", "sys"):
            must("mount", "--rbind", "/" + name, self.root + "/" + name)
        os.makedirs(self.root + "/run/systemd/system")
        write(self.root + "/tmp/systemctl", SYSTEMCTL, 0o755)
        shutil.move(self.root + "/tmp/systemctl", self.root + "/usr/bin/systemctl")
        # a container's "start nothing", and man-db's index of every page of the machine
        for name in ("/usr/sbin/policy-rc.d", "/var/lib/man-db/auto-update"):
            if os.path.lexists(self.root + name):
                os.unlink(self.root + name)
        write(self.root + "/etc/dpkg/dpkg.cfg.d/hazewatch-test", "force-unsafe-io\n")
        self.inside("dpkg", "--purge", "hazewatch")

    def path(self, path):
        return self.root + path

    def inside(self, *command, **options):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "TMPDIR": "/tmp"}
        return run("chroot", self.root, *command, env=env, cwd="/", **options)

    def install(self, deb, *options):
        """As README says; what it needs is installed, or the package could not have been built."""
        shutil.copy(deb, self.root + "/tmp/")
        return self.inside("apt-get", "install", "-q", "-y", "--no-install-recommends", *options,
                           f"/tmp/{os.path.basename(deb)}")

    def asked(self):
        """What systemctl was asked since the last look, of the unit and otherwise."""
        path = self.path("/tmp/asked")
        said = read(path).splitlines() if os.path.exists(path) else []
        write(path, "")
        return said

    def leftovers(self):
        """What is in the layer under a name of ours; caches and logs are dpkg's business."""
        upper = os.path.join(self.folder, "upper")
        for folder, folders, names in os.walk(upper):
            for name in folders + names:
                path = os.path.join(folder, name)[len(upper):]
                if "hazewatch" in name and name != "hazewatch-test" and os.path.lexists(self.path(path)) and \
                        not path.startswith(("/var/cache", "/var/log")):
                    yield path


def variant(folder, deb, version, remark):
    """The same package as another version, whose example differs."""
    tree = os.path.join(folder, "tree-" + version)
    must("dpkg-deb", "-R", deb, tree)
    control = read(tree + "/DEBIAN/control")
    write(tree + "/DEBIAN/control", re.sub(r"^Version: .*$", f"Version: {version}", control,
                                           flags=re.MULTILINE))
    write(tree + CONFFILE, read(tree + CONFFILE) + f"# {remark}\n")
    must("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", tree,
         f"{folder}/hazewatch_{version}_all.deb")
    shutil.rmtree(tree)
    return f"{folder}/hazewatch_{version}_all.deb"


def is_there(machine, *paths):
    return [f"{path} is not there" for path in paths if not os.path.exists(machine.path(path))]


def is_gone(machine, *paths):
    return [f"{path} is still there" for path in paths if os.path.lexists(machine.path(path))]


def has(machine, path, text, there=True):
    found = text in read(machine.path(path)) if os.path.exists(machine.path(path)) else not there
    return [] if found == there else [f"{path}: {text}: {'not ' * there}in it"]


def was_asked(asked, word, yes):
    found = [line for line in asked if UNIT in line and re.search(rf"\b{word}\b", line)]
    return [] if bool(found) == yes else [f"{word}: {yes} was expected", *asked]


class Daemon:
    """The installed daemon as the unit would run it."""

    def __init__(self, machine):
        uid, gid = (os.stat(machine.path(STATE)).st_uid, os.stat(machine.path(STATE)).st_gid)
        os.makedirs(machine.path("/run/hazewatch"), exist_ok=True)
        os.chown(machine.path("/run/hazewatch"), uid, gid)
        path = machine.path("/run/hazewatch/notify")
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(path)
        os.chown(path, uid, gid)
        self.path = path
        self.log = open(os.path.join(machine.folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", CONFINED, "sh",
             machine.root, os.path.join(machine.folder, "confined")],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def wait_until_ready(self):
        self.told.settimeout(READY_S)
        try:
            while not self.told.recv(4096).startswith(b"READY=1"):
                pass
            return []
        except TimeoutError:
            return [f"not ready within {READY_S} s", *self.said()]

    def child(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children",
                  encoding="ascii") as file:
            return int(file.read().split()[0])

    def said(self):
        self.log.seek(0)
        return self.log.read().splitlines()

    def stop(self):
        if self.process.poll() is None:
            os.kill(self.child(), signal.SIGTERM)
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        os.unlink(self.path)
        return [] if status == 0 else [f"exit status {status}", *self.said()]


def query(machine, sql):
    base = sqlite3.connect(f"file:{machine.path(STATE)}/state.db?mode=ro", uri=True)
    try:
        return base.execute(sql).fetchone()[0]
    finally:
        base.close()


def make_state(machine):
    """The folder that systemd makes for the unit."""
    path = machine.path(STATE)
    os.makedirs(path, exist_ok=True)
    os.chmod(path, 0o750)
    must("chroot", machine.root, "chown", "-R", "hazewatch:hazewatch", STATE)


def run_daemon(machine):
    """What is wrong if it does not start, write its database, and stop."""
    make_state(machine)
    daemon = Daemon(machine)
    wrong = daemon.wait_until_ready()
    wrong += daemon.stop()
    return wrong + is_there(machine, STATE + "/state.db")


def check_first(tap, machine, deb):
    result = machine.install(deb)
    tap.case("apt installs the package", expect_status(result, 0))
    wrong = is_there(machine, "/usr/sbin/hazewatchd", "/usr/bin/hazewatch", CONFFILE,
                     "/usr/share/man/man8/hazewatchd.8.gz", "/usr/share/doc/hazewatch/examples")
    wrong += expect_status(machine.inside("hazewatch", "check", CONFFILE), 0)
    tap.case("programs, manual and examples are there, and the example is without a mistake", wrong)
    status, said = machine.inside("journalctl", "--list-catalog")
    tap.case("journalctl knows what the lines of the log mean",
             [] if any("hazewatch: The station has started" in line for line in said) else said[-5:])
    status, said = machine.inside("id", "hazewatch")
    tap.case("the user is there, and in the group of the serial lines",
             [] if status == 0 and "(dialout)" in said[0] else said)
    tap.case("a station that nobody has set up is neither enabled nor started",
             was_asked(asked := machine.asked(), "start", False) + was_asked(asked, "enable", False))
    write(machine.path("/tmp/enabled"), "")


def check_old_states(tap, machine):
    newest = max(int(os.path.basename(path)[:4])
                 for path in glob.glob(os.path.join(SOURCE, "storage", "migrations", "state", "*.sql")))
    for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "data", "state-*.sql"))):
        name = os.path.basename(path)
        shutil.rmtree(machine.path(STATE), ignore_errors=True)
        make_state(machine)
        base = sqlite3.connect(machine.path(STATE) + "/state.db")
        base.executescript(read(path))
        base.close()
        wrong = run_daemon(machine)
        after = query(machine, "PRAGMA user_version")
        tap.case(f"the installed daemon opens the database of {name}, and brings it over",
                 wrong + ([] if after == newest else [f"schema {after}, not {newest}"]) +
                 [kept for kept in os.listdir(machine.path(STATE)) if "damaged" in kept])


def check_upgrades(tap, machine, debs):
    machine.asked()
    wrong = expect_status(machine.install(debs[1]), 0)
    tap.case("an upgrade takes the new example where the site has left it alone",
             wrong + has(machine, CONFFILE, "# second"))
    tap.case("an upgrade restarts an enabled station once",
             was_asked(machine.asked(), "restart", True))
    write(machine.path(CONFFILE), STATION)
    tap.case("the installed daemon runs under the unit's restrictions", run_daemon(machine))
    uuid = "SELECT group_concat(value) FROM (SELECT * FROM meta ORDER BY 1)"
    before = query(machine, uuid)
    wrong = expect_status(machine.install(debs[2], "-o", "Dpkg::Options::=--force-confold"), 0)
    wrong += has(machine, CONFFILE, "id: s-1") + has(machine, CONFFILE, "# third", False)
    tap.case("an upgrade leaves a file that the site has changed, and puts the new one beside it",
             wrong + has(machine, CONFFILE + ".dpkg-dist", "# third"))
    wrong = run_daemon(machine)
    tap.case("the database survives an upgrade, and the daemon goes on with it",
             wrong + ([] if query(machine, uuid) == before else ["another database"]))


def check_end(tap, machine, deb):
    machine.asked()
    wrong = expect_status(machine.inside("apt-get", "remove", "-q", "-y", "hazewatch"), 0)
    wrong += is_gone(machine, "/usr/sbin/hazewatchd", "/usr/share/hazewatch", "/lib/systemd/system/"
                     + UNIT)
    tap.case("a removal takes the programs and leaves settings and database",
             wrong + is_there(machine, CONFFILE, STATE + "/state.db"))
    tap.case("a removal stops the daemon", was_asked(machine.asked(), "stop", True))
    wrong = expect_status(machine.install(deb, "-o", "Dpkg::Options::=--force-confold"), 0)
    tap.case("a reinstallation finds settings and database again",
             wrong + has(machine, CONFFILE, "id: s-1") + run_daemon(machine))
    wrong = expect_status(machine.inside("apt-get", "purge", "-q", "-y", "hazewatch"), 0)
    tap.case("a purge leaves nothing", wrong + is_gone(machine, "/etc/hazewatch", STATE) +
             list(machine.leftovers()))
    wrong = expect_status(machine.install(deb), 0)
    tap.case("a package that was purged can be installed anew",
             wrong + is_there(machine, CONFFILE, "/usr/sbin/hazewatchd"))


def check_lintian(tap, deb):
    name = "lintian has no error and no warning"
    if not shutil.which("lintian"):
        tap.skip(name, "lintian is not installed")
        return
    tap.case(name, expect_status(run("lintian", "--allow-root", "--fail-on=error,warning", deb), 0))


def why_not():
    """Why there can be no overlay here, or None."""
    if os.geteuid() != 0:
        return "an overlay needs root"
    status, said = run("unshare", "--mount", "--propagation", "private", "true")
    return None if status == 0 else "no mount namespace: " + " ".join(said)


def check_all(tap, deb):
    with tempfile.TemporaryDirectory(prefix="hazewatch-package-") as folder:
        try:
            machine = Machine(folder)
        except OSError as error:
            tap.skip("the package on a machine", f"no overlay here: {error}")
            return
        try:
            debs = [variant(folder, deb, *each) for each in
                    (("0.0.1", "first"), ("0.0.2", "second"), ("0.0.3", "third"))]
            check_first(tap, machine, debs[0])
            check_upgrades(tap, machine, debs)
            check_end(tap, machine, deb)
            write(machine.path(CONFFILE), STATION)
            check_old_states(tap, machine)
        finally:
            run("umount", "-R", "-l", folder)


def main():
    tap = Tap()
    debs = glob.glob(os.path.join(FOLDER, "hazewatch_*.deb"))
    if not debs:
        tap.skip("the package on a machine", "systemd/package.sh has not made one")
        tap.done()
    if INSIDE not in os.environ and not why_not():
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable,
                              *(["-B"] if sys.dont_write_bytecode else []), *sys.argv])
    tap.case("there is one package to look at", debs if len(debs) > 1 else [])
    check_lintian(tap, debs[0])
    if why_not():
        tap.skip("the package on a machine", why_not())
    else:
        check_all(tap, debs[0])
    tap.done()


if __name__ == "__main__":
    main()
