from typing import Any

import pytest

from mockgitlab.api.services.templates import TemplateError, render

DATA: dict[str, Any] = {
    "name": "Ada",
    "none": [],
    "zero": 0,
    "yes": True,
    "users": [{"name": "Ada", "roles": ["a", "b"]}, {"name": "Bob", "roles": []}],
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hello {{ name }}, {{users.1.name}}{{ missing.name }}{{ users.9 }}!", "Hello Ada, Bob!"),
        ("{% if none %}some{% else %}none{% end %}", "none"),
        ("{% if zero %}a number{% end %}{% if missing %}x{% end %}", "a number"),
        ("{% each users %}{{ name }}: {% each roles %}{{ it }},{% end %};{% end %}", "Ada: a,b,;Bob: ;"),
        ("---\n{% if name %}\nbar\n{% end %}\n---\n", "---\nbar\n---\n"),
        ("one\\\ntwo {single} \\n", "onetwo {single} \\n"),
        ("{% each name %}x{% end %}{{ yes }}", "true"),
    ],
)
def test_what_a_template_says(template: str, text: str) -> None:
    assert render(template, DATA) == text


@pytest.mark.parametrize(
    "template",
    [
        "{% if name %}",
        "{% end %}",
        "{% each name %}{% else %}{% end %}",
        "{% unless name %}{% end %}",
        "{{ na-me }}",
        "{% if %}{% end %}",
        "{% if a %}" * 60 + "{% end %}" * 60,
        "{% each users %}" * 5 + "{% end %}" * 5,
    ],
)
def test_what_is_no_template(template: str) -> None:
    nested = {"users": [{"users": [{"users": [{"users": [{"users": [1]}]}]}]}]}
    with pytest.raises(TemplateError):
        render(template, nested)
