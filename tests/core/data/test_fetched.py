"""CIFAR-10 from a server that stands in for the real one: what arrives, and what is said when something goes wrong."""

import hashlib
import io
import pickle
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from core.data.fetched import CIFAR10_CLASSES, cifar10, fetch_cifar10, has_cifar10
from core.errors import CoreError
from core.learning.train import Stopped

EACH = 20  # images of a file


def packed() -> tuple[bytes, dict[str, str]]:
    """An archive of the set's form with few images, and the hash of every file in it."""
    random, hashes, archive = np.random.default_rng(1), {}, io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch", "batches.meta"):
            entry = {
                "data": random.integers(256, size=(EACH, 3072), dtype=np.uint8),
                "labels": [number % 10 for number in range(EACH)],
                "label_names": list(CIFAR10_CLASSES),
            }
            content = pickle.dumps(entry)
            hashes[name] = hashlib.md5(content).hexdigest()
            information = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            information.size = len(content)
            tar.addfile(information, io.BytesIO(content))
    return archive.getvalue(), hashes


class StandIn(BaseHTTPRequestHandler):
    content = b""

    def do_GET(self) -> None:
        if self.path.startswith("/gone"):
            self.send_error(404, "Not Found")
            return
        content = self.content
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.path.startswith("/other"):
            content = b"x" * len(content)
        if self.path.startswith("/cut"):
            content = content[: len(content) // 2]
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), StandIn) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()


@pytest.fixture(scope="module")
def small(server: str):
    """torchvision's class, for an archive of the same form."""
    from torchvision.datasets import CIFAR10

    StandIn.content, hashes = packed()

    own = {
        "url": f"{server}/cifar-10-python.tar.gz",
        "tgz_md5": hashlib.md5(StandIn.content).hexdigest(),
        "train_list": [[name, hashes[name]] for name in sorted(hashes) if name.startswith("data")],
        "test_list": [["test_batch", hashes["test_batch"]]],
        "meta": {"filename": "batches.meta", "key": "label_names", "md5": hashes["batches.meta"]},
    }
    return type("Small", (CIFAR10,), own)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_fetches_once_and_reports_how_far_it_is(small, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    assert not has_cifar10(tmp_path)
    fetch_cifar10(folder=tmp_path, source=small, progress=lambda done, what: told.append((done, what)))
    shares = [done for done, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any("MB" in what for _, what in told)
    assert has_cifar10(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["cifar-10-batches-py"]
    small.url, kept = "http://127.0.0.1:1/nobody-listens", small.url
    fetch_cifar10(folder=tmp_path, source=small)
    small.url = kept
    found = {part: cifar10(part, folder=tmp_path, source=small) for part in ("train", "validation", "test")}
    assert [len(each.labels) for each in found.values()] == [90, 10, 20]
    assert found["test"].classes == CIFAR10_CLASSES
    flat = np.concatenate([each.images.reshape(-1, 3072) for each in found.values()])
    assert len(np.unique(flat, axis=0)) == 120
    assert flat.shape[1] == 3072


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/gone/cifar.tar.gz", "404"),
        ("/other/cifar.tar.gz", "its hash differs"),
        ("/cut/cifar.tar.gz", "was cut"),
    ],
)
def test_says_what_went_wrong_and_keeps_nothing(small, server: str, tmp_path: Path, path: str, says: str) -> None:
    broken = type("Broken", (small,), {"url": server + path})
    with pytest.raises(CoreError, match=says) as error:
        fetch_cifar10(folder=tmp_path, source=broken)
    assert str(error.value).endswith("The sets that are built in need no network.")
    assert not list(tmp_path.iterdir())


def test_says_that_there_is_no_network(small, tmp_path: Path) -> None:
    alone = type("Alone", (small,), {"url": "http://127.0.0.1:1/cifar.tar.gz"})
    with pytest.raises(CoreError, match="cannot be reached"):
        fetch_cifar10(folder=tmp_path, source=alone)
    with pytest.raises(CoreError, match="not been fetched"):
        cifar10("train", folder=tmp_path)


def test_stops_when_asked_and_keeps_nothing(small, tmp_path: Path) -> None:
    def stop(done: float, what: str) -> None:
        if "MB" in what:
            raise Stopped

    with pytest.raises(Stopped):
        fetch_cifar10(folder=tmp_path, source=small, progress=stop)
    assert not list(tmp_path.iterdir())


def test_refuses_a_file_that_somebody_changed(small, tmp_path: Path) -> None:
    fetch_cifar10(folder=tmp_path, source=small)
    (tmp_path / "cifar-10-batches-py" / "test_batch").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(CoreError, match="damaged"):
        cifar10("test", folder=tmp_path, source=small)
