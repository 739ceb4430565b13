//! Protocols as pure codecs: bytes to messages and back.
