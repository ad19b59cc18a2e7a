"""Text: captions moved as a whole. Words: single words moved, the rest as it was. And texts of something else, and words that nobody said."""
import numpy as np

from .. import media
from .maker import far, noisy, split_of


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
    """A recording of 12 to 60 s a file; one word in eight is moved by 100 to 400 ms, or another stands in its place. And words of other recordings."""
    material = [source for source in sources if source.kind == "words"]
    short = [source for source in material if source.name.startswith("grid/")]
    groups = [[source] for source in material if source not in short]
    # Short clips of one speaker are joined; what is left, with others of the same split.
    by_speaker, rest = {}, {}
    for source in maker.pick(short, len(short)):
        by_speaker.setdefault(source.speaker, []).append(source)
    for own in by_speaker.values():
        whole = len(own) // 8 * 8
        groups += [own[at:at + 8] for at in range(0, whole, 8)]
        rest.setdefault(split_of(own[0].speaker, own[0].device), []).extend(own[whole:])
    groups += [left[at:at + 8] for left in rest.values() for at in range(0, len(left), 8) if len(left[at:at + 8]) >= 4]
    conditions = {"clean": lambda samples: samples, "noise 10 dB": lambda samples: noisy(samples, maker.noise, 10), "room": lambda samples: far(samples, maker.noise)}
    chosen = maker.pick(groups, count)
    joined = [spoken(group) for group in chosen]
    for number, (group, (samples, stated)) in enumerate(zip(chosen, joined)):
        name = group[0].name if len(group) == 1 else f"grid/joined-{number}"
        seconds = len(samples) / media.RATE
        condition = list(conditions)[number % len(conditions)]
        heard = conditions[condition](samples)

        def put(rows, made, condition, **more):
            sound, path = maker.new(".wav"), maker.new(".csv")
            media.write_wav(sound, heard)
            media.write_words(path, rows)
            maker.add(group[0], None, sound, path, condition, made, seconds, name=name, **more)

        truths, rows = {}, []
        for at, (a, b, word) in enumerate(stated):
            by = 0.0
            if at % 8 == 5:
                by = round(maker.size(100, 400)) / 1000
                by = max(by, -a)
            rows.append((a + by, b + by, word))
            truths[at] = -by * 1000
        put(rows, "one word in eight moved", condition, parts=truths)
        # A word that was not said stands in the place of one in eight; it is as long, and of the same recording.
        vocabulary = sorted({word for _, _, word in stated})
        if len(vocabulary) >= 20 and number % 3 == 0:
            rows, wrong = [], {}
            for at, (a, b, word) in enumerate(stated):
                if at % 8 == 3:
                    near = {stated[k][2] for k in range(max(0, at - 6), min(len(stated), at + 7))}
                    other = [each for each in vocabulary if each not in near]
                    word = min(maker.pick(other, 4), key=lambda each: abs(len(each) - len(word)))
                    wrong[at] = None
                rows.append((a, b, word))
            put(rows, "one word in eight was not said", condition, parts=wrong, negative="not-said")
        # The words of another recording, at their own times.
        others = [k for k in range(len(chosen)) if k != number and joined[k][1] != stated]
        for negative, is_same in (("other-language", False), ("other-episode", True)):
            pool = [k for k in others if (chosen[k][0].language == group[0].language) == is_same]
            if pool and number % 3 == 1 + is_same:
                other = maker.random.choice(pool)
                rows = [row for row in joined[other][1] if row[1] <= seconds]
                put(rows, f"words of {chosen[other][0].name}", condition, parts={at: None for at in range(len(rows))}, negative=negative)


def spoken(group):
    """Samples and words of recordings one after another."""
    parts, stated, at = [], [], 0.0
    for source in group:
        samples = media.sound(source.path)
        stated += [(at + a, at + b, word) for a, b, word in media.read_cues(source.other)]
        parts.append(samples)
        at += len(samples) / media.RATE
    return np.concatenate(parts), stated
