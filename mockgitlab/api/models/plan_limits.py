"""How much an instance lets everybody have.

Source: https://docs.gitlab.com/api/plan_limits/, GitLab's lib/api/entities/plan_limit.rb and the defaults of
the table plan_limits.
"""

from typing import Any

from mockgitlab import dsl

REMEMBERED = ("enforcement_limit", "notification_limit", "storage_size_limit")
"""The limits of which it is told who changed them."""
PLANS = (
    *("default", "free", "bronze", "silver", "premium", "gold", "ultimate", "ultimate_trial"),
    *("ultimate_trial_paid_customer", "premium_trial", "opensource"),
)
"""The plans that GitLab knows; outside GitLab.com there is the first alone."""


class PlanLimits(dsl.Entity):
    """The limits of the plan ``default``; 0 is no limit."""

    id: int = dsl.serial()
    ci_instance_level_variables: int = dsl.optional("Variables of the instance", default=25)
    ci_pipeline_size: int = dsl.optional("Jobs of a pipeline", default=0)
    ci_active_jobs: int = dsl.optional("Jobs in pipelines that run", default=0)
    ci_active_pipelines: int = dsl.optional("Pipelines of a project that run", default=0)
    ci_project_subscriptions: int = dsl.optional("Pipeline subscriptions from and to a project", default=2)
    ci_pipeline_schedules: int = dsl.optional("Pipeline schedules", default=10)
    ci_needs_size_limit: int = dsl.optional("Jobs that a job needs", default=50)
    ci_registered_group_runners: int = dsl.optional("Runners of a group", default=1_000)
    ci_registered_project_runners: int = dsl.optional("Runners of a project", default=1_000)
    conan_max_file_size: int = dsl.optional("Bytes of a Conan package", default=3 * 2**30)
    dotenv_size: int = dsl.optional("Bytes of a dotenv artifact", default=5_120)
    dotenv_variables: int = dsl.optional("Variables in a dotenv artifact", default=20)
    enforcement_limit: int = dsl.optional("MiB of a root namespace's storage, enforced", default=0)
    generic_packages_max_file_size: int = dsl.optional("Bytes of a generic package", default=5 * 2**30)
    helm_max_file_size: int = dsl.optional("Bytes of a Helm chart", default=5 * 2**20)
    limits_history: dict[str, Any] | None = dsl.hidden("Who changed which limit")
    maven_max_file_size: int = dsl.optional("Bytes of a Maven package", default=3 * 2**30)
    notification_limit: int = dsl.optional("MiB of a root namespace's storage, of which one is told", default=0)
    npm_max_file_size: int = dsl.optional("Bytes of an npm package", default=500 * 2**20)
    nuget_max_file_size: int = dsl.optional("Bytes of a NuGet package", default=500 * 2**20)
    pipeline_hierarchy_size: int = dsl.optional("Downstream pipelines of a pipeline's tree", default=1_000)
    pypi_max_file_size: int = dsl.optional("Bytes of a PyPI package", default=3 * 2**30)
    storage_size_limit: int = dsl.optional("MiB of a root namespace's storage", default=0)
    terraform_module_max_file_size: int = dsl.optional("Bytes of a Terraform module", default=2**30)


def limits_of(store: dsl.Store) -> PlanLimits:
    """Return the limits of the instance."""
    return store[PlanLimits].all().first() or PlanLimits()


_NAMES = tuple(name for name, field in PlanLimits.fields.items() if field.word == "optional")
_BEFORE = _NAMES[: _NAMES.index("maven_max_file_size")]
PLAN_LIMIT = (
    PlanLimits.shape(*_BEFORE, name="PlanLimit")
    .plus(limits_history=lambda limits, view: limits.limits_history or {})
    .plus(*_NAMES[len(_BEFORE) :], entity=PlanLimits)
)
