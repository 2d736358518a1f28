"""A thousand files that are not quite notebooks: drawn from a number, so that a bad one can be made again."""

import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

Notebook = dict[str, Any]
Maker = Callable[[bytes, random.Random], tuple[str, bytes]]

SCRIPTS = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "<svg onload='window.pwned = 1'></svg>",
    "[a link](javascript:window.pwned=1)",
    "<iframe srcdoc='<script>parent.pwned = 1</script>'></iframe>",
    "<a href='javascript:window.pwned=1'>click</a><style>* { display: none }</style>",
    "![x](data:text/html;base64,PHNjcmlwdD5wYXJlbnQucHduZWQ9MTwvc2NyaXB0Pg==)",
    "$\\href{javascript:window.pwned=1}{x}$",
    "</code></pre><script>window.pwned = 1</script>",
)
NAMES = (
    "../../etc/passwd.ipynb",
    "<img src=x onerror='window.pwned = 1'>.ipynb",
    "ps.ipynb\x00.exe",
    "a" * 5000 + ".ipynb",
    "\u202egpj.ipynb",
    "",
    ".ipynb",
    "CON.ipynb",
    "ps.ipynb\r\nSet-Cookie: a=b",
    "ps 🎓 ünï.ipynb",
    "=HYPERLINK(1).ipynb",
)
VALUES: tuple[Any, ...] = (None, True, -1, 1e308, float("nan"), 10**400, "", "x" * 100_000, [], {}, [[[]]], {"": {}})


def scripted(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """A right notebook whose outputs, texts and metadata try to be a page."""
    notebook = json.loads(honest)
    for cell in notebook["cells"]:
        script = chance.choice(SCRIPTS)
        if cell["cell_type"] == "code":
            data = {"text/html": script, "image/svg+xml": script, "application/javascript": "window.pwned = 1"}
            shown: Notebook = {"output_type": "display_data", "metadata": {}, "data": data}
            error = {"output_type": "error", "ename": script, "evalue": script, "traceback": [script]}
            cell["outputs"] = [shown, error, {"output_type": "stream", "name": "stdout", "text": script}]
            cell["source"] += f"\n# {script}" if "nbgrader" in cell["metadata"] else ""
        else:
            cell["source"] += f"\n{script}"
        cell["metadata"]["title"] = script
    own = {"cell_type": "markdown", "id": "own", "metadata": {}, "source": chance.choice(SCRIPTS)}
    notebook["cells"].insert(chance.randrange(len(notebook["cells"])), own)
    notebook["metadata"]["kernelspec"]["display_name"] = chance.choice(SCRIPTS)
    return "ps.ipynb", json.dumps(notebook).encode()


def flipped(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Some bytes are others."""
    data = bytearray(honest)
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return "ps.ipynb", bytes(data)


def cut(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """A piece is missing, or there twice."""
    start, end = sorted(chance.sample(range(len(honest)), 2))
    return "ps.ipynb", chance.choice([honest[:start], honest[end:], honest[:start] + honest[end:], honest + honest])


def retyped(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Values anywhere in the file are of another kind."""
    notebook = json.loads(honest)
    for _ in range(chance.randint(1, 4)):
        place: Any = notebook
        while isinstance(place, (dict, list)) and place:
            key: Any = chance.choice(list(place)) if isinstance(place, dict) else chance.randrange(len(place))
            if not isinstance(place[key], (dict, list)) or not place[key] or chance.random() < 0.25:
                place[key] = deepcopy(chance.choice(VALUES))
                break
            place = place[key]
    return "ps.ipynb", json.dumps(notebook).encode()


def shuffled(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Cells in another order, doubled, gone, or with another's identity."""
    notebook = json.loads(honest)
    cells: list[Notebook] = notebook["cells"]
    chance.shuffle(cells)
    cells += chance.choices(cells, k=chance.randint(0, 5))
    del cells[: chance.randint(0, 4)]
    for cell in cells:
        if chance.random() < 0.3:
            cell["id"] = chance.choice(["double", "", "x" * 500, "a b", "<b>"])
        if chance.random() < 0.3:
            cell["metadata"]["nbgrader"] = {
                "grade_id": chance.choice(["mean", "", "../x"]),
                "points": 1e9,
                "grade": True,
            }
    return "ps.ipynb", json.dumps(notebook).encode()


def deep(_honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """Brackets within brackets."""
    depth = chance.randint(500, 100_000)
    opening, closing = chance.choice([("[", "]"), ('{"a":', "}"), ('{"cells":[', "]}")])
    return "ps.ipynb", (opening * depth + "1" + closing * depth).encode()


def noise(_honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """No notebook at all."""
    beginning = chance.choice([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xff\xfe", b"\x1f\x8b"])
    return chance.choice(["ps.ipynb", "ps.zip", "ps.py", "ps"]), beginning + chance.randbytes(chance.randint(0, 4000))


def recoded(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """In another encoding than JSON's."""
    text = honest.decode()
    return "ps.ipynb", text.encode(chance.choice(["utf-16", "utf-32", "utf-8-sig", "utf-16-be", "cp037", "utf-7"]))


def packed(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """An archive with odd names, doubles, folders and damage."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(chance.randint(0, 4)):
            name = chance.choice(["ps.ipynb", f"{number}/ps.ipynb", "../ps.ipynb", "/ps.ipynb", "x.zip", "ps .ipynb"])
            if name not in archive.namelist():
                archive.writestr(name, chance.choice([honest, b"", b"{}", chance.randbytes(100)]))
    data = bytearray(stream.getvalue())
    if chance.random() < 0.5 and data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return "ps.zip", bytes(data)


def misnamed(honest: bytes, chance: random.Random) -> tuple[str, bytes]:
    """A right notebook under a name that nobody gives."""
    return chance.choice(NAMES), honest


KINDS: Mapping[str, Maker] = {
    make.__name__: make for make in (scripted, flipped, cut, retyped, shuffled, deep, noise, recoded, packed, misnamed)
}
EACH = 100


def malformed(kind: str, honest: bytes) -> list[tuple[str, bytes]]:
    """The files of one kind."""
    return [KINDS[kind](honest, random.Random(f"{kind} {number}")) for number in range(EACH)]
