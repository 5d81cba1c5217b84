# SPDX-License-Identifier: MIT
"""Clients who are many, who say nothing, and who half close."""

import hashlib
import random
import selectors
import socket
import time

from case import RealTest
from nginx import Nginx
from programs import CURL, LIMIT_SECONDS, find, run, serve, wait_until

PROGRAMS = ["nginx", "curl", "socat", "sha256sum"]
MANY = 2000
MOST_KIB_OF_MANY = MANY * 128
REQUEST = b"GET /small HTTP/1.1\r\nHost: relay\r\n\r\n"


class Client:
    def __init__(self, port):
        self.answer = bytearray()
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT_SECONDS)

    def ask(self):
        self.answer.clear()
        self.socket.sendall(REQUEST)


class ClientsCases(RealTest):
    def connect(self, port):
        client = Client(port)
        self.addCleanup(client.socket.close)
        return client

    def collect(self, clients, content):
        """Waits for the whole answer of each client."""
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.socket, selectors.EVENT_READ, client)
            end = time.monotonic() + LIMIT_SECONDS
            while selector.get_map():
                ready = selector.select(max(0, end - time.monotonic()))
                self.assertTrue(ready, f"{len(selector.get_map())} clients have no answer")
                for key, _ in ready:
                    piece = key.fileobj.recv(65536)
                    self.assertTrue(piece, "the connection ended before the answer")
                    key.data.answer += piece
                    if key.data.answer.endswith(b"\r\n\r\n" + content):
                        self.assertTrue(key.data.answer.startswith(b"HTTP/1.1 200 OK\r\n"))
                        selector.unregister(key.fileobj)

    def test_two_thousand_at_once(self):
        nginx = Nginx(self)
        content = (nginx.root / "small").read_bytes()
        proxy = self.relay(nginx.port)
        with self.measured(proxy, f"nginx, {MANY} clients at once, two requests each", most_kib=MOST_KIB_OF_MANY) as row:
            clients = [self.connect(proxy.port) for _ in range(MANY)]
            # Whoever has an answer stays, so that all are there when the last one has it.
            for _ in range(2):
                for client in clients:
                    client.ask()
                self.collect(clients, content)
            wait_until(lambda: proxy.connections() == 2 * MANY, "each client has a connection to the server")
            row.work = f"{2 * MANY} requests"
            for client in clients:
                client.socket.close()
        proxy.finish()

    def get(self, proxy, requests):
        out, _ = run([*CURL, f"http://127.0.0.1:{proxy.port}/small?[1-{requests}]"])
        return out

    def test_who_says_nothing_is_sent_away_in_time(self):
        nginx = Nginx(self)
        content = (nginx.root / "small").read_text(encoding="utf-8")
        proxy = self.relay(nginx.port, "--idle-timeout", "1")
        with self.measured(proxy, "nginx, a silent client, with a limit for silence") as row:
            silent = self.connect(proxy.port)
            self.assertEqual(self.get(proxy, 100), content * 100)
            try:
                self.assertEqual(silent.socket.recv(1), b"")
            except ConnectionResetError:
                pass
            self.assertEqual(self.get(proxy, 100), content * 100)
            row.work = "200 requests"
        proxy.finish()

    def test_who_says_nothing_may_stay_and_bothers_nobody(self):
        nginx = Nginx(self)
        content = (nginx.root / "small").read_text(encoding="utf-8")
        proxy = self.relay(nginx.port)
        with self.measured(proxy, "nginx, a silent client, without a limit") as row:
            silent = self.connect(proxy.port)
            self.assertEqual(self.get(proxy, 1000), content * 1000)
            silent.ask()
            self.collect([silent], content.encode())
            silent.socket.close()
            row.work = "1001 requests"
        proxy.finish()

    def test_an_answer_that_needs_the_end_of_the_question(self):
        data = random.Random(7).randbytes(20_000_003)
        # Told so, socat gives the other direction time after the end of the first.
        patient = ["socat", "-t", LIMIT_SECONDS]
        _, port = serve(
            self,
            "socat",
            lambda port: [find("socat"), *patient[1:], f"TCP4-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork", "EXEC:sha256sum"],
        )
        proxy = self.relay(port)
        with self.measured(proxy, "socat + sha256sum, half closed") as row:
            out, _ = run([*patient, "STDIO", f"TCP4:127.0.0.1:{proxy.port}"], stdin=data)
            row.work = f"{len(data)} bytes"
            self.assertEqual(out.split(), [hashlib.sha256(data).hexdigest(), "-"])
        proxy.finish()
