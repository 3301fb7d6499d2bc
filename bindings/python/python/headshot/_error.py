class Error(Exception):
    """Why there is no photo.

    code:
        The word that the service would answer with: `bad_image`, `too_large`, `too_many_frames`,
        `invalid_arguments` or `internal_error`; or `cancelled`, if it took longer than `timeout`.
    reason:
        A finer name, which never changes. The README of the repository lists them.
    measured:
        What the picture has or needs, where it is about a number.
    limit:
        What is allowed, where it is about a number.
    offset:
        The byte of the file at which it was noticed, where that is known.

    Programs look at `code` or `reason`. The text is for people, and may change in any release.

    >>> import headshot
    >>> try:
    ...     headshot.prepare(b"%PDF-1.7")
    ... except headshot.Error as error:
    ...     print(f"{error.code} ({error.reason}): {error}")
    bad_image (unknown_format): not a JPEG, PNG or GIF file

    Where it is about a number, it says what was measured and what is allowed:

    >>> from pathlib import Path
    >>> try:
    ...     headshot.prepare(Path("portrait_900x1200.jpg"), max_pixels=1_000_000)
    ... except headshot.Error as error:
    ...     print(error.code, error.reason, error.measured, error.limit)
    too_large pixels 1080000 1000000
    """

    code: str
    reason: str
    measured: int | None
    limit: int | None
    offset: int | None

    def __init__(
        self,
        message: str,
        code: str,
        reason: str,
        measured: int | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> None:
        # All of them, so that it can be pickled and get from process to process.
        super().__init__(message, code, reason, measured, limit, offset)
        self.code = code
        self.reason = reason
        self.measured = measured
        self.limit = limit
        self.offset = offset

    def __str__(self) -> str:
        return str(self.args[0])
