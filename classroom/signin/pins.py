"""PINs: drawn, kept as a salted scrypt hash, compared in constant time.

A PIN has a million values, so the hash protects it for hours only against whoever holds the database; what protects it
at the door is the throttle.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import scrypt
from itertools import pairwise

DIGITS = 6
# 43 ms and 17 MB for one guess on one core of 2026; with n = 2**13 it is 25 ms, with 2**15 it is 103 ms.
N, R, P = 2**14, 8, 1
LONGEST = 64  # letters of a guess; more is no PIN and would only cost time
MOST = 2**26  # bytes that one hash may take


def draw_pin() -> str:
    """Six digits that nobody would try first."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not guessable(pin):
            return pin


def guessable(pin: str) -> bool:
    """Whether a PIN is among the first that people try: two digits only, a row, or the same half twice.

    >>> [guessable(pin) for pin in ("000000", "121212", "123456", "890123", "432109", "271271", "271828")]
    [True, True, True, True, True, True, False]
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(set(pin)) <= 2 or steps in ({1}, {9}) or pin[: DIGITS // 2] == pin[DIGITS // 2 :]


def hash_pin(pin: str) -> str:
    """What is kept of a PIN: the parameters, a salt, the hash."""
    salt = secrets.token_bytes(16)
    return _text(salt, _hash(pin, salt, N, R, P))


def decoy() -> str:
    """A kept hash that no PIN fits, for whoever has none: a wrong name then takes as long as a wrong PIN."""
    return _text(secrets.token_bytes(16), secrets.token_bytes(32))


def verify(pin: str, kept: str) -> bool:
    """Whether a PIN is the kept one; blanks in it do not count.

    >>> verify("27 18 28", hash_pin("271828")), verify("271829", hash_pin("271828"))
    (True, False)
    """
    try:
        kind, n, r, p, salt, right = kept.split("$")
        guessed = _hash(pin, b64decode(salt, validate=True), int(n), int(r), int(p))
        return kind == "scrypt" and hmac.compare_digest(guessed, b64decode(right, validate=True))
    except ValueError:  # not one of ours
        return False


def _hash(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    said = "".join(pin.split())[:LONGEST]
    return scrypt(said.encode("utf-8", "replace"), salt=salt, n=n, r=r, p=p, maxmem=MOST, dklen=32)


def _text(salt: bytes, hashed: bytes) -> str:
    return "$".join(["scrypt", str(N), str(R), str(P), b64encode(salt).decode(), b64encode(hashed).decode()])
