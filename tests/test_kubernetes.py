"""The manifests for Kubernetes, without a cluster: the schemas take them, and what they name is there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_validate import ValidationError, latest_version, validate

import fovea
from grading.configuration import NAMES, checked
from grading.errors import GradingError
from pages._kit import server

ROOT = Path(__file__).resolve().parents[1]
FILE, IMAGE = ((ROOT / name).read_text(encoding="utf-8") for name in ("deploy/kubernetes.yaml", "Dockerfile"))
BY_NAME: dict[str, dict[str, Any]] = {
    f"{one['kind']} {one['metadata']['name']}": one for one in yaml.safe_load_all(FILE)
}
PODS = {name: one["spec"]["template"] for name, one in BY_NAME.items() if "template" in one.get("spec", ())}
SERVICES = {name: one["spec"] for name, one in BY_NAME.items() if name.startswith("Service ")}
OURS = [name for name in PODS if "fovea:" in PODS[name]["spec"]["containers"][0]["image"]]
PROXY = BY_NAME["ConfigMap fovea-proxy"]["data"]["Caddyfile"]
APP = "StatefulSet fovea-app"


def container(name: str) -> dict[str, Any]:
    (one,) = PODS[name]["spec"]["containers"]
    return one


def probes(name: str) -> Iterator[dict[str, Any]]:
    yield from (one for key, one in container(name).items() if key.endswith("Probe"))


def test_its_names_are_its_own() -> None:
    assert len(BY_NAME) == FILE.count("\n---\n") + 1


@pytest.mark.parametrize("name", BY_NAME)
def test_the_schemas_take_it(name: str) -> None:
    validate(BY_NAME[name], latest_version(), strict=True)


def test_the_schemas_know_a_misspelt_field() -> None:
    wrong = {**BY_NAME["NetworkPolicy fovea-app"], "spec": {"podSelektor": {}}}
    with pytest.raises(ValidationError, match="podSelektor"):
        validate(wrong, latest_version(), strict=True)


@pytest.mark.parametrize("name", OURS)
def test_the_commands_are_ours(name: str) -> None:
    asked = [container(name)["args"], *(one["exec"]["command"] for one in probes(name) if "exec" in one)]
    for program, *words in asked:
        assert program == ".venv/bin/fovea"
        fovea._parser().parse_args(words)


@pytest.mark.parametrize("name", OURS)
def test_the_settings_are_ours(name: str) -> None:
    said, pod = BY_NAME["ConfigMap fovea"]["data"], PODS[name]["spec"]
    assert {one for one in said if one.startswith("FOVEA_")} <= set(NAMES)
    assert int(said["FOVEA_DRAIN"]) < pod["terminationGracePeriodSeconds"]
    assert container(name)["envFrom"] == [{"configMapRef": {"name": "fovea"}}, {"secretRef": {"name": "fovea"}}]
    assert pod["enableServiceLinks"] is False


def test_what_kubernetes_says_of_a_service_would_be_refused() -> None:
    name = BY_NAME["Service fovea-proxy"]["metadata"]["name"].upper().replace("-", "_") + "_PORT"
    with pytest.raises(GradingError, match=name):
        checked({name: "tcp://10.0.0.1:80"})


def test_probes_ask_addresses_of_the_app_at_the_port_of_the_image() -> None:
    known = {route.path for route in server.routes()}
    asked = {key: one["httpGet"] for key, one in container(APP).items() if key.endswith("Probe")}
    assert {one["path"] for one in asked.values()} <= known
    assert asked["readinessProbe"]["path"] == "/api/ready"
    assert asked["livenessProbe"]["path"] == "/api/health"  # an app that drains is not ready, and must not be killed
    ports = {one["name"]: one["containerPort"] for one in container(APP)["ports"]}
    assert {ports[one["port"]] for one in asked.values()} == {int(re.findall(r"^EXPOSE (\d+)", IMAGE, re.M)[0])}


def test_the_proxy_knows_every_process_and_keeps_a_browser_at_one() -> None:
    spec = BY_NAME[APP]["spec"]
    (port,) = SERVICES[f"Service {spec['serviceName']}"]["ports"]
    names = [f"fovea-app-{number}.{spec['serviceName']}:{port['port']}" for number in range(spec["replicas"])]
    assert re.findall(r"reverse_proxy (.*) {", PROXY)[0].split() == names
    elsewhere = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    rules = {line.strip() for line in elsewhere.splitlines() if line.startswith("\t\t")}
    assert rules <= {line.strip() for line in PROXY.splitlines()}


def test_from_the_ingress_to_the_app_every_name_leads_on() -> None:
    (rule,) = BY_NAME["Ingress fovea"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    to = SERVICES[f"Service {path['backend']['service']['name']}"]
    assert path["backend"]["service"]["port"]["name"] in {one["name"] for one in to["ports"]}
    (listening,) = container("Deployment fovea-proxy")["ports"]
    assert PROXY.startswith(f":{listening['containerPort']} {{")
    assert [one["targetPort"] for one in to["ports"]] == [listening["name"]]
    policy = BY_NAME["NetworkPolicy fovea-app"]["spec"]
    selected = [one["selector"] for one in SERVICES.values()] + [policy["podSelector"]["matchLabels"]]
    selected += [origin["podSelector"]["matchLabels"] for one in policy["ingress"] for origin in one["from"]]
    selected += [BY_NAME[name]["spec"]["selector"]["matchLabels"] for name in PODS]
    labels = [pod["metadata"]["labels"] for pod in PODS.values()]
    assert all(one in labels for one in selected)
    assert BY_NAME["Ingress fovea"]["spec"]["tls"][0]["hosts"] == [rule["host"]]


@pytest.mark.parametrize("name", PODS)
def test_what_kubernetes_calls_restricted_takes_it(name: str) -> None:
    pod, rights = PODS[name]["spec"]["securityContext"], container(name)["securityContext"]
    assert pod["runAsNonRoot"]
    assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    assert rights["allowPrivilegeEscalation"] is False
    assert rights["capabilities"]["drop"] == ["ALL"]
    assert {*rights["capabilities"].get("add", ())} <= ({"NET_BIND_SERVICE"} if name not in OURS else set())
    assert f"--uid {pod['runAsUser']} " in IMAGE


@pytest.mark.skipif(shutil.which("caddy") is None, reason="there is no Caddy here")
def test_the_proxy_understands_its_file(tmp_path: Path) -> None:
    file = tmp_path / "Caddyfile"
    file.write_text(PROXY, encoding="utf-8")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
