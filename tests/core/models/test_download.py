"""Weights from the network, with a server of our own on this machine: what comes, and what is said if nothing does."""

import hashlib
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket

import pytest

from core.errors import CoreError
from core.learning.train import Stopped
from core.models.download import download, torchvision_model

CONTENT = bytes(range(256)) * 4096  # a megabyte
GOOD = f"weights-{hashlib.sha256(CONTENT).hexdigest()[:8]}.pth"


class Shelf(BaseHTTPRequestHandler):
    """Gives what lies on it, half of it under /cut/."""

    files: dict[str, bytes] = {}  # noqa: RUF012 - shared by the requests of one test
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        name = self.path.rpartition("/")[2]
        if name not in self.files:
            self.send_error(404, "Not Found")
            return
        content = self.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if "/cut/" in self.path else content)

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Shelf.files, Shelf.asked = {GOOD: CONTENT, "weights-deadbeef.pth": CONTENT, "unchecked.pth": CONTENT}, 0
    running = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


def test_brings_a_file_with_progress_and_keeps_it(server: str, tmp_path: Path) -> None:
    told = []
    path = download(f"{server}/{GOOD}", tmp_path, progress=lambda done, what: told.append((done, what)))
    assert path.read_bytes() == CONTENT
    shares = [done for done, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert len(shares) > 3
    assert "1.0 of 1.0 MB" in told[-1][1]
    assert download(f"{server}/{GOOD}", tmp_path) == path
    assert Shelf.asked == 1  # the second time nobody was asked


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("weights-deadbeef.pth", "its hash differs"),
        ("missing.pth", "404 Not Found"),
        (f"cut/{GOOD}", "was cut after 0.5 MB"),
    ],
)
def test_keeps_nothing_that_is_not_whole(server: str, tmp_path: Path, place: str, says: str) -> None:
    with pytest.raises(CoreError, match=says):
        download(f"{server}/{place}", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_says_when_there_is_no_way_there(tmp_path: Path) -> None:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(
        CoreError, match=r"127\.0\.0\.1 cannot be reached\. The built-in models need no network"
    ) as told:
        download(f"http://127.0.0.1:{port}/{GOOD}", tmp_path)
    assert isinstance(told.value.__cause__, OSError), "what the system says of it is kept, for who looks into it"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://host/a.pth", "https://", "weights.pth", ""])
def test_asks_only_for_addresses_of_the_web(tmp_path: Path, address: str) -> None:
    with pytest.raises(CoreError, match="begins with https"):
        download(address, tmp_path)


def test_stops_when_told_to_and_leaves_nothing(server: str, tmp_path: Path) -> None:
    def enough(done: float, what: str) -> None:
        if done > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        download(f"{server}/unchecked.pth", tmp_path, progress=enough)
    assert list(tmp_path.iterdir()) == []


def test_loads_a_model_of_torchvision(server: str, tmp_path: Path) -> None:
    import torch
    from torchvision.models import squeezenet1_1

    kept = squeezenet1_1(weights=None)
    torch.save(kept.state_dict(), content := io.BytesIO())
    name = f"squeezenet-{hashlib.sha256(content.getvalue()).hexdigest()[:8]}.pth"
    Shelf.files[name] = content.getvalue()
    model = torchvision_model("squeezenet1_1", address=f"{server}/{name}", folder=tmp_path)
    assert not model.training
    for ours, theirs in zip(model.parameters(), kept.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_refuses_weights_of_something_else(server: str, tmp_path: Path) -> None:
    with pytest.raises(CoreError, match=r"unchecked\.pth does not hold the weights of squeezenet1_1"):
        torchvision_model("squeezenet1_1", address=f"{server}/unchecked.pth", folder=tmp_path)
    with pytest.raises(CoreError, match="no model 'squeeze'"):
        torchvision_model("squeeze", folder=tmp_path)
