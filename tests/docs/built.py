# SPDX-License-Identifier: MIT
"""Configures the documents' blocks of CMake, each in a project of its own against the library of this build.

A block that calls project() is a whole CMakeLists.txt; others are completed by one, with a target your_program. What
find_package finds is installed from the build; add_subdirectory(async_socket) finds the project itself.

    <!-- doc: build -->            is built, too, with the page's files that stand above it: <!-- doc: file=NAME -->
    <!-- doc: build run="TEXT" --> and the program prints something that begins with TEXT
"""

import pathlib
import re
import subprocess

WHOLE = re.compile(r"^\s*project\(", re.MULTILINE)
PROGRAM = re.compile(r"^add_executable\((\w+)", re.MULTILINE)
SECONDS = 120
SOURCE = re.compile(r"\b[\w./-]+\.(?:cpp|c)\b")
STUB = "cmake_minimum_required(VERSION 3.25)\nproject(block LANGUAGES C CXX)\nadd_executable(your_program main.cpp)\n"


def whole(block):
    return block.text if WHOLE.search(block.text) else STUB + block.text


class Builder:
    """`build` is the build directory of the library, `settings` are what every configure is given."""

    def __init__(self, project, build, directory, settings):
        self.project = project
        self.build = build
        self.directory = pathlib.Path(directory)
        self.settings = settings
        self.prefix = self.directory / "prefix"

    def run(self, *command):
        result = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        return "" if result.returncode == 0 else f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}"

    def installed(self):
        """"" when there is a prefix to find the library in."""
        return "" if self.prefix.exists() else self.run("cmake", "--install", self.build, "--prefix", self.prefix)

    def lay_out(self, block, files, directory):
        text = whole(block)
        (directory / "CMakeLists.txt").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (directory / name).write_text(content, encoding="utf-8")
        for name in SOURCE.findall(text):
            path = directory / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("int main() {}\n", encoding="utf-8")
        (directory / "async_socket").symlink_to(self.project, target_is_directory=True)

    def check(self, block, files, number):
        """What went wrong, "" if nothing."""
        source = self.directory / f"block_{number}"
        source.mkdir()
        self.lay_out(block, files, source)
        if "find_package(async_socket" in block.text and (problem := self.installed()):
            return problem
        binary = source / "build"
        configured = self.run("cmake", "-S", source, "-B", binary, f"-DCMAKE_PREFIX_PATH={self.prefix}", *self.settings)
        if configured or "build" not in block.words:
            return configured
        return self.run("cmake", "--build", binary) or self.check_run(block, binary)

    def check_run(self, block, binary):
        expected = block.settings.get("run")
        if expected is None:
            return ""
        program = binary / PROGRAM.search(whole(block))[1]
        result = subprocess.run([program], capture_output=True, text=True, timeout=SECONDS, check=False)
        right = result.returncode == 0 and result.stdout.startswith(expected)
        return "" if right else f"{program.name} exited with {result.returncode} and printed {result.stdout!r}"


def files_above(document, block):
    """The page's files that stand above a block, by name."""
    return {
        other.settings["file"]: other.text
        for other in document.blocks
        if "file" in other.settings and other.line < block.line
    }


def check_document(builder, document, first):
    """Yields what went wrong with each block, "" if nothing. `first` is the number of the first one."""
    for number, block in enumerate((each for each in document.blocks if each.language == "cmake"), first):
        problem = builder.check(block, files_above(document, block), number)
        yield f"{block.place}: {problem}" if problem else ""
