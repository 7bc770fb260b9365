#!/usr/bin/env python3
"""How right a backfill's estimate of its end is, against a simulated store with a quota.

usage: bench/backfill.py [--orders 4000] [--plan pro] [--time-scale 30]

Lists are read first, then `falaj backfill` fetches details and items of every order. What it thought
to be left at a quarter, a half and three quarters is compared with what it took. Prints a table and
adds its lines to build/bench.json. Exit status 1 if an estimate is off by more than a tenth.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

import results

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FALAJ = os.path.join(ROOT, "build", "bin", "falaj")
SIMULATOR = os.path.join(ROOT, "build", "bin", "salla-sim")
HOME = os.path.join(ROOT, "build", "bench", "backfill-home")
BAR = 10.0
PREFIX = "backfill: estimate"


def falaj(environment, *arguments):
    done = subprocess.run([FALAJ, *arguments, "--home", HOME, "--json", "--quiet"], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench: falaj {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def measure(options):
    command = [SIMULATOR, "serve", "--port", "0", "--orders", str(options.orders), "--customers", "100",
               "--products", "50", "--plan", options.plan, "--time-scale", str(options.time_scale),
               "--orders-shape", "light", "--quirks-off", "slow-tail"]
    store = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        url = store.stdout.readline().split()[-1]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SALLA_", "FALAJ_"))}
        environment = {**clean, "SALLA_API_BASE_URL": url, "SALLA_API_TOKEN": "sim-token",
                       "FALAJ_TIME_SCALE": str(options.time_scale), "FALAJ_QUOTA_DIR": HOME + "/quota"}
        shutil.rmtree(HOME, ignore_errors=True)
        falaj(environment, "run", "--depth", "summary")
        return falaj(environment, "backfill", "--from", "2015-01-01", "--to", "2099-12-31", "--stream", "orders")
    finally:
        store.terminate()
        store.wait(30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--orders", type=int, default=4000)
    parser.add_argument("--plan", default="pro")
    parser.add_argument("--time-scale", type=float, default=30)
    options = parser.parse_args()
    report = measure(options)
    took = report["duration_ms"] / 1000
    lines = []
    print(f"backfill of {options.orders:,} orders, plan {options.plan}: {took / 60:.1f} minutes of the store's clock")
    for sample in report["eta"]:
        predicted = (sample["elapsed_ms"] + sample["left_ms"]) / 1000
        error = 100 * abs(predicted - took) / took
        holds = error <= BAR
        print(f"  at {sample['done_percent']} %: {predicted / 60:.1f} minutes predicted, off by {error:.1f} %"
              f"{'' if holds else '  <- more than a tenth'}")
        lines.append(results.row(f"{PREFIX} at {sample['done_percent']} %, error", error, "%", bar=f"<= {BAR:.0f}",
                                 holds=holds))
    results.save(lines, lambda name: name.startswith(PREFIX))
    return 0 if len(lines) == 3 and all(line["holds"] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
