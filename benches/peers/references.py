"""The references of SSIMULACRA2: the source, decoded in full, upright, in sRGB, resampled by Lanczos. One is resampled as
the samples are, in gamma, and one in linear light. Neither is the right one for everybody, so each score is shown for both.

References and variants are files of interleaved 8-bit samples without a header.
"""

import io

import numpy as np
from PIL import Image, ImageCms, ImageOps

LIGHTS = ("gamma", "linear")

GRAY = 128


def paths(source, size, folder):
    """{light: path} of the references of a source for a size. They are made once."""
    name = f"{source.stem}-{source.suffix[1:]}-{source.stat().st_size}-{size[0]}x{size[1]}"
    found = {light: folder / f"{name}-{light}.rgb" for light in LIGHTS}
    if not all(path.exists() for path in found.values()):
        folder.mkdir(parents=True, exist_ok=True)
        upright = opened(source)
        for light, path in found.items():
            resample = {"gamma": in_gamma, "linear": in_linear_light}[light]
            unfinished = path.with_suffix(".unfinished")
            unfinished.write_bytes(resample(upright, size))
            unfinished.rename(path)
    return found


def opened(source):
    """The source, upright, in sRGB."""
    Image.MAX_IMAGE_PIXELS = None
    image = Image.open(source)
    profile = image.info.get("icc_profile")
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if profile:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"))
    return image


def in_gamma(image, size):
    return samples(image.resize(size, Image.LANCZOS))


def in_linear_light(image, size):
    """The colours are added as light: samples are made linear, premultiplied by alpha, resampled and made sRGB again."""
    bands = [np.asarray(band, dtype=np.float32) / 255 for band in image.split()]
    alpha = bands[3] if len(bands) == 4 else None
    weights = 1 if alpha is None else alpha
    resized = [resized_band(to_linear(band) * weights, size) for band in bands[:3]]
    if alpha is not None:
        coverage = resized_band(alpha, size)
        # Over mid-gray in sRGB, as a viewer blends it, so the colours go back to sRGB first.
        colours = [to_srgb(np.divide(band, coverage, out=np.zeros_like(band), where=coverage > 1e-4)) for band in resized]
        resized = [colour * coverage + GRAY / 255 * (1 - coverage) for colour in colours]
    else:
        resized = [to_srgb(band) for band in resized]
    return (np.stack(resized, axis=-1) * 255 + 0.5).clip(0, 255).astype(np.uint8).tobytes()


def resized_band(band, size):
    return np.asarray(Image.fromarray(band).resize(size, Image.LANCZOS)).clip(0, 1)


def to_linear(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_srgb(values):
    values = values.clip(0, 1)
    return np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


def samples(image):
    """The samples of a picture over mid-gray, since the metric does not support alpha."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        below = Image.new("RGBA", image.size, (GRAY, GRAY, GRAY, 255))
        image = Image.alpha_composite(below, image)
    return image.convert("RGB").tobytes()
