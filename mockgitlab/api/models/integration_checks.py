"""What else the values of some integrations must be, beyond what is said of each property.

Source: GitLab's app/models/integrations/jira.rb, app/models/integrations/datadog.rb and
app/models/concerns/integrations/base/pipelines_email.rb.
"""

import re
from collections.abc import Callable

from mockgitlab.api.models.integration_kinds import Problems, Values

BLANK = "can't be blank"
BASIC, TOKEN = 0, 1
"""How GitLab says to Jira who it is."""
NEEDS_VULNERABILITIES = ("project_key", "vulnerabilities_issuetype")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_TAG = re.compile(r"[\w-]+:.*\S.*")


def jira_problems(values: Values) -> Problems:
    """Return what is wrong with how GitLab says to Jira who it is, and with what vulnerabilities become."""
    how = values.get("jira_auth_type")
    needed = [] if how == TOKEN else ["username"]
    needed += NEEDS_VULNERABILITIES if values.get("vulnerabilities_enabled") else ()
    found: Problems = {name: [BLANK] for name in needed if not str(values.get(name) or "").strip()}
    if how not in (BASIC, TOKEN):
        found["jira_auth_type"] = [*([BLANK] if how is None else []), "is not included in the list"]
    return found


def datadog_problems(values: Values) -> Problems:
    """Return what is wrong with where Datadog is, with its tags, and with sending logs without pipelines."""
    found: Problems = {}
    if not (values.get("datadog_site") or values.get("api_url")):
        found = {"datadog_site": [BLANK], "api_url": [BLANK]}
    tags = [line for line in (values.get("datadog_tags") or "").split("\n") if line.strip()]
    if not all(_TAG.fullmatch(tag) for tag in tags):
        found["datadog_tags"] = ["have an invalid format"]
    if values.get("archive_trace_events") and not values.get("datadog_ci_visibility"):
        found["archive_trace_events"] = ["requires CI Visibility to be enabled"]
    return found


def recipients_problems(most: int) -> Callable[[Values], Problems]:
    """Return the check that there are not too many recipients."""

    def check(values: Values) -> Problems:
        found = {one for one in re.split(r"[,\s]+", values.get("recipients") or "") if _ADDRESS.fullmatch(one)}
        return {"recipients": [f"can't exceed {most}"]} if len(found) > most else {}

    return check
