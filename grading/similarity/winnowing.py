"""Fingerprints of a text such that what two texts share shows, however it is embedded.

Of every `window` neighbouring k-grams (`length` tokens in a row) the one with the least hash is kept. So whatever two
texts share in at least `window + length - 1` tokens in a row leaves a fingerprint in both.
Source: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003.
"""

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b

LENGTH, WINDOW = 12, 6  # tokens; k-grams


def hashes(texts: Sequence[str], length: int = LENGTH) -> tuple[int, ...]:
    """The hash of every k-gram, by its place.

    >>> one, other, again = hashes(["a", "b", "a", "b"], 2)
    >>> one == again, one == other
    (True, False)
    """
    return tuple(_hash(texts[place : place + length]) for place in range(len(texts) - length + 1))


def winnowed(all_of_them: Sequence[int], window: int = WINDOW, *, without: Collection[int] = ()) -> Mapping[int, int]:
    """Place by place the hashes that are kept: the least of each window, of equals the last.

    What is in `without` (code that was handed out) is never kept, and hides nothing else.

    >>> dict(winnowed([77, 74, 42, 17, 98, 50, 17, 98, 8, 88, 67, 39, 77, 74, 42, 17, 98], 4))  # the paper's figure 2
    {3: 17, 6: 17, 8: 8, 11: 39, 15: 17}
    """
    kept: dict[int, int] = {}
    counted = [None if one in without else one for one in all_of_them]
    for start in range(max(1, len(counted) - window + 1)):
        places = [place for place in range(start, min(start + window, len(counted))) if counted[place] is not None]
        if places:
            least = min(places, key=lambda place: (all_of_them[place], -place))
            kept[least] = all_of_them[least]
    return kept


def _hash(texts: Sequence[str]) -> int:
    return int.from_bytes(blake2b("\0".join(texts).encode("utf-8", "replace"), digest_size=8).digest(), "big")
