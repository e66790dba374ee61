"""How to-do items are shown. Source: https://docs.gitlab.com/api/todos/ and GitLab's lib/api/entities/todo.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.epic import EPIC_LISTED
from mockgitlab.api.models.event import record
from mockgitlab.api.models.group import NAMESPACE_BASIC, Group, web_url
from mockgitlab.api.models.issue import ISSUE, ISSUE_LISTED
from mockgitlab.api.models.merge_request_shapes import MERGE_REQUEST, MERGE_REQUEST_LISTED
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import PROJECT_IDENTITY, Project
from mockgitlab.api.models.todo import Todo
from mockgitlab.api.models.user import USER_BASIC, User

TARGETS = {
    "Issue": ISSUE,
    "MergeRequest": MERGE_REQUEST,
    "Epic": EPIC_LISTED,
    "Project": PROJECT_IDENTITY,
    "Namespace": NAMESPACE_BASIC,
}
"""The shape of each type of target where one to-do item is shown."""
LISTED_TARGETS = {**TARGETS, "Issue": ISSUE_LISTED, "MergeRequest": MERGE_REQUEST_LISTED}
"""The same, where many are."""


def target_of(store: dsl.Store, todo: Todo) -> Any:
    """Return the record that a to-do item is about, ``None`` when it is gone."""
    return record(store, "Group" if todo.target_type == "Namespace" else todo.target_type, todo.target_id)


def _project(todo: Todo, view: dsl.View) -> Any:
    project = view.store[Project].get(todo.project_id)
    return view.one(PROJECT_IDENTITY, project) if project else dsl.OMIT


def _group(todo: Todo, view: dsl.View) -> Any:
    group = view.store[Group].get(todo.group_id)
    return view.one(NAMESPACE_BASIC, group) if group else dsl.OMIT


def _target(shapes: dict[str, dsl.Shape]) -> Any:
    def show(todo: Todo, view: dsl.View) -> Any:
        target, shape = target_of(view.store, todo), shapes.get(todo.target_type)
        return view.one(shape, target) if shape else None

    return show


def _target_url(todo: Todo, view: dsl.View) -> str | None:
    target = target_of(view.store, todo)
    if todo.action_name == "member_access_requested":
        return _requests_url(target, view)
    anchor = f"#note_{todo.note_id}" if todo.note_id is not None else ""
    url = getattr(target, "web_url", None)
    return f"{url(view)}{anchor}" if url else None


def _requests_url(target: Any, view: dsl.View) -> str | None:
    """Return the address of the page where requests for access to a group or project are answered."""
    if isinstance(target, Group):
        return f"{web_url(target, view)}/-/group_members?tab=access_requests"
    return f"{target.web_url(view)}/-/project_members?tab=access_requests" if target else None


def _body(todo: Todo, view: dsl.View) -> str | None:
    note = view.store[Note].get(todo.note_id)
    if note is not None:
        return note.body
    name = "full_path" if todo.action_name == "member_access_requested" else "title"
    return todo.body or getattr(target_of(view.store, todo), name, None)


def _shape(targets: dict[str, dsl.Shape]) -> dsl.Shape:
    return (
        Todo.shape("id", name="Todo")
        .plus(project=_project, group=_group)
        .plus(author=lambda todo, view: view.one(USER_BASIC, view.store[User].get(todo.author_id)))
        .plus("action_name", "target_type", entity=Todo)
        .plus(target=_target(targets), target_url=_target_url, body=_body)
        .plus("state", "created_at", "updated_at", entity=Todo)
    )


TODO = _shape(TARGETS)
TODO_LISTED = _shape(LISTED_TARGETS)
"""The same without ``subscribed`` in the target."""
