"""Words as Markdown must have them."""


def plain(text: str) -> str:
    r"""Words that Markdown leaves as they are.

    >>> print(plain("2*3*4 in C[0] and x_1"))
    2\*3\*4 in C\[0\] and x\_1
    """
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text)
