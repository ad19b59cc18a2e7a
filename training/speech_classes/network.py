"""One hidden layer between spliced frames and classes; AdamW on soft targets."""
import numpy as np

from .sound import TAPS


def silu(z):
    s = 1 / (1 + np.exp(-z))
    return z * s, s * (1 + z * (1 - s))


class Network:
    def __init__(self, inputs, hidden, outputs, seed):
        rng = np.random.default_rng(seed)
        f = np.float32
        self.p = [(rng.standard_normal((inputs, hidden)) / np.sqrt(inputs)).astype(f), np.zeros(hidden, f),
                  (rng.standard_normal((hidden, outputs)) / np.sqrt(hidden)).astype(f), np.zeros(outputs, f)]

    def __call__(self, x):
        a, b, c, d = self.p
        h, _ = silu(x @ a + b)
        z = h @ c + d
        z -= z.max(1, keepdims=True)
        return z - np.log(np.exp(z).sum(1, keepdims=True))

    def fit(self, frames, starts, y, w, epochs, seed, rate=2e-3, decay=1e-3, batch=1024, drop=0.2):
        """frames: all recordings' rows end to end; starts: (first, last) row of each row's recording."""
        rng = np.random.default_rng(seed)
        taps = np.array(list(TAPS))
        m = [np.zeros_like(p) for p in self.p]
        v = [np.zeros_like(p) for p in self.p]
        rows = np.flatnonzero(w > 0)
        steps, step = epochs * (len(rows) // batch), 0
        for epoch in range(epochs):
            order = rng.permutation(rows)
            for k in range(0, len(order) - batch + 1, batch):
                index = order[k:k + batch]
                at = np.clip(index[:, None] + taps, starts[index, :1], starts[index, 1:])
                x = frames[at]
                # Some bands are masked, so that none is relied on.
                if rng.random() < 0.5:
                    x = x.copy()
                    n = rng.integers(1, 5)
                    f = rng.integers(0, 24 - n)
                    x[:, :, f:f + n] = 0
                x = x.reshape(batch, -1)
                a, b, c, d = self.p
                h, dh = silu(x @ a + b)
                keep = (rng.random(h.shape, dtype=np.float32) > drop) / np.float32(1 - drop)
                hk = h * keep
                z = hk @ c + d
                z -= z.max(1, keepdims=True)
                e = np.exp(z)
                s = e / e.sum(1, keepdims=True)
                ww = w[index] / w[index].sum()
                g = (s - y[index]) * ww[:, None]
                gh = (g @ c.T) * keep * dh
                grads = [x.T @ gh, gh.sum(0), hk.T @ g, g.sum(0)]
                step += 1
                lr = rate * min(1, step / 100) * 0.5 * (1 + np.cos(np.pi * step / steps))
                for i, grad in enumerate(grads):
                    m[i] = 0.9 * m[i] + 0.1 * grad
                    v[i] = 0.99 * v[i] + 0.01 * grad * grad
                    self.p[i] -= (lr * (m[i] / (1 - 0.9 ** step) / (np.sqrt(v[i] / (1 - 0.99 ** step)) + 1e-8) + (decay * self.p[i] if i % 2 == 0 else 0))).astype(np.float32)
        return self
