"""Issue boards through python-gitlab."""

from typing import Any

import gitlab

from tests.clients.python_gitlab_rig import refused


def test_a_board_is_made_filled_and_deleted(ada: Any, rocket: Any) -> None:
    rocket.boards.create({"name": "First"})
    board = rocket.boards.create({"name": "Work"})
    bug = next(one for one in rocket.labels.list(all=True) if one.name == "bug")
    first = board.lists.create({"label_id": bug.id})
    second = board.lists.create({"assignee_id": ada.users.list(username="ada")[0].id})
    second.position = 0
    second.save()
    assert [(one.id, one.position) for one in board.lists.list(all=True)] == [(first.id, 1), (second.id, 0)]
    second.delete()
    board.name = "Bugs"
    board.save()
    assert [one.name for one in rocket.boards.list(all=True)] == ["First", "Bugs"]
    assert refused(gitlab.GitlabCreateError, board.lists.create, {"label_id": bug.id})[0] == 400
    board.delete()
    assert refused(gitlab.GitlabGetError, rocket.boards.get, board.id) == (404, "404 Not found")


def test_a_group_has_boards(ada: Any) -> None:
    group = ada.groups.get("acme")
    board = group.boards.create({"name": "All"})
    assert group.boards.get(board.id).group["name"] == "Acme"
