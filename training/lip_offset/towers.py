"""Two convolutional towers, mouth and sound, whose outputs are correlated; trained with jax.

A tower is a list of layers {'kernel' [width, in, out], 'bias' [out]} with fixed dilations; every layer but
the last is followed by SiLU. Convolutions are valid: the input carries RADIUS extra frames at either end.
"""
import numpy as np
import jax
import jax.numpy as jnp
import optax

WIDTHS = (5, 5, 5, 1)
DILATIONS = (1, 2, 2, 1)
RADIUS = 10                 # frames: sum of (width - 1) * dilation / 2
HIDDEN = 40
OUTPUTS = 16
LAGS = 75                   # frames either way
WINDOW = 150                # frames
TARGET_DEVIATION = 0.8      # frames
LONGEST_OWN_LAG = 50        # frames by which the audio of a training pair is moved


def new_tower(key, channels, hidden=HIDDEN):
    sizes = [channels, hidden, hidden, hidden, OUTPUTS]
    keys = jax.random.split(key, len(WIDTHS))
    return [{'kernel': jax.random.normal(k, (w, i, o)) * np.sqrt(2 / (w * i)), 'bias': jnp.zeros(o)}
            for k, w, i, o in zip(keys, WIDTHS, sizes[:-1], sizes[1:])]


def run_tower(tower, x, dropout_key=None, dropout=0.0):
    """x [B, T + 2 RADIUS, C] -> [B, T, OUTPUTS]."""
    for i, (layer, dilation) in enumerate(zip(tower, DILATIONS)):
        x = jax.lax.conv_general_dilated(x, layer['kernel'], (1,), 'VALID', rhs_dilation=(dilation,),
                                         dimension_numbers=('NWC', 'WIO', 'NWC')) + layer['bias']
        if i + 1 < len(tower):
            x = jax.nn.silu(x)
            if dropout_key is not None:
                dropout_key, key = jax.random.split(dropout_key)
                keep = jax.random.bernoulli(key, 1 - dropout, (x.shape[0], 1, x.shape[2]))
                x = x * keep / (1 - dropout)
    return x


def unit_energy(x, mask):
    """Mean over the masked frames removed, energy per masked frame 1, zero elsewhere; mask [B, T]."""
    weight = mask[..., None]
    count = weight.sum(axis=1, keepdims=True)
    x = (x - (x * weight).sum(axis=1, keepdims=True) / count) * weight
    return x / jnp.sqrt((x ** 2).sum(axis=(1, 2), keepdims=True) / count + 1e-6)


def all_curves(u, v):
    """u, v [B, T, K] -> [B, B, 2 LAGS + 1]: video i against audio j, sum over time of u[t] v[t + lag]."""
    length = 2 * WINDOW
    spectrum = jnp.einsum('ifk,jfk->ijf', jnp.conj(jnp.fft.rfft(u, length, axis=1)),
                          jnp.fft.rfft(v, length, axis=1))
    curve = jnp.fft.irfft(spectrum, length, axis=2)
    return jnp.concatenate([curve[..., -LAGS:], curve[..., :LAGS + 1]], axis=-1)


def loss(parameters, mouth, mouth_mask, sound, sound_mask, lag, owner, key, dropout):
    """Cross entropy of the true lag, and of the true pair against other clips' best lags."""
    key_m, key_s = jax.random.split(key)
    u = unit_energy(run_tower(parameters['mouth'], mouth, key_m, dropout), mouth_mask)
    v = unit_energy(run_tower(parameters['sound'], sound, key_s, dropout), sound_mask)
    scores = all_curves(u, v) * jnp.exp(parameters['temperature']) / WINDOW
    count = len(scores)
    own = scores[jnp.arange(count), jnp.arange(count)]
    lags = jnp.arange(-LAGS, LAGS + 1)
    target = jax.nn.softmax(-0.5 * ((lags - lag[:, None]) / TARGET_DEVIATION) ** 2, axis=1)
    foreign = jnp.where((owner[:, None] == owner[None, :])[..., None], -1e9, scores)
    flat = lambda s: jax.nn.logsumexp(s.reshape(count, -1), axis=1) - jnp.log(count - 1.0)
    own_sum = jax.nn.logsumexp(own, axis=1)
    total = jax.nn.logsumexp(jnp.stack([own_sum, flat(foreign), flat(foreign.transpose(1, 0, 2))]), axis=0)
    return (-(target * (own - own_sum[:, None])).sum(axis=1) + 0.5 * (total - own_sum)).mean()


def window_of(features, start, count):
    """Frames start - RADIUS ..< start + count + RADIUS, the end frames repeated, and the mask of real ones."""
    index = np.arange(start - RADIUS, start + count + RADIUS)
    inside = index[RADIUS:-RADIUS]
    return (features[np.clip(index, 0, len(features) - 1)],
            ((inside >= 0) & (inside < len(features))).astype(np.float32))


def batch_of(pairs, chosen, rng):
    """Random windows of the chosen pairs with the audio moved, with channel and time masks."""
    size = len(chosen)
    mouth = np.zeros((size, WINDOW + 2 * RADIUS, pairs[0].mouth.shape[1]), np.float32)
    sound = np.zeros((size, WINDOW + 2 * RADIUS, pairs[0].sound.shape[1]), np.float32)
    mouth_mask, sound_mask = np.zeros((size, WINDOW), np.float32), np.zeros((size, WINDOW), np.float32)
    lags = np.zeros(size, np.float32)
    for i, c in enumerate(chosen):
        m, s = pairs[c].mouth, pairs[c].sound
        shared = min(len(m), len(s))
        count = min(shared, int(rng.integers(70, WINDOW + 1)))
        start = int(rng.integers(0, shared - count + 1))
        lag = int(rng.integers(-LONGEST_OWN_LAG, LONGEST_OWN_LAG + 1))
        lags[i] = lag + pairs[c].lag
        mouth[i], mouth_mask[i] = window_of(m[:start + count], start, WINDOW)
        sound[i], sound_mask[i] = window_of(s[:start + count] if rng.random() < 0.5 else s, start - lag, WINDOW)
        if rng.random() < 0.3:
            hole = int(rng.integers(5, 25))
            at = int(rng.integers(0, WINDOW - hole))
            mouth[i, at:at + hole] = 0
        if rng.random() < 0.3:
            band = int(rng.integers(0, sound.shape[2] - 4))
            sound[i, :, band:band + 4] = 0
        mouth[i] *= np.exp(rng.normal(0, 0.15, mouth.shape[2]))
        if rng.random() < 0.3:
            mouth[i, :, int(rng.integers(0, mouth.shape[2]))] = 0
    return mouth, mouth_mask, sound, sound_mask, lags


def train(pairs, steps, seed, batch=24, learning_rate=2e-3, weight_decay=1e-2, dropout=0.15, say=None):
    """pairs: objects with .mouth [T, 14], .sound [T, 24], .lag frames, .owner int, .weight -> numpy towers."""
    rng = np.random.default_rng(seed)
    weights = np.array([p.weight for p in pairs], float)
    weights /= weights.sum()
    owners = np.array([p.owner for p in pairs])
    key = jax.random.PRNGKey(seed)
    key, key_m, key_s = jax.random.split(key, 3)
    parameters = {'mouth': new_tower(key_m, pairs[0].mouth.shape[1]),
                  'sound': new_tower(key_s, pairs[0].sound.shape[1]), 'temperature': jnp.array(2.5)}
    schedule = optax.cosine_onecycle_schedule(steps, learning_rate, 0.1)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=weight_decay))
    state = optimiser.init(parameters)

    @jax.jit
    def step(parameters, state, key, *data):
        value, gradient = jax.value_and_grad(loss)(parameters, *data, key, dropout)
        update, state = optimiser.update(gradient, state, parameters)
        return optax.apply_updates(parameters, update), state, value

    values = []
    for i in range(steps):
        chosen = rng.choice(len(pairs), batch, p=weights)
        data = batch_of(pairs, chosen, rng)
        key, own = jax.random.split(key)
        parameters, state, value = step(parameters, state, own, *data, owners[chosen])
        values.append(float(value))
        if say and (i + 1) % 250 == 0:
            say(f'  step {i + 1}: loss {np.mean(values[-250:]):.3f}')
    return jax.tree_util.tree_map(np.asarray, parameters)
