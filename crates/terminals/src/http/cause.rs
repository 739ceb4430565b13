//! Why an exchange has no reply.

/// What went wrong, for the cashier's hint and the log. Its texts hold no URL, no header's value and no body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The host's name has no address; carries the name.
    #[error("the name {0} is not known")]
    Name(String),
    /// The machine is there and nothing listens on the port.
    #[error("the connection was refused")]
    Refused,
    /// The network says that there is no way to the address; carries its words.
    #[error("the address cannot be reached: {0}")]
    Unreachable(String),
    /// No connection within `connect_ms`.
    #[error("no connection in time")]
    ConnectTimeout,
    /// The URL is not one for HTTP; carries what is wrong with it.
    #[error("the address is not usable: {0}")]
    BadUrl(String),
    /// A header cannot be sent; carries its name.
    #[error("the header {0} cannot be sent")]
    BadHeader(String),
    /// The connection ended before the reply did; carries the system's words.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The reply was not complete within `answer_ms`.
    #[error("no complete answer in time")]
    Timeout,
    /// The reply is longer than `max_reply_bytes`.
    #[error("the answer is too large")]
    TooLarge,
    /// What came back is not HTTP; carries the parser's words.
    #[error("the answer is not HTTP: {0}")]
    Undecodable(String),
    /// Anything else; carries the library's words.
    #[error("{0}")]
    Other(String),
}
