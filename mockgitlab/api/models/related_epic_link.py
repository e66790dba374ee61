"""Links between epics. Source: https://docs.gitlab.com/api/linked_epics/."""

from mockgitlab import dsl
from mockgitlab.api.models.link import Link


class RelatedEpicLink(Link):
    """A relation between two epics, of which neither is part of the other."""

    singular = "Related Epic Link"

    source_id: int = dsl.parent("Epic")
    target_id: int = dsl.parent("Epic")
