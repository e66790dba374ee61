"""To-do items of the current user. Source: https://docs.gitlab.com/api/todos/ and GitLab's lib/api/todos.rb."""

from mockgitlab import dsl
from mockgitlab.api import access, epic_access, merge_request_access, reach
from mockgitlab.api.issue_access import may_read
from mockgitlab.api.models.epic import Epic
from mockgitlab.api.models.group import Group, descendants
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.todo import ACTIONS, TARGET_TYPES, Todo
from mockgitlab.api.models.todo_shape import TODO, TODO_LISTED, target_of
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import RecordNotFound
from mockgitlab.store import Query

Todos = Query[Todo]


def _by_group(query: Todos, group_id: int, call: dsl.Call) -> Todos:
    """Keep what is of a group, of those below, or of their projects."""
    group = call.store[Group].get(group_id)
    if group is None:
        return query.among("id", ())
    groups = frozenset((group.id, *(one.id for one in descendants(call.store, group))))
    projects = reach.below(call.store, group)
    return query.filter(
        lambda todo: todo.project_id in projects or todo.group_id in groups, ("of group", projects, groups)
    )


FILTERS = [
    dsl.eq("action", str, "To-do items for this reason", column="action_name", enum=ACTIONS),
    dsl.eq("author_id", int, "To-do items that this user caused"),
    dsl.eq("project_id", int, "To-do items in this project"),
    dsl.by("group_id", int, "To-do items in this group and below", _by_group),
    dsl.eq("state", str, "Pending or done to-do items", default="pending", enum=("pending", "done")),
    dsl.eq("type", str, "To-do items about this kind of record", column="target_type", enum=TARGET_TYPES),
]


def _own(call: dsl.Call) -> Todos:
    """Return the to-do items of the current user about what he may still see."""
    found = call.store[Todo].where(user_id=access.me(call).id)
    hidden = frozenset(todo.id for todo in found if not _is_visible(call, todo))
    return found.filter(lambda todo: todo.id not in hidden, ("not among", hidden)) if hidden else found


def _is_visible(call: dsl.Call, todo: Todo) -> bool:
    target = target_of(call.store, todo)
    if isinstance(target, Issue):
        return may_read(call.store, access.me(call), target)
    if isinstance(target, MergeRequest):
        return merge_request_access.may_read(call.store, access.me(call), target)
    if isinstance(target, Epic):
        return epic_access.may_read(call.store, access.me(call), target)
    if isinstance(target, (Project, Group)):
        return access.can_read(call.store, access.me(call), target)
    return target is not None


@v4.locator("todos/:id", integer=True)
def find_todo(call: dsl.Call, value: str) -> Todo:
    """Return the current user's to-do item with this id."""
    todo = call.store[Todo].get(int(value))
    if todo is None or todo.user_id != access.me(call).id:
        raise RecordNotFound(reason=f"{access.me(call).username} has no to-do item {value}")
    return todo


@v4.get("todos", rule=access.USER, shape=TODO_LISTED, filters=FILTERS)
def list_todos(call: dsl.Call) -> Todos:
    """List the to-do items of the current user, the newest first."""
    return _own(call).order_by("id", descending=True)


@v4.post("todos/:id/mark_as_done", shape=TODO)
def mark_todo_as_done(call: dsl.Call, todo: Todo) -> Todo:
    """Mark a to-do item as done."""
    return call.store.update(todo, state="done")


@v4.post("todos/mark_as_done", success=204)
def mark_all_todos_as_done(call: dsl.Call) -> None:
    """Mark all pending to-do items of the current user as done."""
    for todo in list(_own(call).where(state="pending")):
        call.store.update(todo, state="done")
