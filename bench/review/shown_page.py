"""The page of a review in a browser, for screenshots."""
import os
import subprocess
import sys
from contextlib import contextmanager

from playwright.sync_api import sync_playwright


@contextmanager
def shown_page(command, folder, width, height):
    """Starts a review in `folder` and opens its page; ends both. Exits with a message if the page had errors."""
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
            page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
            errors = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(server.stdout.readline().strip())
            yield page
            browser.close()
            if errors:
                sys.exit("the page has errors: " + "; ".join(errors))
    finally:
        server.terminate()
        server.wait()
