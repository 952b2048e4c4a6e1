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
            curves.setdefault(job["id"], []).append((size, value))
    found = {job: (curve, scores[job, workers.BASE]) for job, curve in curves.items()}
    return {job: bytes_at(curve, looks) for job, (curve, looks) in found.items() if is_within(curve, looks)}


def attempts(worker, job, cache):
    """(name, bytes) of each quality that is tried."""
    for step in STEPS:
        quality = job.get("ourQuality", job["quality"]) + step
        name = f"{workers.OURS}-{quality}"
        save = str(cache / "outputs" / score.file_name(job, name))
        yield name, worker.ask({**job, "ourQuality": quality, "save": save})["bytes"]


def is_within(curve, looks):
    """Whether what was tried reaches from below these looks to above them."""
    scores = [score for _, score in curve]
    return min(scores) < looks < max(scores)


def bytes_at(curve, looks):
    """The bytes for a score, between or beyond the two nearest of (bytes, score), in logarithms."""
    points = sorted(set(curve), key=lambda point: point[1])
    after = next((at for at, point in enumerate(points) if point[1] >= looks), len(points) - 1)
    (low, low_score), (high, high_score) = points[max(after, 1) - 1], points[max(after, 1)]
    part = (looks - low_score) / (high_score - low_score)
    return math.exp(math.log(low) + part * (math.log(high) - math.log(low)))
