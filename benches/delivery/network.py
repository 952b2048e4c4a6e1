"""The times of S3 as a function in the same region sees it.

Sources of the figures:
- First byte: "S3's 90th percentile time to first byte is typically around 20 ms regardless of the object size", and "about
  93 MB/s per thread", both measured from EC2 in the region: github.com/dvassallo/s3-benchmark. The median is taken as 15 ms.
- Bandwidth of a connection: "one concurrent request for each 85-90 MB/s of desired network throughput" (Amazon S3 user guide,
  "Performance guidelines").
- Bandwidth of a function: bursts of a few hundred megabytes a second with several connections, and no more than one
  connection's over longer times (Müller, Marroquín and Alonso, "Lambada", SIGMOD 2020, section 4.3).
- A write of a small object takes about twice the time of a read's first byte.
"""

import threading
import time

FIRST_BYTE_S = 0.015
WRITE_S = 0.030
CONNECTION_BYTES_A_SECOND = 90e6
FUNCTION_BYTES_A_SECOND = 250e6

# Bytes that are sent at once. They take 0.7 ms.
CHUNK = 64 * 1024


class Network:
    """The way between S3 and one function, which all its connections share."""

    def __init__(self):
        self.lock = threading.Lock()
        self.free_at = 0.0

    def send(self, connection, content):
        """Sends an answer's content at the speed of a connection, within that of the function."""
        at = time.perf_counter()
        for start in range(0, len(content), CHUNK):
            chunk = content[start : start + CHUNK]
            at += len(chunk) / CONNECTION_BYTES_A_SECOND
            with self.lock:
                self.free_at = max(self.free_at, time.perf_counter()) + len(chunk) / FUNCTION_BYTES_A_SECOND
                at = max(at, self.free_at)
            wait_until(at)
            connection.sendall(chunk)


def wait_until(at):
    """Sleeps until a time of `time.perf_counter`, without the delay of a timer at the end."""
    while (left := at - time.perf_counter()) > 0:
        if left > 0.0003:
            time.sleep(left - 0.0002)
