"""Upload sessions and signed links for a Python backend, with only the standard library."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import quote, unquote

# The order of parameters in the signed text.
ORDER = "w h fit enlarge crop fp-x fp-y rect rot flip trim light blur sharp mark bg q lossless frame t explain v fm".split()


def session_token(secret: str, owner: str, seconds: int = 3600, **limits) -> str:
    """Token of an upload session. The client's endpoint is https://api.example.com/u/<token>.

    `secret` is TINTYPE_SESSION_SECRET, `owner` identifies the user (1 to 255 bytes). `limits` may have the claims types,
    maxBytes, maxFiles and prefix of docs/upload-api.md.
    """
    claims = {"sub": owner, "exp": int(time.time()) + seconds, **limits}
    signed = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
    return f"{signed}.{_hmac(secret, signed)}"


def signed_link(secret: str, path: str, parameters: dict | None = None, expires: int | None = None) -> str:
    """Path and query of a signed link to a file, or to a variant of it.

    `secret` is TINTYPE_LINK_SECRET, `path` such as /private/<id>/cat.jpg, `parameters` such as {"w": 333, "blur": 40}
    in the canonical form of docs/signed-links.md, `expires` seconds since 1970. Without `expires` the link does not expire.
    """
    parts = unquote(path).split("/")
    values = {"fm": "auto", **parameters} if parameters else {}
    names = [name for name in ORDER if name in values]
    # The viewer decides if an automatic format is WebP, so `lossless` comes last.
    if values.get("fm") == "auto":
        names.sort(key=lambda name: name == "lossless")
    variant = ",".join(f"{name}={_escaped(str(values[name]).replace(',', '-'))}" for name in names)
    canonical = "/".join([*map(_escaped, parts), *([variant] if variant else [])])
    end = [f"expires={expires}"] if expires else []
    signature = _hmac(secret, "?".join([canonical, *end]))
    query = "&".join([*(f"{name}={values[name]}" for name in names), *end, f"s={signature}"])
    return "/".join(quote(part, safe="!~*'()") for part in parts) + f"?{query}"


def _escaped(text: str) -> str:
    """Letters, digits, `-`, `.` and `_` stay; every other byte of the UTF-8 becomes ~XX."""
    return quote(text, safe="").replace("~", "%7E").replace("%", "~")


def _hmac(secret: str, text: str) -> str:
    return _base64url(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def _encode(value: dict) -> str:
    return _base64url(json.dumps(value).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
