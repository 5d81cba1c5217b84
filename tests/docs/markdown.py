# SPDX-License-Identifier: MIT
"""What the tests of the documents need to know of a Markdown file: its blocks of code, headings and links.

A block may have a directive, a comment on the line above its fence:

    <!-- doc: WORD key=value ... -->

compiled.py says what the directives of C and C++ mean, built.py those of CMake; shell.py has none.
"""

import dataclasses
import pathlib
import re
import shlex

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([\w+-]*)\s*$")
DIRECTIVE = re.compile(r"^<!--\s*doc:\s*(.*?)\s*-->$")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
LINK = re.compile(r"!?\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)")
INLINE_CODE = re.compile(r"(`+)(.+?)\1")
# Where documents are; what is built or fetched is nobody's document.
PLACES = ("*.md", "docs/**/*.md", "packaging/**/*.md", "examples/**/*.md", "tools/**/*.md", ".github/**/*.md", "bench/**/*.md")


@dataclasses.dataclass
class Block:
    path: str
    line: int  # of the first line of the code
    language: str
    text: str
    words: list = dataclasses.field(default_factory=list)
    settings: dict = dataclasses.field(default_factory=dict)

    @property
    def place(self):
        return f"{self.path}:{self.line}"


@dataclasses.dataclass
class Document:
    path: str
    blocks: list = dataclasses.field(default_factory=list)
    anchors: set = dataclasses.field(default_factory=set)
    links: list = dataclasses.field(default_factory=list)  # (line, text, target)
    inline_code: list = dataclasses.field(default_factory=list)  # (line, text)


class Malformed(Exception):
    """A file that is not what the tests can read; so nothing in it goes unchecked."""


def anchor_of(heading):
    """The anchor that GitHub gives to a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def directive_of(line):
    words, settings = [], {}
    match = DIRECTIVE.match(line)
    for word in shlex.split(match[1]) if match else ():
        key, equals, value = word.partition("=")
        if equals:
            settings[key] = value
        else:
            words.append(word)
    return words, settings


def read_text(path, text):
    document = Document(path)
    block = fence = None
    used = {}
    before = ""
    directive_line = 0
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if block is not None:
            if match and match[2] == fence and not match[3]:
                document.blocks.append(block)
                block = None
            else:
                block.text += line + "\n"
            before = ""
            continue
        if match:
            if match[1]:
                raise Malformed(f"{path}:{number}: a block of code that is indented")
            words, settings = directive_of(before)
            block = Block(path, number + 1, match[3], "", words, settings)
            fence = match[2]
            directive_line = 0
            continue
        if line.lstrip().startswith("```"):
            raise Malformed(f"{path}:{number}: a fence that is not understood")
        if directive_line:
            raise Malformed(f"{path}:{directive_line}: a directive that stands above no block")
        directive_line = number if DIRECTIVE.match(line) else 0
        if heading := HEADING.match(line):
            anchor = anchor_of(heading[1])
            count = used.get(anchor, 0)
            used[anchor] = count + 1
            document.anchors.add(anchor if count == 0 else f"{anchor}-{count}")
        document.anchors.update(re.findall(r'<a (?:id|name)="([^"]+)"', line))
        # A link that is shown as code is none.
        plain = INLINE_CODE.sub(lambda code: "" if "](" in code[2] else code[0], line)
        document.links += [(number, link["text"], link["target"]) for link in LINK.finditer(plain)]
        document.inline_code += [(number, code[2].strip()) for code in INLINE_CODE.finditer(line)]
        before = line
    if block is not None:
        raise Malformed(f"{path}:{block.line}: a block of code that does not end")
    return document


def documents(project):
    paths = sorted({path for place in PLACES for path in project.glob(place)})
    if not paths:
        raise Malformed(f"{project}: there is no document")
    return [read_text(path.relative_to(project).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def blocks(project, *languages):
    return [block for document in documents(project) for block in document.blocks if block.language in languages]


def project_of(argument):
    return pathlib.Path(argument).resolve()
