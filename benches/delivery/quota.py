"""The share of a processor that Lambda gives a function of less than 1,769 MB, by the kernel's quota for a group of processes."""

import os
import pathlib

from figures import ONE_PROCESSOR_MB

# Lambda divides processor time in periods of 20 ms (Wang et al., "Peeking behind the curtains of serverless platforms", 2018).
PERIOD_US = 20_000


class Quota:
    """A control group with the processes of one function. It needs the rights of root, and version 1 or 2 of control groups."""

    def __init__(self):
        root = pathlib.Path("/sys/fs/cgroup")
        self.is_v1 = (root / "cpu").is_dir()
        self.group = (root / "cpu" if self.is_v1 else root) / f"tintype-delivery-{os.getpid()}"
        self.group.mkdir()

    def add(self, process):
        (self.group / "cgroup.procs").write_text(str(process), encoding="ascii")

    def set(self, memory):
        """The share of a function with `memory` megabytes; more than one processor is of no use to one picture."""
        share = int(PERIOD_US * min(memory / ONE_PROCESSOR_MB, 1))
        if self.is_v1:
            (self.group / "cpu.cfs_period_us").write_text(str(PERIOD_US), encoding="ascii")
            (self.group / "cpu.cfs_quota_us").write_text(str(share), encoding="ascii")
        else:
            (self.group / "cpu.max").write_text(f"{share} {PERIOD_US}", encoding="ascii")

    def remove(self):
        self.group.rmdir()
