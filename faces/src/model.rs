//! The weights of the network, each stored as a byte.

/// The bytes of all layers, one after the other.
static BYTES: &[u8] = include_bytes!("../model/weights.bin");

/// For each part of a layer the factor of its bytes and the value of byte 0, from the model's manifest
/// (`tiny_face_detector_model-weights_manifest.json`).
const SCALES: [(f32, f32); 19] = [
    (0.009_007_044, -1.206_944),
    (0.005_263_455, -0.921_104_67),
    (0.004_001_978, -0.504_249_18),
    (0.013_836_61, -1.411_334_2),
    (0.001_515_986_3, -0.309_261_2),
    (0.002_666_276_2, -0.317_286_87),
    (0.015_265_831, -1.679_241_4),
    (0.002_028_055_5, -0.371_134_15),
    (0.006_100_742_5, -0.890_708_4),
    (0.016_276_212, -2.050_802_7),
    (0.003_394_414_3, -0.763_743_2),
    (0.006_716_05, -0.805_926),
    (0.021_875_604, -2.887_579_7),
    (0.004_114_165, -0.818_718_87),
    (0.008_423_84, -0.901_350_84),
    (0.030_007_277, -3.870_938_8),
    (0.008_402_083, -1.487_168_7),
    (0.028_336_13, -4.675_461_4),
    (0.002_268_134, -0.410_532_26),
];

/// The weights that haven't been taken.
pub(crate) struct Model {
    bytes: std::slice::Iter<'static, u8>,
    scales: std::array::IntoIter<(f32, f32), 19>,
}

impl Model {
    pub(crate) fn shipped() -> Self {
        Self { bytes: BYTES.iter(), scales: SCALES.into_iter() }
    }

    /// The next part, of `count` weights.
    pub(crate) fn take(&mut self, count: usize) -> Vec<f32> {
        let (factor, zero) = self.scales.next().unwrap_or_default();
        self.bytes.by_ref().take(count).map(|byte| f32::from(*byte) * factor + zero).collect()
    }
}
