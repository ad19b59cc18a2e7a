"""Drives `genlock review` in a headless browser: 100 decisions by keyboard, time until a clip is open, and the store's content after a kill.

Needs the `playwright` package, a chromium (CHROMIUM, default /usr/bin/chromium) and ffmpeg. Usage: bench.py GENLOCK OUTPUT.csv
"""
import csv
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

COUNT = 100


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def make(folder):
    """Clips with flashes and beeps at the same irregular times, the beeps moved; one of 30 minutes at 720p, and one that no browser plays."""
    times = [0.9, 2.1, 2.8, 4.3, 5.2, 6.6]
    flash = "+".join(f"between(t,{t},{t + 0.08})" for t in times)
    beep = "+".join(f"between(t,{t + 0.25},{t + 0.33})" for t in times)
    base = folder + "/base.mp4"
    run("ffmpeg", "-nostdin", "-y", "-f", "lavfi", "-i", f"color=black:s=320x240:r=25:d=8,drawbox=color=white:t=fill:enable='{flash}'",
        "-f", "lavfi", "-i", f"aevalsrc='0.6*sin(2*PI*1000*t)*({beep})':s=48000:d=8", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", base)
    os.mkdir(folder + "/clips")
    for number in range(COUNT):
        os.link(base, f"{folder}/clips/take{number:03d}.mp4")
    os.mkdir(folder + "/large")
    run("ffmpeg", "-nostdin", "-y", "-stream_loop", "-1", "-i", base, "-t", "60", "-vf", "scale=1280:720", "-c:v", "libx264", "-preset", "veryfast",
        "-b:v", "2M", "-c:a", "aac", folder + "/minute.mp4")
    run("ffmpeg", "-nostdin", "-y", "-stream_loop", "29", "-i", folder + "/minute.mp4", "-c", "copy", folder + "/large/long.mp4")
    run("ffmpeg", "-nostdin", "-y", "-i", folder + "/minute.mp4", "-c:v", "mpeg2video", "-q:v", "4", "-c:a", "mp2", folder + "/large/tape.mpg")


def serve(genlock, folder, store, *more):
    server = subprocess.Popen([genlock, "review", store, "--as", "bench", *more], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return server, server.stdout.readline().strip()


def decided(store):
    with sqlite3.connect(store) as db:
        return db.execute("SELECT count(*) FROM decision WHERE taken_back_at IS NULL").fetchone()[0]


def main():
    genlock, output = os.path.abspath(sys.argv[1]), sys.argv[2]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        make(folder)
        for name in ["clips", "large"]:
            words = [genlock, "scan", name, "--store", name + ".sqlite", "--checks", "impacts" if name == "clips" else "container", "--quiet"]
            subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
            page = browser.new_page(viewport={"width": 1280, "height": 860}, bypass_csp=True)
            faults = []
            page.on("pageerror", lambda error: faults.append(str(error)))
            store = folder + "/clips.sqlite"
            server, address = serve(genlock, folder, "clips.sqlite")
            page.goto(address)
            page.wait_for_function("document.body.dataset.clip")
            page.wait_for_function("video.readyState >= 2 && buffer")
            started = time.monotonic()
            choices = "acx"
            for number in range(COUNT):
                before = page.evaluate("document.body.dataset.clip")
                if choices[number % 3] == "c":
                    for _ in range(4):
                        page.keyboard.press("ArrowRight")
                page.keyboard.press(choices[number % 3])
                page.wait_for_function(f"Number(document.body.dataset.decided) === {number + 1}")
                if number < COUNT - 1:
                    page.wait_for_function(f"document.body.dataset.clip !== {before!r}")
            seconds = time.monotonic() - started
            server.send_signal(signal.SIGKILL)
            server.wait()
            rows.append(["decisions_by_keyboard", COUNT, ""])
            rows.append(["seconds_for_all", round(seconds, 1), "s"])
            rows.append(["in_store_after_kill", decided(store), ""])
            rows.append(["page_errors", len(faults), "; ".join(faults)[:200]])
            server, address = serve(genlock, folder, "clips.sqlite")
            page.goto(address)
            page.wait_for_function("document.body.dataset.clip")
            page.keyboard.press("u")
            page.wait_for_function("document.getElementById('note').textContent === 'Undone.'")
            rows.append(["in_store_after_undo", decided(store), ""])
            server.terminate()
            server.wait()
            server, address = serve(genlock, folder, "large.sqlite", "--all")
            page.goto(address)
            page.wait_for_function("document.body.dataset.clip")
            for name, index in [("open_720p_30min", "long"), ("open_transcoded_mpeg2_720p", "tape")]:
                started = time.monotonic()
                page.evaluate(f"open(clips.findIndex(c => c.key.includes('{index}')))")
                page.wait_for_function(f"document.body.dataset.clip.includes('{index}') && video.readyState >= 2 && !video.error")
                rows.append([name, round(time.monotonic() - started, 2), "s"])
            server.terminate()
            server.wait()
            browser.close()
    with open(output, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["figure", "value", "unit_or_note"])
        table.writerows(rows)
    print("| figure | value | |\n|---|---|---|")
    for figure, value, unit in rows:
        print(f"| {figure.replace('_', ' ')} | {value} | {unit} |")


main()
