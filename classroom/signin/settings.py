"""What the server's secrets file says about signing in: Streamlit's own `[auth]`, and `[fovea.sign_in]`.

Whatever is missing or misspelt is an error with a sentence, since a rule that nobody reads would let in too many.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard
from urllib.parse import urlsplit

from classroom.errors import ClassroomError
from classroom.roles import Role

OURS, THEIRS = "[fovea.sign_in]", "[auth]"
DEFAULT = "default"  # Streamlit's name for the provider that stands in [auth] itself
NEEDED = ("client_id", "client_secret", "server_metadata_url")
SHORTEST = 32  # letters of the secret that signs Streamlit's cookies
LANDING = "/oauth2callback"
RAISED = {"assistant": Role.ASSISTANT, "instructor": Role.INSTRUCTOR}
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Rules:
    """Who may come in by a provider, and as what."""

    providers: tuple[str, ...] = (DEFAULT,)
    redirect_uri: str = f"http://localhost:{{port}}{LANDING}"
    local: bool = False  # class code and PIN work beside the provider
    strangers: bool = False  # whom the course does not know joins as a student
    hours: int = 12  # a sign-in lasts
    issuers: tuple[str, ...] = ()  # whose claims about number, login and role are believed
    verified: tuple[str, ...] = ()  # whose addresses are right, though they may not say so
    number: str = ""  # the claims that hold the roster's number and login
    login: str = ""
    role: str = ""  # the claim that holds a role, and what its values mean
    roles: tuple[tuple[str, Role], ...] = ()
    instructors: tuple[str | tuple[str, str], ...] = ()  # an address, or issuer and subject

    def origin(self, port: int) -> str:
        """Where the server is for the provider, and so for everybody: `https://fovea.example.org`."""
        parts = urlsplit(self.redirect_uri.replace("{port}", str(port)))
        return f"{parts.scheme}://{parts.netloc}"


def read(secrets: Mapping[str, object]) -> Rules | None:
    """The rules of a secrets file; None where no provider is configured.

    >>> read({}) is None
    True
    >>> read({"fovea": {"sign_in": {"strangers": True}}})
    Traceback (most recent call last):
    classroom.errors.ClassroomError: [fovea.sign_in] says who may come in by a provider, but [auth] names none.
    """
    ours, auth = _table(_table(secrets, "fovea", "[fovea]"), "sign_in", OURS), _table(secrets, "auth", THEIRS)
    if not auth:
        if ours:
            raise ClassroomError(f"{OURS} says who may come in by a provider, but {THEIRS} names none.")
        return None
    known = [name for name in Rules.__dataclass_fields__ if name not in ("providers", "redirect_uri")]
    if unknown := sorted(set(ours) - set(known)):
        raise ClassroomError(f"{OURS} has no setting {unknown[0]!r}. It may have {', '.join(known)}.")
    rules = Rules(
        providers=_providers(auth),
        redirect_uri=_redirect_uri(auth),
        local=_switch(ours, "local"),
        strangers=_switch(ours, "strangers"),
        hours=_hours(ours),
        issuers=_words(ours, "issuers"),
        verified=_words(ours, "verified"),
        number=_word(ours, "number"),
        login=_word(ours, "login"),
        role=_word(ours, "role"),
        roles=_roles(ours),
        instructors=_instructors(ours),
    )
    if bool(rules.role) != bool(rules.roles):
        raise ClassroomError(f"{OURS} needs both: role, the claim's name, and a table roles of what its values mean.")
    if (rules.number or rules.login or rules.role) and not rules.issuers:
        raise ClassroomError(
            f'{OURS} has to name whose claims count: issuers = ["https://..."], as the provider writes itself in "iss".'
        )
    return rules


def _providers(auth: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the providers, each with what Streamlit needs of it."""
    secret = auth.get("cookie_secret")
    if not isinstance(secret, str) or len(secret) < SHORTEST:
        raise ClassroomError(
            f"{THEIRS} needs a cookie_secret of at least {SHORTEST} letters that nobody can guess, such as "
            'python -c "import secrets; print(secrets.token_urlsafe(32))" prints.'
        )
    named = {name: value for name, value in auth.items() if isinstance(value, Mapping) and name != "client_kwargs"}
    tables = {DEFAULT: auth, **named} if any(key in auth for key in NEEDED) else named
    if not tables:
        raise ClassroomError(f"{THEIRS} needs {', '.join(NEEDED)}, as the provider gave them.")
    for name, table in tables.items():
        where = THEIRS if name == DEFAULT else f"[auth.{name}]"
        if "_" in name:
            raise ClassroomError(f"{where}: the name of a provider may have no underscore.")
        if missing := [key for key in NEEDED if not isinstance(table.get(key), str) or not table[key]]:
            raise ClassroomError(f"{where} needs {', '.join(missing)}, as the provider gave them.")
        if not _private(str(table["server_metadata_url"])):
            raise ClassroomError(f"{where}: server_metadata_url has to begin with https://.")
    return tuple(tables)


def _redirect_uri(auth: Mapping[str, object]) -> str:
    said = auth.get("redirect_uri")
    if isinstance(said, str) and _private(said.replace("{port}", "1")) and urlsplit(said).path == LANDING:
        return said
    raise ClassroomError(
        f"{THEIRS} needs a redirect_uri: the address of this server as browsers see it, https unless it is localhost, "
        f"and {LANDING}, such as https://fovea.example.org{LANDING}."
    )


def _private(address: str) -> bool:
    """Whether nobody can read along: https, or this very machine."""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
        here = name in HERE or name.endswith(".localhost")  # a name that is this machine's by agreement (RFC 6761)
        return bool(name) and (parts.scheme == "https" or (parts.scheme == "http" and here))
    except ValueError:
        return False


def _table(within: Mapping[str, object], name: str, where: str) -> Mapping[str, object]:
    found = within.get(name, {})
    if isinstance(found, Mapping):
        return found
    raise ClassroomError(f"{where} has to be a table.")


def _switch(ours: Mapping[str, object], name: str) -> bool:
    found = ours.get(name, False)
    if isinstance(found, bool):
        return found
    raise ClassroomError(f"{OURS} {name} has to be true or false.")


def _word(ours: Mapping[str, object], name: str) -> str:
    found = ours.get(name, "")
    if isinstance(found, str):
        return found
    raise ClassroomError(f"{OURS} {name} has to be the name of a claim, in quotation marks.")


def _hours(ours: Mapping[str, object]) -> int:
    found = ours.get("hours", Rules.hours)
    if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= 24 * 30:
        return found
    raise ClassroomError(f"{OURS} hours has to be a whole number from 1 to 720.")


def _words(ours: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = ours.get(name, [])
    if _list(found) and all(isinstance(one, str) and one for one in found):
        return tuple(str(one) for one in found)
    raise ClassroomError(f'{OURS} {name} has to be a list of addresses, such as ["https://login.example.org"].')


def _roles(ours: Mapping[str, object]) -> tuple[tuple[str, Role], ...]:
    table = _table(ours, "roles", "[fovea.sign_in.roles]")
    for value, said in table.items():
        if not isinstance(said, str) or said not in RAISED:
            raise ClassroomError(
                f"[fovea.sign_in.roles] {value} may mean assistant or instructor. Students come from the roster, or "
                "from anywhere with strangers = true."
            )
    return tuple((value, RAISED[str(said)]) for value, said in table.items())


def _instructors(ours: Mapping[str, object]) -> tuple[str | tuple[str, str], ...]:
    found = ours.get("instructors", [])
    listed = [_instructor(one) for one in found] if _list(found) else [None]
    if None in listed:
        raise ClassroomError(
            f'{OURS} instructors has to be a list of e-mail addresses, or of {{ iss = "https://...", sub = "..." }}.'
        )
    return tuple(one for one in listed if one is not None)


def _instructor(said: object) -> str | tuple[str, str] | None:
    if isinstance(said, str):
        return said if "@" in said else None
    if isinstance(said, Mapping) and set(said) == {"iss", "sub"} and all(said.values()):
        return str(said["iss"]), str(said["sub"])
    return None


def _list(found: object) -> TypeGuard[list[object]]:
    return isinstance(found, list)
