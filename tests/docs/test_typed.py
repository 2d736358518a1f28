"""What runs the tutorials notices what is wrong with them."""

import sys
from pathlib import Path

import pytest

from tests.docs.reading import Command, blocks
from tests.docs.test_tutorials import save, typed, with_free_ports

PAGE = f"""Save this:

```toml title="a/b.toml"
x = 1
```

<!-- not run: it is another machine's -->
```console
$ shutdown now
```

```console
$ {sys.executable} -c "print('one', 'two'); print(3)"
one ...
3
$ cat a/b.toml
x = 1
```
"""


def test_finds_files_and_commands_and_what_is_not_run() -> None:
    file, other, ours = blocks(PAGE)
    assert (file.title, file.text, file.commands) == ("a/b.toml", "x = 1\n", [])
    assert other.not_run == "it is another machine's"
    assert [command.line for command in other.commands] == ["shutdown now"]
    assert [command.prints for command in ours.commands] == ["one ...\n3\n", "x = 1\n"]


def test_saves_and_types_as_the_page_says(tmp_path: Path) -> None:
    file, _, ours = blocks(PAGE)
    save(file, tmp_path)
    for command in ours.commands:
        typed(command, tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(Command("echo two", "one\n"), id="prints something else"),
        pytest.param(Command("echo one; echo two", "one\n"), id="prints more"),
        pytest.param(Command("echo one; false", "one\n"), id="fails"),
        pytest.param(Command("no-such-program", ""), id="does not exist"),
    ],
)
def test_stops_at_a_command_that_does_not_do_what_the_page_says(command: Command, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"^\$ "):
        typed(command, tmp_path)


def test_takes_another_port_everywhere_on_the_page() -> None:
    text = with_free_ports("$ fovea app --port 8600\nFovea is at http://localhost:8600")
    port = text.split("--port ")[1].split()[0]
    assert port != "8600"
    assert text.endswith(f"http://localhost:{port}")
