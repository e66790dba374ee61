"""How much there is on the instance.

Source: https://docs.gitlab.com/api/statistics/ and GitLab's lib/api/statistics.rb.
"""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.key import Key
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.milestone import Milestone
from mockgitlab.api.models.note import Note
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.snippet import Snippet
from mockgitlab.api.models.user import User
from mockgitlab.api.v4.base import v4

COUNTED: dict[str, type[dsl.Entity]] = {
    "issues": Issue,
    "merge_requests": MergeRequest,
    "notes": Note,
    "snippets": Snippet,
    "ssh_keys": Key,
    "milestones": Milestone,
    "users": User,
    "projects": Project,
}


@v4.get("application/statistics", rule=access.ADMIN, since="12.0")
def show_statistics(call: dsl.Call) -> dict[str, str]:
    """Show how many records of each kind there are, in words of a page: thousands have commas."""
    store = call.store
    counts = {
        "forks": sum(one.forked_from_project_id is not None for one in store[Project].all()),
        **{name: store[kind].all().count() for name, kind in COUNTED.items()},
        "groups": store[Group].where(kind="group").count(),
        "active_users": store[User].where(state="active", user_type="human").count(),
    }
    return {name: f"{count:,}" for name, count in counts.items()}
