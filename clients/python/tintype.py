"""Signed links and upload sessions of Tintype, for a Python backend.

One file without dependencies, for Python 3.9 and later: copy it into your project.

    tintype.signed_url(secret, "https://cdn.example.com/private/ID/cat.jpg?w=320&dpr=2", expires=2000000000)
    tintype.session_token(session_secret, "alice", max_bytes=10_000_000)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import re
import time
from datetime import datetime
from typing import Callable, Iterable, Mapping, Optional, Tuple, Union
from urllib.parse import quote, unquote_to_bytes

__version__ = "0.2.0"
__all__ = ["LinkError", "session_token", "signed_text", "signed_url"]

Value = Union[str, int, Tuple[int, int]]
Values = Mapping[str, Value]


class LinkError(ValueError):
    """A link can't be signed, because a request for it would be refused. `parameter` is the name of the wrong parameter, or None."""

    def __init__(self, message: str, parameter: str | None = None):
        super().__init__(message)
        self.parameter = parameter


def signed_url(
    secret: str,
    url: str,
    expires: datetime | int | None = None,
    presets: Mapping[str, str] | None = None,
) -> str:
    """Signs the URL of a file or of a variant, or its path.

    `secret` is TINTYPE_LINK_SECRET; if it is `new,old`, the new one signs. Every query that the image API accepts can be
    signed. An existing signature of the URL is replaced. `expires` is a time, or seconds since 1970; without it the link
    never expires.
    `presets` are those of the policy, if the URL names one: `{"card": "w=200&h=200&fit=crop"}`. Raises LinkError.

    The link of a private video's file, such as its playlist, has a pass in its path, which opens all files of the video. It
    needs `expires`.
    """
    seconds = _seconds(expires)
    address, path, pairs = _parts(url, seconds)
    signature = _hmac(secret, signed_text(url, seconds, presets))
    private = _private_video(_segments(path))
    if private:
        video, file = private
        behind = "/".join(quote(segment, safe="!~*'()") for segment in [video, *file])
        query = "&".join(pair for pair in pairs if pair != f"expires={seconds}")
        origin = address[: len(address) - len(path)]
        return f"{origin}/private-videos/~{seconds}.{signature}/{behind}" + (f"?{query}" if query else "")
    return f"{address}?{'&'.join([*pairs, f's={signature}'])}"


def signed_text(url: str, expires: int | None = None, presets: Mapping[str, str] | None = None) -> str:
    """The text that the signature of a URL authenticates: the canonical path, and `?expires=…` if the link expires.

    For a file of a private video it is the text of the pass.
    """
    _, path, pairs = _parts(url, expires)
    segments = _segments(path)
    is_frame = segments[1] == "videos" and segments[3:] == ["frame.jpg"]
    values = _values("&".join(pairs), presets or {}, () if is_frame else ("t",))
    private = _private_video(segments)
    if private:
        if expires is None:
            raise LinkError("the link of a private video needs an end: it opens all files of the video")
        return f"/private-videos/{_escaped(private[0])}/?expires={expires}"
    file = "/".join(map(_escaped, segments))
    end = "" if expires is None else f"?expires={expires}"
    return (file if _is_original(values) else f"{file}/{_variant_text(values)}") + end


def session_token(
    secret: str,
    owner: str,
    seconds: int = 3600,
    *,
    types: Iterable[str] | None = None,
    max_bytes: int | None = None,
    max_files: int | None = None,
    lifetime: int | None = None,
    prefix: str | None = None,
    scope: str | None = None,
) -> str:
    """The token of an upload session. The client's endpoint is https://cdn.example.com/u/TOKEN.

    `secret` is TINTYPE_SESSION_SECRET, `owner` identifies your user, in 1 to 255 bytes. The limits can only narrow the policy
    of the deployment: media types such as `image/png` and `video/*`, bytes of a file, files in one request, seconds of a
    signature, and `files/` or `private/` as the only area. The scope `tintype/files.read` permits reading private files.
    """
    if not 1 <= len(owner.encode()) <= 255:
        raise ValueError(f"an owner has 1 to 255 bytes, not {len(owner.encode())}")
    limits = {
        "types": None if types is None else list(types),
        "maxBytes": max_bytes,
        "maxFiles": max_files,
        "lifetime": lifetime,
        "prefix": prefix,
        "scope": scope,
    }
    claims = {"sub": owner, "exp": int(time.time()) + seconds}
    claims.update((name, value) for name, value in limits.items() if value is not None)
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return f"{signed}.{_hmac(secret, signed)}"


def _hmac(secret: str, text: str) -> str:
    key = secret.split(",")[0].strip().encode()
    if len(key) < 32:
        raise LinkError("a secret has at least 32 bytes")
    return _base64url(hmac.new(key, text.encode(), hashlib.sha256).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _seconds(expires: datetime | int | None) -> int | None:
    seconds = int(expires.timestamp()) if isinstance(expires, datetime) else expires
    if seconds is not None and not (isinstance(seconds, int) and 1_000_000_000 <= seconds <= 4_294_967_295):
        raise ValueError(f"expires must be a datetime, or whole seconds since 1970, up to 4294967295, not {seconds}")
    return seconds


# The URL


def _parts(url: str, expires: int | None) -> tuple[str, str, list[str]]:
    """The URL without its query, its path, and the pairs that stay in a signed link."""
    match = re.fullmatch(r"([^/?]*://[^/?]*)?(/[^?]*)(?:\?(.*))?", url.split("#")[0], re.DOTALL)
    if not match:
        raise LinkError("it is not a URL such as https://cdn.example.com/files/1/cat.jpg?w=640, nor its path")
    origin, path, query = match.groups(default="")
    pairs = [pair for pair in query.split("&") if pair and _component(pair.partition("=")[0]) not in ("s", "expires")]
    pairs = [pair[:-1] if pair.find("=") == len(pair) - 1 else pair for pair in pairs]
    if expires is not None:
        pairs.append(f"expires={expires}")
    return origin + path, path, pairs


def _segments(path: str) -> list[str]:
    """The segments of a file's path, decoded. The first one is empty."""
    text = _decoded(path)
    if text is None:
        raise LinkError("the path is not valid percent-encoded UTF-8")
    if len(text.encode()) > 1025:
        raise LinkError("the path is longer than 1024 bytes")
    if not re.match(r"/(files|private|videos|private-videos)/.", text, re.DOTALL):
        raise LinkError("paths of files begin with /files/, /private/, /videos/ or /private-videos/")
    if re.search(r"[\x00-\x1f\x7f]|/\.{0,2}(/|\Z)", text):
        raise LinkError("the path has an empty segment, a dot segment or a control character")
    if re.search(r"[/,]fm=[a-z.]+\Z", text):
        raise LinkError("variants are requested by parameters, such as ?w=640")
    return text.split("/")


def _private_video(segments: list[str]) -> tuple[str, list[str]] | None:
    """The id of a private video and the segments behind it, without the pass that the path may have; None for any other file."""
    _, area, *rest = segments
    video, *file = rest[1:] if rest[0].startswith("~") else rest
    return (video, file) if area == "private-videos" and file else None


def _escaped(text: str) -> str:
    """Letters, digits, `-`, `.` and `_` stay; every other byte of the UTF-8 becomes ~XX."""
    return quote(text, safe="").replace("~", "%7E").replace("%", "~")


def _decoded(text: str) -> str | None:
    """The text without percent-escapes; None if one is broken."""
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        return None
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        return None


def _component(text: str) -> str | None:
    return _decoded(text.replace("+", " "))


# The query


def _values(query: str, presets: Mapping[str, str], ignored: Iterable[str]) -> Values:
    """The parsed values of a query by name, with those of its preset. Parameters of the names `ignored` have no effect."""
    texts = _texts(query)
    preset = texts.get("preset")
    if preset is not None:
        if preset not in presets:
            raise LinkError(f"there is no preset '{preset}' in `presets`", "preset")
        texts = {**_texts(presets[preset]), **texts}
    values = {}
    for name, (read, _) in _PARAMETERS.items():
        if name in texts and name not in ignored:
            value = read(texts[name])
            if value is None:
                raise _not_allowed(name)
            values[name] = value
    return values


def _texts(query: str) -> dict[str, str]:
    sent = [(_component(name), value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]
    for name in sorted(name or "" for name, _ in sent):
        meant = None if name in _KNOWN else _meant(_lower_case(name))
        if meant:
            raise LinkError(f"did you mean '{meant}'? There is no parameter '{name}'", name)
    texts: dict[str, str] = {}
    for raw, value in sent:
        name = _ALIASES.get(raw or "", raw or "")
        if name not in _PARAMETERS:
            continue
        if name in texts:
            raise LinkError(f"'{name}' must be given once, under one of its names", name)
        text = _component(value)
        if text is None:
            raise LinkError(f"'{name}' must be valid percent-encoded UTF-8", name)
        texts[name] = text
    return texts


def _not_allowed(name: str) -> LinkError:
    return LinkError(f"'{name}' must be {_PARAMETERS[name][1]}", name)


def _is_original(values: Values) -> bool:
    if all(name in ("original", "v", "dl", "expires") for name in values):
        return True
    if "original" in values:
        raise _not_allowed("original")
    return False


def _meant(name: str) -> str | None:
    """The known name that a name in lower case means: the same, or one that differs by one letter."""
    if name in _KNOWN:
        return name
    return None if name in _FOREIGN else next((known for known in _KNOWN if _is_near(known, name)), None)


def _is_near(known: str, unknown: str) -> bool:
    """True if two different names of at least three letters differ by one letter, or by two neighbours that are swapped."""
    if min(len(known), len(unknown)) < 3 or abs(len(known) - len(unknown)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(known, unknown)) if a != b), min(len(known), len(unknown)))
    a, b = known[same:], unknown[same:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


# The variant


def _variant_text(values: Values) -> str:
    """The canonical text of a variant for every viewer, such as `w=640,fm=auto`."""
    is_focused = "fp-x" in values or "fp-y" in values
    if is_focused and values.get("crop", "focalpoint") != "focalpoint":
        raise _not_allowed("crop")
    if "ar" in values and not (values.get("fit") in ("crop", "min") and ("w" in values) != ("h" in values)):
        raise _not_allowed("ar")
    fm = {"jpg": "jpeg"}.get(values.get("fm", "auto"), values.get("fm", "auto"))
    if fm == "json":
        return _text({"v": values.get("v"), "fm": fm})
    fit = _fit(values)
    is_crop = fit == "crop"
    point = [values.get("fp-x", 500), values.get("fp-y", 500)]
    has_point = is_crop and (is_focused or values.get("crop") == "focalpoint") and point != [500, 500]
    flip = values.get("flip")
    is_lossless = "lossless" in values and fm in ("webp", "auto")
    variant = {
        **values,
        **_sides(values),
        "fm": fm,
        "fit": None if fit == "max" else fit,
        "enlarge": values.get("enlarge") if is_crop and values.get("fit") == "crop" else None,
        "crop": values.get("crop") if is_crop and values.get("crop") not in ("center", "focalpoint") else None,
        "fp-x": f"{point[0] / 1000:g}" if has_point else None,
        "fp-y": f"{point[1] / 1000:g}" if has_point else None,
        # Each of the eight turns has one form: a vertical flip is a horizontal one and half a turn.
        "rot": (int(values.get("rot", 0)) + (180 if flip in ("v", "hv") else 0)) % 360,
        "flip": "h" if flip in ("h", "v") else None,
        "lossless": 1 if is_lossless and fm == "webp" else None,
    }
    if fm in ("png", "gif") or (fm == "webp" and is_lossless):
        variant["q"] = None
    # The viewer decides if an automatic format is WebP.
    return _text(variant) + (",lossless=1" if is_lossless and fm == "auto" else "")


def _text(variant: Mapping[str, Value | None]) -> str:
    return ",".join(f"{name}={_escaped(str(variant[name]))}" for name in _ORDER if variant.get(name))


def _fit(values: Values) -> str:
    fit = values.get("fit", "max")
    may_enlarge = fit in ("clip", "fill", "scale") or ("enlarge" in values and fit != "min")
    has_both = ("w" in values and "h" in values) or "ar" in values
    effective = fit if has_both else "max"
    if effective in ("crop", "min"):
        return "crop"
    if may_enlarge and ("w" in values or "h" in values):
        return {"max": "clip", "fillmax": "fill"}.get(effective, effective)
    return effective


def _sides(values: Values) -> dict[str, int | None]:
    """The sides in device pixels, at most 8192."""
    dpr = values.get("dpr", 1000)
    w, h = ((values[name] * dpr + 500) // 1000 if name in values else None for name in ("w", "h"))
    is_box = values.get("fit", "max") in ("max", "clip")
    ratio = values.get("ar") or ((w, h) if w and h and not is_box else None)
    if not ratio:
        return {"w": w and min(w, 8192), "h": h and min(h, 8192)}
    a, b = ratio
    w, h = w or _times(h, a, b), h or _times(w, b, a)
    if max(w, h) > 8192:
        w, h = (_times(8192, a, b), 8192) if a < b else (8192, _times(8192, b, a))
    return {"w": w, "h": h}


def _times(length: int, numerator: int, denominator: int) -> int:
    """Rounded half up, at least 1."""
    return max(1, (2 * length * numerator + denominator) // (2 * denominator))


# Values of parameters. A reader returns None if a text isn't allowed.


def _lower_case(text: str) -> str:
    """The text with lower-case letters. Only letters of ASCII change, as at the edge."""
    return re.sub("[A-Z]+", lambda letters: letters[0].lower(), text)


def _one_of(*allowed: str) -> tuple[Callable[[str], Optional[str]], str]:
    return lambda text: text if text in allowed else None, f"one of {', '.join(allowed)}"


def _matching(pattern: str) -> Callable[[str], Optional[str]]:
    return lambda text: text if re.fullmatch(pattern, text) else None


def _number(low: int, high: int, decimals: int = 0) -> Callable[[str], Optional[int]]:
    """A number as a multiple of its smallest decimal place, rounded down and clamped to `high`."""

    def read(text: str) -> int | None:
        match = re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?", text)
        if not match:
            return None
        digits = match[1].lstrip("0") + (match[2] or "").ljust(decimals, "0")[:decimals]
        # Python doesn't convert numbers with thousands of digits.
        units = high if len(digits) > 12 else min(int(digits or 0), high)
        return units if units >= low else None

    return read


def _thousandths(text: str) -> int | None:
    return math.floor(min(float(text), 1) * 1000 + 0.5) if re.fullmatch(r"[0-9]*\.?[0-9]+", text) else None


def _crop(text: str) -> str | None:
    corners = {f"{y},{x}": f"{y}-{x}" for y in ("top", "bottom") for x in ("left", "right")}
    corner = corners.get(text) or corners.get(",".join(reversed(text.split(","))))
    return corner or _matching("center|top|bottom|left|right|entropy|attention|faces|focalpoint")(text)


def _ratio(text: str) -> tuple[int, int] | None:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]+)?:[0-9]{1,4}(\.[0-9]+)?", text):
        return None
    a, b = map(_number(1, 10_000_000, 3), text.split(":"))
    return (a, b) if a and b else None


def _rectangle(text: str) -> str | None:
    sides = [_number(0, 1_000_000)(side) for side in text.split(",")]
    return "-".join(map(str, sides)) if len(sides) == 4 and None not in sides and sides[2] and sides[3] else None


def _color(text: str) -> str | None:
    """The colour as `rrggbb`, or as `aarrggbb` if it isn't opaque."""
    if not re.fullmatch("[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}", text):
        return _COLORS.get(_lower_case(text))
    digits = (text if len(text) > 4 else "".join(digit * 2 for digit in text)).lower()
    return digits[2:] if len(digits) == 8 and digits.startswith("ff") else digits


def _file_name(text: str) -> str | None:
    forbidden = re.search("[\x00-\x1f\x7f/\\\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    return None if forbidden or len(text.encode()) > 200 else text


def _expires(text: str) -> int | None:
    seconds = int(text) if re.fullmatch("[0-9]{1,20}", text) else 0
    return seconds if 1_000_000_000 <= seconds <= 4_294_967_295 else None


_SIDE = (_number(1, 1_000_000), "a number from 1 to 8192")
_FLAG = (_matching("1"), "1")

# The reader of each parameter, and its allowed values, in the order of checks.
_PARAMETERS: dict[str, tuple[Callable[[str], Optional[Value]], str]] = {
    "preset": (str, "the name of a preset of the policy"),
    "w": _SIDE,
    "h": _SIDE,
    "dpr": (_number(500, 5000, 3), "a number from 0.5 to 5"),
    "fit": _one_of("max", "clip", "crop", "min", "fill", "fillmax", "scale"),
    "enlarge": _FLAG,
    "crop": (
        _crop,
        "center, top, bottom, left, right, a corner such as top,left, entropy, attention, faces, or focalpoint, "
        "the only one with fp-x and fp-y",
    ),
    "fp-x": (_thousandths, "a number from 0 to 1"),
    "fp-y": (_thousandths, "a number from 0 to 1"),
    "ar": (_ratio, "a ratio such as 16:9, given with fit=crop and one of w and h"),
    "rect": (_rectangle, "four numbers x,y,w,h in pixels of the source, w and h from 1"),
    "rot": _one_of("0", "90", "180", "270"),
    "flip": _one_of("h", "v", "hv"),
    "trim": (lambda text: text if text == "auto" else _color(text), "auto, or a colour as for bg"),
    "light": (_matching("linear"), "linear"),
    "blur": (_number(0, 2000), "a number from 0 to 2000"),
    "sharp": (_number(0, 100), "a number from 0 to 100"),
    "mark": (_matching("[a-z0-9-]{1,32}"), "the name of a mark of the policy"),
    "bg": (_color, "hexadecimal RGB, ARGB, RRGGBB or AARRGGBB, or the name of a CSS colour"),
    "q": (lambda text: text if text == "auto" else _number(1, 100)(text), "a number from 1 to 100, or auto"),
    "lossless": _FLAG,
    "frame": (_number(1, 65535), "a number from 1 to 65535"),
    "t": (
        _number(0, 172800),
        "a number of seconds from 0 to 172800",
    ),
    "explain": _FLAG,
    "v": (
        _matching("[A-Za-z0-9_.:~-]{0,32}"),
        "at most 32 letters, digits, dots, colons, hyphens, underscores and tildes",
    ),
    "fm": _one_of("jpeg", "jpg", "png", "webp", "avif", "gif", "json", "auto"),
    "auto": (_matching("(format|compress)(,(format|compress))*"), "format, compress or both, joined by a comma"),
    "dl": (
        _file_name,
        "a file name of at most 200 bytes, without slashes, control characters and marks of direction",
    ),
    "original": (str, "given alone"),
    "expires": (_expires, "a time in seconds since 1970, a whole number from 1000000000 to 4294967295"),
}

_ALIASES = {
    "p": "preset",
    "width": "w",
    "height": "h",
    "gravity": "crop",
    "background": "bg",
    "quality": "q",
    "page": "frame",
    "format": "fm",
    "f": "fm",
}
_KNOWN = sorted([*_PARAMETERS, "s", *_ALIASES])

# Parameters of imgix whose names differ by one letter from Tintype's. They aren't misspelt.
_FOREIGN = ("dpi", "fp-z", "markh", "markw", "markx", "marky", "mask", "rott")

# The order of parameters in the signed text.
_ORDER = "w h fit enlarge crop fp-x fp-y rect rot flip trim light blur sharp mark bg q lossless frame t explain v fm".split()

# The names of CSS Color Module Level 4, as rrggbb or aarrggbb.
_COLORS = dict(
    pair.split(":")
    for pair in """
    aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc bisque:ffe4c4
    black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a burlywood:deb887 cadetblue:5f9ea0
    chartreuse:7fff00 chocolate:d2691e coral:ff7f50 cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff
    darkblue:00008b darkcyan:008b8b darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9
    darkkhaki:bdb76b darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
    darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f darkslategrey:2f4f4f
    darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff dimgray:696969 dimgrey:696969
    dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0 forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc
    ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520 gray:808080 green:008000 greenyellow:adff2f grey:808080
    honeydew:f0fff0 hotpink:ff69b4 indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa
    lavenderblush:fff0f5 lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff
    lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1
    lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899 lightslategrey:778899
    lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32 linen:faf0e6 magenta:ff00ff maroon:800000
    mediumaquamarine:66cdaa mediumblue:0000cd mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371
    mediumslateblue:7b68ee mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585
    midnightblue:191970 mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080
    oldlace:fdf5e6 olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa
    palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9 peru:cd853f
    pink:ffc0cb plum:dda0dd powderblue:b0e0e6 purple:800080 rebeccapurple:663399 red:ff0000 rosybrown:bc8f8f
    royalblue:4169e1 saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460 seagreen:2e8b57 seashell:fff5ee
    sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd slategray:708090 slategrey:708090 snow:fffafa
    springgreen:00ff7f steelblue:4682b4 tan:d2b48c teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0
    violet:ee82ee wheat:f5deb3 white:ffffff whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32 transparent:00000000
""".split()
)
