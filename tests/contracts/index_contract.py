"""What every Index promises. An adapter's test class inherits IndexContract and gives the fixtures `index`, a new, empty one, and
`bounded`, another that keeps to FEW.
"""

from __future__ import annotations

from tests.contracts.index_finding import FindingContract
from tests.contracts.index_keeping import KeepingContract
from tests.contracts.index_narrowing import NarrowingContract
from tests.contracts.index_showing import ShowingContract


class IndexContract(FindingContract, NarrowingContract, ShowingContract, KeepingContract):
    """All of it."""
