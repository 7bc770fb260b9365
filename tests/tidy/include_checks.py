"""Who may include whom: cmake/layers.txt for our folders, a table for the headers of others."""
import re

from tree import Finding

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# One foreign header, one folder: pattern of the header, where it may be included.
FOREIGN = (
    (r"duckdb\.(h|hpp)", ("src/duck/",)),
    (r"sqlite3\.h", ("src/state/",)),
    (r"sodium(\.h|/.*)", ("src/state/",)),
    (r"curl/.*", ("src/http/",)),
    (r"simdjson(\.h|/.*)", ("src/decode/",)),
    (r"boost/.*", ("src/http_server/",)),
    (r"(zstd|zdict|zstd_errors)\.h", ("src/landing/",)),
    (r"toml\+\+/.*|toml\.hpp", ("src/config/",)),
    (r"CLI/.*", ("src/cli/", "simulator/main.cpp")),
    (r"openssl/.*", ("src/base/", "src/http/")),
    (r"nlohmann/.*", ("src/base/",)),
    (r"unicode/.*", ("src/calendar/",)),
    (r"phonenumbers/.*", ("src/phone/",)),
    (r"(histedit|editline/.*)(\.h)?", ("src/terminal/",)),
    (r"fmt/.*", ("src/", "simulator/")),
    # The operating system's and the compiler's own.
    (r"[a-z_]+|c[a-z]+", ("src/", "simulator/")),
    (r"(sys|netinet|arpa|linux|net|sanitizer)/.*", ("src/", "simulator/")),
    (r"(unistd|fcntl|signal|poll|langinfo|pwd|grp|spawn|time|dlfcn|dirent|errno|limits|netdb|pthread|sched|malloc|"
     r"stdio|stdlib|string|strings|termios|execinfo|immintrin|x86intrin|arm_neon)\.h", ("src/", "simulator/")),
)


def read_layers(tree):
    """folder -> set of folders it may include, or None for all."""
    layers = {}
    for line in tree.lines("cmake/layers.txt"):
        match = re.match(r"^([a-z_/]+):(.*)$", line)
        if match:
            allowed = match[2].split()
            layers[match[1]] = None if allowed == ["*"] else set(allowed)
    return layers


def folder_of(path, layers):
    """The folder a file or an included path belongs to: the longest name of the table, or None."""
    name = path.rpartition("/")[0]
    return name if name in layers else None


def check_layers(tree):
    """includes between our folders follow cmake/layers.txt"""
    layers = read_layers(tree)
    for path in tree.cpp_files("src/", "simulator/"):
        folder = folder_of(path.removeprefix("src/"), layers)
        if folder is None:
            yield Finding(path, 0, "its folder has no line in cmake/layers.txt")
            continue
        for number, line in enumerate(tree.lines(path), 1):
            match = INCLUDE.match(line)
            if match and match[1] == '"':
                problem = include_problem(tree, layers, folder, match[2])
                if problem:
                    yield Finding(path, number, problem)


def include_problem(tree, layers, folder, included):
    if "/" not in included or included.startswith("."):
        return f'#include "{included}": write the path from src/, as in "base/result.hpp"'
    other = folder_of(included, layers)
    root = "" if included.startswith("simulator/") else "src/"
    if other is None:
        return f'#include "{included}": no folder of cmake/layers.txt; foreign headers take <>'
    if not tree.exists(root + included):
        return f'#include "{included}": no such file'
    if other in (folder, "base"):
        return None
    allowed = layers[folder]
    if allowed is None:
        return f'#include "{included}": nothing includes the simulator' if other == "simulator" else None
    if other not in allowed:
        known = " ".join(sorted(allowed)) or "nothing"
        return f'#include "{included}": {folder} may include {known} (and base), by cmake/layers.txt'
    return None


def check_foreign_headers(tree):
    """each foreign header is included in its one folder only"""
    for path in tree.cpp_files("src/", "simulator/"):
        for number, line in enumerate(tree.lines(path), 1):
            match = INCLUDE.match(line)
            if not match or match[1] != "<":
                continue
            rule = next((places for pattern, places in FOREIGN if re.fullmatch(pattern, match[2])), None)
            if rule is None:
                yield Finding(path, number, f"<{match[2]}>: unknown foreign header; give it a folder in "
                              "tests/tidy/include_checks.py")
            elif not path.startswith(rule):
                yield Finding(path, number, f"<{match[2]}> belongs in {' and '.join(rule)} only")
