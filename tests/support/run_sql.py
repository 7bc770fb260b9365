#!/usr/bin/env python3
"""Runs a script of SQL statements on fakesnow; prints a line for each that is refused: its first words, a tab, why.

usage: run_sql.py URL DATABASE SCRIPT     with the interpreter of build/fakesnow-venv
"""
import os
import sys

import snowflake.connector


def statements(text):
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip()]


def main():
    url, database, script = sys.argv[1:]
    os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"
    host, port = url.removeprefix("http://").split(":")
    connection = snowflake.connector.connect(
        user="falaj", password="fakesnow", account="fakesnow", host=host, port=int(port), protocol="http",
        database=database, network_timeout=1, session_parameters={"CLIENT_OUT_OF_BAND_TELEMETRY_ENABLED": False})
    with open(script, encoding="utf-8") as file:
        for sql in statements(file.read()):
            try:
                connection.cursor().execute(sql)
            except Exception as error:  # pylint: disable=broad-except
                print(" ".join(sql.split()[:3]) + "\t" + " ".join(str(error).split())[:200])
    print("done")


if __name__ == "__main__":
    main()
