"""How often a project is cloned or fetched. Source: https://docs.gitlab.com/api/project_statistics/."""

from mockgitlab import dsl

DAYS = 30


class DailyFetches(dsl.Entity):
    """How often a project was cloned or fetched on one day."""

    id: int = dsl.serial()
    project_id: int = dsl.parent("Project")
    date: str = dsl.readonly()
    count: int = dsl.readonly(default=0)


def count_fetch(store: dsl.Store, project_id: int) -> None:
    """Count one fetch more for today."""
    row = store[DailyFetches].find(project_id=project_id, date=store.today)
    if row is None:
        store.insert(DailyFetches(project_id=project_id, date=store.today, count=1))
    else:
        store.update(row, count=row.count + 1)
