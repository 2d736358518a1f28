"""The files for containers, without containers: what they name is there, and each part says how it is."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import fovea
from classroom.signin import settings
from core.runtime.elsewhere import PORT
from grading.configuration import NAMES

ROOT = Path(__file__).resolve().parents[1]


class Loader(yaml.SafeLoader):
    """YAML with the one tag of Compose that we use: a list that stands for another, not beside it."""


Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node))


def services(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader)["services"]
    return found


HOUSE, TRIAL = services("compose.yaml"), services("compose.trial.yaml")
OURS = {name: one for name, one in HOUSE.items() if one.get("image") in ("fovea", "fovea-ray")}
RAY = {name: one for name, one in OURS.items() if ".venv/bin/ray" in one["command"]}


def test_two_processes_of_the_app_stand_behind_the_proxy() -> None:
    proxy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    apps = [name for name, one in HOUSE.items() if "app" in one.get("command", ())]
    assert len(apps) == 2
    assert re.findall(r"(\S+?):8501", proxy.replace("{$APPS:", "")) == apps
    assert set(HOUSE["proxy"]["depends_on"]) == set(apps)
    assert HOUSE["app-a"] == HOUSE["app-b"]


@pytest.mark.parametrize("name", [*HOUSE, "dex"])
def test_every_part_says_how_it_is(name: str) -> None:
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "healthcheck" in {**TRIAL, **HOUSE}[name] or (name in OURS and "HEALTHCHECK" in image)


@pytest.mark.parametrize("name", [name for name, one in OURS.items() if ".venv/bin/fovea" in one["command"]])
def test_the_commands_are_ours(name: str) -> None:
    asked = [OURS[name]["command"], OURS[name].get("healthcheck", {}).get("test", [])[1:]]
    for program, *words in filter(None, asked):
        assert program == ".venv/bin/fovea"
        fovea._parser().parse_args(words)


@pytest.mark.parametrize("name", OURS)
def test_the_settings_are_ours(name: str) -> None:
    said = OURS[name]["environment"]
    assert {one for one in said if one.startswith("FOVEA_")} <= set(NAMES)
    assert int(said["FOVEA_DRAIN"]) < int(OURS[name]["stop_grace_period"].removesuffix("s"))


@pytest.mark.parametrize("name", RAY)
def test_ray_understands_its_commands(name: str) -> None:
    scripts = pytest.importorskip("ray.scripts.scripts", reason="Ray is not installed here")
    _, command, *words = RAY[name]["command"]
    told = scripts.cli.commands[command].make_context(command, list(words)).params
    assert told["block"], "a container ends with its command"
    assert (told["head"], told["num_cpus"]) == ((True, 0) if name == "ray-head" else (False, None))


def test_who_wants_a_cluster_asks_for_it_and_has_a_token() -> None:
    asked = {name: one for name, one in OURS.items() if one["image"] == "fovea-ray"}
    assert set(asked) == {"ray-head", "ray-worker", "ray-grader", "ray-models"}
    for name, one in asked.items():
        assert one["profiles"] == ["models" if name == "ray-models" else "ray"]
        assert one["environment"]["RAY_AUTH_MODE"] == "token"
        assert "ports" not in one, "nobody outside reaches it"
    assert asked["ray-grader"]["environment"]["FOVEA_RAY_ADDRESS"] == "ray://ray-head:10001"
    *_, module, address = asked["ray-models"]["command"]
    assert (module, address) == ("core.runtime", "ray://ray-head:10001")
    assert f"('ray-head', {PORT})" in asked["ray-models"]["healthcheck"]["test"][-1]
    assert "--address=ray-head:6379" in asked["ray-worker"]["command"]
    assert "--port=6379" in asked["ray-head"]["command"]


@pytest.mark.parametrize("one", [*HOUSE.values(), *TRIAL.values()])
def test_the_files_that_are_mounted_are_there(one: dict[str, Any]) -> None:
    for mounted in one.get("volumes", ()):
        source = mounted.split(":")[0]
        assert not source.startswith(".") or (ROOT / source).is_file()


def test_a_trial_is_for_this_machine_and_its_sign_in_fits() -> None:
    assert all(port.startswith("127.0.0.1:") for port in TRIAL["proxy"]["ports"])
    secrets = tomllib.loads((ROOT / "deploy/trial/secrets.toml").read_text(encoding="utf-8"))
    rules = settings.read(secrets)
    assert rules is not None
    assert rules.providers == ("dex",)
    provider = yaml.safe_load((ROOT / "deploy/trial/dex.yaml").read_text(encoding="utf-8"))
    client, ours = provider["staticClients"][0], secrets["auth"]
    assert (client["id"], client["secret"]) == (ours["dex"]["client_id"], ours["dex"]["client_secret"])
    assert client["redirectURIs"] == [ours["redirect_uri"]]
    assert ours["dex"]["server_metadata_url"] == f"{provider['issuer']}/.well-known/openid-configuration"
    assert provider["staticPasswords"][0]["email"] in rules.instructors


@pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no Caddy here")
@pytest.mark.parametrize("name", ["deploy/Caddyfile", "deploy/trial/Caddyfile"])
def test_the_proxy_understands_its_file(name: str) -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(ROOT / name)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
