"""Compares pictures with those that libvips renders from the same sources.

Reads lines of JSON from standard input, {"source": path, "ours": path of a PNG}, and writes a line for each:
{"mean": CIEDE2000 averaged over the pixels}, or {"rejected": libvips' error message}.
"""

import json
import sys

import pyvips


def answer(row):
    ours = pyvips.Image.new_from_file(row["ours"])
    try:
        is_cmyk = pyvips.Image.new_from_file(row["source"]).interpretation == "cmyk"
        # libvips applies black point compensation to CMYK only if a fallback profile is given.
        fallback = {"input_profile": "cmyk"} if is_cmyk else {}
        theirs = pyvips.Image.thumbnail(
            row["source"], ours.width, height=ours.height, size="force",
            output_profile="srgb", intent="perceptual", **fallback,
        ).copy_memory()
    except pyvips.Error as error:
        return {"rejected": str(error)}
    return {"mean": lab(ours).dE00(lab(theirs)).avg()}


def lab(picture):
    """The picture in CIELAB, composed over white."""
    if picture.hasalpha():
        picture = picture.flatten(background=255 if picture.format == "uchar" else 65535)
    return picture.colourspace("srgb").colourspace("lab")


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
