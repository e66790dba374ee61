"""Issue boards of projects and groups, and their lists.

Source: https://docs.gitlab.com/api/boards/, https://docs.gitlab.com/api/group_boards/ and GitLab's
lib/api/entities/board.rb, lib/api/entities/list.rb and what ee/lib/ee/api/entities adds.
"""

from collections.abc import Callable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.group import BASIC_GROUP, Group
from mockgitlab.api.models.iteration import ITERATION, Iteration
from mockgitlab.api.models.label import LABEL_BASIC, Label
from mockgitlab.api.models.milestone import MILESTONE, Milestone
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import BASIC_PROJECT
from mockgitlab.api.models.user import USER_BASIC, USER_SAFE, User

KINDS = {"label_id": 1, "user_id": 3, "milestone_id": 4, "iteration_id": 5}
"""What a list is of, and where GitLab puts lists of this type among the others."""
SPECIAL_MILESTONES = {0: "No Milestone", -1: "Any Milestone", -2: "Upcoming", -3: "Started"}


class Board(dsl.Entity):
    """A board; it belongs to a project or to a group. The rest says to which issues it is narrowed."""

    natural = "name"

    id: int = dsl.serial()
    name: str = dsl.required("The name of the board")
    hide_backlog_list: bool = dsl.optional("Whether the list of open issues is hidden", default=False)
    hide_closed_list: bool = dsl.optional("Whether the list of closed issues is hidden", default=False)
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    milestone_id: int | None = dsl.reference("Milestone", "The milestone of its issues")
    assignee_id: int | None = dsl.reference("User", "Whom its issues are assigned to")
    label_ids: tuple[int, ...] = dsl.references("Label", "The labels of its issues")
    weight: int | None = dsl.optional("The weight of its issues")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


class BoardList(dsl.Entity):
    """A list of a board: the issues with a label, of a milestone or an iteration, or assigned to a user."""

    id: int = dsl.serial()
    board_id: int = dsl.parent("Board")
    label_id: int | None = dsl.parent("Label")
    user_id: int | None = dsl.parent("User")
    milestone_id: int | None = dsl.parent("Milestone")
    iteration_id: int | None = dsl.parent("Iteration")
    position: int = dsl.readonly(default=0)
    max_issue_count: int = dsl.readonly(default=0, edition="ee")
    max_issue_weight: int = dsl.readonly(default=0, edition="ee")
    limit_metric: str | None = dsl.readonly(edition="ee")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @property
    def rank(self) -> int:
        """Where lists of its type stand among those of other types."""
        return next((rank for column, rank in KINDS.items() if getattr(self, column) is not None), 0)


def lists_of(store: dsl.Store, board: Board) -> list[BoardList]:
    """Return the lists of a board in their order, those of labels first."""
    return sorted(store[BoardList].having("board_id", board.id), key=lambda one: (one.rank, one.position, one.id))


def lists_with(store: dsl.Store, **equal: Any) -> list[BoardList]:
    """Return the lists of something, which go or change with it: ``lists_with(store, label_id=1)``."""
    return list(store[BoardList].where(**equal))


def _target(column: str, kind: type[dsl.Entity], shape: dsl.Shape) -> Callable[[BoardList, dsl.View], Any]:
    def show(one: BoardList, view: dsl.View) -> Any:
        id = getattr(one, column)
        return dsl.OMIT if id is None else view.one(shape, view.store[kind].get(id))

    return show


def _in_ee(read: Callable[[Board, dsl.View], Any]) -> Callable[[Board, dsl.View], Any]:
    return lambda board, view: read(board, view) if view.store.settings.edition == "ee" else dsl.OMIT


def _milestone(board: Board, view: dsl.View) -> Any:
    if board.milestone_id in SPECIAL_MILESTONES:
        return {"title": SPECIAL_MILESTONES[board.milestone_id]}
    return view.one(MILESTONE, view.store[Milestone].get(board.milestone_id))


BOARD_LIST = (
    BoardList.shape("id", name="List")
    .plus(label=lambda one, view: view.one(LABEL_BASIC, view.store[Label].get(one.label_id)))
    .plus("position", entity=BoardList)
    .plus(
        milestone=_target("milestone_id", Milestone, MILESTONE),
        assignee=_target("user_id", User, USER_SAFE),
        iteration=_target("iteration_id", Iteration, ITERATION),
    )
    .plus("max_issue_count", "max_issue_weight", "limit_metric", entity=BoardList)
)
BOARD = (
    Board.shape("id", "name", "hide_backlog_list", "hide_closed_list")
    .plus(
        project=lambda board, view: view.one(BASIC_PROJECT, view.store[Project].get(board.project_id)),
        lists=lambda board, view: view.many(BOARD_LIST, lists_of(view.store, board)),
        group=_in_ee(lambda board, view: view.one(BASIC_GROUP, view.store[Group].get(board.group_id))),
        milestone=_in_ee(_milestone),
        assignee=_in_ee(lambda board, view: view.one(USER_BASIC, view.store[User].get(board.assignee_id))),
        labels=_in_ee(lambda board, view: view.many(LABEL_BASIC, [view.store[Label][one] for one in board.label_ids])),
    )
    .plus(weight=_in_ee(lambda board, view: board.weight))
)
