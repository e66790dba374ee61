"""Mirrors: repositories elsewhere to which a project pushes, and the one from which it pulls.

Source: https://docs.gitlab.com/api/remote_mirrors/, https://docs.gitlab.com/api/project_pull_mirroring/ and GitLab's
app/models/remote_mirror.rb, lib/api/entities/remote_mirror.rb, ee/lib/api/entities/pull_mirror.rb.
"""

from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.project import Project

SCHEMES = ("http", "https", "ssh", "git")
MASKED = "*****"
AuthMethod = Literal["ssh_public_key", "password"]


class Mirror(dsl.Entity):
    """How the last update of a mirror went."""

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    update_status: str = dsl.readonly(default="none")
    last_update_at: str | None = dsl.readonly()
    last_update_started_at: str | None = dsl.readonly()
    last_successful_update_at: str | None = dsl.readonly()
    last_error: str | None = dsl.readonly()
    mirror_branch_regex: str | None = dsl.optional("Which branches to mirror", since="15.8", edition="ee")


class RemoteMirror(Mirror):
    """A repository to which a project pushes."""

    enabled: bool = dsl.optional("Whether it is pushed to", default=False)
    address: str = dsl.hidden("The whole URL")
    only_protected_branches: bool = dsl.optional("Whether only protected branches are pushed", default=False)
    keep_divergent_refs: bool = dsl.optional("Whether what went another way there is left alone", default=False)
    auth_method: AuthMethod = dsl.optional("How one signs in", default="password", since="16.10")
    public_key: str | None = dsl.hidden("The key with which one signs in by SSH")

    @dsl.computed
    def url(self, view: dsl.View) -> str:
        """The URL without secrets; the user git is none."""
        return safe_url(self.address, shown=("git",))

    @dsl.computed_in(since="18.4")
    def host_keys(self, view: dsl.View) -> list[Any]:
        """The keys of the host, of which none is looked up."""
        return []


class PullMirror(Mirror):
    """The repository from which a project pulls; where it is and what is pulled, the project itself says."""


UPDATES = ("update_status", "last_update_at", "last_update_started_at", "last_successful_update_at", "last_error")
REMOTE_MIRROR = RemoteMirror.shape(
    *("id", "enabled", "url", *UPDATES, "only_protected_branches", "keep_divergent_refs", "auth_method", "host_keys"),
    "mirror_branch_regex",
)


def _of_project(name: str) -> Any:
    def read(row: PullMirror, view: dsl.View) -> Any:
        value = getattr(view.store[Project][row.project_id], name)
        return False if value is None and name == "mirror_overwrites_diverged_branches" else value

    return dsl.computed_in(since="17.5")(read)


def _pull_url(row: PullMirror, view: dsl.View) -> str | None:
    address = view.store[Project][row.project_id].import_url
    return safe_url(address) if address else None


PULL_MIRROR = (
    PullMirror.shape("id", "update_status")
    .plus(url=_pull_url)
    .plus("last_error", "last_update_at", "last_update_started_at", "last_successful_update_at", entity=PullMirror)
    .plus(
        enabled=_of_project("mirror"),
        mirror_trigger_builds=_of_project("mirror_trigger_builds"),
        only_mirror_protected_branches=_of_project("only_mirror_protected_branches"),
        mirror_overwrites_diverged_branches=_of_project("mirror_overwrites_diverged_branches"),
    )
    .plus("mirror_branch_regex", entity=PullMirror)
)


def split_url(url: str) -> SplitResult | None:
    """Return the parts of a URL; nothing where it is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != -1 else None  # a port that is none raises
    except ValueError:
        return None


def safe_url(url: str, shown: tuple[str, ...] = ()) -> str:
    """Return a URL with stars for the user, unless he may be shown, and for the password."""
    parts = split_url(url)
    if parts is None or "@" not in parts.netloc:
        return url
    user = parts.username if parts.username in shown else MASKED
    secret = f":{MASKED}" if parts.password else ""
    return parts._replace(netloc=f"{user}{secret}@{parts.netloc.rpartition('@')[2]}").geturl()


def url_problems(url: str) -> dict[str, list[str]]:
    """Return what is wrong with the URL of a mirror."""
    if not url.strip():
        return {"url": ["can't be blank"]}
    problem = url_problem(url)
    return {"url": [problem]} if problem else {}


def url_problem(url: str, schemes: tuple[str, ...] = SCHEMES) -> str:
    """Return why GitLab would not use a URL, empty where it would."""
    parts = split_url(url)
    if parts is None:
        return "is blocked: URI is invalid"
    return "" if parts.scheme in schemes else f"is blocked: Only allowed schemes are {', '.join(schemes)}"
