//! The cause of an error, in words for people.

use std::error::Error;

/// The innermost cause of an error, such as `Connection refused (os error 111)`. The errors around it name only the layers of
/// a client.
pub fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the connector fails")]
    struct Outer(#[source] std::io::Error);

    #[test]
    fn the_innermost_cause_speaks_for_all_errors_around_it() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(innermost(&Outer(refused)), "connection refused");
    }
}
