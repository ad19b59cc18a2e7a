"""Leaving talkers out, whole sources at a time: what is measured was never seen, nor anything of the same origin."""

# Sources of each fold, chosen so that each leaves out about a quarter of the web talkers and of the studio ones.
FOLDS = {
    'a': ('liveportrait', 'web-smirk', 'grid-u', 'grid-30'),
    'b': ('retalking', 'web-mimictalk', 'grid-31', 'grid-s1'),
    'c': ('web-dfrf', 'web-hdtf', 'cremad', 'grid-others'),
}
# What the landmark experts learnt from: there, nothing can be said of them.
SEEN_BY_LANDMARKS = ('grid-s1', 'grid-others', 'liveportrait', 'retalking')


def split(clips, fold):
    """Clips that are kept and clips that are left out."""
    out = FOLDS[fold]
    return [c for c in clips if c.source not in out], [c for c in clips if c.source in out]
