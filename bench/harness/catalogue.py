# SPDX-License-Identifier: MIT
"""What is measured: the servers, the loads, the placements, and which of them go together."""

import dataclasses
import pathlib

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
BASE = "raw epoll"


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    program: str
    variant: str = ""
    what: str = ""
    most_workers: int = 1 << 10
    # Of the buffer that each connection has for itself, beside what the library needs for it.
    own_buffer: int = 65536
    windows: bool = False
    ours: bool = False
    is_raw: bool = False

    @property
    def is_library(self):
        return not self.ours and not self.is_raw

    def command(self, binaries, workers=1, sink=False):
        if self.windows:
            directory = binaries.parent / "bench-windows"
            command = [str(PROJECT / "cmake" / "run-wine.sh"), str(directory / "wine")]
            command += [str(directory / "bench" / "windows" / f"{self.program}.exe")]
        else:
            command = [str(binaries / "bench" / "servers" / f"bench_{self.program}")]
        command += ["--workers", str(workers)]
        if self.variant:
            command += ["--variant", self.variant]
        if sink:
            command.append("--sink")
        return command


SERVERS = [
    Server(BASE, "raw_epoll", "shared", own_buffer=0, is_raw=True, what="edge-triggered; one buffer for each thread"),
    Server("raw epoll, own buffers", "raw_epoll", "own", is_raw=True, what="the same; a buffer for each connection"),
    Server("raw io_uring", "raw_io_uring", most_workers=1, is_raw=True, what="one thread, liburing, receive and send through the ring"),
    Server("C API, io_uring", "async_socket_c", "io_uring", ours=True, what="this library"),
    Server("C API, epoll", "async_socket_c", "epoll", ours=True, what="this library"),
    Server("coroutines, io_uring", "async_socket_cpp", "io_uring", ours=True, what="this library's C++ layer"),
    Server("coroutines, epoll", "async_socket_cpp", "epoll", ours=True, what="this library's C++ layer"),
    Server("Asio, own contexts", "asio", "own", what="callbacks; a context for each thread; epoll"),
    Server("Asio, shared context", "asio", "shared", what="callbacks; one context, run by all threads; epoll"),
    Server("Asio, io_uring", "asio_io_uring", "own", what="callbacks; a context for each thread; io_uring"),
    Server("libuv, uv_write", "libuv", "uv_write", own_buffer=0, what="a loop for each thread"),
    Server("libuv, uv_try_write", "libuv", "uv_try_write", own_buffer=0, what="the same; uv_try_write first"),
    Server("libevent", "libevent", own_buffer=0, what="plain events; a base for each thread"),
    Server("threads", "threads", own_buffer=0, is_raw=True, what="blocking calls; a thread for each connection, the buffer on its stack"),
]


LITERAL = "literal"

# Under Wine; the first one is what the others are compared with.
WINDOWS_SERVERS = [
    Server(LITERAL, "echo_literal", windows=True, what="the contract written out on Win32: an allocation and an event for each operation"),
    Server("C API", "echo_ours", windows=True, ours=True, what="this library"),
    Server("C API, reuse", "echo_ours", "reuse", windows=True, ours=True, what="this library, operations reused"),
    Server("IOCP", "echo_iocp", windows=True, what="a completion port with nothing in between"),
    Server("Asio", "echo_asio", "shared", windows=True, what="callbacks; a completion port"),
    Server("threads", "echo_threads", windows=True, what="blocking calls; a thread for each connection"),
]


@dataclasses.dataclass(frozen=True)
class Load:
    name: str
    kind: str = "echo"
    connections: int = 1
    busy: int = 0
    size: int = 64
    unit: str = "message"

    @property
    def sink(self):
        return self.kind == "stream"

    def arguments(self):
        return [
            self.kind,
            *("--connections", str(self.connections)),
            *(("--busy", str(self.busy)) if self.busy else ()),
            *("--size", str(self.size)),
        ]


LOADS = [
    Load("1x64B"),
    Load("64x64B", connections=64),
    Load("1000x64B", connections=1000),
    Load("64x4KiB", connections=64, size=4096),
    Load("16x64KiB", connections=16, size=65536),
    Load("stream", "stream", connections=4, size=1 << 20, unit="MiB"),
    Load("churn", "churn", connections=16, unit="connection"),
    Load("10000-idle", connections=10000, busy=100),
]

ONE_CORE, TWO_CORES, UNPINNED = "one core", "a core each", "unpinned"
PLACEMENTS = [ONE_CORE, TWO_CORES, UNPINNED]

# Everything on one core, which is the steadiest; the others where they differ from it.
COMBINATIONS = [(load.name, ONE_CORE) for load in LOADS] + [
    ("1x64B", TWO_CORES),
    ("64x64B", TWO_CORES),
    ("64x64B", UNPINNED),
]


WINDOWS_LOAD = Load("32x64B", connections=32)
WINE = "one core, Wine"

# System calls and allocations are counted under these.
COUNTED_LOADS = ["1x64B", "64x64B", "1000x64B", "churn"]
WAITING_LOAD = "1000x64B"

# How cost grows with the number of connections, on one core, and with that of workers, unpinned.
SCALED_SERVERS = [
    BASE,
    "raw io_uring",
    "C API, io_uring",
    "C API, epoll",
    "Asio, own contexts",
    "libuv, uv_try_write",
    "libevent",
]
SCALED_CONNECTIONS = [1, 10, 100, 1000, 10000]
SCALED_WORKERS = [1, 2, 4]


def server_named(name):
    return next(server for server in SERVERS if server.name == name)


def load_named(name):
    return next(load for load in LOADS if load.name == name)
