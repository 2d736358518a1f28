"""The models as a deployment of Ray Serve's, which starts more processes with them while many ask."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from core.errors import CoreError
from core.runtime import shared
from core.runtime.elsewhere import PATH, PORT
from core.runtime.replica import MOST, answered

NAME = "fovea-models"
AT_ONCE = 32  # questions that one process takes; they wait for each other in its merger


class Models:
    """One process with models."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE)

    async def __call__(self, request: Any) -> Any:
        """Numbers in, numbers out; asked for nothing, it says what it has done."""
        from starlette.responses import JSONResponse, PlainTextResponse, Response

        if request.method == "GET":
            return JSONResponse(asdict(shared.load()))
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST:
                return PlainTextResponse("This question is too large.", status_code=413)
        try:
            said = await asyncio.get_running_loop().run_in_executor(self._threads, answered, bytes(body))
        except (CoreError, AttributeError, RuntimeError) as problem:  # the last two are torch's, of what does not fit
            return PlainTextResponse(str(problem), status_code=400)
        return Response(said, media_type="application/octet-stream")


def serve_models(address: str, *, port: int = PORT, most: int, processors: float, graphics: float) -> None:
    """Deploy them on the cluster at an address, and stay until interrupted."""
    import ray
    from ray import serve

    ray.init(address, log_to_driver=False, ignore_reinit_error=True)
    deployment = serve.deployment(
        name=NAME,
        max_ongoing_requests=AT_ONCE,
        autoscaling_config={"min_replicas": 1, "max_replicas": most, "target_ongoing_requests": AT_ONCE // 4},
        ray_actor_options={"num_cpus": processors, "num_gpus": graphics},
    )(Models)
    serve.start(http_options={"host": "0.0.0.0", "port": port})  # noqa: S104 - other machines ask
    serve.run(deployment.bind(), name=NAME, route_prefix=PATH, blocking=True)
