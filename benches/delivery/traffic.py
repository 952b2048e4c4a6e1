"""The requests of a site's pages, and which of them miss the caches of the CDN."""

import collections
import random

# Shares of a site's photos by megapixels, and of progressive files among them.
MEGAPIXELS = {2: 0.25, 6: 0.30, 12: 0.35, 24: 0.10}
PROGRESSIVE = 0.2
# Shares of requests by width, all of the ladder, and by the class of `Accept`.
WIDTHS = {256: 0.10, 384: 0.20, 640: 0.25, 828: 0.15, 1080: 0.20, 1920: 0.10}
CLASSES = {"avif": 0.75, "webp": 0.20, "base": 0.05}

PHOTOS = 600
REQUESTS = 300_000
# A request is for the photo of rank r with a probability proportional to 1/r (Zipf's law).
EXPONENT = 1.0
# Regional caches that get requests, with their shares, and the number of variants that each holds. It forgets the one that
# was asked for least recently.
REGIONS = {"a": 0.5, "b": 0.3, "c": 0.2}
HELD = 6_000

Variant = collections.namedtuple("Variant", "photo megapixels is_progressive width accept")
Miss = collections.namedtuple("Miss", "variant is_first")


def misses(seed=1):
    """The misses of all requests, in their order."""
    rng = random.Random(seed)
    photos = [(pick(rng, MEGAPIXELS), rng.random() < PROGRESSIVE) for _ in range(PHOTOS)]
    ranks = [1 / rank**EXPONENT for rank in range(1, PHOTOS + 1)]
    caches = {region: collections.OrderedDict() for region in REGIONS}
    seen, missed = set(), []
    for photo in rng.choices(range(PHOTOS), ranks, k=REQUESTS):
        megapixels, is_progressive = photos[photo]
        variant = Variant(photo, megapixels, is_progressive, pick(rng, WIDTHS), pick(rng, CLASSES))
        cache = caches[pick(rng, REGIONS)]
        if variant in cache:
            cache.move_to_end(variant)
            continue
        missed.append(Miss(variant, variant not in seen))
        seen.add(variant)
        cache[variant] = None
        if len(cache) > HELD:
            cache.popitem(last=False)
    return missed


def pick(rng, shares):
    return rng.choices(list(shares), list(shares.values()))[0]
