//! Figures: numbers that a file or a user gave, always finite, so that they compare and sort.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// As far out as anything is drawn, in pixels.
const FARTHEST: f64 = 1e6;

/// A finite number. In a file it is written as short as it can be: `120`, `0.25`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Figure(f64);

impl Eq for Figure {}

impl Figure {
    /// `None` if the number is not finite.
    pub fn new(number: f64) -> Option<Self> {
        // −0 would make two equal models write different files.
        number.is_finite().then_some(Self(number + 0.0))
    }

    /// A share, rounded to a ten-thousandth; 0 for what is not finite.
    pub fn share(number: f32) -> Self {
        Self::new((f64::from(number) * 10_000.0).round() / 10_000.0).unwrap_or_default()
    }

    pub fn get(self) -> f64 {
        self.0
    }

    /// The value in pixels or another unit of the screen: at most a million. Further out a number of that precision can no
    /// longer tell places apart, and what has no end has no middle.
    pub fn px(self) -> f32 {
        self.0.clamp(-FARTHEST, FARTHEST) as f32
    }
}

/// A coordinate, rounded to a hundredth of a pixel so that files stay short and stable. What is not finite is 0.
impl From<f32> for Figure {
    fn from(number: f32) -> Self {
        Self::new((f64::from(number) * 100.0).round() / 100.0).unwrap_or_default()
    }
}

impl From<u32> for Figure {
    fn from(number: u32) -> Self {
        Self(f64::from(number))
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e15 {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        Self::new(number).ok_or_else(|| de::Error::custom("a number must be finite"))
    }
}
