"""Chance that repeats: numbers that depend on a name and a key, and on nothing else.

A row's values are drawn from its own id or day, never from a running generator, so a day
comes out the same whether it is made alone or among a thousand others.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def uniform(stream: str, keys: Ints) -> Floats:
    """One number in [0, 1) for each key; another `stream` gives independent numbers."""
    digest = hashlib.blake2b(stream.encode(), digest_size=8).digest()
    seed = np.full(1, int.from_bytes(digest, "little"), dtype=np.uint64)
    z = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + seed
    # The finalizer of splitmix64, twice: neighbouring keys must not look alike.
    for _ in range(2):
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def choice(stream: str, keys: Ints, weights: Sequence[float]) -> Ints:
    """An index into `weights` for each key, as often as its weight says."""
    return picked(uniform(stream, keys), np.asarray(weights, dtype=np.float64))


def picked(chance: Floats, weights: Floats) -> Ints:
    """The indexes that numbers in [0, 1) fall on when the weights share that line."""
    edges = np.cumsum(weights)
    found = np.searchsorted(edges / edges[-1], chance, side="right")
    return np.minimum(found, len(edges) - 1).astype(np.int64)


def picked_by_row(chance: Floats, row: Ints, weights: Floats) -> Ints:
    """Like `picked`, with a row of the matrix `weights` of its own for each number."""
    edges = np.cumsum(weights, axis=1)
    edges = edges / edges[:, -1:]
    passed: Ints = np.sum(chance[:, None] >= edges[row], axis=1, dtype=np.int64)
    found: Ints = np.minimum(passed, weights.shape[1] - 1)
    return found


def exponential(stream: str, keys: Ints) -> Floats:
    """Exponentially distributed numbers of mean 1."""
    return -np.log1p(-uniform(stream, keys))


def normal(stream: str, keys: Ints) -> Floats:
    """Normally distributed numbers of mean 0 and deviation 1."""
    radius = np.sqrt(2.0 * exponential(stream + "/radius", keys))
    return np.asarray(radius * np.cos(2.0 * np.pi * uniform(stream + "/angle", keys)))
