"""The message of a pipeline that has ended.

Source: GitLab's app/models/integrations/chat_message/pipeline_message.rb.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.chat_messages.common import Attachment, Message, Teller, link, slack
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.user import User
from mockgitlab.api.services.repositories import Repository
from mockgitlab.store import parse_instant

JOBS_AT_MOST = 10
WARNINGS = "passed with warnings"


@dataclass(frozen=True)
class Ended:
    """What is told of a pipeline that has ended."""

    data: Mapping[str, Any]
    by: Teller
    name: str

    @property
    def own(self) -> Mapping[str, Any]:
        """What the payload says of the pipeline."""
        own: Mapping[str, Any] = self.data["object_attributes"]
        return own

    @property
    def failed(self) -> list[Mapping[str, Any]]:
        """The jobs that failed and did not succeed when they were tried again, each name once, the last first."""
        builds = self.data["builds"]
        well = {job["name"] for job in builds if job["status"] == "success"}
        failed = {job["name"]: job for job in reversed(builds) if job["status"] == "failed" and job["name"] not in well}
        return list(failed.values())

    @property
    def url(self) -> str:
        """Where the pipeline is shown, its failures if there are any."""
        return f"{self.by.url}/-/pipelines/{self.own['id']}{'/failures' if self.failed else ''}"

    @property
    def ref(self) -> str:
        """The branch or tag, as a link."""
        return link(self.own["ref"], f"{self.by.url}/-/{'tags' if self.own['tag'] else 'commits'}/{self.own['ref']}")

    @property
    def status(self) -> str:
        """How it ended."""
        if self.own["status"] == "failed":
            return "has failed"
        return "has passed with warnings" if self.own["detailed_status"] == WARNINGS else "has passed"

    @property
    def duration(self) -> str:
        """How long it took."""
        seconds = int(self.own["duration"] or 0)
        short = f"{seconds % 3600 // 60:02}:{seconds % 60:02}"
        return short if seconds < 3600 else f"{seconds // 3600 % 24:02}:{short}"

    @property
    def told(self) -> str:
        """Which pipeline it is, and how it ended."""
        kind = "tag" if self.own["tag"] else "branch"
        name = link(f"#{self.own['id']}", self.url)
        return f"Pipeline {name} of {kind} {self.ref} by {self.user} {self.status}"

    @property
    def user(self) -> str:
        """Whose pipeline it is."""
        return self.by.user or "API"

    @property
    def color(self) -> str:
        """Slack's word for the colour."""
        if self.own["status"] != "success":
            return "danger"
        return "warning" if self.own["detailed_status"] == WARNINGS else "good"


def of_pipeline(data: Mapping[str, Any], by: Teller, view: dsl.View) -> Message:
    """Return the message of a pipeline that has ended."""
    project = view.store[Project][data["project"]["id"]]
    one = Ended(data, by, project.name)
    home = link(project.name, by.url)
    text = f"{home}: {one.told} in {one.duration}"
    return by.message(
        *(text, (one.told, f"in {home}", f"in {one.duration}")),
        details=text,
        attachments=[_attachment(one, text, project, view)],
        thread=f"pipeline {one.own['id']}",
        color=one.color,
        bare=True,
    )


def _attachment(one: Ended, text: str, project: Project, view: dsl.View) -> Attachment:
    committer = _committer(view.store, project, one.own["sha"]) if one.data["user"] else None
    return {
        "fallback": slack(text),
        "color": one.color,
        "author_name": one.user,
        "author_icon": (one.data["user"] or {}).get("avatar_url"),
        "author_link": committer.web_url(view) if committer else None,
        "title": f"Pipeline #{one.own['id']} {one.status} in {one.duration}",
        "title_link": one.url,
        "fields": [*_fields(one), *_longer_fields(one, view.store[Pipeline].get(one.own["id"]))],
        "footer": one.name,
        "footer_icon": project.avatar_url(view),
        "ts": _instant(one.own["finished_at"]),
    }


def _committer(store: dsl.Store, project: Project, sha: str) -> User | None:
    commit = Repository(store, project).commit(sha)
    return store[User].find(email=commit.committer.email) if commit else None


def _instant(told: str | None) -> int | None:
    return int(parse_instant(f"{told[:10]}T{told[11:19]}Z").timestamp()) if told else None


def _fields(one: Ended) -> list[Attachment]:
    commit = one.data["commit"] or {"title": "", "url": ""}
    kind = "Tag" if one.own["tag"] else "Branch"
    pairs = [(kind, slack(one.ref)), ("Commit", slack(link(commit["title"], commit["url"])))]
    stages = list(dict.fromkeys(job["stage"] for job in one.failed))
    if stages:
        pairs.append((_several("Failed stage", stages), ", ".join(slack(link(stage, one.url)) for stage in stages)))
        pairs.append((_several("Failed job", one.failed), _jobs(one)))
    return [{"title": title, "value": value, "short": True} for title, value in pairs]


def _longer_fields(one: Ended, pipeline: Pipeline | None) -> list[Attachment]:
    wrong = pipeline.yaml_errors if pipeline else None
    pairs = [("Invalid CI config YAML file", wrong), ("Pipeline name", one.own["name"])]
    return [{"title": title, "value": value, "short": False} for title, value in pairs if value]


def _several(what: str, found: list[Any]) -> str:
    return what if len(found) == 1 else f"{what}s"


def _jobs(one: Ended) -> str:
    links = [slack(link(job["name"], f"{one.by.url}/-/jobs/{job['id']}")) for job in one.failed[:JOBS_AT_MOST]]
    left = len(one.failed) - JOBS_AT_MOST
    return ", ".join([*links, *([f"and {slack(link(f'{left} more', one.url))}"] if left > 0 else [])])
