"""The settings at which each peer is measured: every effort of sharp's encoders, those of oximg around its defaults, the
defaults of the others."""

import workers

# Efforts by format: a number of the encoder's scale, or the name of a mode. After a comma: "fine" decodes JPEG and WebP
# sources at a larger scale (`fastShrinkOnLoad: false`), "adaptive" chooses the filter of each row of a PNG.
EFFORTS = {
    workers.BASE: {
        "jpeg": ["plain tables", "optimised tables", "mozjpeg", "optimised tables, fine", "mozjpeg, fine"],
        "webp": [*(str(effort) for effort in range(7)), "0, fine", "2, fine", "4, fine"],
        "avif": ["0, fine", *(str(effort) for effort in range(10))],
        "png": [*(str(level) for level in range(1, 10)), *(f"{level}, adaptive" for level in (1, 3, 6, 9))],
    },
    # AVIF is left out: it needs SVT-AV1 4.1, which Debian does not have.
    workers.OXIMG: {
        "jpeg": ["baseline", "progressive"],
        "webp": ["0", "2", "4"],
        "avif": [],
        "png": ["fastest", "fast", "balanced"],
    },
}

DEFAULTS = {
    workers.BASE: {"jpeg": "optimised tables", "webp": "4", "avif": "4", "png": "6"},
    workers.OXIMG: {"jpeg": "progressive", "webp": "2", "avif": None, "png": "fast"},
}

DEFAULT = "default"


def efforts(peer, format):
    """The efforts of a peer's encoder that are measured."""
    if peer in EFFORTS:
        return EFFORTS[peer][format]
    # libvips and Pillow encode AVIF by the same libaom as sharp.
    return [] if format == "avif" else [DEFAULT]


def default_effort(peer, format):
    return DEFAULTS[peer][format] if peer in DEFAULTS else DEFAULT


def lights(peer):
    """The lights in which our score is searched for. A peer's time and bytes are compared in the first one,
    in which the peer resamples. For oximg the bytes at equal score differ a lot between the two lights."""
    return ("linear", "gamma") if peer == workers.OXIMG else ("gamma",)


def mode(effort):
    """The option after the comma of an effort."""
    return effort.partition(", ")[2]


def environment(peer, job):
    """The variables by which oximg takes an effort. The other peers take it from the job."""
    if peer != workers.OXIMG or "effort" not in job:
        return {}
    effort = job["effort"]
    return {
        "jpeg": lambda: {"OXIMG_JPEG_PROGRESSIVE": "1" if effort == "progressive" else "0"},
        "webp": lambda: {"OXIMG_WEBP_EFFORT": effort},
        "png": lambda: {"OXIMG_PNG_EFFORT": effort},
    }[job["format"]]()
