"""GitLab's language of conditions: ``$CI_COMMIT_BRANCH == "main" && $TITLE !~ /draft/i``.

Source: https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions and GitLab's
lib/gitlab/ci/pipeline/expression/*.rb: what it takes for a pattern, which operator binds how, what is true.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from mockgitlab.ci_config.regular_expressions import regular_expression

TOKENS_AT_MOST = 100
Variables = Mapping[str, str]
Evaluate = Callable[[Variables], Any]
_SPACE = re.compile(r"\s+")
_PATTERN = re.compile(r"/(?:[^/]|\\/)+[^\\]/[ismU]*")
_LEXEMES = (
    ("open", re.compile(r"\(")),
    ("close", re.compile(r"\)")),
    ("variable", re.compile(r"\$(\w+)")),
    ("string", re.compile(r'"(.*?)"|\'(.*?)\'')),
    ("pattern", _PATTERN),
    ("null", re.compile("null")),
    ("==", re.compile("==")),
    ("=~", re.compile("=~")),
    ("!=", re.compile("!=")),
    ("!~", re.compile("!~")),
    ("&&", re.compile("&&")),
    ("||", re.compile(r"\|\|")),
)
_PRECEDENCE = {"==": 10, "=~": 10, "!=": 10, "!~": 10, "&&": 11, "||": 12}


class ExpressionError(Exception):
    """An expression that is none."""


class Token(NamedTuple):
    """A part of an expression: what it is, and the text of a value."""

    kind: str
    text: str = ""


def truthful(expression: Any, variables: Variables) -> bool:
    """Tell whether an expression holds; one that is none does not."""
    try:
        found = parsed(expression)(variables)
    except ExpressionError:
        return False
    return bool(found.strip()) if isinstance(found, str) else bool(found)


def is_expression(expression: Any) -> bool:
    """Tell whether a text is an expression."""
    try:
        parsed(expression)
    except ExpressionError:
        return False
    return True


def parsed(expression: Any) -> Evaluate:
    """Return what computes an expression from variables; raises ``ExpressionError`` where it is none."""
    if not isinstance(expression, str):
        raise ExpressionError("an expression is a text")
    return _parsed(expression)


@lru_cache(maxsize=1_024)
def _parsed(expression: str) -> Evaluate:
    results: list[Evaluate] = []
    for token in _in_polish_notation(_tokens(expression)):
        if token.kind in _PRECEDENCE:
            if len(results) < 2:
                raise ExpressionError(f"{token.kind} lacks an operand")
            right, left = results.pop(), results.pop()
            results.append(_operation(token.kind, left, right))
        elif token.kind == "open":
            raise ExpressionError("a parenthesis is not closed")
        else:
            results.append(_value(token))
    if len(results) != 1:
        raise ExpressionError("values without an operator" if results else "nothing to compute")
    return results[0]


def _tokens(expression: str) -> Iterator[Token]:
    place, count = 0, 0
    while True:
        space = _SPACE.match(expression, place)
        place = space.end() if space else place
        if place == len(expression):
            return
        count += 1
        kind, found = _next(expression, place)
        if count >= TOKENS_AT_MOST:
            raise ExpressionError("too many tokens")
        place = found.end()
        yield Token(
            kind, next((one for one in found.groups() if one is not None), found[0] if kind == "pattern" else "")
        )


def _next(expression: str, place: int) -> tuple[str, re.Match[str]]:
    for kind, lexeme in _LEXEMES:
        if found := lexeme.match(expression, place):
            return kind, found
    raise ExpressionError(f"nothing known begins at {expression[place : place + 20]!r}")


def _in_polish_notation(tokens: Iterator[Token]) -> list[Token]:
    """Return the tokens with every operator after its operands, by the shunting yard."""
    output: list[Token] = []
    operators: list[Token] = []
    for token in tokens:
        if token.kind in _PRECEDENCE:
            while operators and _PRECEDENCE.get(operators[-1].kind, 99) <= _PRECEDENCE[token.kind]:
                output.append(operators.pop())
            operators.append(token)
        elif token.kind == "open":
            operators.append(token)
        elif token.kind == "close":
            while operators and operators[-1].kind != "open":
                output.append(operators.pop())
            if not operators:
                raise ExpressionError("a parenthesis is not opened")
            operators.pop()
        else:
            output.append(token)
    return output + operators[::-1]


def _value(token: Token) -> Evaluate:
    if token.kind == "variable":
        return lambda variables: variables.get(token.text)
    if token.kind == "pattern":
        found = regular_expression(token.text.replace("\\/", "/"))
        if found is None:
            raise ExpressionError(f"{token.text} is no regular expression")
        return lambda variables: found
    return lambda variables: token.text if token.kind == "string" else None


def _operation(kind: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def logical(variables: Variables) -> Any:
        first = left(variables)
        return first if _present(first) is (kind == "||") else right(variables)

    if kind in ("&&", "||"):
        return logical
    if kind in ("==", "!="):
        return lambda variables: (left(variables) == right(variables)) is (kind == "==")
    return lambda variables: _fits(left(variables), right(variables), kind)


def _present(value: Any) -> bool:
    """Tell whether Ruby takes a value for true: all but nothing and false, the empty text too."""
    return value is not None and value is not False


def _fits(text: Any, wanted: Any, kind: str) -> bool:
    """Tell whether a text fits a pattern, which a variable may have as text; any other text is searched in itself."""
    if not isinstance(wanted, (str, re.Pattern)):
        return kind == "!~"
    pattern = regular_expression(wanted.replace("\\/", "/")) if isinstance(wanted, str) else wanted
    text = text if isinstance(text, str) else ""
    found = text in str(wanted) if pattern is None else bool(pattern.search(text))
    return found is (kind == "=~")
