"""The peak memory of a fresh process of each peer that renders one variant."""

from PIL import Image

import workers

JOBS = {"24 MP JPEG → jpeg 640": "m24_420.jpg", "100 MP JPEG → jpeg 640": None}


def peaks(peers, folder, options):
    """{job: {peer: (before, peak)}} in KiB. `before` is the peak when the process is ready, before the job."""
    return {
        name: {
            peer: peak(command, {"input": str(path), "format": "jpeg", "width": 640, "quality": 80}, options)
            for peer, command in peers.items()
            if peer != workers.CONTROL
        }
        for name, file in JOBS.items()
        if (path := folder / file if file else large(folder, options.cache)).exists()
    }


def peak(command, job, options):
    worker = workers.Worker(command, options.core)
    before = worker.peak_kb()
    answer = worker.ask(job)
    peak = None if "error" in answer else worker.peak_kb()
    worker.close()
    return before, peak


def large(folder, cache):
    """A JPEG of 100 MP, enlarged from the one of 24 MP."""
    path = cache / f"large-{folder.name}.jpg"
    source = folder / JOBS["24 MP JPEG → jpeg 640"]
    if not path.exists() and source.exists():
        Image.open(source).convert("RGB").resize((11_540, 8_660)).save(path, quality=88)
    return path
