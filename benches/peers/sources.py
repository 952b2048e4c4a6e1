"""Synthetic pictures for runs without a corpus, the same on every machine."""

import io

import numpy as np
from PIL import Image, ImageCms, ImageDraw


def folder(cache):
    """The folder of the pictures. They are made in the first run."""
    target = cache / "sources"
    if not (target / "complete").exists():
        target.mkdir(parents=True, exist_ok=True)
        make_pictures(target)
        (target / "complete").touch()
    return target


def make_pictures(folder):
    six, twelve, twenty_four = scene(2725, 2225), scene(4000, 3000), scene(6000, 4000)
    six.save(folder / "sharp_2725.jpg", quality=90)
    six.save(folder / "photo_2725.webp", quality=85)
    twelve.save(folder / "m12_420.jpg", quality=90)
    twelve.save(folder / "m12_444.jpg", quality=90, subsampling="4:4:4")
    twelve.save(folder / "m12_prog.jpg", quality=90, progressive=True)
    twenty_four.save(folder / "m24_420.jpg", quality=90)
    exif = Image.Exif()
    exif[274] = 6
    twelve.save(folder / "m12_phone_o6_p3.jpg", quality=90, exif=exif, icc_profile=wide_profile())
    with_alpha(scene(2000, 1500)).save(folder / "alpha_2000.png")
    screenshot(2880, 1800).save(folder / "screen_2880.png")


def scene(width, height):
    """Texture with a spectrum like that of photos, over soft light, with hard edges."""
    random = np.random.default_rng(width)
    down = np.fft.fftfreq(height)[:, None]
    across = np.fft.rfftfreq(width)[None, :]
    fall = 1 / np.maximum(np.hypot(down, across), 1 / max(width, height)) ** 1.2
    texture = np.fft.irfft2(fall * np.exp(2j * np.pi * random.random(fall.shape)), s=(height, width))
    luma = 128 + 42 * texture / texture.std()
    tint = np.linspace(-24, 24, width)[None, :] + np.linspace(-16, 16, height)[:, None]
    samples = np.stack([luma + tint, luma, luma - tint], axis=-1).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(samples)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        left, top = random.integers(0, width), random.integers(0, height)
        side = random.integers(width // 60, width // 12)
        draw.ellipse([left, top, left + side, top + side], fill=tuple(int(part) for part in random.integers(0, 255, 3)))
    return image


def with_alpha(image):
    alpha = Image.new("L", image.size)
    draw = ImageDraw.Draw(alpha)
    draw.ellipse([0, 0, *image.size], fill=255)
    draw.rectangle([0, 0, image.width // 3, image.height // 3], fill=120)
    image.putalpha(alpha)
    return image


def screenshot(width, height):
    """Windows, rules and lines of text."""
    random = np.random.default_rng(height)
    image = Image.new("RGB", (width, height), (245, 246, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, width // 5, height], fill=(36, 41, 51))
    for row in range(20, height, 30):
        words = " ".join("lorem ipsum dolor sit amet"[: random.integers(4, 26)] for _ in range(8))
        draw.text((width // 5 + 30, row), words, fill=(30, 32, 36), font_size=20)
        draw.text((30, row), f"item {row}", fill=(200, 205, 215), font_size=18)
    draw.rectangle([width // 2, height // 2, width - 80, height - 80], fill=(255, 255, 255), outline=(208, 212, 220))
    draw.line([width // 2, height - 120, width - 120, height // 2 + 40], fill=(48, 112, 240), width=5)
    return image


def wide_profile():
    """An ICC profile with the primaries of Display P3 and a gamma of 2.2. Pillow cannot make one."""
    names = {b"rXYZ": (0.51512, 0.24120, -0.00105), b"gXYZ": (0.29198, 0.69225, 0.04189), b"bXYZ": (0.15710, 0.06657, 0.78407)}
    fixed = lambda value: int(round(value * 65536)).to_bytes(4, "big", signed=True)
    xyz = lambda values: b"XYZ \0\0\0\0" + b"".join(fixed(value) for value in values)
    description = b"desc\0\0\0\0" + (10).to_bytes(4, "big") + b"Wide gamut"[:9] + b"\0" + bytes(78)
    curve = b"curv\0\0\0\0" + (1).to_bytes(4, "big") + (int(2.2 * 256)).to_bytes(2, "big") + bytes(2)
    tags = {b"desc": description, b"wtpt": xyz((0.9642, 1.0, 0.82491)), **{name: xyz(value) for name, value in names.items()}}
    tags |= {name: curve for name in (b"rTRC", b"gTRC", b"bTRC")}
    table, data = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        body += bytes(-len(body) % 4)
        table += name + (start + len(data)).to_bytes(4, "big") + len(body).to_bytes(4, "big")
        data += body
    header = bytes(4) + b"\0\0\0\0" + bytes((2, 0x40, 0, 0)) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    header += fixed(0.9642) + fixed(1.0) + fixed(0.82491)
    header += bytes(128 - len(header))
    profile = header + len(tags).to_bytes(4, "big") + table + data
    profile = len(profile).to_bytes(4, "big") + profile[4:]
    ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return profile
