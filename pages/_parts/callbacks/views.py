"""The two views of the callbacks lab: rules on a curve that is known, and the numbers of a training that runs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import pandas as pd
import streamlit as st

from core.learning import recorded
from core.learning.stopping import MONITORS, Checkpoint, EarlyStopping, Waiting, falls
from core.learning.train import Epoch, Progress
from core.nets.trace import trace
from core.runtime.tasks import Task, may_go
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.callbacks import figures

WEIGHT = 4  # bytes


def replay(controls: Any, stage: Any) -> lab.Said:
    """Early stopping and checkpoints on the recorded curve, or on the visitor's own."""
    with controls:
        monitor = st.selectbox("monitor, the number to watch", MONITORS, key="monitor", bind="query-params")
        st.markdown("**EarlyStopping**")
        patience = st.slider("patience", 0, 30, 5, key="patience", bind="query-params")
        delta = st.slider("min_delta", 0.0, 0.3, 0.0, 0.01, key="min_delta", bind="query-params")
        restore = st.toggle("restore_best_weights", key="restore", bind="query-params")
        st.markdown("**ModelCheckpoint**")
        best = st.toggle("save_best_only", key="best_only", bind="query-params")
        light = st.toggle("save_weights_only", key="weights_only", bind="query-params")
        period = st.slider(
            "period", 1, 10, 1, key="period", bind="query-params",
            help="Look at every so many epochs. Keras had this until version 2.",
        )  # fmt: skip
    logs, whose = _logs()
    stop = EarlyStopping(monitor, delta, patience, restore_best_weights=restore)
    save = Checkpoint(monitor, save_best_only=best, save_weights_only=light, period=period)
    values = [each[monitor] for each in logs]
    kept = stop.replay(values)
    last = kept[-1]
    saved = save.replay(values[: last.epoch])
    ends = stop.weights_of(last)
    size = len(saved) * trace(recorded.network()).parameters * WEIGHT * (1 if light else 2)  # with its velocity
    told = (
        f"{'Stops after epoch' if last.stopped else 'Runs to the end, epoch'} **{last.epoch}**. The best was "
        f"**{last.best_epoch}**, and the network ends with the weights of epoch **{ends}**. Saved: "
        f"**{len(saved)}** of {last.epoch}, about {size / 1000:,.0f} kB."
    )
    with stage:
        st.markdown(told)
        alt = f"{figures.NAMES[monitor]} by epoch. {told}".replace("*", "")
        lab.chart(figures.replay(logs, stop, kept, saved), key="replay", quick=True, alt=alt)
        folded("The numbers behind this chart", figures.table(logs, stop, kept, saved), key="replay-numbers")
        st.caption(
            f"{whose} 200 digits, 30 of them or so with a wrong label; 360 others, rightly labelled. "
            "What lies behind the line was never trained; here we know how it would have gone on."
        )
        st.code(figures.keras(stop, save), language="python", wrap_lines=True)
    notice = [
        _missed(values, stop, last),
        f"Without restore_best_weights the network keeps the weights of its last epoch, {last.waited} after "
        "its best. Keras' default does not restore.",
        "A patience of 0 and of 1 stop at the same epoch: the first one that is no better ends it.",
        "A checkpoint saves, it never stops; early stopping stops, it never saves. The slide that says checkpoints "
        "stop a training means the other callback.",
    ]
    if period > 1 and best:
        notice.append(f"With a period of {period} a record between two looks is never seen, and so never saved.")
    if period > 1:
        notice.append("Keras 3 has no period any more: its save_freq counts batches, or says epoch.")
    notice.append(
        "Who stops by these digits has used them: report the error on a third set. The lecture validates with its test "
        "set while the project asks to keep one apart."
    )
    call = f"{stop}.replay(values)[-1]  # {last}"
    shows = (EarlyStopping.after, Checkpoint.after, EarlyStopping.replay, Checkpoint.replay)
    return lab.Said(notice, call, shows, _files(logs))


def _missed(values: Sequence[float], stop: EarlyStopping, last: Waiting) -> str:
    """What early stopping found of a whole curve, and if there was better, why it did not count.

    >>> rule, curve = EarlyStopping(patience=1), [0.9, 0.5, 0.6, 0.4]
    >>> _missed(curve, rule, rule.replay(curve)[-1])
    'Early stopping found 0.500 in 3 epochs; the best of all 4 is 0.400. More patience would have found it.'
    """
    overall = min(values) if falls(stop.monitor) else max(values)
    found, epoch = values[last.best_epoch - 1], 1 + values.index(overall)
    told = f"Early stopping found {found:.3f} in {last.epoch} epochs; the best of all {len(values)} is {overall:.3f}. "
    if found == overall:
        return f"{told}Nothing better was to come."
    if epoch <= last.epoch:
        return f"{told}That came in epoch {epoch}, but did not count: it was better by less than min_delta."
    if replace(stop, patience=len(values)).replay(values)[-1].best == overall:
        return f"{told}More patience would have found it."
    return f"{told}More patience alone would not have found it: it was better by less than min_delta."


def live(controls: Any, stage: Any) -> lab.Said:
    """A training that runs beside the page, watched as it goes."""
    with controls:
        seed = st.slider("Seed", 1, 20, 1, key="seed", bind="query-params")
        stops = st.toggle("Stop it early", key="stops", bind="query-params")
        patience = 5
        if stops:
            patience = st.slider("patience", 0, 30, 5, key="patience", bind="query-params")
        setting = (seed, EarlyStopping(patience=patience, restore_best_weights=True) if stops else None)
        if st.button("Train", key="train", type="primary"):
            watching.begin("callbacks", setting, Task(work, setting))
        st.caption(
            "A network with 2,410 weights, 60 epochs. It goes on while you look at another lab, and the replay takes "
            "its curve once it is over."
        )
    with stage:
        job = watching.current("callbacks")
        if job is None:
            st.info("Press Train. The numbers of every epoch appear here as they come.")
            lab.chart(figures.stream([], 60), key="stream", quick=True, alt="Two empty charts, loss and accuracy.")
        else:
            watching.watch("callbacks", _draw, now=setting)
    logs = _told(job)
    first, rule = cast(tuple[int, EarlyStopping | None], job.setting if job else setting)
    notice = []
    if logs:
        last = logs[-1]
        notice.append(
            f"After {len(logs)} epochs with seed {first} {last['accuracy']:.1%} of its own digits are right and "
            f"{last['val_accuracy']:.1%} of the others."
        )
    notice += [
        "Its own loss falls to the end, the other one turns: by then it learns the wrong labels by heart.",
        "TensorBoard is a callback as well. It belongs into the list of callbacks, next to the checkpoint and not "
        "into it; it writes a file of events into a folder and stops nothing.",
        "Take the file of events along, put it into a folder, and run `tensorboard --logdir folder`.",
    ]
    from core.learning.callbacks import MetricStream, StopEarly

    also = f", StopEarly({rule})" if rule else ""
    call = (
        f"train(module, learn, judge, {recorded.RECIPE}, generator=torch.Generator().manual_seed({first}), "
        f"callbacks=[MetricStream('logs'){also}])"
    )
    return lab.Said(notice, call, (MetricStream, StopEarly, EarlyStopping.replay, Checkpoint.replay), _files(logs))


@may_go
def work(seed: int, rule: EarlyStopping | None, progress: Progress) -> Iterator[Epoch]:
    """One training; a layer this small is fastest on one core."""
    progress(0.0, "making the network")
    from core.learning.callbacks import StopEarly

    yield from recorded.rerun(seed, callbacks=[StopEarly(rule)] if rule else [], progress=progress)[1]


def _files(logs: figures.Logs) -> lab.Exports:
    """A table, and what TensorBoard reads."""

    def event_file() -> bytes:
        from core.learning.events import events

        return events(logs)

    return {"log.csv": lambda: figures.as_csv(logs), "events.out.tfevents.fovea": event_file} if logs else {}


def _told(job: Job | None) -> figures.Logs:
    epochs = list(job.found) if job else []
    return [{name: each.logs[name] for name in recorded.NUMBERS} for each in epochs if each.number]


def _logs() -> tuple[figures.Logs, str]:
    """The visitor's own curve once there is one that ran to its end, else the recorded one."""
    job = watching.current("callbacks")
    own = _told(job)
    if job and not job.running and len(own) == recorded.RECIPE.epochs:
        return own, f"Your own training with seed {job.setting[0]}."  # type: ignore[index]
    return recorded.recorded(), "A recorded training."


def _draw(job: Job) -> None:
    logs = _told(job)
    said = "; ".join(f"{name} {value:.3f}" for name, value in logs[-1].items()) if logs else "nothing yet"
    alt = f"Losses and accuracies after {len(logs)} epochs: {said}."
    lab.chart(figures.stream(logs, recorded.RECIPE.epochs), key="stream", quick=True, alt=alt)
    if logs:
        rows = pd.DataFrame([{name: f"{value:.4f}" for name, value in each.items()} for each in logs])
        folded(
            "The numbers of every epoch",
            rows.set_index(pd.RangeIndex(1, len(logs) + 1, name="epoch")),
            key="stream-numbers",
        )
