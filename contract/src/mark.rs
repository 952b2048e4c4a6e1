//! Marks: pictures that the policy lays over variants, such as a logo.

use sha2::{Digest as _, Sha256};

use crate::key::Key;
use crate::variant::{Gravity, VariantMark};

/// A mark of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The key of its picture in the bucket of originals.
    pub key: Key,
    /// The place on the variant.
    pub place: Gravity,
    /// Its width as a share of the variant's width, in thousandths, 1 to 1000.
    pub width: u16,
    /// The distance from the edges as a share of the variant's shorter side, in thousandths, 0 to 500.
    pub margin: u16,
    /// Its opacity in thousandths, 1 to 1000.
    pub opacity: u16,
}

impl Mark {
    /// The version of the mark: it changes with the key of the picture and with every other member, and so do the paths of
    /// the variants that have the mark. Eight hexadecimal digits.
    pub fn version(&self) -> String {
        let Self { key, place, width, margin, opacity } = self;
        let text = format!("{}\n{}\n{width}\n{margin}\n{opacity}", key.as_str(), place.name());
        let mut digits = format!("{:x}", Sha256::digest(text));
        digits.truncate(VariantMark::VERSION_DIGITS);
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_mark_has_another_version() {
        let logo = Mark {
            key: Key::parse("files/1/logo.png").unwrap(),
            place: Gravity::BottomRight,
            width: 200,
            margin: 30,
            opacity: 1000,
        };
        let others = [
            Mark { key: Key::parse("files/2/logo.png").unwrap(), ..logo.clone() },
            Mark { place: Gravity::Center, ..logo.clone() },
            Mark { width: 201, ..logo.clone() },
            Mark { margin: 0, ..logo.clone() },
            Mark { opacity: 500, ..logo.clone() },
        ];
        assert_eq!(logo.version(), logo.clone().version());
        for other in others {
            assert_ne!(other.version(), logo.version(), "{other:?}");
        }
    }
}
