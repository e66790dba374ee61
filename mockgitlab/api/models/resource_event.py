"""Resource events: label, milestone and state changes of a record.

Source: https://docs.gitlab.com/api/resource_label_events/, .../resource_milestone_events/, .../resource_state_events/.
"""

from typing import Literal

from mockgitlab import dsl


class ResourceEvent(dsl.Entity):
    """One change of a record's labels, milestone or state, told apart by ``kind``; each kind counts its own ids."""

    id: int = dsl.serial()
    kind: Literal["label", "milestone", "state"] = dsl.hidden()
    user_id: int = dsl.reference("User")
    created_at: str = dsl.now()
    resource_type: str = dsl.readonly()
    resource_id: int = dsl.readonly()
    label_id: int | None = dsl.hidden()
    milestone_id: int | None = dsl.hidden()
    action: str | None = dsl.readonly()
    state: str | None = dsl.readonly()
