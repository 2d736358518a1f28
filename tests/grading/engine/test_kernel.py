"""A kernel's folder is bounded for whoever runs it: root, an ordinary user, and one who may have no namespaces."""

import pytest

from tests.grading.sandbox.helpers import WHO, run

KERNEL = """
import tempfile, time
from dataclasses import replace
from jupyter_client.blocking.client import BlockingKernelClient
from grading.engine.engine import Engine
from grading.engine.environment import Environment
from grading.engine.kernel import PRELOAD
from grading.limits import DEFAULT, MIB

FLOOD = '''
import os
try:
    for n in range(200):
        with open(os.environ["IPYTHONDIR"].rsplit("/", 1)[0] + f"/{n}", "wb", buffering=0) as file:
            file.write(bytes(1 << 20))
except OSError as error:
    print(error.strerror, n)
'''
folder = Path(tempfile.mkdtemp(dir="/var/tmp")) / "c"
ports = {f"{name}_port": n for n, name in enumerate(("shell", "iopub", "stdin", "control", "hb"), 1)}
words = {"transport": "ipc", "ip": str(folder / "s"), "key": "k", "signature_scheme": "hmac-sha256", **ports}
few = replace(DEFAULT, disk_bytes=32 * MIB)
with Engine(Environment(imports=PRELOAD)) as engine:
    kernel = engine.kernel(folder, json.dumps(words), materials=None, limits=few)
    client = BlockingKernelClient(**{**words, "key": b"k"})
    client.session.key = b"k"
    client.start_channels()
    client.wait_for_ready(timeout=90)
    said = []
    client.execute(FLOOD)
    end = time.monotonic() + 90
    while time.monotonic() < end and not kernel.ended() and not said:
        try:
            message = client.get_iopub_msg(timeout=0.2)
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])
        except Exception:
            pass
    show(private="private root" in engine.zygote().layers.names, memory=folder.is_symlink(), ended=kernel.ended(),
         said="".join(said))
    client.stop_channels()
    kernel.kill()
from grading.engine import folders
folders.remove(folder.parent)
"""


@pytest.mark.parametrize("who", WHO)
def test_the_folder_of_its_sockets_holds_but_little(who: str) -> None:
    said = run(KERNEL, who=who, prepare=False)
    if said["memory"]:
        words, count = said["said"].strip().rsplit(" ", 1)
        assert (words, int(count) < 10, said["ended"]) == ("No space left on device", True, False)
    else:
        assert said["ended"], "the watch ended it"
    assert said["memory"] == said["private"]
