"""Repositories: trees, files as they are, archives, comparisons, contributors.

Source: GitLab 8's doc/api/repositories.md and lib/api/repositories.rb, GitLab 9's lib/api/v3/repositories.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.v3.base import plain, v3
from mockgitlab.api.v3.commits import commit, diff
from mockgitlab.api.v4 import repositories
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.repository_files import find_file
from mockgitlab.errors import NotFound

AT = "projects/:id/repository"
NOTHING: dict[str, Any] = {
    "commit": None,
    "commits": [],
    "diffs": [],
    "compare_timeout": False,
    "compare_same_ref": False,
}
"""How two commits compare of which one is not there."""


def compare(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Compare two branches, tags or commits; one that is not there has nothing in common with any."""
    try:
        found = repositories.compare(call, project, given)
    except NotFound:
        return NOTHING
    shown = {"commit": found["commit"] and commit(found["commit"]), "commits": list(map(commit, found["commits"]))}
    return {**{name: found[name] for name in NOTHING}, **shown, "diffs": list(map(diff, found["diffs"]))}


def show_raw_blob(call: dsl.Call, project: Project, sha: str) -> dsl.Raw:
    """Show what is in a file by its hash, as it is."""
    return plain(repositories.show_raw_blob(call, project, sha))


@v3.get(f"{AT}/blobs/:sha", f"{AT}/commits/:sha/blob", rule=code.READ)
def show_raw_file(
    call: dsl.Call, project: Project, sha: str, filepath: Annotated[str, "The path of the file"]
) -> dsl.Raw:
    """Show what is in a file of a commit, as it is."""
    return dsl.Raw(find_file(call, project, filepath, sha).data, "text/plain")


v3.adopt(
    v4,
    "GET",
    f"{AT}/tree",
    takes=("ref_name", "path", "recursive"),
    renames={"ref_name": dsl.Renamed("ref")},
    paginated=False,
)
v3.adopt(v4, "GET", f"{AT}/blobs/:sha/raw", at=f"{AT}/raw_blobs/:sha", handler=show_raw_blob)
for _ending in ("", ".:format"):
    v3.adopt(v4, "GET", f"{AT}/archive{_ending}", takes=("sha", "format"))
v3.adopt(v4, "GET", f"{AT}/compare", takes=("from", "to"), handler=compare)
v3.adopt(v4, "GET", f"{AT}/contributors", takes=(), paginated=False)
