#!/usr/bin/env python3
"""Recordings of half a gigabyte and of two: does memory grow with the file?

    python3 bench/sensors/large.py GENLOCK ROWS.csv [--keep FOLDER]

Each is an MCAP file in chunks without compression (JPEG does not shrink): a camera of 1280 x 720, 30 frames a second, 0.4 MB each, and joint
states, 100 a second. `genlock check` reads it to the end and decodes every frame. Needs the packages mcap, numpy and pillow.
"""
import argparse
import csv
import io
import math
import os
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import numpy
from mcap.writer import CompressionType, Writer
from PIL import Image

START, WIDTH, HEIGHT = 1_770_000_000, 1280, 720
HEADER = "\n" + "=" * 80 + "\nMSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n" + "=" * 80 + "\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n"
JOINTS = "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort" + HEADER
PICTURE = "std_msgs/Header header\nstring format\nuint8[] data" + HEADER


def place(seconds):
    """Where the joint is, from 0 to 1: it never repeats a course."""
    return 0.5 + 0.18 * math.sin(1.13 * seconds) + 0.14 * math.sin(2.71 * seconds + 1 + 2 * math.sin(0.17 * seconds)) + 0.1 * math.sin(0.43 * seconds + 2)


class Camera:
    """A bright square before a rough ground, coded once for each place that it may have."""

    def __init__(self):
        generator = numpy.random.default_rng(1)
        self.ground = numpy.kron(generator.uniform(40, 200, (HEIGHT // 8, WIDTH // 8)), numpy.ones((8, 8))) + generator.normal(0, 22, (HEIGHT, WIDTH))
        self.coded = {}

    def frame(self, seconds):
        left = int((WIDTH - 120) * place(seconds)) // 4 * 4
        if left not in self.coded:
            image = self.ground.copy()
            image[300:420, left:left + 120] = 250
            out = io.BytesIO()
            Image.fromarray(numpy.clip(image, 0, 255).astype(numpy.uint8)).convert("RGB").save(out, "JPEG", quality=88)
            self.coded[left] = out.getvalue()
        return self.coded[left]


def stamped(nanoseconds):
    """The begin of a message in CDR: a header with its stamp and an empty name."""
    return bytearray(b"\0\1\0\0") + struct.pack("<iII", START + nanoseconds // 10**9, nanoseconds % 10**9, 1) + b"\0\0\0\0"


def joint(nanoseconds, generator):
    made = stamped(nanoseconds) + struct.pack("<II", 1, 8) + b"joint_0\0"
    at = nanoseconds / 1e9
    for value in (place(at) + generator.gauss(0, 1e-4), (place(at + 1e-3) - place(at - 1e-3)) / 2e-3, 0.0):
        made += struct.pack("<I", 1)
        made += b"\0" * (-(len(made) - 4) % 8) + struct.pack("<d", value)
    return bytes(made)


def picture(nanoseconds, coded):
    made = stamped(nanoseconds) + struct.pack("<I", 5) + b"jpeg\0"
    made += b"\0" * (-(len(made) - 4) % 4) + struct.pack("<I", len(coded)) + coded
    return bytes(made)


def make(path, size, camera):
    generator = random.Random(1)
    with open(path, "wb") as out:
        writer = Writer(out, chunk_size=4 << 20, compression=CompressionType.NONE)
        writer.start(profile="ros2", library="bench")
        topics = [
            writer.register_channel(topic, "cdr", writer.register_schema(name, "ros2msg", text.encode()))
            for topic, name, text in (("/joint_states", "sensor_msgs/msg/JointState", JOINTS), ("/camera/compressed", "sensor_msgs/msg/CompressedImage", PICTURE))
        ]
        step = frame = 0
        while out.tell() < size:
            if frame * 100 <= step * 30:
                moment, topic, data = frame * 10**9 // 30, topics[1], picture(frame * 10**9 // 30, camera.frame(frame / 30))
                frame += 1
            else:
                moment, topic, data = step * 10**7, topics[0], joint(step * 10**7, generator)
                step += 1
            at = START * 10**9 + moment + 1_000_000
            writer.add_message(topic, log_time=at, publish_time=at, data=data)
        writer.finish()
    return frame


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("genlock")
    parser.add_argument("rows_file", metavar="ROWS.csv")
    parser.add_argument("--keep", metavar="FOLDER", help="make the recordings in this folder, or use those that are there")
    given = parser.parse_args()
    folder = given.keep or tempfile.mkdtemp(prefix="genlock-large-")
    camera = Camera()
    with open(given.rows_file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("bytes", "frames", "processor_s", "wall_s", "memory_kb", "verdict"))
        for size in (500 << 20, 2000 << 20):
            path = f"{folder}/{size >> 20}.mcap"
            frames = make(path, size, camera)
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.time()
            # Its own process, so that the largest of its children is no other's.
            told = subprocess.run(
                [sys.executable, "-c", "import resource, subprocess, sys; run = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True); "
                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); print(run.stdout.splitlines()[0])", given.genlock, "check", path],
                stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            verdict = told[1].split(": ", 1)[1]
            writer.writerow((os.path.getsize(path), frames, round(spent, 1), round(time.time() - begun, 1), told[0], verdict))
            out.flush()
    if not given.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
