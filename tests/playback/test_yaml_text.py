from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgitlab.playback.yaml_text import dump
from mockgitlab.scenario import nodes

AWKWARD = [
    "yes",
    "1e3",
    "0o7",
    "2024-05-01",
    "~",
    "",
    "a\n\n b\n",
    "\n a",
    " a\n",
    "a \nb",
    "\x85x",
    "\r\n",
    "- a",
    "😀\n",
]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.sampled_from(AWKWARD)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8)


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_whatever_is_written_is_read_again_by_both_versions_of_yaml(value: Any) -> None:
    text = dump([{"a": value}])
    root = nodes.compose(text)
    assert root is not None
    data, faults = nodes.build(root)
    assert (repr(data), faults) == (repr([{"a": value}]), [])
    assert yaml.safe_load(text) == [{"a": value}]
