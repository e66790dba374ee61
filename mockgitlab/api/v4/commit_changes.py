"""Making commits: from actions on files, by picking one and by reverting one.

Source: https://docs.gitlab.com/api/commits/ and GitLab's lib/api/commits.rb, app/services/files/multi_service.rb.
"""

from collections.abc import Mapping
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.repository import commit_json
from mockgitlab.api.services import commits
from mockgitlab.api.services.contents import content_of
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import find_project, v4
from mockgitlab.api.v4.branches import find_branch
from mockgitlab.api.v4.commits import detail_json, find_commit
from mockgitlab.errors import BadRequest, Forbidden, MissingParameters
from mockgitlab.git.actions import Action
from mockgitlab.git.objects import Commit

NEEDED = {"move": "previous_path", "update": "content", "chmod": "execute_filemode"}
"""The parameter without which an action makes no sense."""
ACTIONS = dsl.param(
    "actions",
    list[dict[str, Any]],
    "What to do with which files",
    required=True,
    nested=[
        dsl.param("action", str, "What to do", required=True, enum=("create", "update", "move", "delete", "chmod")),
        dsl.param("file_path", str, "The path of the file", required=True),
        dsl.param("previous_path", str, "The path from which a file is moved"),
        dsl.param("content", str, "What is to be in the file"),
        dsl.param("encoding", str, "How the content is written", enum=("text", "base64")),
        dsl.param("last_commit_id", str, "The commit that changed the file last, as far as the client knows"),
        dsl.param("execute_filemode", bool, "Whether the file is executable"),
    ],
)
CREATE = [
    dsl.param("branch", str, "The branch to commit to", required=True, present=True),
    dsl.param("commit_message", str, "The message", required=True),
    ACTIONS,
    dsl.param("start_branch", str, "The branch at which a new branch begins"),
    dsl.param("start_sha", str, "The commit at which a new branch begins"),
    dsl.param("start_project", int | str, "The project in which it begins"),
    dsl.param("author_email", str, "The author's email"),
    dsl.param("author_name", str, "The author's name"),
    dsl.param("stats", bool, "Tell how many lines it changed", default=True),
    dsl.param("force", bool, "Let an existing branch begin anew", default=False),
]
BRANCH = dsl.param("branch", str, "The branch", required=True, present=True)
DRY_RUN = dsl.param("dry_run", bool, "Only tell whether it could be done", default=False)
MESSAGE = dsl.param("message", str, "The message of the new commit")


@v4.post(
    "projects/:id/repository/commits",
    rule=code.WRITE_ENABLED,
    params=CREATE,
    constraints=[dsl.mutually_exclusive("start_branch", "start_sha")],
)
def create_commit(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Commit changes of several files at once."""
    source = _source(call, project, given)
    code.check_push_to(call, project, given["branch"])
    if not given["commit_message"]:
        raise BadRequest("3:empty CommitMessage", reason="commit_message was empty")
    actions = [_action(number, one) for number, one in enumerate(given["actions"])]
    start = commits.start_of(call, project, given, source)
    for one in given["actions"]:
        if one["action"] in ("update", "move", "delete"):
            path = one.get("previous_path") or one["file_path"]
            error = BadRequest(f"The file has changed since you started editing it: {path}")
            known = Repository(call.store, source or project)
            commits.check_unchanged(known, start, path, one.get("last_commit_id"), error)
    made = commits.commit_files(
        call, project, given["branch"], given["commit_message"], actions, start=start, given=given
    )
    return detail_json(call, call.at(Project), made, stats=given.get("stats") is not False, new=True)


def _source(call: dsl.Call, project: Project, given: dsl.Given) -> Project | None:
    """Return the project in which the commit begins: this one, or the one that it is a fork of."""
    if given.get("start_project") in (None, ""):
        return None
    source = find_project(call, str(given["start_project"]))
    if not reads_code(source, call.view()) or project.forked_from_project_id != source.id:
        text = f"Project is not included in the fork network for {source.name_with_namespace(call.view())}"
        raise Forbidden(text, reason=f"{project.full_path} is no fork of {source.full_path}")
    return source


def _action(number: int, one: Mapping[str, Any]) -> Action:
    kind = one["action"]
    needed = NEEDED.get(kind, "action")
    if one.get(needed) is None:
        raise MissingParameters([f"actions[{number}][{needed}]"], reason=f"the action {kind} needs {needed}")
    content = one.get("content") if kind in ("create", "update", "move") else None
    data = None if content is None else content_of(content, one.get("encoding"))
    return Action(kind, one["file_path"], one.get("previous_path") or "", data, one.get("execute_filemode"))


def _change(call: dsl.Call, project: Project, made: Commit) -> Any:
    if call.option("dry_run"):
        return dsl.present({"dry_run": "success"}, status=200)
    return commit_json(made, project.web_url(call.view()), trailers=True)


@v4.post(
    "projects/:id/repository/commits/:sha/cherry_pick",
    rule=code.WRITE_ENABLED,
    params=[BRANCH, DRY_RUN, MESSAGE],
)
def cherry_pick_commit(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> Any:
    """Do on a branch what a commit did."""
    code.check_push_to(call, project, given["branch"])
    commit = find_commit(call, project, sha)
    find_branch(call, project, given["branch"])
    return _change(call, project, commits.cherry_pick(call, project, commit, given["branch"], given))


@v4.post("projects/:id/repository/commits/:sha/revert", rule=code.WRITE_ENABLED, params=[BRANCH, DRY_RUN])
def revert_commit(call: dsl.Call, project: Project, sha: str, given: dsl.Given) -> Any:
    """Undo on a branch what a commit did."""
    code.check_push_to(call, project, given["branch"])
    commit = find_commit(call, project, sha)
    find_branch(call, project, given["branch"])
    return _change(call, project, commits.revert(call, project, commit, given["branch"], given))
