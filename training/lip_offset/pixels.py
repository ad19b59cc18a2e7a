"""Pixel features: a small convolutional network on gray crops of the lower face, every 20 ms."""
import numpy as np

from .grid import FRAME_SECONDS, moving_average_removed

CROP = 56                   # pixels, as the program cuts it
SIDE = 48                   # pixels, the middle that the network sees
CUT = (CROP - SIDE) // 2
LONGEST_GAP_SECONDS = 0.15  # between two visible frames; a longer gap ends the segment
SHORTEST_SEGMENT = 26       # grid frames
LEAST_STEP_SECONDS = 0.030  # between two analysed frames
AVERAGE_WIDTH = 51          # grid frames of the moving average that is removed
DEVIATION_FLOOR = 5.0       # gray levels
STRIDES = (3, 2, 2, 2)


def segments(seen, times, cuts=()):
    """Runs of visible frames, thinned to at most some 30 a second, as arrays of frame indices."""
    present = np.flatnonzero(seen)
    if len(present) == 0:
        return []
    shot = np.searchsorted(np.asarray(cuts, float), times[present] + 1e-6)
    breaks = np.flatnonzero((np.diff(times[present]) > LONGEST_GAP_SECONDS) | (np.diff(shot) > 0)) + 1
    return [thinned(run, times) for run in np.split(present, breaks)]


def thinned(run, times):
    """The first frame, and each that is at least 30 ms after the last one kept."""
    kept = [run[0]]
    for frame in run[1:]:
        if times[frame] - times[kept[-1]] >= LEAST_STEP_SECONDS:
            kept.append(frame)
    return np.array(kept)


def scaled(crops):
    """uint8 [F, 56, 56] of one segment -> its middle [F, 48, 48], less the segment's mean, over its deviation + 5."""
    middle = crops[:, CUT:CUT + SIDE, CUT:CUT + SIDE].astype(np.float64)
    return (middle - middle.mean()) / (middle.std() + DEVIATION_FLOOR)


def definition(crops):
    """Sharpness of the crops of visible frames, about 0.2 for a face seen well, half as much if it is small,
    blurred or coded coarsely: the median over frames of the mean absolute Laplacian of the middle 48 x 48 pixels over
    their deviation + 5. NaN without frames."""
    if len(crops) == 0:
        return np.nan
    x = crops[:, CUT:CUT + SIDE, CUT:CUT + SIDE].astype(np.float64)
    laplacian = (4 * x[:, 1:-1, 1:-1] - x[:, :-2, 1:-1] - x[:, 2:, 1:-1] - x[:, 1:-1, :-2] - x[:, 1:-1, 2:])
    return float(np.median(np.abs(laplacian).mean(axis=(1, 2)) / (x.std(axis=(1, 2)) + DEVIATION_FLOOR)))


def run_stem(stem, frames):
    """frames [F, 48, 48] -> [F, outputs]: each frame with its neighbours as three channels (the end frames repeated).

    Layers {'kernel' [height, width, in, out], 'bias' [out]} with the strides above, zeros around the input,
    half a kernel wide; ReLU after each. Then a linear layer {'kernel' [in, out], 'bias'} over rows, columns, channels.
    """
    before, after = np.concatenate([frames[:1], frames[:-1]]), np.concatenate([frames[1:], frames[-1:]])
    x = np.stack([before, frames, after], axis=3)
    for layer, stride in zip(stem[:-1], STRIDES):
        height = layer['kernel'].shape[0]
        half = height // 2
        padded = np.pad(x, ((0, 0), (half, half), (half, half), (0, 0)))
        size = (x.shape[1] + 2 * half - height) // stride + 1
        y = layer['bias'] + np.zeros((len(x), size, size, layer['kernel'].shape[3]))
        for i in range(height):
            for j in range(height):
                y += padded[:, i:i + stride * (size - 1) + 1:stride,
                            j:j + stride * (size - 1) + 1:stride] @ layer['kernel'][i, j]
        x = np.maximum(y, 0)
    return x.reshape(len(x), -1) @ stem[-1]['kernel'] + stem[-1]['bias']


def pixel_features(stem, crops, times, seen, cuts=()):
    """All segments of a clip: list of (first grid frame, features [T, outputs])."""
    made = []
    for run in segments(seen, times, cuts):
        first = int(np.ceil(times[run[0]] / FRAME_SECONDS - 1e-6))
        last = int(np.floor(times[run[-1]] / FRAME_SECONDS + 1e-6))
        if last - first + 1 < SHORTEST_SEGMENT:
            continue
        found = run_stem(stem, scaled(crops[run]))
        grid = np.arange(first, last + 1) * FRAME_SECONDS
        onto = np.stack([np.interp(grid, times[run], c) for c in found.T], axis=1)
        made.append((first, moving_average_removed(onto, AVERAGE_WIDTH)))
    return made
