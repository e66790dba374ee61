"""The emails of users; the primary one, once confirmed, is among them.

Source: https://docs.gitlab.com/api/user_email_addresses/.
"""

from mockgitlab import dsl


class Email(dsl.Entity):
    """An address of a user; it counts as the user's when it is confirmed."""

    natural = "email"

    id: int = dsl.serial()
    email: str = dsl.required("The email address")
    confirmed_at: str | None = dsl.readonly()
    user_id: int = dsl.parent("User")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()

    @property
    def folded_email(self) -> str:
        """The address in lower case."""
        return self.email.lower()


EMAIL = Email.shape("id", "email", "confirmed_at")
