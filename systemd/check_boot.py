#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Debian package under a real systemd: one is started as the first process of namespaces of its own,
over a copy of this machine's files (an overlay), and told to install, start, reload, upgrade and remove.
It sees no device, no network and no process of this machine, and cannot set its clock.

usage: check_boot.py FOLDER-OF-THE-DEB SOURCE-ROOT
"""
import contextlib
import glob
import json
import os
import re
import shutil
import subprocess
import tempfile
import time

from check_package import CONFFILE, FOLDER, STATE, STATION, UNIT, read, variant, why_not, write
from tap import Tap, expect_status, run

PATIENCE_S = 60
GROUP = f"/sys/fs/cgroup/system.slice/{UNIT}"
NO_DEVICE = "/dev/hazewatch-test"
EX_CONFIG = 78
# What the first process must not do to the machine, and what its children need not.
DROPPED = ",".join("-" + name for name in ("sys_time", "sys_boot", "sys_module", "sys_rawio", "mac_admin",
                                           "mac_override", "syslog", "wake_alarm"))
UNSHARE = ("unshare", "--cgroup", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child",
           "--propagation", "private")

TARGET = """[Unit]
Wants=systemd-journald.service
After=systemd-journald.service
"""

# A root of its own, as a container has it; nothing of /proc/sys and /sys can be written. Of what this
# machine starts at boot nothing is wanted.
BOOT = """set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
for name in run dev; do mount -t tmpfs -o mode=755 tmpfs $name; done
mount -t tmpfs -o mode=1777 tmpfs tmp
for name in null zero full random urandom tty; do
	touch dev/$name
	mount --bind /dev/$name dev/$name
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
rm -rf etc/systemd/system/*.wants lib/systemd/system/sysinit.target.wants lib/systemd/system/local-fs.target.wants
rm -f usr/sbin/policy-rc.d var/lib/man-db/auto-update etc/machine-id
rm -rf etc/hazewatch var/lib/hazewatch
: >etc/fstab
echo uninitialized >etc/machine-id
echo force-unsafe-io >etc/dpkg/dpkg.cfg.d/hazewatch-test
cp "$2" etc/systemd/system/booted.target
pivot_root . mnt
exec chroot . sh -c 'umount -l /mnt && exec setpriv --inh-caps=-all --bounding-set="$0" \\
	env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
	/lib/systemd/systemd --unit=booted.target --log-target=journal --show-status=no' "$3"
"""


UUID = """import sqlite3, sys
base = sqlite3.connect(f"file:{sys.argv[1]}/state.db?mode=ro", uri=True)
print(base.execute("SELECT value FROM meta WHERE key = 'uuid'").fetchone()[0])
"""


def wait_for(condition):
    """The first true value, or the last other one."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return value


class Group:
    """A control group below this program's own, where the other systemd makes its groups."""

    def __init__(self):
        with open("/proc/self/mounts", encoding="utf-8") as file:
            top = [line.split()[1] for line in file if line.split()[2] == "cgroup2"]
        own = re.search(r"^0::(.*)$", read("/proc/self/cgroup"), re.MULTILINE)
        if not top or not own:
            raise OSError("no control groups of version 2")
        self.path = os.path.join(top[0] + own[1], f"hazewatch-test-{os.getpid()}")
        os.mkdir(self.path)

    def remove(self):
        for folder, folders, _ in os.walk(self.path, topdown=False):
            for name in folders:
                os.rmdir(os.path.join(folder, name))
        os.rmdir(self.path)


class System:
    """The other systemd."""

    def __init__(self, folder):
        self.group = Group()
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8")
        write(os.path.join(folder, "target"), TARGET)
        os.mkdir(os.path.join(folder, "machine"))
        self.process = subprocess.Popen(
            ["sh", "-c", 'echo $$ >"$0/cgroup.procs" && exec "$@"', self.group.path, *UNSHARE, "sh", "-c", BOOT,
             "sh", os.path.join(folder, "machine"), os.path.join(folder, "target"), DROPPED],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.first = wait_for(lambda: self.process.poll() is not None or self.child())

    def child(self):
        with contextlib.suppress(OSError, IndexError), \
                open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as file:
            pid = int(file.read().split()[0])
            if read(f"/proc/{pid}/comm") == "systemd\n":
                return pid
        return None

    def path(self, path):
        return f"/proc/{self.first}/root{path}"

    def run(self, *command):
        try:
            return run("nsenter", "--target", self.first, "--all", "--", "env", "-i", "LC_ALL=C.UTF-8",
                       "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", *command)
        except subprocess.TimeoutExpired as error:
            return -1, [str(error)]

    def is_up(self):
        return self.process.poll() is None and self.run("systemctl", "is-active", "booted.target")[1] == ["active"]

    def show(self, name):
        said = self.run("systemctl", "show", "--property", name, "--value", UNIT)[1]
        return said[0] if said else ""

    def pid(self):
        return int(self.show("MainPID") or 0)

    def journal(self, *options):
        return self.run("journalctl", "--quiet", "--no-pager", "--unit", UNIT, *options)[1]

    def install(self, deb):
        shutil.copy(deb, self.path("/tmp/"))
        return self.run("dpkg", "--force-confold", "--install", f"/tmp/{os.path.basename(deb)}")

    def status_of(self, pid):
        """Fields of /proc/PID/status, in there."""
        said = self.run("cat", f"/proc/{pid}/status")[1]
        return dict(line.split(":\t", 1) for line in said if ":\t" in line)

    def uuid(self):
        return self.run("/usr/bin/python3", "-c", UUID, STATE)[1]

    def said(self):
        self.log.seek(0)
        return self.log.read().splitlines()

    def end(self):
        self.process.kill()  # and with it, by --kill-child, the first process and all others
        self.process.wait()
        wait_for(lambda: "populated 0" in read(os.path.join(self.group.path, "cgroup.events")))
        self.group.remove()


def check_start(tap, system, deb):
    wrong = expect_status(system.install(deb), 0)
    wrong += [f"{word} was expected" for word in ("inactive", "disabled") if word not in
              system.run("systemctl", "is-active", UNIT)[1] + system.run("systemctl", "is-enabled", UNIT)[1]]
    tap.case("the package is installed beside a real systemd, and starts nothing", wrong)
    write(system.path(CONFFILE), STATION)
    wrong = expect_status(system.run("systemctl", "enable", "--now", UNIT), 0)
    tap.case("systemd starts the daemon and hears from it that it is ready",
             wrong + ([] if system.show("ActiveState") == "active" else [system.show("ActiveState")]) +
             ([] if wait_for(lambda: "clock trusted" in system.show("StatusText")) else [system.show("StatusText")]) +
             (system.journal()[-20:] if wrong else []))


def check_confined(tap, system):
    status = system.status_of(system.pid())
    wrong = [f"{key} is {status.get(key)}" for key, value in
             (("NoNewPrivs", "1"), ("Seccomp", "2"), ("CapBnd", "0" * 16), ("CapEff", "0" * 16), ("Umask", "0077"))
             if status.get(key) != value]
    wrong += [f"{key}: root" for key in ("Uid", "Gid") if "0" in status[key].split()]
    mounts = [line.split() for line in system.run("cat", f"/proc/{system.pid()}/mountinfo")[1]]
    options = {line[4]: line[5].split(",")[0] for line in mounts}
    wrong += [f"{path}: {options.get(path)}" for path, way in (("/", "ro"), (STATE, "rw"), ("/run/hazewatch", "rw"))
              if options.get(path) != way]
    tap.case("it runs as its user, without privilege, its calls filtered, the files read-only but its own", wrong)
    found = oct(os.stat(system.path(STATE)).st_mode & 0o777)
    tap.case("its folder is open to its group only", [] if found == "0o750" else [found])


def held_to(system, name):
    """What the kernel holds the unit's group to; None: it does not."""
    status, said = system.run("cat", f"{GROUP}/{name}")
    return said[0] if status == 0 and said else None


def check_limits(tap, system):
    """What the unit says of memory and tasks, as far as this kernel's control groups hold it to that."""
    _, said = system.run("cat", "/sys/fs/cgroup/cgroup.controllers")
    here = " ".join(said).split()
    for controller, name, limits in (("memory", "MemoryHigh= and MemoryMax=",
                                      {"memory.high": 96 << 20, "memory.max": 128 << 20}),
                                     ("pids", "TasksMax=", {"pids.max": 96})):
        case = f"the kernel holds it to {name}"
        if controller not in here:
            tap.skip(case, f"no {controller} controller among the control groups of version 2 here ({' '.join(here) or 'none'})")
            continue
        tap.case(case, [f"{each}: {held_to(system, each)}" for each, limit in limits.items()
                        if held_to(system, each) != str(limit)])


def check_devices(tap, system):
    """A device that nobody has: of who may open it the kernel says that, of others that they may not."""
    case = "DevicePolicy= keeps it from every device but serial lines and the harmless ones"
    script = 'echo $$ >"$0/cgroup.procs" && exec head -c 1 "$1"'
    wrong = expect_status(system.run("mknod", NO_DEVICE, "c", "1", "250"), 0)
    free, inside, null = (" ".join(system.run("sh", "-c", script, group, path)[1]) for group, path in
                          (("/sys/fs/cgroup", NO_DEVICE), (GROUP, NO_DEVICE), (GROUP, "/dev/null")))
    wrong += [] if system.show("DevicePolicy") == "closed" else [system.show("DevicePolicy")]
    if not wrong and "No such device" in inside and "No such device" in free:
        tap.skip(case, "systemd cannot have the kernel hold devices back here (BPF)")
        return
    wrong += [f"free: {free}"] if "No such device" not in free else []
    wrong += [f"inside: {inside}"] if "not permitted" not in inside else []
    tap.case(case, wrong + ([null] if null else []))


def check_readers(tap, system):
    def ask(*groups):
        said = system.run("setpriv", "--reuid", "nobody", "--regid", "nogroup", *groups,
                          "hazewatch", "status", "--json", "--config", CONFFILE)[1]
        with contextlib.suppress(IndexError, ValueError):
            return json.loads(said[0])["daemon"] is not None, said
        return False, said
    member, stranger = ask("--groups", "hazewatch"), ask("--clear-groups")
    tap.case("a member of the group asks the daemon how it is, a stranger may not",
             [str(each) for each, yes in ((member, True), (stranger, False)) if each[0] != yes])


def check_life(tap, system):
    before = system.pid()
    wrong = expect_status(system.run("systemctl", "reload", UNIT), 0)
    wrong += [] if wait_for(lambda: sum(": started, version" in line for line in system.journal()) == 2) else \
        system.journal()
    tap.case("a reload is taken over in the same process",
             wrong + ([] if system.pid() == before else [f"{before}, then {system.pid()}"]))
    system.run("kill", "-KILL", before)
    after = wait_for(lambda: system.show("ActiveState") == "active" and system.pid() not in (0, before))
    tap.case("one that was killed is started again", [] if after else system.journal()[-10:])
    said = system.journal("--catalog")
    tap.case("the journal explains the lines of the log",
             [] if any("The station has started" in line for line in said) else said[-20:])


def check_upgrade(tap, system, deb):
    before, uuid = system.pid(), system.uuid()
    wrong = expect_status(system.install(deb), 0)
    after = wait_for(lambda: system.show("ActiveState") == "active" and system.pid() not in (0, before))
    wrong += [] if after else system.journal()[-10:]
    wrong += [] if read(system.path(CONFFILE)) == STATION else ["another configuration"]
    tap.case("an upgrade restarts the station, which goes on with its file and its database",
             wrong + ([] if system.uuid() == uuid else ["another database"]))


def check_mistake(tap, system):
    write(system.path(CONFFILE), STATION + "sensor: []\n")
    status = system.run("systemctl", "restart", UNIT)[0]
    ended = wait_for(lambda: system.show("ActiveState") == "failed")
    wrong = [] if status and ended else [f"{status}", system.show("ActiveState")]
    wrong += [] if system.show("ExecMainStatus") == str(EX_CONFIG) else [system.show("ExecMainStatus")]
    time.sleep(6)  # RestartSec= is 5
    count = sum("unknown key sensor" in line for line in system.journal())
    tap.case("a mistake in the file is told once, and the daemon is not started again",
             wrong + ([] if count == 1 and system.show("ActiveState") == "failed" else system.journal()[-10:]))
    write(system.path(CONFFILE), STATION)
    tap.case("once it is mended the station starts", expect_status(system.run("systemctl", "restart", UNIT), 0))


def check_removal(tap, system):
    pid = system.pid()
    wrong = expect_status(system.run("dpkg", "--remove", "hazewatch"), 0)
    wrong += [f"{pid} still runs"] if pid == 0 or system.run("kill", "-0", pid)[0] == 0 else []
    tap.case("a removal stops the daemon and leaves its database",
             wrong + ([] if os.path.exists(system.path(STATE + "/state.db")) else ["it is gone"]))


def check_all(tap, deb):
    with tempfile.TemporaryDirectory(prefix="hazewatch-boot-") as folder:
        try:
            system = System(folder)
        except OSError as error:
            tap.skip("the package under systemd", f"no control group here: {error}")
            return
        try:
            if not wait_for(lambda: system.first is True or system.is_up()) or system.first is True:
                tap.skip("the package under systemd", " ".join(["it did not start here:", *system.said()[-3:]]))
                return
            newer = variant(folder, deb, "9.0.0", "newer")
            check_start(tap, system, deb)
            check_confined(tap, system)
            check_limits(tap, system)
            check_devices(tap, system)
            check_readers(tap, system)
            check_life(tap, system)
            check_upgrade(tap, system, newer)
            check_mistake(tap, system)
            check_removal(tap, system)
        finally:
            system.end()


def main():
    tap = Tap()
    debs = glob.glob(os.path.join(FOLDER, "hazewatch_*.deb"))
    reason = "systemd/package.sh has not made one" if not debs else why_not()
    if reason is None and not os.path.exists("/lib/systemd/systemd"):
        reason = "systemd is not installed"
    if reason:
        tap.skip("the package under systemd", reason)
    else:
        check_all(tap, debs[0])
    tap.done()


if __name__ == "__main__":
    main()
