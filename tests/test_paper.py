"""The papers: short, with links that lead somewhere and commands that exist."""

import re
import shlex
from pathlib import Path

import pytest

from docs.build import made
from fovea import _parser

ROOT = Path(__file__).resolve().parents[1]
PAPERS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAPERS += sorted((ROOT / "docs").rglob("*.md"))
MADE = {ROOT / "docs" / name for name in made()}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_links_lead_somewhere(paper: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8"))
    targets = [(paper.parent / link).resolve() for link in links if "://" not in link]
    assert [target for target in targets if not target.exists() and target not in MADE] == []


@pytest.mark.parametrize("paper", [*PAPERS, ROOT / "Dockerfile", ROOT / ".ci/run"], ids=lambda paper: paper.name)
def test_every_make_target_exists(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^ {4}|^RUN |^\$ |^|`)make ([a-z]+)", text, re.MULTILINE))
    assert named <= TARGETS


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_command_of_fovea_is_one(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    for typed in re.findall(r"^(?: {4}|\$ )(?:\w+=\S+ )*(?:\.venv/bin/)?fovea (.*)$", text, re.MULTILINE):
        _parser().parse_args(shlex.split(typed, comments=True))


def test_the_readme_names_what_ci_runs() -> None:
    steps = re.findall(r"^make (\w+)$", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert steps
    assert [step for step in steps if f"make {step}" not in readme] == []


def test_the_dockerfile_sets_up_with_the_makefile_alone() -> None:
    steps = re.findall(r"^RUN (.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [step for step in steps if "pip" in step or "uv " in step] == []
    assert any(step.startswith("make setup") for step in steps)


def test_the_dockerfile_copies_what_exists() -> None:
    lines = re.findall(r"^COPY (?!--from)(.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    copied = [name for line in lines for name in line.split()[:-1]]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_new_lab_of_the_guide_is_the_one_that_is_tested() -> None:
    from tests.pages.test_new_lab import LAB

    assert LAB in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
