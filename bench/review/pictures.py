"""Screenshots of the review page: a late clip with waveform, mouth and curve; views side by side. Usage: pictures.py GENLOCK FOLDER OUTPUT"""
import os
import subprocess
import sys

from playwright.sync_api import sync_playwright

genlock, folder, output = os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[3])
server = subprocess.Popen([genlock, "review", "takes.sqlite", "--as", "ann", "--all"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
address = server.stdout.readline().strip()
try:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        page = browser.new_page(viewport={"width": 1200, "height": 860}, bypass_csp=True)
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        page.wait_for_function("document.body.dataset.clip")

        def show(name, image, at):
            page.evaluate(f"open(clips.findIndex(c => c.key.includes('{name}')))")
            page.wait_for_function(f"document.body.dataset.clip.includes('{name}') && video.readyState >= 2 && buffer")
            page.evaluate("delete document.body.dataset.mouth")
            page.wait_for_function("Number(document.body.dataset.mouth) > 0", timeout=60000)
            page.evaluate(f"seek({at})")
            page.click("#mended")
            page.wait_for_timeout(1500)
            page.screenshot(path=f"{output}/{image}.png")

        show("late", "review-clip", 1.4)
        show("kitchen", "review-views", 2.0)
        browser.close()
        if faults:
            sys.exit("the page has errors: " + "; ".join(faults))
finally:
    server.terminate()
    server.wait()
