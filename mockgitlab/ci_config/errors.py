"""Why a configuration makes no pipeline: it is wrong, or nothing in it is meant to run."""

RULES = (
    "Pipeline will not run for the selected trigger. "
    "The rules configuration prevented any jobs from being added to the pipeline."
)
WORKFLOW = "Pipeline filtered out by workflow rules."


class ConfigError(Exception):
    """The configuration is wrong; the message is GitLab's."""


class Filtered(Exception):
    """The rules leave no job, or want no pipeline at all; the message is GitLab's, ``RULES`` or ``WORKFLOW``."""
