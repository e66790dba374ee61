"""Environments: what is no valid one, their slugs and tiers, stopping and deleting them.

Source: GitLab's app/models/environment.rb, lib/gitlab/slug/environment.rb, lib/gitlab/regex.rb and
app/services/environments/*.rb.
"""

import hashlib
import re
import string
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from mockgitlab import dsl
from mockgitlab.api.models.deployment import deployments_to
from mockgitlab.api.models.environment import Environment, Tier, find_environment
from mockgitlab.api.models.progress import Progress
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_environment import protections_of
from mockgitlab.api.services import progress
from mockgitlab.api.services.removal import remove
from mockgitlab.errors import ValidationFailed
from mockgitlab.store import timestamp

DELETIONS = "environment_deletions"
"""The kind of work by which review apps are deleted once they were scheduled for it; the clock alone does it."""
AUTO_STOPS = "environment_stops"
"""The kind of work by which environments stop at the time that their configuration says."""
KEPT_FOR = timedelta(weeks=1)
SLUG_AT_MOST = 24
TIERS: tuple[tuple[str, Tier], ...] = (
    ("dev|review|trunk", "development"),
    ("test|tst|int|ac(ce|)pt|qa|qc|control|quality", "testing"),
    ("st(a|)g|mod(e|)l|pre|demo|non", "staging"),
    ("pr(o|)d|live", "production"),
)
"""What is in the names of environments of a tier; the first that fits."""
_NAME = re.compile(r"[a-zA-Z0-9_$ {}.-]([a-zA-Z0-9_/$ {}.-]*[a-zA-Z0-9_$ {}.-])?")
NAME_TOLD = (
    "can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, "
    "but it cannot start or end with '/'"
)
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
NAMESPACE_TOLD = (
    "can contain only lowercase letters, digits, and '-'. Must start with a letter, and cannot end with '-'"
)
BLANK_IS_NOTHING = ("external_url", "description")
UNSAFE = ("javascript", "vbscript", "data")
DIGITS = string.digits + string.ascii_lowercase


# Names


def guess_tier(name: str) -> Tier:
    """Return for what an environment is, as far as its name tells."""
    return next((tier for pattern, tier in TIERS if re.search(pattern, name, re.IGNORECASE)), "other")


def slug_of(name: str) -> str:
    """Return the name of an environment as host names may have it; where it differs, it ends in a hash."""
    slug = re.sub(r"[^a-z0-9]", "-", name.lower())
    slug = slug if slug[:1].isalpha() else f"env-{slug}"
    slug = re.sub("-+", "-", slug)
    if slug == name and len(slug) <= SLUG_AT_MOST:
        return slug.removesuffix("-")
    short = slug[:17]
    return f"{short}{'' if short.endswith('-') else '-'}{_suffix(name)}"


def _suffix(name: str) -> str:
    number, found = int(hashlib.sha256(name.encode(errors="replace")).hexdigest(), 16), ""
    for _ in range(6):
        number, rest = divmod(number, len(DIGITS))
        found = DIGITS[rest] + found
    return found


# Writing


def create(store: dsl.Store, project: Project, given: Mapping[str, Any]) -> Environment:
    """Make an environment of a project; raises ``ValidationFailed`` for what is none."""
    columns = _columns(given)
    check(store, project, {"name": None, **columns}, given)
    name = columns["name"]
    tier = columns.get("tier") or guess_tier(name)
    made = Environment(**{**columns, "project_id": project.id, "slug": slug_of(name), "tier": tier})
    return stop_in_time(store, store.insert(made))


def update(store: dsl.Store, environment: Environment, given: Mapping[str, Any]) -> Environment:
    """Change an environment; raises ``ValidationFailed`` for what it cannot be."""
    columns = _columns(given)
    check(store, store[Project][environment.project_id], columns, given, known=environment)
    if columns.get("tier", "") is None:
        columns["tier"] = guess_tier(columns.get("name") or environment.name)
    return store.update(environment, **columns)


def renew(store: dsl.Store, environment: Environment, columns: Mapping[str, Any]) -> None:
    """Bring an environment up to date with what was deployed there says of it; what makes no sense is passed over."""
    if not _url_errors(columns.get("external_url")):
        stop_in_time(store, store.update(environment, **columns))


def _columns(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in given.items() if name in Environment.fields and name != "slug"}
    blank = {name: None for name in BLANK_IS_NOTHING if name in columns and not (columns[name] or "").strip()}
    return {**columns, **blank}


def check(
    store: dsl.Store,
    project: Project,
    columns: Mapping[str, Any],
    given: Mapping[str, Any],
    known: Environment | None = None,
) -> None:
    """Raise ``ValidationFailed`` where columns are not those of an environment."""
    errors: dict[str, list[str]] = {}
    if "name" in columns:
        errors |= _name_errors(store, project, columns["name"] or "", known)
    errors |= _url_errors(columns.get("external_url"))
    if len(columns.get("description") or "") > 10_000:
        errors["description"] = ["is too long (maximum is 10000 characters)"]
    errors |= _cluster_errors(given)
    if errors:
        raise ValidationFailed(errors, reason=f"it would be no valid environment of {project.full_path}")


def _name_errors(store: dsl.Store, project: Project, name: str, known: Environment | None) -> dict[str, list[str]]:
    if known is not None and known.name == name:
        return {}
    problems = [] if name.strip() else ["can't be blank"]
    taken = find_environment(store, project, name) is not None
    problems += ["has already been taken"] if taken else []
    problems += ["is too long (maximum is 255 characters)"] if len(name) > 255 else []
    problems += [] if _NAME.fullmatch(name) else [NAME_TOLD]
    slug = {"slug": ["has already been taken"]} if taken and known is None else {}
    return {"name": problems, **slug} if problems else {}


def _url_errors(url: str | None) -> dict[str, list[str]]:
    problems = ["is too long (maximum is 255 characters)"] if len(url or "") > 255 else []
    try:
        scheme = urlsplit((url or "").strip()).scheme.lower()
    except ValueError:
        problems.append("URI is invalid")
    else:
        problems += [f"{scheme} scheme is not allowed"] if scheme in UNSAFE else []
    return {"external_url": problems} if problems else {}


def _cluster_errors(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with what names a place in a cluster: no cluster agent is known here."""
    namespace, path = given.get("kubernetes_namespace") or "", given.get("flux_resource_path") or ""
    errors = {}
    if namespace:
        long = ["is too long (maximum is 63 characters)"] if len(namespace) > 63 else []
        wrong = [] if _NAMESPACE.fullmatch(namespace) else [NAMESPACE_TOLD]
        errors["kubernetes_namespace"] = [*long, *wrong, "cannot be set without a cluster agent"]
    if path and (not namespace or len(path) > 255):
        long = ["is too long (maximum is 255 characters)"] if len(path) > 255 else []
        alone = [] if namespace else ["cannot be set without a kubernetes namespace"]
        errors["flux_resource_path"] = [*long, *alone]
    return errors


# Stopping


def stop(store: dsl.Store, environment: Environment, *, force: bool = False) -> Environment:
    """Stop an environment that is available; one that stops ``with_action`` alone has no action, and stays."""
    stoppable = ("available", "stopping") if force else ("available",)
    acts = force or environment.auto_stop_setting == "always"
    if environment.state not in stoppable or not acts:
        return environment
    return store.update(environment, state="stopped", auto_stop_at=None)


def stop_in_time(store: dsl.Store, environment: Environment) -> Environment:
    """Let an environment stop by itself when its time comes, if it has one."""
    if environment.auto_stop_at is not None:
        progress.schedule(store, AUTO_STOPS, environment, environment.auto_stop_at)
    return environment


@progress.finishes(AUTO_STOPS)
def _stop_now(store: dsl.Store, waiting: Progress) -> None:
    environment = store[Environment].get(waiting.subject_id)
    due = environment.auto_stop_at if environment is not None else None
    if environment is not None and due is not None and due <= store.now:
        from mockgitlab.api.services.environment_stops import stop_by_itself

        stop_by_itself(store, environment)


def stale(store: dsl.Store, project: Project, before: str) -> list[Environment]:
    """Return the environments of a project that were not touched since a time, those that are protected aside."""

    def is_recent(one: Environment) -> bool:
        return one.updated_at >= before or any(each.updated_at >= before for each in deployments_to(store, one))

    available = store[Environment].where(project_id=project.id, state="available")
    return [one for one in available if not is_recent(one) and not protections_of(store, one)]


# Deleting review apps


def stopped_review_apps(store: dsl.Store, project: Project, before: str, limit: int) -> list[Environment]:
    """Return the stopped environments in the folder ``review`` that are older than a time, the oldest first."""
    stopped = store[Environment].where(project_id=project.id, state="stopped", auto_delete_at=None)
    found = [one for one in stopped if one.folder == "review" and one.created_at < before]
    return sorted(found, key=lambda one: (one.created_at, one.id))[:limit]


def schedule_deletion(store: dsl.Store, environments: Iterable[Environment]) -> None:
    """Let environments be deleted in a week, unless they are available again by then."""
    due = timestamp(store.clock.instant + KEPT_FOR)
    for one in environments:
        progress.schedule(store, DELETIONS, store.update(one, auto_delete_at=due, updated_at=one.updated_at), due)


@progress.finishes(DELETIONS)
def _delete(store: dsl.Store, waiting: Progress) -> None:
    environment = store[Environment].get(waiting.subject_id)
    if environment is not None and environment.state == "stopped":
        remove(store, environment)
