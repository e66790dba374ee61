"""What the values of a configuration may be, and what GitLab says of those that are not.

A check returns what is wrong with a value, nothing where it is fine. Source: GitLab's
lib/gitlab/config/entry/validators.rb.
"""

from collections.abc import Callable, Container, Iterator
from typing import Any

from mockgitlab.ci_config.durations import WEEK, seconds
from mockgitlab.ci_config.expressions import is_expression
from mockgitlab.ci_config.regular_expressions import is_written, regular_expression

NESTED_AT_MOST = 10
NESTED = f"should be a string or a nested array of strings up to {NESTED_AT_MOST} levels deep"
Check = Callable[[Any], str]
BLANK = "can't be blank"


def a(kind: type, message: str) -> Check:
    """Return the check that a value is of a type."""
    return lambda value: "" if isinstance(value, kind) else message


HASH, ARRAY = a(dict, "should be a hash"), a(list, "should be an array")
STRING, BOOLEAN = a(str, "should be a string"), a(bool, "should be a boolean value")


def strings(value: Any) -> str:
    """Tell that a value must be a list of texts."""
    return "" if _all_strings(value) else "should be an array of strings"


def _all_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def script(value: Any) -> str:
    """Tell that commands must be a text, or lists of texts within bounds."""
    return "" if isinstance(value, str) or nested(value, str, NESTED_AT_MOST) else NESTED


def nested(value: Any, kind: type, levels: int) -> bool:
    """Tell whether a value is a list of a type, or of such lists, within so many levels."""
    if not isinstance(value, list) or levels < 1:
        return False
    return all(isinstance(one, kind) or nested(one, kind, levels - 1) for one in value)


def nested_rules(value: Any) -> str:
    """Tell that rules must be a list of mappings, or of such lists."""
    fine = nested(value, dict, NESTED_AT_MOST)
    return "" if fine else "should be an array containing hashes and arrays of hashes"


def hash_or_boolean(value: Any) -> str:
    """Tell that a value must be a mapping or a truth value."""
    return "" if isinstance(value, (dict, bool)) else "should be a hash or a boolean value"


def refs(value: Any) -> str:
    """Tell that refs must be texts, those in slashes regular expressions."""
    good = _all_strings(value) and all(not is_written(one) or regular_expression(one) for one in value)
    return "" if good else "should be an array of strings or regular expressions using re2 syntax"


def expression(value: Any) -> str:
    """Tell that a text is no expression."""
    return "" if is_expression(value) else "invalid expression syntax"


def expressions(value: Any) -> str:
    """Tell that a value must be a list of texts, each an expression."""
    wrong = strings(value)
    return wrong or next((told for one in value if (told := expression(one))), "")


def duration(value: Any) -> str:
    """Tell that a value is no duration, or one of more than a week."""
    found = seconds(value)
    return "should be a duration" if found is None else "should not exceed the limit" if found > WEEK else ""


def one_of(*values: str) -> Check:
    """Return the check that a value is one of these."""
    return lambda value: "" if isinstance(value, str) and value in values else f"should be one of: {', '.join(values)}"


def known(*values: str) -> Check:
    """Return the check that a value is one of these, which names the other one."""
    return lambda value: "" if str(value) in values else f"unknown value: {value}"


def unknown_keys(value: Any, allowed: Container[str]) -> str:
    """Tell which keys a mapping must not have."""
    wrong = [str(key) for key in value if str(key) not in allowed] if isinstance(value, dict) else []
    return f"contains unknown keys: {', '.join(wrong)}" if wrong else ""


def together(value: dict[Any, Any], *names: str) -> str:
    """Tell that keys of a mapping exclude one another."""
    given = [name for name in value if name in names]
    return f"these keys cannot be used together: {', '.join(given)}" if len(given) > 1 else ""


class At:
    """The place of an entry, ``jobs:test:rules``, which its problems are told with."""

    def __init__(self, place: str, value: Any) -> None:
        self.place = place
        self.value = value

    def below(self, name: str, value: Any) -> "At":
        """Return the place of an entry in this one."""
        return At(f"{self.place}:{name}", value)

    def told(self, message: str, attribute: str = "config") -> Iterator[str]:
        """Yield a problem as GitLab tells it; nothing where there is none."""
        if message:
            yield f"{self.place} {attribute.replace('_', ' ')} {message}".lower()

    def each(self, **wanted: Check) -> Iterator[str]:
        """Yield the problems of values by their keys, of those that are given."""
        for name, check in wanted.items():
            if self.value.get(name) is not None:
                yield from self.told(check(self.value[name]), name)
