"""Folds that leave out speakers, by whole sources: nothing measured was seen in training, nor anything of the same origin."""

# Sources of each fold, chosen so that each leaves out about a quarter of the web speakers and of the studio speakers.
FOLDS = {
    'a': ('liveportrait', 'web-smirk', 'grid-u', 'grid-30'),
    'b': ('retalking', 'web-mimictalk', 'grid-31', 'grid-s1'),
    'c': ('web-dfrf', 'web-hdtf', 'cremad', 'grid-others'),
}
# Training data of the landmark experts, which cannot be measured on it.
SEEN_BY_LANDMARKS = ('grid-s1', 'grid-others', 'liveportrait', 'retalking')


def split(clips, fold):
    """Clips that are kept, and clips that are left out."""
    out = FOLDS[fold]
    return [c for c in clips if c.source not in out], [c for c in clips if c.source in out]
