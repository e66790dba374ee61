"""Issue boards in scenarios, below projects and groups: ``{name: Work, lists: [{label: bug}, {assignee: ada}]}``."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.board import Board, BoardList, lists_of
from mockgitlab.api.seeds.owned import OWNERS

KINDS = {"label": "Label", "milestone": "Milestone", "iteration": "Iteration", "assignee": "User"}
"""What a list may be of."""
NAME: dict[str, Any] = {"type": ["string", "integer"]}


def seed_list(seeding: dsl.Seeding, columns: dict[str, Any], extras: dict[str, Any], parents: dsl.Parents) -> BoardList:
    """Make a list of a board, behind the others."""
    given = [key for key in KINDS if key in extras]
    if len(given) != 1:
        seeding.problem(given[-1] if given else "label", f"a list is of one thing: {', '.join(KINDS)}")
        return seeding.store.insert(BoardList(**columns))
    found = seeding.resolve(KINDS[given[0]], extras[given[0]], parents, given[0])
    column = "user_id" if given[0] == "assignee" else f"{given[0]}_id"
    position = len(lists_of(seeding.store, parents[-1]))
    return seeding.store.insert(BoardList(**columns, position=position, **{column: found and found.id}))


BOARDS = dsl.Collection("boards", Board, OWNERS)
BOARD_LISTS = dsl.Collection(
    "lists", BoardList, {Board: lambda board: {"board_id": board.id}}, seed_list, extras=dict.fromkeys(KINDS, NAME)
)
