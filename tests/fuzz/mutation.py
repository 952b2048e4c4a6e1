"""Damages files. The same random numbers damage a file in the same way."""

import re
import struct
import zlib

# Numbers at which lengths and sides overflow or vanish.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x3FFF, 0x4000, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0xFFFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

# Values that hostile drawings have used.
TEXTS = (
    "0", "-1", "1e9", "1e-9", "NaN", "100000%", "-1000%", "1000000", "none", "url(#a)", "url( '#p' )", "url(#f)", "inherit", "#a", "",
    "M0 0H1000000", "0.0001 0.0001", "matrix(1e6 0 0 1e6 0 0)", "objectBoundingBox", "context-fill",
)


def damaged(files, format, chance):
    """One of the files, damaged in one to four places."""
    file = bytearray(chance.choice(files))
    if format in TEXT_WAYS:
        encoding, ways = TEXT_WAYS[format]
        text = file.decode(encoding, "replace")
        for _ in range(chance.randint(1, 4)):
            text = chance.choice(ways)(text, chance)
        file = bytearray(text.encode(encoding))
    # Damaged bytes mostly make a drawing unreadable, and much damage a picture, before its pixels are decoded.
    is_text = format in TEXT_WAYS and chance.random() < 0.8
    for _ in range(0 if is_text else chance.choice((1, 1, 2, 4))):
        if file:
            chance.choice(WAYS)(file, chance, files)
    # Without true checksums a decoder of PNG sees nothing of the damage.
    return with_checksums(bytes(file)) if format in ("png", "ico") and chance.random() < 0.8 else bytes(file)


def flip(file, chance, _):
    file[place(file, chance)] ^= 1 << chance.randrange(8)


def overwrite(file, chance, _):
    file[place(file, chance)] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))


def number(file, chance, _):
    """A number of two or four bytes, in either order."""
    kind = chance.choice(("<H", ">H", "<I", ">I"))
    at = place(file, chance)
    packed = struct.pack(kind, chance.choice(EDGES) & (0xFFFF if kind[1] == "H" else 0xFFFFFFFF))
    file[at : at + len(packed)] = packed


def truncate(file, chance, _):
    del file[place(file, chance) :]


def remove(file, chance, _):
    at = place(file, chance)
    del file[at : at + chance.randint(1, 40)]


def repeat(file, chance, _):
    """A part once more, or many times."""
    start = place(file, chance)
    part = file[start : start + chance.randint(1, 80)]
    file[start:start] = part * chance.choice((1, 1, 2, 50, 2000))


def splice(file, chance, files):
    other = chance.choice(files)
    at, start = place(file, chance), place(other, chance)
    file[at:] = other[start:]


WAYS = (flip, flip, overwrite, overwrite, number, number, number, truncate, remove, repeat, splice)


def place(file, chance):
    """A place in a file, half the time near its start, where the header is."""
    end = min(len(file), 120) if chance.random() < 0.5 else len(file)
    return chance.randrange(max(end, 1))


def with_checksums(file):
    """A PNG, also inside of another file, with the right checksum of each chunk."""
    start = file.find(b"\x89PNG\r\n\x1a\n")
    if start < 0:
        return file
    file, at = bytearray(file), start + 8
    while at + 12 <= len(file):
        (length,) = struct.unpack_from(">I", file, at)
        end = at + 8 + length
        if end + 4 > len(file):
            break
        struct.pack_into(">I", file, end, zlib.crc32(file[at + 4 : end]))
        at = end + 4
    return bytes(file)


def change_value(text, chance):
    return replaced(text, r'"([^"]*)"', lambda _: '"' + chance.choice(TEXTS) + '"', chance)


def change_number(text, chance):
    return replaced(text, r"\d+", lambda _: str(chance.choice(EDGES)), chance)


def change_reference(text, chance):
    names = re.findall(r'id="([^"]*)"', text) or ["a"]
    return replaced(text, r"#[a-z]\b", lambda _: "#" + chance.choice(names), chance)


def nest_element(text, chance):
    """An element in many others of its own kind."""
    depth = chance.choice((2, 30, 300, 3000))

    def nested(found):
        name = found.group(1)
        return f"<{name}{found.group(2)}>" * depth + found.group(3) + f"</{name}>" * depth

    return replaced(text, r"<(g|pattern|mask|marker|filter|symbol|tspan|switch)([^>/]*)>([^<]*)", nested, chance)


def repeat_element(text, chance):
    return replaced(text, r"<[a-zA-Z]+[^>]*/>", lambda found: found.group(0) * chance.choice((2, 20, 500)), chance)


def replaced(text, pattern, replacement, chance):
    """The text with one match replaced, which chance chooses."""
    matches = list(re.finditer(pattern, text))
    if not matches:
        return text
    found = chance.choice(matches)
    return text[: found.start()] + replacement(found) + text[found.end() :]


def change_object(text, chance):
    """A reference to another object of a document."""
    return replaced(text, r"\b\d+ 0 R", lambda _: f"{chance.randint(1, 24)} 0 R", chance)


def change_name(text, chance):
    """A name in another's place, of the same file."""
    names = re.findall(r"/[A-Z][A-Za-z0-9]*", text) or ["/A"]
    return replaced(text, r"/[A-Z][A-Za-z0-9]*", lambda _: chance.choice(names), chance)


def repeat_operator(text, chance):
    return replaced(text, r"[-.\d/ A-Za-z]+ (?:re|[cflmnSQqW]|cm|Do|Tj|gs|sh|scn)\b", lambda found: (found.group(0) + " ") * chance.choice((2, 20, 5000)), chance)


def change_decimal(text, chance):
    """A number that may be negative or a fraction."""
    return replaced(text, r"[-+]?\d*\.?\d+", lambda _: chance.choice(("-1", "0", "1e9", ".000001", "-.5", "65536", "1000000", "99999999999")), chance)


DRAWING_WAYS = (change_value, change_value, change_number, change_reference, nest_element, repeat_element)

DOCUMENT_WAYS = (change_number, change_decimal, change_decimal, change_object, change_name, change_name, repeat_operator)

# The formats that are text, and how it is encoded and damaged.
TEXT_WAYS = {"svg": ("utf-8", DRAWING_WAYS), "pdf": ("latin-1", DOCUMENT_WAYS)}
