# SPDX-License-Identifier: MIT
"""The machine and the versions that the figures are of."""

import os
import pathlib
import platform
import subprocess

import wine
from catalogue import PROJECT


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        return ""


def version_of_package(name):
    return output_of("pkg-config", "--modversion", name)


def asio_version():
    header = pathlib.Path("/usr/include/asio/version.hpp")
    if header.exists():
        for line in header.read_text(encoding="utf-8").splitlines():
            if line.startswith("#define ASIO_VERSION "):
                number = int(line.split()[2])
                return f"{number // 100000}.{number // 100 % 1000}.{number % 100}"
    return ""


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def system():
    for line in pathlib.Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return platform.system()


def memory_gib():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def facts():
    """Pairs of a name and a value, those that could be found out."""
    hypervisor = output_of("systemd-detect-virt")
    pairs = [
        ("processor", f"{processor()}, {len(os.sched_getaffinity(0))} cores"),
        ("memory", f"{memory_gib():.0f} GiB"),
        ("virtualization", "" if hypervisor in ("", "none") else hypervisor),
        ("system", f"{system()}, Linux {platform.release()}"),
        ("compiler", output_of("g++", "--version").partition("\n")[0]),
        ("async_socket", output_of("git", "-C", str(PROJECT), "rev-parse", "--short", "HEAD")),
        ("liburing", version_of_package("liburing")),
        ("Asio", asio_version()),
        ("libuv", version_of_package("libuv")),
        ("libevent", version_of_package("libevent_core")),
        ("Wine", wine.version()),
    ]
    return [(name, value) for name, value in pairs if value]
