"""A server on this machine that gives one file to whoever asks: weights without a network."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch
from torchvision import models


@contextmanager
def shelf(name: str) -> Iterator[str]:
    """The address of weights for a net of torchvision, as they come from its dice."""
    held = io.BytesIO()
    torch.save(models.get_model(name, weights=None, weights_backbone=None).state_dict(), held)

    class Shelf(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(held.tell()))
            self.end_headers()
            self.wfile.write(held.getvalue())

        def log_message(self, *said: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/weights.pth"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
