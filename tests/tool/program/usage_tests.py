# SPDX-License-Identifier: MIT
"""What the program says about itself, and to somebody who uses it wrongly."""

from asock_program import AsockTest, program_path


class Help(AsockTest):
    def test_every_level_teaches_by_example(self):
        for level in [], ["echo"], ["send"], ["receive"], ["relay"], ["bench"]:
            with self.subTest(level=level):
                code, out, err = self.run_asock(*level, "--help")
                self.assertEqual((code, err), (0, ""))
                examples = out.partition("Examples:")[2]
                self.assertIn(" ".join(["asock", *level]), examples)

    def test_help_is_a_command_too(self):
        self.assertEqual(self.run_asock("help"), self.run_asock("--help"))
        self.assertEqual(self.run_asock("help", "relay"), self.run_asock("relay", "--help"))

    def test_version(self):
        code, out, err = self.run_asock("--version")
        self.assertEqual((code, err), (0, ""))
        self.assertRegex(out, r"^asock \d+\.\d+\.\d+\n$")


class WrongUsage(AsockTest):
    def assert_usage_error(self, arguments, *fragments):
        with self.subTest(arguments=arguments):
            result = self.run_asock(*arguments)
            self.assert_one_line_failure(result, "--help", *fragments, status=2)
            self.assertEqual(result[1], "")

    def test_no_or_unknown_command(self):
        commands = "echo, send, receive, relay and bench"
        self.assert_usage_error([], f"a command is missing: the commands are {commands}")
        self.assert_usage_error(["teleport"], f"there is no command 'teleport'. The commands are {commands}", "`asock --help`")
        self.assert_usage_error(["relais"], "there is no command 'relais'; did you mean 'relay'?")
        self.assert_usage_error(["help", "relais"], "there is no command 'relais'; did you mean 'relay'?")

    def test_urls(self):
        hint = "is a URL; a command comes first, and host and port are enough, as in asock bench example.org:80"
        self.assert_usage_error(["http://example.org/"], hint)
        hint = "is a URL; host and port are meant, as in "
        self.assert_usage_error(["bench", "http://example.org/x?y"], hint + "example.org:80")
        self.assert_usage_error(["bench", "https://user@example.org:8443/"], hint + "example.org:8443")
        self.assert_usage_error(["send", "file", "tcp://[::1]"], hint + "[::1]:PORT")
        self.assert_usage_error(["relay", "--listen", "127.0.0.1:0", "--to", "https://example.org"], hint + "example.org:443")

    def test_missing_arguments(self):
        self.assert_usage_error(["echo"], "--port", "--listen", "`asock echo --help`")
        self.assert_usage_error(["send", "file"], "HOST:PORT", "`asock send --help`")
        self.assert_usage_error(["receive", "0"], "FILE", "`asock receive --help`")
        self.assert_usage_error(["receive"], "PORT", "--listen", "`asock receive --help`")
        self.assert_usage_error(["receive", "--listen", "127.0.0.1:0"], "FILE", "`asock receive --help`")
        self.assert_usage_error(["relay", "--to", "127.0.0.1:1"], "--listen", "`asock relay --help`")
        self.assert_usage_error(["relay", "--listen", "127.0.0.1:0"], "--to", "`asock relay --help`")
        self.assert_usage_error(["bench"], "HOST:PORT", "`asock bench --help`")

    def test_endpoints_and_ports_that_are_none(self):
        self.assert_usage_error(["send", "file", "::1:4000"], "brackets")
        self.assert_usage_error(["bench", "example.org"], "a port is missing")
        self.assert_usage_error(["relay", "--listen", "4000", "--to", "127.0.0.1:1"], "a port is missing")
        self.assert_usage_error(["relay", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:0"], "from 1 to 65535")
        self.assert_usage_error(["echo", "--port", "65536"], "65536")
        self.assert_usage_error(["receive", "http", "file"], "http")

    def test_values_out_of_range(self):
        self.assert_usage_error(["bench", "127.0.0.1:1", "--connections", "0"], "--connections")
        self.assert_usage_error(["bench", "127.0.0.1:1", "--size", "0"], "--size")
        self.assert_usage_error(["bench", "127.0.0.1:1", "--size", "5GiB"], "--size")
        self.assert_usage_error(["bench", "127.0.0.1:1", "--seconds", "-1"], "--seconds")
        self.assert_usage_error(["send", "file", "127.0.0.1:1", "--timeout", "-1"], "--timeout")
        relay = ["relay", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1"]
        self.assert_usage_error([*relay, "--max-connections", "0"], "--max-connections")
        self.assert_usage_error([*relay, "--connect-timeout", "0"], "--connect-timeout")
        self.assert_usage_error([*relay, "--idle-timeout", "-1"], "--idle-timeout")
        self.assert_usage_error([*relay, "--drain-timeout", "nan"], "--drain-timeout")

    def test_contradiction(self):
        listen = ["--listen", "127.0.0.1:0"]
        self.assert_usage_error(["echo", *listen, "--port", "0"], "--port", "--listen")
        self.assert_usage_error(["echo", *listen, "--address", "::"], "--address", "--listen")
        self.assert_usage_error(["receive", *listen, "0", "file"], "file")
        self.assert_usage_error(["send", "file", "127.0.0.1:1", "--quiet", "--progress"], "--progress")


class Listening(AsockTest):
    """One way to say it for all, beside the older ones."""

    def listening_at(self, *arguments):
        program = self.start(*arguments)
        program.listening_port()
        return program.host

    def test_where(self):
        to = ["--to", "127.0.0.1:1"]
        for address, shown in ("127.0.0.1", "127.0.0.1"), ("localhost", r"127\.0\.0\.1|\[::1\]"), ("0.0.0.0", r"0\.0\.0\.0"):
            with self.subTest(address=address):
                listen = ["--listen", f"{address}:0"]
                self.assertRegex(self.listening_at("echo", *listen), f"^({shown})$")
                self.assertRegex(self.listening_at("relay", *listen, *to), f"^({shown})$")
                self.assertRegex(self.listening_at("receive", *listen, program_path(self.path("file"))), f"^({shown})$")
                self.assertRegex(self.listening_at("echo", "--port", 0, "--address", address), f"^({shown})$")

    def test_a_name_that_does_not_resolve(self):
        # No label of a name is that long, so that nobody needs to be asked.
        name = "x" * 64
        for arguments in ["echo", "--listen", f"{name}:0"], ["receive", "--address", name, "0", self.path("file")]:
            self.assert_one_line_failure(self.run_asock(*arguments), f"cannot resolve '{name}'")

    def test_why_not(self):
        result = self.run_asock("echo", "--listen", "192.0.2.1:0")  # an address of another machine
        self.assert_one_line_failure(result, "asock: cannot listen on 192.0.2.1:0: ", "must be one of this machine")
        self.assertNotRegex(result[2], "socket_transport|async_|execution_engine")
