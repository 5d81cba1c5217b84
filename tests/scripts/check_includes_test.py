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
        self.write("src/api/platform/thing.hpp", '#include "common/thing.hpp"\n')
        self.write("src/api/thing.cpp", '#include "api/thing.hpp"\n#include "api/platform/thing.hpp"\n#include <cstring>\n')
        self.write("src/win32/thing.cpp", '#include <windows.h>\n#include "common/thing.hpp"\n#include "win32/thing.hpp"\n')
        self.write("src/linux/thing.cpp", '#include <sys/socket.h>\n#include "api/platform/thing.hpp"\n#include "linux/thing.hpp"\n')
        self.write(
            "docs/architecture.md",
            "<!-- rooms -->\n```\n"
            "src: common < api/platform < linux, win32 < api\n"
            "src/common: time < lifecycle\n"
            "src/linux: system < connect, listen < engine\n"
            "src/win32: system < engine\n"
            "```\n",
        )

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

    def test_api_code_that_includes_a_system_header_or_a_platforms_fails(self):
        for header in ("windows.h", "sys/socket.h", "win32/thing.hpp", "../linux/thing.hpp", "async_socket/thing_win32.h"):
            with self.subTest(header):
                self.write("src/api/other.cpp", f"#include <{header}>\n")
                self.assert_fails_with(f"src/api/other.cpp:1: includes {header}")

    def test_what_lies_below_the_api_and_includes_it_fails(self):
        for place in ("common", "linux", "win32", "api/platform"):
            with self.subTest(place):
                self.write(f"src/{place}/other.hpp", '#include "api/thing.hpp"\n')
                self.assert_fails_with(f"src/{place}/other.hpp:1: includes api/thing.hpp")
                self.write(f"src/{place}/other.hpp", "")

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

    def test_an_include_of_a_lower_room_passes(self):
        self.write("src/linux/engine/thing.cpp", '#include "linux/system/thing.hpp"\n#include "common/time/thing.hpp"\n')
        self.write("src/linux/engine/other.cpp", '#include "linux/engine/thing.hpp"\n#include "async_socket/thing.h"\n')
        self.write("src/common/lifecycle/thing.cpp", '#include "common/time/thing.hpp"\n')
        self.write("src/linux/system/thing.cpp", '#include "api/platform/thing.hpp"\n')
        self.write("src/api/thing.cpp", '#include "api/platform/thing.hpp"\n#include "common/time/thing.hpp"\n')
        self.assert_passes()

    def test_an_include_that_climbs_fails(self):
        for room, header, above in (
            ("linux/system", "linux/engine/thing.hpp", "linux/engine"),
            ("win32/system", "win32/engine/thing.hpp", "win32/engine"),
            ("common/time", "common/lifecycle/thing.hpp", "common/lifecycle"),
            ("linux/engine", "api/thing.hpp", "api"),
            ("api/platform", "linux/system/thing.hpp", "linux"),
        ):
            with self.subTest(room):
                self.write(f"src/{room}/other.cpp", f'#include "{header}"\n')
                self.assert_fails_with(f"src/{room}/other.cpp:1: includes {header}, but src/{above} is not below")
                self.write(f"src/{room}/other.cpp", "")

    def test_an_include_of_the_room_beside_fails(self):
        self.write("src/linux/connect/other.cpp", '#include "linux/listen/thing.hpp"\n')
        self.assert_fails_with("includes linux/listen/thing.hpp, but src/linux/listen is not below src/linux/connect")

    def test_a_room_that_is_not_listed_fails(self):
        self.write("src/linux/attic/other.cpp", '#include "linux/system/thing.hpp"\n')
        self.assert_fails_with("docs/architecture.md does not say where the room of src/linux/attic/other.cpp stands")

    def test_a_tree_without_the_list_of_rooms_fails(self):
        self.write("docs/architecture.md", "# Architecture\n")
        self.assert_fails_with("docs/architecture.md does not list the rooms")

    def test_an_empty_tree_fails(self):
        for path in sorted(self.root.rglob("*.[ch]*")):
            path.unlink()
        self.assert_fails_with("there is no file to check")


if __name__ == "__main__":
    unittest.main()
