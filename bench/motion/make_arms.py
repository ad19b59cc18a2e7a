"""Videos of moving things in three dimensions and logs of their true motion: `make_arms.py FOLDER COUNT [SECONDS]`.

Four kinds of scene, in turn. `arm`: a jointed arm on a table that moves from pose to pose and waits, logged as joint speeds,
joint positions, or the acceleration of its hand; a person may move behind it. `body`: limbs that swing on a trunk that walks
about, logged as the speed of one hand or of all joints. `box`: textured boxes carried about, an inertial unit in one of them.
`camera`: a camera in a hand before a room with an arm in it, a gyroscope on the camera. Each is projected by a camera at a
random place; frames are blurred over a shutter of half a frame, with noise, coded by H.264. Logs have 100-200 samples a second,
noise, and a separate clock with another zero that is off by up to 50 parts per million. `jobs.csv` names each video with its log and the offset
that is to be added to the log's stamps, and videos with logs of other scenes of the same kind.
"""
import csv
import os
import sys

import av
import cv2
import numpy as np

WIDTH, HEIGHT = 320, 240


def minimum_jerk(rng, seconds, rate, low, high, move=(0.4, 1.5), wait=(0.0, 1.6)):
    """Angles that move from pose to pose with minimum jerk (Flash & Hogan 1985) and rest there; one column per joint."""
    times = np.arange(int(seconds * rate)) / rate
    out = np.empty((len(times), len(low)))
    pose, now = rng.uniform(low, high), 0.0
    out[:] = pose
    while now < seconds:
        now += rng.uniform(*wait)
        length = rng.uniform(*move)
        moved = rng.random(len(low)) < 0.7
        target = np.where(moved, rng.uniform(low, high), pose)
        u = np.clip((times - now) / length, 0, 1)[:, None]
        part = times >= now
        out[part] = (pose + (target - pose) * (10 * u**3 - 15 * u**4 + 6 * u**5))[part]
        pose, now = target, now + length
    return times, out


def swings(rng, seconds, rate, columns, size, hertz=(0.1, 1.2), rest=0.3):
    """Smooth random swings with rests, one column each."""
    times = np.arange(int(seconds * rate)) / rate
    pace = np.interp(times, np.linspace(0, seconds, int(seconds / 1.5) + 2), rng.choice([0, 1], p=[rest, 1 - rest], size=int(seconds / 1.5) + 2) * rng.uniform(0.5, 1.6, int(seconds / 1.5) + 2))
    kernel = np.hanning(int(0.3 * rate))
    progress = np.cumsum(np.convolve(pace, kernel / kernel.sum(), "same")) / rate
    out = np.zeros((len(times), columns))
    for column in range(columns):
        for _ in range(5):
            f = rng.uniform(*hertz)
            out[:, column] += size * rng.uniform(0.2, 0.6) * np.sin(2 * np.pi * f * progress + rng.uniform(0, 6.28)) / np.sqrt(1 + f)
    return times, out


def rotation(axis, angle):
    x, y, z = axis
    c, s = np.cos(angle), np.sin(angle)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + s * k + (1 - c) * k @ k


class Camera:
    def __init__(self, rng, distance=3.2):
        azimuth, elevation = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.7)
        place = distance * rng.uniform(0.85, 1.3) * np.array([np.cos(azimuth) * np.cos(elevation), np.sin(azimuth) * np.cos(elevation), np.sin(elevation)])
        place[2] += 0.5
        forward = np.array([0, 0, 0.6]) - place
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, [0, 0, 1])
        right /= np.linalg.norm(right)
        self.turn = np.array([right, np.cross(forward, right), forward])
        self.place = place
        self.focal = rng.uniform(0.9, 1.3) * WIDTH

    def project(self, points, extra=None):
        local = (points - self.place) @ self.turn.T
        if extra is not None:
            local = local @ extra.T
        depth = np.maximum(local[:, 2], 0.15)
        return np.stack([self.focal * local[:, 0] / depth + WIDTH / 2, self.focal * local[:, 1] / depth + HEIGHT / 2], 1), depth


def chain(angles, lengths, axes):
    """Points of the joints of an arm: a turn about each axis, then a link."""
    place, turn = np.zeros(3), np.eye(3)
    points = [place]
    for angle, length, axis in zip(angles, lengths, axes):
        turn = turn @ rotation(axis, angle)
        place = place + turn @ np.array([0, 0, length])
        points.append(place)
    return np.array(points), turn


class Sticks:
    """Links as rods with rings painted on them, and balls at the joints."""

    def __init__(self, rng, count, width):
        self.colours = rng.uniform(30, 255, (count, 3))
        self.rings = rng.uniform(0, 255, (count, 3))
        self.width = width

    def draw(self, image, camera, points, extra=None):
        order = np.argsort(-((points - camera.place) ** 2).sum(1))
        for link in [i for i in order if i < len(points) - 1]:
            steps = np.linspace(0, 1, 9)[:, None]
            line, depth = camera.project(points[link] * (1 - steps) + points[link + 1] * steps, extra)
            for step in range(8):
                thick = max(1, int(self.width * camera.focal / depth[step]))
                colour = self.colours[link % len(self.colours)] if step % 2 else self.rings[link % len(self.rings)]
                cv2.line(image, tuple(int(v * 8) for v in line[step]), tuple(int(v * 8) for v in line[step + 1]), tuple(map(float, colour)), thick, cv2.LINE_AA, 3)


class Box:
    FACES = [(0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (0, 2, 6, 4), (1, 3, 7, 5)]

    def __init__(self, rng, size):
        self.corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * size
        self.faces = [cv2.resize(rng.uniform(0, 255, (6, 6, 3)).astype(np.float32), (48, 48), interpolation=cv2.INTER_CUBIC) for _ in range(6)]

    def draw(self, image, camera, place, turn, extra=None):
        points = self.corners @ turn.T + place
        flat, depth = camera.project(points, extra)
        for number in sorted(range(6), key=lambda f: -depth[list(self.FACES[f])].mean())[3:]:
            corners = flat[list(self.FACES[number])].astype(np.float32)
            warp = cv2.getPerspectiveTransform(np.array([[0, 0], [48, 0], [48, 48], [0, 48]], np.float32), corners)
            face = cv2.warpPerspective(self.faces[number], warp, (WIDTH, HEIGHT))
            mask = np.zeros((HEIGHT, WIDTH), np.uint8)
            cv2.fillConvexPoly(mask, corners.astype(np.int32), 1)
            np.copyto(image, face, where=mask[:, :, None].astype(bool))


class Room:
    """A background far away: texture of several sizes."""

    def __init__(self, rng):
        self.background = sum(cv2.resize(rng.uniform(0, 255, (n, 2 * n, 3)).astype(np.float32), (1280, 640), interpolation=cv2.INTER_CUBIC) * w for n, w in ((8, 0.4), (24, 0.35), (70, 0.25)))

    def draw(self, focal, extra=None):
        warp = np.array([[1, 0, -480], [0, 1, -200], [0, 0, 1]], float)
        if extra is not None:
            k = np.array([[focal, 0, WIDTH / 2], [0, focal, HEIGHT / 2], [0, 0, 1]])
            warp = k @ extra @ np.linalg.inv(k) @ warp
        return cv2.warpPerspective(self.background, warp, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)


def derivative(values, rate):
    return np.gradient(values, 1 / rate, axis=0)


FINE = 400.0


def scene(kind, rng, seconds):
    """-> (draw(image index at FINE, camera) -> image, channels at FINE rate by name)."""
    room, camera = Room(rng), Camera(rng)
    count = 6
    axes = [np.array(a, float) for a in ([0, 0, 1], [0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1])]
    lengths = np.array([0.3, 0.55, 0.5, 0.15, 0.2, 0.08])
    if kind in ("arm", "camera"):
        low, high = np.array([-1.6, -0.9, 0.2, -1.5, -1.2, -2]), np.array([1.6, 0.7, 1.9, 1.5, 1.2, 2])
        _, angles = minimum_jerk(rng, seconds, FINE, low, high)
        sticks = Sticks(rng, count, 0.09)
        behind = rng.random() < 0.4
        _, other = swings(rng, seconds, FINE, 3, 0.5, hertz=(0.05, 0.4))
        spare = Box(rng, np.array([0.15, 0.1, 0.3]))
        side = np.array([rng.uniform(-1.2, 1.2), rng.uniform(-1.2, 1.2), 0.5])
        if kind == "camera":
            _, shake = swings(rng, seconds, FINE, 3, 0.16, hertz=(0.2, 2.2), rest=0.2)
            shake[:, 2] *= 0.5
    
        def draw(index):
            extra = None
            if kind == "camera":
                a, b, c = shake[index]
                extra = rotation((0, 1, 0), a) @ rotation((1, 0, 0), b) @ rotation((0, 0, 1), c)
            image = room.draw(camera.focal, extra)
            if behind:
                spare.draw(image, camera, side + other[index] * np.array([1, 1, 0.1]), np.eye(3), extra)
            sticks.draw(image, camera, chain(angles[index], lengths, axes)[0], extra)
            return image

        hand = np.array([chain(a, lengths, axes)[0][-1] for a in angles[::4]])
        hand = np.stack([np.interp(np.arange(len(angles)), np.arange(len(hand)) * 4, hand[:, k]) for k in range(3)], 1)
        smooth = np.hanning(int(0.03 * FINE))
        hand = np.stack([np.convolve(np.pad(hand[:, k], 6, "edge"), smooth / smooth.sum(), "same")[6:-6] for k in range(3)], 1)
        channels = {"velocity": derivative(angles, FINE), "position": angles, "acceleration": derivative(derivative(hand, FINE), FINE) + [0, 0, 9.81]}
        if kind == "camera":
            rates = derivative(shake, FINE)
            mount = rotation(np.array([1, 1, 1]) / np.sqrt(3), rng.uniform(0, 6.28))
            channels = {"gyro": rates[:, [1, 0, 2]] @ mount.T}
        return draw, channels
    if kind == "body":
        _, angles = swings(rng, seconds, FINE, 8, 1.1, hertz=(0.15, 1.4))
        _, trunk = swings(rng, seconds, FINE, 3, 0.35, hertz=(0.05, 0.3))
        trunk[:, 2] *= 0.15
        sticks = [Sticks(rng, 2, 0.09) for _ in range(5)]
        hips = [np.array([0, 0.2, 1.05]), np.array([0, -0.2, 1.05]), np.array([0, 0.12, 0.6]), np.array([0, -0.12, 0.6])]

        def limbs(index):
            root = trunk[index] + [0, 0, 0]
            result = [np.array([root + [0, 0, 0.6], root + [0, 0, 1.05], root + [0, 0, 1.3]])]
            for limb in range(4):
                a, b = angles[index, 2 * limb : 2 * limb + 2]
                start = root + hips[limb]
                out = 0.3 if limb < 2 else 0.1
                one = start + 0.32 * np.array([np.sin(a), out * np.sign(hips[limb][1]), -np.cos(a)])
                two = one + 0.3 * np.array([np.sin(a + abs(b)), out * np.sin(b), -np.cos(a + abs(b))])
                result.append(np.array([start, one, two]))
            return result

        def draw(index):
            image = room.draw(camera.focal)
            for stick, points in zip(sticks, limbs(index)):
                stick.draw(image, camera, points)
            return image

        hand = np.array([limbs(i)[1][2] for i in range(0, len(angles), 4)])
        hand = np.stack([np.interp(np.arange(len(angles)), np.arange(len(hand)) * 4, hand[:, k]) for k in range(3)], 1)
        smooth = np.hanning(int(0.04 * FINE))
        hand = np.stack([np.convolve(np.pad(hand[:, k], 8, "edge"), smooth / smooth.sum(), "same")[8:-8] for k in range(3)], 1)
        name, value = [("velocity", np.hstack([derivative(angles, FINE), derivative(trunk, FINE)])), ("position", hand)][int(rng.integers(2))]
        return draw, {name: value}
    _, path = minimum_jerk(rng, seconds, FINE, np.array([-0.7, -0.7, 0.2]), np.array([0.7, 0.7, 1.2]), move=(0.5, 1.4), wait=(0, 1.2))
    _, turn = minimum_jerk(rng, seconds, FINE, np.array([-1.2] * 3), np.array([1.2] * 3), move=(0.4, 1.4), wait=(0, 1.2))
    box, still = Box(rng, rng.uniform(0.12, 0.28, 3)), Box(rng, rng.uniform(0.1, 0.2, 3))
    spot = np.array([rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.8), 0.3])

    def pose(index):
        a, b, c = turn[index]
        return rotation((0, 0, 1), a) @ rotation((0, 1, 0), b) @ rotation((1, 0, 0), c)

    def draw(index):
        image = room.draw(camera.focal)
        still.draw(image, camera, spot, np.eye(3))
        box.draw(image, camera, path[index], pose(index))
        return image

    poses = np.array([pose(i) for i in range(len(path))])
    push = np.einsum("tji,tj->ti", poses, derivative(derivative(path, FINE), FINE) + [0, 0, 9.81])
    change = np.einsum("tji,tjk->tik", poses[:-1], poses[1:]) * FINE
    gyro = np.stack([change[:, 2, 1], change[:, 0, 2], change[:, 1, 0]], 1)
    gyro = np.vstack([gyro, gyro[-1:]])
    return draw, {"acceleration": push, "gyro": gyro} if rng.random() < 0.7 else {"position": path}


def write_video(path, draw, rng, begin, seconds, rate):
    """Frames `begin` seconds into the scene, blurred over half a frame."""
    container = av.open(path, "w")
    stream = container.add_stream("libx264", rate=rate, options={"crf": "26", "preset": "ultrafast"})
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    for number in range(int(seconds * rate)):
        moments = begin + (number + np.array([-0.125, 0.125])) / rate
        image = sum(draw(max(0, int(m * FINE))) for m in moments) / 2
        noise = rng.normal(0, 3, (HEIGHT, WIDTH, 1))
        frame = av.VideoFrame.from_ndarray(np.clip(image + noise, 0, 255).astype(np.uint8), format="bgr24")
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
    container.close()


def write_log(path, channels, rng, begin, seconds, columns=None):
    """Samples from `begin` on in scene seconds; -> what has to be added to its stamps to give scene seconds."""
    rate = float(rng.choice([100, 125, 150, 200]))
    ppm = rng.uniform(-50e-6, 50e-6)
    zero = float(rng.choice([0.0, 137.25, 1_770_000_000.5]))
    moments = begin + np.arange(int(seconds * rate)) / rate + rng.normal(0, 0.02 / rate, int(seconds * rate))
    names, values = ["timestamp"], [zero + (moments - begin) * (1 + ppm)]
    for name, value in channels.items():
        spread = value.std(axis=0).mean()
        for column in range(value.shape[1]):
            names.append(f"{name}[{column}]")
            at = np.interp(moments, np.arange(len(value)) / FINE, value[:, column])
            values.append(at + rng.normal(0, (0.01 if name == "position" else 0.08) * spread, len(at)))
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(names)
        for row in zip(*values):
            out.writerow([f"{row[0]:.6f}"] + [f"{v:.5f}" for v in row[1:]])
    return begin - zero


def main():
    folder, count = sys.argv[1], int(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
    os.makedirs(folder, exist_ok=True)
    kinds = ["arm", "body", "box", "camera"]
    made = []
    for number in range(count):
        kind = kinds[number % 4]
        rng = np.random.default_rng(1000 + number)
        draw, channels = scene(kind, rng, seconds + 16)
        video = os.path.join(folder, f"{kind}-{number:03d}.mp4")
        begin = rng.uniform(5, 9)
        rate = int(rng.choice([24, 25, 30, 30, 50] if kind != "camera" else [25, 30, 60]))
        if not os.path.exists(video):
            write_video(video, draw, rng, begin, seconds, rate)
        rng = np.random.default_rng(900_000 + number)
        for name in channels if kind != "box" else [None]:
            log = os.path.join(folder, f"{kind}-{number:03d}-{name or 'unit'}.csv")
            own = begin + rng.uniform(-4, 4)
            truth = write_log(log, channels if name is None else {name: channels[name]}, rng, own, seconds) - begin
            made.append((kind, number, name, video, log, truth))
    with open(os.path.join(folder, "jobs.csv"), "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["set", "video", "log", "truth_ms"])
        for kind, number, name, video, log, truth in made:
            out.writerow([f"{kind}-{name or 'unit'}", video, log, f"{truth * 1000:.3f}"])
        for kind, number, name, video, log, truth in made:
            others = [m for m in made if m[0] == kind and m[1] != number and m[2] == name]
            picks = np.random.default_rng(77 + number).permutation(len(others))[:4]
            for other in picks:
                out.writerow([f"unrelated-{kind}-{name or 'unit'}", video, others[other][4], ""])


main()
