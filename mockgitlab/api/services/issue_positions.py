"""The place of issues in lists that people order by hand.

Source: GitLab's lib/gitlab/relative_positioning.
"""

from mockgitlab import dsl
from mockgitlab.api.models.issue import Issue

GAP = 1_000


def place(store: dsl.Store, issue: Issue, after: Issue | None, before: Issue | None) -> Issue:
    """Put an issue right after one and before another, of which either may be missing; neither is touched otherwise."""
    for neighbour in (after, before):
        if neighbour is not None and neighbour.relative_position is None:
            _put(store, neighbour, _last(store, issue) + GAP)
    position = _between(store, issue, after and store.fresh(after), before and store.fresh(before))
    if position is None:
        _spread(store, issue)
        position = _between(store, issue, after and store.fresh(after), before and store.fresh(before)) or 0
    return _put(store, issue, position)


def _put(store: dsl.Store, issue: Issue, position: int) -> Issue:
    return store.update(issue, relative_position=position, updated_at=issue.updated_at)


def _placed(store: dsl.Store, project_id: int) -> list[Issue]:
    """Return the issues of a project that have a place, in order."""
    found = (
        store[Issue].where(project_id=project_id).filter(lambda issue: issue.relative_position is not None, "placed")
    )
    return sorted(found, key=lambda issue: issue.relative_position or 0)


def _last(store: dsl.Store, issue: Issue) -> int:
    placed = _placed(store, issue.project_id)
    return placed[-1].relative_position or 0 if placed else 0


def _between(store: dsl.Store, issue: Issue, after: Issue | None, before: Issue | None) -> int | None:
    """Return a free place, nothing where there is no room."""
    neighbour = after or before
    places = [
        one.relative_position or 0
        for one in _placed(store, neighbour.project_id if neighbour else issue.project_id)
        if one.id != issue.id
    ]
    if after is not None:
        low = after.relative_position or 0
        high = min((place for place in places if place > low), default=low + 2 * GAP)
    else:
        high = (before.relative_position if before else None) or 0
        low = max((place for place in places if place < high), default=high - 2 * GAP)
    return (low + high) // 2 if high - low > 1 else None


def _spread(store: dsl.Store, issue: Issue) -> None:
    for number, one in enumerate(_placed(store, issue.project_id), 1):
        _put(store, one, number * GAP)
