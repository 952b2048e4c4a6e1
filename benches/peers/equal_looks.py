"""How many bytes Tintype needs for a picture that scores as sharp's does: what the two make at one number differs in
both bytes and looks."""

import math
import os
from concurrent.futures import ProcessPoolExecutor

import score
import workers

# What is tried around the number that a job asks for. Scores of neighbours are a point or so apart.
STEPS = (-15, -10, -6, -3, 0, 3)


def all_bytes(jobs, scores, options):
    """{job: bytes} of lossy jobs whose looks sharp has within what was tried."""
    lossy = [job for job in jobs if "quality" in job and (job["id"], workers.BASE) in scores]
    worker = workers.Worker([options.tintype], options.core)
    made = [(job, *attempt) for job in lossy for attempt in attempts(worker, job, options.cache)]
    worker.close()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        looks = pool.map(score.one, [(job, name, options.cache) for job, name, _ in made])
        curves = {}
        for (job, _, size), value in zip(made, looks):
            curves.setdefault(job["id"], []).append((value, size))
    found = {job: bytes_at(curve, scores[job, workers.BASE]) for job, curve in curves.items()}
    return {job: size for job, size in found.items() if size}


def attempts(worker, job, cache):
    """(name, bytes) of each quality that is tried."""
    for step in STEPS:
        quality = job.get("ourQuality", job["quality"]) + step
        name = f"{workers.OURS}-{quality}"
        save = str(cache / "outputs" / score.file_name(job, name))
        yield name, worker.ask({**job, "ourQuality": quality, "save": save})["bytes"]


def bytes_at(curve, looks):
    """Between the two nearest, on a logarithmic scale of bytes; none outside what was tried."""
    curve = sorted(curve)
    for (low, fewer), (high, more) in zip(curve, curve[1:]):
        if low <= looks <= high and low < high:
            share = (looks - low) / (high - low)
            return math.exp(math.log(fewer) * (1 - share) + math.log(more) * share)
    return None
