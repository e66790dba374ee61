"""Who follows whom. Source: https://docs.gitlab.com/api/user_follow_unfollow/."""

from mockgitlab import dsl

FOLLOWED_AT_MOST = 300


class Follow(dsl.Entity):
    """One user following another."""

    id: int = dsl.serial()
    follower_id: int = dsl.parent("User")
    followee_id: int = dsl.parent("User")
    created_at: str = dsl.now()
