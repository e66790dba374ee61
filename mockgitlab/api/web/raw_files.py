"""Files of repositories and snippets as they are, at the addresses of GitLab's pages: ``/acme/rocket/-/raw/main/a.py``.

As at GitLab, tokens count for nothing there: what nobody but members may see sends every client on to the page to sign
in at, and who follows reads that page in place of the file.

Source: GitLab's app/controllers/projects/raw_controller.rb, app/controllers/concerns/snippets_actions.rb and
send_blob in app/controllers/concerns/sends_blob.rb.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.file_answers import file_answer
from mockgitlab.api.models.project import Project, find_project
from mockgitlab.api.models.project_view import reads_code
from mockgitlab.api.models.snippet import Snippet, files_of
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.api.services.snippets import commit_of
from mockgitlab.api.snippet_access import may_read
from mockgitlab.api.web.base import web
from mockgitlab.errors import RouteNotFound
from mockgitlab.git.names import is_sha
from mockgitlab.git.objects import Entry
from mockgitlab.git.trees import at_path
from mockgitlab.store import Objects

_KEPT = "max-age={}, public, must-revalidate, stale-while-revalidate=60, stale-if-error=300, s-maxage=60"
INLINE = dsl.param("inline", str, "Unless it is false, browsers may show the file themselves")


def _to_sign_in(call: dsl.Call) -> dsl.Raw:
    """Send a client on to the page to sign in at, which stands for what it may not see, or what is not there."""
    url = f"{call.base}/users/sign_in"
    body = f'<html><body>You are being <a href="{url}">redirected</a>.</body></html>'
    return dsl.Raw(body.encode(), "text/html; charset=utf-8", 302, {"Location": url})


def _sent(objects: Objects, entry: Entry | None, path: str, ref: str, shown: str) -> dsl.Raw:
    if entry is None or entry.kind != "blob":
        raise RouteNotFound(reason=f"there is no file {path!r} in {ref!r}")
    answer = file_answer(objects.data(entry.sha, "blob"), path.rpartition("/")[2])
    headers: Mapping[str, str] = {
        **answer.headers,
        "Cache-Control": _KEPT.format(3600 if is_sha(ref) else 60),
        "ETag": f'"{entry.sha[:32]}"',
    }
    if shown == "false":
        kept = headers["Content-Disposition"].replace("inline", "attachment", 1)
        headers = {**headers, "Content-Disposition": kept}
    return replace(answer, headers=headers)


def _split(repository: Repository, text: str, prefixes: tuple[str, ...]) -> tuple[str, str]:
    """Return the revision and the path that an address names: its longest branch or tag, or what is before a slash."""
    first, _, rest = text.partition("/")
    if is_sha(first):
        return first, rest
    names = {name for prefix in prefixes for name in repository.named(prefix) if text.startswith(f"{name}/")}
    longest = max(names, key=len, default=first)
    return longest, text[len(longest) + 1 :]


def _open_project(call: dsl.Call, path: str) -> Project | None:
    """Return a project that everybody may know of."""
    project = None if path.isdigit() else find_project(call.store, path)
    return project if project and access.can_read(call.store, None, project) else None


@web.get("*project_path/-/raw/*ref_and_path", params=[INLINE], json_suffix=False, unlocated=("project_path",))
def show_file(
    call: dsl.Call,
    project_path: str,
    ref_and_path: str,
    inline: str = "",
    ref_type: Literal["heads", "tags"] | None = None,
) -> dsl.Raw:
    """Show a file of a repository: of the branch, tag or commit that its path begins with."""
    project = _open_project(call, project_path)
    if project is None or not reads_code(project, dsl.View(call.store, call.base)):
        return _to_sign_in(call)
    repository = Repository(call.store, project)
    prefixes = {"heads": (HEADS,), "tags": (TAGS,)}.get(ref_type or "", (HEADS, TAGS))
    ref, path = _split(repository, ref_and_path, prefixes)
    commit = repository.commit(prefixes[0] + ref if ref_type else ref)
    entry = at_path(repository.objects, commit.tree, path) if commit else None
    return _sent(repository.objects, entry, path, ref, inline)


def _open_snippet(call: dsl.Call, snippet_id: int, project_path: str | None) -> Snippet | None:
    """Return a snippet that everybody may see, of a project or of none."""
    project = _open_project(call, project_path) if project_path is not None else None
    if project_path is not None and project is None:
        return None
    snippet = call.store[Snippet].find(id=snippet_id, project_id=project.id if project else None)
    return snippet if snippet and may_read(call.store, None, snippet) else None


@web.get("-/snippets/:snippet_id/raw", params=[INLINE], json_suffix=False)
@web.get("*project_path/-/snippets/:snippet_id/raw", params=[INLINE], json_suffix=False, unlocated=("project_path",))
def show_first_snippet_file(
    call: dsl.Call, snippet_id: int, project_path: str | None = None, inline: str = ""
) -> dsl.Raw:
    """Show the first file of a snippet."""
    snippet = _open_snippet(call, snippet_id, project_path)
    if snippet is None:
        return _to_sign_in(call)
    path, entry = next(iter(files_of(call.store.objects, snippet).items()), ("", None))
    return _sent(call.store.objects, entry, path, "main", inline)


@web.get("-/snippets/:snippet_id/raw/:ref/*path", params=[INLINE], json_suffix=False)
@web.get(
    "*project_path/-/snippets/:snippet_id/raw/:ref/*path",
    params=[INLINE],
    json_suffix=False,
    unlocated=("project_path",),
)
def show_snippet_file(
    call: dsl.Call, snippet_id: int, ref: str, path: str, project_path: str | None = None, inline: str = ""
) -> dsl.Raw:
    """Show a file of a snippet in a revision."""
    snippet = _open_snippet(call, snippet_id, project_path)
    if snippet is None:
        return _to_sign_in(call)
    commit = commit_of(call.store.objects, snippet, ref)
    entry = at_path(call.store.objects, commit.tree, path) if commit else None
    return _sent(call.store.objects, entry, path, ref, inline)
