"""Random streams keyed by what they are for, so that nothing ever depends on the order in which things are drawn.

A stream is named by the run's seed, a purpose ("split", "shuffle", ...) and whole numbers (a layer's id, an epoch, a
journal index). The same name gives the same numbers; different names give independent ones.
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, purpose: str, *keys: int) -> np.random.Generator:
    """The generator of one purpose, at its beginning."""
    # A hash of the whole name: neighbouring seeds and keys then share nothing.
    name = "/".join([str(seed), purpose, *map(str, keys)])
    digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "little")))
