"""OAuth applications of the instance.

Source: https://docs.gitlab.com/api/applications/ and GitLab's lib/api/entities/application.rb.
"""

from mockgitlab import dsl


class Application(dsl.Entity):
    """A program that users may let act for them."""

    natural = "name"

    id: int = dsl.serial()
    application_id: str = dsl.readonly("The public name of the application: 64 hexadecimal digits")
    name: str = dsl.required("The name of the application")
    redirect_uri: str = dsl.required("Where users are sent back to, one URI a line")
    scopes: str = dsl.required("The scopes, separated by blanks")
    confidential: bool = dsl.optional("Whether it can keep its secret", default=True)
    secret: str = dsl.hidden("The secret")
    created_at: str = dsl.now()
    updated_at: str = dsl.now()


APPLICATION = (
    Application.shape("id", "application_id")
    .plus(application_name=lambda one, view: one.name, callback_url=lambda one, view: one.redirect_uri)
    .plus("confidential", entity=Application)
)
APPLICATION_WITH_SECRET = APPLICATION.plus(secret=lambda one, view: one.secret).called("ApplicationWithSecret")
