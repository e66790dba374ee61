"""GitLab's language of conditions."""

import pytest

from mockgitlab.ci_config.expressions import is_expression, truthful

VARIABLES = {"A": "main", "B": "feature/x", "EMPTY": "", "SPACE": " ", "FALSE": "false", "RE": "/^ma/", "N": "null"}
HOLD = [
    "$A",
    "$FALSE",
    '$A == "main"',
    "$A == 'main'",
    '"main" == $A',
    "$MISSING == null",
    "$EMPTY != null",
    '$EMPTY == ""',
    "$N != null",
    '$A != "other"',
    "$A =~ /^ma/",
    "$A =~ /^MA/i",
    r"$B =~ /^feature\/[a-z]+$/",
    "$A !~ /xx/",
    "$MISSING !~ /xx/",
    "$A =~ $RE",
    "$B !~ $RE",
    "$A =~ 'the main branch'",
    "$MISSING =~ /^$|xx/",
    "$A && $B",
    "$MISSING || $A",
    "$MISSING && $MISSING || $A",
    "$A || $A && $MISSING",
    "$A && ($MISSING || $B)",
    "($A == 'main') && (($B =~ /feature/))",
    "$A == 'main' && $B == 'feature/x' || $MISSING",
    "  $A  ==\n 'main'  ",
    "$A =~ /ma(?P<rest>in)/",
    "$A =~ /ma(?<rest>in)$/",
    "$A =~ /m[[:alpha:]]in/",
    "$A =~ /m[[a]in/",
]
FAIL = [
    "$MISSING",
    "$EMPTY",
    "$SPACE",
    "null",
    '$A == "mai"',
    "$A == null",
    "$MISSING =~ $MISSING",
    "$A =~ /^in/",
    "$A !~ /main/",
    "$A =~ $MISSING",
    "$MISSING && $A",
    "$A && $EMPTY",
    "$MISSING || $EMPTY",
    "$A =~ ($A == $B)",
]
NONE = [
    "",
    "  ",
    "main",
    "$A ==",
    "== $A",
    "$A $B",
    "($A",
    "$A)",
    "()",
    "$A = 'main'",
    '$A == "main',
    "$A =~ /x",
    "$A =~ /(/",
    "$A =~ /a/",
    "$A =~ /^(?!main)/",
    r"$A =~ /(m)\1/",
    "$A & $B",
    "&& $A",
    "$A && ",
    " && ".join(["$A"] * 51),
]


@pytest.mark.parametrize("expression", HOLD)
def test_it_holds(expression: str) -> None:
    assert (is_expression(expression), truthful(expression, VARIABLES)) == (True, True)


@pytest.mark.parametrize("expression", FAIL)
def test_it_does_not_hold(expression: str) -> None:
    assert (is_expression(expression), truthful(expression, VARIABLES)) == (True, False)


@pytest.mark.parametrize("expression", [*NONE, None, 1, True, ["$A"]])
def test_it_is_no_expression(expression: object) -> None:
    assert (is_expression(expression), truthful(expression, VARIABLES)) == (False, False)


def test_a_long_chain_is_computed_once() -> None:
    assert truthful(" && ".join(["$A"] * 49), VARIABLES)
    assert not truthful(" || ".join(["$MISSING"] * 49), VARIABLES)
