"""A network of SyncNet's shape (Chung and Zisserman 2016), with the weights that you bring.

SYNCNET_WEIGHTS names a PyTorch state dictionary with the published names (`netcnnaud.*`, `netcnnlip.*`, `netfcaud.*`, `netfclip.*`), such as
`syncnet_v2.model` of the authors. Their pipeline follows the face with S3FD; here a Haar cascade of OpenCV finds it, which suits one
frontal face. The offset counts whole frames at 25 a second; LSE-D is the least mean distance, LSE-C the median less the least.
"""
import os
from pathlib import Path

import numpy as np

from .. import media

SHIFT = 15  # frames either way


def weights():
    path = os.environ.get("SYNCNET_WEIGHTS")
    return path if path and Path(path).exists() else None


def network():
    from torch import nn

    def layer(kind, *arguments, norm, **more):
        return [kind(*arguments, **more), norm, nn.ReLU(inplace=True)]

    def aud(i, o, k, p=0, s=1):
        return layer(nn.Conv2d, i, o, kernel_size=k, stride=s, padding=p, norm=nn.BatchNorm2d(o))

    def lip(i, o, k, p=0, s=1):
        return layer(nn.Conv3d, i, o, kernel_size=k, stride=s, padding=p, norm=nn.BatchNorm3d(o))

    def head(size):
        return nn.Sequential(nn.Linear(512, 512), nn.BatchNorm1d(512), nn.ReLU(), nn.Linear(512, size))

    class SyncNet(nn.Module):
        def __init__(self, size=1024):
            super().__init__()
            self.netcnnaud = nn.Sequential(
                *aud(1, 64, 3, 1), nn.MaxPool2d(1, 1), *aud(64, 192, 3, 1), nn.MaxPool2d(3, (1, 2)), *aud(192, 384, 3, 1), *aud(384, 256, 3, 1),
                *aud(256, 256, 3, 1), nn.MaxPool2d(3, 2), *aud(256, 512, (5, 4)))
            self.netfcaud = head(size)
            self.netfclip = head(size)
            self.netcnnlip = nn.Sequential(
                *lip(3, 96, (5, 7, 7), 0, (1, 2, 2)), nn.MaxPool3d((1, 3, 3), (1, 2, 2)), *lip(96, 256, (1, 5, 5), (0, 1, 1), (1, 2, 2)),
                nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)), *lip(256, 256, (1, 3, 3), (0, 1, 1)), *lip(256, 256, (1, 3, 3), (0, 1, 1)),
                *lip(256, 256, (1, 3, 3), (0, 1, 1)), nn.MaxPool3d((1, 3, 3), (1, 2, 2)), *lip(256, 512, (1, 6, 6)))

        def sound(self, x):
            x = self.netcnnaud(x)
            return self.netfcaud(x.view(x.size(0), -1))

        def picture(self, x):
            x = self.netcnnlip(x)
            return self.netfclip(x.view(x.size(0), -1))

    return SyncNet().eval()


def cepstra(samples, rate=16000):
    """13 mel cepstra a hundredth of a second, as the network was trained on: of 16-bit values, 26 bands, liftered, the first one log energy."""
    values = np.append(samples[:1], samples[1:] - 0.97 * samples[:-1]) * 32768
    count = max(1, 1 + (len(values) - 400 + 159) // 160)
    values = np.pad(values, (0, max(0, count * 160 + 400 - len(values))))
    power = np.abs(np.fft.rfft(np.stack([values[at * 160:at * 160 + 400] for at in range(count)]), 512)) ** 2 / 512
    mel = np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 28)
    bins = np.floor(513 * 700 * (10 ** (mel / 2595) - 1) / rate).astype(int)
    banks = np.zeros((26, 257))
    for at in range(26):
        low, middle, high = bins[at:at + 3]
        banks[at, low:middle] = (np.arange(low, middle) - low) / max(1, middle - low)
        banks[at, middle:high] = (high - np.arange(middle, high)) / max(1, high - middle)
    bands = np.log(np.maximum(power @ banks.T, 1e-12))
    k, n = np.arange(13)[:, None], np.arange(26)[None, :]
    transform = np.cos(np.pi * k * (2 * n + 1) / 52) * np.where(k == 0, np.sqrt(1 / 26), np.sqrt(2 / 26))
    made = bands @ transform.T * (1 + 11 * np.sin(np.pi * np.arange(13) / 22))
    made[:, 0] = np.log(np.maximum(power.sum(1), 1e-12))
    return made.astype(np.float32)


def faces(path):
    """Frames at 25 a second of the face, 224 pixels square, as the authors' pipeline crops it."""
    import cv2

    raw = media.subprocess.run([*media.QUIET, "-i", str(path), "-vf", "fps=25,scale=640:360:force_original_aspect_ratio=decrease,pad=640:360:(ow-iw)/2:(oh-ih)/2",
                                "-f", "rawvideo", "-pix_fmt", "bgr24", "-"], check=True, capture_output=True).stdout
    images = np.frombuffer(raw, np.uint8).reshape(-1, 360, 640, 3)
    finder = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_default.xml")
    boxes = [max(found, key=lambda box: box[2]) for image in images[::5]
             for found in [finder.detectMultiScale(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 1.1, 4)] if len(found)]
    if not boxes:
        return None
    x, y, w, h = np.median(np.array(boxes), axis=0)
    half, scale = max(w, h) / 2, 0.4
    margin = int(half * (1 + 2 * scale))
    centre_x, centre_y = int(x + w / 2) + margin, int(y + h / 2) + margin
    made = []
    for image in images:
        padded = np.pad(image, ((margin, margin), (margin, margin), (0, 0)), constant_values=110)
        crop = padded[int(centre_y - half):int(centre_y + half * (1 + 2 * scale)), int(centre_x - half * (1 + scale)):int(centre_x + half * (1 + scale))]
        made.append(cv2.resize(crop, (224, 224)))
    return np.stack(made)


def offset(pictures, sounds):
    """(offset_ms, LSE-C, LSE-D) of one embedding a frame of either kind: the mean distance at each shift, as the authors take it."""
    padded = np.pad(sounds, ((SHIFT, SHIFT), (0, 0)))
    distances = np.stack([np.linalg.norm(pictures + 1e-6 - padded[at:at + len(pictures)], axis=1).mean() for at in range(2 * SHIFT + 1)])
    best = int(np.argmin(distances))
    return (SHIFT - best) * 40.0, float(np.median(distances) - distances[best]), float(distances[best])


_net = None


def embeddings(net, images, samples):
    import torch

    sound = cepstra(samples)
    count = min(len(images) - 5, len(sound) // 4 - 5)
    with torch.no_grad():
        pictures = torch.from_numpy(np.stack([images[at:at + 5] for at in range(count)]).transpose(0, 4, 1, 2, 3).astype(np.float32))
        sounds = torch.from_numpy(np.stack([sound[at * 4:at * 4 + 20].T for at in range(count)])[:, None])
        lips = torch.cat([net.picture(part) for part in pictures.split(8)]).numpy()
        return lips, net.sound(sounds).numpy()


def answer(track, reference, subject, parts):
    global _net
    if _net is None:
        import torch

        path = weights()
        if not path:
            from . import Unusable

            raise Unusable("no weights: SYNCNET_WEIGHTS names a state dictionary such as the authors' syncnet_v2.model")
        net = network()
        loaded = torch.load(path, map_location="cpu", weights_only=True)
        net.load_state_dict(loaded)
        _net = net
    images = faces(reference)
    if images is None or len(images) < 8:
        return {None: {"offset_ms": None, "note": "no face"}}
    ms, lse_c, lse_d = offset(*embeddings(_net, images, media.sound(reference, 16000)))
    return {None: {"offset_ms": ms, "confidence": lse_c, "lse_c": lse_c, "lse_d": lse_d}}


def tool(name):
    return answer
