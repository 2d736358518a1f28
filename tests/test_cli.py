"""The command line: it prints what the library says, and one sentence when it cannot."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest

from fovea import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        pytest.param("vgg16", 138_357_544, id="N87-vgg16"),
        pytest.param("vgg19", 143_667_240, id="N91-vgg19"),
        pytest.param("lenet5", 61_706, id="N18-lenet5"),
        pytest.param("LeNet-5", 61_706, id="N18-as-the-lecture-writes-it"),
    ],
)
def test_counts_a_network_of_the_zoo(capsys: pytest.CaptureFixture[str], name: str, parameters: int) -> None:
    counted = json.loads(printed(capsys, "net", name, "--json"))
    assert counted["parameters"] == parameters
    assert sum(layer["parameters"] for layer in counted["layers"]) == parameters
    assert {"layers", "parameters", "macs", "activations"} <= set(counted)
    assert {"name", "kind", "output", "parameters", "macs", "receptive_field"} <= set(counted["layers"][0])


def test_counts_a_layer_table_from_a_file_at_another_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.txt"
    file.write_text("input 1x28x28\nconv 64 3\nrelu\nflatten\ndense 10\n")
    assert json.loads(printed(capsys, "net", str(file), "--json"))["parameters"] == 433_290  # N29
    counted = json.loads(printed(capsys, "net", str(file), "--input", "3x28x28", "--json"))
    assert counted["layers"][0]["parameters"] == 64 * (27 + 1)


def test_counts_the_code_of_a_network_without_running_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, trap = tmp_path / "net.py", tmp_path / "trap"
    code = "from torch import nn\nmodel = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())\n"
    file.write_text(code)
    assert json.loads(printed(capsys, "net", str(file), "--input", "3x8x8", "--json"))["parameters"] == 4 * 28
    file.write_text(f"{code}# input 3x9x9\n")
    assert json.loads(printed(capsys, "net", str(file), "--json"))["layers"][0]["output"] == [4, 7, 7]
    file.write_text(f"open({str(trap)!r}, 'w')\n{code}")
    assert main(["net", str(file), "--input", "3x8x8"]) in (0, 2)
    assert not trap.exists()


def test_prints_a_table_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert "61,706" in printed(capsys, "net", "lenet5")


def test_lists_the_zoo(capsys: pytest.CaptureFixture[str]) -> None:
    assert {"vgg16", "vgg19", "lenet5"} <= set(printed(capsys, "net", "--list").split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["net", "vgg61"], "vgg16", id="misspelt"),
        pytest.param(["net", "lenet5", "--input", "big"], "input", id="input"),
        pytest.param(["net", "lenet5", "--input", "1x9999999x9999999"], "at most", id="absurd"),
        pytest.param(["net", "lenet5", "--input", "1x4x4"], "conv1", id="too small"),
    ],
)
def test_says_in_one_sentence_what_would_fit(capsys: pytest.CaptureFixture[str], arguments, says: str) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.strip().splitlines()) == 1


def test_recomputes_the_numbers_of_the_lectures(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(printed(capsys, "numbers", "--json"))
    assert {"id", "stated", "ours", "verdict", "reason"} <= set(rows[0])
    assert {row["verdict"] for row in rows} >= {"agrees", "lecture is wrong"}
    assert {row["status"] for row in rows} >= {"recomputed", "nothing to compute"}
    assert "N100  lecture is wrong" in printed(capsys, "numbers")


def test_says_what_covers_the_syllabus(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(printed(capsys, "syllabus", "--json"))
    assert {row["status"] for row in rows} == {"covered"}
    assert f"of {len(rows)} systems covered" in printed(capsys, "syllabus")


def test_explains_itself_to_who_types_its_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 0
    assert "serve the labs and the course" in capsys.readouterr().out


def test_serves_the_course_that_is_named_from_wherever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", lambda *_: sys.exit(os.environ["FOVEA_COURSE"]))
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    (tmp_path / "mine").mkdir()
    with pytest.raises(SystemExit, match=f"^{tmp_path / 'mine'}$"):
        main(["app", "--port", "0", "--course", "mine"])
    assert main(["app", "--port", "0", "--course", "yours"]) == 2
    assert 'no course folder "yours"' in capsys.readouterr().err


def test_says_so_when_its_port_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        assert main(["app", "--port", str(other.getsockname()[1])]) == 2
    assert "choose another with --port" in capsys.readouterr().err


def test_judges_detections_as_coco_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = {"image_id": 1, "category_id": 3, "bbox": [0, 0, 40, 20]}
    truth, answers = tmp_path / "truth.json", tmp_path / "answers.json"
    classes = [{"id": 3, "name": "cup"}, {"id": 4, "name": "table"}]
    entry = {"id": 1, "area": 800, "iscrowd": 0, **box}
    truth.write_text(json.dumps({"images": [{"id": 1}], "categories": classes, "annotations": [entry]}))
    answers.write_text(json.dumps([{**box, "bbox": [0, 0, 36, 20], "score": 0.5}]))  # it shares nine tenths
    told = json.loads(printed(capsys, "coco", str(truth), str(answers), "--json"))
    assert [name for name in told if name not in ("classes", "confusion")] == (
        ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]
    )
    assert told["AP"] == told["classes"]["cup"]["APs"] == pytest.approx(0.9)
    assert told["classes"]["table"]["AP"] == -1
    assert told["confusion"]["counts"] == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    text = printed(capsys, "coco", str(truth), str(answers))
    assert "cup     0.900" in text
    assert "taken for" not in text
    answers.write_text(json.dumps([{**box, "category_id": 4, "score": 0.5}]))
    assert "cup taken for table: 1" in printed(capsys, "coco", str(truth), str(answers))
    assert "taken for" not in printed(capsys, "coco", str(truth), str(answers), "--confidence", "0.6")
    capsys.readouterr()
    assert main(["coco", str(tmp_path / "nowhere"), str(answers)]) == 2
    assert capsys.readouterr().err == f"fovea: {tmp_path / 'nowhere'}: No such file or directory\n"
