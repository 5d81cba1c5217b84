# SPDX-License-Identifier: MIT

import unittest

from tree import TreeTest


class CheckIncludes(TreeTest):
    script = "check-includes"

    def setUp(self):
        super().setUp()
        self.write("include/async_socket/thing.h", "// SRS_THING_WIN32_01_001\n#include <cstdint>\n#include <stdint.h>\n")
        self.write("include/async_socket/thing_win32.h", '// For Windows.\n#include "async_socket/thing.h"\n')
        self.write("src/common/thing.cpp", '#include "common/thing.hpp"\n#include <shared_mutex>\n#include "async_socket/thing.h"\n')
        self.write("src/win32/thing.cpp", '#include <windows.h>\n#include "common/thing.hpp"\n#include "win32/thing.hpp"\n')
        self.write("src/linux/thing.cpp", '#include <sys/socket.h>\n#include "linux/thing.hpp"\n')

    def test_a_tree_that_keeps_the_rules_passes(self):
        self.assert_passes()

    def test_a_public_header_that_names_an_operating_system_fails(self):
        for text in ("// As on Windows.", "#ifdef _WIN32", "#if defined(__linux__)", "// a POSIX descriptor"):
            with self.subTest(text):
                self.write("include/async_socket/other.h", text + "\n")
                self.assert_fails_with("include/async_socket/other.h:1: names an operating system")

    def test_a_public_header_that_includes_a_system_header_fails(self):
        self.write("include/async_socket/other.h", "#include <sys/types.h>\n")
        self.assert_fails_with("include/async_socket/other.h:1: includes sys/types.h")

    def test_a_public_header_that_includes_an_internal_one_fails(self):
        self.write("include/async_socket/other.h", '#include "common/thing.hpp"\n')
        self.assert_fails_with("include/async_socket/other.h:1: includes common/thing.hpp")

    def test_common_code_that_includes_a_system_header_fails(self):
        for header in ("windows.h", "unistd.h", "sys/socket.h"):
            with self.subTest(header):
                self.write("src/common/other.cpp", f"#  include <{header}>\n")
                self.assert_fails_with(f"src/common/other.cpp:1: includes {header}")

    def test_common_code_that_includes_a_platforms_fails(self):
        for header in ("win32/thing.hpp", "../linux/thing.hpp", "async_socket/thing_win32.h"):
            with self.subTest(header):
                self.write("src/common/other.cpp", f'#include "{header}"\n')
                self.assert_fails_with(f"src/common/other.cpp:1: includes {header}")

    def test_platforms_that_include_each_other_fail(self):
        self.write("src/win32/other.cpp", '#include "linux/thing.hpp"\n')
        self.assert_fails_with("src/win32 and src/linux do not know each other")
        self.write("src/win32/other.cpp", "")
        self.write("src/linux/other.cpp", '#include "../win32/thing.hpp"\n')
        self.assert_fails_with("src/linux and src/win32 do not know each other")
        self.write("src/linux/other.cpp", "#include <async_socket/thing_win32.h>\n")
        self.assert_fails_with("src/linux and src/win32 do not know each other")

    def test_a_windows_header_outside_of_its_directory_fails(self):
        for header in ("windows.h", "Windows.h", "winsock2.h", "ws2tcpip.h"):
            with self.subTest(header):
                self.write("src/linux/other.cpp", f"#include <{header}>\n")
                self.assert_fails_with(f"includes {header}, which belongs to src/win32")

    def test_an_empty_tree_fails(self):
        for path in sorted(self.root.rglob("*.[ch]*")):
            path.unlink()
        self.assert_fails_with("there is no file to check")


if __name__ == "__main__":
    unittest.main()
