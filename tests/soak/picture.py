"""Pictures of one colour, as PNG."""

import struct
import zlib


def png(color, width=48, height=32):
    """A PNG of one colour, three numbers from 0 to 255."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(color) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def color_of(file):
    """The colour of a PNG's first pixel. No filter changes the first pixel of a picture."""
    chunks, place = {}, 8
    while place < len(file):
        (length,) = struct.unpack(">I", file[place : place + 4])
        kind = file[place + 4 : place + 8]
        chunks[kind] = chunks.get(kind, b"") + file[place + 8 : place + 8 + length]
        place += 12 + length
    depth, kind = chunks[b"IHDR"][8], chunks[b"IHDR"][9]
    pixels = zlib.decompress(chunks[b"IDAT"])[1:]
    if kind == 3:
        index = pixels[0] >> (8 - depth)
        return tuple(chunks[b"PLTE"][3 * index : 3 * index + 3])
    if kind in (0, 4):
        value = (pixels[0] >> (8 - depth)) * 255 // ((1 << depth) - 1)
        return (value, value, value)
    return tuple(pixels[:3])
