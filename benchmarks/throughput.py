"""64 visitors at once ask a built-in detector, merged into common passes beside each with a pass of its own.

The detector of one stage answers in one pass; the one of two stages has a second stage for every picture, which is not
merged. Every visitor is a thread with a picture of 96x96 pixels and asks several times in a row; a value is the time of
64 answers. Passes of their own are what the pages had before: as many at a time as there are visitors. Beside that, one
after the other on one core, and on all cores, which no page can have but which is the most that passes of one picture
reach, and full passes without anybody who waits. "Whole" is what a page shows: with the boxes read from the scores. All
take turns in one process, each pass computes on one core, and the ratio is that of the medians. Processor time is that
of the whole process. Goals: a third of the time of passes of their own, on a CUDA device a tenth, and there no more
than 1.25 times that of full passes alone.

On a processor a common pass multiplies as much as single ones do. What it saves is the start of a hundred operations,
which costs more than the arithmetic of one small picture, and the crowd of threads that start them all at once.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks.results import Goal, LeftOut, Row, Section, Series
from core.detect.pictures import picture
from core.models import registry
from core.runtime import shared
from core.runtime.device import Device, here, processor
from core.runtime.shared import Kind, Way, passed

VISITORS, ROUNDS, ASKED, LONE = 64, 9, 4, 50
ONE, TWO = "one_stage", "two_stage"
WHOLE = {"64 whole answers, one stage": ONE, "64 whole answers, two stages": TWO}
MERGED, EACH = "merged", "a pass each, all at once"
ONE_CORE, CORES, FULL = "one after the other", "one by one on all cores", "full passes alone"
PEERS = (EACH, ONE_CORE, CORES, FULL)
Ask = Callable[[int], object]  # the number of a picture -> its answer


def measure(*, quick: bool) -> Section:
    """On the processor."""
    return section("throughput", processor(), quick=quick)


def measure_cuda(*, quick: bool) -> Section:
    """On a CUDA device, where there is one."""
    device = here()
    if device.name != "cuda":
        raise LeftOut("there is no CUDA device here")
    return section("throughput_cuda", device, quick=quick)


def section(name: str, device: Device, *, quick: bool) -> Section:
    """All rows on one device; the quick form asks once and takes two rounds."""
    from core.models.segmenters import inputs_of

    images = [picture("test", number).image for number in range(VISITORS)]
    inputs = [inputs_of(image[None]) for image in images]
    kind = Kind(Way(ONE), tuple(inputs[0].shape[1:]), inputs[0].dtype)
    groups = [inputs[first : first + device.rows] for first in range(0, VISITORS, device.rows)]
    together = shared.shared(ONE, device=device)

    def merged(number: int) -> Any:
        return together(inputs[number])

    def alone(number: int) -> Any:
        return passed(device, kind, [inputs[number]])[0]

    times, rounds = (1, 2) if quick else (ASKED, ROUNDS)
    ways = {
        MERGED: partial(crowd, merged, VISITORS, times, VISITORS),
        EACH: partial(crowd, alone, VISITORS, times, VISITORS),
        ONE_CORE: partial(crowd, alone, 1, 1, VISITORS),
        CORES: partial(crowd, alone, device.passes, 1, VISITORS),
        FULL: partial(crowd, lambda number: passed(device, kind, groups[number]), device.passes, 1, len(groups)),
    }
    before = shared.load(device)
    taken = in_turns(ways, rounds)
    after = shared.load(device)
    busy = {name: partial(ways[name], clock=time.process_time) for name in (MERGED, EACH)}
    spent = in_turns(busy, rounds)
    lone = in_turns({MERGED: partial(once, merged), EACH: partial(once, alone)}, 3 if quick else LONE)
    where = "" if device.name == "cpu" else f", {_called()}"
    goals = {EACH: 1 / 3} if device.name == "cpu" else {EACH: 1 / 10, FULL: 1.25}
    rows = [compared(f"64 answers of a detector{where}", taken, each, goals.get(each)) for each in PEERS]
    rows.append(compared(f"Processor time of 64 answers{where}", spent, EACH))
    if device.name == "cpu":
        rows += [of_pages(what, model, device, images, rounds) for what, model in WHOLE.items()]
    rows.append(compared(f"A lone question to a detector{where}", lone, EACH))
    size = (after.asked - before.asked) / (after.batches - before.batches)
    tickets = [shared.enter(kind.way, each, device=device) for each in inputs]
    apart = max(far(ticket.answer(), alone(number)) for number, ticket in enumerate(tickets))
    notes = (
        f"A merged pass had {size:.1f} pictures on average, {device.rows} at most.",
        f"Answers of merged passes and of passes of one picture differ by {apart:.1g} at most.",
    )
    return Section(name, __doc__ or "", tuple(rows), notes)


def of_pages(what: str, model: str, device: Device, images: Sequence[Any], rounds: int) -> Row:
    """Whole answers, as a page shows them: merged, and with a pass of its own for each."""
    known: Any = registry.load(model)
    together = shared.shared(model, merged=["first"], device=device)
    ways = {
        MERGED: partial(crowd, lambda number: answer(model, together, images[number]), VISITORS, 1, VISITORS),
        EACH: partial(crowd, lambda number: answer(model, known, images[number]), VISITORS, 1, VISITORS),
    }
    return compared(what, in_turns(ways, rounds), EACH)


def answer(model: str, module: Any, image: Any) -> object:
    """What one of the two detectors finds in a picture."""
    from core.detect.dense import one_stage
    from core.detect.regions import two_stage

    return one_stage.answer(module, image) if model == ONE else two_stage.found(module, image, details=False)


def crowd(ask: Ask, threads: int, times: int, questions: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds until so many threads have asked all questions, each its share so many times; for one time."""
    ready = threading.Barrier(threads + 1)

    def go(first: int) -> None:
        ready.wait()
        for _ in range(times):
            for number in range(first, questions, threads):
                ask(number)

    running = [threading.Thread(target=go, args=(first,)) for first in range(threads)]
    for thread in running:
        thread.start()
    ready.wait()
    began = clock()
    for thread in running:
        thread.join()
    return 1000 * (clock() - began) / times


def once(ask: Ask) -> float:
    """Milliseconds of one answer when nobody else asks."""
    began = time.perf_counter()
    ask(0)
    return 1000 * (time.perf_counter() - began)


def in_turns(ways: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What every way takes, round by round, after one that does not count."""
    for way in ways.values():
        way()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            found[name].append(way())
    return found


def compared(what: str, taken: Mapping[str, Sequence[float]], peer: str, most: float | None = None) -> Row:
    """Merged passes beside another way."""
    goals = () if most is None else (Goal("ratio", most),)
    return Row(what, Series(tuple(taken[MERGED]), "ms"), peer, Series(tuple(taken[peer]), "ms"), goals)


def far(one: Iterable[Any], other: Iterable[Any]) -> float:
    """How far two answers lie apart at most."""
    return max(float((a - b).abs().max()) for a, b in zip(one, other, strict=True))


def _called() -> str:
    import torch

    return torch.cuda.get_device_name()
