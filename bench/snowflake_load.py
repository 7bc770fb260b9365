#!/usr/bin/env python3
"""Loading into Snowflake, on its emulator fakesnow: rows a second beside write_pandas of the Python connector, and
the memory of a run that loads very many orders.

usage: bench/snowflake_load.py [--rounds 3] [--rows 100000] [--orders 1000000]      --orders 0: without the run

Both write the same rows of BRONZE_ORDERS (raw text and all columns) into the same server, in turns, best of some
rounds. The run reads a simulated store without a quota. Prints a table and adds its lines to build/bench.json.
"""
import argparse
import json
import os
import subprocess
import sys

from results import ROOT, print_table, row, save
from run import store_of, write_catalogue
from simulated_store import Run, new_folder, peak_memory

PROGRAM = os.path.join(ROOT, "build", "bin", "bench-snowflake")
DRIVER = os.path.join(ROOT, "build", "lib", "falaj", "libadbc_driver_snowflake.so")
FAKESNOW = [os.path.join(ROOT, "build", "fakesnow-venv", "bin", "python"), os.path.join(ROOT, "tools", "fakesnow-server")]
PANDAS = [os.path.join(ROOT, "build", "write-pandas-venv", "bin", "python"), "-B",
          os.path.join(ROOT, "bench", "write_pandas.py")]
MEMORY_BAR = 400


class Emulator:
    def __init__(self):
        self.process = subprocess.Popen(FAKESNOW, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if "http://" not in line:
            sys.exit(f"bench: fakesnow did not start; its first line was: {line!r}")
        self.url = line[line.index("http://"):].strip()
        self.host, self.port = self.url.removeprefix("http://").split(":")

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def json_of(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def race(folder, options):
    """Rows a second of all rounds: falaj's, write_pandas'."""
    home = os.path.join(folder, "landed")
    write_catalogue(home)
    with store_of(min(options.rows, 60_000), 6_000, 600) as store:
        Run(home, store.environment()).finish()
    ours, theirs = [], []
    for number in range(options.rounds):
        emulator = Emulator()
        try:
            database = f"ROUND{number}"
            ours.append(json_of([PROGRAM, "--home", home, "--driver", DRIVER, "--host", emulator.url, "--database",
                                 database, "--rows", str(options.rows)]))
            theirs.append(json_of([*PANDAS, emulator.host, emulator.port, database]))
        finally:
            emulator.stop()
        if not theirs[-1]["equal"] or theirs[-1]["rows"] != ours[-1]["rows"]:
            sys.exit(f"bench: write_pandas and falaj wrote other rows: {ours[-1]} {theirs[-1]}")
        speeds = [result["rows"] / result["seconds"] for result in (ours[-1], theirs[-1])]
        print(f"round {number + 1}: {ours[-1]['rows']:,} rows, falaj {speeds[0]:,.0f} rows/s, write_pandas "
              f"{speeds[1]:,.0f} rows/s", flush=True)
    fastest = [max(result["rows"] / result["seconds"] for result in results) for results in (ours, theirs)]
    return [row("snowflake_load", fastest[0], "rows/s", fastest[1], fastest[0] / fastest[1], ">= 1 x write_pandas",
                fastest[0] >= fastest[1]),
            row("snowflake_write_pandas_peak_rss", max(result["rss"] for result in theirs) / 1e6, "MB")]


def many_orders(folder, options):
    """One run of very many orders: what falaj itself takes."""
    home = os.path.join(folder, "many")
    write_catalogue(home)
    emulator = Emulator()
    try:
        # More customers would be waited for: an address gets 500 pages of them in ten minutes.
        with store_of(options.orders, min(max(options.orders // 10, 100), 20_000), 600) as store:
            run = Run(home, {
                **store.environment(), "FALAJ_WAREHOUSE_TYPE": "snowflake", "SNOWFLAKE_HOST": emulator.url, "SNOWFLAKE_ACCOUNT": "fakesnow",
                "SNOWFLAKE_USER": "falaj", "SNOWFLAKE_PASSWORD": "fakesnow"})
            report = run.finish()
        theirs = peak_memory(emulator.process)
    finally:
        emulator.stop()
    orders = next(line["loaded"] for line in report["streams"] if line["stream"] == "orders")
    if orders < options.orders:
        sys.exit(f"bench: {options.orders} orders were there, {orders} were loaded")
    rss = run.rss_mb * 1024 * 1024
    rows = sum(line["loaded"] for line in report["streams"])
    stages = {line["stage"]: line["duration_ms"] / 1000 for line in report["stages"]}
    return [row("snowflake_many_orders_peak_rss", rss / 1e6, "MB", None, None, f"<= {MEMORY_BAR}", rss <= MEMORY_BAR * 1e6),
            row("snowflake_many_orders", orders, "orders"), row("snowflake_many_orders_rows", rows, "rows"),
            row("snowflake_many_orders_total", run.seconds, "s"),
            row("snowflake_many_orders_load", rows / max(stages.get("load beside extract", run.seconds), 0.001), "rows/s"),
            row("snowflake_many_orders_fakesnow_rss", theirs / 1e6, "MB")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=1_000_000)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    folder = new_folder("snowflake-")
    rows = race(folder, options) + (many_orders(folder, options) if options.orders else [])
    rows.append(row("snowflake_machine_load_before", load, "processes"))
    save(rows)
    print_table(rows)
    print("baseline: write_pandas of snowflake-connector-python, the same rows and server")


if __name__ == "__main__":
    main()
