//! The sample architectures of the gallery: files of `samples/`, bundled.

/// A sample architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub id: &'static str,
    pub label: &'static str,
    /// What it shows, in a sentence.
    pub about: &'static str,
    /// The document.
    pub text: &'static str,
}

macro_rules! samples {
    ($($id:literal, $label:literal, $about:literal;)+) => {
        /// All samples, the reference architecture first.
        pub static SAMPLES: &[Sample] = &[
            $(Sample {
                id: $id,
                label: $label,
                about: $about,
                text: include_str!(concat!("../../samples/", $id, ".parapet.ron")),
            },)+
        ];
    };
}

samples! {
    "reference", "Reference architecture",
        "Two data centres behind DNS, filtered tiers, balanced reads and writes: nothing that fails alone.";
}
