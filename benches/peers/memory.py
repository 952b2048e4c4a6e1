"""The peak memory of a fresh process of each peer that renders one variant."""

from PIL import Image

import workers

LARGEST = "photo-20mp.jpg"
JOBS = {"20 MP JPEG → jpeg 640": LARGEST, "99 MP JPEG → jpeg 640": None}


def peaks(commands, folder, options):
    """{job: {peer: (before, peak)}} in KiB. `before` is the peak when the process is ready, before the job."""
    return {
        name: {
            peer: peak(command, {"input": str(path), "format": "jpeg", "width": 640, "quality": 80}, options)
            for peer, command in commands.items()
            if peer != workers.CONTROL
        }
        for name, file in JOBS.items()
        if (path := folder / file if file else large(folder)).exists()
    }


def peak(command, job, options):
    worker = workers.Worker(command, options.core)
    before = worker.peak_kb()
    answer = worker.ask(job)
    peak = None if "error" in answer else worker.peak_kb()
    worker.close()
    return before, peak


def large(folder):
    """A JPEG just below the 100 MP that the product accepts by default, enlarged from the largest photo."""
    path = folder / "photo-99mp.jpg"
    if not path.exists():
        Image.open(folder / LARGEST).convert("RGB").resize((13_300, 7_480)).save(path, quality=88)
    return path
