#!/usr/bin/env python3
"""Writes the recordings that the tests read, by the libraries that other people use.

    python3 -m venv v && v/bin/pip install mcap==1.6.0 mcap-ros2-support==0.6.0 mcap-protobuf-support==0.6.0 \
        opencv-python-headless h5py==3.16.0 hdf5plugin==7.1.0
    v/bin/python make_fixtures.py

The H.264 pictures need the ffmpeg program. What each message says follows from its number alone: the tests compute the
same.
"""

import json
import os
import shutil
import sqlite3
import subprocess

import cv2
import h5py
import hdf5plugin
import numpy
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2
from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer
from mcap_protobuf.writer import Writer as ProtobufWriter
from mcap_ros2.writer import Writer as ROSWriter

FOLDER = os.path.dirname(os.path.abspath(__file__))
START = 1_700_000_000  # seconds since 1970
LINE = "=" * 80
HEADER = f"""
{LINE}
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
{LINE}
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"""
VECTORS = f"""{LINE}
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
{LINE}
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
{LINE}
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
{LINE}
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
{LINE}
MSG: geometry_msgs/Wrench
Vector3 force
Vector3 torque
"""
TYPES = {
    "sensor_msgs/msg/JointState": "# one joint a place\nstd_msgs/Header header\nstring[] name\nfloat64[] position\n"
    "float64[] velocity\nfloat64[] effort" + HEADER,
    "sensor_msgs/msg/Imu": "std_msgs/Header header\ngeometry_msgs/Quaternion orientation\n"
    "float64[9] orientation_covariance # row by row\ngeometry_msgs/Vector3 angular_velocity\n"
    "float64[9] angular_velocity_covariance\ngeometry_msgs/Vector3 linear_acceleration\n"
    "float64[9] linear_acceleration_covariance" + HEADER + VECTORS,
    "geometry_msgs/msg/WrenchStamped": "std_msgs/Header header\nWrench wrench" + HEADER + VECTORS,
    "geometry_msgs/msg/PoseStamped": "std_msgs/Header header\nPose pose" + HEADER + VECTORS,
    "sensor_msgs/msg/CompressedImage": "std_msgs/Header header\nstring format\nuint8[] data" + HEADER,
    "sensor_msgs/msg/Image": "std_msgs/Header header\nuint32 height\nuint32 width\nstring encoding\n"
    "uint8 is_bigendian\nuint32 step\nuint8[] data" + HEADER,
    "foxglove_msgs/msg/CompressedVideo": "builtin_interfaces/Time timestamp\nstring frame_id\nuint8[] data\n"
    f"string format\n{LINE}\nMSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n",
    "sensor_msgs/msg/CameraInfo": "std_msgs/Header header\nuint32 height\nuint32 width\nstring distortion_model\n"
    "float64[] d\nfloat64[9] k\nfloat64[9] r\nfloat64[12] p\nuint32 binning_x\nuint32 binning_y\n"
    "RegionOfInterest roi" + HEADER + f"{LINE}\nMSG: sensor_msgs/RegionOfInterest\nuint32 x_offset\n"
    "uint32 y_offset\nuint32 height\nuint32 width\nbool do_rectify\n",
    "test_msgs/msg/Odd": "bool[] flags\nuint8 KIND=3\nstring NAME=\"a#b\"\nint8 small\nuint16 wide\nint64 long\n"
    "string<=8 bounded\nPart[] parts\nPart[2] two\nfloat32[<=4] few\nint32 later 5\n"
    f"{LINE}\nMSG: test_msgs/Part\nstring name\nfloat64 value\nNothing empty\n{LINE}\nMSG: test_msgs/Nothing\n",
}


def stamp(nanoseconds):
    return {"sec": START + nanoseconds // 10**9, "nanosec": nanoseconds % 10**9}


def picture(number):
    """A bright square of 12 pixels whose left edge stands at 4 + 3 a picture."""
    image = numpy.full((48, 64, 3), 40, numpy.uint8)
    image[18:30, 4 + 3 * number : 16 + 3 * number] = (60, 200, 250)
    return image


def h264():
    frames = b"".join(picture(number).tobytes() for number in range(12))
    coded = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", "64x48", "-r", "25", "-i", "-",
         "-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv420p", "-x264-params", "aud=1", "-f", "h264", "-"],
        input=frames, stdout=subprocess.PIPE, check=True).stdout
    units = coded.split(b"\x00\x00\x00\x01\x09")[1:]
    return [b"\x00\x00\x00\x01\x09" + unit for unit in units]


def ros(path, compression):
    with open(path, "wb") as stream:
        writer = ROSWriter(stream, chunk_size=4096, compression=compression)
        schemas = {name: writer.register_msgdef(name, text) for name, text in TYPES.items()}

        def put(topic, kind, message, at, late=3_000_000):
            moment = START * 10**9 + at + late
            writer.write_message(topic, schemas[kind], message, log_time=moment, publish_time=moment)

        for i in range(60):
            at = i * 10_000_000
            header = {"stamp": stamp(at), "frame_id": "base"}
            put("/joint_states", "sensor_msgs/msg/JointState",
                {"header": header, "name": ["shoulder", "elbow"], "position": [i * 0.5, -i * 0.25],
                 "velocity": [i * 2.0, 1.0], "effort": []}, at)
            put("/imu", "sensor_msgs/msg/Imu",
                {"header": header, "orientation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0},
                 "orientation_covariance": [0.5] * 9, "angular_velocity": {"x": i * 0.125, "y": 2.0, "z": -3.0},
                 "angular_velocity_covariance": [0.5] * 9,
                 "linear_acceleration": {"x": 0.5, "y": i * 1.0, "z": 9.75},
                 "linear_acceleration_covariance": [0.5] * 9}, at)
            put("/wrench", "geometry_msgs/msg/WrenchStamped",
                {"header": header, "wrench": {"force": {"x": 1.0, "y": 2.0, "z": i * 4.0},
                                              "torque": {"x": 0.0, "y": 0.0, "z": 0.5}}}, at)
            put("/pose", "geometry_msgs/msg/PoseStamped",
                {"header": header, "pose": {"position": {"x": i * 0.25, "y": 0.0, "z": 1.0},
                                            "orientation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0}}}, at)
            put("/odd", "test_msgs/msg/Odd",
                {"flags": [True, False, True], "small": -i % 100 - 50, "wide": 1000 + i, "long": -(2**40) - i,
                 "bounded": "abc", "parts": [{"name": "x", "value": 1.5, "empty": {}}] * (i % 3),
                 "two": [{"name": "", "value": 2.5, "empty": {}}] * 2, "few": [0.5, 0.25], "later": 7 * i}, at)
        units = h264()
        for i in range(12):
            at = i * 40_000_000
            header = {"stamp": stamp(at), "frame_id": "camera"}
            image = picture(i)
            jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
            put("/camera/compressed", "sensor_msgs/msg/CompressedImage",
                {"header": header, "format": "bgr8; jpeg compressed bgr8", "data": jpeg}, at, late=20_000_000)
            small = numpy.ascontiguousarray(image[::2, ::2])
            put("/camera/raw", "sensor_msgs/msg/Image",
                {"header": header, "height": 24, "width": 32, "encoding": "bgr8", "is_bigendian": 0, "step": 96,
                 "data": small.tobytes()}, at, late=20_000_000)
            put("/camera/video", "foxglove_msgs/msg/CompressedVideo",
                {"timestamp": stamp(at), "frame_id": "camera", "data": units[i], "format": "h264"}, at,
                late=20_000_000)
            put("/camera/info", "sensor_msgs/msg/CameraInfo",
                {"header": header, "height": 48, "width": 64, "distortion_model": "plumb_bob", "d": [0.0] * 5,
                 "k": [1.0] * 9, "r": [1.0] * 9, "p": [1.0] * 12, "binning_x": 0, "binning_y": 0,
                 "roi": {"x_offset": 0, "y_offset": 0, "height": 0, "width": 0, "do_rectify": False}}, at)
        writer.finish()


def plain_json(path, **options):
    with open(path, "wb") as stream:
        writer = Writer(stream, chunk_size=1024, **options)
        writer.start(profile="", library="fixtures")
        schema = writer.register_schema("Arm", "jsonschema", json.dumps({"type": "object"}).encode())
        channel = writer.register_channel("/arm", "json", schema)
        for i in range(50):
            nanoseconds = i * 20_000_000
            message = {"timestamp": {"sec": START + nanoseconds // 10**9, "nsec": nanoseconds % 10**9},
                       "position": [i * 0.5, 3], "gripper": {"width": i * 0.125}, "mode": "run"}
            moment = START * 10**9 + nanoseconds + 1_000_000
            writer.add_message(channel, log_time=moment, data=json.dumps(message).encode(), publish_time=moment)
        writer.finish()


def protobuf(path):
    file = descriptor_pb2.FileDescriptorProto(
        name="arm.proto", package="robot", syntax="proto3", dependency=["google/protobuf/timestamp.proto"])
    inner = file.message_type.add(name="Vector")
    for number, name in enumerate("xyz", 1):
        inner.field.add(name=name, number=number, type=1, label=1)
    arm = file.message_type.add(name="Arm")
    arm.field.add(name="timestamp", number=1, type=11, label=1, type_name=".google.protobuf.Timestamp")
    arm.field.add(name="velocity", number=2, type=1, label=3)
    arm.field.add(name="tip", number=3, type=11, label=1, type_name=".robot.Vector")
    arm.field.add(name="count", number=4, type=17, label=1)
    arm.field.add(name="state", number=5, type=9, label=1)
    image = file.message_type.add(name="CompressedImage")
    image.field.add(name="timestamp", number=1, type=11, label=1, type_name=".google.protobuf.Timestamp")
    image.field.add(name="data", number=2, type=12, label=1)
    image.field.add(name="format", number=3, type=9, label=1)
    pool = descriptor_pool.DescriptorPool()
    own = descriptor_pb2.FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(own)
    pool.Add(own)
    pool.Add(file)
    Arm = message_factory.GetMessageClass(pool.FindMessageTypeByName("robot.Arm"))
    Image = message_factory.GetMessageClass(pool.FindMessageTypeByName("robot.CompressedImage"))
    with open(path, "wb") as stream, ProtobufWriter(stream, chunk_size=2048, compression=CompressionType.ZSTD) as writer:
        for i in range(50):
            nanoseconds = i * 20_000_000
            moment = START * 10**9 + nanoseconds
            message = Arm(velocity=[i * 0.5, 2.0], count=-i, state="run")
            message.timestamp.FromNanoseconds(moment)
            # 0 is left out on the wire.
            message.tip.x = i * 0.25 if i % 2 else 0.0
            writer.write_message("/arm", message, log_time=moment + 2_000_000, publish_time=moment)
            if i < 12:
                jpeg = cv2.imencode(".jpg", picture(i), [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
                shown = Image(data=jpeg, format="jpeg")
                shown.timestamp.FromNanoseconds(START * 10**9 + i * 40_000_000)
                writer.write_message("/camera", shown, log_time=moment, publish_time=moment)


def bag(folder, source):
    """The same messages as rosbag2 kept them in SQLite before it wrote down their types: in two files."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    parts = [[], []]
    with open(source, "rb") as stream:
        for schema, channel, message in make_reader(stream).iter_messages(topics=["/joint_states", "/imu"]):
            parts[message.log_time >= START * 10**9 + 300_000_000].append((schema.name, channel.topic, message))
    for number, part in enumerate(parts):
        base = sqlite3.connect(os.path.join(folder, f"bag_{number}.db3"))
        base.execute("CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, "
                     "serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL)")
        base.execute("CREATE TABLE messages(id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, "
                     "timestamp INTEGER NOT NULL, data BLOB NOT NULL)")
        base.execute("CREATE INDEX timestamp_idx ON messages (timestamp ASC)")
        topics = {}
        for kind, topic, message in part:
            if topic not in topics:
                topics[topic] = len(topics) + 1
                base.execute("INSERT INTO topics VALUES(?, ?, ?, 'cdr', '')", (topics[topic], topic, kind))
            base.execute("INSERT INTO messages(topic_id, timestamp, data) VALUES(?, ?, ?)",
                         (topics[topic], message.log_time, message.data))
        base.commit()
        base.close()
    with open(os.path.join(folder, "metadata.yaml"), "w") as text:
        text.write("rosbag2_bagfile_information:\n  version: 5\n  storage_identifier: sqlite3\n"
                   "  relative_file_paths:\n    - bag_0.db3\n    - bag_1.db3\n  duration:\n    nanoseconds: 1\n")


def pictures(count):
    return numpy.stack([cv2.cvtColor(picture(i), cv2.COLOR_BGR2RGB)[::2, ::2] for i in range(count)])


def aloha(path, coded):
    with h5py.File(path, "w") as file:
        file.attrs["sim"] = False
        rows = numpy.arange(12.0)
        file.create_dataset("/observations/qpos", data=numpy.stack([rows * 0.5, -rows], 1), chunks=(5, 2))
        file.create_dataset("/observations/qvel", data=numpy.stack([rows * 2, rows * 0], 1).astype("float32"))
        file.create_dataset("/action", data=numpy.stack([rows, rows], 1))
        if not coded:
            file.create_dataset(
                "/observations/images/top", data=pictures(12), chunks=(1, 24, 32, 3), compression="gzip")
            return
        coded = [cv2.imencode(".jpg", picture(i), [cv2.IMWRITE_JPEG_QUALITY, 60])[1].ravel() for i in range(12)]
        padded = numpy.zeros((12, max(map(len, coded)) + 7), numpy.uint8)
        for row, one in zip(padded, coded):
            row[: len(one)] = one
        file.create_dataset("/observations/images/top", data=padded)
        lists = file.create_dataset("/observations/images/wrist", (12,), dtype=h5py.vlen_dtype(numpy.uint8))
        for row, one in enumerate(coded):
            lists[row] = one


def packed(path, **words):
    """As ALOHA's, packed by a filter that libhdf5 does not have."""
    with h5py.File(path, "w") as file:
        rows = numpy.arange(120.0)
        file.attrs["fps"] = 30
        file.create_dataset("/observations/qpos", data=numpy.stack([rows % 7, -rows, rows * 0], 1), chunks=(50, 3), **words)


def robomimic(path):
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        data.attrs["env_args"] = json.dumps({"env_name": "Lift", "env_kwargs": {"control_freq": 25}})
        for demo, count in (("demo_10", 6), ("demo_2", 8)):
            rows = numpy.arange(float(count))
            data.create_dataset(f"{demo}/obs/robot0_eef_pos", data=numpy.stack([rows * 0.5] * 3, 1))
            data.create_dataset(f"{demo}/obs/agentview_image", data=pictures(count), compression="gzip")
            data.create_dataset(f"{demo}/actions", data=numpy.zeros((count, 7)))


def droid(path):
    with h5py.File(path, "w") as file:
        rows = numpy.arange(30.0)
        file.create_dataset("/observation/robot_state/joint_positions", data=numpy.stack([rows * 0.25] * 7, 1))
        moments = 1_690_000_000_000 + (rows * 66).astype("int64") + (rows >= 20) * 100
        file.create_dataset("/observation/timestamp/robot_state/read_start", data=moments)
        file.create_dataset("/action/joint_position", data=numpy.zeros((30, 7)))


if __name__ == "__main__":
    ros(os.path.join(FOLDER, "ros2-zstd.mcap"), CompressionType.ZSTD)
    plain_json(os.path.join(FOLDER, "json-lz4.mcap"), compression=CompressionType.LZ4)
    plain_json(os.path.join(FOLDER, "json-none.mcap"), compression=CompressionType.NONE)
    plain_json(
        os.path.join(FOLDER, "json-unchunked.mcap"), compression=CompressionType.NONE, use_chunking=False,
        enable_data_crcs=True)
    bag(os.path.join(FOLDER, "bag"), os.path.join(FOLDER, "ros2-zstd.mcap"))
    aloha(os.path.join(FOLDER, "aloha.hdf5"), coded=False)
    aloha(os.path.join(FOLDER, "aloha-coded.hdf5"), coded=True)
    packed(os.path.join(FOLDER, "packed-lzf.hdf5"), compression="lzf")
    packed(os.path.join(FOLDER, "packed-blosc.hdf5"), **hdf5plugin.Blosc())
    robomimic(os.path.join(FOLDER, "robomimic.hdf5"))
    droid(os.path.join(FOLDER, "droid.h5"))
    protobuf(os.path.join(FOLDER, "protobuf.mcap"))
