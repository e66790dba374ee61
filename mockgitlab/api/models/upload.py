"""Files uploaded to projects and groups, for their texts in Markdown.

Source: https://docs.gitlab.com/api/project_markdown_uploads/, GitLab's lib/api/entities/project_upload.rb.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

from mockgitlab import dsl
from mockgitlab.api.file_links import link_name, markdown_link
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.project import Project, tied_to
from mockgitlab.api.models.user import USER_SAFE, User
from mockgitlab.store import Query, release

_UNSAFE = re.compile(r"[^\w.+-]")


class Upload(dsl.Entity):
    """An uploaded file; whoever knows the ``secret`` finds it."""

    natural = "filename"

    id: int = dsl.serial()
    project_id: int | None = dsl.parent("Project")
    group_id: int | None = dsl.parent("Group")
    secret: str = dsl.hidden("The 32 hexadecimal digits in its address")
    filename: str = dsl.required("The name of the file")
    data: Any = dsl.hidden("What is in it")
    user_id: int | None = dsl.reference("User", "Who uploaded it")
    created_at: str = dsl.now()

    @dsl.computed
    def size(self, view: dsl.View) -> int:
        """How many bytes it has."""
        return len(self.data or b"")

    @dsl.computed
    def alt(self, view: dsl.View) -> str:
        """What a link to it says."""
        return link_name(self.filename)

    @dsl.computed
    def url(self, view: dsl.View) -> str:
        """Where it is, as texts of its project say it."""
        return f"/uploads/{self.secret}/{quote(self.filename)}"

    @dsl.computed
    def full_path(self, view: dsl.View) -> str:
        """Where it is, without the host."""
        project = view.store.steady(Project)[self.project_id or 0]
        newer = view.store.settings.release >= release("17.1")
        place = f"-/project/{project.id}" if newer else project.full_path
        return f"{urlsplit(view.base).path.rstrip('/')}/{place}{self.url(view)}"

    @dsl.computed
    def markdown(self, view: dsl.View) -> str:
        """The link to it in Markdown."""
        return markdown_link(self.filename, self.url(view))


def _uploaded_by(upload: Upload, view: dsl.View) -> Any:
    return view.one(USER_SAFE, view.store[User].get(upload.user_id))


def _id(upload: Upload, view: dsl.View) -> Any:
    return upload.id if view.store.settings.release >= release("17.3") else dsl.OMIT


UPLOAD = dsl.Shape("ProjectUpload", ()).plus(id=_id).plus("alt", "url", "full_path", "markdown", entity=Upload)
UPLOAD_ADMIN = Upload.shape("id", "size", "filename", "created_at", name="MarkdownUploadAdmin").plus(
    uploaded_by=_uploaded_by
)


def uploads_of(store: dsl.Store, at: Project | Group) -> Query[Upload]:
    """Return the files of a project or group, the newest first."""
    return store[Upload].where(**tied_to(at)).order_by("created_at", descending=True)


def safe_name(filename: str) -> str:
    """Return the name under which a file is kept: letters, digits, ``.``, ``+`` and ``-``, the rest as ``_``."""
    name = _UNSAFE.sub("_", filename.replace("\\", "/").rpartition("/")[2])
    return f"_{name}" if re.fullmatch(r"\.*", name) else name
