"""What a project's CI configuration says: which jobs a pipeline has, on which stages, and when they run.

It reads text and answers questions of a context; it knows nothing of records, of git, or of HTTP.
"""

from mockgitlab.ci_config.config import Config, load
from mockgitlab.ci_config.context import Context, Files
from mockgitlab.ci_config.errors import ConfigError, Filtered
from mockgitlab.ci_config.jobs import Job
from mockgitlab.ci_config.linting import Findings, examine, merged_yaml
from mockgitlab.ci_config.plan import Plan, plan
from mockgitlab.ci_config.variables import Raw

__all__ = [
    "Config",
    "ConfigError",
    "Context",
    "Files",
    "Filtered",
    "Findings",
    "Job",
    "Plan",
    "Raw",
    "examine",
    "load",
    "merged_yaml",
    "plan",
]
