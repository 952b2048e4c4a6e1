"""Small PDF documents: each kind of font, picture, filter, shading, function, pattern and mask, with a table of objects, with compressed
objects, with none, and encrypted."""

import base64
import hashlib
import struct
import subprocess
import zlib

# The content of pages, with names of the resources below.
PAGES = (
    "1 0 0 rg 4 4 20 12 re f 0 0 1 RG 2 w 3 3 m 30 20 l S 5 w [3 2 1] 1 d 1 J 1 j 3 20 m 9 1 20 30 38 4 c b*",
    "BT /F 12 Tf 2 6 Td (Text) Tj /T 9 Tf (x) Tj /C 9 Tf <00410042> Tj 2 Tr 30 Tz 3 Ts [(a) -200 (b)] TJ 7 Tr ET 0 0 40 24 re f",
    "/G gs q 0.5 0 0 0.5 4 4 cm /X Do Q 0 0 20 20 re W n /M gs 0 1 0 rg 0 0 40 24 re f",
    "/Pattern cs /P scn 0 0 20 24 re f /PS scn 20 0 20 24 re f /CS0 cs .5 scn 0 0 9 9 re f /CS1 cs 1 scn 9 9 9 9 re f /CS2 cs 9 9 9 scn 3 3 3 3 re f",
    "q 40 0 0 24 0 0 cm BI /W 4 /H 4 /CS /G /BPC 1 /F /AHx ID A050A050> EI Q q 9 0 0 9 9 9 cm BI /W 8 /H 8 /IM true /F /RL ID \x07\xaa\x55\xaa\x55\xaa\x55\xaa\x55\x80 EI Q",
    *(f"q 40 0 0 24 0 0 cm /{name} Do Q" for name in ("J", "J2", "JB", "JA", "FX", "L", "A", "I", "K")),
    *(f"/S{kind} sh" for kind in range(1, 8)),
)


def documents(picture):
    """The files. `picture` is one of pyvips, in colours."""
    files = []
    for content in PAGES:
        objects = [*head(content), *resources(picture)]
        files.append(with_table(objects))
    files += [with_table(objects, encrypted=True), with_compressed_objects(objects), without_table(objects)]
    return files


def stream(entries, content):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries.encode(), len(content), content)


def head(content):
    """The catalog, the pages, the page, and its content: objects 1 to 4."""
    functions = "<</FunctionType 2/Domain[0 1]/C0[1 0 0]/C1[0 0 1]/N 1>>"
    shading = lambda kind, entries: f"/S{kind}<</ShadingType {kind}/ColorSpace/DeviceRGB{entries}>>"
    names = " ".join(f"/{name} {10 + at} 0 R" for at, name in enumerate(("J", "J2", "JB", "JA", "FX", "L", "A", "I", "K")))
    meshes = " ".join(f"/S{kind} {16 + kind} 0 R" for kind in range(4, 8))
    resources = (
        "<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>/T 5 0 R"
        "/C<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 0>>/W[1[500]60 70 900]>>]>>>>"
        f"/XObject<</X 7 0 R {names}>>/Pattern<</P 8 0 R/PS<</PatternType 2/Shading<</ShadingType 3/ColorSpace/DeviceRGB"
        f"/Coords[9 9 0 9 9 9]/Extend[true true]/Function{functions}>>>>>>"
        "/ColorSpace<</CS0[/Separation/Spot/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 1 1 0]/N 1>>]"
        "/CS1[/Indexed/DeviceRGB 1<ff000000ff00>]/CS2[/Lab<</WhitePoint[.95 1 1.08]/Range[-100 100 -100 100]>>]>>"
        f"/Shading<<{shading(1, '/Domain[0 1 0 1]/Matrix[40 0 0 24 0 0]/Function 6 0 R')}"
        f"{shading(2, f'/Coords[0 0 40 0]/Function<</FunctionType 3/Domain[0 1]/Bounds[.5]/Encode[0 1 1 0]/Functions[{functions}{functions}]>>')}"
        f"{shading(3, f'/Coords[9 9 3 20 9 9]/Function{functions}')}{meshes}>>"
        "/ExtGState<</G<</ca 0.5/CA .3/BM/Multiply/LW 3>>/M<</SMask<</S/Luminosity/G 7 0 R>>>>>>>>"
    )
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 40 24]>>",
        f"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources {resources}>>".encode(),
        stream("", content.encode("latin-1")),
    ]


def resources(picture):
    """Objects 5 to 23."""
    width, height = picture.width, picture.height
    rgb, gray = picture.write_to_memory(), picture.extract_band(0)
    one_bit = gray.write_to_buffer(".tif", compression="ccittfax4", bitdepth=1)
    jpeg_2000 = subprocess.run(
        [*"ffmpeg -v error -f rawvideo -pix_fmt rgb24 -s".split(), f"{width}x{height}", *"-i - -c:v jpeg2000 -f image2pipe -".split()],
        input=rgb, stdout=subprocess.PIPE, check=True,
    ).stdout
    size = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
    image = lambda entries, data, space="/BitsPerComponent 8/ColorSpace/DeviceRGB": stream(f"{size}{space}{entries}", data)
    bits = "/BitsPerComponent 1/ColorSpace/DeviceGray"
    mesh = lambda kind, entries, data: stream(
        f"/ShadingType {kind}/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/Decode[0 40 0 24 0 1 0 1 0 1]{entries}", data
    )
    corners = bytes((0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 255, 255, 9, 9, 9))
    patch = bytes(at * 37 % 256 for at in range(36))
    return [
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 120/LastChar 120/Widths[9]"
        b"/Encoding<</Differences[120/x]>>/CharProcs<</x 9 0 R>>>>",
        stream("/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]", b"{ 2 copy add 2 div dup 0.5 gt { exch } { pop dup } ifelse 3 1 roll }"),
        stream("/Type/XObject/Subtype/Form/BBox[0 0 40 24]/Group<</S/Transparency/I true>>", b"1 g 0 0 20 20 re f"),
        stream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 4]/XStep 4/YStep 4/Resources<<>>", b"0 1 0 rg 0 0 2 2 re f"),
        stream("", b"9 0 d0 0 0 9 9 re f"),
        image("/Filter/DCTDecode/Decode[1 0 1 0 0 1]", picture.write_to_buffer(".jpg")),
        image("/Filter/JPXDecode", jpeg_2000, ""),
        image("/Filter/JBIG2Decode", jbig2(width, height, mmr=strip(one_bit)), bits),
        image("/Filter/JBIG2Decode", jbig2(width, height), bits),
        image(f"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {width}/Rows {height}>>", strip(one_bit), bits),
        image("/Filter/LZWDecode", strip(picture.write_to_buffer(".tif", compression="lzw", predictor="none"))),
        image("/Filter[/ASCII85Decode/FlateDecode]/DecodeParms[null<</Predictor 15/Colors 3/Columns 40>>]", base64.a85encode(zlib.compress(rows(rgb, width * 3))) + b"~>"),
        image("/Filter/FlateDecode/SMask 18 0 R/Mask[0 9 0 9 0 9]", zlib.compress(rgb)),
        image("/Filter/FlateDecode/Interpolate true/Intent/Perceptual", zlib.compress(gray.write_to_memory()), "/BitsPerComponent 8/ColorSpace/DeviceGray"),
        b"null",
        mesh(4, "/BitsPerFlag 8", b"".join(b"\0" + corners[at : at + 5] for at in (0, 5, 10))),
        mesh(5, "/VerticesPerRow 2", corners),
        mesh(6, "/BitsPerFlag 8", b"\0" + patch),
        mesh(7, "/BitsPerFlag 8", b"\0" + patch[:32] + patch[:12]),
    ]


def rows(samples, stride):
    """Rows of a PNG's predictors, which are five."""
    return b"".join(bytes([at // stride % 5]) + samples[at : at + stride] for at in range(0, len(samples), stride))


def strip(tiff):
    """The data of the only strip of a TIFF."""
    order = "<" if tiff[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, at)
    values = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind, number = struct.unpack_from(order + "HHI", tiff, entry)
        values[tag] = struct.unpack_from(order + ("H" if kind == 3 else "I"), tiff, entry + 8)[0] if number == 1 else 0
    return tiff[values[273] : values[273] + values[279]]


def jbig2(width, height, mmr=b""):
    """Segments of a page: a region of fax data, or a dictionary of symbols and a region by the arithmetic decoder, which decodes any bytes."""
    segment = lambda number, kind, refers, data: struct.pack(">IB", number, kind) + refers + b"\1" + struct.pack(">I", len(data)) + data
    region = struct.pack(">IIIIB", width, height, 0, 0, 0)
    pixels = struct.pack("bbbbbbbb", 3, -1, -3, -1, 2, -2, -2, -2)
    noise = bytes(at * 73 % 251 for at in range(90))
    page = segment(0, 48, b"\0", struct.pack(">IIIIBH", width, height, 0, 0, 0, 0))
    if mmr:
        return page + segment(1, 38, b"\0", region + b"\1" + mmr)
    symbols = segment(1, 0, b"\0", struct.pack(">H", 0) + pixels + struct.pack(">II", 2, 2) + noise)
    return page + symbols + segment(2, 38, b"\0", region + b"\0" + pixels + noise)


def numbered(objects):
    """The objects of a file, and the place of each."""
    file, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return file, places


def without_table(objects):
    return numbered(objects)[0]


def with_table(objects, encrypted=False):
    more = ""
    if encrypted:
        key, more = encryption()
        objects = [encrypt(content, number, key) for number, content in enumerate(objects, 1)]
    file, places = numbered(objects)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R{more}>>\nstartxref\n{len(file)}\n%%EOF\n"
    return file + end.encode()


def with_compressed_objects(objects):
    """A file in which objects without data are in a stream, and so is the table."""
    kept = [b"null" if b"stream" not in content else content for content in objects]
    packed = {number: content for number, content in enumerate(objects, 1) if b"stream" not in content}
    contents, index = b"", ""
    for number, content in packed.items():
        index += f"{number} {len(contents)} "
        contents += content + b" "
    holder = len(objects) + 1
    body = zlib.compress(index.encode() + contents)
    kept.append(stream(f"/Type/ObjStm/N {len(packed)}/First {len(index)}/Filter/FlateDecode", body))
    file, places = numbered(kept)
    order = list(packed)
    rows = b"\0\0\0\0\0\0\0"
    for number, place in enumerate(places, 1):
        rows += struct.pack(">BIH", 2, holder, order.index(number)) if number in packed else struct.pack(">BIH", 1, place, 0)
    rows += struct.pack(">BIH", 1, len(file), 0)
    entries = f"/Type/XRef/Size {holder + 2}/W[1 4 2]/Root 1 0 R/Filter/FlateDecode"
    return file + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (holder + 1, stream(entries, zlib.compress(rows)), len(file))


# The bytes that fill up a password, by PDF 1.7, 7.6.3.3.
PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def encryption():
    """The key of 40 bits of an empty password, and the trailer's entries (PDF 1.7, algorithms 2, 3 and 4)."""
    owner = rc4(hashlib.md5(PADDING).digest()[:5], PADDING)
    key = hashlib.md5(PADDING + owner + struct.pack("<i", -4) + b"0123456789abcdef").digest()[:5]
    entries = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{rc4(key, PADDING).hex()}>>>/ID[(0123456789abcdef)(x)]"
    return key, entries


def encrypt(content, number, key):
    """An object whose stream is encrypted."""
    start, end = content.find(b"stream\n"), content.rfind(b"\nendstream")
    if end < 0:
        return content
    start += len(b"stream\n")
    own = hashlib.md5(key + struct.pack("<I", number)[:3] + b"\0\0").digest()[: len(key) + 5]
    return content[:start] + rc4(own, content[start:end]) + content[end:]


def rc4(key, data):
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
