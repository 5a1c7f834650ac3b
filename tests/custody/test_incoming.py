"""Taking files from a shared folder into custody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.adapters.directory_incoming import DirectoryIncoming, create_directory_incoming
from tests.contracts.dropped import GARBAGE, received
from tests.contracts.incoming_contract import DropSite
from tests.contracts.taking_contract import TakingContract
from tests.custody.doubles import PDF, Killed, Office
from tests.custody.incoming_doubles import KillingIncoming, desk_of, one_pass
from tests.custody.test_directory_incoming import FolderDropper


class TestFromAFolder(TakingContract):
    @pytest.fixture
    def drop_site(self, tmp_path: Path) -> DropSite:
        create_directory_incoming(tmp_path / "shared")
        return DropSite(DirectoryIncoming(tmp_path / "shared"), FolderDropper(tmp_path / "shared"))


@pytest.mark.parametrize("content", [PDF, GARBAGE], ids=["taken", "refused"])
def test_a_name_that_is_no_text_is_a_name_like_others(tmp_path: Path, office: Office, content: bytes) -> None:
    create_directory_incoming(tmp_path / "shared")
    incoming = DirectoryIncoming(tmp_path / "shared")
    folder = os.fsencode(tmp_path) + b"/shared/incoming/xa-a/b/"
    Path(os.fsdecode(folder)).mkdir(parents=True)
    for name in (b"\xff.pdf", b"\xfe.pdf"):
        Path(os.fsdecode(folder + name)).write_bytes(content)
    with pytest.raises(Killed):
        one_pass(desk_of(office.custody, KillingIncoming(incoming, "set_aside" if content == GARBAGE else "remove", "before")))
    one_pass(desk_of(office.custody, incoming))
    assert received(office) == 2
    assert list(incoming.list_after("incoming/")) == []
    aside = sorted(path.name for path in (tmp_path / "shared" / "refused").rglob("*.pdf"))
    assert aside == ([os.fsdecode(b"\xfe.pdf"), os.fsdecode(b"\xff.pdf")] if content == GARBAGE else [])


def test_what_is_no_text_in_a_name_is_set_aside_once(tmp_path: Path) -> None:
    create_directory_incoming(tmp_path / "shared")
    incoming = DirectoryIncoming(tmp_path / "shared")
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/shared/incoming/xa-a/b/\xff.pdf"))
    path.parent.mkdir(parents=True)
    path.write_bytes(GARBAGE)
    lying = incoming.look(next(incoming.list_after("incoming/")))
    assert lying is not None
    for _ in range(2):
        incoming.set_aside(lying, {"code": "UNKNOWN_TYPE"})
        (aside,) = (tmp_path / "shared" / "refused").rglob("*.pdf")
        aside.rename(path)  # as if its taker had died before it moved it
        lying = incoming.look(lying.key)
        assert lying is not None
    assert len(list((tmp_path / "shared" / "refused").rglob("*.why.json"))) == 1
