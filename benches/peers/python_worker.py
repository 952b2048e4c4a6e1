"""libvips (by pyvips) or Pillow as a worker of the comparison: python_worker.py vips|pillow

It reads a job per line from standard input, and writes a result per line to standard output. Both libraries are used as
their documentation recommends for speed.
"""

import functools
import io
import json
import sys
import time
from pathlib import Path


@functools.cache
def read(path):
    return Path(path).read_bytes()


def vips():
    import pyvips

    pyvips.cache_set_max(0)
    version = "libvips " + ".".join(str(pyvips.version(part)) for part in range(3))

    @functools.cache
    def has_profile(path):
        return pyvips.Image.new_from_buffer(read(path), "").get_typeof("icc-profile-data") != 0

    def render(job):
        # Without a profile this option would cost a needless conversion through CIELAB.
        to_srgb = {"export_profile": "srgb"} if has_profile(job["input"]) else {}
        image = pyvips.Image.thumbnail_buffer(
            read(job["input"]), job["width"], height=10_000_000, size="down", **to_srgb
        )
        match job["format"]:
            case "jpeg":
                data = image.jpegsave_buffer(Q=job["quality"], keep="none", optimize_coding=True)
            case "webp":
                data = image.webpsave_buffer(Q=job["quality"], keep="none")
            case "avif":
                data = image.heifsave_buffer(Q=job["quality"], compression="av1", bitdepth=8, keep="none")
            case "png":
                data = image.pngsave_buffer(keep="none")
        return data, image.width, image.height

    return version, render


def pillow():
    from PIL import Image, ImageCms, ImageOps, __version__

    Image.MAX_IMAGE_PIXELS = None
    srgb = ImageCms.createProfile("sRGB")
    # Pillow's documentation recommends 2.0 or more for good quality.
    gap = 2.0

    def render(job):
        image = Image.open(io.BytesIO(read(job["input"])))
        profile, is_rotated = image.info.get("icc_profile"), image.getexif().get(274, 1) >= 5
        width, height = reversed(image.size) if is_rotated else image.size
        target = min(job["width"], width)
        size = (target, max(1, round(height * target / width)))
        stored_size = tuple(reversed(size)) if is_rotated else size
        if image.format == "JPEG":
            image.draft(None, tuple(int(side * gap) for side in stored_size))
        if image.mode not in ("RGB", "RGBA", "L"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        exif = image.getexif()
        image = image.resize(stored_size, Image.LANCZOS, reducing_gap=gap)
        if exif.get(274, 1) > 1:
            image.getexif()[274] = exif[274]
            image = ImageOps.exif_transpose(image)
        if profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, srgb)
        image.info.clear()
        output = io.BytesIO()
        match job["format"]:
            case "jpeg":
                image.convert("RGB").save(output, "JPEG", quality=job["quality"], optimize=True)
            case "webp":
                image.save(output, "WEBP", quality=job["quality"])
            case "avif":
                image.save(output, "AVIF", quality=job["quality"], subsampling="4:4:4", max_threads=1)
            case "png":
                image.save(output, "PNG")
        return output.getvalue(), image.width, image.height

    return f"Pillow {__version__}", render


def main():
    version, render = {"vips": vips, "pillow": pillow}[sys.argv[1]]()
    write({"ready": True, "version": version})
    for line in sys.stdin:
        try:
            write(run(json.loads(line), render))
        except Exception as error:  # A failed job is a result, too, and the run continues.
            write({"error": repr(error)})


def run(job, render):
    read(job["input"])
    start = time.perf_counter()
    data, width, height = render(job)
    ms = (time.perf_counter() - start) * 1e3
    if "save" in job:
        Path(job["save"]).write_bytes(data)
    return {"ms": ms, "bytes": len(data), "width": width, "height": height}


def write(answer):
    print(json.dumps(answer), flush=True)


main()
