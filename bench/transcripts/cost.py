"""Runs a command and prints its processor time and largest memory as a last line on stderr."""
import json
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:]).returncode
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
sys.stderr.write("\n" + json.dumps({"seconds": round(usage.ru_utime + usage.ru_stime, 3), "megabytes": round(usage.ru_maxrss / 1024, 1)}) + "\n")
sys.exit(status)
