"""Whom the clients of servers trust, and how it is told that a server was not trusted."""

from __future__ import annotations

import ssl
from pathlib import Path

TLS = "TLS"
"""Detail of an error: the line could not be made safe. Asking again changes nothing until a person acts."""


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """For servers with a certificate of that authority; None: of those the system trusts. Raises OSError for what is none."""
    return ssl.create_default_context(cafile=ca_file)


def failed_in_tls(error: BaseException | None) -> bool:
    """Whether an error of a client, or one that it came from, is one of TLS."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, ssl.SSLError) or "SSL" in type(error).__name__:
            return True
        seen.add(id(error))
        reason = getattr(error, "reason", None)  # urllib3 keeps there what it gave up for
        error = reason if isinstance(reason, BaseException) else error.__cause__ or error.__context__
    return False
