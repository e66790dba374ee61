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
