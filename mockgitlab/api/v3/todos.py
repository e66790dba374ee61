"""To-do items of the current user. Source: GitLab 8's doc/api/todos.md, lib/api/todos.rb and lib/api/v3/todos.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.project import PROJECT_IDENTITY
from mockgitlab.api.models.todo_shape import TODO, TODO_LISTED
from mockgitlab.api.v3 import issues, merge_requests
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v3.projects import BASIC
from mockgitlab.api.v4 import todos
from mockgitlab.api.v4.base import v4

SHOWN = (
    *("id", "project", "author", "action_name", "target_type", "target", "target_url", "body", "state"),
    "created_at",
)
FILTERS = tuple(one for one in todos.FILTERS if one.params[0].name != "group_id")
v3.dialect.show({TODO: TODO.only(*SHOWN), TODO_LISTED: TODO_LISTED.only(*SHOWN), PROJECT_IDENTITY: BASIC})
v3.locator("todos/:id", integer=True)(todos.find_todo)


def mark_todos_as_done(call: dsl.Call) -> int:
    """Mark those to-do items of the current user as done that the filters leave; answers how many."""
    found = list(call.operation.narrow(todos.list_todos(call), call))
    for todo in found:
        todos.mark_todo_as_done(call, todo)
    return len(found)


v3.adopt(v4, "GET", "todos", filters=FILTERS)
v3.adopt(v4, "POST", "todos/:id/mark_as_done", at="DELETE todos/:id")
v3.adopt(v4, "POST", "todos/mark_as_done", at="DELETE todos", handler=mark_todos_as_done, filters=FILTERS, success=200)
for _page in (issues, merge_requests):
    v3.adopt(v4, "POST", f"{_page.THERE}/todo", at=f"{_page.AT}/todo")
