"""The measured jobs: source files and the variants rendered from them."""

# The qualities of the product's built-in policy, at which our point on each chart is measured. A peer's quality is
# searched for, so that its score equals ours.
QUALITY = {"jpeg": 80, "webp": 76, "avif": 76, "png": None}

# For each role, the source's file, and the widths by format.
SOURCES = {
    "6 MP JPEG": ("photo-6mp.jpg", {"jpeg": [320, 640, 1280, 1920], "webp": [320, 640, 1280], "avif": [640, 1280]}),
    "12 MP JPEG": ("photo-12mp.jpg", {"jpeg": [320, 640, 1280], "webp": [320, 640, 1280], "avif": [640]}),
    "12 MP JPEG 4:4:4": ("photo-12mp-444.jpg", {"jpeg": [640], "webp": [640]}),
    "12 MP progressive JPEG": ("photo-12mp-progressive.jpg", {"jpeg": [320, 640], "webp": [640]}),
    "12 MP phone JPEG, turned, wide gamut": ("photo-12mp-phone.jpg", {"jpeg": [640], "webp": [640]}),
    "20 MP JPEG": ("photo-20mp.jpg", {"jpeg": [320, 640, 1280], "webp": [640, 1280]}),
    "3 MP PNG with alpha": ("alpha-3mp.png", {"webp": [640], "png": [640]}),
    "5 MP screenshot PNG": ("screenshot-5mp.png", {"webp": [640], "png": [640]}),
    "6 MP WebP": ("photo-6mp.webp", {"webp": [640, 1280]}),
}

# The jobs of `./bench --quick`: one for each encoder, and one more for each kind of source that is processed
# differently.
QUICK = r"^(6 MP JPEG → (jpeg|webp|avif) 640|12 MP JPEG → (jpeg|webp) 640|5 MP screenshot PNG → png 640)$"


def jobs(folder):
    """Every job whose source is in `folder`."""
    return [
        {
            "id": f"{role} → {format} {width}",
            "input": str(folder / name),
            "format": format,
            "width": width,
            **({"quality": QUALITY[format]} if QUALITY[format] else {}),
        }
        for role, (name, variants) in SOURCES.items()
        if (folder / name).exists()
        for format, widths in variants.items()
        for width in widths
    ]
