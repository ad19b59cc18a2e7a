"""scripts/coverage.py SUMMARY CSV: from `llvm-cov export -summary-only`, the lines that ran by wing, module and file."""
import csv
import json
import sys
from collections import defaultdict
from pathlib import PurePath

LEAST = 20  # files shown
SMALL = 30  # lines; a smaller file is not among those shown


def lines_by_file(summary):
    """Path below Sources -> (lines, lines that ran)."""
    found = {}
    for file in json.loads(summary)['data'][0]['files']:
        head, middle, tail = file['filename'].rpartition('/Sources/')
        if middle and '/checkouts/' not in head:
            counted = file['summary']['lines']
            found[tail] = (counted['count'], counted['covered'])
    return found


def share(part):
    lines, ran = map(sum, zip(*part, strict=True))
    return f'{ran / max(lines, 1):6.1%} of {lines:6}'


def main(summary, table):
    with open(summary, encoding='utf-8') as file:
        files = lines_by_file(file.read())
    with open(table, 'w', newline='', encoding='utf-8') as file:
        rows = csv.writer(file)
        rows.writerow(('file', 'lines', 'ran'))
        rows.writerows((name, *counts) for name, counts in sorted(files.items()))
    modules = defaultdict(list)
    for name, counts in files.items():
        parts = PurePath(name).parts
        modules[parts[0]].append(counts)
        modules['/'.join(parts[:2])].append(counts)
    print(f'{share(list(files.values()))}  all')
    for name in sorted(modules):
        print(f'{share(modules[name])}  {"  " if "/" in name else ""}{name}')
    print(f'\nrun least, of files with {SMALL} lines or more:')
    ranked = sorted((ran / lines, name, lines) for name, (lines, ran) in files.items() if lines >= SMALL)
    for part, name, lines in ranked[:LEAST]:
        print(f'{part:6.1%} of {lines:6}  {name}')


if __name__ == '__main__':
    main(*sys.argv[1:])
