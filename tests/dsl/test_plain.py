from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockgitlab import dsl
from mockgitlab.api.definitions import definitions
from mockgitlab.dsl.plain import plain_test

PARAMS = list({id(param): param for one in definitions().tables["v4"] for param in one.params.params.values()}.values())
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 300),
    st.floats(allow_nan=False),
    st.text(max_size=300),
    st.lists(st.one_of(st.text(max_size=3), st.integers(), st.none()), max_size=3),
    st.sampled_from(["asc", "desc", "private", "public", "opened", "close", "enabled", "all"]),
)


@given(value=VALUES)
def test_what_is_plainly_right_is_right_by_the_schema(value: Any) -> None:
    for param in PARAMS:
        test = plain_test(param)
        if test is not None and test(value):
            assert Draft202012Validator(param.schema()).is_valid(value), (param, value)


@pytest.mark.parametrize(
    ("param", "plain", "doubtful"),
    [
        (dsl.param("title", str, max_length=3), "abc", "abcd"),
        (dsl.param("title", str, present=True), "a", ""),
        (dsl.param("page", int), 1, True),
        (dsl.param("order", str, enum=("asc", "desc")), "asc", "up"),
        (dsl.param("event", Literal["close", "reopen"]), "close", "shut"),
        (dsl.param("flag", bool | None), True, "true"),
        (dsl.param("ids", list[int]), [1, 2], [1, "2"]),
    ],
)
def test_a_quick_look_tells_the_plain_from_the_doubtful(param: dsl.Param, plain: Any, doubtful: Any) -> None:
    test = plain_test(param)
    assert test is not None
    assert test(plain)
    assert not test(doubtful)


@pytest.mark.parametrize(
    "param", [dsl.param("name", str, pattern="^a"), dsl.param("day", dsl.Date), dsl.param("weight", int, minimum=0)]
)
def test_what_takes_more_than_a_look_is_left_to_the_validator(param: dsl.Param) -> None:
    assert plain_test(param) is None
