"""Text: captions moved as a whole. Words: single words moved, the rest as it was. And texts of something else."""
from .. import media
from .maker import noisy


def cues_of(source):
    cues = media.read_cues(source.other)
    return media.gathered(cues) if sum(" " not in text for _, _, text in cues) * 2 > len(cues) else cues


def prepared(maker, source, condition):
    """The sound under a condition, once for the item."""
    samples = media.sound(source.path, media.RATE)
    if condition == "noise 5 dB":
        samples = noisy(samples, maker.noise, 5)
    elif condition == "quiet":
        samples = samples * 0.05
    out = maker.new(".wav")
    media.write_wav(out, samples)
    return out, len(samples) / media.RATE


def text(maker, sources, count):
    speech = [source for source in sources if source.kind == "speech" and cues_of(source)]
    conditions = ("clean", "noise 5 dB", "clean", "quiet")
    each = -(-count // max(1, len(speech)))
    for at, source in enumerate(source for source in speech for _ in range(each)):
        condition = conditions[at % len(conditions)]
        sound, seconds = prepared(maker, source, condition)
        by = 0.0 if at % 5 == 0 else round(maker.size(100, 6000)) / 1000
        cues = [(a + by, b + by, words) for a, b, words in cues_of(source) if a + by >= 0]
        out = maker.new(".srt")
        media.write_srt(out, cues)
        maker.add(source, -by * 1000, sound, out, condition, f"cues later by {by * 1000:.0f} ms", seconds)
    for source in maker.pick(speech, max(2, count // 6)):
        for negative, is_same in (("other-language", False), ("other-episode", True)):
            others = [other for other in speech if other.path != source.path and (other.language == source.language) == is_same]
            if others:
                other = maker.random.choice(others)
                sound, seconds = prepared(maker, source, "clean")
                out = maker.new(".srt")
                media.write_srt(out, cues_of(other))
                maker.add(source, None, sound, out, "clean", f"text of {other.name}", seconds, negative=negative)


def words(maker, sources, count):
    """A recording of 12 to 60 s a file; one word in eight is moved by 100 to 400 ms."""
    material = [source for source in sources if source.kind == "words"]
    short = [source for source in material if source.name.startswith("grid/")]
    groups = [[source] for source in material if source not in short]
    short = maker.pick(short, len(short))
    groups += [short[at:at + 8] for at in range(0, len(short) - 7, 8)]
    for group in maker.pick(groups, count):
        import numpy as np

        parts, stated, at = [], [], 0.0
        for source in group:
            samples = media.sound(source.path)
            stated += [(at + a, at + b, word) for a, b, word in media.read_cues(source.other)]
            parts.append(samples)
            at += len(samples) / media.RATE
        sound, path = maker.new(".wav"), maker.new(".csv")
        media.write_wav(sound, np.concatenate(parts))
        truths, rows = {}, []
        for number, (a, b, word) in enumerate(stated):
            by = 0.0
            if number % 8 == 5:
                by = round(maker.size(100, 400)) / 1000
                by = max(by, -a)
            rows.append((a + by, b + by, word))
            truths[number] = -by * 1000
        media.write_words(path, rows)
        maker.add(group[0], None, sound, path, "clean", "one word in eight moved", at, parts=truths, name=group[0].name if len(group) == 1 else f"grid/joined-{maker.number}")
