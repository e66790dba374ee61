"""What the tests of python-gitlab share."""

from collections.abc import Callable
from typing import Any

import gitlab
import pytest

Connect = Callable[..., Any]


def refused(kind: type[gitlab.GitlabError], call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Return the status and the message of the error, of exactly this kind, that a call must raise."""
    with pytest.raises(kind) as error:
        call(*args, **kwargs)
    assert type(error.value) is kind
    return error.value.response_code, error.value.error_message
