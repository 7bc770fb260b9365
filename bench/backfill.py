#!/usr/bin/env python3
"""How right a backfill's estimate of its end is, against a simulated store with a quota whose clock runs fast.

usage: bench/backfill.py [--orders 2400] [--time-scale 30]

alone   one backfill of orders that are known from lists only: two requests each
shared  one of the newer half, while another falaj process, of another home, backfills the whole of the same store; longer,
        since what others take of the last minute decides whether it is the last one: a minute has to be less than the bar
slow    a store without a limit, answering late
What was thought to be left after a tenth, a quarter, a half and three quarters of the orders is compared with what
asking the store took. Prints a table and adds it to build/bench.json. Exit status 1 if an estimate is off by more than a tenth.
"""
import argparse
import subprocess
import sys
import threading
import time
from datetime import date

from results import print_table, row, save
from simulated_store import FALAJ, SimulatedStore, falaj_json

BAR = 10.0
PERCENTS = (10, 25, 50, 75)
BACKFILL = ("backfill", "--from", "2015-01-01", "--to", "2099-12-31", "--quiet")


def store_of(options, *arguments, slower=1, larger=1):
    """A clock that is slower than asked for has fewer orders to do."""
    return SimulatedStore("--orders", options.orders * larger // slower, "--customers", 100, "--products", 50, "--orders-shape", "light",
                          "--quirks-off", "slow-tail", "--seed", 1, *arguments, time_scale=options.time_scale / slower)


def backfill(sim):
    """The report of a backfill of orders whose lists are known."""
    falaj_json(sim.home("first"), sim.environment(), "run", "--depth", "summary", "--quiet")
    return falaj_json(sim.home("first"), sim.environment(), *BACKFILL, "--stream", "orders")


def alone(options):
    with store_of(options, "--plan", "pro") as sim:
        return backfill(sim)


def newer_half(days):
    """The second half of the time that the orders of a coverage are of."""
    orders = next(row for row in days if row["stream"] == "orders")
    first, last = (date.fromisoformat(orders[key]) for key in ("oldest_day", "newest_day"))
    return str(first + (last - first) / 2), str(last)


class Others:
    """Another process that backfills the store all the time, into one new home after the other."""

    def __init__(self, sim):
        self.is_over = False
        self.process = None
        self.thread = threading.Thread(target=self.work, args=(sim,))
        self.thread.start()

    def work(self, sim):
        number = 0
        while not self.is_over:
            number += 1
            self.process = subprocess.Popen([FALAJ, *BACKFILL, "--home", sim.home(f"other-{number}")], env=sim.environment(),
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if self.process.wait() != 0 and not self.is_over:
                sys.exit(f"bench: the other backfill ended with {self.process.returncode}")

    def stop(self):
        self.is_over = True
        self.process.terminate()
        self.thread.join(60)


def items_asked(sim):
    lines = sim.control("counters")["by_endpoint"]
    return sum(line["requests"] for line in lines if line["endpoint"] == "GET /orders/items")


def shared(options):
    with store_of(options, "--plan", "special", slower=2, larger=3) as sim:
        home = sim.home("first")
        falaj_json(home, sim.environment(), "run", "--depth", "summary", "--quiet")
        first, last = newer_half(falaj_json(home, sim.environment(), "coverage"))
        others = Others(sim)
        try:
            while items_asked(sim) < 40:
                time.sleep(0.02)
            return falaj_json(home, sim.environment(), "backfill", "--from", first, "--to", last, "--stream", "orders",
                              "--quiet")
        finally:
            others.stop()


def slow(options):
    with store_of(options, "--plan", "unlimited", slower=2) as sim:
        sim.control("faults", body={"action": "delay", "delay_ms": round(600 / sim.time_scale), "rate": 1})
        return backfill(sim)


def rows_of(name, report):
    took = next(stage["duration_ms"] for stage in report["stages"] if stage["stage"] == "extract") / 1000
    samples = {sample["done_percent"]: sample for sample in report["eta"]}
    print(f"{name}: {report['streams_requests']:,} requests in {took / 60:.1f} minutes of the store's clock", flush=True)
    rows = []
    for percent in PERCENTS:
        sample = samples.get(percent)
        if sample is None:
            sys.exit(f"bench: {name}: no estimate was given at {percent} %")
        ends = (sample["elapsed_ms"] + sample["left_ms"]) / 1000
        error = 100 * abs(ends - took) / took
        print(f"  at {percent} %: {ends / 60:.1f} minutes in all, off by {error:.1f} %", flush=True)
        rows.append(row(f"backfill_{name}_eta_at_{percent}", error, "% off", bar=f"<= {BAR:.0f}", holds=error <= BAR))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="*", help="alone, shared, slow; all when none is named")
    parser.add_argument("--orders", type=int, default=2400)
    parser.add_argument("--time-scale", type=float, default=30)
    options = parser.parse_args()
    cases = {"alone": alone, "shared": shared, "slow": slow}
    for name in options.case:
        if name not in cases:
            parser.error(f"there is no case {name}; there are {', '.join(cases)}")
    rows = []
    for name, case in cases.items():
        if not options.case or name in options.case:
            report = case(options)
            report["streams_requests"] = sum(stream["requests"] for stream in report["streams"])
            rows += rows_of(name, report)
    save(rows)
    print_table(rows)
    return 0 if all(line["holds"] for line in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
