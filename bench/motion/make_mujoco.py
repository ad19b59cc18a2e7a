"""Simulated arms of which the truth is known: `make_mujoco.py VERB FOLDER [FIRST-]COUNT [SECONDS [VIEW...]]`.

`render` simulates two arms, in turn, that MuJoCo drives physically: the Fetch of `gymnasium-robotics`, whose gripper
follows a path, and its Franka, whose motors follow poses; both push blocks about on a table. Joints are kept at 1,000 a
second. Frames are rendered by a camera at a random place, 15, 6 and 60 a second, and by one at the wrist, 15 a second;
grey, 240 x 180, coded without loss. `make` makes from these the conditions below: videos in H.264, each with a log of the
seven joint positions as CSV, `jobs.csv` for `genlock-motion-bench` (a video with its own log, and with those of four other
episodes of the same condition) and `truth.csv`. `recordings` puts each pair into an MCAP file with one camera and one log,
a folder for each condition, for `genlock scan`, which pools them.

No frame is interpolated: each is rendered at its own time. A log is late by a constant of its condition. Every number
comes from a seed. Needs mujoco, gymnasium-robotics, numpy, opencv-python-headless, av, mcap; MuJoCo renders by OSMesa
(libosmesa6) unless MUJOCO_GL says otherwise.
"""

import base64
import csv
import importlib.util
import json
import os
import sys

import av
import cv2
import numpy as np

WIDTH, HEIGHT = 240, 180
KINDS = ("fetch", "franka")
FINE = 60
# Frames a second of what is rendered: 6 a second are no part of 15.
VIEWS = {"outside": 15, "wrist": 15, "six": 6, "sixty": 60}
STEPS = 1000
BEFORE, AFTER = 3.0, 3.0
ZERO = 1_770_000_000.0

# `noise`: deviation of a pixel's noise in levels. `quality`: CRF of x264. `log`: samples a second. `sensor`: deviation of
# a joint's noise in radians. `counts`: a joint's steps in radians. `jitter`: deviation of a stamp in seconds.
CONDITIONS = {
    "clean": {},
    "camera-noise": dict(noise=25),
    "coded-hard": dict(quality=40),
    "flicker": dict(flicker=0.06),
    "exposure": dict(exposure=0.35),
    "background": dict(background=True),
    "small": dict(scale=0.33),
    "wrist": dict(view="wrist"),
    "6-a-second": dict(view="six"),
    "60-a-second": dict(view="sixty"),
    "log-10": dict(log=10),
    "log-1000": dict(log=1000, sensor=0.002),
    "encoder": dict(sensor=0.003, counts=2 * np.pi / 4096, jitter=0.003),
}


def smooth_noise(rng, height, width, sizes=((6, 0.45), (18, 0.35), (60, 0.2))):
    """A texture of several sizes, 0 to 255."""
    image = sum(
        share * cv2.resize(rng.uniform(0, 255, (n, n * width // height + 1)).astype(np.float32), (width, height),
                           interpolation=cv2.INTER_CUBIC) for n, share in sizes)
    low, high = np.percentile(image, [1, 99])
    return np.clip((image - low) / (high - low) * 200 + 30, 0, 255)


def path(rng, seconds, low, high, move, wait, share=1.0):
    """From pose to pose by the smoothest way (Flash & Hogan 1985), with rests; a row a step."""
    times = np.arange(int(seconds * STEPS)) / STEPS
    out = np.empty((len(times), len(low)))
    pose, now = rng.uniform(low, high), 1.0
    out[:] = pose
    while now < seconds:
        now += rng.uniform(*wait)
        length = rng.uniform(*move)
        target = np.where(rng.random(len(low)) < share, rng.uniform(low, high), pose)
        u = np.clip((times - now) / length, 0, 1)[:, None]
        part = times >= now
        out[part] = (pose + (target - pose) * (10 * u**3 - 15 * u**4 + 6 * u**5))[part]
        pose, now = target, now + length
    return out


def assets():
    # Importing it takes seconds.
    (folder,) = importlib.util.find_spec("gymnasium_robotics").submodule_search_locations
    return os.path.join(folder, "envs", "assets")


def fetch(mujoco):
    spec = mujoco.MjSpec.from_file(os.path.join(assets(), "fetch", "reach.xml"))
    spec.delete(spec.site("target0"))
    # Aids for the eye, which no camera would see.
    for geom in spec.body("robot0:mocap").geoms:
        geom.group = 4
    return spec, spec.textures[0], spec.body("table0").geoms[0], [1.3, 0.75, 0.4], "gripper_camera_rgb"


def franka(mujoco):
    folder = os.path.join(assets(), "kitchen_franka", "franka_assets")
    spec = mujoco.MjSpec.from_string(
        f"""<mujoco><include file="{folder}/assets.xml"/><include file="{folder}/actuator.xml"/>
        <compiler meshdir="{folder}/meshes" angle="radian"/>
        <asset><texture name="sky" type="skybox" builtin="flat" width="32" height="32"/></asset>
        <worldbody><light pos="0.5 0.5 3" dir="-0.1 -0.1 -1" castshadow="false"/>
        <body name="table0" pos="0.5 0 -0.2"><geom size="0.4 0.6 0.2" type="box" mass="2000"/></body>
        <body name="base0" pos="-0.05 0 -0.25"><geom size="0.15 0.15 0.24" type="box" mass="2000"/></body>
        <include file="{folder}/chain.xml"/></worldbody></mujoco>""")
    spec.body("panda0_link7").add_camera(name="wrist", pos=[0.05, -0.05, 0.06], quat=[0, 0.7071, 0.7071, 0], fovy=70)
    return spec, spec.textures[0], spec.body("table0").geoms[0], [0.5, 0, 0], "wrist"


def scene(kind, number, keyed):
    """The model of an episode; `keyed`: before pure green, which a picture replaces, else inside a textured room."""
    import mujoco

    rng = np.random.default_rng(10_000 + number)
    spec, sky, table, corner, wrist = (fetch if kind == "fetch" else franka)(mujoco)
    sky.builtin, sky.width, sky.height = mujoco.mjtBuiltin.mjBUILTIN_FLAT, 128, 128
    sky.rgb1 = sky.rgb2 = [0, 1, 0]
    spec.add_texture(
        name="wood", type=mujoco.mjtTexture.mjTEXTURE_2D, builtin=mujoco.mjtBuiltin.mjBUILTIN_FLAT, width=256, height=256)
    wood = spec.add_material(name="wood", texuniform=False)
    wood.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = "wood"
    table.material = "wood"
    for block in range(3):
        size = rng.uniform(0.02, 0.035, 3)
        place = np.array(corner) + [rng.uniform(-0.12, 0.15), rng.uniform(-0.25, 0.25), size[2] + 0.002]
        body = spec.worldbody.add_body(name=f"block{block}", pos=place)
        body.add_freejoint()
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, size=size, mass=0.15, rgba=[*rng.uniform(0.1, 1, 3), 1], friction=[0.8, 0.01, 0.001])
    spec.option.timestep = 1 / STEPS
    made = spec.compile()
    made.vis.quality.offsamples = 0
    made.vis.headlight.ambient[:] = rng.uniform(0.2, 0.4)
    for texture in range(made.ntex):
        name, begin = made.texture(texture).name, made.tex_adr[texture]
        height, width = made.tex_height[texture], made.tex_width[texture]
        if name == "wood" or (not keyed and made.tex_type[texture] == mujoco.mjtTexture.mjTEXTURE_SKYBOX):
            grey = np.vstack([smooth_noise(rng, width, width) for _ in range(height // width)])
            colours = grey[:, :, None] * rng.uniform(0.5, 1, 3)
            made.tex_data[begin : begin + height * width * 3] = colours.astype(np.uint8).ravel()
    for geom in range(made.ngeom):
        if made.geom_type[geom] == mujoco.mjtGeom.mjGEOM_MESH:
            # Links differ in shade, and a grey camera sees no pure green.
            made.geom_matid[geom] = -1
            made.geom_rgba[geom, :3] = np.clip(rng.uniform(0.25, 0.95) * rng.uniform(0.85, 1.1, 3), 0, 1)
    return made, wrist


class Drive:
    """Moves an arm through an episode, a step a millisecond."""

    def __init__(self, kind, number, model, data, seconds):
        import mujoco

        rng = np.random.default_rng(20_000 + number)
        self.kind, self.data = kind, data
        pace = rng.uniform(0.85, 1.2)
        move, wait = (0.5 * pace, 1.7 * pace), (0.0, 1.6)
        prefix = "robot0:" if kind == "fetch" else "robot:panda0_joint"
        self.joints = [
            model.jnt_qposadr[j] for j in range(model.njnt)
            if model.joint(j).name.startswith(prefix) and any(
                part in model.joint(j).name for part in ("shoulder", "upperarm", "elbow", "forearm", "wrist", "panda0_joint"))]
        assert len(self.joints) == 7
        if kind == "fetch":
            for name, value in (("slide0", 0.4049), ("slide1", 0.48), ("slide2", 0.0)):
                data.qpos[model.joint(f"robot0:{name}").qposadr[0]] = value
            model.eq_data[0, :7] = [0, 0, 0, 0, 0, 0, 1]
            mujoco.mj_forward(model, data)
            self.places = path(rng, seconds, np.array([1.15, 0.5, 0.47]), np.array([1.5, 1.0, 0.85]), move, wait)
            turns = path(rng, seconds, np.array([-0.5, -0.7]), np.array([0.6, 0.7]), move, wait, share=0.6)
            # Downwards, turned about the two other axes.
            self.quats = np.empty((len(turns), 4))
            down = np.array([0.7071, 0, 0.7071, 0])
            for index, (tilt, roll) in enumerate(turns):
                one = np.array([np.cos(roll / 2), 0, 0, np.sin(roll / 2)])
                two = np.array([np.cos(tilt / 2), 0, np.sin(tilt / 2), 0])
                step, self.quats[index] = np.empty(4), 0
                mujoco.mju_mulQuat(step, one, down)
                mujoco.mju_mulQuat(self.quats[index], step, two)
            data.mocap_pos[0], data.mocap_quat[0] = self.places[0], self.quats[0]
            for _ in range(3000):
                mujoco.mj_step(model, data)
        else:
            middle = np.array([0, 0.1, 0, -1.9, 0, 0.6, 0.8])
            reach = np.array([0.9, 0.5, 0.5, 0.5, 0.9, 0.6, 1.2])
            self.places = path(rng, seconds, middle - reach, middle + reach, move, wait, share=0.75)
            self.grip = np.clip(path(rng, seconds, np.array([-0.02]), np.array([0.06]), move, wait), 0, 0.04)
            data.qpos[self.joints] = self.places[0]
            data.ctrl[:7] = self.places[0]
            for _ in range(1000):
                mujoco.mj_step(model, data)

    def set(self, step):
        if self.kind == "fetch":
            self.data.mocap_pos[0], self.data.mocap_quat[0] = self.places[step], self.quats[step]
        else:
            self.data.ctrl[:7] = self.places[step]
            self.data.ctrl[7:9] = self.grip[step]


def grey(image):
    """Luma; pure green is 0, and nothing else is."""
    value = np.maximum(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), 1)
    value[(image[:, :, 1] == 255) & (image[:, :, 0] == 0) & (image[:, :, 2] == 0)] = 0
    return value


def simulate(folder, number, seconds):
    """The joints of an episode, and the state of everything at the time of each frame; nothing where they are there."""
    import mujoco

    target = os.path.join(folder, "rendered", f"{number:03d}.npz")
    if os.path.exists(target):
        return
    model, _ = scene(KINDS[number % 2], number, True)
    data = mujoco.MjData(model)
    length = BEFORE + seconds + AFTER
    drive = Drive(KINDS[number % 2], number, model, data, length)
    joints = np.empty((int(length * STEPS), 7))
    states = np.empty((int(seconds * FINE), model.nq), np.float64)
    hands = np.empty((len(states), 7 * model.nmocap), np.float64)
    frame = 0
    for step in range(len(joints)):
        joints[step] = data.qpos[drive.joints]
        # The step at a frame's time, rounded: at most half a millisecond off.
        if frame < len(states) and step == round((BEFORE + frame / FINE) * STEPS):
            states[frame] = data.qpos
            hands[frame] = np.hstack([data.mocap_pos.ravel(), data.mocap_quat.ravel()])
            frame += 1
        drive.set(step)
        mujoco.mj_step(model, data)
    # MuJoCo counts what made it start over.
    bad = sum(data.warning[w].number for w in (
        mujoco.mjtWarning.mjWARN_BADQPOS, mujoco.mjtWarning.mjWARN_BADQVEL, mujoco.mjtWarning.mjWARN_BADQACC))
    assert bad == 0 and frame == len(states), f"episode {number} is unstable"
    np.savez(target + ".part.npz", joints=joints, states=states, hands=hands)
    os.rename(target + ".part.npz", target)


def render(folder, number, view):
    """A view of an episode in one file, coded without loss; nothing where it is there."""
    import mujoco

    target = os.path.join(folder, "rendered", f"{number:03d}-{view}.mkv")
    if os.path.exists(target):
        return
    kind = KINDS[number % 2]
    state = np.load(os.path.join(folder, "rendered", f"{number:03d}.npz"))
    model, wrist = scene(kind, number, view != "wrist")
    data = mujoco.MjData(model)
    rng = np.random.default_rng(30_000 + number)
    camera = mujoco.MjvCamera()
    camera.lookat[:] = [1.15, 0.75, 0.6] if kind == "fetch" else [0.35, 0, 0.3]
    camera.azimuth = 180 + rng.uniform(-100, 100)
    camera.elevation = -rng.uniform(10, 40)
    camera.distance = rng.uniform(1.5, 2.1)
    option = mujoco.MjvOption()
    option.geomgroup[:] = [1, 1, 1, int(kind == "fetch"), 0, 0]
    painter = mujoco.Renderer(model, HEIGHT, WIDTH)
    for flag in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
        painter.scene.flags[flag] = 0
    step = FINE // VIEWS[view]
    part = os.path.join(folder, "rendered", f"part-{number:03d}-{view}.mkv")
    container = av.open(part, "w")
    stream = container.add_stream("libx264", rate=FINE // step, options={"qp": "0", "preset": "ultrafast", "threads": "1"})
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "gray"
    for frame in range(0, len(state["states"]), step):
        data.qpos[:] = state["states"][frame]
        if model.nmocap:
            data.mocap_pos[0], data.mocap_quat[0] = np.split(state["hands"][frame], [3])
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_camlight(model, data)
        painter.update_scene(data, wrist if view == "wrist" else camera, option)
        picture = grey(painter.render())
        if view == "wrist":
            picture = np.maximum(picture, 1)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="gray")))
    container.mux(stream.encode())
    container.close()
    painter.close()
    os.rename(part, target)


def frames(file):
    with av.open(file) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def walker(rng, seconds):
    """Somebody who walks about behind: middle and lean, in parts of the width, 60 a second."""
    places = path(rng, seconds + 2, np.array([0.0, -1.0]), np.array([1.0, 1.0]), (0.8, 3.0), (0.0, 2.0))
    return places[:: STEPS // 50], 50


def backgrounds(rng, count, rate, moving, room):
    """The picture behind the arm, one a frame."""
    if not moving:
        for _ in range(count):
            yield room
        return
    places, fine = walker(rng, count / rate)
    cloth = smooth_noise(rng, HEIGHT, WIDTH // 2)
    for index in range(count):
        middle, lean = places[min(len(places) - 1, int(index / rate * fine))]
        mask = np.zeros((HEIGHT, WIDTH), np.float32)
        x = int(middle * WIDTH)
        cv2.ellipse(mask, (x, int(0.75 * HEIGHT)), (WIDTH // 9, int(0.45 * HEIGHT)), 6 * lean, 0, 360, 1, -1, cv2.LINE_AA)
        cv2.circle(mask, (x + int(6 * lean), int(0.22 * HEIGHT)), WIDTH // 18, 1, -1, cv2.LINE_AA)
        shirt = np.roll(np.hstack([cloth, cloth]), x, axis=1)[:, :WIDTH]
        yield room * (1 - mask) + shirt * mask


def pictures(rng, rendered, rate, room, noise=4, flicker=0, exposure=0, background=False, scale=1.0, **_):
    """What the camera of a condition delivers of rendered frames."""
    grain = [rng.normal(0, noise, (HEIGHT + 32, WIDTH + 32)).astype(np.float32) for _ in range(12)]
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None] / HEIGHT
    light, aim, due = 1.0, 1.0, 4.0
    behind = backgrounds(rng, len(rendered), rate, background, room)
    for index, frame in enumerate(rendered):
        image, share = frame.astype(np.float32), (frame > 0).astype(np.float32)
        if scale != 1:
            w, h = int(WIDTH * scale), int(HEIGHT * scale)
            left, top = int(0.55 * (WIDTH - w)), int(0.6 * (HEIGHT - h))
            small, part = np.zeros_like(image), np.zeros_like(share)
            small[top : top + h, left : left + w] = cv2.resize(image, (w, h), interpolation=cv2.INTER_AREA)
            part[top : top + h, left : left + w] = cv2.resize(share, (w, h), interpolation=cv2.INTER_AREA)
            image, share = small, part
        image = image + (1 - share) * next(behind)
        time = index / rate
        if exposure:
            # An automatic exposure that corrects itself every few seconds, over half a second.
            if time >= due:
                aim, due = 1 + exposure * rng.uniform(-1, 1), time + rng.uniform(1.5, 6)
            light += (aim - light) * (1 - np.exp(-1 / (0.2 * rate)))
            image = image * light
        if flicker:
            # Lamps on alternating current light a rolling shutter row by row.
            image = image * (1 + flicker * np.sin(2 * np.pi * (100.3 * time + 1.5 * rows)))
        x, y = rng.integers(0, 32, 2)
        image = image + grain[index % len(grain)][y : y + HEIGHT, x : x + WIDTH]
        yield np.clip(image, 0, 255).astype(np.uint8)


def write_video(file, images, rate, quality):
    container = av.open(file, "w")
    stream = container.add_stream(
        "libx264", rate=rate, options={"crf": str(quality), "preset": "veryfast", "bf": "0", "g": str(2 * rate), "threads": "1"})
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    chroma = np.full((HEIGHT // 2, WIDTH), 128, np.uint8)
    for image in images:
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.vstack([image, chroma]), format="yuv420p")))
    container.mux(stream.encode())
    container.close()


def write_log(file, rng, joints, begin, seconds, delay, log=100, sensor=1e-4, counts=0.0, jitter=0.0, **_):
    """Joint positions from `begin` on, in seconds of the simulation; stamps are these, late, on a clock of their own."""
    steps = np.round((begin + np.arange(int(seconds * log)) / log) * STEPS).astype(int)
    values = joints[steps] + rng.normal(0, sensor, (len(steps), 7))
    if counts:
        values = np.round(values / counts) * counts
    stamps = steps / STEPS + delay + ZERO
    if jitter:
        stamps = np.sort(stamps + rng.normal(0, jitter, len(stamps)))
    with open(file, "w", newline="") as out:
        out.write("timestamp," + ",".join(f"position[{joint}]" for joint in range(7)) + "\n")
        for stamp, row in zip(stamps, values):
            out.write(f"{stamp:.6f}," + ",".join(f"{value:.6f}" for value in row) + "\n")


def late(name):
    """By how many seconds the logs of a condition are late."""
    return round(float(np.random.default_rng(40_000 + list(CONDITIONS).index(name)).uniform(-0.15, 0.15)), 4)


def make(folder, number, seconds):
    """An episode under all conditions; what is there stays."""
    state = np.load(os.path.join(folder, "rendered", f"{number:03d}.npz"))
    room = (60 + 0.5 * smooth_noise(np.random.default_rng(50_000 + number), HEIGHT, WIDTH)).astype(np.float32)
    rendered = {}
    for place, (name, condition) in enumerate(CONDITIONS.items()):
        target = os.path.join(folder, name)
        os.makedirs(target, exist_ok=True)
        rng = np.random.default_rng(60_000 + 100 * number + place)
        log = os.path.join(target, f"{number:03d}.csv")
        if not os.path.exists(log):
            write_log(log, rng, state["joints"], float(rng.uniform(1, 5)), seconds, late(name), **condition)
        video = os.path.join(target, f"{number:03d}.mp4")
        view = condition.get("view", "outside")
        source = os.path.join(folder, "rendered", f"{number:03d}-{view}.mkv")
        # What changes the log alone shares the picture.
        if os.path.exists(video) or not pictured(name) or not os.path.exists(source):
            continue
        if view not in rendered:
            rendered[view] = frames(source)
        rng = np.random.default_rng(80_000 + 100 * number + place)
        part = os.path.join(target, f"part-{number:03d}.mp4")
        write_video(part, pictures(rng, rendered[view], VIEWS[view], room, **condition), VIEWS[view], condition.get("quality", 26))
        os.rename(part, video)


def pictured(name):
    """Whether a condition has videos of its own; else those of `clean` are its."""
    return name == "clean" or not CONDITIONS[name].keys() <= {"log", "sensor", "counts", "jitter"}


def video_of(folder, name, number):
    return os.path.join(folder, name if pictured(name) else "clean", f"{number:03d}.mp4")


def jobs(folder, episodes):
    """Each video with its own log and with four of other episodes; a video's jobs follow each other."""
    with open(os.path.join(folder, "jobs.csv"), "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["set", "video", "log", "truth_ms"])
        for number in episodes:
            others = np.random.default_rng(90_000 + number).permutation([n for n in episodes if n != number])[:4]
            for name in CONDITIONS:
                video = video_of(folder, name, number)
                if not os.path.exists(video):
                    continue
                # What is to be added to the log's stamps to give seconds of the video.
                truth = -ZERO - late(name) - BEFORE
                out.writerow([name, video, os.path.join(folder, name, f"{number:03d}.csv"), f"{truth * 1000:.3f}"])
                for other in others:
                    out.writerow([f"unrelated-{name}", video, os.path.join(folder, name, f"{other:03d}.csv"), ""])
    with open(os.path.join(folder, "truth.csv"), "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["condition", "offset_ms"])
        for name in CONDITIONS:
            out.writerow([name, f"{-late(name) * 1000:.1f}"])


def recording(folder, name, number):
    """Video and log of an episode in one MCAP file, stamped by one clock."""
    from mcap.writer import CompressionType, Writer

    target = os.path.join(folder, "recordings", name, f"{number:03d}.mcap")
    if os.path.exists(target) or not os.path.exists(video_of(folder, name, number)):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)

    def header(stamp):
        whole = int(stamp)
        return {"stamp": {"sec": whole, "nanosec": int(round((stamp - whole) * 1e9))}}

    messages = []
    with av.open(video_of(folder, name, number)) as container:
        stream = container.streams.video[0]
        plain = av.BitStreamFilterContext("h264_mp4toannexb", stream)
        for packet in container.demux(stream):
            if packet.dts is None:
                continue
            for part in plain.filter(packet):
                stamp = ZERO + BEFORE + float(part.pts * part.time_base)
                body = {"header": header(stamp), "format": "h264", "data": base64.b64encode(bytes(part)).decode()}
                messages.append((stamp, 0, body))
    with open(os.path.join(folder, name, f"{number:03d}.csv")) as file:
        for row in list(csv.reader(file))[1:]:
            messages.append((float(row[0]), 1, {"header": header(float(row[0])), "position": [float(v) for v in row[1:]]}))
    messages.sort(key=lambda message: message[0])
    with open(target + ".part", "wb") as file:
        writer = Writer(file, compression=CompressionType.ZSTD)
        writer.start()
        channels = []
        for topic, schema in (("/camera", "sensor_msgs/CompressedImage"), ("/joint_states", "sensor_msgs/JointState")):
            known = writer.register_schema(name=schema, encoding="jsonschema", data=b'{"type": "object"}')
            channels.append(writer.register_channel(topic=topic, message_encoding="json", schema_id=known))
        for stamp, channel, body in messages:
            time = int(stamp * 1e9)
            writer.add_message(
                channel_id=channels[channel], log_time=time, publish_time=time, data=json.dumps(body).encode())
        writer.finish()
    os.rename(target + ".part", target)


def main():
    verb, folder = sys.argv[1], os.path.abspath(sys.argv[2])
    low, _, high = sys.argv[3].rpartition("-")
    episodes = range(int(low or 0), int(high))
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 60.0
    os.makedirs(os.path.join(folder, "rendered"), exist_ok=True)
    for number in episodes:
        if verb == "render":
            simulate(folder, number, seconds)
            for view in sys.argv[5:] or VIEWS:
                render(folder, number, view)
        elif verb == "make":
            make(folder, number, seconds)
        elif verb == "recordings":
            for name in CONDITIONS:
                recording(folder, name, number)
    if verb in ("make", "jobs"):
        jobs(folder, range(int(high)))


if __name__ == "__main__":
    os.environ.setdefault("MUJOCO_GL", "osmesa")
    main()
