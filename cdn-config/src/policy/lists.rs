//! Lists in a policy. An error names the entry, such as `ladder[3]`, which counts from 0.

use super::PolicyError;

/// The entries of a list of 1 to `max`, each read by `read`. Fails with the first entry that `read` refuses, and what each
/// entry must be.
pub(super) fn entries<'a, T, U>(
    field: &str,
    values: &'a [T],
    max: usize,
    each: &str,
    read: impl Fn(&'a T) -> Option<U>,
) -> Result<Vec<U>, PolicyError> {
    if !(1..=max).contains(&values.len()) {
        return Err(PolicyError::value(field, format!("a list of 1 to {max} entries, each {each}")));
    }
    let read = |(number, value)| read(value).ok_or_else(|| PolicyError::value(at(field, number), each));
    values.iter().enumerate().map(read).collect()
}

/// The same entries, if each is more than the one before it.
pub(super) fn ascending<T: PartialOrd>(field: &str, entries: Vec<T>) -> Result<Vec<T>, PolicyError> {
    let steps = entries.iter().zip(entries.iter().skip(1));
    match steps.zip(1..).find(|((low, high), _)| low >= high) {
        Some((_, number)) => Err(PolicyError::value(at(field, number), "more than the entry before it")),
        None => Ok(entries),
    }
}

/// The path of an entry.
pub(super) fn at(field: &str, number: usize) -> String {
    format!("{field}[{number}]")
}
