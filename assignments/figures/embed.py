"""Pictures inside notebooks: a text cell holds the figure itself, so that it travels with the file."""

import json
from base64 import b64decode, b64encode
from importlib import import_module
from io import BytesIO
from pathlib import Path

from PIL import Image

START = "data:image/png;base64,"


def known() -> list[str]:
    """The sets that have a figure."""
    return sorted(path.stem for path in Path(__file__).parent.glob("ps*.py"))


def drawn(name: str) -> tuple[Image.Image, str]:
    """The figure of a set and what it shows in words: its module has `draw()` and `SHOWS`."""
    module = import_module(f"assignments.figures.{name}")
    return module.draw().image, module.SHOWS


def embed(name: str, notebook: Path) -> int:
    """Put the figure into the cell whose id is `figure`; how many bytes it has."""
    image, shows = drawn(name)
    file = BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    content = json.loads(notebook.read_text(encoding="utf-8"))
    cell = next(cell for cell in content["cells"] if cell["id"] == "figure")
    cell["source"] = [f"![{shows}]({START}{b64encode(file.getvalue()).decode()})"]
    notebook.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(file.getvalue())


def embedded(text: str) -> Image.Image:
    """The picture in a text cell."""
    return Image.open(BytesIO(b64decode(text.partition(START)[2].rstrip(")\n")))).convert("RGB")
