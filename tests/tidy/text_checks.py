"""Names, sizes, words and paths in the files; what a SQL model opens with; registered tests."""
import glob
import json
import os
import re

from tree import Finding

LINES_MAX = 800
BANNED_STEM = re.compile(r"(?:.*_)?(?:utils?|helpers?|common|misc)|types")
# Written apart, so that this file passes its own check.
UNFINISHED = re.compile("|".join((
    r"\bTO" r"DO\b", r"\bFIX" r"ME\b", r"\bXX" r"X\b", r"\bHA" r"CK\b", r"\bT" r"BD\b",
    r"(?i:\blorem" r" ipsum\b)", r"(?i:\bnot" r" implemented yet\b)", r"(?i:\bcoming" r" soon\b)",
    r"(?i:\bchange" r"me\b)", r"(?i:\bfill" r" me in\b)")))
NOT_OURS = re.compile("|".join((
    r"(?<![\w.~-])/(?:work|root)/[\w.]", r"(?i:\bregistry\." r"npmjs\b)", r"(?i:\bpypi\." r"org\b)",
    r"(?i:\bpython" r"hosted\b)", r"(?i:\bdeb\.debian\." r"org\b)", r"(?i:\bproxy\.golang\." r"org\b)",
    r"(?i:\bcrates\." r"io\b)")))
UNSIZED = ("package-lock.json", ".md", ".parquet")
MODEL_FACTS = ("grain", "keys", "materialisation", "checks")
DOC_PATH = re.compile(r"(?<![\w./~$}-])((?:src|tests|tools|cmake|bench|models|simulator|packaging|docs|web|"
                      r"integrations|\.ci)/[\w./*{},-]*[\w*}/])")
READERS_NAME = re.compile(r"(^|/)[A-Z]{2,}(/|$)")  # tests/unit/FOLDER/...: the reader's own name
DOC_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def check_names(tree):
    """no file or folder is called utils, helpers, common, types or misc"""
    for path in tree.paths:
        for part in path.split("/"):
            if BANNED_STEM.fullmatch(part.partition(".")[0]):
                yield Finding(path, 0, f"{part}: name it after what it holds")
                break


def check_file_sizes(tree):
    """no source file has more than 800 lines"""
    for path in tree.text_files():
        if not path.endswith(UNSIZED) and len(tree.lines(path)) > LINES_MAX:
            yield Finding(path, 0, f"{len(tree.lines(path))} lines; at most {LINES_MAX}: split it")


def check_unfinished(tree):
    """no word says that something is unfinished"""
    yield from matching_lines(tree, UNFINISHED, "finish it, or say what is missing in an issue")


def check_foreign_places(tree):
    """no path of one machine and no host of a package registry is written down"""
    yield from matching_lines(tree, NOT_OURS, "belongs to one machine or to a registry's client")


def matching_lines(tree, pattern, advice):
    for path in tree.text_files():
        for number, line in enumerate(tree.lines(path), 1):
            match = pattern.search(line)
            if match:
                yield Finding(path, number, f"{match[0]}: {advice}")


def check_doc_paths(tree):
    """paths and links in README.md, CONTRIBUTING.md and docs/ lead somewhere"""
    for path in tree.paths:
        if not (path.endswith(".md") and (path.startswith("docs/") or "/" not in path)):
            continue
        here = os.path.dirname(path)
        for number, line in enumerate(tree.lines(path), 1):
            for match in DOC_PATH.finditer(line):
                if not leads_somewhere(tree, match[1]) and not tree.exists(os.path.join(here, match[1])):
                    yield Finding(path, number, f"{match[1]} does not exist")
            for match in DOC_LINK.finditer(line):
                if ":" not in match[1] and not tree.exists(os.path.join(here, match[1])):
                    yield Finding(path, number, f"the link to {match[1]} leads nowhere")


def leads_somewhere(tree, path):
    """Whether a path, or each alternative of a/{b,c}.x, or some match of a/*.x exists."""
    if READERS_NAME.search(path):
        return True
    braces = re.search(r"\{([^{}]*)\}", path)
    if braces:
        return all(leads_somewhere(tree, path[:braces.start()] + part + path[braces.end():])
                   for part in braces[1].split(","))
    return bool(glob.glob(tree.absolute(path))) if "*" in path else tree.exists(path)


def check_models(tree):
    """each model under models/ opens with its grain, keys, materialisation and checks"""
    for path in tree.paths:
        if not (path.startswith("models/") and path.endswith(".sql")):
            continue
        opening = []
        for line in tree.lines(path):
            if line.strip() and not line.lstrip().startswith("--"):
                break
            opening.append(line.strip().lstrip("-").strip().lower())
        for fact in MODEL_FACTS:
            if not any(re.match(rf"{fact}\s*:", line) for line in opening):
                yield Finding(path, 1, f"its opening comment does not say `{fact}:`")


def check_registered_tests(tree):
    """each *_test.cpp under tests/ is compiled into a registered program"""
    if tree.build_dir is None:
        return
    with open(os.path.join(tree.build_dir, "compile_commands.json"), encoding="utf-8") as file:
        compiled = {os.path.realpath(os.path.join(entry["directory"], entry["file"]))
                    for entry in json.load(file)}
    for path in tree.cpp_files("tests/"):
        if path.endswith("_test.cpp") and os.path.realpath(tree.absolute(path)) not in compiled:
            yield Finding(path, 0, "no test program compiles it: see falaj_tests in tests/CMakeLists.txt")
