"""The files of a source tree, as the checks see them."""
import os

SKIPPED_FOLDERS = {"build", ".git", "node_modules", "__pycache__", "falaj-home", "falaj-demo", "dist"}
TEXT_ENDINGS = (".cpp", ".hpp", ".h", ".c", ".py", ".js", ".mjs", ".ts", ".sql", ".md", ".txt", ".cmake",
                ".toml", ".json", ".sh", ".yml", ".yaml", ".lock", ".html", ".css", ".service")
TEXT_FOLDERS = ("tools/", ".ci/")


class Finding:
    """One thing to mend: file, line (0 = the whole file) and what is wrong with it."""

    def __init__(self, path, line, text):
        self.path, self.line, self.text = path, line, text

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


class Tree:
    """Paths below a root, relative and with "/", and the lines of the text files among them."""

    def __init__(self, root, build_dir=None):
        self.root = os.path.abspath(root)
        self.build_dir = build_dir
        self.paths = sorted(self._walk())
        self._lines = {}

    def _walk(self):
        for folder, folders, files in os.walk(self.root):
            folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and (f == ".ci" or f[0] != ".")]
            for name in files:
                yield os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/")

    def absolute(self, path):
        return os.path.join(self.root, path)

    def exists(self, path):
        return os.path.exists(self.absolute(path))

    def lines(self, path):
        if path not in self._lines:
            with open(self.absolute(path), encoding="utf-8", errors="replace") as file:
                self._lines[path] = file.read().splitlines()
        return self._lines[path]

    def text_files(self):
        for path in self.paths:
            if path.endswith(TEXT_ENDINGS) or path.startswith(TEXT_FOLDERS) or path == "Makefile":
                yield path

    def cpp_files(self, *folders):
        for path in self.paths:
            if path.endswith((".cpp", ".hpp", ".h")) and path.startswith(folders):
                yield path
