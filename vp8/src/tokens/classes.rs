/// Classes of tokens: the end of the block, zero, levels 1 to 4, and the six categories of larger levels.
pub(super) const END: usize = 0;
pub(super) const ZERO: usize = 1;

/// A category of large levels: the smallest one, and the probabilities of the bits that are added to it (RFC 6386, section
/// 13.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct Category {
    pub(super) start: u32,
    pub(super) bits: &'static [u8],
}

/// The categories; the last two entries are unused.
pub(super) static CATEGORIES: [Category; 8] = [
    Category { start: 5, bits: &[159] },
    Category { start: 7, bits: &[165, 145] },
    Category { start: 11, bits: &[173, 148, 140] },
    Category { start: 19, bits: &[176, 155, 140, 135] },
    Category { start: 35, bits: &[180, 157, 141, 134, 130] },
    Category { start: 67, bits: &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129] },
    Category { start: 0, bits: &[] },
    Category { start: 0, bits: &[] },
];

/// The class of the first category.
pub(super) const FIRST_CATEGORY: u8 = 6;

/// Classes by magnitude; that of 127 is the class of all larger ones.
pub(super) static CLASS_OF: [u8; 128] = classes();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn classes() -> [u8; 128] {
    let mut classes = [0; 128];
    let mut level = 0;
    while level < 128 {
        classes[level] = match level {
            0..=4 => level as u8 + ZERO as u8,
            5..=6 => FIRST_CATEGORY,
            7..=10 => FIRST_CATEGORY + 1,
            11..=18 => FIRST_CATEGORY + 2,
            19..=34 => FIRST_CATEGORY + 3,
            35..=66 => FIRST_CATEGORY + 4,
            _ => FIRST_CATEGORY + 5,
        };
        level += 1;
    }
    classes
}
