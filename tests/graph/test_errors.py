"""Errors carry both languages, also between processes."""

from __future__ import annotations

import pickle

import pytest

from graph import errors


@pytest.mark.parametrize("kind", [value for value in vars(errors).values() if isinstance(value, type)])
def test_every_error_says_its_sentence_in_both_languages_and_crosses_processes(kind: type[errors.CchcError]) -> None:
    made = kind("câu tiếng Việt", "English sentence")
    assert str(made) == "câu tiếng Việt (English sentence)"
    again = pickle.loads(pickle.dumps(made))  # noqa: S301  # our own bytes
    assert (type(again), again.vi, again.en) == (kind, made.vi, made.en)


def test_the_tree_at_the_top_names_every_error() -> None:
    tree = errors.__doc__ or ""
    missing = [name for name, value in vars(errors).items() if isinstance(value, type) and name not in tree]
    assert not missing
