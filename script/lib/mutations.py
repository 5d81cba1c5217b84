# SPDX-License-Identifier: MIT
"""Finds the places in C++ sources where a small change should make a test fail."""

import dataclasses
import hashlib
import re


@dataclasses.dataclass(frozen=True)
class Mutation:
    path: str
    line: int
    kind: str
    # Where in the file's text, and what stands there now and afterwards.
    offset: int
    old: str
    new: str
    # The line by what stands in it, which stays the same when something is added above it.
    place: str = ""

    @property
    def identity(self):
        return f"{self.path}:{self.line}:{self.offset}:{self.kind}:{self.old}:{self.new}"

    def applied_to(self, text):
        end = self.offset + len(self.old)
        assert text[self.offset : end] == self.old, f"{self.path} is not the file that was looked through"
        return text[: self.offset] + self.new + text[end:]

    def __str__(self):
        return f"{self.kind}: {shown(self.old)} -> {shown(self.new)}"


def shown(text):
    words = " ".join(text.split()) or "nothing"
    return words if len(words) <= 60 else f"{words[:40]} ... {words[-15:]}"


HIDDEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|^[ \t]*#(?:\\\n|[^\n])*', re.DOTALL | re.MULTILINE)
# Declarations and what is decided by the compiler; and orders of memory, which no test can be relied on to notice.
LEFT_ALONE = re.compile(r"\b(?:static_assert|assert|requires|concept|operator|template|typedef|using|atomic_thread_fence)\b")


def masked(text):
    """The text with every character of comments, strings and preprocessor lines replaced by a blank."""
    return HIDDEN.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def closing(text, opening):
    """Where the bracket that stands at `opening` is closed; -1 where it is not."""
    depth = 0
    for position in range(opening, len(text)):
        if text[position] in "([{":
            depth += 1
        elif text[position] in ")]}":
            depth -= 1
            if depth == 0:
                return position
    return -1


def negated_conditions(code):
    """The conditions of if and while; and of comparisons for equality each as its opposite."""
    for match in re.finditer(r"\b(?:if|while) \(", code):
        begin = match.end()
        end = closing(code, begin - 1)
        if end < 0:
            continue
        semicolon = code.rfind(";", begin, end)
        if semicolon >= 0:
            begin = semicolon + 1 + (code[semicolon + 1] == " ")
        condition = code[begin:end]
        # A declaration is no condition that could be negated; that of a single comparison comes below.
        if not re.search(r"(?<![=!<>+\-*/&|^])=(?!=)|^[^&|?]* [=!]= [^&|?]*$", condition):
            yield "negated condition", begin, end, lambda old: f"!({old})"
    for match in re.finditer(r" (==|!=) ", code):
        new = "!=" if match[1] == "==" else "=="
        yield "negated condition", match.start(1), match.end(1), lambda old, new=new: new


CALL = re.compile(r"(?<=[;{}:)])\s*\n[ \t]+((?:[A-Za-z_]\w*(?:::|\.|->|\(\)\.|\(\)->|\[\w*\]\.|\[\w*\]->))*(?P<name>[A-Za-z_]\w*)\()")
NO_CALL = {"if", "while", "for", "switch", "return", "sizeof", "decltype", "noexcept", "catch"}


def dropped_calls(code):
    """Statements that are nothing but a call."""
    for match in CALL.finditer(code):
        end = closing(code, match.end(1) - 1)
        if match["name"] in NO_CALL or end < 0 or code[end + 1 : end + 2] != ";":
            continue
        # A constructor's declaration looks the same.
        if re.search(rf"\b(?:class|struct)\s+{match['name']}\b", code):
            continue
        yield "dropped call", match.start(1), end + 1, lambda old: "static_cast<void>(0)"
    for match in re.finditer(r"\n[ \t]+(delete(?:\[\])? [^;]*);", code):
        yield "dropped call", match.start(1), match.end(1), lambda old: "static_cast<void>(0)"


def off_by_one(code):
    other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
    for match in re.finditer(r" (<=?|>=?) ", code):
        yield "off by one", match.start(1), match.end(1), lambda old: other[old]
    for match in re.finditer(r" [+\-] 1\b(?![.'xX])", code):
        yield "off by one", match.start(), match.end(), lambda old: ""


def swapped_constants(code, neighbours):
    for match in re.finditer(r"\b(true|false)\b", code):
        yield "swapped constant", match.start(), match.end(), lambda old: "false" if old == "true" else "true"
    for match in re.finditer(r"\breturn ([01]);", code):
        yield "swapped constant", match.start(1), match.end(1), lambda old: "1" if old == "0" else "0"
    for match in re.finditer(r"(?:\b(\w+)::)?\b([A-Za-z_]\w*)\b(?!\s*\(|::)", code):
        # The enumerators of a scoped enum are found by its name, those of others by their own.
        neighbour = neighbours.get((match[1], match[2])) or neighbours.get((None, match[2]))
        begin_of_line = code.rfind("\n", 0, match.start()) + 1
        if neighbour and not re.match(r"\s*(?:case|enum)\b", code[begin_of_line : match.start()]):
            yield "swapped constant", match.start(2), match.end(2), lambda old, new=neighbour: new


def weakened_checks(code):
    """The first part of an && or || alone."""
    for match in re.finditer(r" (?:&&|\|\|)\s", code):
        position = match.end()
        while position < len(code):
            if code[position] in "([{":
                position = closing(code, position)
                if position < 0:
                    break
            elif code[position] in ")]};,?" or re.match(r" (?:&&|\|\|)\s", code[position : position + 4]):
                yield "weakened check", match.start(), position, lambda old: ""
                break
            position += 1


def enumerators(texts):
    """What stands beside each enumerator of the enums that are defined in the texts: (scope or None, name) to a name."""
    neighbours = {}
    for text in texts:
        for match in re.finditer(r"\benum\b\s*(class\s+|struct\s+)?(\w+)?[^;{]*\{([^}]*)\}", masked(text)):
            names = [name for part in match[3].split(",") if (name := part.split("=")[0].strip())]
            for name, neighbour in zip(names, [*names[1:], *names[:1]]):
                if name != neighbour and re.fullmatch(r"\w+", name):
                    neighbours[match[2] if match[1] else None, name] = neighbour
    return neighbours


def mutations_of(path, text, neighbours):
    code = masked(text)
    places = places_of(path, text)
    found = {}
    for kind, begin, end, change in [
        *negated_conditions(code),
        *dropped_calls(code),
        *off_by_one(code),
        *swapped_constants(code, neighbours),
        *weakened_checks(code),
    ]:
        first, last = code.rfind("\n", 0, begin) + 1, code.find("\n", end)
        if LEFT_ALONE.search(code[first:last]) or re.match(r"\s*enum\b", code[first:last]):
            continue
        old, line = text[begin:end], text.count("\n", 0, begin) + 1
        mutation = Mutation(path, line, kind, begin, old, change(old), places[line - 1])
        found.setdefault(mutation.identity, mutation)
    return sorted(found.values(), key=lambda mutation: (mutation.offset, mutation.kind, mutation.new))


def places_of(path, text):
    """A name for each line: what stands in it, and how many of the same stand above it."""
    seen, places = {}, []
    for line in text.split("\n"):
        words = " ".join(line.split())
        seen[words] = seen.get(words, 0) + 1
        places.append(f"{path}:{words}:{seen[words]}")
    return places


def chosen(mutations, seed):
    """All of them in an order that the seed gives: each line once, then each line again.

    Where a mutation stands in the order depends on its own line and on the seed, not on the other lines. So a change of the
    sources replaces the mutations of the lines that it touches, and leaves the others in their order."""

    def drawn(*what):
        return hashlib.sha256(repr((seed, *what)).encode()).digest()

    lines = {}
    for mutation in mutations:
        lines.setdefault((mutation.path, mutation.line), []).append(mutation)
    order = []
    for of_line in lines.values():
        of_line.sort(key=lambda each: drawn(each.place, each.kind, each.old, each.new))
        order.extend((turn, drawn(turn, each.place), each) for turn, each in enumerate(of_line))
    return [mutation for _, _, mutation in sorted(order, key=lambda entry: entry[:2])]
