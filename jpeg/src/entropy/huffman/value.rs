/// Decodes the value of `size` bits that follow `length` bits at the top of `window` (ITU-T T.81, F.2.2.1), without a
/// branch. Returns 0 if `size` is 0.
#[inline]
pub(super) const fn extended(window: u64, length: u32, size: u32) -> i32 {
    let bits = window << (length & 63);
    // All ones for a negative value, which is stored as the complement of its absolute value.
    let sign = !((bits.cast_signed() >> 63).cast_unsigned());
    let magnitude = ((bits ^ sign) >> 1) >> (63 - (size & 15));
    (magnitude ^ sign).wrapping_sub(sign).cast_signed() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_extended_as_in_the_standard() {
        let check = |bits: u64, size: u32, expected: i32| {
            assert_eq!(extended(bits << (64 - 5 - size), 5, size), expected, "{bits:b}");
        };
        check(0b0, 1, -1);
        check(0b1, 1, 1);
        check(0b00, 2, -3);
        check(0b01, 2, -2);
        check(0b10, 2, 2);
        check(0b11, 2, 3);
        check(0b010, 3, -5);
        check(0b0, 11, -2047);
        check(0b111_1111_1111, 11, 2047);
        assert_eq!(extended(u64::MAX, 3, 0), 0);
        assert_eq!(extended(0, 3, 0), 0);
    }
}
