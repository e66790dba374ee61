"""Identities of users at other services. Source: https://docs.gitlab.com/api/users/#delete-authentication-identity-from-a-user."""

from mockgitlab import dsl


class Identity(dsl.Entity):
    """How another service, such as LDAP or SAML, names a user."""

    natural = "provider"

    id: int = dsl.serial()
    provider: str = dsl.required("The external provider")
    extern_uid: str = dsl.required("The external authentication provider's name for the user")
    saml_provider_id: int | None = dsl.readonly(edition="ee")
    user_id: int = dsl.parent("User")
    updated_at: str = dsl.now()


IDENTITY = Identity.shape("provider", "extern_uid", "saml_provider_id")
