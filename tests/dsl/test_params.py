from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from mockgitlab import dsl
from mockgitlab.dsl.params import of_field, of_signature
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import ApiError
from tests.dsl.test_kinds import JSON, NEAR, TYPES

EVERY = ParamSet([dsl.param(name, kind) for name, kind in TYPES.items()])
STRICT = ParamSet(
    [
        dsl.param("text", str, required=True, present=True, max_length=3),
        dsl.param("count", int, required=True, minimum=1, maximum=5),
        dsl.param("choice", Literal["a", "b"], required=True),
        dsl.param("ids", dsl.IdList, required=True),
    ],
    [dsl.mutually_exclusive("text", "count"), dsl.not_empty("choice")],
)


@settings(max_examples=300, deadline=None)
@given(sent=st.dictionaries(st.sampled_from(sorted(TYPES)), JSON | NEAR, max_size=5), strict=st.booleans())
def test_whatever_is_sent_is_taken_or_refused(sent: dict[str, Any], strict: bool) -> None:
    params = STRICT if strict else EVERY
    problem = answer_to(params, sent)
    assert problem is None or (problem.status == 400 and problem.body("observed") and problem.reason)


def answer_to(params: ParamSet, sent: dict[str, Any]) -> ApiError | None:
    try:
        params.read(sent)
    except ApiError as refused:
        return refused
    return None


def test_nested_parameters_are_read_too() -> None:
    action = dsl.param("actions", list[dict[str, Any]], nested=[dsl.param("force", bool), dsl.param("path")])
    numbered = {"10": {"path": "b"}, "2": {"force": "1"}}
    assert action.coerce(numbered) == [{"force": True}, {"path": "b"}]
    assert dsl.param("action", dict, nested=[dsl.param("force", bool)]).coerce({"0": {"force": "1"}}) == {
        "0": {"force": "1"}
    }
    assert action.coerce([{"force": "true", "path": 5, "more": "1"}]) == [{"force": True, "path": "5", "more": "1"}]
    assert action.coerce("") is None


class Thing(dsl.Entity):
    id: int = dsl.serial()
    name: str = dsl.required("The name", max_length=5, since="16.0")
    size: int = dsl.optional("The size", default=3, minimum=1)


def test_a_field_makes_a_parameter_with_its_type_and_limits() -> None:
    made = of_field(Thing.fields["name"], required=True)
    assert (made.name, made.type, made.description) == ("name", str, "The name")
    assert (made.required, made.since, made.constraints.max_length) == (True, "16.0", 5)


def test_a_fields_default_is_left_to_the_record() -> None:
    assert ParamSet([of_field(Thing.fields["size"], required=False)]).read({}) == {}


def test_an_argument_makes_a_parameter() -> None:
    from typing import Annotated

    limits = dsl.Constraints(minimum=1)
    made = of_signature("to", Annotated[int, "The target", limits], dsl.MISSING)
    assert (made.type, made.description, made.required, made.constraints) == (int, "The target", True, limits)
    assert of_signature("to", int, 3).default == 3


def test_given_parameters_can_be_picked() -> None:
    given = dsl.Given(a=1, b=None, c=3)
    assert given.only("a", "b", "z") == {"a": 1, "b": None}
    assert given.without("a") == {"b": None, "c": 3}


def test_the_choices_of_one_list_are_not_those_of_another() -> None:
    limited = dsl.param("words", dsl.CommaList, enum=("a", "b")).schema()
    assert limited["items"] == {"type": "string", "enum": ["a", "b"]}
    assert dsl.param("words", dsl.CommaList).schema()["items"] == {"type": "string"}
