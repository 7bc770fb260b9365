#!/usr/bin/env python3
"""Measures the webhook receiver: events a second, and the wait for an answer, each event durable
before it; beside it the same receiver without durability, in turns, best of some rounds.

usage: bench/webhooks.py [--rounds 3] [--events 100000] [--connections 64]

Puts its rows into build/bench.json beside those of other benchmarks.
"""
import argparse
import json
import os
import subprocess

from results import ROOT, print_table, row, save
from simulated_store import new_folder

PROGRAM = os.path.join(ROOT, "build", "bin", "bench-webhooks")


def measure(options, is_durable):
    folder = new_folder("webhooks-")
    command = [PROGRAM, "--events", str(options.events), "--connections", str(options.connections),
               "--directory", os.path.join(folder, "inbox")] + ([] if is_durable else ["--not-durable"])
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=100000)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    durable, volatile = [], []
    for _ in range(options.rounds):
        durable.append(measure(options, True))
        volatile.append(measure(options, False))
    ours = max(durable, key=lambda result: result["events_per_s"])
    other = max(volatile, key=lambda result: result["events_per_s"])
    rate, p99 = ours["events_per_s"], ours["p99_ms"]
    rows = [row("webhooks_durable", rate, "events/s", other["events_per_s"], rate / other["events_per_s"], ">= 10000",
                rate >= 10000),
            row("webhooks_durable_p50", ours["p50_ms"], "ms", other["p50_ms"], ours["p50_ms"] / other["p50_ms"]),
            row("webhooks_durable_p99", p99, "ms", other["p99_ms"], p99 / other["p99_ms"], "< 50", p99 < 50),
            row("webhooks_machine_load_before", load, "processes")]
    save(rows)
    print_table(rows)
    print("baseline: the same receiver without fdatasync")


if __name__ == "__main__":
    main()
