"""Features -> embeddings: every expert's tower over every segment, mean removed, unit energy."""
import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def run_tower(tower, dilations, features):
    """Valid convolutions after repeating the end frames; features [T, C] -> [T, K].

    out[t, o] = bias[o] + sum over j, c of kernel[j, c, o] * in[t + j * dilation, c]; SiLU between layers.
    """
    radius = sum((len(layer['kernel']) - 1) * d for layer, d in zip(tower, dilations)) // 2
    x = features[np.clip(np.arange(-radius, len(features) + radius), 0, len(features) - 1)]
    for i, (layer, dilation) in enumerate(zip(tower, dilations)):
        width = len(layer['kernel'])
        count = len(x) - (width - 1) * dilation
        y = layer['bias'] + np.zeros((count, layer['kernel'].shape[2]))
        for j in range(width):
            y += x[j * dilation:j * dilation + count] @ layer['kernel'][j]
        x = silu(y) if i + 1 < len(tower) else y
    return x


def embed(experts, side, pieces, frames):
    """pieces: segments as (first frame, features); side 'mouth' or 'sound' -> embedding [frames, K], mask [frames].

    Each expert's block of columns has its mean over masked frames removed and as much energy per masked frame as the
    expert has weight.
    """
    mask = np.zeros(frames, bool)
    for first, features in pieces:
        mask[first:first + len(features)] = True
    blocks = []
    for expert in experts:
        tower, dilations = expert[side], expert[side + '_dilations']
        block = np.zeros((frames, tower[-1]['kernel'].shape[2]))
        for first, features in pieces:
            block[first:first + len(features)] = run_tower(tower, dilations, features)
        block[mask] -= block[mask].mean(axis=0) if mask.any() else 0
        energy = (block ** 2).sum() / max(mask.sum(), 1)
        blocks.append(block * np.sqrt(expert.get('weight', 1.0) / (energy + 1e-6)))
    return np.concatenate(blocks, axis=1), mask
