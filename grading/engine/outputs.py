"""Outputs as the student's process says them: taken over only where they have nbformat's own shape."""

import contextlib
from base64 import b64decode, b64encode
from typing import Any

Output = dict[str, Any]

# Plain text and pictures. HTML and JavaScript, or Markdown and LaTeX with links of that kind in them, would run in the
# browser of whoever marks the notebook.
_PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}  # and how their bytes begin


def checked(said: object, *, count: int, size: int) -> tuple[Output, ...]:
    """nbformat outputs made anew from what was said; whatever has another shape, or is too much, is left out.

    >>> checked([{"output_type": "stream", "name": "stdout", "text": "hi", "more": 1}, 7], count=10, size=100)
    ({'output_type': 'stream', 'name': 'stdout', 'text': 'hi'},)
    """
    kept: list[Output] = []
    for one in said[: count + 1] if isinstance(said, list) else ():
        output = _checked(one) if isinstance(one, dict) else None
        size -= bytes_of(output) if output else 0
        if size < 0:
            break
        if output:
            kept.append(output)
    return tuple(kept)


def bytes_of(output: Output) -> int:
    """How much there is to keep of it."""
    parts = [*output.get("data", {}).values(), *output.get("traceback", ()), output.get("text", "")]
    return sum(len(part) for part in (*parts, output.get("ename", ""), output.get("evalue", "")))


def _checked(said: dict[str, Any]) -> Output | None:
    kind = said.get("output_type")
    if kind == "stream":
        name = "stderr" if said.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(said.get("text"))}
    if kind == "error":
        lines = said.get("traceback")
        traceback = [_text(line) for line in lines[:100]] if isinstance(lines, list) else []
        words = {"ename": _text(said.get("ename")), "evalue": _text(said.get("evalue"))}
        return {"output_type": "error", **words, "traceback": traceback}
    if kind in ("display_data", "execute_result"):
        data = said.get("data")
        kept = _shown(data) if isinstance(data, dict) else {}
        output: Output = {"output_type": kind, "data": kept, "metadata": {}}
        return output if kind == "display_data" else {**output, "execution_count": None}
    return None


def _shown(data: dict[str, Any]) -> dict[str, str]:
    kept = {"text/plain": _text(data["text/plain"])} if "text/plain" in data else {}
    for mime, start in _PICTURES.items():
        with contextlib.suppress(ValueError):
            picture = b64decode(_text(data.get(mime)).replace("\n", ""), validate=True)
            if picture.startswith(start):
                kept[mime] = b64encode(picture).decode()
    return kept


def _text(said: object) -> str:
    return storable(said) if isinstance(said, str) else ""


def storable(text: str) -> str:
    """Without half characters and NUL, which no file or no database holds.

    >>> storable("a\\ud800b\\0c")
    'a?b\\ufffdc'
    """
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
