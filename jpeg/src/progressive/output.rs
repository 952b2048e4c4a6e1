use super::store::{Coefficients, Store};
use crate::coefficients::stored_slots;
use crate::error::Error;
use crate::idct;
use crate::idct::input::Steps;
use crate::planes::{Plane, Planes};

/// Transforms all coefficients of the store to samples.
pub(crate) fn output(
    store: &Store,
    planes: &mut Planes,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<(), Error> {
    for (coefficients, plane) in store.components().iter().zip(planes.iter_mut()) {
        match coefficients.scale.eighths() {
            1 => component::<1>(coefficients, plane, keep_going)?,
            2 => component::<2>(coefficients, plane, keep_going)?,
            3 => component::<3>(coefficients, plane, keep_going)?,
            4 => component::<4>(coefficients, plane, keep_going)?,
            5 => component::<5>(coefficients, plane, keep_going)?,
            6 => component::<6>(coefficients, plane, keep_going)?,
            7 => component::<7>(coefficients, plane, keep_going)?,
            _ => component::<8>(coefficients, plane, keep_going)?,
        }
    }
    Ok(())
}

fn component<const N: usize>(
    coefficients: &Coefficients,
    plane: &mut Plane,
    keep_going: &mut dyn FnMut() -> bool,
) -> Result<(), Error> {
    const NO_STEPS: Steps = [0; 64];
    let stored = stored_slots(coefficients.scale);
    // A component that is in no scan stays gray.
    let steps = coefficients.steps.as_ref().unwrap_or(&NO_STEPS);
    let (samples, stride) = plane.parts_mut();
    let mut block = [0; 64];
    for (samples, values) in samples
        .chunks_exact_mut(stride * N)
        .zip(coefficients.values.chunks_exact(coefficients.across * stored))
    {
        if !keep_going() {
            return Err(Error::Stopped);
        }
        for (column, values) in values.chunks_exact(stored).enumerate() {
            let Some(target) = samples.get_mut(column * N..) else { break };
            block.iter_mut().zip(values).for_each(|(slot, value)| *slot = *value);
            idct::inverse::<N>(&block, steps, idct::end::<N>(&block), target, stride);
        }
    }
    Ok(())
}
