"""The command line: a thin skin over the library. Every subcommand parses, calls one function, prints its answer."""

import argparse
import errno
import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import classroom.keeping.cli
import grading.cli
from grading import configuration
from grading.companion import GRADER
from grading.errors import GradingError

if TYPE_CHECKING:
    from classroom.office import Office
    from grading.course import Course

WHAT = (
    "Labs for deep visual recognition, and a course that is graded by itself. `fovea app` serves both; "
    "`fovea COMMAND --help` tells more of a command."
)
ROOT = Path(__file__).resolve().parent


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 when it worked, 1 when what it looked at is wrong, 2 when it was called wrongly."""
    from classroom.errors import ClassroomError
    from core.errors import CoreError

    said = sys.argv[1:] if argv is None else argv
    arguments = _parser().parse_args(said or ["--help"])
    try:
        configuration.checked(os.environ)
        return int(arguments.run(arguments))
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the last flush has somewhere to go
        return 0
    except (ClassroomError, CoreError, GradingError) as error:
        print(f"fovea: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        told = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        print(f"fovea: {told}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fovea", description=WHAT)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    app = commands.add_parser("app", help="serve the labs and the course")
    app.add_argument("--port", type=int, default=8501)
    app.add_argument("--address", default="localhost", help="0.0.0.0 lets other machines in")
    app.add_argument("--course", type=Path, help="the course's folder (FOVEA_COURSE, or assignments)")
    app.add_argument("--no-grader", action="store_true", help="do not grade: `fovea grader` runs elsewhere")
    app.set_defaults(run=_app)

    demo = commands.add_parser("demo", help="a course with made-up people, to try everything on and to throw away")
    demo.add_argument("--port", type=int, default=8502)
    demo.add_argument("--address", default="127.0.0.1", help="another name than the app's: cookies go by name")
    demo.add_argument("--forget", action="store_true", help="throw it away")
    demo.set_defaults(run=_demo)

    net = commands.add_parser("net", help="count a network: shapes, parameters, operations, receptive fields")
    net.add_argument(
        "network",
        help="a name from the zoo (--list), or a file with a layer table or Sequential code",
        nargs="?",
    )
    net.add_argument("--input", help="input size, such as 3x224x224")
    net.add_argument("--list", action="store_true", help="the networks of the zoo")
    net.add_argument("--json", action="store_true")
    net.set_defaults(run=_net, parser=net)

    numbers = commands.add_parser("numbers", help="recompute every number of the lectures")
    numbers.add_argument("--json", action="store_true")
    numbers.set_defaults(run=_numbers)

    taught = commands.add_parser("syllabus", help="what is taught, and where it is covered")
    taught.add_argument("--json", action="store_true")
    taught.set_defaults(run=_syllabus)

    models = commands.add_parser("models", help="the built-in models: load each, and measure its score again")
    models.add_argument("--json", action="store_true")
    models.set_defaults(run=_models)

    coco = commands.add_parser(
        "coco", help="judge detections as COCO does: its twelve numbers, every class, what was taken for what"
    )
    coco.add_argument("truth", type=Path, help="what is true: a COCO file with images, annotations and categories")
    coco.add_argument("answers", type=Path, help="what was answered: a list of detections")
    coco.add_argument("--type", choices=("bbox", "segm", "keypoints"), default="bbox", help="boxes, masks or joints")
    coco.add_argument("--confidence", type=float, default=0.5, help="from which the confusion of classes counts (0.5)")
    coco.add_argument("--json", action="store_true")
    coco.set_defaults(run=_coco)

    config = commands.add_parser("config", help="every setting: what holds, and what said so")
    config.add_argument("--json", action="store_true")
    config.set_defaults(run=_config)

    grading.cli.add_to(commands, _office)
    classroom.keeping.cli.add_to(commands)
    return parser


def _office(course: "Course", where: str) -> "AbstractContextManager[Office]":
    from classroom.office import office

    return office(course, where)


def _app(arguments: argparse.Namespace) -> int:
    if _taken(arguments.address, arguments.port):
        return 2
    environment = {GRADER: "elsewhere" if arguments.no_grader else "beside"}
    if arguments.course:
        from classroom.desk import COURSE
        from grading.course import Course

        environment[COURSE] = str(Course.open(arguments.course).folder.absolute())
    _become_the_server(arguments.port, arguments.address, environment)


def _demo(arguments: argparse.Namespace) -> int:
    from classroom.demo.build import entrances, make
    from classroom.demo.place import DEMO, place
    from classroom.desk import COURSE
    from grading.companion import HELD, end_with_parent
    from grading.ledger.where import LEDGER

    where = place()
    if arguments.forget:
        print("The demo course is gone." if where.forget() else "There is no demo course.")
        return 0
    if _taken(arguments.address, arguments.port):
        return 2
    held = end_with_parent()
    if not where.ready:
        print("Making a course with made-up people, about a minute. It touches no course of yours.", flush=True)
        make(where, lambda line: print(line, flush=True))
    for one in entrances(where):
        print(f"Sign in as the student {one.name}: class code {one.code}, PIN {one.pin}")
    print("`fovea demo --forget` throws the course away.")
    own = {COURSE: str(where.course), LEDGER: str(where.database), DEMO: str(where.folder)}
    environment = {**own, GRADER: "beside", HELD: "1" if held else ""}
    no_provider = ("--secrets.files", str(where.folder / "secrets.toml"))  # people made up sign in with PINs
    _become_the_server(arguments.port, arguments.address, environment, *no_provider)


def _become_the_server(port: int, address: str, environment: Mapping[str, str], *settings: str) -> NoReturn:
    python = Path(sys.executable)
    command = [str(python), "-m", "streamlit", "run", "app.py", "--logger.level", "warning"]
    command += ["--server.port", str(port), "--server.address", address, *settings]
    os.environ.update({**configuration.settled(os.environ), **environment})
    os.chdir(ROOT)  # where .streamlit/config.toml lies
    sys.stdout.flush()
    os.execv(python, command)  # noqa: S606 - our own interpreter, no shell


def _taken(address: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return False
            print(f"fovea: port {port} is taken; choose another with --port (make app PORT=...)", file=sys.stderr)
            return True
    return False


def _config(arguments: argparse.Namespace) -> int:
    held = configuration.checked(os.environ)
    if arguments.json:
        rows = [{"name": one.name, "value": one.shown, "from": one.origin, "means": one.means} for one in held]
        print(json.dumps(rows, indent=2))
    else:
        print(*configuration.lines(held), sep="\n")
    return 0


def _net(arguments: argparse.Namespace) -> int:
    from core.nets import zoo
    from core.nets.export import as_text, report
    from core.nets.pasted.read import is_code, read
    from core.nets.trace import parse_input, trace

    if arguments.list:
        print(*zoo.names(), sep="\n")
        return 0
    if arguments.network is None:
        arguments.parser.error("name a network of the zoo, or a file with a layer table or Sequential code")
    file = Path(arguments.network)
    text = file.read_text(encoding="utf-8") if file.is_file() else None
    if text and arguments.input and is_code(text):  # code need not say how large its image is
        text += f"\n# input {arguments.input}"
    network = read(text) if text is not None else zoo.network(arguments.network)
    traced = trace(network, parse_input(arguments.input) if arguments.input else None)
    print(json.dumps(report(traced), indent=2) if arguments.json else as_text(traced))
    return 0


def _numbers(arguments: argparse.Namespace) -> int:
    from collections import Counter

    from syllabus.numbers import recomputed
    from syllabus.tables import said

    rows = recomputed()
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        for row in rows:
            ours = f" Ours: {said(row.ours)}." if row.computed and row.ours is not None else ""
            verdict = row.verdict if row.status == "recomputed" else row.status
            stated = f"Lecture {' '.join(row.lectures)}: {row.stated}."
            print(f"{row.id:5} {verdict:18} {row.quantity}. {stated}{ours} {row.reason}")
        counts = Counter(row.verdict if row.computed else row.status for row in rows)
        print(", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    return 1 if any(row.status == "differs" for row in rows) else 0


def _syllabus(arguments: argparse.Namespace) -> int:
    from syllabus.coverage import coverage

    rows = coverage()
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    else:
        for row in rows:
            print(f"{row.id:5} {row.status:8} {row.name}  {row.page} {row.symbol} {row.test}".rstrip())
        covered = sum(row.status == "covered" for row in rows)
        print(f"{covered} of {len(rows)} systems covered")
    return 0


def _coco(arguments: argparse.Namespace) -> int:
    from core.measure.coco.confusion import most_confused, taken_for
    from core.measure.coco.reading import read
    from core.measure.coco.scores import by_class, evaluate, numbers

    found = read(arguments.truth.read_bytes(), arguments.answers.read_bytes(), arguments.type)
    curves = evaluate(found.problem)
    whole, alone = numbers(*curves, arguments.type), by_class(*curves, arguments.type)
    confusion = taken_for(found.problem, confidence=arguments.confidence)
    if arguments.json:
        classes = dict(zip(found.classes, alone, strict=True))
        told = {"threshold": 0.5, "confidence": arguments.confidence, "counts": confusion.tolist()}
        print(json.dumps({**whole, "classes": classes, "confusion": told}, indent=2))
        return 0
    print(*(f"{name:6} {value:6.3f}" for name, value in whole.items()), sep="\n")
    width = max(map(len, ("class", *found.classes)))
    some = [name for name in ("AP", "AP50", "AP75", "APs", "APm", "APl") if name in whole]
    print(f"\n{'class':{width}} ", *(f"{name:>6}" for name in (*some, "right", "missed", "false")))
    for place, (name, values) in enumerate(zip(found.classes, alone, strict=True)):
        counts = confusion[place, place], confusion[place, -1], confusion[-1, place]
        print(f"{name:{width}} ", *(f"{values[each]:6.3f}" for each in some), *(f"{count:6}" for count in counts))
    if found.strange:
        print(f"\n{found.strange} detections are of classes that {arguments.truth} does not name: they count nowhere.")
    print("\n-1 where nothing is to be found.", end=" ")
    print(f"Right, missed and false: at confidences from {arguments.confidence:g} and an overlap from 0.5.")
    for true, said, count in most_confused(confusion):
        print(f"{found.classes[true]} taken for {found.classes[said]}: {count}")
    return 0


def _models(arguments: argparse.Namespace) -> int:
    from core.errors import CoreError
    from core.models import registry
    from core.models.make import verify

    held, rows = True, list[dict[str, object]]()
    for name in registry.names():
        try:
            found = verify(registry.recipe(name))
        except CoreError as error:
            rows.append({"name": name, "holds": False, "reason": str(error)})
            told = f"{name:14} does not hold. {error}"
        else:
            card = found.card
            rows.append({**asdict(card), "measured": found.measured, "holds": found.holds, "reason": found.reason})
            told = (
                f"{name:14} {'holds' if found.holds else 'does not hold'}. {card.knows} {card.parameters:,} "
                f"parameters, {card.size:,} bytes, classes {', '.join(card.classes)}.\n{'':14} {found.measured:.4f}, "
                f"on its card {card.score:.4f}: {card.measure}. {found.reason}".rstrip()
            )
        held = held and bool(rows[-1]["holds"])
        if not arguments.json:
            print(told)
    if arguments.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
