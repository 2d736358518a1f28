"""The models as a deployment of Ray Serve's, which starts more processes with them while many ask; and long work."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from core.errors import LimitError
from core.runtime import shared, tasks_elsewhere, tasks_on_serve
from core.runtime.elsewhere import PATH, PORT
from core.runtime.replica import answered
from core.runtime.wire import MOST

NAME = "fovea-models"
AT_ONCE = 32  # questions that one process takes; they wait for each other in its merger
ROOM = 4 * MOST  # bytes of all of them
# What torch and our models raise where a question does not fit: the asker gets it from a pass at home.
UNFIT = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RuntimeError)


class Models:
    """One process with models."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE)
        self._held = 0  # bytes of questions

    async def __call__(self, request: Any) -> Any:
        """Numbers in, numbers out; asked for nothing, it says what it has done."""
        from starlette.responses import JSONResponse, PlainTextResponse, Response

        if request.method == "GET":
            return JSONResponse(asdict(shared.load()))
        body = bytearray()
        try:
            await self._read(request, body)
            said = await asyncio.get_running_loop().run_in_executor(self._threads, answered, bytes(body))
        except UNFIT as problem:
            return PlainTextResponse(str(problem), status_code=400)
        finally:
            self._held -= len(body)
        return Response(said, media_type="application/octet-stream")

    async def _read(self, request: Any, body: bytearray) -> None:
        async for piece in request.stream():
            body += piece
            self._held += len(piece)
            if len(body) > MOST or self._held > ROOM:
                raise LimitError("this question is too large, or there are too many at a time")


def serve_models(
    address: str, *, port: int = PORT, most: int, tasks: int, place: str, processors: float, graphics: float
) -> None:
    """Deploy them on the cluster at an address, and up to `tasks` processes for the work of a place; stay there."""
    import ray
    from ray import serve

    ray.init(address, log_to_driver=False, ignore_reinit_error=True)
    models = serve.deployment(
        name=NAME,
        max_ongoing_requests=AT_ONCE,
        autoscaling_config={"min_replicas": 1, "max_replicas": most, "target_ongoing_requests": AT_ONCE // 4},
        ray_actor_options={"num_cpus": processors, "num_gpus": graphics},
    )(Models)
    serve.start(http_options={"host": "0.0.0.0", "port": port})  # noqa: S104 - other machines ask
    try:
        with suppress(KeyboardInterrupt, SystemExit):  # Ray makes the latter of SIGTERM
            serve.run(models.bind(), name=NAME, route_prefix=PATH, blocking=not tasks)
            if tasks:
                work = _long_work(serve.deployment, tasks)
                serve.run(work.bind(place), name=tasks_on_serve.NAME, route_prefix=tasks_elsewhere.PATH, blocking=True)
    finally:
        serve.shutdown()  # what Serve has started outlives us otherwise


def _long_work(deployment: Any, most: int) -> Any:
    return deployment(
        name=tasks_on_serve.NAME,
        max_ongoing_requests=1,
        autoscaling_config={
            "min_replicas": 1,
            "max_replicas": most,
            "target_ongoing_requests": 1,
            "upscale_delay_s": 1,  # whoever asks waits ten seconds, and a process takes some of them to start
        },
        ray_actor_options={"num_cpus": 1},
    )(tasks_on_serve.Tasks)
