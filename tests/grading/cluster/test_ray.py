"""Grading on a real Ray cluster, on one machine: nodes die in the middle, and every attempt has its one outcome."""

from pathlib import Path

import pytest

from tests.grading.cluster.fleet import AWAY, fleet, needs_ray, survive, survive_frozen, survive_headless, waiting
from tests.grading.test_cli import fovea
from tests.grading.test_nothing_lost import all_is_well

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    needs_ray,
    pytest.mark.usefixtures("only_cluster"),
    # Ray leaves the log of its own server open.
    pytest.mark.filterwarnings("ignore:unclosed file.*ray_client_server:ResourceWarning"),
]


def test_every_attempt_has_one_outcome_whatever_node_is_killed(tmp_path: Path, postgres_database: str) -> None:
    found = survive(tmp_path, postgres_database, attempts=40, kills=2, seed=11)
    assert (found.outcomes, found.kills) == (40, 2)
    assert found.in_the_middle
    assert found.again, "what died with a node was taken up by another grader"
    assert found.processes > 10, "a grader and its processes died with each node"


@pytest.mark.parametrize("from_anywhere", [True, False], ids=["client", "direct"])
def test_without_its_head_a_cluster_goes_on_grading_and_with_a_new_one_it_comes_back(
    tmp_path: Path, postgres_database: str, from_anywhere: bool
) -> None:
    said = survive_headless(tmp_path, postgres_database, attempts=60, from_anywhere=from_anywhere)
    before, after = said.split(AWAY)
    assert "Graders on " in before
    assert "Graders on " in after


def test_a_head_that_answers_nothing_is_left_and_found_again(tmp_path: Path, postgres_database: str) -> None:
    said = survive_frozen(tmp_path, postgres_database, attempts=4)
    before, after = said.split(AWAY)
    assert "Graders on " in before
    assert "Graders on " in after


def test_the_command_grades_what_waits_and_ends(tmp_path: Path, postgres_database: str) -> None:
    with waiting(tmp_path, postgres_database) as (course, ledger, more), fleet(postgres_database, nodes=1) as nodes:
        more(range(4))
        said = {"FOVEA_LEDGER": postgres_database, "FOVEA_RAY_ADDRESS": nodes.address}
        ran = fovea(course, "grader", "--until-empty", **said)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.startswith("Graders on ")
        all_is_well(ledger, 4)
