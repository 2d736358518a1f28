"""The recipe lab as a visitor uses it: parts from the address, runs that are compared, thrown away, and stopped."""

import pytest

from core.learning.train import Epoch
from pages._kit import lab as kit
from pages._kit.background import Job
from pages._parts.recipe.figures import Run, of_runs
from pages._parts.recipe.training import MOST_RUNS, RUNS, Setting
from tests.pages.figures import Visit


def finished(lab: Visit) -> Job:
    lab.page.button(key="train").click()
    lab.run()
    job: Job = lab.page.session_state[RUNS][-1]
    assert job.wait(55)
    lab.run()
    return job


def test_compares_a_run_with_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, closing = list[str](), kit.closing
    monkeypatch.setattr(kit, "closing", lambda **said: (calls.append(said["call"]), closing(**said)))
    lab = Visit("recipe", monkeypatch, {})
    assert "Next: the whole recipe." in lab.text
    assert "nothing is trained yet" in lab.alts["curves"]
    whole = finished(lab)
    assert len(whole.found) == 91
    lab.page.toggle(key="shifts").set_value(False)
    lab.run()
    assert "Next: without shifted digits." in lab.text
    assert "augment=shifts_by_one)" in calls[-1]  # of the run that is shown, not of the next one
    plain = finished(lab)
    assert "augment=None)" in calls[-1]
    assert plain.found[-1].train_error < 0.01  # by heart
    assert plain.found[-1].test_error > 2 * whole.found[-1].test_error
    assert "The run before (the whole recipe) ended at" in lab.text
    assert "which is overfitting" in lab.text
    assert lab.alts["curves"].index("the whole recipe:") < lab.alts["curves"].index("without shifted digits:")
    assert lab.exported("curves.csv")
    lab.page.button(key="drop-0").click()
    lab.run()
    assert "the whole recipe:" not in lab.alts["curves"]
    assert "The run before" not in lab.text


def test_takes_its_parts_from_the_address_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    address = {"momentum": "false", "dropout": "false", "decay": "false", "rate": "0.1", "seed": "2"}
    lab = Visit("recipe", monkeypatch, address)
    assert "Next: only batches of 128 and smaller steps on a plateau and shifted digits, rate 0.1, seed 2." in lab.text
    lab.page.button(key="train").click()
    lab.run()
    job = lab.page.session_state[RUNS][-1]
    assert lab.page.button(key="train").disabled
    lab.page.button(key="stop").click()
    lab.run()
    assert job.wait(20)
    lab.run()
    assert not lab.page.button(key="train").disabled
    assert len(job.found) < 91


def test_keeps_a_few_runs_and_one_of_each_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("recipe", monkeypatch, {})
    for seed in (0, 1, 2, 3, 4, 5, 5):
        lab.page.slider(key="seed").set_value(seed)
        lab.run()
        lab.page.button(key="train").click()
        lab.run()
        lab.page.session_state[RUNS][-1].stop()
        assert lab.page.session_state[RUNS][-1].wait(20)
        lab.run()
    kept = [job.setting for job in lab.page.session_state[RUNS]]
    assert kept == [Setting(seed=seed) for seed in range(1, 6)]
    assert len(kept) == MOST_RUNS


@pytest.mark.parametrize(
    ("own", "others", "said"),
    [
        pytest.param(0.0, 0.25, "knows its own digits by heart, which is overfitting.", id="by-heart"),
        pytest.param(0.268, 0.594, "knows its own digits far better, which is overfitting.", id="far-better"),
        pytest.param(0.030, 0.078, "wrong more often on the others. A gap of 4.8 points is small", id="small-gap"),
        pytest.param(0.080, 0.095, "wrong nearly as often on its own digits, so it does not overfit.", id="no-gap"),
    ],
)
def test_says_whether_a_run_overfits(own: float, others: float, said: str) -> None:
    run = Run("one", [Epoch(0, 2.3, 0.9, 2.3, 0.9, ()), Epoch(1, 0.1, own, 0.3, others, (), 0.03)])
    assert said in of_runs([run])[0]


def test_calls_a_difference_chance_where_it_may_be() -> None:
    def run(error: float) -> Run:
        return Run("one", [Epoch(0, 2.3, 0.9, 2.3, 0.9, ()), Epoch(1, 0.1, 0.02, 0.3, error, (), 0.03)])

    assert "cannot tell these apart" in of_runs([run(0.080), run(0.085)])[1]
    assert "more than chance" in of_runs([run(0.08), run(0.25)])[1]
