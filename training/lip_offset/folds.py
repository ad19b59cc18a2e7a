"""Leaving talkers out: each other talker once, with an eighth of s1's clips and one wild clip."""
from . import corpus, fit, trials


def folds_of(clips, count=None):
    """List of (name, set of left-out clip names); `count` folds, or one for each talker but s1."""
    studio = [c for c in clips if c.kind == 'grid']
    own = [c.name for c in studio if c.talker == 's1']
    others = sorted({c.talker for c in studio if c.talker != 's1'})
    wild = [c.name for c in clips if c.kind == 'wild']
    count = count or len(others)
    folds = []
    for i in range(count):
        talkers = others[i::count]
        out = {c.name for c in studio if c.talker in talkers} | set(own[i::count]) | set(wild[i::count])
        folds.append(('+'.join(talkers) if len(talkers) == 1 else f'fold{i}', out))
    return folds


def run_fold(task):
    """Fit without the left-out clips and try the model on them; returns (fold name, model, rows)."""
    name, out, folder, options, seed = task
    clips = [c for c in corpus.load_clips(folder) if c.kind != 'no-speech']
    kept = [c for c in clips if c.name not in out]
    model = fit.fit(kept, options.copies, options.steps)
    foreign = [c.samples for c in kept if c.kind == 'grid'][::4]
    rows = trials.trials_of(model, [c for c in clips if c.name in out], foreign, seed)
    return name, model, [{**r, 'fold': name} for r in rows]
