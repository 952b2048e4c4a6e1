"""The measured jobs: source files and the variants rendered from them."""

QUALITY = {"jpeg": 80, "webp": 78, "avif": 50, "png": None}

# Tintype's quality where its scale differs from sharp's. Its AVIF quality has the same scale as WebP, and 70 looks like
# sharp's 50 (docs/avif.md).
OUR_QUALITY = {"avif": 70}

# For each role, the file in the corpus' folder `bench`, and the widths by format.
SOURCES = {
    "6 MP JPEG": ("sharp_2725.jpg", {"jpeg": [320, 640, 1280, 1920], "webp": [320, 640, 1280, 1920], "avif": [640, 1280]}),
    "12 MP JPEG": ("m12_420.jpg", {"jpeg": [320, 640, 1280, 1920], "webp": [320, 640, 1280, 1920]}),
    "12 MP JPEG 4:4:4": ("m12_444.jpg", {"jpeg": [640], "webp": [640]}),
    "12 MP progressive JPEG": ("m12_prog.jpg", {"jpeg": [320, 640], "webp": [640]}),
    "12 MP phone JPEG, turned, P3": ("m12_phone_o6_p3.jpg", {"jpeg": [640], "webp": [640]}),
    "24 MP JPEG": ("m24_420.jpg", {"jpeg": [320, 640, 1280], "webp": [640, 1280]}),
    "3 MP PNG with alpha": ("alpha_2000.png", {"webp": [640], "png": [640]}),
    "5 MP screenshot PNG": ("screen_2880.png", {"webp": [640], "png": [640]}),
    "6 MP WebP": ("photo_2725.webp", {"webp": [640, 1280]}),
}


def jobs(folder):
    """Every job whose source is in `folder`."""
    return [
        {
            "id": f"{role} → {format} {width}",
            "input": str(folder / name),
            "format": format,
            "width": width,
            **({"quality": QUALITY[format]} if QUALITY[format] else {}),
            **({"ourQuality": OUR_QUALITY[format]} if format in OUR_QUALITY else {}),
        }
        for role, (name, variants) in SOURCES.items()
        if (folder / name).exists()
        for format, widths in variants.items()
        for width in widths
    ]
