//! The worker's side: confines the process, and answers one job after the other.

use std::io::{self, Read, Write as _};

use crate::confinement::confine;
use crate::limiter::Limiter;
use crate::message::{Lengths, Message};

/// The byte that a worker writes when it has read a job.
const RECEIVED: u8 = 6;

/// Answers jobs until the program that started this worker ends or drops it. `answer` sets the limits of its job first.
/// Fails if the process can't be confined or a pipe breaks.
pub fn serve(answer: impl Fn(&Message, &Limiter) -> Message) -> io::Result<()> {
    confine()?;
    let limiter = Limiter::start()?;
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(job) = receive(&mut input)? {
        output.write_all(&[RECEIVED])?;
        output.flush()?;
        let Message { header, body } = limiter.working(|| answer(&job, &limiter));
        drop(job);
        output.write_all(&Lengths::of(&header, &body).to_bytes())?;
        output.write_all(&header)?;
        output.write_all(&body)?;
        output.flush()?;
    }
    Ok(())
}

/// The next job. `None` at the end of the input.
fn receive(input: &mut impl Read) -> io::Result<Option<Message>> {
    let mut lengths = [0; Lengths::BYTES];
    match input.read_exact(&mut lengths) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let Lengths { header, body } = Lengths::from_bytes(lengths)?;
    let mut job = Message { header: vec![0; header as usize], body: vec![0; body as usize] };
    input.read_exact(&mut job.header)?;
    input.read_exact(&mut job.body)?;
    Ok(Some(job))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_read_until_the_input_ends() {
        let mut input = Vec::new();
        for (header, body) in [(&b"first"[..], &b"file"[..]), (b"second", b"")] {
            input.extend(Lengths::of(header, body).to_bytes());
            input.extend([header, body].concat());
        }
        let whole = input.clone();
        let mut input = whole.as_slice();
        let first = Message { header: b"first".to_vec(), body: b"file".to_vec() };
        assert_eq!(receive(&mut input).unwrap(), Some(first));
        assert_eq!(receive(&mut input).unwrap().unwrap().header, b"second");
        assert_eq!(receive(&mut input).unwrap(), None);
        assert!(receive(&mut &whole[..whole.len() - 1][25..]).is_err(), "a truncated job");
    }
}
