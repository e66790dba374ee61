"""In which order issues are listed. Source: https://docs.gitlab.com/api/issues/#list-issues."""

from mockgitlab.api.issuable_orders import ordered

ORDER = ordered(
    "created_at",
    "due_date",
    "label_priority",
    "milestone_due",
    "popularity",
    "priority",
    "relative_position",
    "title",
    "updated_at",
    "weight",
)
