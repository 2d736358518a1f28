"""The house plan: who may import whom, how long a page may be, what a page must give its widgets and pictures."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "core",
    "syllabus",
    "classroom",
    "grading",
    "assignments",
    "pages",
    "docs",
    "benchmarks",
    "tests",
    "app",
    "fovea",
)
MAY_IMPORT = {
    "core": {"core"},
    "syllabus": {"syllabus", "core"},
    "classroom": {"classroom", "grading", "syllabus"},
    "grading": {"grading"},
    "assignments": {"assignments", "grading", "core"},
    "pages": {"pages", "core", "syllabus", "classroom", "grading"},
    "docs": {"docs", "pages", "syllabus"},
}
LABS = sorted(path for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__")
WIDGETS = {
    "slider", "select_slider", "selectbox", "radio", "toggle", "checkbox", "number_input", "text_input", "text_area",
    "multiselect", "segmented_control", "pills", "color_picker",
}  # fmt: skip
HEAVY = {"torch", "torchvision", "sklearn", "scipy"}
PICTURES = {"image", "plotly_chart", "pyplot"}


def sources(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def calls(path: Path) -> Iterator[tuple[str, set[str], int]]:
    """Every `st.something(...)`: its name, its keyword arguments, its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, {keyword.arg for keyword in node.keywords if keyword.arg}, node.lineno


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_arrows_run_as_planned(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources(room)
        for name in imports(path)
        if name.split(".")[0] in ROOMS and name.split(".")[0] not in MAY_IMPORT[room]
    ]
    assert wrong == []


def test_nobody_imports_a_page() -> None:
    pages = {f"pages.{lab.stem}" for lab in LABS}
    assert [path for room in MAY_IMPORT for path in sources(room) if pages & set(imports(path))] == []


def test_ray_is_optional_and_known_in_few_places() -> None:
    """Whoever sets no FOVEA_RAY_ADDRESS needs no Ray: it is imported inside functions, and in these files only."""
    paths = [*(path for room in MAY_IMPORT for path in sources(room)), ROOT / "app.py", ROOT / "fovea.py"]
    know = {path for path in paths if "ray" in {name.split(".")[0] for name in imports(path)}}
    assert {str(path.relative_to(ROOT)) for path in know} == {"grading/cluster/on_ray.py", "core/runtime/on_serve.py"}
    assert [path for path in know if "ray" in {name.split(".")[0] for name in at_top(path)}] == []


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)
def test_a_lab_stays_short(lab: Path) -> None:
    assert len(lab.read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)
def test_a_lab_makes_no_cache_at_every_move(lab: Path) -> None:
    """A page's file runs anew each time; what it keeps stands in a module of its parts."""
    assert "@st.cache_" not in lab.read_text(encoding="utf-8")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)
def test_the_state_of_a_lab_is_its_address(lab: Path) -> None:
    loose = [
        f"line {line}: {name}"
        for name, arguments, line in calls(lab)
        if name in WIDGETS and not {"key", "bind"} <= arguments
    ]
    assert loose == []


@pytest.mark.parametrize("path", sources("pages"), ids=lambda path: path.stem)
def test_every_picture_can_be_heard(path: Path) -> None:
    silent = [
        f"line {line}: {name}" for name, arguments, line in calls(path) if name in PICTURES and "alt" not in arguments
    ]
    assert silent == []


@pytest.mark.parametrize(
    "module",
    [
        "app",
        "pages._kit.lab",
        "pages._kit.home",
        "fovea",
        "syllabus.errata",
        "syllabus.questions",
        "syllabus.written",
        "syllabus.plans",
        "syllabus.pictures",
    ],
)
def test_importing_it_leaves_torch_and_scikit_learn_alone(module: str) -> None:
    code = f"import {module}, sys; print(sorted({{'torch', 'sklearn', 'scipy'}} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip().splitlines()[-1] == "[]"


def at_top(path: Path) -> set[str]:
    """The modules that importing a file imports at once; what stands in functions or under an `if` waits."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_torch_waits_until_a_function_needs_it() -> None:
    """A file that cannot do without (it defines a module of torch's) is itself imported inside functions only."""
    paths = [path for room in ("core", "pages", "syllabus") for path in sources(room)]
    taken = {str(path.relative_to(ROOT).with_suffix("")).replace("/", "."): at_top(path) for path in paths}
    heavy = {name for name, others in taken.items() if {other.split(".")[0] for other in others} & HEAVY}
    assert all(name.startswith("core.") for name in heavy)
    assert [f"{name} imports {other}" for name in taken.keys() - heavy for other in taken[name] & heavy] == []


def test_the_locks_pin_every_package_with_a_hash_and_name_no_host() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        blocks = re.findall(r"^[\w.\[\]-]+==.*(?:\n    .*)*", text, re.MULTILINE)
        assert blocks, lock
        assert [block for block in blocks if "--hash=sha256:" not in block] == [], lock
        assert "://" not in text, lock


def test_the_locks_hold_torch_and_torchvision_as_one_pair() -> None:
    text = (ROOT / "locks/app.txt").read_text(encoding="utf-8")
    assert "torch==2.13.0" in text
    assert "torchvision==0.28.0" in text


def test_tests_run_coroutines_beside_the_loop_of_a_browser() -> None:
    """Playwright's loop may run in this thread; there asyncio.run fails, `benchmarks.websocket.to_the_end` works."""
    wrong = [
        f"{path.relative_to(ROOT)}, line {line}"
        for path in sources("tests")
        if "hostile" not in path.parts
        for name, _, line in calls(path)
        if name == "run" and re.search(r"\basyncio\.run\(", path.read_text(encoding="utf-8").splitlines()[line - 1])
    ]
    assert wrong == []
