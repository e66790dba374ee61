"""Exports of projects driven with python-gitlab."""

import gzip
import io
import tarfile
from typing import Any


def test_a_project_is_exported_and_downloaded(ada: Any) -> None:
    export = ada.projects.get("acme/rocket").exports.create()
    assert export.message == "202 Accepted"
    export.refresh()
    assert export.export_status == "finished"
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(export.download()))) as archive:
        assert "./tree/project.json" in archive.getnames()


def test_an_archive_is_imported_and_waited_for(ada: Any) -> None:
    export = ada.projects.get("acme/rocket").exports.create()
    made = ada.projects.import_project(io.BytesIO(export.download()), path="again", namespace="acme", name="Again")
    status = ada.projects.get(made["id"], lazy=True).imports.get()
    assert (made["import_status"], status.import_status) == ("scheduled", "finished")
    again, rocket = ada.projects.get("acme/again"), ada.projects.get("acme/rocket")
    assert [one.iid for one in again.issues.list(get_all=True)] == [one.iid for one in rocket.issues.list(get_all=True)]
    assert again.commits.list()[0].id == rocket.commits.list()[0].id


def test_a_group_is_exported_and_imported(ada: Any) -> None:
    export = ada.groups.get("acme").exports.create()
    made = ada.groups.import_group(io.BytesIO(export.download()), path="again", name="Again")
    assert (export.message, made["message"]) == ("202 Accepted", "202 Accepted")
    was = {one.name for one in ada.groups.get("acme").labels.list(get_all=True)}
    assert {one.name for one in ada.groups.get("again").labels.list(get_all=True)} == was
