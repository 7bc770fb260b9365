#!/usr/bin/env python3
"""Copies the loaded orders of a database with the Python connector's write_pandas; prints a JSON object.

usage: bench/write_pandas.py HOST PORT DATABASE     with the interpreter of build/write-pandas-venv

What was loaded is read first, so that both write the same rows; only write_pandas is timed. Its stage takes the
file from the disk, falaj's over HTTP: the emulator answers the two clients differently.
"""
import json
import os
import re
import resource
import sys
import time

import snowflake.connector
from snowflake.connector.cursor import SnowflakeCursor
from snowflake.connector.pandas_tools import write_pandas

COMPARED = "SELECT COUNT(*), SUM(ORDER_ID), SUM(LENGTH(RAW_DATA)), COUNT(DISTINCT PAYLOAD_SHA256) FROM BRONZE.{}"


def write_names_out():
    """The emulator takes neither bound names (IDENTIFIER(?), ON_ERROR=?) nor a quoted stage in COPY: what is bound is
    put in its place before the statement is sent. PUT is left alone."""
    execute = SnowflakeCursor._execute_helper

    def with_names(self, query, *arguments, binding_params=None, **options):
        if binding_params and not query.startswith("PUT"):
            values = iter([binding_params[key]["value"] for key in sorted(binding_params, key=int)])
            query = re.sub(r"identifier\(\?\)|\?", lambda _: next(values), query)
            query = re.sub(r"FROM '(@[^']+)'", r"FROM \1", query)
            binding_params = None
        return execute(self, query, *arguments, binding_params=binding_params, **options)

    SnowflakeCursor._execute_helper = with_names


def main():
    write_names_out()
    host, port, database = sys.argv[1:]
    os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"
    connection = snowflake.connector.connect(
        user="falaj", password="fakesnow", account="fakesnow", host=host, port=int(port), protocol="http",
        database=database, schema="BRONZE", session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False})
    cursor = connection.cursor()
    frame = cursor.execute("SELECT * FROM BRONZE.BRONZE_ORDERS").fetch_pandas_all()
    cursor.execute("CREATE OR REPLACE TABLE BRONZE.PANDAS_ORDERS AS SELECT * FROM BRONZE.BRONZE_ORDERS WHERE 1 = 0")
    started = time.perf_counter()
    _, chunks, rows, _ = write_pandas(connection, frame, "PANDAS_ORDERS", schema="BRONZE", compression="snappy",
                                      use_logical_type=True)
    seconds = time.perf_counter() - started
    ours, theirs = (cursor.execute(COMPARED.format(table)).fetchone() for table in ("BRONZE_ORDERS", "PANDAS_ORDERS"))
    print(json.dumps({"rows": rows, "chunks": chunks, "seconds": seconds, "equal": ours == theirs,
                      "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


if __name__ == "__main__":
    main()
