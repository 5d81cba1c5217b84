# SPDX-License-Identifier: MIT
"""What does not depend on how fast the machine is: system calls and allocations of a message, memory of a connection."""

import os
import pathlib
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import time

from catalogue import ONE_CORE
from processes import PATIENCE_SECONDS, Failure, RunningLoad, RunningServer, cores, measured

PERF_EVENT = "raw_syscalls:sys_enter"


class PerfCounter:
    """Counts with the kernel's tracepoint, which leaves the pace of the server nearly as it is."""

    def __init__(self, pid, output):
        self.output = output
        read_command, self.command = os.pipe()
        self.answer, write_answer = os.pipe()
        self.process = subprocess.Popen(
            ["perf", "stat", "-x", ",", "-e", PERF_EVENT, "-D", "-1", "--control", f"fd:{read_command},{write_answer}"]
            + ["-p", str(pid), "-o", output],
            pass_fds=(read_command, write_answer),
            stderr=subprocess.DEVNULL,
        )
        os.close(read_command)
        os.close(write_answer)
        self._tell("enable")

    def _tell(self, what):
        os.write(self.command, f"{what}\n".encode())
        ready, _, _ = select.select([self.answer], [], [], PATIENCE_SECONDS)
        if not ready or not os.read(self.answer, 16):
            raise Failure("perf does not answer")

    def finish(self):
        self._tell("disable")
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        os.close(self.command)
        os.close(self.answer)
        for line in pathlib.Path(self.output).read_text(encoding="utf-8").splitlines():
            if PERF_EVENT in line:
                count = line.split(",")[0]
                return int(count) if count.isdigit() else 0
        raise Failure("perf has counted nothing")


class StraceCounter:
    """Stops the server at each call: the count is exact, the pace is not."""

    def __init__(self, pid, output):
        self.output = output
        self.process = subprocess.Popen(
            ["strace", "-f", "-c", "-p", str(pid), "-o", output], stderr=subprocess.PIPE, text=True
        )
        if "attached" not in self.process.stderr.readline():
            raise Failure("strace does not attach")

    def finish(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate()
        for line in pathlib.Path(self.output).read_text(encoding="utf-8").splitlines():
            fields = line.split()
            if fields and fields[-1] == "total":
                return int(fields[3])
        raise Failure("strace has counted nothing")


def counter_class():
    """None where neither perf nor strace may count here."""

    def works(command):
        return (
            shutil.which(command[0]) is not None
            and subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )

    if works(["perf", "stat", "-e", PERF_EVENT, "true"]):
        return PerfCounter
    if works(["strace", "-f", "-c", "-o", os.devnull, "true"]):
        return StraceCounter
    return None


def preload(binaries, file):
    return {
        "LD_PRELOAD": str(binaries / "bench" / "allocations" / "libbench_allocations.so"),
        "BENCH_ALLOCATIONS": file,
    }


def per_message(server, load, binaries, seconds, counter):
    """System calls and allocations of a message; None for what could not be counted."""
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "allocations")
        command = server.command(binaries, 1, load.sink)
        program = binaries / "bench" / "load" / "bench_load"
        with measured(program, command, load, ONE_CORE, preload(binaries, file), file) as (process, generator):
            with process.running():
                generator.run(seconds)  # what is allocated once
                counting = counter(process.process.pid, os.path.join(directory, "calls")) if counter else None
                slice_ = generator.run(seconds)
                calls = counting.finish() / slice_["exchanged"] if counting else None
            return calls, slice_["allocations"] / slice_["exchanged"]


def allocated_bytes(file):
    with open(file, "rb") as counts:
        return struct.unpack("QQ", counts.read(16))[1]


def kernel_bytes():
    """What the kernel has allocated for itself."""
    with open("/proc/meminfo", encoding="ascii") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Slab:"))


def per_connection(server, load, binaries, workers=1):
    """Heap bytes beside the buffer, and resident bytes, of a connection that waits for a message; and what the kernel
    has allocated for it, both ends together, where that is enough to be seen."""
    settle = 0.1
    slab = kernel_bytes()
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "allocations")
        server_cores, load_cores = cores(ONE_CORE)
        running = RunningServer(server.command(binaries, workers, load.sink), server_cores, preload(binaries, file))
        try:
            time.sleep(settle)
            heap, resident = allocated_bytes(file), running.resident_bytes()
            generator = RunningLoad(binaries / "bench" / "load" / "bench_load", load, running, load_cores)
            try:
                time.sleep(settle)
                count = load.connections
                return (
                    (allocated_bytes(file) - heap) / count - server.own_buffer,
                    (running.resident_bytes() - resident) / count,
                    (kernel_bytes() - slab) / count,
                )
            finally:
                generator.end()
        finally:
            running.end()
