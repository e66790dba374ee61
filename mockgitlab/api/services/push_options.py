"""Push options: opening and changing merge requests by a push.

``git push -o merge_request.create -o merge_request.target=main``. Options that are not known are ignored, as GitLab
does; those of pipelines are for ``merge_request_pipelines``.

Source: https://docs.gitlab.com/topics/git/commit/#push-options, GitLab's lib/gitlab/push_options.rb and
app/services/merge_requests/push_options_handler_service.rb.
"""

from collections.abc import Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.merge_request_access import merge_requests_open
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import find_milestone
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.user import find_user
from mockgitlab.api.services.merge_request_proposals import proposed
from mockgitlab.api.services.merge_requests import create_merge_request, update_merge_request
from mockgitlab.api.services.repositories import Repository
from mockgitlab.errors import ApiError

BRANCHES_AT_MOST = 10
SEVERAL = ("assign", "label", "unassign", "unlabel")
KNOWN = (
    *("auto_merge", "create", "description", "draft", "merge_when_pipeline_succeeds", "milestone"),
    *("remove_source_branch", "squash", "target", "target_project", "title", *SEVERAL),
)
Options = dict[str, Any]


def read_options(lines: Iterable[str]) -> Options:
    """Return the options about merge requests: their values, several of some, ``True`` for those without any."""
    found: Options = {}
    for line in lines:
        name, _, value = line.partition("=")
        namespace, _, key = name.strip().partition(".")
        if namespace not in ("merge_request", "mr") or key not in KNOWN:
            continue
        if key in SEVERAL:
            found.setdefault(key, []).append(value.strip())
        else:
            found[key] = value.strip() or True
    return found


def carry_out_options(call: dsl.Call, project: Project, branches: list[str], lines: list[str]) -> list[str]:
    """Open or change the merge requests of pushed branches; returns what the user is told of what went wrong."""
    options = read_options(lines)
    if not options:
        return []
    target, errors = _target(call, project, options)
    if target is not None and not errors:
        changed = [name for name in branches if (project.id, name) != (target.id, target.default_branch)]
        errors = _problems(call, target, changed, options) or _for_each(call, project, target, changed, options)
    if not errors:
        return []
    given = " ".join(f"'{line}'" for line in lines)
    return ["WARNINGS:", f"Error encountered with push options {given}: {'; '.join(errors)}"]


def _target(call: dsl.Call, project: Project, options: Options) -> tuple[Project | None, list[str]]:
    """Return the project into which is to be merged: the one named, that of which this is a fork, or this one."""
    named = options.get("target_project")
    if isinstance(named, str):
        found = find_project(call.store, named)
        if found is None or not access.can_read(call.store, access.me(call), found):
            return None, [f"Target project {named} does not exist"]
        return found, []
    origin = call.store[Project].get(project.forked_from_project_id)
    open_there = origin is not None and merge_requests_open(call.store, access.me(call), origin)
    return (origin if open_there and not project.mr_default_target_self else project), []


def _problems(call: dsl.Call, target: Project, branches: list[str], options: Options) -> list[str]:
    errors = []
    if not merge_requests_open(call.store, access.me(call), target):
        errors.append(f"Merge requests are not enabled for project {target.full_path}")
    if len(branches) > BRANCHES_AT_MOST:
        errors.append(f"Too many branches pushed ({len(branches)} were pushed, limit is {BRANCHES_AT_MOST})")
    wanted = options.get("target")
    if wanted and Repository(call.store, target).branch(str(wanted)) is None:
        errors.append(f"Target branch {target.full_path}:{wanted} does not exist")
    return errors


def _for_each(call: dsl.Call, project: Project, target: Project, branches: list[str], options: Options) -> list[str]:
    errors = []
    for branch in branches:
        try:
            errors += _open_or_change(call, project, target, branch, options)
        except ApiError as error:
            errors.append(_words(error))
    return errors


def _words(error: ApiError) -> str:
    message: Any = error.message
    return ", ".join(map(str, message)) if isinstance(message, (list, tuple)) else str(message)


def _open_or_change(call: dsl.Call, project: Project, target: Project, branch: str, options: Options) -> list[str]:
    known = call.store[MergeRequest].where(project_id=target.id, source_branch=branch, state="opened")
    found = known.where(source_project_id=project.id).first()
    if found is not None:
        update_merge_request(call, found, _given(call, target, options, found))
    elif "create" in options:
        _open(call, project, target, branch, options)
    else:
        return [f"A merge_request.create push option is required to create a merge request for branch {branch}"]
    return []


def _open(call: dsl.Call, project: Project, target: Project, branch: str, options: Options) -> None:
    ends = {"source_branch": branch, "target_branch": str(options.get("target") or target.default_branch or "")}
    given = {**_given(call, target, options, None), **ends, "target_project_id": target.id}
    merges = given.pop("merge", False)
    made = create_merge_request(call, project, proposed(call, project, target, given))
    if merges:
        update_merge_request(call, made, {"merge": True})


def _given(call: dsl.Call, target: Project, options: Options, before: MergeRequest | None) -> dict[str, Any]:
    """Return the parameters that say what the options say."""
    given: dict[str, Any] = {name: options[name] for name in ("title",) if isinstance(options.get(name), str)}
    if isinstance(options.get("description"), str):
        given["description"] = options["description"].replace("\\n", "\n")
    if "draft" in options:
        given["wip_event"] = "draft"
    if isinstance(options.get("target"), str):
        given["target_branch"] = options["target"]
    given |= {
        name: options[name] not in ("false", "0") for name in ("remove_source_branch", "squash") if name in options
    }
    given |= {
        f"{verb}_labels": options[name] for verb, name in (("add", "label"), ("remove", "unlabel")) if name in options
    }
    if "auto_merge" in options or "merge_when_pipeline_succeeds" in options:
        given["merge"] = True
    return {**given, **_people(call, options, before), **_milestone(call.store, target, options)}


def _people(call: dsl.Call, options: Options, before: MergeRequest | None) -> dict[str, Any]:
    if before is not None and not ("assign" in options or "unassign" in options):
        return {}
    known = before.assignee_ids if before is not None else (access.me(call).id,)
    gone = _user_ids(call, options.get("unassign", ()))
    wanted = dict.fromkeys((*known, *_user_ids(call, options.get("assign", ()))))
    return {"assignee_ids": [user_id for user_id in wanted if user_id not in gone]}


def _user_ids(call: dsl.Call, names: Iterable[str]) -> list[int]:
    users = (find_user(call.store, name.removeprefix("@")) for name in names)
    return [user.id for user in users if user is not None]


def _milestone(store: dsl.Store, target: Project, options: Options) -> dict[str, int]:
    found = find_milestone(store, target, str(options["milestone"])) if "milestone" in options else None
    return {"milestone_id": found.id} if found else {}
