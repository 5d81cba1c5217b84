# SPDX-License-Identifier: MIT
"""What the program says about itself, and to somebody who uses it wrongly."""

from asock_program import AsockTest


class Help(AsockTest):
    def test_every_level_teaches_by_example(self):
        for level in [], ["echo"], ["send"], ["receive"], ["relay"], ["bench"]:
            with self.subTest(level=level):
                code, out, err = self.run_asock(*level, "--help")
                self.assertEqual((code, err), (0, ""))
                examples = out.partition("Examples:")[2]
                self.assertIn(" ".join(["asock", *level]), examples)

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
        self.assert_usage_error([], "subcommand")
        self.assert_usage_error(["teleport"], "`asock --help`")

    def test_missing_arguments(self):
        self.assert_usage_error(["echo"], "--port", "`asock echo --help`")
        self.assert_usage_error(["send", "file"], "HOST:PORT", "`asock send --help`")
        self.assert_usage_error(["receive", "0"], "FILE", "`asock receive --help`")
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
        self.assert_usage_error(["send", "file", "127.0.0.1:1", "--quiet", "--progress"], "--progress")
