"""A browser that got the page while there was room, and no place: it asks for the page anew and reads why.

Left alone, Streamlit's script shows grey bars and knocks again and again. Told where to sign in it goes there, so it is
told the address where it is.
"""

import asyncio
from contextlib import suppress

from starlette.types import Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PROTOCOL = "streamlit"
HERE = ""  # as a browser reads an address: the one where it is, without what follows a #
PATIENCE = 10.0  # seconds for it to leave


def has_nothing_yet(scope: Scope) -> bool:
    """Whether it comes for the first time: who comes back names a third word, the session, and shows what they had."""
    said = scope.get("subprotocols", [])
    return len(said) == 2 and said[0] == PROTOCOL


async def send_back(receive: Receive, send: Send) -> None:
    """Say where to go, and wait until it has gone."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    told = ForwardMsg()
    told.auth_redirect.url = HERE
    await send({"type": "websocket.send", "bytes": told.SerializeToString()})
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (await receive())["type"] != "websocket.disconnect":
                pass
            return
    await send({"type": "websocket.close", "code": 1013, "reason": "try again later"})
