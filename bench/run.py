#!/usr/bin/env python3
"""Races falaj against bench/baseline on one simulated store, in turns, best of some rounds each.

usage: bench/run.py [--rounds 3] [--orders 60000] [--changes 600] [--only-baseline]

Both sides fetch the same pages of the same salla-sim (expanded orders, no quota) and end with the
same star; counts and totals are compared before any time is. Prints a table and writes
build/bench.json: a list of {name, value, unit, baseline, ratio, bar, holds}. Other benchmarks add to it: make
bench-snowflake races loading into Snowflake's emulator against write_pandas; `make` lists them.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from decimal import Decimal

from results import ROOT, print_table, row, save
from simulated_store import BENCH, FALAJ, TOKEN, SimulatedStore, new_folder, peak_memory

BASELINE = os.path.join(BENCH, "baseline")
COMPARED = ("orders", "order_total", "items", "pieces", "customers", "products")


def install_baseline():
    """bench/baseline with its packages in build/bench/baseline; npm is asked only when the lock changed."""
    source = os.path.join(ROOT, "bench", "baseline")
    lock = open(os.path.join(source, "package-lock.json"), encoding="utf-8").read()
    installed = os.path.join(BASELINE, "installed-lock.json")
    current = os.path.exists(installed) and open(installed, encoding="utf-8").read() == lock
    os.makedirs(BASELINE, exist_ok=True)
    for name in os.listdir(source):
        if os.path.isfile(os.path.join(source, name)):
            shutil.copy(os.path.join(source, name), BASELINE)
    if not current:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=BASELINE,
                       check=True, stdin=subprocess.DEVNULL)
        shutil.copy(os.path.join(source, "package-lock.json"), installed)


def store_of(orders, customers, products):
    return SimulatedStore("--orders", orders, "--customers", customers, "--products", products, "--orders-shape",
                          "expanded", "--plan", "unlimited", "--seed", 1)


def measured(command, environment):
    """(standard output, seconds from start to exit, peak RSS in bytes) of a program that must succeed."""
    output = os.path.join(BENCH, "output")
    with open(output, "wb") as file:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stdin=subprocess.DEVNULL, env=environment, cwd=BENCH)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    text = open(output, encoding="utf-8").read()
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}: {text[-2000:]}")
    return text, seconds, usage.ru_maxrss * 1024


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


class PageReader:
    """One connection that asks for list pages and only counts the bytes of the answers."""

    def __init__(self, origin):
        host, port = origin.split("//")[1].split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        self.buffer = memoryview(bytearray(1 << 20))

    def ask(self, page):
        self.socket.sendall(f"GET /admin/v2/orders?page={page}&per_page=60&expanded=1 HTTP/1.1\r\nHost: s\r\n"
                            f"Authorization: Bearer {TOKEN}\r\n\r\n".encode())

    def read(self):
        """The first bytes of the answer, when all of it has come."""
        got = self.socket.recv_into(self.buffer)
        head = bytes(self.buffer[:got])
        end = head.index(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"bench: salla-sim answered {head[:200]!r}")
        length = next(line for line in head[:end].lower().split(b"\r\n") if line.startswith(b"content-length:"))
        left = end + 4 + int(length.split(b":")[1]) - got
        while left > 0:
            left -= self.socket.recv_into(self.buffer)
        return head


def page_speed(store, connections):
    """Pages of 60 full orders a second, each asked for the first time. Salla gives 10,000 rows of a list."""
    readers = [PageReader(store.origin) for _ in range(connections)]
    readers[0].ask(167)  # the first order takes longer: the store is laid out for it
    readers[0].read()
    pages = 166 // connections * connections
    started = time.perf_counter()
    for page in range(1, pages + 1):
        reader = readers[page % connections]
        if page > connections:
            reader.read()
        reader.ask(page)
    for reader in readers:
        if b'"reference_id"' not in reader.read():
            sys.exit("bench: salla-sim's page has no orders")
    return pages / (time.perf_counter() - started)


def simulator_rows():
    """What the simulated store costs: it must not be the bottleneck that it measures."""
    speeds = []
    for orders, customers, products in ((60_000, 6_000, 600),) * 3 + ((10_000_000, 2_000_000, 10_000),):
        with store_of(orders, customers, products) as store:
            speeds.append(page_speed(store, 4))
            peak = peak_memory(store.process)
    speed = sorted(speeds[:3])[1]
    return [row("simulator_pages", speed, "pages/s", None, None, ">= 2000", speed >= 2000),
            row("simulator_10m_orders_pages", speeds[3], "pages/s", None, None),
            row("simulator_10m_orders_peak_rss", peak / 1e6, "MB", None, None, "<= 1000", peak <= 1e9)]


def settle():
    """Nothing of the last run is left to be written when the next one starts."""
    os.sync()
    time.sleep(1)


def run_baseline(store):
    folder = new_folder("baseline-run-")
    text, seconds, rss = measured(["node", os.path.join(BASELINE, "baseline.mjs"), folder], store.environment())
    result = json.loads(text)
    return {"seconds": seconds, "rss": max(rss, result["peak_rss_bytes"]), "disk": result["disk_bytes"],
            "stages": result["stages"], "requests": result["requests"], "totals": result["totals"]}


def write_catalogue(home):
    """Both read orders, customers and products; the baseline knows none of the other lists."""
    text, _, _ = measured([FALAJ, "catalog", "show", "--json"], dict(os.environ))
    own = {"store_info", "order_statuses", "customers", "products", "orders", "order_items", "deletions", "webhooks"}
    os.makedirs(home)
    with open(os.path.join(home, "catalogue.toml"), "w", encoding="utf-8") as file:
        for stream in json.loads(text):
            if stream["stream"] not in own:
                file.write(f"[streams.{stream['stream']}]\nenabled = false\n")


def run_falaj(store, home):
    # Each home is another machine: ten minutes of customers' lists are not what is measured.
    environment = {**store.environment(), "FALAJ_QUOTA_DIR": os.path.join(home, "quota")}
    text, seconds, rss = measured([FALAJ, "run", "--home", home, "--json"], environment)
    report = json.loads(text)
    if not report["reconciles"]:
        sys.exit(f"bench: falaj's run does not reconcile: {report['verdict']}")
    return {"seconds": seconds, "rss": rss, "disk": folder_bytes(os.path.join(home, "lake")),
            "landing": folder_bytes(os.path.join(home, "landing")), "in_process": report["duration_ms"] / 1000,
            "stages": {row["stage"]: row["duration_ms"] / 1000 for row in report["stages"]},
            "requests": sum(row["requests"] for row in report["streams"]), "report": report}


def falaj_totals(home):
    query = os.path.join(ROOT, "bench", "totals.sql")
    text, _, _ = measured([FALAJ, "sql", "--home", home, "--json", "--file", query], dict(os.environ))
    return json.loads(text)[0]


def check_equal(ours, theirs):
    """A race between different results says nothing."""
    different = [f"{name}: {ours.get(name)} against {theirs.get(name)}" for name in COMPARED
                 if Decimal(str(ours.get(name))) != Decimal(str(theirs.get(name)))]
    if different:
        sys.exit("bench: falaj and the baseline do not agree, so their times cannot be compared: " + "; ".join(different))


def race(store, options):
    """Results of all rounds; the order changes from round to round."""
    baseline, ours, changes, homes = [], [], [], []
    for number in range(options.rounds):
        turns = ["baseline", "ours"] if number % 2 == 0 else ["ours", "baseline"]
        for turn in turns:
            settle()
            if turn == "baseline":
                baseline.append(run_baseline(store))
                print(f"round {number + 1}: baseline {baseline[-1]['seconds']:.2f} s", flush=True)
            elif not options.only_baseline:
                homes.append(os.path.join(new_folder("home-"), "home"))
                home = homes[-1]
                write_catalogue(home)
                ours.append(run_falaj(store, home))
                ours[-1]["totals"] = falaj_totals(home)
                print(f"round {number + 1}: falaj {ours[-1]['seconds']:.2f} s", flush=True)
        if ours:
            check_equal(ours[-1]["totals"], baseline[-1]["totals"])
    if ours:
        changes = changed_orders(store, homes, options)
    return baseline, ours, changes


def changed_orders(store, homes, options):
    """Some orders change in the store; the homes of the rounds catch up, one run each."""
    results = []
    store.control("mutate", body={"change": options.changes})
    for number, home in enumerate(homes):
        settle()
        result = run_falaj(store, home)
        loaded = next(row["loaded"] for row in result["report"]["streams"] if row["stream"] == "orders")
        if loaded != options.changes:
            sys.exit(f"bench: {options.changes} orders changed, the next run loaded {loaded}")
        print(f"round {number + 1}: {options.changes} changed orders {result['seconds']:.2f} s", flush=True)
        results.append(result)
    return results


def rows_of(baseline, ours, changes, options, loads):
    theirs = min(baseline, key=lambda result: result["seconds"])
    if not ours:
        rows = [row("baseline_total", theirs["seconds"], "s")]
        return rows + [row(f"baseline_{name}", seconds, "s") for name, seconds in theirs["stages"].items()] + [
            row("baseline_peak_rss", theirs["rss"] / 1e6, "MB"), row("baseline_disk", theirs["disk"] / 1e6, "MB")]
    best = min(ours, key=lambda result: result["seconds"])
    quickest = min(changes, key=lambda result: result["seconds"])
    in_process = min(result["in_process"] for result in changes)
    speed = theirs["seconds"] / best["seconds"]
    rows = [row("total", best["seconds"], "s", theirs["seconds"], speed, "<= 3", best["seconds"] <= 3),
            row("times_as_fast", speed, "x", 1, speed, ">= 2.5", speed >= 2.5)]
    rows += [row(f"stage_{name}", seconds, "s") for name, seconds in best["stages"].items()]
    rows += [row(f"baseline_stage_{name}", seconds, "s") for name, seconds in theirs["stages"].items()]
    for name, bar in (("rss", 300), ("disk", 150)):
        value, other = max(result[name] for result in ours) / 1e6, min(result[name] for result in baseline) / 1e6
        label = "peak_rss" if name == "rss" else "size_on_disk"
        rows.append(row(label, value, "MB", other, other / value, f"<= {bar}", value <= bar))
    rows += [row("landing_on_disk", best["landing"] / 1e6, "MB"),
             row("requests", best["requests"], "requests", theirs["requests"], theirs["requests"] / best["requests"]),
             row(f"changes_{options.changes}_command", quickest["seconds"], "s", None, None, "<= 1", quickest["seconds"] <= 1),
             row(f"changes_{options.changes}_in_process", in_process, "s", None, None, "<= 0.5", in_process <= 0.5)]
    rows += [row(f"machine_load_{when}", load, "processes") for when, load in loads.items()]
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--orders", type=int, default=60000)
    parser.add_argument("--customers", type=int, default=6000)
    parser.add_argument("--products", type=int, default=600)
    parser.add_argument("--changes", type=int, default=600)
    parser.add_argument("--only-baseline", action="store_true", help="measure the bar alone")
    options = parser.parse_args()
    os.makedirs(BENCH, exist_ok=True)
    install_baseline()
    loads = {"before": os.getloadavg()[0]}
    with store_of(options.orders, options.customers, options.products) as store:
        baseline, ours, changes = race(store, options)
    loads["after"] = os.getloadavg()[0]
    rows = rows_of(baseline, ours, changes, options, loads) + simulator_rows()
    save(rows)
    print_table(rows)
    if loads["before"] > 0.5:
        print(f"note: the machine was not quiet when this began (load {loads['before']:.2f})")


if __name__ == "__main__":
    main()
