"""All recordings of a condition pooled by `genlock scan` and `genlock report`: `pools.py GENLOCK FOLDER [CONDITION...]`.

FOLDER is that of `make_mujoco.py`: recordings lie in `recordings/CONDITION`, their offsets in `truth.csv`. A row a condition
goes to stdout: what the pool says and what each recording says alone.
"""

import csv
import json
import os
import subprocess
import sys


def main():
    genlock, folder = sys.argv[1], sys.argv[2]
    with open(os.path.join(folder, "truth.csv")) as file:
        truth = {row["condition"]: float(row["offset_ms"]) for row in csv.DictReader(file)}
    out = csv.writer(sys.stdout)
    out.writerow(
        ["condition", "recordings", "answered_alone", "truth_ms", "offset_ms", "error_ms", "low_ms", "high_ms", "height", "second_height",
         "unlike", "because"])
    for name in sys.argv[3:] or truth:
        recordings = os.path.join(folder, "recordings", name)
        if not os.path.isdir(recordings):
            continue
        store = os.path.join(folder, "recordings", f"{name}.sqlite")
        if os.path.exists(store):
            os.remove(store)
        # Offsets beyond the tolerance are exit code 1.
        scan = subprocess.run([genlock, "scan", recordings, "--store", store, "--jobs", os.environ.get("JOBS", "1")], capture_output=True)
        assert scan.returncode in (0, 1), scan.stderr.decode()
        report = subprocess.run([genlock, "report", store, "--json"], capture_output=True, text=True)
        (pool,) = json.loads(report.stdout)["corpus"]["pools"]
        offset, (low, high) = pool["offset_ms"], pool["ci95_ms"] or (None, None)
        out.writerow(
            [name, pool["episodes"], pool["answered"], truth[name], offset, "" if offset is None else round(offset - truth[name], 2), low,
             high, pool["height"], pool["second_height"], len(pool["unlike"]), "; ".join(pool["because"])])
        sys.stdout.flush()


if __name__ == "__main__":
    main()
