"""Addresses that somebody else may have written."""

LONGEST = 1000  # letters of an address to return to; a longer one loses its query


def local_path(said: str) -> str:
    r"""An address on this server, or the front page for anything that could lead elsewhere.

    >>> [local_path(said) for said in ("/assignments?set=ps1", "//evil.example", "https://evil.example", "/\\evil", "")]
    ['/assignments?set=ps1', '/', '/', '/', '/']
    """
    ours = said.startswith("/") and not said.startswith("//") and "\\" not in said and said.isprintable()
    path = said if len(said) <= LONGEST else said.partition("?")[0]
    return path if ours and len(path) <= LONGEST else "/"
