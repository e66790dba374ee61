"""Pictures of metrics on incidents. Source: GitLab's app/models/issuable_metric_image.rb."""

from typing import Any
from urllib.parse import quote

from mockgitlab import dsl
from mockgitlab.store import Query


class IssuableMetricImage(dsl.Entity):
    """A picture that shows how an incident went, and where more is to be seen."""

    natural = "filename"

    id: int = dsl.serial()
    issue_id: int = dsl.parent("Issue")
    filename: str = dsl.required("The name of the file")
    data: Any = dsl.hidden("What is in it")
    url: str | None = dsl.optional("Where more is to be seen", max_length=255)
    url_text: str | None = dsl.optional("What a link there says", max_length=128)
    created_at: str = dsl.now()

    @dsl.computed
    def file_path(self, view: dsl.View) -> str:
        """Where the picture is, without the host."""
        return f"/uploads/-/system/issuable_metric_image/file/{self.id}/{quote(self.filename)}"


METRIC_IMAGE = IssuableMetricImage.shape("id", "created_at", "filename", "file_path", "url", "url_text")


def metric_images_of(store: dsl.Store, issue_id: int) -> Query[IssuableMetricImage]:
    """Return the pictures on an issue, the oldest first."""
    return store[IssuableMetricImage].where(issue_id=issue_id).order_by("created_at")
