"""What is wrong with CI configurations. Source: GitLab 8's doc/api/ci/lint.md and lib/api/lint.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import lint

NO_CONTENT = "Please provide content of .gitlab-ci.yml"


@v3.post("ci/lint", rule=access.ANYONE, success=200)
def lint_anything(call: dsl.Call, content: Annotated[str, "The CI configuration"]) -> dict[str, Any]:
    """Check a CI configuration that is of no project; the first error alone is told."""
    if not (content or "").strip():
        return {"status": "invalid", "errors": [NO_CONTENT]}
    found = lint.lint_anything(call, content)
    return {"status": found["status"], "errors": found["errors"][:1]}
