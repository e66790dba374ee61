from hypothesis import given
from hypothesis import strategies as st

from mockgitlab.api.diff_tracing import _mapped
from mockgitlab.git.lines import compare

TEXTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"d\n"]), max_size=12)


@given(TEXTS, TEXTS)
def test_a_line_that_is_followed_reads_the_same_and_comes_back(old: list[bytes], new: list[bytes]) -> None:
    hunks = compare(old, new)
    back = [(c, d, a, b) for a, b, c, d in hunks]
    reached = []
    for number, line in enumerate(old, start=1):
        there = _mapped(hunks, number)
        if there is not None:
            assert new[there - 1] == line
            assert _mapped(back, there) == number
            reached.append(there)
    assert reached == sorted(set(reached))
    assert len(old) - len(reached) == sum(b - a for a, b, _, _ in hunks)
