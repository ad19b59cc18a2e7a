"""Recorders: two recordings of one sound, cut elsewhere and heard otherwise; and recordings of something else."""
from .. import media
from .maker import far, narrow, noisy


def heard(maker, samples, condition):
    if condition == "room and noise":
        return noisy(far(samples, maker.noise), maker.noise, 10)
    if condition == "noise 0 dB":
        return noisy(samples, maker.noise, 0)
    if condition == "telephone":
        return narrow(samples)
    return samples


def make(maker, sources, count):
    sounds = [source for source in sources if source.kind == "sound" and media.seconds(source.path) >= 18]
    conditions = ("clean", "room and noise", "noise 0 dB", "telephone", "mp3 32 kbit/s")
    each = -(-count // max(1, len(sounds)))

    def cut(source, length, condition, begin=None):
        samples = media.sound(source.path)
        first = maker.random.randrange(0, max(1, len(samples) - round(length * media.RATE))) if begin is None else begin
        piece = samples[first:first + round(length * media.RATE)]
        return first, heard(maker, piece, condition)

    for at, source in enumerate(source for source in sounds for _ in range(each)):
        condition = conditions[at % len(conditions)]
        total = media.seconds(source.path)
        length = min(30.0, total * 0.6)
        a, one = cut(source, length, "clean")
        # They meet for at least half of their length.
        by = round(maker.random.uniform(-0.5, 0.5) * length * media.RATE)
        b, two = cut(source, length, condition, max(0, min(round((total - length) * media.RATE), a + by)))
        reference, subject = maker.new(".wav", "a"), maker.new(".wav", "b")
        media.write_wav(reference, one)
        media.write_wav(subject, two)
        if condition.startswith("mp3"):
            # Decoded again to samples that begin where they began: the coder's delay is told by its header and taken off by ffmpeg.
            coded = maker.new(".mp3")
            media.ffmpeg("-i", subject, "-c:a", "libmp3lame", "-b:a", "32k", coded)
            decoded = media.sound(coded)
            coded.unlink()
            media.write_wav(subject, decoded[:len(two)])
        maker.add(source, (b - a) * 1000 / media.RATE, reference, subject, condition, f"cut {(b - a) / media.RATE:.6f} s later", 2 * length,
                  kind="constructed", pm=0)
    for source in maker.pick(sounds, max(2, count // 5)):
        others = [other for other in sounds if other.name != source.name]
        same = [other for other in others if other.speaker and other.speaker == source.speaker]
        for negative, pool in (("other-take", same), ("other-episode", others)):
            if pool:
                other = maker.random.choice(pool)
                _, one = cut(source, 15, "clean")
                _, two = cut(other, 15, "clean")
                reference, subject = maker.new(".wav", "a"), maker.new(".wav", "b")
                media.write_wav(reference, one)
                media.write_wav(subject, two)
                maker.add(source, None, reference, subject, "clean", f"other sound: {other.name}", 30, negative=negative, kind="constructed", pm=0)
