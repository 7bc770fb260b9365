"""Results of the benchmarks: rows of build/bench.json, and how they are printed."""
import json
import os

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILE = os.path.join(ROOT, "build", "bench.json")


def row(name, value, unit, baseline=None, ratio=None, bar=None, holds=None):
    rounded = {key: None if number is None else round(number, 3)
               for key, number in (("value", value), ("baseline", baseline), ("ratio", ratio))}
    return {"name": name, "value": rounded["value"], "unit": unit, "baseline": rounded["baseline"],
            "ratio": rounded["ratio"], "bar": bar, "holds": holds}


def save(rows):
    """Puts these rows into the file, in place of those of the same names; the others stay."""
    names = {entry["name"] for entry in rows}
    try:
        with open(FILE, encoding="utf-8") as file:
            others = [old for old in json.load(file) if old["name"] not in names]
    except FileNotFoundError:
        others = []
    with open(FILE, "w", encoding="utf-8") as file:
        json.dump(others + rows, file, indent=1)
        file.write("\n")


def print_table(rows):
    def text(value):
        return "" if value is None else f"{value:,.3f}" if isinstance(value, float) else str(value)
    table = [("name", "value", "unit", "baseline", "ratio", "bar", "holds")]
    for entry in rows:
        holds = {None: "", True: "yes", False: "NO"}[entry["holds"]]
        table.append(tuple(text(entry[key]) for key in table[0][:-1]) + (holds,))
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = [cell.rjust(width) if column in (1, 3, 4) else cell.ljust(width)
                 for column, (cell, width) in enumerate(zip(line, widths))]
        print("  ".join(cells).rstrip())
