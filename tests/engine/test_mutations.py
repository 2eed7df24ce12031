"""The list of mistakes that tests/mutation makes names places that are there."""

from collections import Counter

from tests.mutation.__main__ import ROOT, mutated
from tests.mutation.mutations import MUTATIONS


def test_every_mistake_can_be_made_and_none_is_made_twice() -> None:
    assert len(MUTATIONS) >= 40
    for mutation in MUTATIONS:
        text = (ROOT / mutation.file).read_text("utf-8")
        assert mutated(mutation, text) != text
    assert max(Counter(MUTATIONS).values()) == 1
