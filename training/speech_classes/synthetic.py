"""Speech of flite's voices with phone times, for more than two speakers."""
import os
import random
import re
import subprocess

VOICES = ("slt", "rms", "awb", "kal16")
SENTENCES = """The old house stood quietly on the hill above the river.
Please bring me a glass of cold water and two slices of bread.
Nobody knew why the children had left the garden so early.
She measures the distance between the two cameras every morning.
A small brown dog chased the yellow ball under the table.
We should choose the second option because it costs much less.
His voice was thin and high, but everybody in the room could hear it.
Shake the bottle, then pour three drops into the shallow dish.
The judge asked for silence before she read the long letter.
Five young men were waiting at the station for the last train.
Unless it rains tomorrow we are going to walk around the lake.
The machine makes a strange noise whenever you push that button.
Both of them thought that the other one had paid the bill.
Put your books away and look at the picture on page nineteen.
Which of these roads leads back to the village where you were born?
The weather in January is usually worse than people imagine.
Her uncle sells fish and vegetables in the market near the church.
I would rather have a simple answer than a beautiful theory.
Open the window, turn off the light, and lock the door behind you.
They finished the job in less than half of the usual time.
Yes, we can probably fix it, but it will take another week or so.
The teacher wrote a few large numbers on the blackboard.
My watch is slow, it loses about a minute every single day.
Good evening, ladies and gentlemen, and welcome to our little show.
Some people enjoy loud music, others prefer to sit in the shade.
Could you explain that again, a bit more slowly this time?
The ship was thirty miles from the coast when the engine failed.
Green apples, ripe plums, fresh cheese and a jar of honey.
Every change of the program has to be tested on real data.
He picked up the phone, listened for a moment, and hung up.
Bin blue at f two now. Lay red with k seven please.
Set green in j five again. Place white by q three soon.
Bin white by d nine please. Lay blue at x four again.
Place red in m one now. Set white with v six soon.
Lay green by z zero please. Bin red at b eight again.""".split("\n")
CLASSES = {
    "A": "aa ae ah ax ay aw", "E": "iy ih ix eh ey er y axr", "O": "ao ow oy uh uw", "S": "s z sh zh ch jh", "F": "f v th dh hh hv",
    "P": "p t k b d g dx", "N": "m n ng en em nx", "L": "l r w el",
}
PHONES = {phone: name for name, phones in CLASSES.items() for phone in phones.split()}


def spoken(folder, seed=7):
    """[(name, talker, sound file, [(start, end, class letter)])]: every sentence by every voice, at several paces and pitches."""
    os.makedirs(folder, exist_ok=True)
    generator = random.Random(seed)
    result = []
    for voice in VOICES:
        for index, sentence in enumerate(SENTENCES):
            path = f"{folder}/{voice}-{index}.wav"
            command = ["flite", "-voice", voice, "--setf", f"duration_stretch={generator.uniform(0.8, 1.25):.2f}", "-t", sentence, "-psdur", "-o", path]
            printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            phones, start = [], 0.0
            for phone, end in re.findall(r"([a-z#]+):([0-9.]+)", printed):
                if phone in PHONES:
                    phones.append((start, float(end), PHONES[phone]))
                start = float(end)
            result.append((f"{voice}-{index}", voice, path, phones))
    return result
