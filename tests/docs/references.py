# SPDX-License-Identifier: MIT
"""What the documents refer to exists: files, headings, tests, requirements, names of the API, quoted lines."""

import re
import posixpath
import urllib.parse

import markdown

TEST_NAME = re.compile(r"[a-z]\w*\.\w+")
REQUIREMENT = re.compile(r"SRS_[A-Z0-9_]+_\d\d_\d{3}")
FILE_NAME = re.compile(r"(?:[\w.-]+/)*[\w.-]+\.(?:cpp|hpp|h|c|py|cmake|pml|supp|md|sh|in|json|yml)")
# What is declared in the headers; a prefix that ends in an underscore and "..." stand for many.
API_NAME = re.compile(
    r"(?:async_(?:socket|listener|delay)|socket_transport|execution_engine)_\w+"
    r"|(?:ON_ASYNC|ASYNC|SOCKET_(?:TRANSPORT|SEND|RECEIVE|ACCEPT)|EXECUTION_ENGINE)_[A-Z0-9_]+"
    r"|(?:condition|std::errc)::\w+"
)
SOURCE = (".h", ".hpp", ".cpp", ".c", ".py", ".cmake", ".txt", ".pml")
DIRECTORIES = ("include", "src", "tests", "tools", "examples", "script", "cmake", "docs", "packaging", "bench", ".github", ".ci")


class Tree:
    """The project's files and what they declare."""

    def __init__(self, project):
        self.project = project
        self.files = [
            path.relative_to(project).as_posix()
            for directory in DIRECTORIES
            for path in sorted((project / directory).rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        ]
        self.files += [path.name for path in project.iterdir() if path.is_file()]
        self.documents = {document.path: document for document in markdown.documents(project)}
        headers = [name for name in self.files if name.startswith(("include/", "src/linux/public/", "src/win32/public/"))]
        self.words = set()
        for name in headers:
            self.words.update(re.findall(r"\w+", self.text(name)))
        self.words.update(re.findall(r"\b(?:async_socket|ASYNC_SOCKET)_\w+", self.text("CMakeLists.txt")))
        self.words.update(
            word
            for name in self.files
            if name.endswith((".cmake", "CMakeLists.txt"))
            for word in re.findall(r"\b(?:async_socket|ASYNC_SOCKET)_\w+", self.text(name))
        )
        self.requirements = set()
        for name in self.files:
            if name.startswith("docs/requirements/"):
                self.requirements.update(REQUIREMENT.findall(self.text(name)))

    def text(self, name):
        return (self.project / name).read_text(encoding="utf-8")

    def has_file(self, name):
        """Whether a file or a directory has this path or ends in it."""
        name = name.rstrip("/")
        return (self.project / name).exists() or any(f"/{each}".endswith(f"/{name}") for each in self.files)


def declares_test(text, suite, case):
    gtest = re.search(rf"\bTEST(?:_F|_P)?\({suite}, {case}\)", text)
    unittest = re.search(rf"^class {suite}\b.*?^    def {case}\(", text, re.MULTILINE | re.DOTALL)
    return bool(gtest or unittest)


def check_links(tree, document):
    for line, text, target in document.links:
        place = f"{document.path}:{line}"
        parts = urllib.parse.urlsplit(target)
        if parts.scheme:
            if parts.scheme != "https":
                yield f"{place}: {target}: not https"
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document.path), parts.path)) if parts.path else document.path
        own = path == document.path
        if path.startswith("..") or not (own or (tree.project / path).exists()):
            yield f"{place}: {target}: there is no such file"
            continue
        if parts.fragment:
            anchors = document.anchors if own else tree.documents[path].anchors if path in tree.documents else ()
            if parts.fragment not in anchors:
                yield f"{place}: {target}: there is no such heading"
        name = text.strip("`")
        if path.startswith("tests/") and not path.endswith(".md"):
            if not TEST_NAME.fullmatch(name) or not (tree.project / path).is_file():
                if path.endswith("_test.cpp"):
                    yield f"{place}: {target}: a link to a test that does not name the case"
            elif not declares_test(tree.text(path), *name.split(".")) and name != posixpath.basename(path):
                yield f"{place}: {path} has no test {name}"


def check_names(tree, document):
    for line, code in document.inline_code:
        place = f"{document.path}:{line}"
        for requirement in REQUIREMENT.findall(code):
            if requirement not in tree.requirements:
                yield f"{place}: there is no requirement {requirement}"
        if FILE_NAME.fullmatch(code) and "/" in code and not code.startswith(("build/", "<")) and not tree.has_file(code):
            yield f"{place}: there is no file {code}"
        is_name = not FILE_NAME.fullmatch(code) and "SRS_" not in code
        for name in API_NAME.findall(code) if is_name else ():
            word = name.split("::")[-1]
            known = word in tree.words or "..." in code or (word.endswith("_") and any(w.startswith(word) for w in tree.words))
            if name.startswith("condition::"):
                known = re.search(rf"^    {word} = ASYNC_STATUS_", tree.text("include/async_socket/cpp/error.hpp"), re.MULTILINE)
            if not known and not name.startswith("std::errc"):
                yield f"{place}: no header and no CMake file names {name}"


def check_quotes(tree, document):
    for block in document.blocks:
        source = block.settings.get("quotes")
        if source is None:
            continue
        if not (tree.project / source).is_file():
            yield f"{block.place}: there is no file {source} to quote"
        elif not block.text.strip() or f"\n{block.text}" not in f"\n{tree.text(source)}":
            yield f"{block.place}: {source} does not have these lines"


def check(tree, document):
    for rule in (check_links, check_names, check_quotes):
        yield from rule(tree, document)
