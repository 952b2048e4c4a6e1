/// The samples around a macroblock's plane of `N`×`N` samples. Beyond the picture they are 127 above and 129 to the left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<const N: usize> {
    pub(crate) top: [u8; N],
    pub(crate) left: [u8; N],
    pub(crate) corner: u8,
    pub(crate) has_top: bool,
    pub(crate) has_left: bool,
}

impl<const N: usize> Around<N> {
    /// The sample of DC prediction.
    pub(crate) fn mean(&self) -> u8 {
        let sum = |samples: &[u8; N]| samples.iter().map(|sample| u32::from(*sample)).sum::<u32>();
        let n = N as u32;
        match (self.has_top, self.has_left) {
            (true, true) => ((sum(&self.top) + sum(&self.left) + n) / (2 * n)) as u8,
            (true, false) => ((sum(&self.top) + n / 2) / n) as u8,
            (false, true) => ((sum(&self.left) + n / 2) / n) as u8,
            (false, false) => 128,
        }
    }
}
