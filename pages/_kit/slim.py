"""What a first visit costs: two of Streamlit's fonts are half of its bytes, and neither need travel.

The page asks for a typeface before it knows that ours is another, and for an icon font of which we use a tenth. The
addresses of both lead to the small files in static/ instead.
"""

import re

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

INSTEAD = {
    re.compile(r".*/static/media/SourceSansVF-Upright\.[\w.-]+\.woff2"): "../../app/static/inter.woff2",
    re.compile(r".*/static/media/MaterialSymbols-Rounded\.[\w-]+\.woff2"): "../../app/static/icons.woff2",
}


class SlimFonts:
    """Sends whoever asks for a large font to the small one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            for large, small in INSTEAD.items():
                if large.fullmatch(scope["path"]):
                    await RedirectResponse(small, 301)(scope, receive, send)
                    return
        await self.app(scope, receive, send)
