# SPDX-License-Identifier: MIT
"""An nginx of the test's own: its configuration, its files, its port."""

import hashlib
import os
import pathlib
import random
import struct

from programs import find, serve

CONFIGURATION = """\
{user}
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {directory}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    # Nobody is late here; what a busy machine keeps waiting is served all the same.
    client_header_timeout 600s;
    client_body_timeout 600s;
    send_timeout 600s;
    keepalive_timeout 600s;
    keepalive_requests 1000000;
    client_max_body_size 0;
    sendfile on;
    server {{
        listen {host}:{port} backlog=4096;
        root {root};
        location /stored/ {{ dav_methods PUT; create_full_put_path on; }}
    }}
}}
"""


class Nginx:
    def __init__(self, test, host="127.0.0.1", prefix=(), start=True):
        self.test = test
        self.host = host
        self.directory = pathlib.Path(test.directory) / "nginx"
        self.root = self.directory / "root"
        self.root.mkdir(parents=True, exist_ok=True)
        (self.root / "small").write_bytes(b"It works, through a relay as well.\n")
        self.program = None
        self.port = 0
        if start:
            self.program, self.port = serve(test, "nginx", self.command, prefix=prefix)

    def command(self, port):
        configuration = self.directory / f"{port}.conf"
        # Its workers must see the test's files, which are the test's alone.
        user = "user root;" if os.getuid() == 0 else ""
        configuration.write_text(
            CONFIGURATION.format(user=user, directory=self.directory, root=self.root, host=self.host, port=port),
            encoding="utf-8",
        )
        return [find("nginx"), "-e", "stderr", "-p", self.directory, "-c", configuration]

    def add_file(self, name, size):
        """Every mebibyte of it is another one, so that a piece in the wrong place is seen. Returns its SHA-256."""
        block = random.Random(size).randbytes(1 << 20)
        digest = hashlib.sha256()
        with (self.root / name).open("wb") as out:
            for index in range(-(-size // len(block))):
                piece = (struct.pack(">Q", index) + block[8:])[: size - index * len(block)]
                digest.update(piece)
                out.write(piece)
        return digest.hexdigest()
