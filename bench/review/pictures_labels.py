"""Screenshot of the page of labels: two cameras of a made scene, one labelled by two annotators, placed by what is heard.

Usage: pictures_labels.py GENLOCK OUTPUT
"""
import os
import subprocess
import sys
import tempfile

from shown_page import shown_page

genlock, output = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
LATER = 1.4
ACTIONS = [(1.0, 4.0, "take cup"), (4.0, 9.2, "pour milk"), (9.2, 12.0, "add sugar"), (12.0, 17.5, "stir"), (18.4, 23.0, "drink")]


def between(parts):
    """An expression of the time that moves from value to value in a second each."""
    text = str(parts[0][1])
    for at, value in parts[1:]:
        text = f"({text})+({value}-({text}))*clip(t-{at}+0.5,0,1)"
    return text


def scene(zoom, mirrored):
    """A cup, a carton, a bowl and a hand that goes from one to the next, with a knock wherever an action begins or ends."""
    boxes = [("0x8a5a3b", "0", "250", 640, 110), ("0xd8d8e0", "120", "190", 60, 70), ("0xf0f4ff", "400", "130", 70, 130), ("0xb7d38a", "520", "210", 90, 50)]
    hand = between([(0, 40), (1.0, 130), (4.0, 380), (9.2, 530), (12.0, 130), (18.4, 60), (23.0, 20)])
    draw = [f"drawbox=x={x}:y={y}:w={w}:h={h}:color={c}:t=fill" for c, x, y, w, h in boxes]
    draw.append(f"drawbox=x='{hand}':y='150+18*sin(6*t)':w=70:h=60:color=0xe0a078:t=fill")
    picture = ",".join(draw + [f"crop=iw*{zoom}:ih*{zoom}", "scale=640:360"] + (["hflip,eq=brightness=0.06:saturation=0.7"] if mirrored else []))
    knocks = "+".join(f"exp(-60*abs(t-{at}))*sin({700 + 90 * place}*2*PI*t)*gte(t\\,{at})" for place, at in enumerate(sorted({edge for start, end, _ in ACTIONS for edge in (start, end)})))
    return picture, f"0.5*({knocks})+0.02*(random(0)-0.5)"


with tempfile.TemporaryDirectory() as folder:
    for name, (picture, sound), start in [("counter", scene(1, False), 0), ("stove", scene(0.8, True), LATER)]:
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"color=c=0x39424f:s=640x360:r=25:d=25,{picture}", "-f", "lavfi", "-i", f"aevalsrc='{sound}':s=16000:d=25",
                        "-ss", str(start), "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac", f"{folder}/{name}.mp4"], check=True)

    def write(name, labels, later=0.0):
        with open(f"{folder}/{name}", "w") as file:
            file.write("start_s,end_s,label\n" + "".join(f"{start - later:.3f},{end - later:.3f},{label}\n" for start, end, label in labels if start >= later))

    ben, stove = list(ACTIONS), [(max(start, LATER), end, label) for start, end, label in ACTIONS]
    ben[1:3] = [(4.0, 9.65, "pour milk"), (9.65, 12.0, "add sugar")]
    stove[3] = (12.0, 17.5, "mix")
    del stove[4]
    write("ann.csv", ACTIONS)
    write("ben.csv", ben)
    write("stove.csv", stove, LATER)
    command = [genlock, "review", "counter.mp4", "ann.csv", "ben.csv", "stove.mp4", "stove.csv", "--as", "eve"]
    with shown_page(command, folder, 1360, 860) as page:
        page.wait_for_function("document.body.dataset.ready")
        for key in sys.argv[3:] or ["a", "d"]:
            page.keyboard.press(key)
            page.wait_for_timeout(500)
        page.wait_for_function("document.body.dataset.sound === document.body.dataset.camera")
        page.wait_for_function("cameras.every(one => one.video.readyState >= 2 && !one.video.seeking)")
        page.wait_for_timeout(1200)
        page.screenshot(path=f"{output}/review-labels.png")
