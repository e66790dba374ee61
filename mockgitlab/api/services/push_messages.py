"""What GitLab tells whoever pushes: where to open a merge request, and that a project has another path now.

Source: GitLab's app/services/merge_requests/get_urls_service.rb and lib/gitlab/checks/container_moved.rb.
"""

from collections.abc import Iterator
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.services.repositories import HEADS
from mockgitlab.errors import ApiError


def messages(call: dsl.Call, project: Project, moved: list[str]) -> Iterator[str]:
    """Yield the messages after a push that moved some refs, each between blank lines."""
    for name in moved if project.merge_requests_access_level != "disabled" else ():
        branch = name.removeprefix(HEADS)
        if name.startswith(HEADS) and branch != project.default_branch:
            yield f"\n{_link(call, project, branch)}\n"
    yield from moved_message(call, "Project", project.full_path)


def moved_message(call: dsl.Call, kind: str, path: str) -> Iterator[str]:
    """Yield what is told to who pushes to a path that a repository no longer has."""
    asked = str(call.path.get("project", path))
    if asked.lower() != path.lower():
        yield (
            f"\n{kind} '{asked}' was moved to '{path}'.\n\nPlease update your Git remote:\n\n"
            f"  git remote set-url origin {call.base}/{path}.git\n"
        )


def sentences(error: ApiError) -> str:
    """Return what an error says in one line: ``Path can't start with dash, Name has already been taken``."""
    if isinstance(error.message, dict):
        given = error.message.items()
        return ", ".join(f"{field.capitalize()} {text}" for field, texts in given for text in dict.fromkeys(texts))
    return ", ".join(error.message) if isinstance(error.message, list) else str(error.message)


def _link(call: dsl.Call, project: Project, branch: str) -> str:
    opened = call.store[MergeRequest].where(source_project_id=project.id, source_branch=branch, state="opened")
    known = opened.first()
    if known is not None:
        return f"View merge request for {branch}:\n  {known.web_url(call.view())}"
    new = (
        f"{project.web_url(call.view())}/-/merge_requests/new?merge_request%5Bsource_branch%5D={quote(branch, safe='')}"
    )
    return f"To create a merge request for {branch}, visit:\n  {new}"
