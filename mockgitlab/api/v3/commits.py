"""Commits, whose list counts its pages from 0, with their comments and statuses.

Source: GitLab 8's doc/api/commits.md, lib/api/commits.rb and commit_statuses.rb, GitLab 9's lib/api/v3/commits.rb.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.pipeline import COMMIT_STATUS
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import commit_statuses, commits
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, InvalidParameters, Style

Json = dict[str, Any]
Retold = Callable[[Json], Json]
ALL = "projects/:id/repository/commits"
AT = f"{ALL}/:sha"
READ = dsl.Rule("read code", code.check_readable)
STATES = ("pending", "running", "success", "failed", "canceled")
PEOPLE = ("author_name", "author_email", "committer_name", "committer_email")


def chosen(*names: str, **retold: Retold) -> Retold:
    """Return a function that keeps these properties of an object, in this order, some of them retold themselves."""

    def choose(whole: Json) -> Json:
        kept = {name: whole[name] for name in names}
        return kept | {name: kept[name] and make(kept[name]) for name, make in retold.items()}

    return choose


commit = chosen("id", "short_id", "title", *PEOPLE, "created_at", "message")
commit_of_ref = chosen("id", "message", "parent_ids", "authored_date", "committed_date", *PEOPLE)
commit_alone = chosen(
    *("id", "short_id", "title", *PEOPLE, "created_at", "message", "parent_ids", "committed_date", "authored_date"),
    *("stats", "status"),
)
diff = chosen("old_path", "new_path", "a_mode", "b_mode", "diff", "new_file", "renamed_file", "deleted_file")


class NoTimestamp(InvalidParameters):
    """What is given as a time is none, of which the documents speak in other words than a live GitLab."""

    def __init__(self, name: str, observed: str) -> None:
        super().__init__([observed])
        self.name = name

    def body(self, style: Style) -> Any:
        """Return GitLab's documented message, or the one Grape sends."""
        if style == "documented":
            return {"message": f'"{self.name}" must be a timestamp in ISO 8601 format: YYYY-MM-DDTHH:MM:SSZ'}
        return super().body(style)


def _of_times(error: InvalidParameters) -> InvalidParameters:
    found = re.match(r"(since|until) is invalid", error.message)
    return NoTimestamp(found[1], error.message) if found else error


v3.dialect.say(
    {
        code.PushRefused: lambda error: BadRequest("You are not allowed to push into this branch"),
        InvalidParameters: _of_times,
    }
)


def list_commits(
    call: dsl.Call,
    project: Project,
    given: dsl.Given,
    page: Annotated[int, "The page, counted from 0"] = 0,
    per_page: Annotated[int, "How many there are on a page"] = 20,
) -> list[Any]:
    """List the commits of a repository, the newest first."""
    found: Any = commits.list_commits(call, project, given)
    start = max(page or 0, 0) * max(per_page or 0, 0)
    return list(found[start : start + max(per_page or 0, 0)])


v3.adopt(
    v4,
    "GET",
    ALL,
    rule=READ,
    handler=list_commits,
    takes=("ref_name", "since", "until", "path"),
    retold=commit,
    paginated=False,
)
v3.adopt(
    v4,
    "POST",
    ALL,
    rule=code.PUSH,
    takes=("branch_name", "commit_message", "actions", "author_email", "author_name"),
    renames={"branch_name": dsl.Renamed("branch")},
    retold=commit_alone,
)
v3.adopt(v4, "GET", AT, rule=READ, takes=(), retold=commit_alone)
v3.adopt(v4, "GET", f"{AT}/diff", rule=READ, takes=(), retold=diff, paginated=False)
v3.adopt(v4, "POST", f"{AT}/cherry_pick", rule=code.PUSH, takes=("branch",), retold=commit)
v3.adopt(v4, "GET", f"{AT}/comments", rule=READ)
v3.adopt(v4, "POST", f"{AT}/comments", rule=READ)

# Statuses

STATE = dsl.param("state", str, "How it stands", required=True, enum=STATES)
v3.dialect.show({COMMIT_STATUS: COMMIT_STATUS.without("coverage", "pipeline_id")})
v3.adopt(v4, "GET", f"{AT}/statuses", rule=READ, filters=commit_statuses.LIST[:3])
v3.adopt(
    v4,
    "POST",
    "projects/:id/statuses/:sha",
    takes=(STATE, "ref", "target_url", "description", "name", "context"),
)
