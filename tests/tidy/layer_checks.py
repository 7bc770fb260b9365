"""The folders of src/ as the documents tell of them: the table of layers, a README each, caps of lines."""
import re

from include_checks import read_layers
from tree import Finding

TABLE = "docs/architecture.md"
ROW = re.compile(r"^\| `(?:src/)?([\w/]+)` \|.*\| ([^|]*) \|$")
README_LINES_MAX = 10
FILE_LINES_MAX = 500
FOLDER_LINES_MAX = {"app": 1000}
SOURCES = (".cpp", ".hpp", ".h")


def table_rows(tree):
    """folder -> (line, set of folders it may include or None for all), as the document has it."""
    rows = {}
    for number, line in enumerate(tree.lines(TABLE), 1):
        match = ROW.match(line)
        if match:
            names = [name.strip() for name in match[2].split(",")]
            rows[match[1]] = (number, None if names == ["everything"] else set(names) - {"-"})
    return rows


def check_layer_table(tree):
    """the table of layers in docs/architecture.md equals cmake/layers.txt"""
    rows, layers = table_rows(tree), read_layers(tree)
    for folder, allowed in layers.items():
        if folder not in rows:
            yield Finding(TABLE, 0, f"no row for {folder}, which cmake/layers.txt has")
        elif rows[folder][1] != allowed:
            said = "everything" if allowed is None else ", ".join(sorted(allowed)) or "-"
            yield Finding(TABLE, rows[folder][0], f"{folder} may include {said}, by cmake/layers.txt")
    for folder in sorted(set(rows) - set(layers)):
        yield Finding(TABLE, rows[folder][0], f"{folder} has no line in cmake/layers.txt")


def source_folders(tree):
    """folder -> its own C++ files."""
    folders = {}
    for path in tree.cpp_files("src/"):
        folders.setdefault(path.rpartition("/")[0], []).append(path)
    return folders


def check_folders_are_there(tree):
    """each line of cmake/layers.txt has a folder with sources"""
    folders = source_folders(tree)
    for folder in read_layers(tree):
        if folder != "simulator" and f"src/{folder}" not in folders:
            yield Finding("cmake/layers.txt", 0, f"{folder}: there is no src/{folder} with sources")


def check_readmes(tree):
    """each folder of src/ has a README of at most ten lines: what it is for, what may enter, what not"""
    for folder in source_folders(tree):
        path = f"{folder}/README.md"
        if not tree.exists(path):
            yield Finding(folder, 0, "has no README.md: what it is for, what may enter, what not")
            continue
        lines = tree.lines(path)
        if len(lines) > README_LINES_MAX:
            yield Finding(path, 0, f"{len(lines)} lines; at most {README_LINES_MAX}")
        for fact in ("May enter:", "Stays out:"):
            if not any(fact in line for line in lines):
                yield Finding(path, 0, f"does not say `{fact}`")


def lines_of(tree, files):
    return sum(len(tree.lines(path)) for path in files)


def check_caps(tree):
    """no file of src/ has more than 500 lines (catalogues excepted), src/app no more than 1,000 in all"""
    for folder, files in source_folders(tree).items():
        cap = FOLDER_LINES_MAX.get(folder.removeprefix("src/"))
        if cap is not None and lines_of(tree, files) > cap:
            yield Finding(folder, 0, f"{lines_of(tree, files)} lines; at most {cap}: move what is no wiring")
        for path in files:
            if len(tree.lines(path)) > FILE_LINES_MAX:
                yield Finding(path, 0, f"{len(tree.lines(path))} lines; at most {FILE_LINES_MAX}: split it")


def folder_table(tree):
    """Lines by folder, for whoever runs the checks."""
    for folder, files in sorted(source_folders(tree).items()):
        cap = FOLDER_LINES_MAX.get(folder.removeprefix("src/"))
        limit = f" (at most {cap:,})" if cap else ""
        yield f"  {folder:<26}{len(files):>4} files {lines_of(tree, files):>7,} lines{limit}"
