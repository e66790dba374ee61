"""Issue boards of projects and groups, and their lists.

Source: https://docs.gitlab.com/api/boards/, https://docs.gitlab.com/api/group_boards/, GitLab's lib/api/boards.rb,
lib/api/group_boards.rb, lib/api/boards_responses.rb and what ee/lib/ee/api adds.
"""

from collections.abc import Callable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.board import BOARD, BOARD_LIST, Board, BoardList, lists_of
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.services import boards
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, MissingParameters, RecordNotFound
from mockgitlab.store import Query

PARENTS = ("projects/:id", "groups/:id")
NAME = dsl.param("name", str, "The name of the board", required=True)
UPDATE = [
    dsl.param("name", str, "The new name of the board"),
    dsl.param("hide_backlog_list", bool, "Hide the list of open issues"),
    dsl.param("hide_closed_list", bool, "Hide the list of closed issues"),
    dsl.param("assignee_id", int, "Only issues assigned to this user"),
    dsl.param("milestone_id", int, "Only issues of this milestone"),
    dsl.param("labels", dsl.CommaList, "Only issues with all of these labels"),
    dsl.param("weight", int, "Only issues of this weight"),
]
OF = [
    dsl.param("label_id", int, "The ID of a label"),
    dsl.param("milestone_id", int, "The ID of a milestone"),
    dsl.param("iteration_id", int, "The ID of an iteration"),
    dsl.param("assignee_id", int, "The ID of a user"),
]


# Who may do what


def _at(call: dsl.Call) -> Project | Group:
    return call.maybe_at(Project) or call.at(Group)


def _check_reads(call: dsl.Call) -> None:
    at = _at(call)
    if isinstance(at, Project) and not access.feature_open(call, at, "issues"):
        raise Forbidden(reason=f"the issues of {at.full_path} are closed to {access.me(call).username}")


def _check_writes(call: dsl.Call) -> None:
    _check_reads(call)
    access.AS_PLANNER_UNLESS_ARCHIVED.check(call)


READS = dsl.Rule("reader of the issues", _check_reads)
WRITES = dsl.Rule("planner", _check_writes)


@v4.locator(*(f"{one}/boards/:board_id" for one in PARENTS), integer=True)
def find_board(call: dsl.Call, value: str) -> Board:
    """Return a board of the project or group; who may not do what is asked is told so before, unless a list moves."""
    if call.operation.handler is not move_list:
        call.operation.rule.check(call)
    at = _at(call)
    found = boards.boards_of(call.store, at).where(id=int(value)).first()
    if found is None:
        raise RecordNotFound(reason=f"{at.full_path} has no board {value}")
    return found


@v4.locator(*(f"{one}/boards/:board_id/lists/:list_id" for one in PARENTS), integer=True)
def find_list(call: dsl.Call, value: str) -> BoardList:
    """Return a list of the board."""
    board, id = call.at(Board), int(value)
    found = next((one for one in lists_of(call.store, board) if one.id == id), None)
    if found is None:
        raise RecordNotFound(reason=f"board {board.id} has no list {value}")
    return found


# Boards


def list_boards(call: dsl.Call, at: Project | Group) -> Query[Board]:
    """List the issue boards of a project or group."""
    return boards.boards_of(call.store, at)


def show_board(board: Board) -> Board:
    """Show an issue board."""
    return board


def create_board(call: dsl.Call, at: Project | Group, name: str) -> Board:
    """Create an issue board; GitLab shows one without a name, and does not keep it."""
    board = Board(name=name, **tied_to(at))
    return call.store.insert(board) if name.strip() else board


def update_board(call: dsl.Call, at: Project | Group, board: Board, given: dsl.Given) -> Board:
    """Change an issue board."""
    return boards.update(call, at, board, given)


def delete_board(call: dsl.Call, at: Project | Group, board: Board) -> None:
    """Delete an issue board, unless it is the only one."""
    boards.delete(call.store, at, board)


# Lists


def list_lists(call: dsl.Call, board: Board) -> list[BoardList]:
    """List the lists of an issue board, without those of open and of closed issues."""
    return lists_of(call.store, board)


def show_list(found: BoardList) -> BoardList:
    """Show a list of an issue board."""
    return found


def create_list(call: dsl.Call, at: Project | Group, board: Board, given: dsl.Given) -> BoardList:
    """Create a list of the issues with a label; in the enterprise edition of a milestone, an iteration or a user."""
    if call.settings.edition == "ce" and given.get("label_id") is None:
        raise MissingParameters(["label_id"], reason="lists of other things are for the enterprise edition")
    return boards.create_list(call, at, board, given)


def move_list(
    call: dsl.Call, board: Board, moved: BoardList, position: Annotated[int, "The new place, counted from 0"]
) -> BoardList:
    """Move a list of an issue board."""
    return boards.move(call.store, board, moved, position)


def delete_list(call: dsl.Call, board: Board, deleted: BoardList) -> None:
    """Delete a list of an issue board."""
    boards.delete_list(call.store, board, deleted)


def _declare(parent: str, several: dict[str, Any], declare: Callable[..., Any]) -> None:
    at = f"{parent}/boards"
    one, lists = f"{at}/:board_id", f"{at}/:board_id/lists"
    declare("GET", at, rule=READS, shape=BOARD)(list_boards)
    declare("POST", at, rule=WRITES, shape=BOARD, params=[NAME], **several)(create_board)
    declare("GET", one, rule=READS, shape=BOARD)(show_board)
    declare("PUT", one, rule=WRITES, shape=BOARD, params=UPDATE, since="11.1")(update_board)
    declare("DELETE", one, rule=WRITES, **several)(delete_board)
    declare("GET", lists, rule=READS, shape=BOARD_LIST)(list_lists)
    constraints = [dsl.exactly_one_of(*boards.COLUMNS)]
    declare("POST", lists, rule=WRITES, shape=BOARD_LIST, params=OF, constraints=constraints)(create_list)
    declare("GET", f"{lists}/:list_id", rule=READS, shape=BOARD_LIST)(show_list)
    declare("PUT", f"{lists}/:list_id", rule=WRITES, shape=BOARD_LIST)(move_list)
    declare("DELETE", f"{lists}/:list_id", rule=WRITES)(delete_list)


for parent, several in zip(PARENTS, ({}, {"edition": "ee"}), strict=True):
    _declare(parent, several, v4.operation)
