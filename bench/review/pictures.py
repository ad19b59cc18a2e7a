"""Screenshots of the review page: a late clip with waveform, mouth and curve; views side by side. Usage: pictures.py GENLOCK FOLDER OUTPUT"""
import os
import sys

from shown_page import shown_page

genlock, folder, output = os.path.abspath(sys.argv[1]), sys.argv[2], os.path.abspath(sys.argv[3])
with shown_page([genlock, "review", "takes.sqlite", "--as", "ann", "--all"], folder, 1200, 860) as page:
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
