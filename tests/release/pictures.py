"""Pictures, made with Python's library only."""

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """A gradient."""
    row = b"\0" + b"".join(bytes([x * 255 // width, 120, 90]) for x in range(width))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")


def png_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    assert content.startswith(b"\x89PNG"), content[:40]
    return struct.unpack(">II", content[16:24])


def bmp(width: int, height: int) -> bytes:
    """A grey bitmap. A worker process decodes it."""
    row = b"\x80" * (width * 3 + -width * 3 % 4)
    size = 54 + len(row) * height
    return struct.pack("<2sIHHI", b"BM", size, 0, 0, 54) + struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0
    ) + row * height
