"""SSIMULACRA2 of the peers' variants against a full decode, resampled by Pillow's Lanczos filter."""

import io
import os
import re
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image, ImageCms, ImageOps
from ssimulacra2 import compute_ssimulacra2

import workers


def all_scores(jobs, results, cache):
    """{(job, peer): score} of sharp and Tintype, which the table compares."""
    rendered = {(line["job"], line["peer"]) for line in results if "error" not in line}
    tasks = [
        (job, peer, cache)
        for job in jobs
        for peer in (workers.BASE, workers.OURS)
        if (job["id"], peer) in rendered
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(one, tasks)
        return {(job["id"], peer): value for (job, peer, _), value in zip(tasks, found)}


def one(task):
    job, peer, cache = task
    variant = Image.open(cache / "outputs" / file_name(job, peer))
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / name) for name in ("reference.png", "variant.png")]
        reference(job["input"], variant.size).save(paths[0], compress_level=1)
        over_gray(variant).save(paths[1], compress_level=1)
        return compute_ssimulacra2(*paths)


def reference(path, size):
    """The source, upright, in sRGB, resampled to `size`."""
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(path)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    return over_gray(image.resize(size, Image.LANCZOS))


def over_gray(image):
    """The image over mid-gray, since the metric does not support alpha."""
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    image = image.convert("RGBA")
    below = Image.new("RGBA", image.size, (128, 128, 128, 255))
    return Image.alpha_composite(below, image).convert("RGB")


def file_name(job, peer):
    return re.sub(r"[^a-zA-Z0-9]+", "-", f"{job['id']}-{peer}") + "." + job["format"]
