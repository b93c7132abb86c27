"""Text of any origin is shown as just that text."""

import pytest

from app.problems import plain, prose


@pytest.mark.parametrize(
    "text",
    [
        "![pixel](https://evil.example/p.png)",
        "[click](javascript:alert(1))",
        "<script>alert(1)</script>",
        "$x^2$ :red[hot] :material/home: :smile:",
        "# Title\n- list\n> quote\n| a | b |",
        "`code` *it* _em_ ~~gone~~ www.evil.example mail@evil.example",
    ],
)
def test_nothing_of_markdown_works(text: str) -> None:
    shown = plain(text)
    assert shown.replace("\\", "").replace("\u2060", "") == text.replace("\\", "")
    for index, letter in enumerate(shown):
        if letter in "![]()<>$:#`*_~|@.":
            assert shown[index - 1] == "\\"


def test_only_bold_works_in_an_answer() -> None:
    assert prose("**12** [x](y)") == r"**12** \[x\]\(y\)"
