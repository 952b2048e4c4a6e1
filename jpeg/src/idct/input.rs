use crate::coefficients::slots_of;
use crate::file::tables;
use crate::scale::Scale;

/// Coefficients by slot, see [`slots_of`].
pub(crate) type Block = [i16; 64];

/// Quantisation steps by slot, see [`slots_of`].
pub(crate) type Steps = [i16; 64];

/// A table's steps, sorted into the slots of `scale`.
pub(crate) fn steps(scale: Scale, table: &tables::Steps) -> Steps {
    let mut steps = [0; 64];
    for (slot, step) in slots_of(scale).into_iter().zip(table) {
        if let Some(entry) = steps.get_mut(usize::from(slot)) {
            // Products are taken modulo 2^16, as libjpeg-turbo's are.
            *entry = step.cast_signed();
        }
    }
    steps
}
