"""Cost of a report page, and its behaviour in a browser; see `run`."""

import csv
import datetime
import os
import re
import resource
import subprocess
import sys
import time

from browser import Browser
from made import multiply

GENLOCK = os.environ["GENLOCK_BINARY"]
WORK = os.path.abspath(os.environ["GENLOCK_BENCH_WORK"])
ROWS, LINES, FAULTS = [], [], []


def note(page, name, value, asked="", holds=None):
    shown = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    ROWS.append([page, name, shown, asked])
    LINES.append(f"| {page} | {name} | {shown} | {asked} |")
    print(f"{page}: {name}: {shown}" + (f" (asked: {asked})" if asked else ""), flush=True)
    if holds is False:
        FAULTS.append(f"{page}: {name}: {shown}, asked: {asked}")


def report(store, output, *options):
    """Makes a report; wall seconds, processor seconds, largest memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen([GENLOCK, "report", store, "--quiet", "--output", output, *options])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode not in (0, 1, 2):
        sys.exit(f"genlock report ended with {process.returncode}")
    return time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, usage.ru_maxrss / 1024


def cost(name, store, *options):
    """Makes the page of a store and records its cost."""
    page = os.path.join(WORK, name.replace(" ", "-") + ".html")
    wall, processor, memory = report(store, page, "--format", "html", *options)
    large = "100,000" in name
    note(name, "seconds to make, wall", wall, "under 10 s" if large else "", wall < 10 if large else None)
    note(name, "seconds to make, processor", processor)
    note(name, "memory in MB", memory, "under 500" if large else "", memory < 500 if large else None)
    size = os.path.getsize(page) / 1e6
    note(name, "size in MB", size, "under 15 with 10,000 clips", size < 15)
    return page


def look(name, page, shots):
    """Opens a page as four kinds of readers would."""
    with Browser() as browser:
        loaded, painted = browser.open(page)
        note(name, "seconds to first paint", painted, "under 1", painted < 1)
        note(name, "seconds until loaded", loaded)
        slowest = max(browser.filtered(text) for text in ["t", "ta", "tak", "take", "", "canon", "no offset"])
        note(name, "seconds from a letter to the list", slowest, "instant (0.1)", slowest < 0.1)
        browser.filtered("")
        # By the keyboard alone: search, next clip, open, close.
        browser.run("document.activeElement.blur()")
        browser.run("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))")
        inSearch = browser.run("return document.activeElement.id") == "search"
        browser.run("document.activeElement.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))")
        onClip = browser.run("return document.activeElement.className") == "open"
        browser.keys("\ue007")
        opened = browser.run("return document.querySelectorAll('tr.detail').length")
        browser.keys("\ue007")
        closed = browser.run("return document.querySelectorAll('tr.detail').length")
        note(name, "search, next, open and close by keyboard", "yes" if (inSearch, onClip, opened, closed) == (True, True, 1, 0) else "no", "yes", (inSearch, onClip, opened, closed) == (True, True, 1, 0))
        pages = browser.driver.print_page()
        note(name, "prints, kB of PDF", len(pages) * 3 // 4000)
    worst = {}
    for dark in (False, True):
        for width in (1280, 390):
            with Browser(width, 900, dark) as browser:
                browser.open(page)
                browser.open_clips(8)
                kind = f"{'dark' if dark else 'light'}, {'wide' if width > 600 else 'phone'}"
                over = browser.run("return document.documentElement.scrollWidth - innerWidth")
                note(name, f"pixels wider than the screen ({kind})", over, "0", over <= 0)
                share = browser.run("return document.querySelector('.panel').offsetWidth / document.querySelector('main').offsetWidth")
                note(name, f"width of an open clip over the page's ({kind})", round(share, 2), "over 0.85", share > 0.85)
                found = browser.axe()
                for impact, rule, places, first in found:
                    worst[rule] = (impact, places, first)
                serious = [f for f in found if f[0] in ("serious", "critical")]
                note(name, f"axe: serious findings ({kind})", len(serious), "0", not serious)
                asked, said = browser.requests(), browser.complaints()
                note(name, f"requests to a network ({kind})", len(asked), "0", not asked)
                note(name, f"complaints of the browser ({kind})", len(said), "0", not said)
                for line in asked + said:
                    print("  ", line[:200])
                if shots:
                    browser.shot(os.path.join(shots, f"{name.replace(' ', '-')}-{kind.replace(', ', '-')}.png"))
    for rule, (impact, places, first) in sorted(worst.items()):
        note(name, f"axe: {rule} ({impact})", places)
        print("  ", first)


def main():
    arguments = sys.argv[1:]
    shots = None
    if "--shots" in arguments:
        place = arguments.index("--shots")
        shots = os.path.abspath(arguments[place + 1])
        os.makedirs(shots, exist_ok=True)
        del arguments[place:place + 2]
    os.makedirs(WORK, exist_ok=True)
    own = os.path.join(WORK, "testmedia.sqlite")
    if not os.path.exists(own):
        subprocess.run([GENLOCK, "scan", "TestMedia", "--store", own, "--quiet"], stdout=subprocess.DEVNULL)
    look("TestMedia", cost("TestMedia", own), shots)
    source = own
    for store in arguments:
        name = os.path.splitext(os.path.basename(store))[0]
        look(name, cost(name, store), shots)
        source = store
    for count in (10_000, 100_000):
        store = os.path.join(WORK, f"made-{count}.sqlite")
        multiply(source, store, count)
        name = f"made {count:,}"
        look(name, cost(name, store), shots)
    write()
    for fault in FAULTS:
        print("MISSED", fault, file=sys.stderr)
    sys.exit(1 if FAULTS else 0)


def write():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip() or "unknown"
    chromium = subprocess.run(["chromium", "--version"], capture_output=True, text=True).stdout.strip()
    stem = os.path.join("bench/results", f"page-{datetime.date.today()}-{os.environ.get('GENLOCK_COMMIT', commit)}")
    with open(stem + ".csv", "w", newline="") as file:
        csv.writer(file).writerows([["page", "what", "value", "asked"], *ROWS])
    with open(stem + ".md", "w") as file:
        file.write("# The page of a corpus\n\n`bench/page/run " + re.sub(r"\S*/", "", " ".join(sys.argv[1:])) + f"`, {chromium}, axe-core 4.12.1.\n")
        file.write("The made stores hold the rows of the last one given, or of TestMedia's, under other names.\n\n| page | what | measured | asked |\n|---|---|---:|---|\n")
        file.write("\n".join(LINES) + "\n")


if __name__ == "__main__":
    main()
