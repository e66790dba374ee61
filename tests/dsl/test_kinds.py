from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgitlab import dsl
from mockgitlab.dsl.kinds import coercer, type_schema

TYPES: dict[str, Any] = {
    "text": str,
    "count": int,
    "ratio": float,
    "flag": bool,
    "instant": dsl.Timestamp,
    "day": dsl.Date,
    "words": dsl.CommaList,
    "ids": dsl.IdList,
    "names": list[str],
    "numbers": list[int],
    "choice": Literal["a", "b"],
    "level": Literal[10, 20],
    "id_or_any": int | Literal["None", "Any"],
    "number_or_text": int | str,
    "ids_or_any": dsl.IdList | Literal["None", "Any"],
    "hash": dict[str, Any],
    "anything": Any,
    "file": dsl.File,
    "optional": int | None,
}


@pytest.mark.parametrize(
    ("kind", "sent", "read"),
    [
        (str, "x", "x"),
        (str, 5, "5"),
        (str, 1.5, "1.5"),
        (str, True, "true"),
        (str, "", ""),
        (str, None, None),
        (int, "42", 42),
        (int, " -7 ", -7),
        (int, 42, 42),
        (int, 42.0, 42),
        (int, "", None),
        (int, "4.5", "4.5"),
        (int, "٣", "٣"),
        (int, [1], [1]),
        (float, "1.5", 1.5),
        (float, "2", 2.0),
        (float, 2, 2),
        (float, "", None),
        (float, "nan", "nan"),
        (float, "1e999", "1e999"),
        (bool, "true", True),
        (bool, "T", True),
        (bool, 1, True),
        (bool, "on", True),
        (bool, "false", False),
        (bool, 0, False),
        (bool, "off", False),
        (bool, "", None),
        (bool, "maybe", "maybe"),
        (bool, [], []),
        (dsl.Timestamp, "2024-05-01T09:00:00+02:00", "2024-05-01T07:00:00.000Z"),
        (dsl.Timestamp, "2024-05-01", "2024-05-01T00:00:00.000Z"),
        (dsl.Timestamp, "", None),
        (dsl.Timestamp, "soon", "soon"),
        (dsl.Timestamp, 0, 0),
        (dsl.Timestamp, 5, 5),
        (dsl.Timestamp, "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        (dsl.Timestamp, "2024-05-01T09:00:00 05:30", "2024-05-01T09:00:00.000Z"),
        (dsl.Timestamp, "2024-05-01T09:00:00.250 0530", "2024-05-01T09:00:00.250Z"),
        (dsl.Timestamp, "2024-05-01 09:00", "2024-05-01T09:00:00.000Z"),
        (dsl.Date, "2024-05-01T23:00:00Z", "2024-05-01"),
        (dsl.Date, "", None),
        (dsl.Date, {}, {}),
        (dsl.CommaList, "bug, ui ,,x", ["bug", "ui", "x"]),
        (dsl.CommaList, ["bug", 5], ["bug", "5"]),
        (dsl.CommaList, "", []),
        (dsl.OneOrMore, "a,b", ["a,b"]),
        (dsl.OneOrMore, ["a", "b"], ["a", "b"]),
        (dsl.OneOrMore, {"0": "a", "1": "b"}, ["a", "b"]),
        (dsl.OneOrMore, 5, ["5"]),
        (dsl.OneOrMore, "", None),
        (dsl.IdList, "1,2", [1, 2]),
        (dsl.IdList, "7", [7]),
        (dsl.IdList, 7, []),
        (dsl.IdList, [""], []),
        (dsl.IdList, ["x", "3x", None, 4.5, True], [0, 3, 4, 0]),
        (dsl.IdList, {"0": "1"}, []),
        (dsl.CommaList, ["a,b", " c ", None, True], ["a", "b", "c", "true"]),
        (dsl.CommaList, {"0": "a"}, []),
        (int, 1.9, 1),
        (dsl.IdList, ["1", 2], [1, 2]),
        (list[int], ["1", "x"], [1, "x"]),
        (list[int], "", None),
        (Literal["a", "b"], "a", "a"),
        (Literal[10, 20], "10", 10),
        (int | Literal["None", "Any"], "5", 5),
        (int | Literal["None", "Any"], "Any", "Any"),
        (int | Literal["None", "Any"], "some", "some"),
        (int | str, "x5", "x5"),
        (int | None, "5", 5),
        (dict[str, Any], {"a": 1}, {"a": 1}),
        (Any, [1, "x"], [1, "x"]),
    ],
)
def test_a_value_is_read_as_leniently_as_by_grape(kind: Any, sent: Any, read: Any) -> None:
    found = coercer(kind)(sent)
    assert found == read
    assert type(found) is type(read)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
NEAR = st.sampled_from(
    ["", " ", "1", "-0", "true", "Any", "none", "2024-05-01", "9999-12-31T23:59:59-12:00", "1,2", "a"]
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(TYPES)), value=JSON | NEAR)
def test_reading_never_fails_and_is_settled_at_once(kind: str, value: Any) -> None:
    read = coercer(TYPES[kind])
    assert read(read(value)) == read(value)


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(TypeError, match="<class 'bytes'> is no type for a parameter"):
        type_schema(bytes)
