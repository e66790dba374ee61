"""Pipelines that somebody asks for: on a branch or tag, with variables and inputs.

Source: GitLab's lib/gitlab/ci/pipeline/chain/{build/associations,validate/repository}.rb and
app/models/ci/pipeline_variable.rb.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.pipeline import Pipeline
from mockgitlab.api.models.project import Project
from mockgitlab.api.pipeline_access import may_set_variables
from mockgitlab.api.services.pipelines import NotCreated, check_rights, create_or_refuse
from mockgitlab.api.services.repositories import HEADS, TAGS, Repository
from mockgitlab.git.objects import peeled

KEY = re.compile(r"[a-zA-Z0-9_]+")
KEY_AT_MOST = 255
WRONG_KEY = "Variables key can contain only letters, digits and '_'."
NOT_PERSISTED = "Failed to persist the pipeline: Validation failed: {}"
VARIABLE_TYPES = ("env_var", "file")


def run_on(
    call: dsl.Call,
    project: Project,
    ref: str,
    source: str,
    variables: Sequence[Mapping[str, Any]] = (),
    inputs: Mapping[str, Any] | None = None,
    **more: Any,
) -> Pipeline:
    """Make a pipeline on a branch or tag, as it is first written down; raises ``NotCreated``."""
    return create_or_refuse(call, draft_on(call, project, ref, source, variables, **more), inputs)


def draft_on(
    call: dsl.Call,
    project: Project,
    ref: str,
    source: str,
    variables: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> Pipeline:
    """Return a pipeline to be on a branch or tag; raises ``NotCreated``.

    ``variables`` are hashes of ``key``, ``value`` and ``variable_type``.
    """
    name, sha, tag = _resolved(call.store, project, ref)
    user_id = access.me(call).id
    made = {"project_id": project.id, "ref": name, "sha": sha, "tag": tag, "source": source, "user_id": user_id}
    check_rights(call, Pipeline(**made))
    _check_variables(call, project, variables)
    found = {str(one["key"]): str(one.get("value") or "") for one in variables}
    files = tuple(str(one["key"]) for one in variables if one.get("variable_type") == "file")
    return Pipeline(**{**made, "variables": found or None, "file_variables": files, **more})


def _check_variables(call: dsl.Call, project: Project, variables: Sequence[Mapping[str, Any]]) -> None:
    if variables and not may_set_variables(call, project):
        role = project.ci_pipeline_variables_minimum_override_role
        reason = f"ci_pipeline_variables_minimum_override_role of {project.full_path} is {role}"
        raise NotCreated("Insufficient permissions to set pipeline variables", reason)
    keys = [str(one.get("key") or "") for one in variables]
    twice = [key for key, times in Counter(keys).items() if times > 1]
    if twice:
        told = f"Duplicate variable {'names' if len(twice) > 1 else 'name'}: {', '.join(twice)}"
        raise NotCreated(told, "each variable may be given once")
    for key in keys:
        if problems := _key_problems(key):
            raise NotCreated(NOT_PERSISTED.format(", ".join(problems)), f"{key!r} is no name of a variable")


def _key_problems(key: str) -> list[str]:
    return [
        *(["Variables key can't be blank"] * (not key)),
        *([WRONG_KEY] * (not KEY.fullmatch(key))),
        *([f"Variables key is too long (maximum is {KEY_AT_MOST} characters)"] * (len(key) > KEY_AT_MOST)),
    ]


def _resolved(store: dsl.Store, project: Project, ref: str) -> tuple[str, str, bool]:
    """Return the name of a branch or tag, its commit, and whether it is a tag."""
    repository = Repository(store, project)
    found = [whole for whole in (ref, HEADS + ref, TAGS + ref) if whole.startswith((HEADS, TAGS))]
    known = [(whole, sha) for whole in found if (sha := repository.ref(whole))]
    if not known:
        raise NotCreated("Reference not found", f"{project.full_path} has no branch or tag {ref!r}")
    if len(known) > 1:
        raise NotCreated("Ref is ambiguous", f"{ref} is a branch and a tag of {project.full_path}")
    whole, sha = known[0]
    commit = peeled(repository.objects, sha)
    if commit is None:
        raise NotCreated("Commit not found", f"{ref} names no commit")
    return whole.removeprefix(HEADS).removeprefix(TAGS), commit, whole.startswith(TAGS)
