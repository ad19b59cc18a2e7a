"""Lips: a talking face and its sound, moved by whole samples; and sound that is not its own."""
from .. import media
from .maker import narrow, noisy

LENGTH = 12.0


def make(maker, sources, count):
    talkers = [source for source in sources if source.kind == "talker"]
    faces = [source for source in sources if source.kind == "face"]
    films = [source for source in sources if source.kind == "film"]
    if not talkers:
        return
    looks = {"clean": None, "noise 5 dB": None, "telephone": None, "small": "scale=-2:120", "dim": "eq=brightness=-0.25:contrast=0.6"}
    # Speakers in turn, so that no one fills the table.
    speakers = {}
    for source in maker.pick(talkers, len(talkers)):
        speakers.setdefault(source.speaker, []).append(source)
    order = []
    while len(order) < count:
        order += [sources[len(order) // len(speakers) % len(sources)] for sources in speakers.values()]
    for at, source in enumerate(order[:count]):
        condition = list(looks)[at % len(looks)] if at % 3 else "clean"
        samples = media.sound(source.path)[:round(LENGTH * media.RATE)]
        by = 0.0 if at % 4 == 0 else maker.size(30, 500)
        changed, by = media.moved(samples, by)
        if condition == "noise 5 dB":
            changed = noisy(changed, maker.noise, 5)
        elif condition == "telephone":
            changed = narrow(changed)
        out = maker.new(".mkv")
        media.with_sound(source.path, changed, out, looks[condition])
        maker.add(source, -by, out, None, condition, f"sound of {source.name} later by {by:.3f} ms", len(samples) / media.RATE, name=source.speaker)
    negatives(maker, talkers, faces, films, max(2, count // 12))


def negatives(maker, talkers, faces, films, each):
    def foreign(picture, other, kind, still=False, begin=0.0):
        samples = media.sound(other.path)
        length = min(LENGTH, media.seconds(picture.path) - begin, len(samples) / media.RATE)
        out = maker.new(".mkv")
        media.with_sound(picture.path, samples[:round(length * media.RATE)], out, still=still, begin=begin, length=length)
        maker.add(picture, None, out, None, kind, f"sound of {other.name}", length, negative=kind, name=picture.speaker)

    for source in maker.pick(talkers, each):
        others = [other for other in talkers if other.speaker == source.speaker and other.path != source.path]
        if others and source.speaker != "test-media":
            foreign(source, maker.random.choice(others), "other-take")
    for source in maker.pick(films + talkers, each):
        others = [other for other in films + talkers if other.language != source.language]
        if others:
            foreign(source, maker.random.choice(others), "dub")
    for source in maker.pick(faces, each):
        foreign(source, maker.random.choice(talkers + films), "voice-over")
    for source in maker.pick(talkers, each):
        foreign(source, source, "still-face", still=True, begin=0.2)
