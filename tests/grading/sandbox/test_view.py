"""What may be seen by default: the interpreter with all its packages, and never our own folder."""

import sys
from pathlib import Path

import pytest

from grading.sandbox import view
from grading.sandbox.view import View, default_view
from tests.grading.sandbox.helpers import HOME, NAMESPACED, run


def test_shows_the_interpreter_and_the_system() -> None:
    readable = default_view().readable
    assert Path("/usr") in readable
    for needed in (sys.prefix, sys.base_prefix, *(path for path in sys.path if path.endswith("-packages"))):
        assert any(Path(needed).resolve().is_relative_to(path.resolve()) for path in readable), needed


def test_shows_neither_our_folder_nor_one_around_it() -> None:
    shown = default_view()
    uncovered = [
        path
        for path in shown.readable
        if HOME.is_relative_to(path.resolve()) and not any(HOME.is_relative_to(hidden) for hidden in shown.hidden)
    ]
    assert uncovered == []


@pytest.mark.parametrize("who", NAMESPACED)
def test_a_jailed_process_imports_packages_and_not_us(who: str) -> None:
    said = run(
        f"""
        def act():
            import importlib, importlib.util
            sys.path = [path for path in sys.path if path and path != {str(HOME)!r}]
            sys.path_importer_cache.clear()
            for name in [name for name in sys.modules if name.split(".")[0] == "grading"]:
                del sys.modules[name]
            found = {{}}
            for name in ("numpy", "IPython", "core", "grading", "pages"):
                try:
                    found[name] = importlib.util.find_spec(name) is not None
                except (ImportError, OSError):
                    found[name] = False
                if found[name]:
                    try:
                        importlib.import_module(name)
                    except ImportError:
                        found[name] = False
            return found
        show(**inside(act))
        """,
        who=who,
    )
    assert said["returned"] == {"numpy": True, "IPython": True, "core": False, "grading": False, "pages": False}


class Installed:
    """A made-up installation, looked at by the module under test."""

    def __init__(self, patch: pytest.MonkeyPatch, *, ours: Path, prefix: Path, packages: Path) -> None:
        for folder in (ours / "grading", prefix / "bin", packages):
            folder.mkdir(parents=True, exist_ok=True)
        patch.setattr(view, "_HERE", ours)
        for name in ("prefix", "base_prefix", "exec_prefix", "base_exec_prefix"):
            patch.setattr(sys, name, str(prefix))
        patch.setattr(sys, "path", [str(packages)])
        self.view: View = default_view.__wrapped__()

    def sees(self, path: Path) -> bool:
        """By the innermost folder that the view names."""
        named = {**dict.fromkeys(self.view.readable, True), **dict.fromkeys(self.view.hidden, False)}
        around = [folder for folder in (path, *path.parents) if folder in named]
        return bool(around) and named[around[0]]


def test_a_virtual_environment_inside_our_folder_is_seen_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = tmp_path / "fovea"
    packages = ours / ".venv/lib/python3/site-packages"
    installed = Installed(monkeypatch, ours=ours, prefix=ours / ".venv", packages=packages)
    assert installed.sees(packages / "numpy")
    assert not installed.sees(ours / "grading")
    assert not installed.sees(ours / "course/gradebook.db")


def test_a_virtual_environment_that_is_our_folder_shows_only_its_own_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "fovea"
    packages = ours / "lib/python3/site-packages"
    installed = Installed(monkeypatch, ours=ours, prefix=ours, packages=packages)
    assert installed.sees(packages / "numpy")
    assert installed.sees(ours / "bin/python")
    assert not installed.sees(ours / "grading")
    assert not installed.sees(ours / "gradebook.db")


def test_our_packages_are_hidden_among_the_installed_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "venv/lib/python3/site-packages"
    for name in ("core", "pages", "numpy"):
        (packages / name).mkdir(parents=True)
    (packages / "app.py").touch()
    written = packages / "fovea-1.0.dist-info"  # as an installer leaves it
    written.mkdir()
    (written / "METADATA").write_text("Name: fovea\nVersion: 1.0\n", encoding="utf-8")
    (written / "top_level.txt").write_text("app\ncore\ngrading\npages\n", encoding="utf-8")
    installed = Installed(monkeypatch, ours=packages, prefix=tmp_path / "venv", packages=packages)
    assert installed.sees(packages / "numpy")
    for name in ("grading", "core", "pages", "app.py"):
        assert not installed.sees(packages / name), name


def test_our_folder_below_a_system_folder_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "_SYSTEM", (str(tmp_path / "usr"),))
    ours, prefix = tmp_path / "usr/src/fovea", tmp_path / "opt/venv"
    installed = Installed(monkeypatch, ours=ours, prefix=prefix, packages=prefix / "lib/site-packages")
    assert installed.sees(tmp_path / "usr/lib")
    assert not installed.sees(ours / "grading")


def test_what_is_hidden_is_hidden_under_every_name(tmp_path: Path) -> None:
    real, alias = tmp_path / "real", tmp_path / "alias"
    (real / "venv/secret").mkdir(parents=True)
    alias.symlink_to(real)
    shown = View(readable=(alias / "venv",), hidden=(real / "venv/secret",))
    assert set(shown.hidden_by_any_name()) == {real / "venv/secret", alias / "venv/secret"}
