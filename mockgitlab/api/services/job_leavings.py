"""What a job leaves behind when it ends: the artifacts that its configuration names.

Nothing is executed: it archives what ``artifacts`` name among the files of its commit, which is what a runner finds
where a script makes no files. It is imported when the first job with artifacts ends.

Source: https://docs.gitlab.com/ci/yaml/#artifacts.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.job_artifact import JUNIT
from mockgitlab.api.models.pipeline import CommitStatus, Pipeline
from mockgitlab.api.models.repository import shown
from mockgitlab.api.services.job_artifacts import insert_archive, insert_report
from mockgitlab.api.services.pipeline_variables import variables_of
from mockgitlab.ci_config.durations import seconds
from mockgitlab.ci_config.globs import matches
from mockgitlab.ci_config.variables import expanded
from mockgitlab.git.objects import read_commit
from mockgitlab.git.trees import files
from mockgitlab.store import timestamp

KEPT_FOR = 30 * 24 * 3600
"""So many seconds are artifacts kept unless they say how long; it is GitLab's default for an instance."""
ENDS = {"on_success": ("success",), "on_failure": ("failed",), "always": ("success", "failed")}
ACCESS = {"all": "public", "developer": "private", "maintainer": "maintainer", "none": "none"}


def leave_artifacts(store: dsl.Store, job: CommitStatus, base: str) -> None:
    """Give a job that ended the artifacts that its configuration names."""
    wanted = (job.config or {})["artifacts"]
    expire_at = expiry(store, wanted.get("expire_in"))
    job = store.update(job, artifacts_expire_at=expire_at)
    more = {"accessibility": accessibility(wanted)}
    found = _files(store, job, _texts(wanted.get("paths")), _texts(wanted.get("exclude")))
    if found and job.status in ENDS.get(str(wanted.get("when") or "on_success"), ()):
        insert_archive(store, job, found, filename=_filename(store, job, wanted, base), **more)
    reports = wanted["reports"] if isinstance(wanted.get("reports"), dict) else {}
    for data in _files(store, job, _texts(reports.get(JUNIT)), []).values():
        insert_report(store, job, data, **more)


def expiry(store: dsl.Store, given: Any) -> str | None:
    """Return when artifacts go that are to be kept so long."""
    if given == "never":
        return None
    found = seconds(given)
    return timestamp(store.clock.instant + timedelta(seconds=KEPT_FOR if found is None else found))


def accessibility(wanted: Mapping[str, Any]) -> str:
    """Return who may download the artifacts of a job."""
    if wanted.get("public") is False:
        return "private"
    return ACCESS.get(str(wanted.get("access") or "all"), "public")


def _filename(store: dsl.Store, job: CommitStatus, wanted: Mapping[str, Any], base: str) -> str:
    name = str(wanted.get("name") or "artifacts")
    if "$" in name:
        variables = variables_of(dsl.View(store, base), store[Pipeline][job.pipeline_id])
        own = {"CI_JOB_NAME": job.name, "CI_JOB_STAGE": job.stage, "CI_JOB_ID": str(job.id)}
        name = expanded(name, {**variables, **((job.config or {}).get("variables") or {}), **own})
    return f"{name.replace('/', '-') or 'artifacts'}.zip"


def _files(store: dsl.Store, job: CommitStatus, paths: list[str], excluded: list[str]) -> dict[str, bytes]:
    if not paths:
        return {}
    known = files(store.objects, read_commit(store.objects, job.sha).tree)
    return {
        shown(path): store.objects.data(one.sha, "blob")
        for path, one in known.items()
        if one.kind == "blob" and _names(paths, shown(path)) and not _names(excluded, shown(path))
    }


def _names(patterns: list[str], path: str) -> bool:
    return any(matches(one, path) or matches(f"{one}/**/*", path) for one in map(_relative, patterns))


def _relative(pattern: str) -> str:
    return pattern.removeprefix("./").strip("/")


def _texts(given: Any) -> list[str]:
    values = given if isinstance(given, list) else [] if given is None else [given]
    return [str(one) for one in values if str(one).strip("./")]
