# SPDX-License-Identifier: MIT
"""every_thread_test.py COMMAND...: connects, and looks at which threads have accepted and serve."""

import re
import subprocess

import program

# The system divides by chance: that one of four threads has none of so many does not happen.
CONNECTIONS = 100


class EveryThread(program.Server):
    def ask(self):
        with self.connect() as connection:
            text = connection.makefile().read()
        answer = re.fullmatch(r"accepted on (any thread|thread \d), served on (any thread|thread \d)\n", text)
        self.assertIsNotNone(answer, text)
        return answer.groups()

    def test_every_thread_accepts_and_serves(self):
        self.start("threads", stdin=subprocess.PIPE)
        answers = [self.ask() for _ in range(CONNECTIONS)]
        self.program.stdin.close()
        counts = re.findall(r"listener \d has accepted (\d+)\n", self.program.stderr.read())
        self.assertEqual(self.program.wait(program.SECONDS), 0)
        self.assertEqual(sum(map(int, counts)), CONNECTIONS)
        accepted = {accepted for accepted, _ in answers}
        served = {served for _, served in answers}
        if accepted == {"any thread"}:
            # Where threads are not told apart, one listener serves with all of them.
            self.assertEqual(len(counts), 1)
            return
        threads = {f"thread {number}" for number in range(4)}
        self.assertEqual(accepted, threads)
        self.assertEqual(served, threads)
        self.assertEqual(len(counts), 4)
        self.assertNotIn("0", counts)


program.main()
