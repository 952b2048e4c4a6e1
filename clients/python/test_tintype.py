"""`tintype.py` makes the links of the published vectors. Run with `python3 -m unittest` in this folder."""

import base64
import doctest
import json
import unittest
from datetime import datetime, timezone
from pathlib import Path

import tintype

FIXTURES = Path(__file__).parents[2] / "cdn-config" / "fixtures"
PRESETS = {"card": "w=200&h=200&fit=crop&blur=20"}
SECRET = "0123456789abcdef0123456789abcdef"


class Links(unittest.TestCase):
    def test_the_links_of_the_vectors_have_their_signatures(self):
        vectors = json.loads((FIXTURES / "link-vectors.json").read_text())
        self.assertGreater(len(vectors), 60)
        for vector in vectors:
            with self.subTest(vector["rule"]):
                url = f"{vector['path']}?{vector['query']}".rstrip("?")
                signed = tintype.signed_url(vector["key"], url, vector["expires"], PRESETS)
                self.assertEqual(signed, vector["url"])
                end = f"?expires={vector['expires']}" if vector["expires"] else ""
                self.assertEqual(tintype.signed_text(url, vector["expires"], PRESETS), vector["canonical"] + end)
                canonical = "&".join(f"{name}={value}" for name, value in vector["parameters"].items())
                again = tintype.signed_url(vector["key"], f"{vector['file']}?{canonical}".rstrip("?"), vector["expires"])
                self.assertTrue(again.endswith(f"s={vector['signature']}"), again)

    def test_the_passes_of_the_vectors_have_their_signatures(self):
        vectors = json.loads((FIXTURES / "pass-vectors.json").read_text())
        self.assertGreater(len(vectors), 5)
        for vector in vectors:
            with self.subTest(vector["rule"]):
                self.assertEqual(tintype.signed_text(vector["link"], vector["expires"]), vector["text"])
                self.assertEqual(tintype.signed_url(vector["key"], vector["link"], vector["expires"]), vector["url"])
        with self.assertRaisesRegex(tintype.LinkError, "needs an end"):
            tintype.signed_url(SECRET, "/private-videos/1/index.m3u8")

    def test_a_request_that_would_be_refused_is_not_signed(self):
        for url, sentence in [
            ("/files/1/cat.jpg?w=0", "'w' must be a number from 1 to 8192"),
            ("/files/1/cat.jpg?w=1&width=2", "'w' must be given once"),
            ("/files/1/cat.jpg?wdith=2", "did you mean 'width'"),
            ("/files/1/cat.jpg?preset=card", "there is no preset 'card'"),
            ("/files/../cat.jpg", "a dot segment"),
            ("/cat.jpg?w=1", "begin with /files/"),
            ("cat.jpg", "it is not a URL"),
        ]:
            with self.subTest(url), self.assertRaises(tintype.LinkError) as caught:
                tintype.signed_url(SECRET, url)
            self.assertIn(sentence, str(caught.exception))

    def test_a_short_secret_signs_nothing(self):
        with self.assertRaisesRegex(tintype.LinkError, "at least 32 bytes"):
            tintype.signed_url("short", "/files/1/cat.jpg")

    def test_of_two_secrets_the_new_one_signs(self):
        one = tintype.signed_url(SECRET, "/files/1/cat.jpg")
        self.assertEqual(tintype.signed_url(f"{SECRET},{'0' * 32}", "/files/1/cat.jpg"), one)

    def test_a_time_is_its_seconds(self):
        end = datetime.fromtimestamp(2_000_000_000, timezone.utc)
        by_seconds = tintype.signed_url(SECRET, "/files/1/cat.jpg", 2_000_000_000)
        self.assertEqual(tintype.signed_url(SECRET, "/files/1/cat.jpg", end), by_seconds)
        with self.assertRaisesRegex(ValueError, "seconds since 1970"):
            tintype.signed_url(SECRET, "/files/1/cat.jpg", 2_000_000_000_000)


class Sessions(unittest.TestCase):
    def test_a_token_has_its_claims(self):
        token = tintype.session_token(SECRET, "alice", 60, types=["image/*"], max_bytes=1000, prefix="private/")
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        self.assertEqual(
            {name: value for name, value in claims.items() if name != "exp"},
            {"sub": "alice", "types": ["image/*"], "maxBytes": 1000, "prefix": "private/"},
        )

    def test_an_owner_has_a_name(self):
        with self.assertRaisesRegex(ValueError, "1 to 255 bytes"):
            tintype.session_token(SECRET, "")


def load_tests(loader, tests, pattern):
    tests.addTests(doctest.DocFileSuite("README.md"))
    return tests


if __name__ == "__main__":
    unittest.main()
