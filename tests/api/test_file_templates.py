"""The templates of files that come with GitLab."""

import pytest

from mockgitlab.api.file_templates import content_of, names_of
from tests.ci_config.rig import jobs

CONFIGURATIONS = names_of("gitlab_ci_ymls")


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_each_template_of_a_configuration_makes_a_pipeline(name: str) -> None:
    assert jobs(str(content_of("gitlab_ci_ymls", name)))


def test_there_are_more_templates_of_configurations_than_fit_on_a_page() -> None:
    assert len(CONFIGURATIONS) > 20
