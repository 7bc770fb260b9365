"""Lengths of C++ functions, held by a ratchet: what is too long may shrink, never grow."""
import re

from tree import Finding

LIMIT = 70
RATCHET = "tests/tidy/long_functions.txt"

NOISE = re.compile(
    r'R"([^\s()\\]{0,16})\(.*?\)\1"'      # raw string
    r"|//[^\n]*|/\*.*?\*/"                # comments
    r'|"(?:\\.|[^"\\\n])*"'               # string
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"  # character, not a digit separator
    r"|^[ \t]*#(?:[^\n]*\\\n)*[^\n]*",    # preprocessor line, with its continuations
    re.S | re.M)
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b(?!.*\)\s*$)", re.S)
FUNCTION = re.compile(
    r"\)\s*((const|volatile|noexcept(\s*\([^()]*\))?|override|final|mutable|try|&&?|->\s*[\w:<>,\s*&]+)\s*)*$")
INITIALIZED = re.compile(r"\)\s*(noexcept\s*)?:\s[^;]*[\w})>]\s*$", re.S)  # constructor with : a_{...}
NAME = re.compile(r"([~\w:]+|operator\s*\S+)\s*\(")


def blank(match):
    """Noise becomes spaces; line breaks stay, so that line numbers do."""
    return re.sub(r"[^\n]", " ", match[0])


def functions(text):
    """(name, first line, lines) of each outermost function body in a C++ text."""
    code = NOISE.sub(blank, text)
    stack = []          # of "container", "function", "init"
    head, head_line, line = "", 1, 1
    name = start = None
    for character in code:
        if character == "\n":
            line += 1
        if "function" in stack:
            if character == "{":
                stack.append("inner")
            elif character == "}" and stack.pop() == "function":
                yield name, start, line - start + 1
                head = ""
            continue
        if character == "{":
            kind = scope_kind(head)
            stack.append(kind)
            if kind == "function":
                name, start = function_name(head), head_line
            elif kind == "container":
                head = ""
        elif character == "}":
            if stack and stack.pop() == "container":
                head = ""
            else:
                head += "}"
        elif character == ";" and "init" not in stack:
            head = ""
        elif not stack or stack[-1] != "init":
            if not head.strip():
                head_line = line
            head += character


def scope_kind(head):
    if CONTAINER.search(head) and not FUNCTION.search(head):
        return "container"
    if FUNCTION.search(head):
        return "function"
    if INITIALIZED.search(head) and head.rstrip().endswith("}"):
        return "function"
    return "init"


def function_name(head):
    """The name before the first parenthesis; a test's two names."""
    flat = " ".join(head.split())
    test = re.search(r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST)\s*\(([^)]*)\)", flat)
    if test:
        return re.sub(r"\s*,\s*", ".", test[1])
    match = NAME.search(flat)
    return match[1].replace(" ", "") if match else "?"


def long_functions(tree):
    """(path, name) -> (first line, lines) of every function over the limit."""
    found = {}
    for path in tree.cpp_files("src/", "simulator/", "tests/", "bench/"):
        for name, start, lines in functions("\n".join(tree.lines(path))):
            if lines > LIMIT and lines > found.get((path, name), (0, 0))[1]:
                found[(path, name)] = (start, lines)
    return found


def read_ratchet(tree):
    """(path, name) -> lines allowed."""
    allowed = {}
    if tree.exists(RATCHET):
        for line in tree.lines(RATCHET):
            if line and not line.startswith("#"):
                path, name, lines = line.split()
                allowed[(path, name)] = int(lines)
    return allowed


def check_function_lengths(tree):
    """functions have at most 70 lines; those of the ratchet file only shrink"""
    found, allowed = long_functions(tree), read_ratchet(tree)
    for (path, name), (start, lines) in found.items():
        limit = allowed.get((path, name), LIMIT)
        if lines > limit:
            yield Finding(path, start, f"{name} has {lines} lines; at most {limit}")
    for (path, name), limit in allowed.items():
        lines = found.get((path, name), (0, 0))[1]
        if lines < limit:
            yield Finding(RATCHET, 0, f"{path} {name} has shrunk below {limit}: "
                          "run tests/tidy/check.py --lower-ratchet")


def lower_ratchet(tree):
    """Rewrites the ratchet file with today's smaller numbers; never adds or raises one."""
    found, allowed = long_functions(tree), read_ratchet(tree)
    kept = {key: min(limit, found[key][1]) for key, limit in allowed.items() if key in found}
    head = [line for line in tree.lines(RATCHET) if line.startswith("#")]
    body = [f"{path} {name} {lines}" for (path, name), lines in sorted(kept.items())]
    with open(tree.absolute(RATCHET), "w", encoding="utf-8") as file:
        file.write("\n".join(head + body) + "\n")
