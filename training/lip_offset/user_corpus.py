"""Clips of a user's corpus, as written by `genlock adapt`."""
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from .corpus import Clip

MESH_POINTS = 468
SAME_VOICE = 0.55           # inner product of two voice embeddings above which two clips count as one speaker's


@dataclass
class UserClip(Clip):
    """A clip with an identity derived from its content."""
    identity: str = ''


def mesh(points, which):
    """[F, P, 3] of some points -> [F, 468, 3]; unused points are 0, NaN without a mesh."""
    made = np.zeros((len(points), MESH_POINTS, 3), np.float32)
    made[:, which] = points
    made[np.isnan(points).any(axis=(1, 2))] = np.nan
    return made


def talkers_of(lines, prints):
    """[N] names: those given; else one for all clips with similar voices, directly or through others."""
    names = [line.get('talker') for line in lines]
    unknown = [i for i, name in enumerate(names) if name is None]
    group = {i: i for i in unknown}

    def root(i):
        while group[i] != i:
            i = group[i]
        return i
    for a in unknown:
        for b in unknown:
            if a < b and prints[a] is not None and prints[b] is not None and prints[a] @ prints[b] >= SAME_VOICE:
                group[root(b)] = root(a)
    return [name if name is not None else f'voice of {lines[root(i)]["name"]}' for i, name in enumerate(names)]


def load(folder):
    """Clips sorted by name, and the lags of those that have one: {name: seconds}."""
    folder = Path(folder)
    lines = [json.loads(line) for line in (folder / 'clips.jsonl').read_text().splitlines()]
    lines.sort(key=lambda line: line['name'])
    files = [load_file(folder / line['file']) for line in lines]
    talkers = talkers_of(lines, [f.get('voice') for f in files])
    clips, lags = [], {}
    for line, t, talker in zip(lines, files, talkers):
        clips.append(UserClip(
            line['name'], 'wild', talker, talker, mesh(t['points'], t['which']), t['times'],
            t['audio'].astype(np.float32) / 32768, t['crops'], t['seen'].astype(bool), t['side'], line['identity']))
        if line.get('lag') is not None:
            lags[line['name']] = line['lag']
    return clips, lags
