"""One call of every operation that answers with a record, in an order in which each finds what it needs."""

import re
from pathlib import Path
from typing import Any

from tests.api import completeness_approvals as approvals
from tests.api import completeness_content as content
from tests.api import completeness_environments as environments
from tests.api import completeness_epics as epics
from tests.api import completeness_hooks as hooks
from tests.api import completeness_instance as instance
from tests.api import completeness_integrations as integrations
from tests.api import completeness_merge_requests as merge_requests
from tests.api import completeness_people as people
from tests.api import completeness_pipelines as pipelines
from tests.api import completeness_repositories as repositories
from tests.api import completeness_reviews as reviews
from tests.api import completeness_runners as runners
from tests.api import completeness_variables as variables
from tests.support import Answer, Api

SCENARIO = Path(__file__).parents[2] / "scenarios" / "team.yaml"
LATEST = {"mockgitlab": 1, "gitlab": {"version": "18.11.0"}}
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{}Rinb5PmqRDUT7cVjih2IDMhvIRMsH96UZ8FNzKuJM+ x@y"
KEY_BLOCK = "PGP PUBLIC KEY BLOCK-----"
GPG = f"-----BEGIN {KEY_BLOCK}\n\nmQAVBAcHBwcHBwcHBwcHBwcHBwcHBwc{{}}\n=abcd\n-----END {KEY_BLOCK}\n"
TOKEN: dict[str, Any] = {"name": "t", "scopes": ["api"], "expires_at": "2024-08-01"}
Step = tuple[str, str, str, dict[str, Any]]


def _of_parent(parent: str, milestone: int, level: int) -> list[Step]:
    at, path = f"{parent}/:id", f"{parent}/1"
    label, title = f"{parent[0]}l", f"{parent[0]}m"
    return [
        (f"POST /{at}/access_tokens", f"{path}/access_tokens", "root", TOKEN),
        (f"PUT /{at}/custom_attributes/:key", f"{path}/custom_attributes/k", "root", {"value": "v"}),
        (f"POST /{at}/invitations", f"{path}/invitations", "root", {"email": "x@example.com", "access_level": 30}),
        (f"PUT /{at}/invitations/:email", f"{path}/invitations/x@example.com", "root", {"access_level": 20}),
        (f"POST /{at}/labels", f"{path}/labels", "root", {"name": label, "color": "#123456"}),
        (f"POST /{at}/labels/:label_id/subscribe", f"{path}/labels/{label}/subscribe", "root", {}),
        (f"POST /{at}/labels/:label_id/unsubscribe", f"{path}/labels/{label}/unsubscribe", "root", {}),
        (f"PUT /{at}/labels/:label_id", f"{path}/labels/{label}", "root", {"description": "d"}),
        (f"PUT /{at}/labels", f"{path}/labels", "root", {"name": label, "description": "e"}),
        (f"POST /{at}/members", f"{path}/members", "root", {"user_id": 9, "access_level": level}),
        (f"PUT /{at}/members/:user_id", f"{path}/members/9", "root", {"access_level": level + 10}),
        (f"POST /{at}/milestones", f"{path}/milestones", "root", {"title": title}),
        (f"PUT /{at}/milestones/:milestone_id", f"{path}/milestones/{milestone}", "root", {"description": "d"}),
    ]


ISSUE, ISSUE_PATH = "projects/:id/issues/:issue_iid", "projects/1/issues/1"
THREAD = f"{ISSUE}/discussions/:discussion_id"
STEPS: list[Step] = [
    *_of_parent("groups", 10001, 20),
    *_of_parent("projects", 10002, 40),
    ("POST /groups", "groups", "root", {"name": "New", "path": "new"}),
    ("PUT /groups/:id", "groups/1", "root", {"description": "x"}),
    ("POST /groups/:id/archive", "groups/6/archive", "root", {}),
    ("POST /groups/:id/unarchive", "groups/6/unarchive", "root", {}),
    ("POST /groups/:id/access_requests", "groups/5/access_requests", "rex", {}),
    ("PUT /groups/:id/access_requests/:user_id/approve", "groups/5/access_requests/5/approve", "root", {}),
    ("POST /groups/:id/access_requests", "groups/5/access_requests", "gil", {}),
    ("POST /groups/:id/share", "groups/1/share", "root", {"group_id": 5, "group_access": 30}),
    ("POST /groups/:id/share", "groups/5/share", "root", {"group_id": 6, "group_access": 30}),
    ("POST /projects", "projects", "root", {"name": "np"}),
    ("PUT /projects/:id", "projects/1", "root", {"description": "np"}),
    ("POST /projects/user/:user_id", "projects/user/2", "root", {"name": "np"}),
    ("POST /projects/:id/fork", "projects/3/fork", "root", {"namespace_id": 2}),
    ("POST /projects/:id/fork/:forked_from_id", "projects/root%2Fnp/fork/3", "root", {}),
    ("POST /projects/:id/access_requests", "projects/3/access_requests", "nobody", {}),
    ("PUT /projects/:id/access_requests/:user_id/approve", "projects/3/access_requests/12/approve", "root", {}),
    ("POST /projects/:id/access_requests", "projects/3/access_requests", "somebody", {}),
    ("POST /projects/:id/star", "projects/1/star", "root", {}),
    ("POST /projects/:id/unstar", "projects/1/unstar", "root", {}),
    ("POST /projects/:id/star", "projects/1/star", "root", {}),
    ("POST /projects/:id/archive", "projects/2/archive", "root", {}),
    ("POST /projects/:id/unarchive", "projects/2/unarchive", "root", {}),
    ("PUT /projects/:id/transfer", "projects/4/transfer", "root", {"namespace": 2}),
    ("POST /groups/:id/projects/:project_id", "groups/6/projects/4", "root", {}),
    ("POST /projects/:id/share", "projects/3/share", "root", {"group_id": 1, "group_access": 30}),
    ("POST /projects/:id/issues", "projects/1/issues", "root", {"title": "x", "assignee_ids": [2], "labels": "bug"}),
    (
        f"PUT /{ISSUE}",
        ISSUE_PATH,
        "root",
        {"milestone_id": 10003, "labels": "docs,bug", "weight": 9, "state_event": "close"},
    ),
    (f"PUT /{ISSUE}/reorder", f"{ISSUE_PATH}/reorder", "root", {"move_after_id": 10002}),
    (f"POST /{ISSUE}/add_spent_time", f"{ISSUE_PATH}/add_spent_time", "root", {"duration": "1h"}),
    (f"POST /{ISSUE}/time_estimate", f"{ISSUE_PATH}/time_estimate", "root", {"duration": "1h"}),
    (f"POST /{ISSUE}/reset_spent_time", f"{ISSUE_PATH}/reset_spent_time", "root", {}),
    (f"POST /{ISSUE}/reset_time_estimate", f"{ISSUE_PATH}/reset_time_estimate", "root", {}),
    (f"POST /{ISSUE}/award_emoji", f"{ISSUE_PATH}/award_emoji", "root", {"name": "tada"}),
    (f"POST /{ISSUE}/clone", f"{ISSUE_PATH}/clone", "root", {"to_project_id": 3}),
    (f"POST /{ISSUE}/move", "projects/1/issues/6/move", "root", {"to_project_id": 3}),
    (f"POST /{ISSUE}/discussions", f"{ISSUE_PATH}/discussions", "root", {"body": "d"}),
    (f"POST /{THREAD}/notes", f"{ISSUE_PATH}/discussions/{{discussion}}/notes", "root", {"body": "d"}),
    (f"PUT /{THREAD}/notes/:note_id", f"{ISSUE_PATH}/discussions/{{discussion}}/notes/3", "bob", {"body": "d"}),
    (f"POST /{ISSUE}/notes", f"{ISSUE_PATH}/notes", "root", {"body": "d\n/iteration --current"}),
    (f"PUT /{ISSUE}/notes/:note_id", f"{ISSUE_PATH}/notes/1", "root", {"body": "d"}),
    (f"POST /{ISSUE}/notes/:note_id/award_emoji", f"{ISSUE_PATH}/notes/1/award_emoji", "root", {"name": "tada"}),
    (f"POST /{ISSUE}/links", f"{ISSUE_PATH}/links", "root", {"target_project_id": 1, "target_issue_iid": 4}),
    (f"POST /{ISSUE}/unsubscribe", f"{ISSUE_PATH}/unsubscribe", "root", {}),
    (f"POST /{ISSUE}/subscribe", f"{ISSUE_PATH}/subscribe", "root", {}),
    (f"POST /{ISSUE}/todo", f"{ISSUE_PATH}/todo", "root", {}),
    ("POST /todos/:id/mark_as_done", "todos/1/mark_as_done", "bob", {}),
    ("PUT /projects/:id/labels/:label_id/promote", "projects/1/labels/pl/promote", "root", {}),
    ("POST /user/emails", "user/emails", "root", {"email": "r2@example.com"}),
    ("POST /users/:id/emails", "users/3/emails", "root", {"email": "b2@example.com"}),
    ("POST /user/keys", "user/keys", "root", {"title": "t", "key": SSH.format("F")}),
    ("POST /users/:id/keys", "users/2/keys", "root", {"title": "t", "key": SSH.format("G")}),
    ("POST /deploy_keys", "deploy_keys", "root", {"title": "t", "key": SSH.format("H")}),
    ("POST /projects/:id/deploy_keys/:key_id/enable", "projects/1/deploy_keys/5/enable", "root", {}),
    (
        "POST /projects/:id/deploy_keys",
        "projects/root%2Fnp/deploy_keys",
        "root",
        {"title": "t", "key": SSH.format("I")},
    ),
    ("PUT /projects/:id/deploy_keys/:key_id", "projects/1/deploy_keys/5", "root", {"can_push": True}),
    ("POST /user/gpg_keys", "user/gpg_keys", "root", {"key": GPG.format("X")}),
    ("POST /users/:id/gpg_keys", "users/3/gpg_keys", "root", {"key": GPG.format("Y")}),
    ("PUT /user/preferences", "user/preferences", "root", {"show_whitespace_in_diffs": False}),
    ("PUT /user/status", "user/status", "root", {"emoji": "tada"}),
    (
        "POST /users",
        "users",
        "root",
        {"email": "n@example.com", "name": "N", "username": "nn", "password": "Xyz12345!"},
    ),
    ("PUT /users/:id", "users/2", "root", {"bio": "b"}),
    ("PUT /users/:id/custom_attributes/:key", "users/2/custom_attributes/k", "root", {"value": "v"}),
    ("POST /users/:id/follow", "users/3/follow", "root", {}),
    ("POST /users/:id/unfollow", "users/3/unfollow", "root", {}),
    ("POST /users/:id/follow", "users/2/follow", "root", {}),
    ("POST /users/:user_id/impersonation_tokens", "users/4/impersonation_tokens", "root", TOKEN),
    ("POST /users/:user_id/personal_access_tokens", "users/4/personal_access_tokens", "root", TOKEN),
    ("POST /personal_access_tokens/:id/rotate", "personal_access_tokens/3/rotate", "root", {}),
    ("POST /personal_access_tokens/self/rotate", "personal_access_tokens/self/rotate", "nora", {}),
    ("POST /users/:id/deactivate", "users/16/deactivate", "root", {}),
    ("POST /users/:id/activate", "users/16/activate", "root", {}),
    ("POST /users/:id/block", "users/16/block", "root", {}),
    ("POST /users/:id/unblock", "users/16/unblock", "root", {}),
    ("POST /users/:id/ban", "users/16/ban", "root", {}),
    ("POST /users/:id/unban", "users/16/unban", "root", {}),
    ("POST /users/:id/approve", "users/9/approve", "root", {}),
    ("POST /groups/:id/access_tokens/:token_id/rotate", "groups/1/access_tokens/14/rotate", "root", {}),
    ("POST /projects/:id/access_tokens/:token_id/rotate", "projects/1/access_tokens/13/rotate", "root", {}),
    *repositories.STEPS,
    *environments.STEPS,
]
"""The key of an operation, a path of it, who calls it, and what is given."""

NAMED = {"label_id": "bug", "issue_iid": "1", "key": "k", "user_id": "2", "namespace": "acme", "id_or_username": "ada"}
NAMED |= repositories.NAMED
"""What the parameters of paths are, where it is not 1."""
READS = {
    "groups/:id/access_requests": "groups/5/access_requests",
    "groups/:id/access_tokens/:token_id": "groups/1/access_tokens/14",
    "groups/:id/groups/shared": "groups/5/groups/shared",
    "groups/:id/milestones/:milestone_id": "groups/1/milestones/10001",
    "groups/:id/projects/shared": "groups/1/projects/shared",
    "issues/:id": "issues/10002",
    "keys/:id": "keys/1",
    "projects/:id/access_requests": "projects/3/access_requests",
    "projects/:id/access_tokens/:token_id": "projects/1/access_tokens/13",
    "projects/:id/forks": "projects/3/forks",
    "projects/:id/deploy_keys/:key_id": "projects/1/deploy_keys/5",
    f"{ISSUE}/award_emoji/:award_id": f"{ISSUE_PATH}/award_emoji/3",
    f"{ISSUE}/links/:issue_link_id": f"{ISSUE_PATH}/links/1",
    f"{ISSUE}/resource_label_events/:resource_label_event_id": f"{ISSUE_PATH}/resource_label_events/2",
    f"{ISSUE}/user_agent_detail": "projects/1/issues/46/user_agent_detail",
    "projects/:id/members/:user_id": "projects/1/members/9",
    "projects/:id/milestones/:milestone_id": "projects/1/milestones/10003",
    THREAD: f"{ISSUE_PATH}/discussions/{{discussion}}",
    f"{THREAD}/notes/:note_id": f"{ISSUE_PATH}/discussions/{{discussion}}/notes/3",
    "user/gpg_keys/:key_id": "user/gpg_keys/2",
    "user/keys/:key_id": "user/keys/3",
    "users/:id/custom_attributes": "users/2/custom_attributes",
    "users/:id/events": "users/3/events",
    "users/:id/gpg_keys": "users/3/gpg_keys",
    "users/:id/gpg_keys/:key_id": "users/3/gpg_keys/3",
    "users/:id/keys": "users/2/keys",
    "users/:id_or_username/project_deploy_keys": "users/root/project_deploy_keys",
    "users/:user_id/contributed_projects": "users/3/contributed_projects",
    "users/:user_id/impersonation_tokens": "users/4/impersonation_tokens",
    "users/:user_id/impersonation_tokens/:impersonation_token_id": "users/4/impersonation_tokens/12",
    "users/:user_id/projects": "users/2/projects",
    **repositories.READS,
    **environments.READS,
    **merge_requests.READS,
    **content.READS,
    **epics.READS,
    **approvals.READS,
    **people.READS,
    **variables.READS,
    **pipelines.READS,
    **hooks.READS,
    **integrations.READS,
    **instance.READS,
}
"""Where there is something to read, when it is not at ``NAMED``; what lies below such a path is there too."""
GIVEN: dict[str, dict[str, Any]] = {
    "GET /avatar": {"email": "ada@example.com"},
    "GET /merge_requests": {"scope": "all"},
    **repositories.GIVEN,
    **hooks.GIVEN,
}
"""What must be given to read."""


def path_of(key: str) -> str:
    """Return a path of an operation that reads, at which there is something."""
    path = key.removeprefix("GET /")
    start = max((one for one in READS if path == one or path.startswith(f"{one}/")), key=len, default="")
    return READS.get(start, "") + re.sub(r"[:*](\w+)", lambda found: NAMED.get(found[1], "1"), path[len(start) :])


def world() -> Api:
    """Return the world that the calls need: a team, with two people more who are no members of anything."""
    users = [{"username": name, "created_at": "2024-01-09T08:00:00Z"} for name in ("nobody", "somebody")]
    tokens = [{"token": f"{name}-token", "user": name, "scopes": ["api"]} for name in ("nobody", "somebody")]
    modules = {
        "path": "root/modules",
        "id": 900,
        "repository": {"branches": {"main": {"sub": {"submodule": "a" * 40}}}},
    }
    return Api(
        str(SCENARIO),
        {**LATEST, "users": users, "tokens": tokens, "projects": [modules, pipelines.PROJECT]},
        runners.WORLD,
    )


def drive(api: Api, keys: list[str]) -> dict[str, Answer]:
    """Return the answer of every step, and then of every operation that reads."""
    done: dict[str, Answer] = {}
    ids = _ids(api)
    for key, path, who, given in (
        *STEPS,
        *approvals.STEPS,
        *reviews.STEPS,
        *merge_requests.STEPS,
        *content.STEPS,
        *runners.STEPS,
    ):
        done[key] = api.request(key.split()[0], path.format(**ids), who, **given)
        ids |= repositories.noted(key, done[key].json)
    ids |= content.found(lambda path: api.get(path).json)
    for key, path, who, given in (
        *content.LATER,
        *pipelines.STEPS,
        *people.STEPS,
        *epics.STEPS,
        *variables.STEPS,
        *hooks.STEPS,
    ):
        done[key] = api.request(key.split()[0], path.format(**ids), who, **given)
        ids |= (
            people.noted(key, done[key].json) | epics.noted(key, done[key].json) | variables.noted(key, done[key].json)
        )
    for key, path, who, given in integrations.STEPS:
        done[key] = api.request(key.split()[0], path, who, **given)
    for key, path, who, given in instance.STEPS:
        done[key] = api.request(key.split()[0], path.format(**ids), who, **given)
        ids |= instance.noted(key, done[key].json)
    ids["epic_label_event"] = api.get(f"{epics.ID_PATH}/resource_label_events").json[0]["id"]
    ids |= {**_ids(api), "discussion": ids["discussion"], "mr_discussion": ids["mr_discussion"]}
    ids |= content.found(lambda path: api.get(path).json)
    for key in keys:
        if key.startswith("GET "):
            done[key] = api.get(path_of(key).format(**ids), **GIVEN.get(key, {}))
    return done


def _ids(api: Api) -> dict[str, Any]:
    found = {"discussion": api.get(f"{ISSUE_PATH}/discussions").json[-1]["id"]}
    return {**found, **merge_requests.found(lambda path: api.get(path).json)}
