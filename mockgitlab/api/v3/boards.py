"""Issue boards, of which a project has one. Source: GitLab 8's doc/api/boards.md and lib/api/boards.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.board import BOARD, BOARD_LIST, Board
from mockgitlab.api.models.project import Project
from mockgitlab.api.services import boards
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import boards as page
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, NotFound, ValidationFailed

ALL = "projects/:id/boards"
AT = f"{ALL}/:board_id"
LIST = f"{AT}/lists/:list_id"
SHOWN = BOARD_LIST.only("id", "label", "position")
LABEL = dsl.param("label_id", int, "The ID of a label", required=True)
v3.dialect.show({BOARD: BOARD.only("id", "lists"), BOARD_LIST: SHOWN})
v3.dialect.say(
    {
        boards.NotThere: lambda error: BadRequest({"error": "Label not found!"}),
        boards.Taken: lambda error: ValidationFailed({"label_id": ["has already been taken"]}),
    }
)


@v3.locator(AT, integer=True)
def find_board(call: dsl.Call, value: str) -> Board:
    """Return the first board of the project, if it has this id."""
    project = call.at(Project)
    found = boards.boards_of(call.store, project).first()
    if found is None or found.id != int(value):
        raise NotFound("Board", reason=f"the first board of {project.full_path} is {found and found.id}, not {value}")
    return found


v3.locator(LIST, integer=True)(page.find_list)
v3.adopt(v4, "GET", ALL, paginated=False)
v3.adopt(v4, "GET", f"{AT}/lists", paginated=False)
v3.adopt(v4, "POST", f"{AT}/lists", takes=(LABEL,))
v3.adopt(v4, "GET", LIST)
v3.adopt(v4, "PUT", LIST, rule=page.WRITES)
v3.adopt(v4, "DELETE", LIST, gives_back=SHOWN)
