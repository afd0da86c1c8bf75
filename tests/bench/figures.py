# SPDX-License-Identifier: MIT
"""What the benchmarks of the daemon share: the fast slave, and what /proc says of a process."""
import os
import signal
import sys
import time

INTEGRATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration")
sys.path.append(INTEGRATION)
import harness  # noqa: E402 pylint: disable=wrong-import-position
import runner   # noqa: E402 pylint: disable=wrong-import-position

KIB = 1024


def in_a_world(function, *arguments):
    """Calls it with a World of its own; says what the processes said last if that fails."""
    with runner.signals_interrupt(), harness.World() as world:
        try:
            return function(world, *arguments)
        except AssertionError:
            print("\n".join(world.tell()))
            raise


class Slave(harness.Process):
    """bench_slave: see there for what it prints."""

    def __init__(self, world, program, period_ms, change_ms=0):
        self.port = harness.free_port()
        super().__init__(world, "slave", [os.path.abspath(program), str(self.port),
                                          str(round(period_ms)), str(round(change_ms))])

    def start(self):
        self.launch()
        harness.wait_for("the slave's port", lambda: harness.is_open(self.port), watched=[self])
        return self

    def tally(self):
        """Requests, registers, and the polls' lateness (median, p99, max) since the last time."""
        before = len(self.log())
        self.signal(signal.SIGUSR1)
        harness.wait_for("the slave's count", lambda: self.log()[before:].endswith("\n"))
        return [float(each) for each in self.log()[before:].split()]


def processor_s(process):
    """User and system time of a process in seconds, to the nanosecond: its CPUCLOCK_SCHED."""
    return time.clock_gettime(~process.pid << 3 | 2)


def memory_kib(process):
    """What /proc/PID/status says in kB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return {line.split(":")[0]: int(line.split()[1]) for line in file if " kB" in line}


def watch(processes, seconds, look_s=1, tell_s=10):
    """Lets so many seconds pass; the largest RssAnon of the first process meanwhile, in KiB."""
    began, told, most = time.monotonic(), 0, 0
    while True:
        left = began + seconds - time.monotonic()
        for process in processes:
            assert process.runs(), f"{process.name} ended"
        most = max(most, memory_kib(processes[0])["RssAnon"])
        if left <= 0:
            return most
        if seconds - left - told >= tell_s:
            told += tell_s
            print(f"# {left:.0f} s to go", flush=True)
        time.sleep(min(look_s, left))
