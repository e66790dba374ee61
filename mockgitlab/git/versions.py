"""The order of names as versions, ``v1.9`` before ``v1.10``, as git and the C library have it.

Source: git's versioncmp.c, which is strverscmp(3): numbers are compared as numbers, unless they begin with zeros; these
are fractions, the more zeros the smaller.
"""

from functools import cmp_to_key

from mockgitlab.git.objects import bytes_of

_TEXT, _WHOLE, _FRACTION, _ZEROS = range(4)
"""In what kind of part the two names have been the same so far."""
_NEXT = {
    _TEXT: (_TEXT, _WHOLE, _ZEROS),
    _WHOLE: (_TEXT, _WHOLE, _WHOLE),
    _FRACTION: (_TEXT, _FRACTION, _FRACTION),
    _ZEROS: (_TEXT, _FRACTION, _ZEROS),
}
"""What kind the part becomes with a letter, a digit or a zero."""


def _kind(letter: int) -> int:
    return 2 if letter == ord("0") else 1 if ord("0") <= letter <= ord("9") else 0


def _digits(text: bytes, at: int) -> int:
    count = 0
    while at + count < len(text) and _kind(text[at + count]):
        count += 1
    return count


def compare(one: str, two: str) -> int:
    """Tell whether a name comes before another (less than 0), after it (more), or is the same (0)."""
    first, second, state = bytes_of(one) + b"\0", bytes_of(two) + b"\0", _TEXT
    for at, (left, right) in enumerate(zip(first, second, strict=False)):
        if left != right:
            return _decide(state, first[at:], second[at:])
        state = _NEXT[state][_kind(left)]
    return 0


def _decide(state: int, left: bytes, right: bytes) -> int:
    """Compare what is left of two names from the first letter that differs."""
    is_digit, other_is = _kind(left[0]) > 0, _kind(right[0]) > 0
    both_begin = state == _TEXT and _kind(left[0]) == _kind(right[0]) == 1
    if both_begin or (state == _WHOLE and is_digit and other_is):
        return _digits(left, 0) - _digits(right, 0) or left[0] - right[0]
    if state in (_WHOLE, _ZEROS) and is_digit != other_is:
        return 1 if is_digit is (state == _WHOLE) else -1
    return left[0] - right[0]


by_version = cmp_to_key(compare)
"""The key by which names are sorted as versions."""
