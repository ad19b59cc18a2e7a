"""A page in a real browser: its requests, its loading time, and axe's findings."""

import json
import os
import time

import axe_playwright_python
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

os.environ["SE_OFFLINE"] = "true"
os.environ["SE_AVOID_STATS"] = "true"


class Browser:
    """Headless Chromium at a width, in light or dark. Use with `with`."""

    def __init__(self, width=1280, height=900, dark=False):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.width, self.height = width, height
        self.size(height)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def size(self, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": self.width < 600})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, path):
        """Seconds until the page was loaded, and until the first paint."""
        started = time.monotonic()
        self.driver.get("file://" + os.path.abspath(path))
        loaded = time.monotonic() - started
        self.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))")
        paints = self.run("return performance.getEntriesByType('paint').map(p => p.startTime)")
        return loaded, min(paints) / 1000 if paints else None

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def requests(self):
        """URLs that the page requested, except its own and data URLs."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                address = message["params"]["request"]["url"]
                if not address.startswith(("data:", "file:")):
                    asked.append(address)
        return asked

    def complaints(self):
        """Messages of the browser's console."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def axe(self):
        """Findings of axe by rule: (impact, rule, elements, first element)."""
        with open(os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js"), encoding="utf-8") as file:
            self.run(file.read())
        found = self.driver.execute_async_script("const done = arguments[0]; axe.run().then(done)")
        return [(v["impact"], v["id"], len(v["nodes"]), v["nodes"][0]["html"][:120]) for v in found["violations"]]

    def open_clips(self, count):
        self.run("for (const b of [...document.querySelectorAll('.open[aria-expanded=false]')].slice(0, arguments[0])) b.click()", count)

    def filtered(self, text):
        """Seconds from a letter in the search field to the drawn list."""
        return self.run(
            """const s = document.getElementById('search'), t = performance.now();
            s.value = arguments[0]; s.dispatchEvent(new Event('input', { bubbles: true }));
            document.body.offsetHeight; return (performance.now() - t) / 1000""", text)

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def shot(self, path, most=5000):
        height = self.run("scrollTo(0, 0); return document.documentElement.scrollHeight")
        self.size(min(height, most))
        time.sleep(0.2)
        self.driver.save_screenshot(path)
        self.size(self.height)


__all__ = ["Browser", "Keys"]
