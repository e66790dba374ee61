"""Time tracking of issues and merge requests.

Source: GitLab 8's doc/api/issues.md and merge_requests.md, lib/api/time_tracking_endpoints.rb.
"""

from mockgitlab.api.v3 import issues, merge_requests
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4

for _at, _there in {issues.AT: issues.THERE, merge_requests.AT: merge_requests.THERE}.items():
    v3.adopt(v4, "GET", f"{_there}/time_stats", at=f"{_at}/time_stats")
    for _name in ("time_estimate", "add_spent_time"):
        v3.adopt(v4, "POST", f"{_there}/{_name}", at=f"{_at}/{_name}", takes=("duration",))
    for _name in ("reset_time_estimate", "reset_spent_time"):
        v3.adopt(v4, "POST", f"{_there}/{_name}", at=f"{_at}/{_name}")
