"""The lab on the joint loss as a visitor uses it: by hand, and with trainings beside the page."""

import pytest

from pages._parts.joint_loss import views
from tests.pages.figures import Visit


def test_a_quarter_leaves_the_weight_where_the_mix_is_least(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("joint_loss", monkeypatch, {"alpha": "0.25"})
    assert "The weight ends at **-0.50**: S is **2.25**, R is **0.25**, and L is **0.75**." in lab.text
    lab.page.slider(key="alpha").set_value(1.0)
    lab.run()
    assert "S is **0.00**, R is **4.00**, and L is **0.00**." in lab.text
    assert lab.exported("by_alpha.csv")


def test_other_units_are_another_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("joint_loss", monkeypatch, {"alpha": "0.5", "units": "2"})
    assert "The weight ends at **-0.60**" in lab.text
    assert "R is 4 times as large" in lab.text
    plain = Visit("joint_loss", monkeypatch, {"alpha": "0.5"})
    assert "1 times as large" not in plain.text


def test_says_of_heads_alone_that_their_class_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    together, alone = (
        Visit("joint_loss", monkeypatch, {"view": "Train two heads", "learns": who})
        for who in (views.TOGETHER, views.ALONE)
    )
    assert "and the class is guessed" in together.text
    assert "and the class is guessed" not in alone.text
    assert "keeps what it had learned together with the trunk" in alone.text


def test_trains_beside_the_page_and_chooses_by_the_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LEARNED", 64)
    monkeypatch.setattr(views, "JUDGED", 32)
    monkeypatch.setattr(views, "EPOCHS", 1)
    views._parts.clear()
    lab = Visit("joint_loss", monkeypatch, {"view": "Train two heads", "look": "0.8"})
    assert "Nothing is trained yet" in lab.text
    lab.page.button(key="train").click()
    lab.run()
    job = lab.page.session_state[f"_job-{views.JOB}"]
    assert job.wait(55)
    lab.run()
    assert len(job.found) == len(views.ALPHAS)
    assert "By the share found, alpha" in lab.text
    assert "alpha **0.8**:" in lab.text
    assert lab.alts["own"].count("S ") == len(views.ALPHAS)
    assert lab.exported("trainings.csv")
    views._parts.clear()
