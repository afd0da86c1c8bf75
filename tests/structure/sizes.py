#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Files, functions and parameter lists stay small."""
import re

from source import ROOMS, Tap, bare_c, c_files, read

FILE_LINES = 400
FUNCTION_LINES = 70
PARAMETERS = 5


def without_preprocessor(text):
    """Blanks #-lines with their continuations, so that braces in macros do not count."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*",
                  lambda match: "\n" * match.group(0).count("\n"), text, flags=re.MULTILINE)


def without_attributes(text):
    return re.sub(r"__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)", lambda match:
                  "\n" * match.group(0).count("\n"), text)


def outer_chunks(text):
    """(text before it, '{' or ';', offset, offset of the end) of whatever stands outside braces."""
    depth = start = opened = 0
    for offset, sign in enumerate(text):
        if sign == "{":
            if depth == 0:
                opened = offset
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield start, opened, offset
                start = offset + 1
        elif sign == ";" and depth == 0:
            yield start, offset, None
            start = offset + 1


def parameter_list(head):
    """(name, parameters, offset) of a chunk that ends in a parameter list, else None. The offset is
    that of the return type: calls of macros may stand before it, without a semicolon."""
    head = head.rstrip()
    if not head.endswith(")") or "=" in head or head.lstrip().startswith("typedef"):
        return None
    depth = 0
    for offset in range(len(head) - 1, -1, -1):
        depth += (head[offset] == ")") - (head[offset] == "(")
        if depth == 0:
            break
    declared = re.search(r"[\w\s*]*?(\w+)\s*$", head[:offset])
    if not declared:
        return None
    begin = declared.start() + len(declared.group(0)) - len(declared.group(0).lstrip())
    return declared.group(1), head[offset + 1:-1].strip(), begin


def count_parameters(inside):
    if inside in ("", "void"):
        return 0
    depth, parts, last = 0, [], ""
    for sign in inside:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            parts.append(last)
            last = ""
        else:
            last += sign
    return sum(part.strip() != "..." for part in parts + [last])


def functions(path):
    """(name, first line, lines or 0 for a prototype, parameters)"""
    text = without_attributes(without_preprocessor(bare_c(read(path))))
    for start, opened, closed in outer_chunks(text):
        found = parameter_list(text[start:opened])
        if not found:
            continue
        name, inside, begin = found
        if name == "START_TEST":
            name = inside
        first = text.count("\n", 0, start + begin) + 1
        lines = text.count("\n", 0, closed) + 2 - first if closed else 0
        yield name, first, lines, count_parameters(inside)


def long_files():
    for path in c_files(*ROOMS):
        lines = read(path).count("\n")
        if lines > FILE_LINES:
            yield f"{path}: {lines} lines, so it has two jobs"


def main():
    tap = Tap()
    found = [(path, *each) for path in c_files() for each in functions(path)]
    tap.case(f"no file of the rooms has more than {FILE_LINES} lines", long_files())
    tap.case(f"no function has more than {FUNCTION_LINES} lines",
             (f"{path}:{line}: {name} has {lines}" for path, line, name, lines, _ in
              ((p, f, n, l, c) for p, n, f, l, c in found) if lines > FUNCTION_LINES))
    tap.case(f"no function has more than {PARAMETERS} parameters",
             (f"{path}:{line}: {name} has {count}" for path, name, line, _, count in found
              if count > PARAMETERS))
    tap.case("the scanner saw functions in every room",
             (room for room in ROOMS
              if not any(path.startswith(room + "/") and lines for path, _, _, lines, _ in found)))
    tap.done()


if __name__ == "__main__":
    main()
