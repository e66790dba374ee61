"""Repositories: trees, blobs, archives, comparisons, contributors, common ancestors.

Source: https://docs.gitlab.com/api/repositories/ and GitLab's lib/api/repositories.rb.
"""

import base64
import json
from fnmatch import fnmatchcase
from itertools import islice
from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access, diff_limits
from mockgitlab.api import repository_access as code
from mockgitlab.api.file_answers import file_answer
from mockgitlab.api.models.project import Project, fork_origin
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.repository import commit_json, diff_json, shown
from mockgitlab.api.services.repositories import Repository
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.commits import UNIDIFF
from mockgitlab.api.v4.repository_files import NO_CACHE
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound, RouteNotFound
from mockgitlab.git.archive import FORMATS, archive
from mockgitlab.git.changes import GITLAB_ALIKE, changes
from mockgitlab.git.history import merge_base, walk
from mockgitlab.git.objects import FOLDER, Commit, Entry, read_commit
from mockgitlab.git.trees import at_path, files, listed
from mockgitlab.store import release

CONTRIBUTIONS_AT_MOST = 2_000
KINDS = ("tree", "blob", "commit")
CONTENT_TYPES = {"zip": "application/zip"}


def _entry(pair: tuple[str, Entry]) -> dict[str, str]:
    path, entry = pair
    names = {"name": shown(path.rpartition("/")[2]), "type": entry.kind, "path": shown(path)}
    return {"id": entry.sha, **names, "mode": f"{entry.mode:06o}"}


def _token(pair: tuple[str, Entry]) -> str:
    return base64.urlsafe_b64encode(json.dumps({"FileName": shown(pair[0])}).encode()).decode()


@v4.get("projects/:id/repository/tree", rule=code.READ)
def list_tree(
    call: dsl.Call,
    project: Project,
    ref: Annotated[str | None, "The branch, tag or commit, the default branch unless given"] = None,
    path: Annotated[str | None, "The folder"] = None,
    recursive: Annotated[bool, "List what is in the folders below too"] = False,
    pagination: Annotated[Literal["legacy", "keyset", "none"], "How to page"] = "legacy",
    page_token: Annotated[str | None, "Where to begin"] = None,
) -> list[Any]:
    """List the files and folders of a repository, folders first; ``none`` lists all of a recursive tree at once.

    Before 17.7 a folder that is not there has nothing in it, since then it is not found.
    """
    if pagination == "none" and not recursive:
        text = 'pagination cannot be "none" unless "recursive" is true'
        raise InvalidParameters([text], reason="pagination was none, and recursive was not true")
    repository = Repository(call.store, project)
    commit = repository.commit(ref)
    if commit is None:
        raise NotFound("Tree", reason=f"{project.full_path} has no branch, tag or commit {ref or 'HEAD'!r}")
    folder = at_path(repository.objects, commit.tree, path or "")
    if folder is None or folder.mode != FOLDER:
        if call.settings.release < release("17.7"):
            return []
        raise NotFound("invalid revision or path", reason=f"there is no folder {path!r} in {commit.sha}")
    found = list(listed(repository.objects, folder.sha, path or "", recursive=recursive))
    found.sort(key=lambda pair: KINDS.index(pair[1].kind))
    if pagination == "none":
        return dsl.present([_entry(pair) for pair in found], paginated=False)  # type: ignore[no-any-return]
    return dsl.Mapped(found, _entry, token=_token, older_token=lambda pair: pair[1].sha)  # type: ignore[return-value]


def _blob(call: dsl.Call, project: Project, sha: str) -> bytes:
    data = Repository(call.store, project).blob(sha)
    if data is None:
        raise NotFound("Blob", reason=f"no commit of {project.full_path} has a file {sha!r}")
    return data


@v4.get("projects/:id/repository/blobs/:sha", rule=code.READ)
def show_blob(call: dsl.Call, project: Project, sha: str) -> dict[str, Any]:
    """Show what is in a file by its hash."""
    data = _blob(call, project, sha)
    return {"size": len(data), "encoding": "base64", "content": base64.b64encode(data).decode(), "sha": sha}


@v4.get("projects/:id/repository/blobs/:sha/raw", rule=code.READ)
def show_raw_blob(call: dsl.Call, project: Project, sha: str) -> dsl.Raw:
    """Show what is in a file by its hash, as it is."""
    return file_answer(_blob(call, project, sha), headers=NO_CACHE)


ARCHIVE = [
    dsl.param("sha", str, "The branch, tag or commit, the default branch unless given"),
    dsl.param("format", str, "The format: zip, tar, tar.gz, tar.bz2 or one of their short names"),
    dsl.param("path", str, "The folder"),
    dsl.param(
        "include_lfs_blobs", bool, "Whether LFS objects take the place of pointers; there are none", default=True
    ),
    dsl.param("exclude_paths", dsl.CommaList, "Files and folders to leave out", since="17.3"),
]


@v4.get("projects/:id/repository/archive", "projects/:id/repository/archive.:format", rule=code.READ, params=ARCHIVE)
def download_archive(call: dsl.Call, project: Project, given: dsl.Given) -> dsl.Raw:
    """Download the files of a repository."""
    repository = Repository(call.store, project)
    ending = call.path.get("format")
    if ending is not None and ending not in (*FORMATS, "7z"):
        raise RouteNotFound(reason=f"no archive ends in .{ending}; there are {', '.join(FORMATS)}")
    form = FORMATS.get((given.get("format") or "").lower(), "tar.gz")
    commit = repository.commit(given.get("sha"))
    if commit is None:
        raise NotFound("File", reason=f"{given.get('sha') or 'HEAD'!r} is no revision of {project.full_path}")
    ref = given.get("sha") or repository.default_branch or "HEAD"
    path = (given.get("path") or "").strip("/")
    name = "-".join([project.path, ref.replace("/", "-"), commit.sha, *([path.replace("/", "-")] if path else [])])
    chosen = _chosen(files(repository.objects, commit.tree), path, given.get("exclude_paths") or [])
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    body = archive(repository.objects, commit, chosen, name, form)
    return dsl.Raw(body, CONTENT_TYPES.get(form, "application/octet-stream"), headers=headers)


def _chosen(found: dict[str, Entry], path: str, excluded: list[str]) -> dict[str, Entry]:
    without = [one.strip("/") for one in excluded]
    below = {name: one for name, one in found.items() if not path or f"{name}/".startswith(f"{path}/")}
    if path and not below:
        raise NotFound("File", reason=f"there is no folder {path!r}")
    return {name: one for name, one in below.items() if not any(_fits(name, other) for other in without if other)}


def _fits(path: str, spec: str) -> bool:
    """Tell whether git takes a path for what is meant: by its beginning, or by a pattern whose ``*`` spans folders."""
    return f"{path}/".startswith(f"{spec}/") or fnmatchcase(path, spec)


@v4.get(
    "projects/:id/repository/compare",
    rule=code.READ,
    params=[
        dsl.param("from", str, "The branch, tag or commit to begin at", required=True),
        dsl.param("to", str, "The branch, tag or commit to end at", required=True),
        dsl.param("from_project_id", int, "The project of the beginning"),
        dsl.param("straight", bool, "Compare with the beginning itself, not with the common ancestor", default=False),
        UNIDIFF,
    ],
)
def compare(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Compare two branches, tags or commits."""
    target, objects = _target(call, project, given), call.store.objects
    start = Repository(call.store, target).commit(given["from"])
    end = Repository(call.store, project).commit(given["to"])
    if start is None or end is None:
        missing = given["from"] if start is None else given["to"]
        raise NotFound("Ref", reason=f"there is no branch, tag or commit {missing!r}")
    url, unidiff = project.web_url(call.view()), call.option("unidiff")
    commits = [commit_json(one, url) for one in walk(objects, [end.sha], [start.sha])][::-1]
    base = start.sha if given.get("straight") else merge_base(objects, [start.sha, end.sha]) or start.sha
    found = changes(objects, read_commit(objects, base).tree, end.tree, alike=GITLAB_ALIKE)
    return {
        "commit": commit_json(end, url) if commits else None,
        "commits": commits,
        "diffs": [diff_json(objects, one, unidiff=unidiff) for one in found[: diff_limits.ALL.files]],
        "compare_timeout": len(found) > diff_limits.ALL.files,
        "compare_same_ref": start.sha == end.sha,
        "web_url": f"{url}/-/compare/{base}...{end.sha}",
    }


def _target(call: dsl.Call, project: Project, given: dsl.Given) -> Project:
    """Return the project in which the comparison begins: an open one of the same network of forks."""
    wanted = given.get("from_project_id")
    if wanted is None or wanted == project.id:
        return project
    other = call.store[Project].get(wanted)
    if other is None or not _is_near(call, project, other):
        text = f"Target project id:{wanted} is not a fork of project id:{call.path['id']}"
        raise BadRequest(text, reason="only projects of one network of forks are compared, which the caller sees")
    if not reads_code(other, call.view()):
        text = "You don't have access to this fork's parent project"
        raise Forbidden(text, reason=f"the code of {other.full_path} is closed to the caller")
    return other


def _is_near(call: dsl.Call, project: Project, other: Project) -> bool:
    seen = access.can_read(call.store, call.user, other) and access.feature_open(call, other, "repository")
    return seen and not other.archived and fork_origin(call.store, other) == fork_origin(call.store, project)


CONTRIBUTORS_REF = dsl.param("ref", str, "The branch, tag or commit, the default branch unless given", since="17.4")


@v4.get("projects/:id/repository/contributors", rule=code.READ, params=[CONTRIBUTORS_REF])
def list_contributors(
    call: dsl.Call,
    project: Project,
    ref: str | None = None,
    order_by: Annotated[Literal["email", "name", "commits"], "Order by one of these"] = "commits",
    sort: Annotated[Literal["asc", "desc"], "Ascending or descending"] = "asc",
) -> list[Any]:
    """List who wrote the last 2,000 commits, merges aside, and how many."""
    repository = Repository(call.store, project)
    tip = repository.commit(ref)
    if tip is None:
        raise NotFound(reason=f"{project.full_path} has no branch, tag or commit {ref or 'HEAD'!r}")
    found: dict[str, dict[str, Any]] = {}
    written = (commit for commit in walk(repository.objects, [tip.sha]) if len(commit.parents) < 2)
    for commit in islice(written, CONTRIBUTIONS_AT_MOST):
        found.setdefault(commit.author.email, _contributor(commit))["commits"] += 1
    return sorted(found.values(), key=lambda one: (one[order_by], one["email"]), reverse=sort == "desc")


def _contributor(commit: Commit) -> dict[str, Any]:
    names = {"name": shown(commit.author.name), "email": shown(commit.author.email)}
    return {**names, "commits": 0, "additions": 0, "deletions": 0}


@v4.get("projects/:id/repository/merge_base", rule=code.READ)
def show_merge_base(
    call: dsl.Call, project: Project, refs: Annotated[dsl.CommaList, "The branches, tags or commits"]
) -> dict[str, Any]:
    """Show the common ancestor of commits."""
    if len(refs) < 2:
        raise BadRequest("Provide at least 2 refs", reason=f"refs were {refs}")
    repository = Repository(call.store, project)
    found = {ref: repository.commit(ref) for ref in refs}
    unknown = [ref for ref, commit in found.items() if commit is None]
    if unknown:
        noun = "ref" if len(unknown) == 1 else "refs"
        raise BadRequest(f"Could not find {noun}: {', '.join(unknown)}", reason=f"{project.full_path} lacks them")
    base = merge_base(repository.objects, [commit.sha for commit in found.values() if commit])
    if base is None:
        raise NotFound("Merge Base", reason="their histories have nothing in common")
    return commit_json(read_commit(repository.objects, base), project.web_url(call.view()))
