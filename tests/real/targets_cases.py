# SPDX-License-Identifier: MIT
"""Targets that are not there, and targets that fail."""

import socket
import struct
import threading

from case import RealTest
from nginx import Nginx
from programs import CURL, LIMIT_SECONDS, Program, free_port, listens, run, wait_until

PROGRAMS = ["nginx", "curl"]
REFUSED, EMPTY, RESET = 7, 52, 56  # how curl ends
PROMISED, SENT = 50_000_000, 1_000_000


class TargetsCases(RealTest):
    def curl(self, proxy, path, *options, status=0):
        return run([*CURL, *options, f"http://127.0.0.1:{proxy.port}/{path}"], status=status)

    def test_a_target_that_comes_up_later(self):
        nginx = Nginx(self, start=False)
        for _ in range(10):
            port = free_port()
            proxy = self.relay(port)
            with self.measured(proxy, "nginx, not yet started and then started") as row:
                for _ in range(20):
                    # The end may come as early as in the connect.
                    try:
                        with socket.create_connection(("127.0.0.1", proxy.port), LIMIT_SECONDS) as client:
                            self.assertEqual(client.recv(1), b"")
                    except ConnectionResetError:
                        pass
                server = Program(self, "nginx", nginx.command(port))
                wait_until(lambda: server.ended() or listens(server.pid, port), "nginx listens")
                if server.ended():
                    continue  # somebody has taken the port
                out, _ = self.curl(proxy, "small?[1-100]")
                self.assertEqual(out, (nginx.root / "small").read_text(encoding="utf-8") * 100)
                row.work = "20 + 100 requests"
            proxy.finish()
            return
        self.fail("every port was taken")

    def test_a_target_that_resets_in_mid_stream(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        proxy = self.relay(listener.getsockname()[1])
        trials = 20
        received = threading.Semaphore(0)

        def serve_and_reset():
            for trial in range(2 * trials):
                connection, _ = listener.accept()
                connection.settimeout(LIMIT_SECONDS)
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % PROMISED)
                connection.sendall(bytes(SENT))
                if trial % 2:
                    # With everything delivered, so that the reset is all there is to be passed on.
                    received.acquire(timeout=LIMIT_SECONDS)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()

        server = threading.Thread(target=serve_and_reset, daemon=True)
        with self.measured(proxy, "a target that resets in mid-stream, curl and others") as row:
            server.start()
            for trial in range(trials):
                self.curl(proxy, "", "--output", "/dev/null", status=RESET)
                with socket.create_connection(("127.0.0.1", proxy.port), LIMIT_SECONDS) as client:
                    client.sendall(b"GET / HTTP/1.1\r\n\r\n")
                    size = 0
                    while size < SENT:
                        piece = client.recv(65536)
                        self.assertTrue(piece, f"a clean end after {size} bytes")
                        size += len(piece)
                    received.release()
                    with self.assertRaises(ConnectionResetError):
                        while client.recv(65536):
                            pass
                row.work = f"{2 * (trial + 1)} requests"
            server.join(LIMIT_SECONDS)
        proxy.finish()
