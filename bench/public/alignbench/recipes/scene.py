"""A made scene: textured things that move in three dimensions by starts and stops, before a textured wall; seen by any camera, logged by any sensor."""
import numpy as np

HEIGHT, WIDTH = 180, 240


def texture(noise, height, width, grain):
    coarse = noise.uniform(40, 215, (height // grain + 2, width // grain + 2))
    rows, columns = np.linspace(0, coarse.shape[0] - 1.001, height), np.linspace(0, coarse.shape[1] - 1.001, width)
    r, c = rows.astype(int), columns.astype(int)
    fr, fc = (rows - r)[:, None], (columns - c)[None, :]
    return ((1 - fr) * (1 - fc) * coarse[r][:, c] + (1 - fr) * fc * coarse[r][:, c + 1] + fr * (1 - fc) * coarse[r + 1][:, c]
            + fr * fc * coarse[r + 1][:, c + 1])


class Scene:
    """Where a thing is at any moment of so many seconds: strokes of minimum jerk between random places, with pauses."""

    def __init__(self, noise, seconds, take_of=None, is_still=False):
        """`take_of`: the same strokes once more, each in a time of its own. `is_still`: nothing moves."""
        self.noise = noise
        self.moments, self.places = [0.0], [noise.uniform(-1, 1, 3)]
        while self.moments[-1] < seconds + 2:
            self.moments.append(self.moments[-1] + noise.uniform(0.3, 1.1))
            pause = is_still or noise.random() < 0.35
            self.places.append(self.places[-1] if pause else noise.uniform(-1, 1, 3))
        if take_of:
            self.places = [*take_of.places, *self.places][:len(self.moments)]
        self.moments, self.places = np.array(self.moments), np.array(self.places)
        self.wall = take_of.wall if take_of else texture(noise, HEIGHT, WIDTH, 6)
        self.skin = take_of.skin if take_of else texture(noise, 64, 64, 8)

    def place(self, times):
        at = np.clip(np.searchsorted(self.moments, times, side="right") - 1, 0, len(self.moments) - 2)
        share = (times - self.moments[at]) / (self.moments[at + 1] - self.moments[at])
        smooth = share ** 3 * (10 - 15 * share + 6 * share ** 2)
        return self.places[at] + smooth[:, None] * (self.places[at + 1] - self.places[at])

    def frames(self, times, yaw, grain, flicker=0.0, shake=0.0, size_of_thing=1.0):
        """What a camera at an angle of `yaw` sees, with noise of so many grey levels; in a hand that wanders by so many pixels a second."""
        wall = np.roll(self.wall, round(60 * yaw), axis=1)
        made = []
        hand = np.cumsum(self.noise.normal(0, shake * np.sqrt(np.median(np.diff(times)) if len(times) > 1 else 1), (len(times), 2)), axis=0)
        # It is held back towards where it was pointed.
        hand -= np.array([np.linspace(0, 1, len(times)) * hand[-1, at] for at in (0, 1)]).T
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
        for (x, y, z), time, (right, down) in zip(self.place(times), times, np.round(hand).astype(int)):
            across, depth = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
            size = 44 / (2.6 + depth) * 2 * size_of_thing
            centre_x, centre_y = WIDTH / 2 + 70 * across / (1 + 0.2 * depth) + right, HEIGHT / 2 + 50 * y / (1 + 0.2 * depth) + down
            image = np.roll(wall, (down, right), (0, 1)) if shake else wall.copy()
            u, v = (columns - centre_x) / size, (rows - centre_y) / size
            inside = u * u + v * v < 1
            # A soft edge, so that places between pixels are seen.
            edge = np.clip((1 - np.sqrt(u * u + v * v)) * size + 0.5, 0, 1)
            ui, vi = ((u + 1) * 31.5).clip(0, 63).astype(int), ((v + 1) * 31.5).clip(0, 63).astype(int)
            image = np.where(inside | (edge > 0), image * (1 - edge) + self.skin[vi, ui] * edge, image)
            image = image * (1 + flicker * np.sin(2 * np.pi * 7 * time)) + self.noise.normal(0, grain, image.shape)
            made.append(image.clip(0, 255).astype(np.uint8))
        return made

    def speeds(self, times):
        ahead, behind = self.place(times + 0.005), self.place(times - 0.005)
        return np.linalg.norm(ahead - behind, axis=1) / 0.01
