# SPDX-License-Identifier: MIT
"""script/reference: no warning, a page for each module, the guarantees first; and what it must not pass over.

reference_test.py SOURCE OUTPUT
"""

import html
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

SOURCE, OUTPUT = map(pathlib.Path, sys.argv[1:3])
MODULES = (
    "engine socket transport connect listener operations delay options counters log cpp engine_linux engine_win32 "
    "socket_ex cpp_task cpp_socket cpp_listener cpp_scope"
).split()
# Every exported function of the C API.
FUNCTION = re.compile(r"^ASYNC_SOCKET_API[^;(]*?\b(\w+)\(", re.MULTILINE)


def make_reference(source, output):
    """The headers and what makes their reference, without the rest of the tree."""
    return subprocess.run([source / "script/reference", output], capture_output=True, text=True, check=False)


def copy_of_the_tree(name):
    copy = OUTPUT / name
    for directory in ("docs", "include", "script", "src/linux/public"):
        shutil.copytree(SOURCE / directory, copy / directory)
    shutil.copy(SOURCE / "CMakeLists.txt", copy)
    return copy


def page(name):
    text = (OUTPUT / "reference/html" / name).read_text(encoding="utf-8")
    return html.unescape(re.sub(r"<[^>]*>", "", text))


class Reference(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shutil.rmtree(OUTPUT, ignore_errors=True)
        cls.made = make_reference(SOURCE, OUTPUT / "reference")
        cls.pages = {path.name: None for path in (OUTPUT / "reference/html").glob("*.html")}

    def test_it_is_made_without_a_warning(self):
        self.assertEqual(self.made.stderr, "")
        self.assertEqual(self.made.returncode, 0)

    def test_each_module_has_a_page(self):
        for module in MODULES:
            # Doxygen doubles the underscore.
            self.assertIn(f"group__{module.replace('_', '__')}.html", self.pages)

    def test_the_main_page_begins_with_the_guarantees(self):
        main = page("index.html")
        first = main.index("The guarantees")
        for guarantee in ("calls back exactly once", "After close has returned", "legal anywhere"):
            self.assertGreater(main.index(guarantee), first)
            self.assertLess(main.index(guarantee), main.index("The modules"))

    def test_every_function_of_the_c_api_is_on_the_page_of_a_module(self):
        modules = "".join(page(name) for name in self.pages if name.startswith("group__"))
        headers = [path.read_text(encoding="utf-8") for path in (SOURCE / "include/async_socket").glob("*.h")]
        functions = [name for text in headers for name in FUNCTION.findall(text)]
        self.assertGreater(len(functions), 50)
        for function in functions:
            self.assertIn(f"{function}()", modules)

    def test_nothing_of_the_implementation_is_in_it(self):
        self.assertFalse([name for name in self.pages if "impl_1_1" in name])

    def assert_refused(self, name, header, old, new, expected):
        tree = copy_of_the_tree(name)
        path = tree / "include/async_socket" / header
        text = path.read_text(encoding="utf-8")
        self.assertEqual(text.count(old), 1, old)
        path.write_text(text.replace(old, new), encoding="utf-8")
        made = make_reference(tree, tree / "reference")
        self.assertNotEqual(made.returncode, 0)
        self.assertIn(expected, made.stderr)

    def test_a_function_without_documentation_is_refused(self):
        end = "#ifdef __cplusplus\n}\n"
        self.assert_refused("function", "log.h", end, f"ASYNC_SOCKET_API int nobody_knows(int why);\n{end}", "nobody_knows")

    def test_a_parameter_that_is_not_there_is_refused(self):
        self.assert_refused("parameter", "log.h", "\\param on_log ", "\\param on_lag ", "on_lag")

    def test_a_member_of_a_class_without_documentation_is_refused(self):
        self.assert_refused("member", "cpp/scope.hpp", "    /// Whether the tasks were asked to end; what they inherit follows it.\n", "", "stop_token")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
