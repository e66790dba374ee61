"""Subscribing to issues, merge requests and labels.

Source: GitLab 8's doc/api/issues.md, merge_requests.md and labels.md, lib/api/subscriptions.rb.
"""

from typing import Any

from mockgitlab.api import merge_request_access as rights
from mockgitlab.api.v3 import issues, labels, merge_requests
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4

SUBSCRIBABLE: dict[str, tuple[str, dict[str, Any]]] = {
    issues.AT: (issues.THERE, {}),
    labels.AT: (labels.AT, {}),
    **{at: (merge_requests.THERE, {"rule": rights.UPDATES}) for at in merge_requests.PLACES},
}
"""Where each kind of record is here and in v4, and what differs."""

for _at, (_there, _more) in SUBSCRIBABLE.items():
    v3.adopt(v4, "POST", f"{_there}/subscribe", at=f"{_at}/subscription", **_more)
    v3.adopt(v4, "POST", f"{_there}/unsubscribe", at=f"DELETE {_at}/subscription", **_more)
