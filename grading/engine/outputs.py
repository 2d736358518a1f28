"""Outputs as the student's process says them: taken over only where they have nbformat's own shape."""

from typing import Any

Output = dict[str, Any]

# Pictures and text. HTML and JavaScript would run in the browser of whoever marks the notebook.
_TEXT = ("text/plain", "text/latex", "text/markdown", "application/json")
_PICTURES = ("image/png", "image/jpeg")
_TYPES = (*_TEXT, *_PICTURES)


def checked(said: object, *, count: int) -> tuple[Output, ...]:
    """nbformat outputs made anew from what was said; whatever has another shape is left out.

    >>> checked([{"output_type": "stream", "name": "stdout", "text": "hi", "more": 1}, 7], count=10)
    ({'output_type': 'stream', 'name': 'stdout', 'text': 'hi'},)
    """
    if not isinstance(said, list):
        return ()
    return tuple(output for one in said[: count + 1] if isinstance(one, dict) and (output := _checked(one)))


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
        kept = {mime: _text(data[mime]) for mime in _TYPES if mime in data} if isinstance(data, dict) else {}
        output: Output = {"output_type": kind, "data": kept, "metadata": {}}
        return output if kind == "display_data" else {**output, "execution_count": None}
    return None


def _text(said: object) -> str:
    text = said if isinstance(said, str) else ""
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates cannot be stored
