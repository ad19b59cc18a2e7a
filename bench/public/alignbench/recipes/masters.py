"""Masters: a copy whose sound was moved against its picture, whatever else was done to it; and copies of other films, with other sound, or without a moving picture."""
from .. import media
from .maker import narrow, noisy

LOOKS = {"plain": None, "240p": "scale=-2:240", "crop": "crop=iw*0.85:ih*0.85,scale=trunc(iw/2)*2:trunc(ih/2)*2", "graded": "eq=contrast=1.3:saturation=0.6:gamma=1.2",
         "25 fps": "fps=25", "letterbox": "pad=iw:trunc(ih*0.65)*2:0:(oh-ih)/2", "mirrored": "hflip", "blurred": "gblur=sigma=4", "half the frames": "select='not(mod(n,2))'"}
LENGTH = 25.0
MOST_ROWS = "scale=-2:'min(480,trunc(ih/2)*2)'"


def make(maker, sources, count):
    films = [source for source in sources if source.kind == "film" and media.seconds(source.path) >= 3]
    masters = {}

    def master(source):
        """Once for all of its copies: the picture and the sound from the same moment on."""
        if source.name not in masters:
            out = maker.folder / maker.track / f"master-{len(masters)}.mkv"
            samples = media.sound(source.path)[:round(LENGTH * media.RATE)]
            media.with_sound(source.path, samples, out, MOST_ROWS)
            masters[source.name] = out, samples
        return masters[source.name]

    def copy(source, by, look, quiet=False, begin=0.0, sound=None, still=False):
        """From `begin` on; its sound, or other sound, later by so many ms."""
        path, samples = master(source)
        first = round(begin * media.RATE)
        changed, by = media.moved(samples[first:] if sound is None else sound, by)
        out = maker.new(".mkv", "b")
        media.with_sound(path, noisy(narrow(changed), maker.noise, 20) if quiet else changed, out, LOOKS[look], begin=first / media.RATE, still=still)
        return path, out, by, (len(samples) + len(changed)) / media.RATE

    for at in range(count if films else 0):
        source = films[at % len(films)]
        look = list(LOOKS)[at % len(LOOKS)]
        # Some copies begin later than the master, at one of its frames; their sound is cut at the same moment.
        total = min(LENGTH, media.seconds(source.path))
        begin = 0.0
        if at % 3 == 1 and total >= 8:
            path, _ = master(source)
            times = media.frame_times(path)
            begin = maker.random.choice([time for time in times if 0.5 <= time <= total * 0.3])
        path, out, by, seconds = copy(source, 0.0 if at % 4 == 0 else maker.size(25, 1000), look, at % 5 == 2, begin)
        changes = ["narrow and noisy"] * (at % 5 == 2) + [f"begins {begin:.3f} s later"] * (begin > 0)
        maker.add(source, -by, path, out, look, "; ".join([f"sound of the copy later by {by:.3f} ms", *changes]), seconds, kind="constructed", pm=1 if begin else 0)
    for at, source in enumerate(maker.pick(films, max(2, count // 2))):
        others = [other for other in films if other.speaker != source.speaker]
        path, samples = master(source)
        negative = ("other-episode", "dub", "still-face", "voice-over")[at % 4]
        if negative == "still-face":
            _, out, _, seconds = copy(source, 0.0, "plain", still=True)
            made = "its first picture, which stands, and its sound"
        elif not others:
            continue
        elif negative == "other-episode":
            other = maker.random.choice(others)
            _, out, _, seconds = copy(other, 0.0, "plain")
            made = f"copy of {other.name}"
        else:
            foreign = [other for other in others if (other.language != source.language) == (negative == "dub")]
            if not foreign:
                continue
            other = maker.random.choice(foreign)
            sound = master(other)[1]
            if len(sound) < 3 * media.RATE:
                continue
            _, out, _, seconds = copy(source, 0.0, "plain", sound=sound[:len(samples)])
            made = f"its picture with the sound of {other.name}"
        maker.add(source, None, path, out, "plain", made, seconds, negative=negative, kind="constructed", pm=0)
