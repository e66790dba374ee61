"""Commits: lists, single ones, their differences, and where they are.

Source: https://docs.gitlab.com/api/commits/ and GitLab's lib/api/commits.rb.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access, diff_limits
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.pipeline import PIPELINE_BASIC, Pipeline, pipelines_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import commit_changes, commit_json, diff_json, stats_json
from mockgitlab.api.models.signature import SHAPES as SIGNATURES
from mockgitlab.api.services import pipeline_progress
from mockgitlab.api.services.branches import merged_into
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.api.services.signatures import signature_of, signature_type, verifying
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, Style
from mockgitlab.git.changes import GITLAB_ALIKE
from mockgitlab.git.history import first_parent, following, merge_bases, topological, walk
from mockgitlab.git.objects import Commit, peeled, read_commit
from mockgitlab.store import parse_instant

UNIDIFF = dsl.param("unidiff", bool, "Let differences begin with the names of both files", default=False, since="16.5")
LIST = [
    dsl.param("ref_name", str, "The branch, tag or range to begin at, the default branch unless given"),
    dsl.param("since", dsl.Timestamp, "Only commits on or after this time"),
    dsl.param("until", dsl.Timestamp, "Only commits on or before this time"),
    dsl.param("path", str, "Only commits that changed this file or folder"),
    dsl.param("author", str, "Only commits by this author", since="15.10"),
    dsl.param("all", bool, "The commits of all branches and tags"),
    dsl.param("with_stats", bool, "Tell how many lines each commit changed"),
    dsl.param("first_parent", bool, "Of merges follow the first parent only"),
    dsl.param("order", str, "The order", default="default", enum=("default", "topo")),
    dsl.param("trailers", bool, "Tell the trailers of each commit", default=False),
]


class SignatureNotFound(NotFound):
    """A commit is not signed, of which the documents speak in other words than GitLab itself."""

    def __init__(self, *, reason: str = "") -> None:
        super().__init__("Signature", reason=reason)

    def body(self, style: Style) -> Any:
        """Return GitLab's documented message, or the one it sends."""
        return {"message": "404 GPG Signature Not Found"} if style == "documented" else super().body(style)


def find_commit(call: dsl.Call, project: Project, revision: str) -> Commit:
    """Return the commit that a hash, branch or tag names; raises ``NotFound``."""
    found = Repository(call.store, project).commit(revision)
    if found is None:
        raise NotFound("Commit", reason=f"{project.full_path} has no commit, branch or tag {revision!r}")
    return found


def detail_json(
    call: dsl.Call, project: Project, commit: Commit, *, stats: bool = True, new: bool = False
) -> dict[str, Any]:
    """Return a commit as it shows alone; one that was made just now has no pipeline yet."""
    counted = {"stats": stats_json(call.store.objects, commit)} if stats else {}
    pipeline = None if new else _last_pipeline(call, project, commit)
    shown = call.view().one(PIPELINE_BASIC, pipeline)
    more = {"status": pipeline and pipeline.status, "project_id": project.id, "last_pipeline": shown}
    return {**commit_json(commit, project.web_url(call.view()), trailers=True), **counted, **more}


def _last_pipeline(call: dsl.Call, project: Project, commit: Commit) -> Pipeline | None:
    open_to_all = project.public_jobs or access.level(call, project) >= access.REPORTER
    shown = open_to_all and access.feature_open(call, project, "builds")
    return next(iter(pipelines_of(call.store, project.id, commit.sha)), None) if shown else None


class _Reversed(dsl.Mapped):
    """A list whose pages hold their items the other way round, as those of ``git log --all --reverse`` do."""

    def __getitem__(self, at: Any) -> Any:
        return super().__getitem__(at)[::-1]


@v4.get("projects/:id/repository/commits", rule=code.READ_ENABLED, params=LIST, counted=False)
def list_commits(call: dsl.Call, project: Project, given: dsl.Given) -> list[Any]:
    """List the commits of a repository, the newest first; with ``all`` each page has the oldest of its own first."""
    repository, url = Repository(call.store, project), project.web_url(call.view())
    ref = given.get("ref_name") or ""
    if ref.startswith("-"):
        raise BadRequest("ref_name is invalid", reason="no revision begins with a dash")
    shas = _log(repository, _ends(repository, ref, given), given)

    def make(sha: str) -> dict[str, Any]:
        commit = read_commit(repository.objects, sha)
        counted = {"stats": stats_json(repository.objects, commit)} if given.get("with_stats") else {}
        return {**commit_json(commit, url, trailers=given.get("trailers") is True), **counted}

    return (_Reversed if given.get("all") else dsl.Mapped)(shas, make, endless=True)  # type: ignore[return-value]


def _ends(repository: Repository, ref: str, given: dsl.Given) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the commits to begin at, and those whose history is left out: ``main..feature`` has both."""
    if given.get("all"):
        return tuple(repository.tips), ()
    start, dots, end = ref.partition("..." if "..." in ref else "..")
    tip, other = repository.commit(end if dots else ref), repository.commit(start) if dots else None
    if tip is None or (dots and other is None):
        return (), ()
    if other and dots == "...":
        return (tip.sha, other.sha), tuple(merge_bases(repository.objects, tip.sha, other.sha))
    return (tip.sha,), ((other.sha,) if other else ())


def _log(repository: Repository, ends: tuple[tuple[str, ...], tuple[str, ...]], given: dsl.Given) -> Sequence[str]:
    """Return the hashes of a log; what it is for the same ends never changes, so it is remembered."""
    objects, (tips, hidden) = repository.objects, ends
    asked = tuple(given.get(name) for name in ("path", "first_parent", "order", "since", "until", "author"))
    path, first, order, *narrowing = asked

    def compute() -> tuple[str, ...]:
        found = list(walk(objects, tips, hidden, first_parent if first else None))
        found = [one for one in (topological(found) if order == "topo" else found) if _fits(one, *narrowing)]
        return tuple(one.sha for one in (following(objects, found, path, merges=first is True) if path else found))

    return repository.store.remember(("log", tips, hidden, *asked), compute)


def _fits(commit: Commit, since: str | None, until: str | None, author: str | None) -> bool:
    after, before = (parse_instant(one).timestamp() if one else None for one in (since, until))
    time, by = commit.committer.time, f"{commit.author.name} <{commit.author.email}>"
    return not ((after and time < after) or (before and time > before) or (author and author not in by))


@v4.get("projects/:id/repository/commits/:sha", rule=code.READ_ENABLED, job_token=True, json_suffix=False)
def show_commit(
    call: dsl.Call, project: Project, sha: str, stats: Annotated[bool, "Tell how many lines it changed"] = True
) -> dict[str, Any]:
    """Show a commit."""
    commit = find_commit(call, project, sha)
    pipeline_progress.read(call.store, pipelines_of(call.store, project.id, commit.sha)[:1])
    return detail_json(call, project, commit, stats=stats)


@v4.get("projects/:id/repository/commits/:sha/diff", rule=code.READ_ENABLED, params=[UNIDIFF])
def show_commit_diff(call: dsl.Call, project: Project, sha: str) -> list[Any]:
    """Show what a commit changed."""
    objects = call.store.objects
    found = commit_changes(objects, find_commit(call, project, sha), GITLAB_ALIKE)
    unidiff = call.option("unidiff")
    shown = found[: diff_limits.ALL.files]
    return dsl.Mapped(shown, lambda one: diff_json(objects, one, unidiff=unidiff))  # type: ignore[return-value]


@v4.get("projects/:id/repository/commits/:sha/sequence", rule=code.READ_ENABLED, since="16.9")
def show_commit_sequence(
    call: dsl.Call, project: Project, sha: str, first_parent: Annotated[bool, "Follow the first parent only"] = False
) -> dict[str, int]:
    """Tell how many commits lead to a commit, itself included."""
    commit = find_commit(call, project, sha)
    return {"count": sum(1 for _ in walk(call.store.objects, [commit.sha], parents=_first if first_parent else None))}


_first = first_parent


@v4.get("projects/:id/repository/commits/:sha/refs", rule=code.READ_ENABLED, counted=False)
def list_commit_refs(
    call: dsl.Call,
    project: Project,
    sha: str,
    type: Annotated[Literal["branch", "tag", "all"], "What to list"] = "all",
) -> list[Any]:
    """List the branches and tags that a commit is in."""
    repository, commit = Repository(call.store, project), find_commit(call, project, sha)

    def has(ref: str) -> bool:
        tip = peeled(repository.objects, ref)
        return tip is not None and commit.sha in merged_into(repository, read_commit(repository.objects, tip))

    kinds = {"branch": HEADS, "tag": TAGS}
    wanted = kinds if type == "all" else {type: kinds[type]}
    return [
        {"type": kind, "name": name}
        for kind, prefix in wanted.items()
        for name, ref in repository.named(prefix).items()
        if has(ref)
    ]


@v4.get("projects/:id/repository/commits/:sha/signature", rule=code.READ_ENABLED)
def show_commit_signature(call: dsl.Call, project: Project, sha: str) -> dict[str, Any]:
    """Show the signature of a commit, and whether it is that of who committed."""
    commit = find_commit(call, project, sha)
    kind = signature_type(call.store.objects, commit.sha)
    if kind is None:
        raise SignatureNotFound(reason=f"the commit {commit.sha} is not signed")
    with verifying():
        found = signature_of(call, project, commit.sha)
    shown = call.view().one(SIGNATURES[kind], found) or {"signature_type": kind}
    return {**shown, "commit_source": "gitaly"}
