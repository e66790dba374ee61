"""Following users. Source: https://docs.gitlab.com/api/user_follow_unfollow/."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.follow import FOLLOWED_AT_MOST, Follow
from mockgitlab.api.models.user import USER_BASIC, User
from mockgitlab.api.models.user_profile import followers, following, may_follow, profile_open
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.users import SIGNED_IN
from mockgitlab.errors import BadRequest, NotFound
from mockgitlab.store import Query

TOO_MANY = f"You can't follow more than {FOLLOWED_AT_MOST} users. To follow more users, unfollow some others."


def _unchanged(reason: str) -> Any:
    return dsl.present(None, status=304, headers={"X-Mockgitlab-Reason": reason})


@v4.post("users/:id/follow", shape=USER_BASIC)
def follow(call: dsl.Call, user: User) -> Any:
    """Follow a user; oneself, and whoever is followed already, cannot be followed."""
    me = access.me(call)
    followed = call.store[Follow].where(follower_id=me.id)
    if not may_follow(me, user) or followed.where(followee_id=user.id).exists():
        return _unchanged(f"{me.username} cannot follow {user.username}, or does so already")
    if followed.count() >= FOLLOWED_AT_MOST:
        raise BadRequest(TOO_MANY, reason=f"{me.username} follows {FOLLOWED_AT_MOST} users already")
    call.store.insert(Follow(follower_id=me.id, followee_id=user.id))
    return user


@v4.post("users/:id/unfollow", shape=USER_BASIC)
def unfollow(call: dsl.Call, user: User) -> Any:
    """Follow a user no more."""
    me = access.me(call)
    row = call.store[Follow].where(follower_id=me.id, followee_id=user.id).first()
    if row is None:
        return _unchanged(f"{me.username} does not follow {user.username}")
    call.store.delete(row)
    return user


@v4.get("users/:id/followers", rule=SIGNED_IN, shape=USER_BASIC)
def list_followers(call: dsl.Call, user: User) -> Query[User]:
    """List the active users who follow a user."""
    _check_profile(call, user)
    return call.store[User].all().among("id", followers(call.store, user.id))


@v4.get("users/:id/following", rule=SIGNED_IN, shape=USER_BASIC)
def list_following(call: dsl.Call, user: User) -> Query[User]:
    """List the active users whom a user follows."""
    _check_profile(call, user)
    return call.store[User].all().among("id", following(call.store, user.id))


def _check_profile(call: dsl.Call, user: User) -> None:
    if not profile_open(user, access.me(call)):
        raise NotFound("User", reason=f"the profile of {user.username} is private")
