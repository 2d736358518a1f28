"""Local sign-in: the link works once, a cookie cannot be made up, and it ends."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from classroom import local
from classroom.local import LocalSignIn
from classroom.roles import Role


def token(sign_in: LocalSignIn) -> str:
    return sign_in.link().rsplit("/", 1)[1]


def test_turns_its_link_into_an_instructor_once() -> None:
    sign_in = LocalSignIn()
    one_time = token(sign_in)
    assert sign_in.role(sign_in.redeem(one_time)) == Role.INSTRUCTOR
    assert sign_in.redeem(one_time) is None
    with pytest.raises(RuntimeError, match="used already"):
        sign_in.link()


@pytest.mark.parametrize("guess", ["", "x", "é" * 40, "None"])
def test_refuses_a_guess_and_keeps_the_link_alive(guess: str) -> None:
    sign_in = LocalSignIn()
    assert sign_in.redeem(guess) is None
    assert sign_in.redeem(token(sign_in)) is not None


@pytest.mark.parametrize("cookie", [None, "", "INSTRUCTOR", "a.b.c"])
def test_takes_whoever_has_no_cookie_of_ours_for_a_visitor(cookie: str | None) -> None:
    assert LocalSignIn().role(cookie) == Role.VISITOR


def test_takes_no_cookie_of_another_process() -> None:
    other = LocalSignIn()
    assert LocalSignIn().role(other.redeem(token(other))) == Role.VISITOR


def test_takes_no_cookie_signed_with_another_secret() -> None:
    forged = URLSafeTimedSerializer("guessed", salt="fovea.local").dumps("INSTRUCTOR")
    assert LocalSignIn().role(forged) == Role.VISITOR


def test_ends_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = LocalSignIn()
    cookie = sign_in.redeem(token(sign_in))
    monkeypatch.setattr(local, "LIFETIME", -1)
    assert sign_in.role(cookie) == Role.VISITOR


def test_keeps_its_secrets_out_of_its_name() -> None:
    sign_in = LocalSignIn()
    assert token(sign_in) not in repr(sign_in)


@pytest.mark.parametrize("role", Role)
def test_opens_what_a_lower_role_may_open(role: Role) -> None:
    assert [role.may_open(needed) for needed in Role] == [needed <= role for needed in Role]
