"""What an importer could have made."""

from mockgitlab import dsl


class Importable(dsl.Entity):
    """A record that could have come from another system; none here did."""

    @dsl.computed_in(since="16.11")
    def imported(self, view: dsl.View) -> bool:
        """Whether it came from another system."""
        return False

    @dsl.computed_in(since="16.11")
    def imported_from(self, view: dsl.View) -> str:
        """From which system it came."""
        return "none"
