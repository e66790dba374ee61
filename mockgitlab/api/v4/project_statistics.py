"""How often a project was cloned or fetched lately.

Source: https://docs.gitlab.com/api/project_statistics/ and GitLab's lib/api/project_statistics.rb.
"""

from datetime import timedelta
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.daily_fetches import DAYS, DailyFetches
from mockgitlab.api.models.project import Project
from mockgitlab.api.v4.base import v4


@v4.get("projects/:id/statistics", rule=access.AS_MAINTAINER)
def show_statistics(call: dsl.Call, project: Project) -> dict[str, Any]:
    """Tell how often a project was fetched over HTTP in the last 30 days, the latest day first."""
    since = (call.store.clock.instant - timedelta(days=DAYS)).date().isoformat()
    rows = [row for row in call.store[DailyFetches].where(project_id=project.id) if row.date >= since]
    days = [{"count": row.count, "date": row.date} for row in sorted(rows, key=lambda row: row.date, reverse=True)]
    return {"fetches": {"total": sum(row.count for row in rows), "days": days}}
