"""The secrets file: what it may say about signing in, and a sentence for whatever it may not."""

import tomllib
from pathlib import Path

import pytest

from classroom.errors import ClassroomError
from classroom.roles import Role
from classroom.signin.settings import Rules, read

AUTH: dict[str, object] = {
    "redirect_uri": "http://localhost:{port}/oauth2callback",
    "cookie_secret": "s" * 32,
    "client_id": "fovea",
    "client_secret": "secret",
    "server_metadata_url": "https://login.uni.example/.well-known/openid-configuration",
}
NAMED = {key: AUTH[key] for key in ("redirect_uri", "cookie_secret")} | {
    "uni": {key: AUTH[key] for key in ("client_id", "client_secret", "server_metadata_url")}
}
FULL = {
    "local": True,
    "strangers": True,
    "hours": 3,
    "issuers": ["https://login.uni.example"],
    "verified": ["https://login.uni.example"],
    "number": "matriculation",
    "login": "account",
    "role": "roles",
    "roles": {"tutor": "assistant"},
    "instructors": ["iva@example.org", {"iss": "https://login.uni.example", "sub": "42"}],
}


def rules(auth: object = AUTH, **ours: object) -> Rules | None:
    return read({"auth": auth, "fovea": {"sign_in": ours}, "others": "of no matter"})


def test_reads_all_there_is() -> None:
    assert rules(**FULL) == Rules(
        local=True,
        strangers=True,
        hours=3,
        issuers=("https://login.uni.example",),
        verified=("https://login.uni.example",),
        number="matriculation",
        login="account",
        role="roles",
        roles=(("tutor", Role.ASSISTANT),),
        instructors=("iva@example.org", ("https://login.uni.example", "42")),
    )


def test_lets_in_nobody_but_the_roster_unless_told_so() -> None:
    assert rules() == rules(NAMED | AUTH | {"uni": "not a table"}) == Rules()
    assert rules(NAMED) == Rules(providers=("uni",))
    assert rules(AUTH | NAMED) == Rules(providers=("default", "uni"))


@pytest.mark.parametrize(
    ("auth", "ours", "says"),
    [
        ({}, {"local": True}, "[auth] names none"),
        ("yes", {}, "[auth] has to be a table"),
        (AUTH | {"cookie_secret": "short"}, {}, "cookie_secret of at least 32 letters"),
        (AUTH | {"redirect_uri": "http://uni.example/oauth2callback"}, {}, "https unless it is localhost"),
        (AUTH | {"redirect_uri": "https://uni.example/"}, {}, "and /oauth2callback"),
        (AUTH | {"redirect_uri": "https://[/oauth2callback"}, {}, "redirect_uri"),
        (AUTH | {"client_secret": ""}, {}, "[auth] needs client_secret"),
        ({key: AUTH[key] for key in ("redirect_uri", "cookie_secret")}, {}, "[auth] needs client_id"),
        (NAMED | {"my_uni": NAMED["uni"]}, {}, "may have no underscore"),
        (NAMED | {"uni": {"client_id": "x"}}, {}, "[auth.uni] needs client_secret, server_metadata_url"),
        (AUTH | {"server_metadata_url": "http://login.uni.example"}, {}, "has to begin with https://"),
        (AUTH, {"stranger": True}, "no setting 'stranger'. It may have local, strangers"),
        (AUTH, {"strangers": "yes"}, "strangers has to be true or false"),
        (AUTH, {"hours": True}, "hours has to be a whole number"),
        (AUTH, {"hours": 0}, "hours has to be a whole number"),
        (AUTH, {"issuers": "https://a"}, "issuers has to be a list"),
        (AUTH, {"number": 7}, "number has to be the name of a claim"),
        (AUTH, {"number": "matriculation"}, "whose claims count"),
        (AUTH, {"role": "roles"}, "needs both"),
        (AUTH, {"roles": {"tutor": "assistant"}}, "needs both"),
        (AUTH, {"roles": {"all": "student"}}, "all may mean assistant or instructor"),
        (AUTH, {"roles": {"all": ["instructor"]}}, "all may mean assistant or instructor"),
        (AUTH, {"instructors": "iva@example.org"}, "instructors has to be a list"),
        (AUTH, {"instructors": ["Iva"]}, "instructors has to be a list"),
        (AUTH, {"instructors": [{"iss": "https://a"}]}, "instructors has to be a list"),
    ],
)
def test_has_a_sentence_for(auth: object, ours: dict[str, object], says: str) -> None:
    with pytest.raises(ClassroomError) as error:
        rules(auth, **ours)
    assert says in str(error.value)


def test_knows_where_the_server_is() -> None:
    assert Rules().origin(8501) == "http://localhost:8501"
    assert Rules(redirect_uri="https://fovea.uni.example/oauth2callback").origin(8501) == "https://fovea.uni.example"


def test_the_example_in_the_docs_is_a_right_one() -> None:
    text = (Path(__file__).parents[3] / "docs/sign-in.md").read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    found = read(tomllib.loads(example))
    assert found is not None
    assert found.roles
    assert not found.strangers
