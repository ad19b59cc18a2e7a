"""Share of resampled curves whose peak stays; the same on every machine."""
import numpy as np

SEED = 0x47454E4C4F434B31    # 'GENLOCK1'
RESAMPLES = 200
NEAR_FRAMES = 2.0            # 40 ms
MASK = (1 << 64) - 1


def splitmix64(state):
    """Steele, Lea, Flood 2014: next state and output."""
    state = (state + 0x9E3779B97F4A7C15) & MASK
    z = state
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return state, z ^ (z >> 31)


def multiplicities(blocks):
    """How often each block is drawn in each resample; [RESAMPLES, blocks].

    Draw d of a resample is block (output >> 32) * blocks >> 32.
    """
    counts = np.zeros((RESAMPLES, blocks))
    state = SEED
    for r in range(RESAMPLES):
        for _ in range(blocks):
            state, value = splitmix64(state)
            counts[r, ((value >> 32) * blocks) >> 32] += 1
    return counts


def stable_share(inside, lag, lags, cache={}):
    """Share of resampled curves with their largest sample within 2 frames of the lag.

    inside: block curves [blocks, 2 lags + 1].
    """
    if len(inside) not in cache:
        cache[len(inside)] = multiplicities(len(inside))
    best = (cache[len(inside)] @ inside).argmax(axis=1) - lags
    return float((np.abs(best - lag) <= NEAR_FRAMES).mean())
