"""What GitLab does in the background and has not done yet, such as the copying of a fork."""

from mockgitlab.store import Row


class Progress(Row):
    """Work that waits: its kind, the id of the record it is done to, since when, and what else it needs to know.

    With ``due`` it is done at that instant, whatever the settings say of its kind.
    """

    kind: str
    subject_id: int
    since: str
    detail: str = ""
    due: str = ""
