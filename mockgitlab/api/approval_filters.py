"""How lists of merge requests are narrowed by who approved and who may.

Source: https://docs.gitlab.com/api/merge_requests/#list-merge-requests and GitLab's
app/finders/merge_requests_finder/.
"""

from collections.abc import Iterable

from mockgitlab import dsl
from mockgitlab.api.issuable_filters import without
from mockgitlab.api.models.approval import Approval
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.user import User
from mockgitlab.api.services.approvals import is_approved, rules_for
from mockgitlab.errors import InvalidParameters
from mockgitlab.store import Query

MergeRequests = Query[MergeRequest]
NAMES_AT_MOST = 5


def _approved_ids(store: dsl.Store) -> set[int]:
    return {one.merge_request_id for one in store[Approval].all()}


def _by_none_or_any(query: MergeRequests, word: str, found: set[int]) -> MergeRequests:
    return without(query, "id", found) if word == "none" else query.among("id", sorted(found))


def _by_approvers(query: MergeRequests, value: list[str], call: dsl.Call) -> MergeRequests:
    word = _word(value)
    if word:
        return _by_none_or_any(query, word, _approved_ids(call.store))
    return _approved_by_all(query, _ids("approved_by_ids", value), call)


def _by_approver_names(query: MergeRequests, names: list[str], call: dsl.Call) -> MergeRequests:
    if len(names) > NAMES_AT_MOST:
        told = f"approved_by_usernames is too long (maximum is {NAMES_AT_MOST})"
        raise InvalidParameters([told], reason=f"{len(names)} names were given")
    users = [call.store[User].find(folded=name.lower()) for name in names]
    return _approved_by_all(query, [user.id if user else 0 for user in users], call)


def _approved_by_all(query: MergeRequests, user_ids: Iterable[int], call: dsl.Call) -> MergeRequests:
    for user_id in user_ids:
        query = query.among("id", [one.merge_request_id for one in call.store[Approval].where(user_id=user_id)])
    return query


def _by_named(query: MergeRequests, value: list[str], call: dsl.Call) -> MergeRequests:
    """Keep the merge requests whose rules name all of these users, nobody, or anybody."""
    named = {one.id: _named(call.store, one) for one in query}
    word = _word(value)
    if word:
        return _by_none_or_any(query, word, {id for id, users in named.items() if users})
    wanted = set(_ids("approver_ids", value))
    return query.among("id", [id for id, users in named.items() if wanted <= users])


def _named(store: dsl.Store, merge_request: MergeRequest) -> set[int]:
    return {user_id for rule in rules_for(store, merge_request) for user_id in rule.user_ids}


def _by_approved(query: MergeRequests, value: str, call: dsl.Call) -> MergeRequests:
    found = {one.id for one in query if is_approved(call.store, one)}
    return query.among("id", sorted(found)) if value == "yes" else without(query, "id", found)


def _word(value: list[str]) -> str:
    return value[0].lower() if len(value) == 1 and value[0].lower() in ("none", "any") else ""


def _ids(name: str, value: list[str]) -> list[int]:
    if all(one.isascii() and one.isdigit() and len(one) < 19 for one in value):
        return [int(one) for one in value]
    raise InvalidParameters([f"{name} should be an array, 'None' or 'Any'"], reason=f"{name} was {value!r}")


APPROVED = (
    dsl.by("approved_by_ids", dsl.CommaList, "Approved by all users with these IDs, None or Any", _by_approvers),
    dsl.by("approved_by_usernames", dsl.CommaList, "Approved by all users with these names", _by_approver_names),
    dsl.by("approver_ids", dsl.CommaList, "Whose rules name all users with these IDs, None or Any", _by_named),
    dsl.by("approved", str, "Approved, or not", _by_approved, enum=("yes", "no")),
)
