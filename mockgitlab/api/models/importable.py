"""What an importer could have made."""

from mockgitlab import dsl


class Importable(dsl.Entity):
    """A record that could have come from another system; ``import_source`` says from which."""

    import_source: str = dsl.hidden("From which system it came", default="none")

    @dsl.computed_in(since="16.11")
    def imported(self, view: dsl.View) -> bool:
        """Whether it came from another system."""
        return self.import_source != "none"

    @dsl.computed_in(since="16.11")
    def imported_from(self, view: dsl.View) -> str:
        """From which system it came."""
        return self.import_source
