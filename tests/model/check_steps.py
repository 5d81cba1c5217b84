#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds a model to the code that it models.

A line "//@ FILE FUNCTION: TEXT" of a model says that the function has this text, comments and white space apart. Texts of
one function stand in the model in the order of the code. Where the model names a function, it names every step of it:
what is left of the function without the texts must not match a pattern of STEPS. And no function of the code may take
such a step without being named.
"""

import argparse
import collections
import pathlib
import re
import sys

MARK = re.compile(r"^\s*(?:::\s*)?//@")
REFERENCE = re.compile(r"//@ (\S+) (~?\w+): (.+)$")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def squeezed(text):
    return re.sub(r"\s+", "", text)


def body_from(text, opening):
    depth = 0
    for position in range(opening, len(text)):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            return text[opening : position + 1]
    return text[opening:]


def body_of(text, name):
    """The body of the function of this name."""
    for match in re.finditer(rf"(?<![\w~]){name}\(", text):
        depth, position = 1, match.end()
        while position < len(text) and depth != 0:
            depth += {"(": 1, ")": -1}.get(text[position], 0)
            position += 1
        after = re.match(r"\s*(?:const)?\s*(?:noexcept)?\s*(?::[^{};]*)?\{", text[position:])
        # A call in a condition looks the same, but is part of a bracket that is still open.
        if after and text[: match.start()].count("(") == text[: match.start()].count(")"):
            return body_from(text, position + after.end() - 1)
    return None


def body_of_class(text, name):
    match = re.search(rf"\bclass {name}\b[^;{{]*\{{", text)
    return body_from(text, match.end() - 1) if match else None


def functions_of(text):
    return {match[1] for match in re.finditer(r"\b(?:\w+::)*(~?\w+)\([^;{}]*\)\s*(?:const)?\s*(?:noexcept)?\s*(?::[^{};]*)?\{", text)} - {
        "if",
        "while",
        "for",
        "switch",
        "decltype",
    }


def check_references(root, model, step, problems):
    """The functions that the model names, by file."""
    named = collections.defaultdict(dict)
    for line_number, line in enumerate(model.read_text(encoding="utf-8").splitlines(), 1):
        if not MARK.match(line):
            continue
        match = REFERENCE.search(line)
        if match is None:
            problems.append(f"{model.name}:{line_number}: not of the form //@ FILE FUNCTION: TEXT")
        else:
            named[match[1]].setdefault(match[2], []).append((line_number, match[3].strip()))
    for file, functions in named.items():
        path = root / file
        if not path.is_file():
            problems.append(f"{model.name}: there is no {file}")
            continue
        text = without_comments(path.read_text(encoding="utf-8"))
        for function, references in functions.items():
            body_of_the_class = body_of_class(text, function)
            body = body_of_the_class or body_of(text, function)
            if body is None:
                problems.append(f"{model.name}: {file} has no {function}")
                continue
            rest, behind = squeezed(body), ""
            for line_number, wanted in references:
                before, found, after = rest.partition(squeezed(wanted))
                if not found:
                    where = "no longer has" if squeezed(wanted) not in squeezed(body) else "has in another order"
                    problems.append(f"{model.name}:{line_number}: {function} in {file} {where}: {wanted}")
                    continue
                behind, rest = behind + before + ";", after
            forgotten = None if body_of_the_class else step.search(behind + rest)
            if forgotten:
                problems.append(f"{model.name}: does not name a step of {function} in {file}: {forgotten[0]}")
    return named


def check_completeness(root, named, files, step, exempt, problems):
    """No other function may take such a step."""
    for path in sorted(file for pattern in files for file in root.glob(pattern)):
        file = str(path.relative_to(root))
        text = without_comments(path.read_text(encoding="utf-8"))
        for function in sorted(functions_of(text) - set(named.get(file, {})) - exempt):
            body = body_of(text, function)
            if body is not None and step.search(squeezed(body)):
                problems.append(f"{file}: {function} takes a step that the model does not name: {step.search(squeezed(body))[0]}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--steps", required=True, help="regular expression of what is a step")
    parser.add_argument("--in", dest="files", action="append", default=[], help="files that take steps, as a glob")
    parser.add_argument("--exempt", action="append", default=[], help="function that need not be named")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    problems = []
    step = re.compile(arguments.steps)
    named = check_references(arguments.root, arguments.model, step, problems)
    check_completeness(arguments.root, named, arguments.files, step, set(arguments.exempt), problems)
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"{arguments.model.name}: every step is where the model says: {sum(len(each) for each in named.values())} functions")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
