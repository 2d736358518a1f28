"""`make bench`: run the benches one after the other and write benchmarks/RESULTS.md.

python -m benchmarks                  everything, most of an hour
python -m benchmarks slider load      these only; the rows of the others stay as they were measured last
python -m benchmarks --quick          everything in a fraction of the time; prints, writes nothing
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from websockets.exceptions import WebSocketException

from benchmarks import (
    capacity,
    coco,
    counting,
    course,
    embedding,
    front_page,
    grading,
    grading_otter,
    graphs,
    live,
    live_browsers,
    load,
    ray_nodes,
    reruns,
    segmentation,
    sets,
    slider,
    soak,
    start,
    throughput,
)
from benchmarks.browser import chromium
from benchmarks.kept import Kept, document, kept, read, write
from benchmarks.results import LeftOut, Section, machine
from benchmarks.serve import STOCK, STOCK_MEANS

RESULTS = Path(__file__).parent / "RESULTS.md"
KEPT = Path(__file__).parent / "kept"  # what every bench found last
TERMS = {STOCK: STOCK_MEANS}

# A new bench is a file with `measure(*, quick) -> Section`, and a line here. Each starts its servers afresh.
BENCHES: dict[str, Callable[..., Section]] = {
    "start": start.measure,
    "front_page": front_page.measure,
    "slider": slider.measure,
    "reruns": reruns.measure,
    "load": load.measure,
    "capacity": capacity.measure,
    "live": live.measure,
    "live_browsers": live_browsers.measure,
    "grading": grading.measure,
    "otter": grading_otter.measure,
    "sets": sets.measure,
    "course": course.measure,
    "ray": ray_nodes.measure,
    "embedding": embedding.measure,
    "segmentation": segmentation.measure,
    "coco": coco.measure,
    "counting": counting.measure,
    "graphs": graphs.measure,
    "throughput": throughput.measure,
    "throughput_cuda": throughput.measure_cuda,
    "soak": soak.measure,
}
BY_NAME = {"soak"}  # takes an hour, so it runs where somebody asks for it


def main(argv: Sequence[str] | None = None) -> int:
    """Run what was asked for. A missed goal is a result; a bench that could not measure is a failure, and then 1."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "bench", nargs="*", help=f"which ones: {', '.join(BENCHES)}; all if none is named, but {', '.join(BY_NAME)}"
    )
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds, to see that it runs")
    arguments = parser.parse_args(argv)
    if unknown := set(arguments.bench) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers we started end with us

    with chromium() as browser:
        where = machine(browser.version)
    found, failed = list[Kept](), 0
    for name in arguments.bench or [name for name in BENCHES if name not in BY_NAME]:
        began = time.perf_counter()
        print(f"{name} ...", end=" ", flush=True)
        try:
            section = BENCHES[name](quick=arguments.quick)
        except LeftOut as why:
            print(f"left out: {why}", flush=True)
            continue
        except (RuntimeError, OSError, TimeoutError, WebSocketException) as error:
            failed += 1
            print(f"could not be measured: {error}", flush=True)
            continue
        print(f"{time.perf_counter() - began:.0f} s", flush=True)
        found.append(kept(section, on=datetime.now(UTC).date(), where=where))
        if not arguments.quick:
            write(found[-1], KEPT)
    print(document(found, terms=TERMS))
    if arguments.quick:
        print("RESULTS.md was left alone: these rounds were too short.")
    else:
        RESULTS.write_text(document(read(KEPT, BENCHES), terms=TERMS), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
