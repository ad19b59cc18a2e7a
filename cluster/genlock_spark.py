#!/usr/bin/env python3
"""Runs `genlock scan` over a manifest on Apache Spark, and writes the results as Parquet.

    spark-submit cluster/genlock_spark.py --manifest clips.jsonl --output results.parquet

Each partition of the manifest is piped to one `genlock scan -`, which must be installed on every worker node; the media must
lie under the same paths there (a mount). The result equals that of one machine, clip for clip.
"""

import argparse
import json
import os
import shlex
import sys

from pyspark.sql import SparkSession
from pyspark.sql.types import DoubleType, StringType, StructField, StructType

#: Failures that may have been the machine's, not the clip's: these clips are tried again.
PASSING = {"worker-died", "timed-out", "too-much-memory", "out-of-memory", "no-such-file", "no-permission"}

COLUMNS = StructType(
    [
        StructField("clip", StringType(), False),
        StructField("verdict", StringType(), False),
        StructField("check", StringType(), True),
        StructField("offset_ms", DoubleType(), True),
        StructField("ci_low_ms", DoubleType(), True),
        StructField("ci_high_ms", DoubleType(), True),
        StructField("confidence", DoubleType(), True),
        StructField("duration_s", DoubleType(), True),
        StructField("error_code", StringType(), True),
        StructField("error_message", StringType(), True),
        StructField("document", StringType(), False),
    ]
)


def rows_of(path: str) -> list[str]:
    """The manifest as lines of JSON with absolute paths, so that every node reads the same."""
    folder = os.path.dirname(os.path.abspath(path))
    rows = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                media = row["media"]
            except (ValueError, KeyError, TypeError):
                sys.exit(f"{path} row {number} is not a JSON object with a member 'media': write one a line")
            for name in ("media", "audio", "transcript", "labels"):
                if row.get(name):
                    row[name] = os.path.join(folder, row[name])
            rows.append(json.dumps(row, ensure_ascii=False))
            del media
    return rows


def decisive(report: dict) -> dict:
    """The finding that decides the clip's verdict."""
    same = [finding for finding in report["findings"] if finding["verdict"] == report["verdict"]]
    content = [finding for finding in same if finding["check"] != "container"]
    return (content or same or [{}])[0]


def to_row(line: str) -> tuple:
    report = json.loads(line)
    finding, error = decisive(report), report.get("error") or {}
    low, high = finding.get("ci95_ms") or (None, None)

    def number(value):
        return None if value is None else float(value)

    return (
        report["clip"], report["verdict"], finding.get("check"), number(finding.get("offset_ms")), number(low), number(high),
        number(finding.get("confidence")), number(report["duration_s"]), error.get("code"), error.get("message"), line,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", required=True, help="JSON lines with a member 'media' each")
    parser.add_argument("--output", required=True, help="Parquet folder to write")
    parser.add_argument("--genlock", default="genlock", help="the program on the worker nodes")
    parser.add_argument("--arguments", default="", help="more arguments for 'genlock scan', such as '--checks lips --thorough'")
    parser.add_argument("--clips-a-partition", type=int, default=200, help="how many clips one pipe gets")
    parser.add_argument("--retries", type=int, default=1, help="how often clips are tried again whose failure may have been the machine's")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("genlock").getOrCreate()
    context = spark.sparkContext
    program = [options.genlock, "scan", "-", "--format", "jsonl", "--quiet", "--jobs", "1", *shlex.split(options.arguments)]
    # 1 and 2 tell of clips; what else may come means that the program did not run.
    command = shlex.join(["sh", "-c", shlex.join(program) + '; s=$?; [ "$s" -le 2 ] || exit "$s"'])

    # Spark pipes into an empty environment: what finds the models and the libraries is handed on.
    names = ("HOME", "PATH", "GENLOCK_HOME", "XDG_DATA_HOME", "LD_LIBRARY_PATH", "TMPDIR")
    environment = {name: os.environ[name] for name in names if name in os.environ}

    def scan(rows: list[str]):
        parts = max(1, -(-len(rows) // options.clips_a_partition))
        return context.parallelize(rows, parts).pipe(command, environment, checkCode=True).filter(lambda line: line.strip())

    rows = rows_of(options.manifest)
    done = {}
    pending = rows
    for attempt in range(options.retries + 1):
        lines = scan(pending).collect() if pending else []
        for line in lines:
            done[json.loads(line)["clip"]] = line
        again = {clip for clip, line in done.items() if (json.loads(line).get("error") or {}).get("code") in PASSING}
        pending = [row for row in rows if json.loads(row)["media"] in again]
        print(f"attempt {attempt + 1}: {len(lines)} clips measured, {len(pending)} to try again", file=sys.stderr)
        if not pending:
            break
    ordered = [done[clip] for clip in sorted(done)]
    table = context.parallelize(ordered, max(1, len(ordered) // 10_000)).map(to_row)
    spark.createDataFrame(table, COLUMNS).write.mode("overwrite").parquet(options.output)
    missing = len({json.loads(row)["media"] for row in rows}) - len(done)
    spark.stop()
    if missing:
        sys.exit(f"{missing} clips have no result: the program did not run where they were; try 'genlock doctor' on the nodes")


if __name__ == "__main__":
    main()
