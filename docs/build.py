"""The documentation site: pages written by hand, pages made from code and data, both checked and drawn by Zensical.

`make docs` runs this. What somebody wrote lies in `docs/`. The list of labs comes from their docstrings, the reference
of `core` from the code's; what is taught, its numbers and its errata come from the syllabus. A warning is an error.
"""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

from docs.plain import plain
from docs.taught import list_of_numbers, list_of_systems
from pages._kit.discovery import Lab, open_to_all
from syllabus.coverage import coverage
from syllabus.errata import Erratum, errata
from syllabus.numbers import recomputed

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "docs"
SHIPPED = ROOT / "pages/_kit/static"
CODE = ROOT / "core"
HERE = "        # docs/build.py puts a line for each folder here\n"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def build(folder: Path) -> Path:
    """The site as a folder of files below `folder`, or a RuntimeError with what is wrong with a page."""
    shutil.rmtree(folder / "docs", ignore_errors=True)
    assemble(folder / "docs-pages")
    file = folder / "zensical.toml"
    file.write_text(settings(), encoding="utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(file)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - our own interpreter
    if ran.returncode:
        raise RuntimeError(f"the documentation was not built:\n{ran.stdout}{ran.stderr}")
    return folder / "docs"


def assemble(folder: Path) -> None:
    """Every page of the site as Markdown, with the pictures and the typeface it needs."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WRITTEN, folder, ignore=shutil.ignore_patterns("*.py", "*.toml", "__pycache__"))
    for name in ("icon.png", "inter.woff2"):
        shutil.copy(SHIPPED / name, folder)
    for lab in open_to_all():
        for theme in THEMES:
            if lab.picture(theme).exists():
                shutil.copy(lab.picture(theme), folder / "pictures")
    for name, text in made().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def made() -> dict[str, str]:
    """The pages that nobody wrote, by their place below `docs/`."""
    return {
        "labs.md": list_of_labs(open_to_all()),
        "taught.md": list_of_systems(coverage(), {lab.name for lab in open_to_all()}),
        "numbers.md": list_of_numbers(recomputed()),
        "errata.md": list_of_errata(errata()),
        "core/index.md": list_of_chapters(),
        **{f"core/{chapter.name}.md": reference(chapter) for chapter in chapters()},
    }


def settings() -> str:
    """Zensical's, with every folder of `core` in the menu."""
    written = (WRITTEN / "zensical.toml").read_text(encoding="utf-8")
    lines = [f'        {{ "{chapter.name}" = "core/{chapter.name}.md" }},\n' for chapter in chapters()]
    before, after = written.split(HERE)
    return "".join((before, *lines, after))


def list_of_labs(labs: Sequence[Lab]) -> str:
    """The labs by chapter: title, address, picture and promise of each."""
    parts = ["# The labs", f"{len(labs)} labs. Behind each title stands the end of its address on your server."]
    for chapter, found in groupby(labs, lambda lab: lab.chapter):
        parts += [f"## {chapter}", *(_card(lab) for lab in found)]
    return "\n\n".join(parts) + "\n"


def _card(lab: Lab) -> str:
    pictures = [
        f"![{lab.title}](pictures/{lab.picture(theme).name}#only-{theme})"
        for theme in THEMES
        if lab.picture(theme).exists()
    ]
    heading = f"### {plain(lab.title)} `/{lab.name}` {{ #{lab.name} }}"
    return f"{heading}\n\n{''.join(pictures)}\n\n{plain(lab.promise)}"


def list_of_errata(found: Sequence[Erratum]) -> str:
    """Where the lectures are wrong, what is right, and why."""
    figures = [each for each in found if each.is_figure]
    statements = [each for each in found if not each.is_figure]
    return "\n\n".join(
        (
            "# Errata of the lectures",
            f"{len(figures)} figures and {len(statements)} statements need a correction. A test recomputes the figures "
            "at every change. The lab *Errata of the lectures* has the same list, with the code.",
            "## Figures",
            *map(_correction, figures),
            "## Statements",
            *map(_correction, statements),
            "",
        )
    )


def _correction(erratum: Erratum) -> str:
    lectures = f"Lecture{'s' if len(erratum.lectures) > 1 else ''} {', '.join(erratum.lectures)}"
    return (
        f"### {erratum.id}: {plain(erratum.quantity)} {{ #{erratum.id} }}\n\n{lectures}: {plain(erratum.stated)}\n\n"
        f"Right is: **{plain(erratum.correct)}**\n\n{plain(erratum.reason)}"
    )


def chapters() -> list[Path]:
    """The folders of `core`, by name."""
    return sorted(path.parent for path in CODE.glob("*/__init__.py"))


def list_of_chapters() -> str:
    """Every folder of `core` with what its docstring says."""
    parts = ["# The reference: core", _said(CODE), "What a lab shows is computed here. Examples are run as tests."]
    lines = [f"- [{chapter.name}]({chapter.name}.md): {_said(chapter)}" for chapter in chapters()]
    return "\n\n".join((*parts, "\n".join(lines), ""))


def _said(folder: Path) -> str:
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    return plain((ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " "))


def reference(chapter: Path) -> str:
    """A folder of `core`: a line for each of its modules, which mkdocstrings fills from the code."""
    return "\n\n".join((f"# core.{chapter.name}", _said(chapter), *(f"::: {name}" for name in _modules(chapter)), ""))


def _modules(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if path.stem != "__init__":
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts)


if __name__ == "__main__":
    print(build(ROOT / "build") / "index.html")  # noqa: T201 - what the command was asked for
