#!/usr/bin/env python3
"""How much of its stores' request limits falaj uses, against salla-sim, whose clock runs fast.

usage: bench/bench_quota.py [one] [many] [customers] [totals] [--time-scale 30] [--stores 50] [--orders 2000]

one        one store, three processes (three homes, one quota directory), each with requests waiting all the time
many       one home with many stores, all at full depth
customers  200 stores behind one address, whose customers' lists need more than it is allowed in ten minutes
totals     one large store, lists only: requests until the last page of orders, after which sales totals are complete

salla-sim counts what each store's limit granted and refused, and what it would have granted to a client that always
had a request waiting. Prints a table and adds it to build/bench.json as rows quota_*.
"""
import argparse
import os
import sys
import threading
import time
from decimal import Decimal

from results import print_table, row, save
from simulated_store import Run, SimulatedStore, falaj_json

USED_BAR = 97.0
PER_ORDER_BAR = 2.05
RSS_BAR = 400.0
TOTALS_ORDERS, TOTALS_BAR = 120_000, 2_100


def used_rows(name, quota):
    granted, refused, grantable = quota
    used = 100 * granted / max(1, grantable)
    return [row(f"quota_{name}_used", used, "% of what was grantable", bar=f">= {USED_BAR:.0f}", holds=used >= USED_BAR),
            row(f"quota_{name}_refused", refused, "answers 429", bar="0", holds=refused == 0),
            row(f"quota_{name}_granted", granted, "requests")]


def one_store(options):
    """Three processes on one store: of each minute's requests, how many are used, and how many refused."""
    # A second of the tail is a real one there: at a fast clock it would be lost to the round trips of the rest.
    cases = (("one_store", "off", "wait", options.time_scale, options.orders),
             ("one_store_tail", "on", "one_a_second", options.time_scale / 5, options.orders // 4))
    rows = []
    for name, tail, setting, time_scale, orders in cases:
        with SimulatedStore("--orders", orders, "--customers", 400, "--products", 100, "--plan", "pro",
                            f"--quirks-{tail}", "slow-tail", "--seed", 1, time_scale=time_scale) as sim:
            homes = [sim.home(f"home-{number}") for number in range(3)]
            for home in homes:
                os.makedirs(home)
                with open(os.path.join(home, "falaj.toml"), "w", encoding="utf-8") as file:
                    file.write(f'[quota]\nafter_limit = "{setting}"\n')
            sim.count_from_a_new_minute()
            runs = [Run(home, sim.environment()) for home in homes]
            for run in runs:
                run.finish()
            rows += used_rows(name, sim.quota())
            print(f"{name}: three processes ended after {', '.join(f'{run.seconds:.1f}' for run in runs)} s", flush=True)
    return rows


def truth_of(sim, number):
    truth = sim.control(f"truth?store={number}")
    return truth["orders"], truth["items"], Decimal(truth["total"])


GOLD_BY_STORE = """SELECT o.store_id, COUNT(*) AS orders, MAX(i.items) AS items, CAST(SUM(total_amount) AS VARCHAR) AS total,
  CAST(SUM(CASE WHEN detail_depth = 'items' THEN 0 ELSE 1 END) AS BIGINT) AS shallow FROM GOLD.gold_fact_orders o
  JOIN (SELECT store_id, COUNT(*) AS items FROM GOLD.gold_fact_order_items GROUP BY store_id) i ON i.store_id = o.store_id
  GROUP BY o.store_id"""


def check_stores(sim, home, environment, stores):
    """Every store is whole in gold, to the cent."""
    gold = {line["store_id"]: line for line in falaj_json(home, environment, "sql", GOLD_BY_STORE)}
    for store in stores:
        line = gold.get(store["store_id"], {})
        ours = (line.get("orders"), line.get("items"), Decimal(line.get("total", "0")))
        theirs = truth_of(sim, int(store["name"][1:]))
        if ours != theirs or line["shallow"] != 0:
            sys.exit(f"bench: store {store['name']} in gold is {line}, in truth {theirs}")


def many_stores(options):
    """One home, many stores with a limit each: all of them whole, and how much of the limits was used."""
    with SimulatedStore("--stores", options.stores, "--orders", options.orders, "--customers", 400, "--products", 100,
                        "--plan", "plus", "--quirks-off", "slow-tail", "--seed", 1, time_scale=options.time_scale) as sim:
        home = sim.home("home")
        environment = sim.environment("")
        stores = add_stores(sim, home, environment, options.stores)
        sim.count_from_a_new_minute()
        before = sim.cpu_seconds()
        run = Run(home, environment)
        report = run.finish()
        sim_cpu = sim.cpu_seconds() - before
        quota = sim.quota()
        counters = sim.control("counters")
        check_stores(sim, home, environment, stores)
    orders = options.stores * options.orders
    stages = {stage["stage"]: stage["duration_ms"] / 1000 / options.time_scale for stage in report["stages"]}
    speed = quota[0] / stages["extract"]
    of_orders = sum(requests_of(counters, f"GET /orders{path}") for path in ("", "/{id}", "/items"))
    per_order = of_orders / orders
    print(f"many: {options.stores} stores x {options.orders} orders in {run.seconds:.1f} s; seconds of its stages: "
          + ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.items()), flush=True)
    return used_rows("many_stores", quota) + [
        row("quota_many_stores_repeats", counters["repeats"], "requests asked twice"),
        row("quota_many_stores_lists", (quota[0] - of_orders) / options.stores, "requests a store for all other lists"),
        row("quota_many_stores_per_order", per_order, "requests an order, its list included", bar=f"<= {PER_ORDER_BAR}",
            holds=per_order <= PER_ORDER_BAR),
        row("quota_many_stores_speed", speed, "requests/s"),
        row("quota_many_stores_seconds", run.seconds, "s"),
        row("quota_many_stores_peak_rss", run.rss_mb, "MB", bar=f"<= {RSS_BAR:.0f}", holds=run.rss_mb <= RSS_BAR),
        row("quota_many_stores_cpu_falaj", run.cpu, "s"),
        row("quota_many_stores_cpu_simulator", sim_cpu, "s")]


def add_stores(sim, home, environment, count):
    names = os.path.join(sim.folder, "stores.txt")
    with open(names, "w", encoding="utf-8") as file:
        file.writelines(f"s{number} sim-token-{number}\n" for number in range(1, count + 1))
    return falaj_json(home, environment, "store", "add", "--from", names)


def requests_of(counters, endpoint):
    return sum(line["requests"] for line in counters["by_endpoint"] if line["endpoint"] == endpoint)


def shared_customers(options):
    """Orders must not wait for the customers' limit: how long until all of them are there, and how long the rest takes."""
    stores, orders = 200, 20
    with SimulatedStore("--stores", stores, "--orders", orders, "--customers", 180, "--products", 5, "--plan", "plus",
                        "--quirks-off", "slow-tail", "--seed", 1, time_scale=options.time_scale) as sim:
        home = sim.home("home")
        environment = {**sim.environment(""), "FALAJ_LOG_LEVEL": "warn"}
        os.makedirs(home)
        with open(os.path.join(home, "falaj.toml"), "w", encoding="utf-8") as file:
            # salla-sim has 1024 connections at most.
            file.write(f"[extract]\nstores_at_once = {stores}\nmax_in_flight = 2\n")
        add_stores(sim, home, environment, stores)
        sim.count_from_a_new_minute()
        run = Run(home, environment)
        orders_done = None
        while run.process.poll() is None:
            counters = sim.control("counters")
            if requests_of(counters, "GET /orders/items") == stores * orders:
                orders_done = time.perf_counter() - run.started
                waiting = counters["customers_quota"]["granted"]
                break
            time.sleep(0.05)
        run.finish()
        counters = sim.control("counters")
        quota, customers = sim.quota(), counters["customers_quota"]
    print(f"customers: {stores} stores, {customers['granted']} pages of customers for 500 in ten minutes; all orders were there "
          f"after {orders_done:.1f} s with {waiting} pages of customers, everything after {run.seconds:.1f} s", flush=True)
    return [row("quota_customers_orders_seconds", orders_done, "s"),
            row("quota_customers_all_seconds", run.seconds, "s"),
            row("quota_customers_refused", quota[1] + customers["refused"], "answers 429", bar="0",
                holds=quota[1] + customers["refused"] == 0)]


TOTALS = """SELECT '{list}' AS list, CAST({key} AS VARCHAR) AS name, COUNT(*) AS orders, CAST(SUM(total_amount) AS VARCHAR) AS total
  FROM GOLD.gold_fact_orders GROUP BY 2"""
MONTH = "SUBSTR(CAST(order_date_key AS VARCHAR), 1, 4) || '-' || SUBSTR(CAST(order_date_key AS VARCHAR), 5, 2)"


class Watch:
    """Looks all the time how many requests there were when the last page of orders had been asked for."""

    def __init__(self, sim):
        self.sim = sim
        self.lists = self.requests = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def look(self):
        counters = self.sim.control("counters")
        lists = requests_of(counters, "GET /orders")
        if lists > self.lists:
            self.lists, self.requests = lists, counters["total"]
        return counters

    def work(self):
        while not self.is_over.wait(0.01):
            self.look()

    def stop(self):
        self.is_over.set()
        self.thread.join()
        return self.look()


def totals(options):
    """Sales totals of a large store from its lists alone."""
    with SimulatedStore("--orders", TOTALS_ORDERS, "--customers", 3000, "--products", 300, "--plan", "unlimited",
                        "--seed", 1, time_scale=options.time_scale) as sim:
        home = sim.home("home")
        environment = sim.environment()
        run = Run(home, environment, "--depth", "summary")
        watch = Watch(sim)
        run.finish()
        all_requests = watch.stop()["total"]
        requests, lists = watch.requests, watch.lists
        truth = sim.control("truth")
        query = " UNION ALL ".join([TOTALS.format(list="by_status", key="order_status"),
                                    TOTALS.format(list="by_month", key=MONTH)])
        gold = {(line["list"], line["name"]): (line["orders"], Decimal(line["total"]))
                for line in falaj_json(home, environment, "sql", query)}
    theirs = {(name, group[key]): (group["orders"], Decimal(group["total"]))
              for name, key in (("by_status", "status"), ("by_month", "month"))
              for group in truth[name] if group["orders"] > 0}
    different = sum((abs(gold.get(key, (0, Decimal(0)))[1] - theirs.get(key, (0, Decimal(0)))[1])
                     for key in gold.keys() | theirs.keys()), Decimal(0))
    counts = sum(gold.get(key, (0, 0))[0] != theirs.get(key, (0, 0))[0] for key in gold.keys() | theirs.keys())
    print(f"totals: {TOTALS_ORDERS} orders, total {truth['total']}: {requests} requests ({lists} of order lists) of {all_requests} in all, {len(theirs)} sums by status and "
          f"month, {counts} counts differ, amounts by {different}", flush=True)
    return [row("quota_totals_order_lists", lists, "requests"),
            row("quota_totals_requests", requests, "requests", bar=f"<= {TOTALS_BAR}", holds=requests <= TOTALS_BAR),
            row("quota_totals_with_other_lists", all_requests, "requests"),
            row("quota_totals_difference", float(different), "SAR", bar="0", holds=different == 0 and counts == 0),
            row("quota_totals_seconds", run.seconds, "s")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = {"one": one_store, "many": many_stores, "customers": shared_customers, "totals": totals}
    parser.add_argument("part", nargs="*", help="one, many, customers, totals; all when none is named")
    parser.add_argument("--time-scale", type=float, default=30)
    parser.add_argument("--stores", type=int, default=50)
    parser.add_argument("--orders", type=int, default=2000)
    options = parser.parse_args()
    for name in options.part:
        if name not in parts:
            parser.error(f"there is no part {name}; there are {', '.join(parts)}")
    load = os.getloadavg()[0]
    rows = []
    for name, part in parts.items():
        if not options.part or name in options.part:
            rows += part(options)
    rows.append(row("quota_machine_load_before", load, "processes"))
    save(rows)
    print_table(rows)
    if load > 0.5:
        print(f"note: the machine was not quiet when this began (load {load:.2f})")


if __name__ == "__main__":
    main()
