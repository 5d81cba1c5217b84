# SPDX-License-Identifier: MIT
"""A benchmark of several workers fails where a server uses fewer."""

import os
import pathlib
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "bench" / "harness"))

import thread_times  # noqa: E402


class ThreadTimes(unittest.TestCase):
    def test_reads_the_time_of_each_thread(self):
        with tempfile.TemporaryDirectory() as directory:
            proc = pathlib.Path(directory)
            for thread, text in {7: "1000 20 3\n", 8: "5 0 1\n"}.items():
                task = proc / "7" / "task" / str(thread)
                task.mkdir(parents=True)
                (task / "schedstat").write_text(text, encoding="ascii")
            (proc / "7" / "task" / "9").mkdir()  # has ended
            self.assertEqual(thread_times.thread_times(7, proc), {7: 1000, 8: 5})

    def test_sees_which_thread_of_this_process_works(self):
        release = threading.Event()
        idle = threading.Thread(target=release.wait)
        idle.start()
        before = thread_times.thread_times(os.getpid())
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        parts = thread_times.shares(before, thread_times.thread_times(os.getpid()))
        release.set()
        idle.join()
        self.assertGreater(parts[0], 0.9)

    def test_shares_are_of_what_was_used_meanwhile(self):
        self.assertEqual(thread_times.shares({1: 100, 2: 50}, {1: 130, 2: 50, 3: 10}), [0.75, 0.25])

    def test_workers_that_share_the_load_pass(self):
        thread_times.require_workers("ours", 4, [0.3, 0.28, 0.22, 0.2])
        thread_times.require_workers("ours", 1, [1.0])
        thread_times.require_workers("ours", 2, [0.6, 0.39, 0.01])

    def test_one_worker_that_does_it_all_fails(self):
        with self.assertRaises(thread_times.UnusedWorkers) as failure:
            thread_times.require_workers("ours", 4, [0.98, 0.01, 0.01])
        self.assertEqual(str(failure.exception), "ours was asked for 4 workers and has used 1 (98% : 1% : 1%)")

    def test_a_worker_without_a_fair_part_fails(self):
        with self.assertRaises(thread_times.UnusedWorkers):
            thread_times.require_workers("ours", 4, [0.4, 0.3, 0.27, 0.03])


if __name__ == "__main__":
    unittest.main()
