"""Masters: a copy whose sound was moved against its picture, whatever else was done to it; and copies of other films."""
from .. import media
from .maker import narrow, noisy

LOOKS = {"plain": None, "240p": "scale=-2:240", "crop": "crop=iw*0.85:ih*0.85,scale=trunc(iw/2)*2:trunc(ih/2)*2", "graded": "eq=contrast=1.3:saturation=0.6:gamma=1.2",
         "25 fps": "fps=25"}
LENGTH = 25.0


def make(maker, sources, count):
    films = [source for source in sources if source.kind == "film" and media.seconds(source.path) >= 3]
    masters = {}

    def master(source):
        """Once for all of its copies: the picture and the sound from the same moment on."""
        if source.name not in masters:
            out = maker.folder / maker.track / f"master-{len(masters)}.mkv"
            samples = media.sound(source.path)[:round(LENGTH * media.RATE)]
            media.with_sound(source.path, samples, out, "scale=trunc(iw/2)*2:trunc(ih/2)*2")
            masters[source.name] = out, samples
        return masters[source.name]

    def copy(source, by, look, quiet=False):
        path, samples = master(source)
        changed, by = media.moved(samples, by)
        out = maker.new(".mkv", "b")
        media.with_sound(path, noisy(narrow(changed), maker.noise, 20) if quiet else changed, out, LOOKS[look])
        return path, out, by, len(samples) / media.RATE

    for at in range(count if films else 0):
        source = films[at % len(films)]
        look = list(LOOKS)[at % len(LOOKS)]
        path, out, by, seconds = copy(source, 0.0 if at % 4 == 0 else maker.size(25, 1000), look, at % 3 == 2)
        maker.add(source, -by, path, out, look, f"sound of the copy later by {by:.3f} ms{', narrow and noisy' if at % 3 == 2 else ''}", 2 * seconds,
                  kind="constructed", pm=0)
    for source in maker.pick(films, max(2, count // 6)):
        others = [other for other in films if other.speaker != source.speaker]
        if others:
            other = maker.random.choice(others)
            path, _ = master(source)
            _, out, _, seconds = copy(other, 0.0, "plain")
            maker.add(source, None, path, out, "plain", f"copy of {other.name}", 2 * seconds, negative="other-episode", kind="constructed", pm=0)
