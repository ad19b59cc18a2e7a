"""PySpark: a data frame measured by partition."""

import os
import sys
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

from genlock.frameworks import spark

media = Path(os.environ["GENLOCK_TEST_MEDIA"])
names = ["in-sync.mp4", "flash-and-beep-late-120ms.mp4", "no-audio.mp4", "empty.mp4"]
os.environ["PYSPARK_PYTHON"] = sys.executable
session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
session.sparkContext.setLogLevel("ERROR")
frame = session.createDataFrame(
    [(number, str(media / name)) for number, name in enumerate(names)], "number int, media string"
)
measured = spark.measure(frame.repartition(2), "media").orderBy("number").collect()
verdicts = [row.genlock_verdict for row in measured]
assert verdicts == ["in-sync", "misaligned", "not-applicable", "failed"], verdicts
assert abs(measured[1].genlock_offset_ms + 120) < 15
assert measured[0].genlock_error_code is None
print("pyspark", pyspark.__version__, verdicts)
session.stop()
