import pytest

pytest.register_assert_rewrite("tests.grading.hostile.arena")
