"""The shapes in which users' own pages show them, from what everybody sees to what administrators see.

Source: GitLab's lib/api/entities/user.rb, user_public.rb, user_with_admin.rb, user_details_with_admin.rb.
"""

from collections.abc import Callable, Iterable
from typing import Any

from mockgitlab import dsl
from mockgitlab.api.models.follow import Follow
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.member import Member
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.token import Token
from mockgitlab.api.models.user import PRIVATE_EMAIL, USER_BASIC, User, private_commit_email
from mockgitlab.api.models.user_identity import IDENTITY, Identity

OWNER = 50


def profile_open(user: User, viewer: User | None) -> bool:
    """Tell whether someone may see a user's profile: a private one only its owner and administrators."""
    return not user.private_profile or (viewer is not None and (viewer.admin or viewer.id == user.id))


def may_follow(viewer: User | None, user: User) -> bool:
    """Tell whether someone could follow a user: not oneself, and neither of them has switched following off."""
    return viewer is None or (viewer.id != user.id and viewer.enabled_following and user.enabled_following)


def followers(store: dsl.Store, user_id: int) -> list[int]:
    """Return the ids of the active users who follow a user."""
    return _active(store, (one.follower_id for one in store[Follow].where(followee_id=user_id)))


def following(store: dsl.Store, user_id: int) -> list[int]:
    """Return the ids of the active users whom a user follows."""
    return _active(store, (one.followee_id for one in store[Follow].where(follower_id=user_id)))


def _active(store: dsl.Store, ids: Any) -> list[int]:
    return [id for id in ids if store[User][id].state == "active"]


def personal_namespace(store: dsl.Store, user: User) -> Group | None:
    """Return the namespace of a user's own projects."""
    return store[Group].find(owner_id=user.id)


def personal_projects(store: dsl.Store, user: User) -> int:
    """Return how many projects a user has in the personal namespace."""
    namespace = personal_namespace(store, user)
    return store[Project].where(namespace_id=namespace.id).count() if namespace else 0


def highest_role(store: dsl.Store, user: User) -> int:
    """Return the highest access level that a user has anywhere."""
    own = OWNER if personal_projects(store, user) else 0
    return max([own, *(member.access_level for member in store[Member].where(user_id=user.id))])


def last_activity_on(store: dsl.Store, user: User) -> str | None:
    """Return the day of a user's last activity, the use of a token being one."""
    return last_activities([user], store[Token].where(user_id=user.id)).get(user.id)


def last_activities(users: Iterable[User], tokens: Iterable[Token]) -> dict[int, str]:
    """Return the day of the last activity by the id of the user, of those who were ever active."""
    days = {user.id: user.last_activity_on for user in users if user.last_activity_on}
    for token in tokens:
        if token.last_used_at and token.user_id is not None:
            days[token.user_id] = max(days.get(token.user_id, ""), token.last_used_at[:10])
    return days


def commit_email(user: User, view: dsl.View) -> str:
    """Return the email that a user's commits made by GitLab bear."""
    return (
        private_commit_email(user, view.base) if user.commit_email == PRIVATE_EMAIL else user.commit_email or user.email
    )


def _viewer(view: dsl.View) -> User | None:
    return view.store[User].get(view.user_id)


def _of_profile(read: Callable[[User, dsl.View], Any]) -> Callable[[User, dsl.View], Any]:
    return lambda user, view: read(user, view) if profile_open(user, _viewer(view)) else dsl.OMIT


def _of_others(read: Callable[[User, dsl.View], Any]) -> Callable[[User, dsl.View], Any]:
    return _of_profile(lambda user, view: read(user, view) if may_follow(_viewer(view), user) else dsl.OMIT)


def _is_followed(user: User, view: dsl.View) -> Any:
    if view.user_id is None:
        return dsl.OMIT
    return view.store[Follow].where(follower_id=view.user_id, followee_id=user.id).exists()


def _created_by(user: User, view: dsl.View) -> Any:
    return view.one(USER_BASIC, view.store[User].get(user.created_by_id))


def _using_license_seat(user: User, view: dsl.View) -> bool:
    return user.state == "active" and user.user_type == "human"


def _namespace_id(user: User, view: dsl.View) -> int | None:
    namespace = personal_namespace(view.store, user)
    return namespace.id if namespace else None


_EE = dsl.computed_in(edition="ee")

USER = (
    USER_BASIC.plus(created_at=_of_profile(lambda user, view: user.created_at))
    .plus("bio", "location", "skype", "linkedin", "twitter", "discord", "website_url", "github", entity=User)
    .plus("job_title", "pronouns", "organization", "bot", "work_information", entity=User)
    .plus(
        followers=_of_others(lambda user, view: len(followers(view.store, user.id))),
        following=_of_others(lambda user, view: len(following(view.store, user.id))),
        is_followed=_of_others(_is_followed),
    )
    .plus("local_time", entity=User)
    .called("User")
)
"""What any user sees of another."""

USER_PUBLIC = (
    USER.plus("last_sign_in_at", "confirmed_at", entity=User)
    .plus(last_activity_on=lambda user, view: last_activity_on(view.store, user))
    .plus("email", "theme_id", "color_scheme_id", "projects_limit", "current_sign_in_at", entity=User)
    .plus(identities=lambda user, view: view.many(IDENTITY, view.store[Identity].where(user_id=user.id)))
    .plus("can_create_group", entity=User)
    .plus(can_create_project=lambda user, view: user.projects_limit > personal_projects(view.store, user))
    .plus("two_factor_enabled", "external", "private_profile", entity=User)
    .plus(commit_email=commit_email)
    .plus("preferred_language", "shared_runners_minutes_limit", "extra_shared_runners_minutes_limit", entity=User)
    .plus(scim_identities=_EE(lambda user, view: []))
    .called("UserPublic")
)
"""What users see of themselves."""

USER_WITH_ADMIN = (
    USER_PUBLIC.plus(is_admin=lambda user, view: user.admin)
    .plus("note", entity=User)
    .plus(namespace_id=_namespace_id, created_by=_created_by)
    .plus("email_reset_offered_at", entity=User)
    .plus(using_license_seat=_EE(_using_license_seat), is_auditor=_EE(lambda user, view: user.auditor))
    .plus("provisioned_by_group_id", "enterprise_group_id", "enterprise_group_associated_at", entity=User)
    .called("UserWithAdmin")
)
"""What administrators see of users in lists."""

USER_DETAILS_WITH_ADMIN = (
    USER_WITH_ADMIN.plus(highest_role=lambda user, view: highest_role(view.store, user))
    .plus("current_sign_in_ip", "last_sign_in_ip", "plan", "trial", "sign_in_count", entity=User)
    .called("UserDetailsWithAdmin")
)
"""What administrators see of one user."""
