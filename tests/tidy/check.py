#!/usr/bin/env python3
"""Checks what the compiler does not: layers, foreign headers, names, sizes, words, paths, models, tests.

usage: tests/tidy/check.py [--root DIR] [--build-dir DIR] [--lower-ratchet]
  --build-dir      its compile_commands.json tells which test sources are registered
  --lower-ratchet  write down the lengths of long functions that have shrunk
"""
import argparse
import os
import sys

import function_checks
import include_checks
import layer_checks
import text_checks
from tree import Tree

CHECKS = (
    include_checks.check_layers,
    include_checks.check_foreign_headers,
    layer_checks.check_layer_table,
    layer_checks.check_folders_are_there,
    layer_checks.check_readmes,
    layer_checks.check_caps,
    function_checks.check_function_lengths,
    text_checks.check_names,
    text_checks.check_file_sizes,
    text_checks.check_unfinished,
    text_checks.check_foreign_places,
    text_checks.check_doc_paths,
    text_checks.check_models,
    text_checks.check_registered_tests,
)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(here)))
    parser.add_argument("--build-dir")
    parser.add_argument("--lower-ratchet", action="store_true")
    options = parser.parse_args()
    tree = Tree(options.root, options.build_dir)
    if options.lower_ratchet:
        function_checks.lower_ratchet(tree)
        tree = Tree(options.root, options.build_dir)
    for line in layer_checks.folder_table(tree):
        print(line)
    broken = 0
    for check in CHECKS:
        findings = list(check(tree))
        broken += bool(findings)
        if findings:
            print(f"not so: {check.__doc__}")
        for finding in findings:
            print(f"  {finding}")
    print(f"tidy: {len(tree.paths)} files, {len(CHECKS) - broken} of {len(CHECKS)} checks hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
