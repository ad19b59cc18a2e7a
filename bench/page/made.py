"""Large stores made from a small one, whose rows are repeated under other names. Uses only Python's standard library."""

import os
import random
import shutil
import sqlite3


def multiply(source, target, count, seed=1):
    """A store of `count` clips: those of `source` under other names, spread over folders, cameras and dates.

    Findings, curves and documents are those of the real clips; nothing is measured, so this shows only the cost of reports.
    """
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(target + ending):
            os.remove(target + ending)
    shutil.copyfile(source, target)
    numbers = random.Random(seed)
    store = sqlite3.connect(target)
    store.execute("PRAGMA journal_mode = OFF")
    columns = [row[1] for row in store.execute("PRAGMA table_info(clip)") if row[1] not in ("id", "key", "path")]
    rows = store.execute(f"SELECT id, path, {', '.join(columns)} FROM clip ORDER BY id").fetchall()
    findings = {}
    for row in store.execute("SELECT * FROM finding ORDER BY clip_id, number"):
        findings.setdefault(row[0], []).append(row[1:])
    store.execute("DELETE FROM clip")
    store.execute("DELETE FROM finding")
    store.execute("DELETE FROM attribute")
    width = len(next(iter(findings.values()))[0]) + 1
    for index in range(count):
        old, path, *values = rows[numbers.randrange(len(rows))]
        name = f"batch-{index // 1000:03d}/{index:06d}-{os.path.basename(path)}"
        store.execute(f"INSERT INTO clip(id, key, path, {', '.join(columns)}) VALUES (?, ?, ?, {', '.join('?' * len(columns))})", [index + 1, name, name, *values])
        store.executemany(f"INSERT INTO finding VALUES ({', '.join('?' * width)})", [(index + 1, *finding) for finding in findings.get(old, [])])
        attributes = [("camera", f"camera {numbers.randrange(12)}"), ("uploader", f"uploader {numbers.randrange(40)}"), ("date", f"2024-{1 + index % 12:02d}-{1 + numbers.randrange(28):02d}")]
        store.executemany("INSERT INTO attribute VALUES (?, ?, ?, ?)", [(index + 1, number, *pair) for number, pair in enumerate(attributes)])
    store.commit()
    store.close()
