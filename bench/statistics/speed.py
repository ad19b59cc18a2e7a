"""speed.py STORE FOLDER: seconds and memory of a report on all clips in every format, as Markdown."""
import os
import subprocess
import sys

program = os.environ["GENLOCK_BINARY"]
print("\n## Reports of 100,000 clips\n\nCommand: `bench/statistics/run speed` (simulated clips with seven attributes and documents of 1.5 kB).\n")
print("| format | seconds | processor seconds | MB | size of the output, MB |\n|---|---:|---:|---:|---:|")
for form in ("text", "markdown", "json", "jsonl", "csv", "junit", "parquet", "html"):
    output = f"{sys.argv[2]}/report.{form}"
    arguments = [program, "report", sys.argv[1], "--quiet", "--format", form, "--output", output]
    timed = subprocess.run(["/usr/bin/env", "time", "-f", "%e %U %S %M", *arguments], capture_output=True, text=True)
    if not os.path.exists(output):
        print(f"| {form} | not there | | | |")
        continue
    wall, user, system, kilobytes = timed.stderr.strip().split("\n")[-1].split()
    print(f"| {form} | {wall} | {float(user) + float(system):.1f} | {int(kilobytes) // 1024} | {os.path.getsize(output) / 1e6:.1f} |")
