"""Screenshots of the page of texts: a spoken text with one cue moved and one with other words; two annotators' texts side by side.

The voice is that of genlock-speech-synth, which states the time of each word. Usage: pictures_texts.py GENLOCK OUTPUT
"""
import json
import os
import subprocess
import sys
import tempfile

from shown_page import shown_page

genlock, output = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
LINES = ["Maybe Bob will bring the paper boat", "back before the evening comes,", "and we may all move to a warmer place by the bay.",
         "There the harbour master keeps seven old lanterns", "and a wooden box of letters from his brother.", "Nobody has opened it since the summer of the flood,",
         "when the water stood as high as the windows", "and the ferry brought bread to every house.", "We listened to the rain upon the roof", "and counted the hours until the morning."]


def clock(seconds):
    ms = round(seconds * 1000)
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}:{ms // 1000 % 60:02d},{ms % 1000:03d}"


def srt(cues):
    return "".join(f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n\n" for number, (start, end, text) in enumerate(cues, 1))


with tempfile.TemporaryDirectory() as folder:
    said = subprocess.run([os.path.join(os.path.dirname(genlock), "genlock-speech-synth"), " ".join(LINES), "--rate", "130", "--output", folder + "/talk.wav"], check=True, capture_output=True, text=True)
    words, cues = json.loads(said.stdout)["words"], []
    for line in LINES:
        mine, words = words[:len(line.split())], words[len(line.split()):]
        cues.append((mine[0]["start_s"], mine[-1]["end_s"], line))
    one = list(cues)
    one[3] = (one[3][0] + 0.6, one[3][1] + 0.6, one[3][2])
    one[6] = (*one[6][:2], "where nobody had ever seen an elephant")
    two = list(cues)
    two[1] = (two[1][0], two[1][1] + 0.3, "back before evening comes,")
    two[8:10] = [(two[8][0], two[9][1], two[8][2] + " " + two[9][2])]
    for name, text in [("talk", one), ("ann", cues), ("ben", two)]:
        with open(f"{folder}/{name}.srt", "w") as file:
            file.write(srt(text))

    def shot(files, image, keys, check):
        command = [genlock, "review", "talk.wav", *files, "--as", "ann", "--language", "en", *([] if check else ["--no-check"])]
        with shown_page(command, folder, 1280, 760) as page:
            page.wait_for_function("document.body.dataset.text")
            if check:
                page.wait_for_function("['done', 'failed'].includes(document.body.dataset.check)", timeout=300000)
            for key in keys:
                page.keyboard.press(key)
                page.wait_for_timeout(400)
            page.wait_for_function("Number(document.body.dataset.sound) > 0")
            page.wait_for_timeout(600)
            page.screenshot(path=f"{output}/{image}.png")

    shot(["talk.srt"], "review-text", ["a", "a", "d", "d", "d"], True)
    shot(["ann.srt", "ben.srt"], "review-beside", ["d"], False)
