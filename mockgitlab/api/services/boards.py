"""Making, narrowing and deleting issue boards, and making, moving and deleting their lists.

Source: GitLab's app/services/boards and ee/app/services/ee/boards.
"""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.board import SPECIAL_MILESTONES, Board, BoardList, lists_of
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.iteration import Iteration, groups_of
from mockgitlab.api.models.label import find_or_create_labels, labels_of
from mockgitlab.api.models.milestone import milestones_of
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.user import User
from mockgitlab.api.services.members import all_members
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import BadRequest
from mockgitlab.store import Query

NO_NAME = '400 Bad request - Failed to save board {:name=>["can\'t be blank"]}'
COLUMNS = {
    "label_id": "label_id",
    "milestone_id": "milestone_id",
    "iteration_id": "iteration_id",
    "assignee_id": "user_id",
}
"""The parameters that say what a new list is of, and where that is kept."""
NAMES = {"label_id": "Label", "milestone_id": "Milestone", "iteration_id": "Iteration", "user_id": "User"}


class NotThere(BadRequest):
    """What a list is to be of is not there."""


class Taken(BadRequest):
    """What a list is to be of has one already."""


def boards_of(store: dsl.Store, at: Project | Group) -> Query[Board]:
    """Return the boards of a project or group."""
    return store[Board].where(**tied_to(at))


def update(call: dsl.Call, at: Project | Group, board: Board, given: dsl.Given) -> Board:
    """Rename a board, hide its outer lists, and in the enterprise edition narrow it to some issues."""
    if "name" in given and not (given["name"] or "").strip():
        raise BadRequest(NO_NAME, reason="the name is blank")
    columns = given.only("name", "hide_backlog_list", "hide_closed_list")
    if call.settings.edition == "ee":
        columns |= _narrowing(call, at, given)
    return call.store.update(board, **columns)


def _narrowing(call: dsl.Call, at: Project | Group, given: dsl.Given) -> dict[str, Any]:
    columns = given.only("weight")
    if "assignee_id" in given:
        user = call.store[User].get(given["assignee_id"])
        columns["assignee_id"] = user and user.id
    if "milestone_id" in given:
        wanted = given["milestone_id"]
        known = wanted in SPECIAL_MILESTONES or milestones_of(call.store, at).where(id=wanted).exists()
        columns["milestone_id"] = wanted if known else None
    if "labels" in given:
        columns["label_ids"] = find_or_create_labels(call, at, given["labels"] or ())
    return columns


def delete(store: dsl.Store, at: Project | Group, board: Board) -> None:
    """Delete a board with its lists; the last one of a project or group stays, without a word."""
    if boards_of(store, at).count() > 1:
        remove(store, board)


# Lists


def create_list(call: dsl.Call, at: Project | Group, board: Board, given: dsl.Given) -> BoardList:
    """Insert a list behind the others; raises ``BadRequest`` for what is not there or has a list already."""
    name = next(name for name in COLUMNS if given.get(name) is not None)
    column, id = COLUMNS[name], given[name]
    if not _is_available(call.store, at, column, id):
        text = f"{name.removesuffix('_id').capitalize()} not found"
        raise NotThere({"error": text}, reason=f"{at.full_path} has no such {name}")
    lists = lists_of(call.store, board)
    if any(getattr(one, column) == id for one in lists):
        raise Taken({"error": f"{NAMES[column]} has already been taken"}, reason=f"board {board.id} has a list of it")
    position = max((one.position + 1 for one in lists), default=0)
    return call.store.insert(BoardList(board_id=board.id, position=position, **{column: id}))


def refusal(text: str, reason: str) -> BadRequest:
    """Return the error in which GitLab tells what is wrong with a list."""
    return BadRequest({"error": text}, reason=reason)


def _is_available(store: dsl.Store, at: Project | Group, column: str, id: int) -> bool:
    if column == "label_id":
        return labels_of(store, at).where(id=id).exists()
    if column == "milestone_id":
        return milestones_of(store, at).where(id=id).exists()
    if column == "iteration_id":
        groups = [group.id for group in groups_of(store, at)]
        return store[Iteration].all().among("group_id", groups).where(id=id).exists()
    around = [at, *descendants(store, at)] if isinstance(at, Group) else [at]
    return any(member.user_id == id for one in around for member in all_members(store, one))


def move(store: dsl.Store, board: Board, moved: BoardList, position: int) -> BoardList:
    """Put a list where another stands; those between make room. Raises ``BadRequest`` where there is no place."""
    lists, old = lists_of(store, board), moved.position
    if position == old or not 0 <= position <= max(one.position for one in lists):
        raise refusal("List could not be moved!", f"position is {position}, the list stands at {old} of {len(lists)}")
    step = 1 if position < old else -1
    low, high = sorted((position, old))
    for one in lists:
        if one != moved and low <= one.position <= high:
            store.update(one, position=one.position + step)
    return store.update(moved, position=position)


def delete_list(store: dsl.Store, board: Board, deleted: BoardList) -> None:
    """Delete a list; those behind it close up."""
    store.delete(deleted)
    for one in lists_of(store, board):
        if one.position > deleted.position:
            store.update(one, position=one.position - 1)
