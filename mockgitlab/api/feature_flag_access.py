"""Who may see and change the feature flags of a project. Source: GitLab's app/policies/project_policy.rb."""

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_view import is_available
from mockgitlab.errors import Forbidden


def check(call: dsl.Call) -> None:
    """Raise ``Forbidden`` for who is less than Developer, and where the project has no feature flags."""
    project, view = call.at(Project), call.view()
    there = all(is_available(project, feature, view) for feature in ("feature_flags", "repository"))
    if not there or call.user is None or access.level(call, project) < access.DEVELOPER:
        who = access.me(call).username if call.user else "an anonymous request"
        raise Forbidden(reason=f"the feature flags of {project.full_path} are for Developer and more, not for {who}")


RULE = dsl.Rule("developer", check, login=False)
