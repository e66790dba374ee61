import pytest

from mockgitlab import dsl
from mockgitlab.dsl.validation import ParamSet
from mockgitlab.errors import InvalidParameters

PARAMS = ParamSet(
    [dsl.param("color"), dsl.param("priority", int), dsl.param("archived", bool, since="18.3")],
    [dsl.at_least_one_of("color", "priority", "archived")],
)


def test_a_parameter_of_a_later_version_is_ignored() -> None:
    sent = {"color": "red", "archived": "true"}
    assert PARAMS.of_release((18, 3, 0)).read(sent) == {"color": "red", "archived": True}
    assert PARAMS.of_release((17, 5, 0)).read(sent) == {"color": "red"}


def test_a_constraint_names_no_parameter_of_a_later_version() -> None:
    with pytest.raises(InvalidParameters) as refused:
        PARAMS.of_release((17, 5, 0)).read({"archived": True})
    assert refused.value.message == "color, priority are missing, at least one parameter must be provided"


def test_null_counts_as_sent() -> None:
    assert PARAMS.of_release((17, 5, 0)).read({"priority": None}) == {"priority": None}


def test_parameters_of_every_version_need_no_copy() -> None:
    params = ParamSet([dsl.param("color")])
    assert params.of_release((17, 5, 0)) is params


def test_a_parameter_that_must_not_be_empty_may_be_left_out() -> None:
    params = ParamSet([dsl.param("body"), dsl.param("hidden", bool)], [dsl.not_empty("body", "hidden")])
    assert params.read({"hidden": False}) == {"hidden": False}
    for sent in ({"body": ""}, {"body": None}):
        with pytest.raises(InvalidParameters) as refused:
            params.read(sent)
        assert refused.value.message == "body is empty"
