//! What can be done.

/// What somebody can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Choose or prepare another picture.
    FixPicture,
    /// Change the program, its settings or its version: the call itself is wrong.
    FixCall,
    /// Get another token, or one with the scope that is needed.
    FixToken,
    /// Ask the administrator of the workspace.
    AskAdministrator,
    /// Wait, and do the same again: nothing was changed.
    WaitAndRetry,
    /// Look whether the photo was changed: nobody knows.
    FindOut,
}

impl Remedy {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::FixPicture,
        Self::FixCall,
        Self::FixToken,
        Self::AskAdministrator,
        Self::WaitAndRetry,
        Self::FindOut,
    ];

    /// A stable name, in `snake_case`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FixPicture => "fix_picture",
            Self::FixCall => "fix_call",
            Self::FixToken => "fix_token",
            Self::AskAdministrator => "ask_administrator",
            Self::WaitAndRetry => "wait_and_retry",
            Self::FindOut => "find_out",
        }
    }

    /// A sentence for people, without its full stop.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::FixPicture => "choose another picture, or have it prepared",
            Self::FixCall => "check the address and the options, or update the program",
            Self::FixToken => "use a user's token with the scope users.profile:write",
            Self::AskAdministrator => "ask the administrator of the workspace",
            Self::WaitAndRetry => "nothing was changed: wait a while, and do the same again",
            Self::FindOut => "the photo may have been changed or not: look, and do the same again",
        }
    }
}
