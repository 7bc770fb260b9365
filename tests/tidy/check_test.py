#!/usr/bin/env python3
"""Proves that each check of check.py can fail: a small good tree, broken in one way at a time."""
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check
import function_checks
import include_checks
import layer_checks
import text_checks
from tree import Tree

LAYERS = """# folder: may include
base:
rows:
duck:
decode: rows
warehouse: rows
warehouse/duckdb: warehouse rows duck
app: *
simulator: decode
"""
TABLE = """| `src/base` | x | - |
| `src/rows` | x | - |
| `src/duck` | x | - |
| `src/decode` | x | rows |
| `src/warehouse` | x | rows |
| `src/warehouse/duckdb` | x | warehouse, rows, duck |
| `src/app` | x | everything |
| `simulator` | x | decode |
"""
README = "# folder\n\nWhat it is for.\n\n- May enter: this.\n- Stays out: that.\n"
MODEL = """-- Orders, cleaned.
-- grain: one order
-- keys: order_id
-- materialisation: merge
-- checks: order_id unique
select 1
"""
GOOD = {
    "cmake/layers.txt": LAYERS,
    "src/base/result.hpp": "#pragma once\n#include <string>\n",
    "src/rows/schema.hpp": '#pragma once\n#include "base/result.hpp"\n',
    "src/decode/page.cpp": '#include <simdjson.h>\n#include "rows/schema.hpp"\nint f() { return 1; }\n',
    "src/duck/database.cpp": "#include <duckdb.h>\n#include <sys/stat.h>\n#include <fmt/format.h>\n",
    "src/warehouse/warehouse.hpp": '#include "rows/schema.hpp"\n',
    "src/warehouse/duckdb/lake.hpp": '#include "warehouse/warehouse.hpp"\n',
    "src/app/main.cpp": '#include "warehouse/duckdb/lake.hpp"\n',
    "simulator/store.hpp": '#include "base/result.hpp"\n',
    "models/silver/orders.sql": MODEL,
    "tests/unit/rows/schema_test.cpp": '#include "anything/goes.hpp"\n#include <duckdb.h>\n',
    "tests/tidy/long_functions.txt": "# ratchet\n",
    "README.md": "See [docs](docs/architecture.md#top), `src/rows/`, src/rows/schema.hpp, tests/FOLDER/x.cpp and models/*/orders.sql.\n",
    "docs/architecture.md": "Built into build/bin/falaj; [back](../README.md), `src/{base,rows}`.\n" + TABLE,
    **{f"src/{folder}/README.md": README for folder in ("base", "rows", "duck", "decode", "warehouse",
                                                        "warehouse/duckdb", "app")},
}


def long_function(name, lines):
    """A function of exactly so many lines, dressed to fool a counter of braces."""
    body = ["  // a comment with a { brace", '  text += "}}}"; text += R"({{)"; c = \'{\';']
    return "\n".join([f"Shop::{name}(int a) : a_{{a}}, b_(1'000) {{"] + body +
                     ["  f([] { g(); });"] * (lines - 4) + ["}"]) + "\n"


class CheckTest(unittest.TestCase):
    def findings(self, checker, changes=None, compiled=None):
        """What a check says about the good tree with some files changed (None = removed)."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**GOOD, **(changes or {})}.items():
                if text is not None:
                    os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
                    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                        file.write(text)
            build = os.path.join(root, "build")
            os.makedirs(build)
            sources = ["tests/unit/rows/schema_test.cpp"] if compiled is None else compiled
            with open(os.path.join(build, "compile_commands.json"), "w", encoding="utf-8") as file:
                json.dump([{"directory": root, "file": os.path.join(root, s)} for s in sources], file)
            return [str(finding) for finding in checker(Tree(root, build))]

    def assert_found(self, checker, changes, *expected):
        found = self.findings(checker, changes)
        self.assertEqual(len(found), len(expected), found)
        for finding, text in zip(found, expected):
            self.assertIn(text, finding)

    def test_good_tree_passes_every_check(self):
        for checker in check.CHECKS:
            self.assertEqual(self.findings(checker), [], checker.__name__)

    def test_layers(self):
        layers = include_checks.check_layers
        for path, line, problem in (
                ("src/rows/schema.hpp", '#include "decode/page.hpp"', "no such file"),
                ("src/rows/schema.hpp", '#include "warehouse/warehouse.hpp"', "rows may include nothing"),
                ("src/warehouse/warehouse.hpp", ' #  include "warehouse/duckdb/lake.hpp"', "warehouse may include rows"),
                ("src/app/main.cpp", '#include "simulator/store.hpp"', "nothing includes the simulator"),
                ("simulator/store.hpp", '#include "warehouse/warehouse.hpp"', "simulator may include decode"),
                ("src/rows/schema.hpp", '#include "result.hpp"', "path from src/"),
                ("src/rows/schema.hpp", '#include "../base/result.hpp"', "path from src/"),
                ("src/rows/schema.hpp", '#include "fmt/format.h"', "foreign headers take <>"),
                ("src/rows/new/x.hpp", "", "no line in cmake/layers.txt")):
            with self.subTest(line=line):
                self.assert_found(layers, {path: line + "\n"}, problem)

    def test_layer_table(self):
        table = layer_checks.check_layer_table
        document = GOOD["docs/architecture.md"]
        for change, problem in ((("| x | rows |\n| `src/warehouse/", "| x | rows, duck |\n| `src/warehouse/"),
                                 "warehouse may include rows"),
                                (("| `src/duck` | x | - |\n", ""), "no row for duck"),
                                (("| x | everything |", "| x | rows |"), "app may include everything"),
                                (("| `simulator`", "| `src/gone` | x | - |\n| `simulator`"), "gone has no line")):
            with self.subTest(change=change):
                self.assertIn(change[0], document)
                self.assert_found(table, {"docs/architecture.md": document.replace(*change)}, problem)

    def test_folders_of_layers(self):
        self.assert_found(layer_checks.check_folders_are_there, {"cmake/layers.txt": LAYERS + "orchestrate: rows\n"},
                          "no src/orchestrate")

    def test_readmes(self):
        path = "src/rows/README.md"
        self.assert_found(layer_checks.check_readmes, {path: None}, "has no README.md")
        self.assert_found(layer_checks.check_readmes, {path: README + "\n" * 5}, "11 lines; at most 10")
        self.assert_found(layer_checks.check_readmes, {path: README.replace("May enter", "x")}, "May enter:")
        self.assert_found(layer_checks.check_readmes, {path: README.replace("Stays out", "x")}, "Stays out:")

    def test_caps(self):
        caps = layer_checks.check_caps
        self.assertEqual(self.findings(caps, {"src/rows/x.cpp": "\n" * 500}), [])
        self.assert_found(caps, {"src/rows/x.cpp": "\n" * 501}, "501 lines; at most 500")
        self.assert_found(caps, {"src/app/a.cpp": "\n" * 500, "src/app/b.cpp": "\n" * 500}, "1001 lines; at most 1000")
        self.assertEqual(self.findings(caps, {"tests/unit/rows/schema_test.cpp": "\n" * 700}), [])

    def test_foreign_headers(self):
        for header, place in (("duckdb.h", "src/duck/"), ("sqlite3.h", "src/state/"), ("curl/curl.h", "src/http/"),
                              ("simdjson.h", "src/decode/"), ("boost/beast.hpp", "src/http_server/"),
                              ("zstd.h", "src/landing/"), ("toml++/toml.h", "src/config/"),
                              ("CLI/CLI.hpp", "src/cli/"), ("openssl/evp.h", "src/base/"),
                              ("nlohmann/json.hpp", "src/base/"), ("unicode/calendar.h", "src/calendar/"),
                              ("phonenumbers/phonenumberutil.h", "src/phone/")):
            with self.subTest(header=header):
                line = f"#include <{header}>\n"
                self.assert_found(include_checks.check_foreign_headers, {"src/rows/x.cpp": line}, "only")
                self.assertEqual(self.findings(include_checks.check_foreign_headers, {place + "x.cpp": line}), [])
        self.assert_found(include_checks.check_foreign_headers, {"src/rows/x.cpp": "#include <yaml-cpp/yaml.h>\n"},
                          "unknown foreign header")

    def test_function_lengths(self):
        lengths, path, ratchet = function_checks.check_function_lengths, "src/rows/x.cpp", function_checks.RATCHET
        two = "namespace a {\nclass B {\n  int c() const { return 1; }\n};\n"
        self.assertEqual(self.findings(lengths, {path: two + long_function("run", 70) + "}\n"}), [])
        self.assert_found(lengths, {path: two + long_function("run", 71) + "}\n"}, "Shop::run has 71 lines; at most 70")
        held = {path: long_function("run", 75), ratchet: f"{path} Shop::run 75\n"}
        self.assertEqual(self.findings(lengths, held), [])
        self.assert_found(lengths, {**held, path: long_function("run", 76)}, "76 lines; at most 75")
        self.assert_found(lengths, {**held, path: long_function("run", 74)}, "--lower-ratchet")
        self.assert_found(lengths, {**held, path: ""}, "--lower-ratchet")

    def test_lowering_the_ratchet_never_raises_it(self):
        with tempfile.TemporaryDirectory() as root:
            os.makedirs(os.path.join(root, "tests/tidy"))
            os.makedirs(os.path.join(root, "src/rows"))
            source = long_function("shrunk", 80) + long_function("grown", 90) + long_function("new", 99)
            with open(os.path.join(root, "src/rows/x.cpp"), "w", encoding="utf-8") as file:
                file.write(source)
            with open(os.path.join(root, function_checks.RATCHET), "w", encoding="utf-8") as file:
                file.write("# head\nsrc/rows/x.cpp Shop::shrunk 85\nsrc/rows/x.cpp Shop::grown 88\nsrc/gone.cpp f 99\n")
            function_checks.lower_ratchet(Tree(root))
            self.assertEqual(Tree(root).lines(function_checks.RATCHET),
                             ["# head", "src/rows/x.cpp Shop::grown 88", "src/rows/x.cpp Shop::shrunk 80"])

    def test_names(self):
        for path in ("src/rows/utils.hpp", "src/rows/row_helpers.cpp", "src/common/a.hpp", "tests/misc/a.py",
                     "src/rows/types.h"):
            with self.subTest(path=path):
                self.assert_found(text_checks.check_names, {path: ""}, "name it after what it holds")
        self.assertEqual(self.findings(text_checks.check_names, {"src/rows/column_types.hpp": ""}), [])

    def test_file_sizes(self):
        self.assertEqual(self.findings(text_checks.check_file_sizes, {"src/rows/x.cpp": "\n" * 800}), [])
        self.assert_found(text_checks.check_file_sizes, {"src/rows/x.cpp": "\n" * 801}, "801 lines")

    def test_unfinished(self):
        for word in ("TO" "DO", "FIX" "ME", "T" "BD", "lorem" " ipsum", "Not" " implemented yet"):
            with self.subTest(word=word):
                self.assert_found(text_checks.check_unfinished, {"src/rows/x.cpp": f"\n// {word}: x\n"}, "x.cpp:2: ")

    def test_foreign_places(self):
        for text in ("/wo" "rk/main/src", "/ro" "ot/.cache", "https://registry." "npmjs.org/x", "pypi." "org"):
            with self.subTest(text=text):
                self.assert_found(text_checks.check_foreign_places, {"tools/x": f"a '{text}'\n"}, "tools/x:1: ")
        self.assertEqual(self.findings(text_checks.check_foreign_places, {"tools/x": "net" "work/main\n"}), [])

    def test_doc_paths(self):
        for text, problem in (("`src/rows/gone.hpp`", "src/rows/gone.hpp does not exist"),
                              ("src/{base,gone}", "does not exist"), ("see models/*/gone.sql", "does not exist"),
                              ("[x](gone.md)", "leads nowhere")):
            with self.subTest(text=text):
                self.assert_found(text_checks.check_doc_paths, {"docs/decisions/a.md": text + "\n"}, problem)

    def test_models(self):
        for fact in text_checks.MODEL_FACTS:
            with self.subTest(fact=fact):
                self.assert_found(text_checks.check_models, {"models/gold/a.sql": MODEL.replace(fact + ":", "")}, fact)
        self.assert_found(text_checks.check_models, {"models/gold/a.sql": "select 1;\n" + MODEL}, *text_checks.MODEL_FACTS)

    def test_registered_tests(self):
        found = self.findings(text_checks.check_registered_tests, compiled=[])
        self.assertEqual(len(found), 1, found)
        self.assertIn("no test program compiles it", found[0])


if __name__ == "__main__":
    unittest.main()
