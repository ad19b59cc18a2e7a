"""Screenshots of a page for the documentation: the top in light and dark, and one open clip."""

import os
import sys
import time

from browser import Browser

PAGE, FOLDER = sys.argv[1:3]
for dark in (False, True):
    with Browser(1180, 980, dark) as browser:
        browser.open(PAGE)
        browser.driver.save_screenshot(os.path.join(FOLDER, f"report-{'dark' if dark else 'light'}.png"))
with Browser(390, 844) as browser:
    browser.open(PAGE)
    browser.driver.save_screenshot(os.path.join(FOLDER, "report-phone.png"))
with Browser(1180, 900) as browser:
    browser.open(PAGE)
    browser.filtered("sound-early-180ms.mp4")
    browser.open_clips(1)
    browser.run("document.querySelector('tr.detail .finding').scrollIntoView()")
    time.sleep(0.3)
    browser.driver.save_screenshot(os.path.join(FOLDER, "report-clip.png"))
