"""What the clients in Python have in common: checks that fail by an exception, each for a bucket of its own."""

import os

ENDPOINT = os.environ["S3"]
KEY, SECRET, REGION = (os.environ[f"AWS_{name}"] for name in ["ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"])

# Larger than the smallest part, and than what clients send in one request by default.
LARGE = os.urandom(20 << 20)


def results(client, checks):
    """The result of each check: triples of group, name and failure."""
    return [(client, f"{client}: {check.__name__.replace('_', ' ')}", failure(check)) for check in checks]


def failure(check):
    try:
        check()
    except Exception as error:  # pylint: disable=broad-except
        return f"{type(error).__name__}: {error}"[:500]
    return None


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r:.200} instead of {expected!r:.200}")
