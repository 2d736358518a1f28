"""Callbacks on a training that runs; and one that is killed, which ends with the very same weights."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Generator, nn

from core.errors import CoreError
from core.learning.callbacks import Callback, MetricStream, SaveModel, StopEarly
from core.learning.dropout import OwnDropout
from core.learning.events import events
from core.learning.examples import Examples
from core.learning.schedule import Plateau
from core.learning.session import Session
from core.learning.stopping import Checkpoint, EarlyStopping
from core.learning.train import Epoch, Progress, Recipe, Stopped, train

ROOT = Path(__file__).resolve().parents[3]
EPOCHS = 12


def noisy(seed: int, count: int = 60) -> Examples:
    dice = Generator().manual_seed(seed)
    labels = torch.arange(count) % 3
    return Examples(torch.randn(count, 4, generator=dice) + labels[:, None], labels)


def network() -> nn.Module:
    """Everything that has a memory: statistics of a normalisation, dice of a dropout."""
    dice = Generator().manual_seed(1)
    parts = nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), OwnDropout(0.3, Generator().manual_seed(2)), nn.Linear(8, 3)
    module = nn.Sequential(*parts)
    for weights in module.parameters():
        weights.data.normal_(0, 0.5, generator=dice)
    return module


def trained(
    callbacks: Sequence[Callback], resume: Path | None = None, *, method: str = "sgd", progress: Progress | None = None
) -> tuple[nn.Module, Iterator[Epoch]]:
    module, quiet = network(), lambda done, what: None
    story = train(
        module,
        noisy(0),
        noisy(9),
        Recipe(EPOCHS, 16, 0.05, 0.9, 0.001, method),  # type: ignore[arg-type]
        generator=Generator().manual_seed(3),
        schedule=Plateau(patience=1),
        augment=lambda inputs, dice: inputs + 0.1 * torch.randn(inputs.shape, generator=dice),
        progress=progress or quiet,
        callbacks=callbacks,
        resume=resume,
    )
    return module, story


def usual(folder: Path) -> list[Callback]:
    stop = EarlyStopping(patience=8, restore_best_weights=True)
    return [SaveModel(folder / "run.pt"), StopEarly(stop), MetricStream(folder / "log")]


def told_by_tensorboard(folder: Path) -> dict[str, dict[int, float]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    read = EventAccumulator(str(folder)).Reload()
    return {name: {each.step: each.value for each in read.Scalars(name)} for name in read.Tags()["scalars"]}


def same(one: nn.Module, two: nn.Module) -> bool:
    pairs = zip(one.state_dict().items(), two.state_dict().items(), strict=True)
    return all(name == other and torch.equal(ours, theirs) for (name, ours), (other, theirs) in pairs)


@pytest.mark.slow
def test_ends_with_the_same_weights_after_it_was_killed(tmp_path: Path) -> None:
    """A process is killed, without warning, at an epoch nobody chose; another goes on from its file.

    All three are processes of one kind: what else a process has loaded can change the last bit of a sum.
    """
    whole = told(tmp_path / "whole")
    assert len(whole) > 5
    epoch = random.SystemRandom().randrange(1, len(whole) - 3)
    folder = tmp_path / "killed"
    told(folder, kill_after=epoch)
    rest = told(folder)
    assert 1 < len(rest) <= len(whole) - epoch, f"killed in epoch {epoch}"
    assert rest == whole[-len(rest) :], f"killed in epoch {epoch}"  # the last line is a digest of the weights
    assert told_by_tensorboard(folder / "log") == told_by_tensorboard(tmp_path / "whole" / "log")
    assert [each for each in folder.iterdir() if each.name not in ("run.pt", "log")] == []


def test_when_an_epoch_is_saved_its_numbers_are_written(tmp_path: Path) -> None:
    """Killed just after that, a training goes on with the next epoch."""
    seen = list[list[int]]()

    class Watched(SaveModel):
        def write(self, logs: Mapping[str, float], session: Session) -> None:
            seen.append(sorted(told_by_tensorboard(tmp_path / "log")["loss"]))
            super().write(logs, session)

    _, story = trained([Watched(tmp_path / "run.pt"), MetricStream(tmp_path / "log")])
    assert list(story)[-1].number == EPOCHS
    assert seen == [list(range(1, epoch + 1)) for epoch in range(1, EPOCHS + 1)]


def told(folder: Path, *, kill_after: int | None = None) -> list[str]:
    """What a process says that trains, or goes on training, in a folder: a line an epoch, then one on its weights."""
    lines, command = [], [sys.executable, "-m", "tests.core.learning.test_callbacks", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            lines.append(line)
            if kill_after is not None and line.startswith(f"{kill_after} "):
                time.sleep(random.SystemRandom().uniform(0, 0.05))
                child.send_signal(signal.SIGKILL)
                break
    assert child.returncode == (0 if kill_after is None else -signal.SIGKILL)
    return lines


def interrupted(after: int) -> Progress:
    """Stops a training after so many batches, four of which are an epoch."""
    seen = list[float]()

    def report(done: float, what: str) -> None:
        seen.append(done)
        if len(seen) > after:
            raise Stopped

    return report


@pytest.mark.parametrize(("batches", "method"), [(2, "sgd"), (17, "sgd"), (30, "sgd"), (21, "adam")])
def test_goes_on_from_wherever_it_was_interrupted(tmp_path: Path, batches: int, method: str) -> None:
    module, story = trained(usual(tmp_path / "whole"), method=method)
    whole = list(story)
    file = tmp_path / "interrupted" / "run.pt"
    with pytest.raises(Stopped):
        list(trained(usual(file.parent), file, method=method, progress=interrupted(batches))[1])
    resumed, story = trained(usual(file.parent), file, method=method)
    over = batches // 4
    assert list(story) == whole[over + 1 if over else 0 :]
    assert same(module, resumed)


def test_saves_what_its_rule_says_and_names_it(tmp_path: Path) -> None:
    rule = Checkpoint("val_accuracy", save_best_only=True, save_weights_only=True)
    module, story = trained([SaveModel(tmp_path / "w-{epoch:02d}-{val_loss:.2f}.safetensors", rule)])
    kept: dict[int, dict[str, torch.Tensor]] = {}
    epochs = []
    for epoch in story:
        epochs.append(epoch)
        kept[epoch.number] = {name: values.clone() for name, values in module.state_dict().items()}
    best = rule.replay([epoch.logs["val_accuracy"] for epoch in epochs[1:]])
    assert 1 < len(best) < EPOCHS
    names = [f"w-{number:02d}-{epochs[number].test_loss:.2f}.safetensors" for number in best]
    assert sorted(each.name for each in tmp_path.iterdir()) == names
    for number, name in zip(best, names, strict=True):
        found = load_file(tmp_path / name)
        assert all(torch.equal(found[key], kept[number][key]) for key in kept[number])


@pytest.mark.parametrize("restore", [False, True])
def test_stops_early_and_puts_the_best_weights_back_if_asked(restore: bool) -> None:
    stop = StopEarly(EarlyStopping(patience=2, restore_best_weights=restore, min_delta=0.01))
    module, story = trained([stop])
    kept, numbers = {}, []
    for epoch in story:
        numbers.append(epoch.number)
        kept[epoch.number] = {name: values.clone() for name, values in module.state_dict().items()}
    last = stop.kept
    assert last.stopped == numbers[-1] < EPOCHS
    assert last.best_epoch == last.stopped - 2
    wanted = kept[last.best_epoch if restore else last.stopped]
    assert all(torch.equal(values, wanted[name]) for name, values in module.state_dict().items())


def test_puts_the_best_weights_back_also_where_it_never_stopped() -> None:
    stop = StopEarly(EarlyStopping(patience=99, restore_best_weights=True))
    module, story = trained([stop])
    list(story)
    assert stop.kept.stopped is None
    assert all(torch.equal(values, stop.best[name]) for name, values in module.state_dict().items())


def test_is_over_after_it_was_stopped_early_even_if_asked_to_go_on(tmp_path: Path) -> None:
    callbacks = [StopEarly(EarlyStopping(patience=1)), SaveModel(tmp_path / "run.pt")]
    _, story = trained(callbacks)
    stopped = list(story)[-1].number
    assert stopped < EPOCHS
    again = [StopEarly(EarlyStopping(patience=1)), SaveModel(tmp_path / "run.pt")]
    assert list(trained(again, tmp_path / "run.pt")[1]) == []


def test_writes_what_tensorboard_reads_while_it_runs(tmp_path: Path) -> None:
    _, story = trained([MetricStream(tmp_path)])
    next(story)
    epochs = [next(story), next(story)]
    curves = told_by_tensorboard(tmp_path)  # the training is not over
    assert set(curves) == {"loss", "accuracy", "val_loss", "val_accuracy", "learning_rate"}
    for name, curve in curves.items():
        assert curve == pytest.approx({epoch.number: epoch.logs[name] for epoch in epochs})
    story.close()


def test_makes_a_file_of_events_that_tensorboard_reads(tmp_path: Path) -> None:
    (tmp_path / "events.out.tfevents.fovea").write_bytes(events([{"loss": 0.5}, {"loss": 0.25}]))
    assert told_by_tensorboard(tmp_path) == {"loss": {1: 0.5, 2: 0.25}}


def test_refuses_to_go_on_with_other_callbacks(tmp_path: Path) -> None:
    list(trained(usual(tmp_path))[1])
    with pytest.raises(CoreError, match="3 callbacks and 2 dice, this one has 0 and 2"):
        list(trained([], tmp_path / "run.pt")[1])


def test_begins_anew_where_there_is_no_file(tmp_path: Path) -> None:
    assert next(trained([], tmp_path / "nothing.pt")[1]).number == 0


@pytest.mark.gpu
def test_learns_on_a_graphics_card_in_half_precision(tmp_path: Path) -> None:
    module = network()
    module[3] = nn.Identity()  # its dice are those of the processor
    story = train(
        module, noisy(0), noisy(9), Recipe(30, 16, 0.05), generator=Generator().manual_seed(3), device="cuda",
        mixed=True, callbacks=[SaveModel(tmp_path / "run.pt")],
    )  # fmt: skip
    epochs = list(story)
    assert next(module.parameters()).is_cuda
    assert epochs[-1].train_error < 0.35 < epochs[0].train_error
    again = network()
    again[3] = nn.Identity()
    rest = train(
        again, noisy(0), noisy(9), Recipe(31, 16, 0.05), generator=Generator(), device="cuda", mixed=True,
        callbacks=[SaveModel(tmp_path / "run.pt")], resume=tmp_path / "run.pt",
    )  # fmt: skip
    assert [epoch.number for epoch in rest] == [31]


if __name__ == "__main__":  # the process that may be killed: it tells every epoch that is over, and its weights
    torch.set_num_threads(1)
    place = Path(sys.argv[1])
    module, story = trained(usual(place), place / "run.pt", progress=lambda done, what: time.sleep(0.01))
    for over in story:
        sys.stdout.write(f"{over.number} {over}\n")
        sys.stdout.flush()
    held = b"".join(each.numpy().tobytes() for each in module.state_dict().values())
    sys.stdout.write(f"weights {sha256(held).hexdigest()}\n")
