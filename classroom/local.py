"""Signing in on a laptop without an identity provider.

The server prints one link for the instructor. Its token works once and turns into a signed cookie; whoever has no
such cookie is a visitor. The secret lives as long as the process: a restart signs everybody out.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from threading import Lock

from itsdangerous import BadSignature, URLSafeTimedSerializer

from classroom.roles import Role

COOKIE = "fovea_session"
LIFETIME = 12 * 60 * 60  # seconds: one teaching day


@dataclass
class LocalSignIn:
    """One process's tokens and cookies."""

    _secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _token: str | None = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def link(self) -> str:
        """The path to print for the instructor, with its one-time token."""
        with self._lock:
            if self._token is None:
                raise RuntimeError("the instructor link was used already")
            return f"/sign-in/{self._token}"

    def redeem(self, token: str) -> str | None:
        """A cookie for the right token, the first time; None for anything else."""
        with self._lock:
            if self._token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
                return None
            self._token = None
        return self._signer().dumps(Role.INSTRUCTOR.name)

    def role(self, cookie: str | None) -> Role:
        """Who the bearer of a cookie is; a forged, old or missing one is a visitor's."""
        if not cookie:
            return Role.VISITOR
        try:
            return Role[self._signer().loads(cookie, max_age=LIFETIME)]
        except (BadSignature, KeyError):
            return Role.VISITOR

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt="fovea.local")
