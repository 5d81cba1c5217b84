# SPDX-License-Identifier: MIT
"""lossy_link.py NAME NAME: a network cable that is late, loses packets and lets some overtake others.

For kernels without netem. Makes two TUN devices in the network namespace that it runs in, from which they may be moved
to others, and carries packets between them. Ends with its standard input, and then prints how many packets there were,
how many were lost and how many were held back.
"""

import errno
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

DELAY_SECONDS = 0.004
HELD_BACK_SECONDS = 0.004  # more, which is longer than it takes the next ones to follow
LOST, HELD_BACK = 0.01, 0.03
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x1, 0x1000
SEED = 1


def open_device(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def main():
    left, right = (open_device(name) for name in sys.argv[1:])
    others = {left: right, right: left}
    chance = random.Random(SEED)
    on_the_way = []  # when it is due, a number that keeps the order, where to, what
    number = lost = held_back = 0
    print("ready", flush=True)
    poll = select.poll()
    for source in (left, right, sys.stdin.fileno()):
        poll.register(source, select.POLLIN)
    while True:
        wait = max(0.0, on_the_way[0][0] - time.monotonic()) * 1000 if on_the_way else None
        for source, _ in poll.poll(wait):
            if source not in others:
                print(f"{number} packets, {lost} lost, {held_back} held back", flush=True)
                return
            try:
                packet = os.read(source, 65536)
            except OSError as error:
                if error.errno in (errno.EAGAIN, errno.EIO, errno.EBADFD):
                    continue
                raise
            number += 1
            dice = chance.random()
            if dice < LOST:
                lost += 1
                continue
            due = time.monotonic() + DELAY_SECONDS
            if dice > 1 - HELD_BACK:
                held_back += 1
                due += HELD_BACK_SECONDS
            heapq.heappush(on_the_way, (due, number, others[source], packet))
        while on_the_way and on_the_way[0][0] <= time.monotonic():
            _, _, target, packet = heapq.heappop(on_the_way)
            try:
                os.write(target, packet)
            except OSError:
                pass  # the other end is not up yet, or is full: a cable loses that, too


if __name__ == "__main__":
    main()
