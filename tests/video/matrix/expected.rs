//! What must come of a clip.

/// What must come of a clip.
#[derive(Clone, Debug)]
pub(super) enum Expected {
    /// It is playable.
    Ready(Film),
    /// It fails with this code and a sentence.
    Failed(&'static str),
}

/// A playable clip.
#[derive(Clone, Debug)]
pub(super) struct Film {
    /// The duration in seconds, and by how much it may differ.
    pub(super) seconds: f64,
    pub(super) tolerance: f64,
    /// The size of the largest rendition; `None` for sound alone.
    pub(super) size: Option<(u64, u64)>,
    /// The frame rate as ffprobe writes it, if that is tested.
    pub(super) rate: Option<&'static str>,
    /// `true` if the poster has the colours of the bars.
    pub(super) has_colors: bool,
    pub(super) has_sound: bool,
}

/// A clip of the bars with this duration, without sound.
pub(super) fn ready(seconds: f64) -> Expected {
    let size = Some((160, 90));
    Expected::Ready(Film { seconds, tolerance: 0.1, size, rate: None, has_colors: true, has_sound: false })
}

impl Expected {
    fn with(self, change: impl FnOnce(&mut Film)) -> Self {
        match self {
            Self::Ready(mut film) => {
                change(&mut film);
                Self::Ready(film)
            }
            Self::Failed(code) => Self::Failed(code),
        }
    }

    pub(super) fn about(self, tolerance: f64) -> Self {
        self.with(|film| film.tolerance = tolerance)
    }

    pub(super) fn sized(self, width: u64, height: u64) -> Self {
        self.with(|film| (film.size, film.has_colors) = (Some((width, height)), false))
    }

    pub(super) fn at_rate(self, rate: &'static str) -> Self {
        self.with(|film| film.rate = Some(rate))
    }

    pub(super) fn with_any_color(self) -> Self {
        self.with(|film| film.has_colors = false)
    }

    pub(super) fn with_sound(self) -> Self {
        self.with(|film| film.has_sound = true)
    }

    pub(super) fn of_sound_alone(self) -> Self {
        self.with(|film| (film.size, film.has_colors, film.has_sound) = (None, false, true))
    }
}
