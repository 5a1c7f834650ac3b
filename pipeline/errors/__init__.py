"""Everything that can go wrong, as one tree.

    SohoaError
      TransientError      try again later: the record is not to blame
        StoreUnavailable  IndexUnavailable  QueueUnavailable  DiskFull StoreFull  Interrupted
      PermanentError      trying again changes nothing: a person has to act
        InputError          the file as given
          EmptyFile UnknownType TooLarge UnreadableFile FileChanging
          WrongPlace SidecarBroken SidecarLate Superseded                (where others drop files)
          Damaged NeedsPassword NoPages TooManyPages PageTooLarge        (found when decoding)
          SecretMark Purged                                              (what must not be kept)
        ChildFault          the process that read it
          ChildCrashed ChildTimeout ChildOutOfMemory ChildOutOfSpace InterruptedTooOften
        KeyExists KeyMissing DigestMismatch NotKept                      (store)
        KeptWrong           what is kept, as `fixity`, `backup` and `restore` find it
          ObjectMissing ObjectChanged ObjectOrphaned BackupDamaged ObjectDiffers NotIndexed PurgeIncomplete
        UsageError          what was asked
          OutputExists OutputUnusable UnknownRecord AmbiguousRecord BadQuery BadDate BadSetting BadName
          FolderTooWide BackupMissing OtherHome BadNotification
        HomeError           the installation or home
          HomeMissing HomeReadOnly HomeLocked HomeTooNew FolderUnusable EquationBroken ToolMissing ReaderBroken
          StoreRefused StoreUnsafe IncomingMissing AddressInUse HomeMoving HomeMoved HomeIncomplete
        ProgramFault        a fault of the program itself

Each class has a stable English `code`, a Vietnamese `summary` for the clerk and a Vietnamese `next_step`. `str(error)` is the
whole sentence. `detail` is added to the summary: a name, a number, never text of a page; pipeline/details.py puts it into
Vietnamese.
"""

from __future__ import annotations

from pipeline.errors.asked import (
    AmbiguousRecord,
    BackupMissing,
    BadDate,
    BadName,
    BadNotification,
    BadQuery,
    BadSetting,
    FolderTooWide,
    OtherHome,
    OutputExists,
    OutputUnusable,
    UnknownRecord,
    UsageError,
)
from pipeline.errors.children import (
    ChildCrashed,
    ChildFault,
    ChildOutOfMemory,
    ChildOutOfSpace,
    ChildTimeout,
    InterruptedTooOften,
)
from pipeline.errors.home import (
    AddressInUse,
    EquationBroken,
    FolderUnusable,
    HomeError,
    HomeIncomplete,
    HomeLocked,
    HomeMissing,
    HomeMoved,
    HomeMoving,
    HomeReadOnly,
    HomeTooNew,
    IncomingMissing,
    ReaderBroken,
    StoreRefused,
    StoreUnsafe,
    ToolMissing,
)
from pipeline.errors.inputs import (
    Damaged,
    EmptyFile,
    FileChanging,
    InputError,
    NeedsPassword,
    NoPages,
    PageTooLarge,
    Purged,
    SecretMark,
    SidecarBroken,
    SidecarLate,
    Superseded,
    TooLarge,
    TooManyPages,
    UnknownType,
    UnreadableFile,
    WrongPlace,
)
from pipeline.errors.kept import (
    RESTORE,
    BackupDamaged,
    DigestMismatch,
    KeptWrong,
    KeyExists,
    KeyMissing,
    NotIndexed,
    NotKept,
    ObjectChanged,
    ObjectDiffers,
    ObjectMissing,
    ObjectOrphaned,
    PurgeIncomplete,
)
from pipeline.errors.root import (
    DiskFull,
    IndexUnavailable,
    Interrupted,
    PermanentError,
    ProgramFault,
    QueueUnavailable,
    SohoaError,
    StoreFull,
    StoreUnavailable,
    TransientError,
)

__all__ = [
    "RESTORE",
    "AddressInUse",
    "AmbiguousRecord",
    "BackupDamaged",
    "BackupMissing",
    "BadDate",
    "BadName",
    "BadNotification",
    "BadQuery",
    "BadSetting",
    "ChildCrashed",
    "ChildFault",
    "ChildOutOfMemory",
    "ChildOutOfSpace",
    "ChildTimeout",
    "Damaged",
    "DigestMismatch",
    "DiskFull",
    "EmptyFile",
    "EquationBroken",
    "FileChanging",
    "FolderTooWide",
    "FolderUnusable",
    "HomeError",
    "HomeIncomplete",
    "HomeLocked",
    "HomeMissing",
    "HomeMoved",
    "HomeMoving",
    "HomeReadOnly",
    "HomeTooNew",
    "IncomingMissing",
    "IndexUnavailable",
    "InputError",
    "Interrupted",
    "InterruptedTooOften",
    "KeptWrong",
    "KeyExists",
    "KeyMissing",
    "NeedsPassword",
    "NoPages",
    "NotIndexed",
    "NotKept",
    "ObjectChanged",
    "ObjectDiffers",
    "ObjectMissing",
    "ObjectOrphaned",
    "OtherHome",
    "OutputExists",
    "OutputUnusable",
    "PageTooLarge",
    "PermanentError",
    "ProgramFault",
    "PurgeIncomplete",
    "Purged",
    "QueueUnavailable",
    "ReaderBroken",
    "SecretMark",
    "SidecarBroken",
    "SidecarLate",
    "SohoaError",
    "StoreFull",
    "StoreRefused",
    "StoreUnavailable",
    "StoreUnsafe",
    "Superseded",
    "TooLarge",
    "TooManyPages",
    "ToolMissing",
    "TransientError",
    "UnknownRecord",
    "UnknownType",
    "UnreadableFile",
    "UsageError",
    "WrongPlace",
    "error_from",
]


def error_from(code: str, detail: str = "") -> SohoaError:
    """The error with this code, as it was before it was kept; a newer version's unknown code is carried by a PermanentError."""
    kinds = [SohoaError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if kind.code == code:
            return kind(detail)
    unknown = PermanentError(detail)
    unknown.code = code
    return unknown
