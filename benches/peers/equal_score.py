"""The bytes that Tintype needs for the SSIMULACRA2 of sharp's variant. At the same quality number the two differ in both
bytes and score."""

import math
import os
from concurrent.futures import ProcessPoolExecutor

import score
import workers

# Differences from the job's quality that are tried. Scores of neighbours are about one point apart.
STEPS = (-15, -10, -6, -3, 0, 3)


def all_bytes(jobs, scores, options):
    """{job: bytes} of the lossy jobs for which sharp's score lies within the tried range."""
    lossy = [job for job in jobs if "quality" in job and (job["id"], workers.BASE) in scores]
    worker = workers.Worker([options.tintype], options.core)
    attempted = [(job, *attempt) for job in lossy for attempt in attempts(worker, job, options.cache)]
    worker.close()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found_scores = pool.map(score.one, [(job, name, options.cache) for job, name, _ in attempted])
        curves = {}
        for (job, _, size), value in zip(attempted, found_scores):
            curves.setdefault(job["id"], []).append((size, value))
    targets = {job: (curve, scores[job, workers.BASE]) for job, curve in curves.items()}
    return {job: bytes_at(curve, target) for job, (curve, target) in targets.items() if is_within(curve, target)}


def attempts(worker, job, cache):
    """(name, bytes) of each quality that is tried."""
    for step in STEPS:
        quality = job.get("ourQuality", job["quality"]) + step
        name = f"{workers.OURS}-{quality}"
        save = str(cache / "outputs" / score.file_name(job, name))
        yield name, worker.ask({**job, "ourQuality": quality, "save": save})["bytes"]


def is_within(curve, target):
    """True if the tried scores reach from below the score `target` to above it."""
    scores = [score for _, score in curve]
    return min(scores) < target < max(scores)


def bytes_at(curve, target):
    """The bytes for the score `target`, interpolated or extrapolated from the two nearest points (bytes, score), in
    logarithms of bytes."""
    points = sorted(set(curve), key=lambda point: point[1])
    after = next((at for at, point in enumerate(points) if point[1] >= target), len(points) - 1)
    (low, low_score), (high, high_score) = points[max(after, 1) - 1], points[max(after, 1)]
    part = (target - low_score) / (high_score - low_score)
    return math.exp(math.log(low) + part * (math.log(high) - math.log(low)))
