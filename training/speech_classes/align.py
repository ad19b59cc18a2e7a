"""Alignment of texts with frames: the class of each frame, with silence anywhere (Viterbi 1967)."""
import re
import unicodedata

import numpy as np

from .letters import CLASSES, classes

FOLDED = str.maketrans({"ø": "o", "æ": "e", "œ": "o", "ß": "s", "ð": "t", "þ": "t", "ł": "l", "đ": "d", "ı": "i"})


def words(text):
    text = re.sub(r"[\[(<{].*?[\])>}]", " ", text)
    text = unicodedata.normalize("NFD", text.lower())
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(FOLDED)
    return [classes(w) for w in re.findall(r"[^\W\d_]+", text.replace("'", "").replace("’", "")) if classes(w)]


def path(scores, text):
    """Class of each frame; scores [frames, 9] are log likelihood ratios."""
    states, kinds = [0], [True]
    for word in text:
        if len(states) > 1:
            states.append(0), kinds.append(True)
        for c in word:
            states.append(CLASSES.index(c)), kinds.append(False)
    states.append(0), kinds.append(True)
    states, optional = np.array(states), np.array(kinds)
    n, t = len(states), len(scores)
    emit = 0.4 * scores[:, states]
    value = np.full(n, -1e9)
    value[0] = 0
    value[1] = 0
    value += emit[0]
    back = np.zeros((t, n), np.int8)
    # 0 stay, 1 from the previous state, 2 skipping a silence, 3 skipping a letter
    stay = np.where(optional, -0.05, -0.25)
    go = np.where(optional, 0.0, -1.2)
    over = np.concatenate([[0, 0], np.where(optional[1:-1], 0.0, -4.0)])
    for frame in range(1, t):
        a = value + stay
        b = np.concatenate([[-1e9], value[:-1]]) + go
        c = np.concatenate([[-1e9, -1e9], value[:-2]]) + go + over
        c[:2] = -1e9
        stack = np.stack([a, b, c])
        choice = stack.argmax(0)
        back[frame] = choice
        value = stack[choice, np.arange(n)] + emit[frame]
    ends = [n - 1, n - 2]
    state = max(ends, key=lambda s: value[s])
    total = value[state]
    result = np.zeros(t, int)
    for frame in range(t - 1, -1, -1):
        result[frame] = states[state]
        state -= int(back[frame, state])
    return result, total / t


def labels(scores, cues, room=0.6, rate=50):
    """[frames] classes, -1 if unknown (speech without a cue)."""
    result = np.full(len(scores), -1)
    for index, (start, end, text) in enumerate(cues):
        low = max(start - room, (cues[index - 1][1] + start) / 2 if index else 0)
        high = min(end + room, (cues[index + 1][0] + end) / 2 if index + 1 < len(cues) else 1e9)
        a, b = max(0, int(low * rate)), min(len(scores), int(high * rate))
        text = words(text)
        if b - a < 5 or not text or b - a < sum(map(len, text)):
            continue
        result[a:b] = path(scores[a:b], text)[0]
    return result
