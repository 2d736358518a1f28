"""The detection studio as a visitor uses it, without a browser."""

import numpy as np
import pytest

from core.data.scenes import CLASSES, boxes, labels
from core.detect.found import Found
from core.errors import CoreError
from core.measure.mistakes import KINDS, counted
from core.models import pretrained_detectors
from pages._kit.photo_choice import OWN
from pages._kit.plot import unknown
from pages._parts.detection_studio import detectors, figures, photos, views
from tests.pages.figures import Visit

LAB = "detection_studio"


def shown(visit: Visit) -> str:
    """All the HTML of a page, with what screen readers say of its pictures."""
    return "\n".join(part.proto.body for part in visit.page.get("html"))


def exact(name: str, image: np.ndarray) -> Found:
    """A detector that knows the truth of whatever scene it is shown, and says the first thing twice."""
    for kind in detectors.SCENES:
        for number in range(views.SCENE_NUMBERS):
            seen = detectors.scene(kind, number)
            if seen.image.shape == image.shape and np.array_equal(seen.image.astype(np.float64), image):
                places, kinds = boxes(seen.targets), labels(seen.targets)
                twice = np.r_[np.arange(len(places)), 0]
                return Found(places[twice], kinds[twice], np.linspace(0.9, 0.5, len(twice)))
    return Found(np.array([[8.0, 8, 40, 40]]), np.array([0]), np.array([0.9]))


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "ready", lambda: ("two stages", "one stage"))
    monkeypatch.setattr(detectors, "detect", exact)
    monkeypatch.setattr(detectors, "answered", lambda name, kind, number: exact(
        name, detectors.scene(kind, number).image.astype(np.float64)))  # fmt: skip
    monkeypatch.setattr(views, "MANY", 2)


@pytest.mark.usefixtures("ours")
def test_names_every_mistake_of_a_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"scene": "3", "scenes": "as it learned"})
    things = len(detectors.scene("as it learned", 3).targets)
    assert f"{things} things, {things + 1} detections: **{things} right**, 1 wrong, 0 missed." in visit.text
    assert "duplicate 1" in visit.alts["kinds"]
    assert not unknown(visit.drawn["kinds"])
    visit.page.slider(key="score").set_value(0.95).run()
    assert f"0 detections: **0 right**, 0 wrong, {things} missed." in visit.page.markdown[2].value
    assert visit.exported("detections.csv")


@pytest.mark.usefixtures("ours")
def test_counts_the_mistakes_of_many_scenes(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "Many scenes"})
    assert "2 scenes, crowded: **two stages AP50" in visit.text
    assert [each["name"] for each in visit.drawn["mistakes"]["data"]] == ["two stages"]
    visit.page.pills(key="several").set_value([]).run()
    assert "choose one detector at least" in visit.page.warning[0].value


@pytest.mark.usefixtures("ours")
def test_calls_things_of_a_photo_by_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(LAB, monkeypatch, {"view": "A photo", "photo": "coffee"})
    assert "**two stages** finds 1 thing from a score of 0.30." in visit.text
    assert visit.exported("detections.csv")
    visit.page.slider(key="score").set_value(0.95).run()
    assert "finds nothing from a score of 0.95." in visit.page.markdown[2].value
    own = Visit(LAB, monkeypatch, {"view": "A photo", "photo": OWN})
    assert "until then there is nothing to look at" in own.page.info[0].value


@pytest.mark.usefixtures("ours")
def test_fetches_a_detector_of_photos_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    by = next(iter(photos.FETCHED))
    monkeypatch.setattr(pretrained_detectors, "fetch", lambda name, progress: name)
    monkeypatch.setattr(pretrained_detectors, "found", lambda net, image, least: Found(
        np.array([[10.0, 10, 90, 80], [0, 0, 20, 20]]), np.array([47, 1]), np.array([0.8, 0.2])))  # fmt: skip
    names = ("ground", "person", *("other",) * 45, "cup")  # the true ones need torchvision, which takes its time
    monkeypatch.setattr(pretrained_detectors, "classes", lambda name: names)
    visit = Visit(LAB, monkeypatch, {"view": "A photo", "photo": "coffee", "net": by})
    assert "Press Fetch it and look" in visit.page.info[0].value
    visit.page.button(key="look").click().run()
    job = visit.page.session_state[f"_job-{photos.JOB}"]
    assert job.wait(20)
    visit.page.run()
    assert "finds 1 things: cup 0.80." in shown(visit)  # what is below the score does not count
    assert visit.exported("detections.csv")
    visit.page.slider(key="score").set_value(0.1).run()
    assert "finds 2 things: cup 0.80, person 0.20." in shown(visit)


@pytest.mark.usefixtures("ours")
def test_says_what_keeps_a_detector_from_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(name: str, progress: object) -> None:
        raise CoreError("the server cannot be reached. The built-in models need no network.")

    monkeypatch.setattr(pretrained_detectors, "fetch", away)
    visit = Visit(LAB, monkeypatch, {"view": "A photo", "net": next(iter(photos.FETCHED))})
    visit.page.button(key="look").click().run()
    assert visit.page.session_state[f"_job-{photos.JOB}"].wait(20)
    visit.page.run()
    assert "built-in models need no network" in visit.page.warning[0].value


def test_says_that_nobody_has_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detectors, "ready", lambda: ())
    assert "make models trains them" in Visit(LAB, monkeypatch, {}).warnings[0]


def test_shows_every_kind_for_every_detector() -> None:
    counts = dict.fromkeys((*KINDS, "missed"), 2)
    shown = figures.kinds({"one": counts, "other": counts, "third": counts})
    assert [len(each["y"]) for each in shown["data"]] == [7, 7, 7]
    assert not unknown(shown)


def test_scenes_hold_what_their_names_say() -> None:
    many, few = (len(detectors.scene(kind, 1).targets) for kind in ("crowded", "small things"))
    assert many > few
    assert all(target.label in CLASSES for target in detectors.scene("crowded", 1).targets)


@pytest.mark.slow
def test_two_stages_most_often_name_the_wrong_class_as_the_answer_says() -> None:
    for kind in detectors.SCENES:
        seen = [detectors.scene(kind, number) for number in range(views.MANY)]
        found = [detectors.answered("two stages", kind, number) for number in range(views.MANY)]
        before = {"right": 10**6, "missed": -1}
        for score in (0.05, 0.3, 0.5, 0.7, 0.9):
            pairs = zip(found, seen, strict=True)
            counts = counted([detectors.verdict(one.above(score), each, enough=0.5) for one, each in pairs])
            wrong = {word: counts[word] for word in KINDS if word != "right"}
            assert max(wrong, key=lambda word: wrong[word]) == "wrong class", (kind, score, counts)
            assert counts["background"] == 0
            assert counts["right"] <= before["right"]
            assert counts["missed"] >= before["missed"]
            before = counts


@pytest.mark.slow
def test_a_trained_detector_finds_what_it_learned() -> None:
    for name in detectors.ready():
        found = detectors.answered(name, "as it learned", 0).above(0.5)
        told = detectors.verdict(found, detectors.scene("as it learned", 0), enough=0.5)
        assert told.detections.count("right") >= 2, name
