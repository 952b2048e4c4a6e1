"""Upload sessions and signed links for a Python backend, with the standard library alone."""

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode


def session_token(secret: str, owner: str, seconds: int = 3600, **limits) -> str:
    """Token of an upload session. The client's endpoint is https://api.example.com/u/<token>.

    `secret` is TINTYPE_SESSION_SECRET, `owner` identifies the user (1 to 255 bytes). `limits` may have the claims types,
    maxBytes, maxFiles and visibility of docs/upload-api.md.
    """
    claims = {"sub": owner, "exp": int(time.time()) + seconds, **limits}
    signed = f"{_encode({'alg': 'HS256', 'typ': 'JWT'})}.{_encode(claims)}"
    return f"{signed}.{_hmac(secret, signed)}"


def signed_link(secret: str, path: str, width: int | None = None, expires: int | None = None) -> str:
    """Path and query of a signed link to a file, or to its variant of `width` pixels.

    `secret` is TINTYPE_LINK_SECRET, `path` such as /private/<id>/cat.jpg, `expires` seconds since 1970. Without it the
    link does not expire.
    """
    canonical = f"{path}/w={width},fm=auto" if width else path
    signature = _hmac(secret, f"{canonical}?expires={expires}" if expires else canonical)
    query = {"w": width, "expires": expires, "s": signature}
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"


def _hmac(secret: str, text: str) -> str:
    return _base64url(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def _encode(value: dict) -> str:
    return _base64url(json.dumps(value).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
