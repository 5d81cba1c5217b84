# SPDX-License-Identifier: MIT
"""Checks the documents' blocks of commands: bash reads them, and what they name exists.

Every command must be one that is known here: so what nobody can check stands in no block.
"""

import importlib
import itertools
import json
import re
import shlex
import subprocess
import sys

LANGUAGES = ("sh", "powershell")
# Programs of the system, whose arguments are not the project's.
OTHERS = {"cd", "cp", "git", "mkdir", "ls", "ulimit", "conan", "vcpkg"}
ASSIGNMENT = re.compile(r"\w+=.*")
OPTION = re.compile(r"--?[a-z][\w-]*")
# asock's subcommands are in the sources; its options, too.
SUBCOMMAND = re.compile(r'add_subcommand\("(\w+)"')
EVERYWHERE = {"-h", "--help"}


class Names:
    """The names that a command may use."""

    def __init__(self, project, build):
        self.project = project
        presets = json.loads((project / "CMakePresets.json").read_text(encoding="utf-8"))
        self.presets = {
            kind: {preset["name"] for preset in presets.get(f"{kind}Presets", ()) if not preset.get("hidden")}
            for kind in ("configure", "build", "test", "package")
        }
        sys.path.insert(0, str(project / "script" / "lib"))
        self.steps = set(importlib.import_module("run_tests").STEPS)
        self.options = set()
        for path in [project / "CMakeLists.txt", *project.glob("cmake/**/*"), *project.glob("*/**/CMakeLists.txt")]:
            if path.is_file():
                self.options.update(re.findall(r"\b(?:ASYNC_SOCKET|BUILD)_\w+", path.read_text(encoding="utf-8")))
        asock = "".join(path.read_text(encoding="utf-8") for path in sorted((project / "tools" / "asock").rglob("*.cpp")))
        self.subcommands = set(SUBCOMMAND.findall(asock))
        self.asock_options = set(OPTION.findall(asock)) | EVERYWHERE
        dependencies = (project / "docs" / "dependencies.md").read_text(encoding="utf-8")
        self.packages = set(re.findall(r"`([a-z0-9.+-]+)`", dependencies))
        self.targets, self.tests = self.of_build(build)

    def of_build(self, build):
        listing = subprocess.run(
            ["cmake", "--build", build, "--target", "help"], capture_output=True, text=True, check=True
        ).stdout
        targets = {match[1] for match in re.finditer(r"^(?:\.\.\. )?([\w./+-]+)", listing, re.MULTILINE)}
        tests = json.loads(
            subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True).stdout
        )
        return targets, {test["name"] for test in tests["tests"]}


def commands_of(text):
    """The commands of a block, each a list of words; what is joined by && or | is several."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;<>")
        lexer.whitespace_split = True
        command = []
        for word in lexer:
            if word and set(word) <= set("&|;"):
                yield command
                command = []
            else:
                command.append(word)
        if command:
            yield command


def value_of(words, *options):
    """What follows an option, as "--option value" or "--option=value"."""
    for number, word in enumerate(words):
        for option in options:
            if word == option and number + 1 < len(words):
                return words[number + 1]
            if option.startswith("--") and word.startswith(option + "="):
                return word[len(option) + 1 :]
    return None


def check_cmake(names, words):
    kind = "build" if "--build" in words else "configure"
    preset = value_of(words, "--preset")
    if preset is not None and preset not in names.presets[kind]:
        yield f"there is no {kind} preset {preset}"
    targets = words[words.index("--target") + 1 :] if "--target" in words else []
    for target in itertools.takewhile(lambda word: not word.startswith("-"), targets):
        if target not in names.targets:
            yield f"there is no target {target}"
    for word in words:
        if word.startswith("-D"):
            option = word[2:].partition("=")[0].partition(":")[0]
            if not option.startswith("CMAKE_") and option not in names.options:
                yield f"there is no CMake option {option}"


def check_ctest(names, words):
    preset = value_of(words, "--preset")
    if preset is not None and preset not in names.presets["test"]:
        yield f"there is no test preset {preset}"
    pattern = value_of(words, "-R")
    if pattern is not None and not any(re.search(pattern, test) for test in names.tests):
        yield f"there is no test that matches {pattern}"


def check_cpack(names, words):
    preset = value_of(words, "--preset")
    if preset is not None and preset not in names.presets["package"]:
        yield f"there is no package preset {preset}"


def check_script(names, words):
    path = names.project / words[0].lstrip("./")
    if not path.is_file():
        yield f"there is no {words[0]}"
        return
    text = path.read_text(encoding="utf-8")
    for word in words[1:]:
        if word.startswith("-") and word not in text and word not in EVERYWHERE:
            yield f"{words[0]} has no option {word}"
        elif not word.startswith("-") and path.name == "test" and word not in names.steps:
            yield f"{words[0]} has no step {word}"


def check_asock(names, words):
    if len(words) > 1 and words[1] not in names.subcommands and words[1] not in EVERYWHERE | {"--version"}:
        yield f"asock has no command {words[1]}"
    for word in words[2:]:
        if word.startswith("-") and word.partition("=")[0] not in names.asock_options:
            yield f"asock has no option {word}"


def check_packages(names, words):
    for word in words[words.index("install") + 1 :] if "install" in words else ():
        if not word.startswith("-") and word not in names.packages:
            yield f"docs/dependencies.md does not know the package {word}"


def check_built(names, words):
    """A program of a build directory: build/PRESET/...; build/PROGRAM is one of the reader's own."""
    parts = words[0].split("/")
    if len(parts) == 2:
        return
    program = parts[-1].removesuffix(".exe")
    if parts[1] not in names.presets["configure"]:
        yield f"there is no preset {parts[1]}"
    if program not in names.targets:
        yield f"there is no target {program}"
    if program == "asock":
        yield from check_asock(names, words)


def check_command(names, words):
    while words and ASSIGNMENT.fullmatch(words[0]):
        words = words[1:]
    if words and words[0] in ("sudo", "env"):
        yield from check_command(names, words[1:])
        return
    if not words:
        return
    name = re.sub(r"^(?:\$\w+|\.)/", "", words[0].replace("\\", "/"))
    words = [name, *words[1:]]
    rules = {"cmake": check_cmake, "ctest": check_ctest, "cpack": check_cpack, "asock": check_asock, "apt-get": check_packages}
    if name in rules:
        yield from rules[name](names, words)
    elif name == "cmake/run-wine.sh":
        yield from check_command(names, words[2:])
    elif name.startswith("script/"):
        yield from check_script(names, words)
    elif name.startswith("build/"):
        yield from check_built(names, words)
    elif name not in OTHERS:
        yield f"nobody knows how to check {name}"


def check(names, block):
    if block.language == "sh":
        result = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            yield f"{block.place}: {result.stderr.strip()}"
            return
    for words in commands_of(block.text):
        for problem in check_command(names, words):
            yield f"{block.place}: {problem}"
