"""The common time grid: 20 ms frames, frame n at presentation time n * 0.02 s."""
import numpy as np

FRAME_SECONDS = 0.02
FRAMES_PER_SECOND = 50
CLIP_AT = 4.0


def moving_average_removed(values, width):
    """Subtract a Hann-weighted moving average from each column.

    values [T, C]; width: odd number of grid frames. At the ends the average is
    taken over the frames that exist (weights renormalised), so any T >= 1 works.
    """
    weights = np.hanning(width + 2)[1:-1]
    total = np.convolve(np.ones(len(values)), weights)[width // 2:][:len(values)]
    averages = np.stack([np.convolve(column, weights)[width // 2:][:len(values)]
                         for column in values.T], axis=1) / total[:, None]
    return values - averages


def scaled_and_clipped(values, deviation_floor):
    """Remove the mean, divide by max(standard deviation, floor), clip to +-4; per column."""
    centred = values - values.mean(axis=0)
    deviation = np.sqrt((centred ** 2).mean(axis=0))
    return np.clip(centred / np.maximum(deviation, deviation_floor), -CLIP_AT, CLIP_AT)
