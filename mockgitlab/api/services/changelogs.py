"""Changelogs: what the trailers of commits tell of a release, as Markdown, and where in a file it goes.

Source: https://docs.gitlab.com/user/project/changelogs/, GitLab's app/services/repositories/changelog_service.rb,
app/finders/repositories/changelog_*_finder.rb, lib/gitlab/changelog/*.rb.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access, protected_refs
from mockgitlab.api.mergeability import commits_of
from mockgitlab.api.models.group import find_group
from mockgitlab.api.models.merge_request import MergeRequest
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.repository import shown
from mockgitlab.api.models.user import User
from mockgitlab.api.services.accounts import email_owner
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.api.services.templates import TemplateError, render
from mockgitlab.errors import Unprocessable
from mockgitlab.git.history import walk
from mockgitlab.git.objects import Commit, peeled
from mockgitlab.git.trailers import trailers_of
from mockgitlab.git.trees import at_path
from mockgitlab.store import parse_instant

CONFIG = ".gitlab/changelog_config.yml"
_PRE = r"(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
SEMVER = (
    r"v?(?P<major>0|[1-9]\d*)\.(?P<minor>0|[1-9]\d*)\.(?P<patch>0|[1-9]\d*)"
    rf"(?:-(?P<pre>{_PRE}(?:\.{_PRE})*))?(?:\+(?P<meta>[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"
)
TAG = f"^{SEMVER}$"
REVERTS = re.compile(r"^This reverts commit (?P<sha>[0-9a-f]{40})", re.IGNORECASE | re.MULTILINE)
_TITLE = re.compile(rf"^##\s+(?P<version>{SEMVER})", re.MULTILINE)
TEMPLATE = """\
{% if categories %}
{% each categories %}
### {{ title }} ({% if single_change %}1 change{% else %}{{ count }} changes{% end %})

{% each entries %}
- [{{ title }}]({{ commit.WORD }})\\
{% if author.credit %} by {{ author.reference }}{% end %}\\
{% if merge_request %} ([merge request]({{ merge_request.WORD }})){% end %}

{% end %}

{% end %}
{% else %}
No changes.
{% end %}
"""


class Failed(Unprocessable):
    """A changelog cannot be made."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Failed to generate the changelog: {why}", reason=why)


class Changelog:
    """Makes the section of a changelog for one version of a project, as a request asks for it."""

    def __init__(self, call: dsl.Call, project: Project, given: Mapping[str, Any]) -> None:
        self.call, self.project, self.given = call, project, given
        self.repository = Repository(call.store, project)
        self.view = call.view()
        self.config = self._config()

    def _config(self) -> dict[str, Any]:
        commit = self.repository.commit(self.given.get("config_file_ref"))
        entry = (
            at_path(self.repository.objects, commit.tree, self.given.get("config_file") or CONFIG) if commit else None
        )
        if entry is None or entry.kind != "blob":
            return {}
        import yaml  # it takes a while to load, and few instances make a changelog

        try:
            found = yaml.safe_load(self.repository.objects.data(entry.sha, "blob"))
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise Failed(f"the configuration is no YAML: {error}") from None
        if not isinstance(found, dict) or not isinstance(found.get("categories") or {}, dict):
            text = 'The "categories" configuration key must be a Hash'
            raise Failed(text if isinstance(found, dict) else "the configuration is no mapping")
        return found

    def section(self) -> str:
        """Return the section as Markdown; raises ``Failed``."""
        word = "web_url" if self.call.settings.release >= (17, 1) else "reference"
        template = str(self.config.get("template") or TEMPLATE.replace("WORD", word))
        try:
            body = render(template, {"categories": self._categories()}).strip()
            date = parse_instant(self.given.get("date") or self.call.now).strftime(self._date_format())
        except (TemplateError, ValueError) as error:
            raise Failed(str(error)) from None
        return f"## {self.given['version']} ({date})\n\n{body}\n"

    def _date_format(self) -> str:
        return str(self.config.get("date_format") or "%Y-%m-%d")

    # What is in it

    def _categories(self) -> list[dict[str, Any]]:
        names = {str(key): str(value) for key, value in (self.config.get("categories") or {}).items()}
        found: dict[str, list[Any]] = {name: [] for name in names.values()}
        for commit, category in self._commits():
            found.setdefault(names.get(category, category), []).append(self._entry(commit))
        return [
            {"title": name, "count": len(entries), "single_change": len(entries) == 1, "entries": entries}
            for name, entries in found.items()
            if entries
        ]

    def _commits(self) -> list[tuple[Commit, str]]:
        """Return the commits that have the trailer and were not reverted, newest first, and what it says."""
        start, end = self.repository.commit(self._from()), self.repository.commit(self.given.get("to") or self.branch)
        found, reverted = [], set()
        for commit in walk(self.repository.objects, [end.sha], [start.sha]) if start and end else ():
            trailers = dict(trailers_of(commit.message))
            reverts = REVERTS.search(commit.message)
            if commit.sha in reverted:
                continue
            reverted.update([reverts["sha"]] if reverts else [])
            if self.given["trailer"] in trailers:
                found.append((commit, trailers[self.given["trailer"]]))
        return found

    @property
    def branch(self) -> str:
        """The branch that is asked for, or the default one."""
        return str(self.given.get("branch") or self.project.default_branch or "main")

    def _from(self) -> str:
        if self.given.get("from"):
            return str(self.given["from"])
        wanted = _version(re.match(TAG, self.given["version"]))
        if wanted is None:
            raise Failed(
                "The requested `version` attribute format is not correct. Use formats such as `1.0.0` or `v1.0.0`."
            )
        before = {version: sha for version, sha in self._tags().items() if version < wanted}
        if not before:
            raise Failed("The commit start range is unspecified, and no previous tag could be found to use instead")
        return before[max(before)]

    def _tags(self) -> dict[tuple[int, int, int], str]:
        try:
            written = str(self.config.get("tag_regex") or TAG)
            regex = re.compile(re.sub(r"\(\?<(?![=!])", "(?P<", written))
        except re.error as error:
            text = "The regular expression to use for finding the previous tag for a version is invalid"
            raise Failed(f"{text}: {error}") from None
        found = {}
        for name, sha in self.repository.named(TAGS).items():
            match, commit = regex.search(name), peeled(self.repository.objects, sha)
            version = None if match is None or match.groupdict().get("pre") else _version(match)
            if version is not None and commit is not None:
                found[version] = commit
        return found

    def _entry(self, commit: Commit) -> dict[str, Any]:
        url, path = self.project.web_url(self.view), self.project.full_path
        entry: dict[str, Any] = {
            "title": shown(commit.title),
            "commit": {
                "reference": f"{path}@{commit.sha}",
                "web_url": f"{url}/-/commit/{commit.sha}",
                "trailers": {shown(key): shown(value) for key, value in trailers_of(commit.message)},
            },
        }
        author, merged = email_owner(self.call.store, commit.author.email), self._merged.get(commit.sha)
        entry |= {"author": self._author(author)} if author else {}
        return entry | ({"merge_request": self._merge_request(merged)} if merged else {})

    @cached_property
    def _merged(self) -> dict[str, MergeRequest]:
        """The merge request that brought each commit first."""
        found: dict[str, MergeRequest] = {}
        for one in self.call.store[MergeRequest].where(project_id=self.project.id, state="merged"):
            brought = [commit.sha for commit in commits_of(self.call.store, one)]
            for sha in (*brought, one.merge_commit_sha, one.squash_commit_sha):
                found.setdefault(sha or "", one)
        return found

    def _merge_request(self, one: MergeRequest) -> dict[str, str]:
        return {"reference": f"{self.project.full_path}!{one.iid}", "web_url": one.web_url(self.view)}

    def _author(self, user: User) -> dict[str, Any]:
        outside = not protected_refs.is_member(self.call.store, user, self.project)
        return {"reference": f"@{user.username}", "contributor": outside, "credit": outside or self._credited(user)}

    def _credited(self, user: User) -> bool:
        paths = self.config.get("include_groups")
        groups = (find_group(self.call.store, str(path)) for path in (paths if isinstance(paths, list) else ()))
        return any(group is not None and access.group_level(self.call.store, user, group) > 0 for group in groups)


def _version(match: "re.Match[str] | None") -> tuple[int, int, int] | None:
    parts = [(match.groupdict().get(name) or "") for name in ("major", "minor", "patch")] if match else []
    if not parts or not all(part.isdigit() and len(part) < 19 for part in parts):
        return None
    return int(parts[0]), int(parts[1]), int(parts[2])


def inserted(content: str, version: str, section: str) -> str | None:
    """Return a changelog with a section where it belongs by its version; nothing where it has one already."""
    if re.search(rf"^##\s*{re.escape(version)}", content, re.MULTILINE):
        return None
    own = _version(re.match(SEMVER, version)) or (0, 0, 0)
    for found in _TITLE.finditer(content):
        if (_version(found) or (0, 0, 0)) < own:
            return f"{content[: found.start()]}{section}\n{content[found.start() :]}"
    return f"{content}\n{section}" if _TITLE.search(content) else f"{content}{section}"
