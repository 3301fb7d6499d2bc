//! The service's words for why not, and what can be done about each.

use std::fmt;

use super::remedy::Remedy;

/// Makes the type of one table: what a code means, its name here, the service's word for
/// it, and what to do.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal => $remedy:ident,)+) => {
        /// Why the service refused, by its own word (`error` in its answer).
        ///
        /// The words are those of the reference pages of `users.setPhoto` and
        /// `users.deletePhoto` on <https://docs.slack.dev>. The service may send others at
        /// any time: [`Code::Other`].
        ///
        /// # Examples
        ///
        /// ```
        /// use headshot::upload::{Code, Remedy};
        ///
        /// assert_eq!(Code::new("too_many_frames"), Code::TooManyFrames);
        /// assert_eq!(Code::TooManyFrames.remedy(), Remedy::FixPicture);
        /// assert_eq!(Code::new("on_strike").as_str(), "on_strike");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
            /// A word that this version of the crate doesn't know.
            Other(String),
        }

        impl Code {
            /// All that are known.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),+];

            /// The code for a word of the service.
            #[must_use]
            pub fn new(word: &str) -> Self {
                match word {
                    $($word => Self::$name,)+
                    _ => Self::Other(word.to_owned()),
                }
            }

            /// The service's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $word,)+
                    Self::Other(word) => word,
                }
            }

            /// What can be done about it. Of a word that isn't known, nobody knows: then
            /// the call has to be looked at.
            #[must_use]
            pub const fn remedy(&self) -> Remedy {
                match self {
                    $(Self::$name => Remedy::$remedy,)+
                    Self::Other(_) => Remedy::FixCall,
                }
            }
        }
    };
}

codes! {
    /// The file could not be read as a picture.
    BadImage = "bad_image" => FixPicture,
    /// The picture has too many pixels.
    TooLarge = "too_large" => FixPicture,
    /// The animation has too many frames.
    TooManyFrames = "too_many_frames" => FixPicture,

    /// Something broke in the service; part of what was asked for may have been done.
    InternalError = "internal_error" => FindOut,
    /// The same, and worse.
    FatalError = "fatal_error" => FindOut,

    /// Access to what was asked for is denied.
    AccessDenied = "access_denied" => AskAdministrator,
    /// Access is limited from this network.
    AccessLimited = "accesslimited" => AskAdministrator,
    /// The token is of a user or workspace that is gone.
    AccountInactive = "account_inactive" => FixToken,
    /// The method is no longer there.
    DeprecatedEndpoint = "deprecated_endpoint" => FixCall,
    /// The administrators have suspended what posts content.
    EkmAccessDenied = "ekm_access_denied" => AskAdministrator,
    /// The method can't be called from an enterprise.
    EnterpriseIsRestricted = "enterprise_is_restricted" => AskAdministrator,
    /// The token is none, or isn't allowed from here.
    InvalidAuth = "invalid_auth" => FixToken,
    /// A bot has no photo that could be set this way.
    IsBot = "is_bot" => FixToken,
    /// The method is no longer there.
    MethodDeprecated = "method_deprecated" => FixCall,
    /// The token lacks a scope: see `needed` and `provided`.
    MissingScope = "missing_scope" => FixToken,
    /// The kind of token isn't allowed: such as a bot's, where a user's is needed.
    NotAllowedTokenType = "not_allowed_token_type" => FixToken,
    /// No token came with the call.
    NotAuthed = "not_authed" => FixToken,
    /// The workspace's settings keep the user from doing so.
    NoPermission = "no_permission" => AskAdministrator,
    /// The workspace is moving into an enterprise.
    OrgLoginRequired = "org_login_required" => AskAdministrator,
    /// The token has expired.
    TokenExpired = "token_expired" => FixToken,
    /// The token was revoked, or its user removed.
    TokenRevoked = "token_revoked" => FixToken,
    /// The user has to set two factors up first.
    TwoFactorSetupRequired = "two_factor_setup_required" => AskAdministrator,
    /// The app isn't let into the workspace.
    TeamAccessNotGranted = "team_access_not_granted" => AskAdministrator,

    /// A parameter has a name that is none.
    InvalidArgName = "invalid_arg_name" => FixCall,
    /// A parameter is missing or has a bad value.
    InvalidArguments = "invalid_arguments" => FixCall,
    /// A list came as something else.
    InvalidArrayArg = "invalid_array_arg" => FixCall,
    /// The charset of the form is none that the service reads.
    InvalidCharset = "invalid_charset" => FixCall,
    /// The form is broken.
    InvalidFormData = "invalid_form_data" => FixCall,
    /// The form is of a type that the service doesn't read.
    InvalidPostType = "invalid_post_type" => FixCall,
    /// The form came without a type.
    MissingPostType = "missing_post_type" => FixCall,

    /// Called too often. Also what status 429 is taken for.
    RateLimited = "ratelimited" => WaitAndRetry,
    /// The form did not arrive whole.
    RequestTimeout = "request_timeout" => WaitAndRetry,
    /// The service is down for a while.
    ServiceUnavailable = "service_unavailable" => WaitAndRetry,
    /// The workspace is being moved.
    TeamAddedToOrg = "team_added_to_org" => WaitAndRetry,
}

impl Code {
    /// Whether the same call may be answered otherwise within a minute.
    pub(super) const fn passes(&self) -> bool {
        matches!(
            self,
            Self::RateLimited
                | Self::RequestTimeout
                | Self::ServiceUnavailable
                | Self::InternalError
                | Self::FatalError
        )
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
