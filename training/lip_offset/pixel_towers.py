"""The pixel expert: a stem on crops and two towers, trained together with torch."""
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import pixels
from .pixel_augment import degraded_crops

CHANNELS = (3, 16, 24, 48, 80)
KERNELS = (5, 3, 3, 3)
FEATURES = 48
HIDDEN = 48
OUTPUTS = 24
DILATIONS = (1, 2, 2, 1)
WINDOW = 100                # grid frames
LAGS = 40                   # grid frames either way
BATCH = 12
TARGET_DEVIATION = 1.2      # grid frames
PEAK_RATE = 4.5e-3
WEIGHT_DECAY = 0.02


@dataclass
class PixelClip:
    """Crops uint8 [F, 56, 56] of one segment with their times (s); standardised bands of the clip and its degraded
    copies, each (first grid frame, [T, 24]); the audio is `lag` seconds after the video."""
    crops: np.ndarray
    times: np.ndarray
    sounds: list
    lag: float
    owner: int
    weight: float


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        blocks = []
        for i, (kernel, stride) in enumerate(zip(KERNELS, pixels.STRIDES)):
            blocks += [nn.Conv2d(CHANNELS[i], CHANNELS[i + 1], kernel, stride, kernel // 2, bias=False),
                       nn.BatchNorm2d(CHANNELS[i + 1]), nn.ReLU()]
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(0.2)
        self.linear = nn.Linear(CHANNELS[-1] * 4, FEATURES)

    def forward(self, x):
        return self.linear(self.dropout(self.blocks(x).permute(0, 2, 3, 1).flatten(1)))


class Tower(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        sizes = [inputs, HIDDEN, HIDDEN, HIDDEN]
        self.layers = nn.ModuleList(nn.Conv1d(i, o, 5, dilation=d) for i, o, d in zip(sizes, sizes[1:], DILATIONS))
        self.last = nn.Conv1d(HIDDEN, OUTPUTS, 1)

    def forward(self, x):
        """[B, T, C] -> [B, T, OUTPUTS], the end frames repeated."""
        x = F.pad(x.transpose(1, 2), (10, 10), mode='replicate')
        for layer in self.layers:
            x = F.silu(layer(x))
        return self.last(x).transpose(1, 2)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.mouth, self.sound = Stem(), Tower(FEATURES), Tower(24)
        self.temperature = nn.Parameter(torch.tensor(2.3))


HANN = torch.hann_window(53, periodic=False)[1:-1][None, None]


def moving_average_removed(x, mask):
    batch, count, columns = x.shape
    weight = mask[..., None].float()
    sums = F.conv1d((x * weight).transpose(1, 2).reshape(-1, 1, count), HANN, padding=25)
    share = F.conv1d(weight.transpose(1, 2), HANN, padding=25).transpose(1, 2).clamp(min=1e-3)
    return x - sums.view(batch, columns, count).transpose(1, 2) / share


def unit_energy(x, mask):
    weight = mask[..., None].float()
    count = weight.sum(1, keepdim=True).clamp(min=1)
    x = (x - (x * weight).sum(1, keepdim=True) / count) * weight
    return x / torch.sqrt((x ** 2).sum((1, 2), keepdim=True) / count + 1e-6)


def all_curves(u, v, mask):
    """u [N, T, K], v [M, T + 2 LAGS, K] -> [N, M, 2 LAGS + 1], mean over the masked frames of u."""
    product = torch.einsum('nfk,mfk->nmf', torch.fft.rfft(u, 512, dim=1).conj(), torch.fft.rfft(v, 512, dim=1))
    return torch.fft.irfft(product, 512, dim=2)[:, :, :2 * LAGS + 1] / mask.sum(1).clamp(min=1)[:, None, None]


def window_of(clip, rng, heavy=True):
    """Crops, their neighbours' indices, grid weights, mask, audio window, its mask and the index of the true lag."""
    speed = np.exp(rng.uniform(-0.2, 0.2)) if rng.random() < 0.6 else 1.0
    lowest, highest = clip.times[0] * 50, clip.times[-1] * 50
    need = WINDOW * speed
    start = rng.uniform(lowest, highest - need) if highest - lowest > need else rng.uniform(lowest - 5, lowest)
    wanted = (start + np.arange(WINDOW) * speed) / 50
    a = max(0, int(np.searchsorted(clip.times, wanted[0], 'right')) - 1)
    b = min(len(clip.times), int(np.searchsorted(clip.times, wanted[-1])) + 1)
    frames = np.arange(a, b)
    kind = rng.random()
    if kind < 0.08 and len(frames) > 20:
        frames = frames[int(rng.integers(0, 2))::2]
    elif kind < 0.16:
        frames = frames[rng.random(len(frames)) > rng.uniform(0.05, 0.3)]
        frames = frames if len(frames) > 10 else np.arange(a, b)
    crops = clip.crops[frames]
    if heavy:
        images = degraded_crops(crops, rng)
    else:
        images = crops[:, pixels.CUT:-pixels.CUT, pixels.CUT:-pixels.CUT].astype(np.float32)
    images = (images - images.mean()) / (images.std() + pixels.DEVIATION_FLOOR)
    images = images * rng.uniform(0.8, 1.25) + rng.uniform(-0.3, 0.3)
    if rng.random() < 0.4:
        images = images + 0.05 * rng.standard_normal(images.shape, dtype=np.float32)
    place = np.interp(wanted, clip.times[frames], np.arange(len(frames)))
    mask = (wanted >= clip.times[frames[0]] - 1e-6) & (wanted <= clip.times[frames[-1]] + 1e-6)
    if rng.random() < 0.25:
        hole = int(rng.integers(5, 20))
        at = int(rng.integers(0, WINDOW - hole))
        mask[at:at + hole] = False
    first, bands = clip.sounds[int(rng.integers(len(clip.sounds)))]
    moved = int(rng.integers(-15, 16))
    heard = start + (np.arange(WINDOW + 2 * LAGS) - LAGS + moved) * speed - first
    there = np.clip(heard, 0, len(bands) - 1.001)
    left = np.floor(there).astype(int)
    part = (there - left)[:, None]
    sound = bands[left] * (1 - part) + bands[left + 1] * part
    sound_mask = (heard >= 0) & (heard <= len(bands) - 1)
    if rng.random() < 0.3:
        band = int(rng.integers(0, 20))
        sound[:, band:band + 4] = 0
    sound = sound + rng.uniform(-0.2, 0.2, sound.shape[1])
    return images.astype(np.float32), place, mask, sound, sound_mask, LAGS + clip.lag * 50 / speed - moved


def step_loss(network, clips, chosen, rng):
    made = [window_of(clips[c], rng) for c in chosen]
    sizes = np.array([len(m[0]) for m in made])
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    stacked = np.concatenate([np.stack([np.concatenate([m[0][:1], m[0][:-1]]), m[0],
                                        np.concatenate([m[0][1:], m[0][-1:]])], axis=1) for m in made])
    found = network.stem(torch.from_numpy(stacked).contiguous(memory_format=torch.channels_last))
    place = np.stack([m[1] for m in made])
    left = np.floor(place).astype(np.int64)
    part = torch.from_numpy((place - left).astype(np.float32))[..., None]
    right = np.minimum(left + 1, sizes[:, None] - 1)
    x = (found[torch.from_numpy(left + offsets[:, None])] * (1 - part)
         + found[torch.from_numpy(right + offsets[:, None])] * part)
    mask = torch.from_numpy(np.stack([m[2] for m in made]))
    sound = torch.from_numpy(np.stack([m[3] for m in made]).astype(np.float32))
    sound_mask = torch.from_numpy(np.stack([m[4] for m in made]))
    u = unit_energy(network.mouth(moving_average_removed(x, mask)), mask)
    v = unit_energy(network.sound(sound), sound_mask)
    scores = all_curves(u, v, mask) * network.temperature.exp()
    count = len(chosen)
    own_place = np.array([m[5] for m in made])
    target = np.exp(-0.5 * ((np.arange(2 * LAGS + 1)[None] - own_place[:, None]) / TARGET_DEVIATION) ** 2)
    target = torch.from_numpy((target / target.sum(1, keepdims=True)).astype(np.float32))
    own = scores[torch.arange(count), torch.arange(count)]
    lag_loss = -(target * F.log_softmax(own, 1)).sum(1).mean()
    mass = torch.logsumexp(own + torch.log(target + 1e-9), 1)
    owners = torch.tensor([clips[c].owner for c in chosen])
    same = owners[:, None] == owners[None]
    same.fill_diagonal_(False)
    every = torch.logsumexp(scores, 2).masked_fill(same, -1e9)
    pair_loss = -0.5 * ((mass - torch.logsumexp(every, 1)).mean() + (mass - torch.logsumexp(every, 0)).mean())
    return lag_loss + pair_loss, lag_loss.item()


def train(clips, steps, seed, say=None, start=None, peak_rate=PEAK_RATE):
    """PixelClips -> network in evaluation mode.

    start: an initial network; its normalisation is unchanged, and weight decay is towards its weights.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = (start or Network()).train()
    packaged = None
    if start is not None:
        for part in network.stem.blocks:
            if isinstance(part, nn.BatchNorm2d):
                part.eval()
        packaged = [p.detach().clone() for n, p in network.named_parameters() if n != 'temperature']
    network.stem.to(memory_format=torch.channels_last)    # twice as fast
    weights = np.array([c.weight for c in clips])
    weights /= weights.sum()
    others = [p for n, p in network.named_parameters() if n != 'temperature']
    optimiser = torch.optim.AdamW([{'params': others, 'weight_decay': 0 if start is not None else WEIGHT_DECAY},
                                   {'params': [network.temperature], 'weight_decay': 0}], lr=peak_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [peak_rate, peak_rate], total_steps=steps, pct_start=0.1)
    running = None
    for step in range(steps):
        loss, lag_loss = step_loss(network, clips, rng.choice(len(clips), BATCH, p=weights), rng)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        optimiser.step()
        if packaged is not None:
            with torch.no_grad():
                for p, origin in zip(others, packaged):
                    p.lerp_(origin, schedule.get_last_lr()[0] * WEIGHT_DECAY)
        schedule.step()
        running = lag_loss if running is None else 0.97 * running + 0.03 * lag_loss
        if say and (step + 1) % 250 == 0:
            say(f'  step {step + 1}: lag loss {running:.3f}')
    return network.eval()


def expert_of(network):
    """The network as plain arrays: batch normalisation folded into the convolutions."""
    array = lambda t: t.detach().numpy().astype(np.float64)
    stem = []
    for conv, norm in zip(network.stem.blocks[0::3], network.stem.blocks[1::3]):
        factor = array(norm.weight) / np.sqrt(array(norm.running_var) + norm.eps)
        stem.append({'kernel': (array(conv.weight) * factor[:, None, None, None]).transpose(2, 3, 1, 0),
                     'bias': array(norm.bias) - array(norm.running_mean) * factor})
    stem.append({'kernel': array(network.stem.linear.weight).T, 'bias': array(network.stem.linear.bias)})
    tower = lambda t: [{'kernel': array(layer.weight).transpose(2, 1, 0), 'bias': array(layer.bias)}
                       for layer in [*t.layers, t.last]]
    return {'stem': stem, 'mouth': tower(network.mouth), 'mouth_dilations': list(DILATIONS),
            'sound': tower(network.sound), 'sound_dilations': list(DILATIONS), 'weight': 1.0}


def network_of(expert):
    """The inverse of `expert_of`: an initial network whose normalisation has no effect except by the biases."""
    network = Network()
    tensor = lambda x: torch.from_numpy(np.ascontiguousarray(x, np.float32))
    with torch.no_grad():
        for layer, conv, norm in zip(expert['stem'], network.stem.blocks[0::3], network.stem.blocks[1::3]):
            conv.weight.copy_(tensor(layer['kernel'].transpose(3, 2, 0, 1)))
            norm.bias.copy_(tensor(layer['bias']))
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
        network.stem.linear.weight.copy_(tensor(expert['stem'][-1]['kernel'].T))
        network.stem.linear.bias.copy_(tensor(expert['stem'][-1]['bias']))
        for side in ('mouth', 'sound'):
            tower = getattr(network, side)
            for layer, conv in zip(expert[side], [*tower.layers, tower.last]):
                conv.weight.copy_(tensor(layer['kernel'].transpose(2, 1, 0)))
                conv.bias.copy_(tensor(layer['bias']))
    return network


def between(one, other, share):
    """An expert with weights interpolated from one expert's to another's."""
    mixed = lambda a, b: [{part: (1 - share) * x[part] + share * y[part] for part in ('kernel', 'bias')}
                          for x, y in zip(a, b)]
    return {**one, **{part: mixed(one[part], other[part]) for part in ('stem', 'mouth', 'sound')}}
