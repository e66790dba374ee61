"""Labels, which a parameter names.

Source: GitLab 8's doc/api/labels.md, and lib/api/labels.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api.models.label import LABEL_BASIC, PROJECT_LABEL, Label, in_project, labels_of, owner_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import labels
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import labels as page
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, Style
from mockgitlab.store import Query

ALL = "projects/:id/labels"
AT = f"{ALL}/:label_id"
Name = Annotated[str, "The name of the label"]
COUNTS = ("open_issues_count", "closed_issues_count", "open_merge_requests_count")
BASIC = ("id", "name", "color", "description")
SHOWN = page.PROJECT_LABEL_WITH_COUNTS.only(*BASIC, *COUNTS, "priority", "subscribed").called("Label")
CHANGES = ("new_name", "color", "description", "priority")
v3.dialect.show({LABEL_BASIC: LABEL_BASIC.only(*BASIC), PROJECT_LABEL: SHOWN})


class NothingToChange(BadRequest):
    """A label is to be changed, and not how."""

    message = 'Required parameters "new_name" or "color" missing'

    def body(self, style: Style) -> Any:
        """Return GitLab's documented message, or the one Grape sends."""
        if style == "documented":
            return super().body(style)
        return {"error": f"{', '.join(CHANGES)} are missing, at least one parameter must be provided"}


def _named(call: dsl.Call, project: Project, name: str, what: str = "Label") -> Label:
    """Return the project's own label of a name; raises ``NotFound``, which says what is."""
    found = call.store[Label].where(owner=owner_of(project), name=name).first()
    if found is None:
        raise NotFound(what, reason=f"{project.full_path} has no label {name!r} of its own")
    return found


@v3.locator(AT)
def find_label(call: dsl.Call, value: str) -> Label:
    """Return the label of the project, or of a group above it, that an id or a name means."""
    return labels.locate(call, call.at(Project), value, above=True)


def list_labels(call: dsl.Call, project: Project) -> Query[Label]:
    """List the labels of a project."""
    found = page.in_title_order(labels_of(call.store, project))
    shown: Query[Label] = dsl.present(found, SHOWN, options=[in_project(project)])
    return shown


def update_label(call: dsl.Call, project: Project, given: dsl.Given) -> Any:
    """Change a label that a parameter names."""
    if not given.only(*CHANGES):
        raise NothingToChange(reason=f"give one of {', '.join(CHANGES)}")
    return page.update_label(call, project, _named(call, project, given["name"], "Label not found"), given)


def delete_label(call: dsl.Call, project: Project, name: Name) -> Any:
    """Delete a label that a parameter names, and take it off everything that has it."""
    found = _named(call, project, name)
    shown = SHOWN.render(found, call.view(in_project(project)))
    labels.delete(call.store, found)
    return shown


v3.adopt(v4, "GET", ALL, handler=list_labels, takes=(), filters=(), paginated=False)
v3.adopt(v4, "POST", ALL, takes=("name", "color", "description", "priority"))
v3.adopt(v4, "PUT", ALL, handler=update_label, takes=(page.CREATE[0], *CHANGES))
v3.adopt(v4, "DELETE", ALL, handler=delete_label, takes=())
