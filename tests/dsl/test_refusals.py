"""What wrong parameters are answered with, in GitLab's two ways of saying it."""

from typing import Any, Literal

import pytest

from mockgitlab import dsl
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import ApiError, InvalidParameters, MissingParameters, ValidationFailed


def refused(params: ParamSet, **sent: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        params.read(sent)
    return caught.value


def observed(params: ParamSet, **sent: Any) -> Any:
    body = refused(params, **sent).body("observed")
    return body.get("error", body)


ISSUE = ParamSet(
    [
        dsl.param("state", Literal["opened", "closed"]),
        dsl.param("title", str, required=True, present=True, max_length=10),
        dsl.param("weight", int, minimum=0, maximum=5),
        dsl.param("name", str, required=True),
        dsl.param("ids", list[int]),
        dsl.param("color", str, pattern="^#"),
        dsl.param("kind", str, enum=("issue", "task")),
    ]
)


def test_a_missing_parameter_is_told_in_both_styles() -> None:
    refusal = refused(ISSUE, name="x")
    assert isinstance(refusal, MissingParameters)
    assert refusal.body("documented") == {"message": '400 (Bad request) "title" not given'}
    assert refusal.body("observed") == {"error": "title is missing"}
    assert refusal.reason == "required and not given: title"


def test_problems_are_told_together_in_the_order_of_declaration() -> None:
    assert observed(ISSUE, state="lost", weight="heavy") == (
        "state does not have a valid value, title is missing, weight is invalid, name is missing"
    )


def test_the_documents_name_the_first_missing_parameter_alone() -> None:
    assert refused(ISSUE, state="lost").body("documented") == {"message": '400 (Bad request) "title" not given'}


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"weight": "heavy"}, "weight is invalid"),
        ({"weight": True}, "weight is invalid"),
        ({"weight": [1]}, "weight is invalid"),
        ({"state": "lost"}, "state does not have a valid value"),
        ({"kind": "epic"}, "kind does not have a valid value"),
        ({"ids": ["1", "x", "y"]}, "ids is invalid"),
        ({"ids": "1"}, "ids is invalid"),
        ({"name": {"a": "b"}}, "name is invalid"),
        ({"name": ["a"]}, "name is invalid"),
    ],
)
def test_a_wrong_type_or_value_is_told_in_grapes_words(sent: dict[str, Any], problem: str) -> None:
    refusal = refused(ISSUE, **{"title": "t", "name": "n", **sent})
    assert isinstance(refusal, InvalidParameters)
    assert refusal.body("observed") == refusal.body("documented") == {"error": problem}


def test_the_reason_says_what_came_and_what_was_expected() -> None:
    refusal = refused(ISSUE, title="t", name="n", state="open")
    assert refusal.reason == "state was 'open'; expected one of opened, closed; the nearest is opened"


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"title": "x" * 11}, {"title": ["is too long (maximum is 10 characters)"]}),
        ({"title": ""}, {"title": ["can't be blank"]}),
        ({"title": None}, {"title": ["can't be blank"]}),
        ({"weight": -1}, {"weight": ["must be greater than or equal to 0"]}),
        ({"weight": 6}, {"weight": ["must be less than or equal to 5"]}),
        ({"color": "red"}, {"color": ["is invalid"]}),
        ({"weight": 6, "color": "red"}, {"weight": ["must be less than or equal to 5"], "color": ["is invalid"]}),
    ],
)
def test_what_the_model_refuses_is_told_by_attribute(sent: dict[str, Any], errors: Any) -> None:
    refusal = refused(ISSUE, **{"title": "t", "name": "n", **sent})
    assert isinstance(refusal, ValidationFailed)
    assert refusal.body("observed") == refusal.body("documented") == {"message": errors}


def test_the_model_is_asked_only_when_grape_finds_nothing() -> None:
    assert observed(ISSUE, title="x" * 11, name="n", weight="heavy") == "weight is invalid"


def test_null_and_empty_are_taken_where_nothing_is_required() -> None:
    assert ISSUE.read({"title": "t", "name": "n", "weight": "", "state": None, "kind": None}) == {
        "state": None,
        "title": "t",
        "weight": None,
        "name": "n",
        "kind": None,
    }


def test_what_is_not_declared_is_ignored() -> None:
    assert ISSUE.read({"title": "t", "name": "n", "more": "x"}) == {"title": "t", "name": "n"}


NESTED = ParamSet(
    [
        dsl.param("position", dict, nested=[dsl.param("base_sha", required=True), dsl.param("line", int)]),
        dsl.param(
            "actions",
            list[dict[str, Any]],
            nested=[dsl.param("action", str, required=True, enum=("create", "delete")), dsl.param("force", bool)],
        ),
    ]
)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"position": {}}, "position[base_sha] is missing"),
        ({"position": {"base_sha": "a", "line": "x"}}, "position[line] is invalid"),
        ({"position": "here"}, "position is invalid"),
        ({"actions": [{"action": "create"}, {}]}, "actions[1][action] is missing"),
        ({"actions": [{"action": "paint"}]}, "actions[0][action] does not have a valid value"),
        ({"actions": [{"action": "create", "force": "perhaps"}]}, "actions[0][force] is invalid"),
        ({"actions": ["create"]}, "actions is invalid"),
        ({"actions": {"action": "create"}}, "actions is invalid"),
    ],
)
def test_a_nested_parameter_is_named_with_its_path(sent: dict[str, Any], problem: str) -> None:
    assert observed(NESTED, **sent) == problem


TWO = [dsl.param("a"), dsl.param("b"), dsl.param("c", int)]


@pytest.mark.parametrize(
    ("constraint", "sent", "problem"),
    [
        (dsl.exactly_one_of("a", "b"), {}, "a, b are missing, exactly one parameter must be provided"),
        (dsl.exactly_one_of("a", "b"), {"a": "1", "b": "2"}, "a, b are mutually exclusive"),
        (dsl.at_least_one_of("a", "b"), {}, "a, b are missing, at least one parameter must be provided"),
        (dsl.mutually_exclusive("a", "b", "c"), {"a": "1", "c": "2"}, "a, c are mutually exclusive"),
        (dsl.all_or_none_of("a", "b"), {"a": "1"}, "a, b provide all or none of parameters"),
        (dsl.not_empty("a", "b"), {"a": " ", "b": None}, "a is empty, b is empty"),
    ],
)
def test_a_broken_constraint_is_told_in_grapes_words(constraint: Any, sent: dict[str, Any], problem: str) -> None:
    assert observed(ParamSet(TWO, [constraint]), **sent) == problem


@pytest.mark.parametrize(
    ("constraint", "sent"),
    [
        (dsl.exactly_one_of("a", "b"), {"b": None}),
        (dsl.at_least_one_of("a", "b"), {"a": "1", "b": "2"}),
        (dsl.mutually_exclusive("a", "b"), {}),
        (dsl.mutually_exclusive("a", "b"), {"a": ""}),
        (dsl.all_or_none_of("a", "b"), {}),
        (dsl.all_or_none_of("a", "b"), {"a": "1", "b": "2"}),
        (dsl.not_empty("a", "c"), {"c": 0, "a": "x"}),
    ],
)
def test_a_kept_constraint_lets_pass(constraint: Any, sent: dict[str, Any]) -> None:
    assert ParamSet(TWO, [constraint]).read(sent).keys() == sent.keys()


def test_broken_constraints_are_told_after_wrong_values() -> None:
    params = ParamSet(TWO, [dsl.exactly_one_of("a", "b"), dsl.not_empty("a")])
    assert observed(params, c="x") == "c is invalid, a, b are missing, exactly one parameter must be provided"


def test_a_constraint_on_later_parameters_alone_does_not_hold_before() -> None:
    params = ParamSet([dsl.param("a", since="18.0"), dsl.param("b", since="18.0")], [dsl.exactly_one_of("a", "b")])
    assert params.of_release((17, 5, 0)).read({}) == {}


def test_all_or_none_counts_the_parameters_of_this_version() -> None:
    params = ParamSet([*TWO, dsl.param("d", since="18.0")], [dsl.all_or_none_of("a", "b", "d")])
    assert params.of_release((17, 5, 0)).read({"a": "1", "b": "2"}) == {"a": "1", "b": "2"}


def test_the_schema_of_all_parameters_is_one_object() -> None:
    from jsonschema import Draft202012Validator

    schema = ISSUE.schema()
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == ["title", "name"]
    assert schema["properties"]["weight"] == {"type": ["integer", "null"], "minimum": 0, "maximum": 5}
