# SPDX-License-Identifier: MIT
"""A database server, its clients and their transactions."""

import os
import pwd
import re
import signal

from case import RealTest
from programs import find, run, serve, succeeds, wait_until

PROGRAMS = ["initdb", "postgres", "pg_isready", "pgbench", "psql"]
SECONDS = 20


def not_as_root():
    """What runs a program as somebody whom the server accepts."""
    if os.getuid() != 0:
        return []
    for name in "postgres", "nobody":
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        # No other groups: the user has none that matter here.
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]
    raise AssertionError("there is no user for the server")


class PostgresqlCases(RealTest):
    def setUp(self):
        prefix = not_as_root()
        data = self.path("data")
        os.mkdir(data)
        if prefix:
            os.chmod(self.directory, 0o755)
            user = prefix[1].partition("=")[2], prefix[2].partition("=")[2]
            os.chown(data, *map(int, user))
        run([find("initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], prefix)

        def command(port):
            settings = {
                "listen_addresses": "127.0.0.1",
                "port": port,
                "unix_socket_directories": "",
                "fsync": "off",
                "shared_buffers": "32MB",
                "dynamic_shared_memory_type": "mmap",
            }
            options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            return [find("postgres"), "-D", data, *options]

        self.server, self.port = serve(self, "postgresql", command, prefix=prefix, stop_signal=signal.SIGINT)
        # It listens before it answers.
        question = [find("pg_isready"), "-h", "127.0.0.1", "-p", self.port, "-q"]
        wait_until(lambda: self.server.ended() or succeeds(question), "the server is ready")
        self.proxy = self.relay(self.port)
        self.at = ["-h", "127.0.0.1", "-p", self.proxy.port, "-U", "bench"]

    def test_pgbench(self):
        with self.measured(self.proxy, f"PostgreSQL + pgbench, 8 clients for {SECONDS} s") as row:
            # The tables are filled through the relay, too. It is not told to end before the server is ready for it.
            run([find("pgbench"), *self.at, "--initialize", "--scale=2", "--quiet", "postgres"])
            out, _ = run([find("pgbench"), *self.at, "--client=8", "--jobs=2", f"--time={SECONDS}", "--no-vacuum", "postgres"])
            done = int(re.search(r"^number of transactions actually processed: (\d+)", out, re.MULTILINE)[1])
            row.work = f"{done} transactions"
            row.errors = int(re.search(r"^number of failed transactions: (\d+) ", out, re.MULTILINE)[1])
            self.assertEqual(row.errors, 0, out)
            self.assertGreater(done, 0, out)
            # Each transaction has left its row.
            rows, _ = run([find("psql"), *self.at, "-XAt", "-c", "select count(*) from pgbench_history", "postgres"])
            self.assertEqual(int(rows), done)
        self.proxy.finish()

    def test_a_connection_for_each_transaction(self):
        clients, each = 8, 50
        with self.measured(self.proxy, "PostgreSQL + pgbench, a connection for each transaction") as row:
            run([find("pgbench"), *self.at, "--initialize", "--quiet", "postgres"])
            options = [f"--client={clients}", f"--transactions={each}", "--connect", "--select-only", "--no-vacuum"]
            out, _ = run([find("pgbench"), *self.at, *options, "postgres"])
            row.work = f"{clients * each} transactions"
            self.assertIn(f"number of transactions actually processed: {clients * each}/{clients * each}\n", out)
            self.assertRegex(out, r"number of failed transactions: 0 ")
        self.proxy.finish()
