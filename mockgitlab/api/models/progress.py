"""What GitLab does in the background and has not done yet, such as the copying of a fork."""

from mockgitlab.store import Row


class Progress(Row):
    """Work that waits: its kind, the id of the record it is done to, since when, and what else it needs to know."""

    kind: str
    subject_id: int
    since: str
    detail: str = ""
