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
    "naive", "Naive: one server",
        "The same site on one rented server: one loss takes all of it, and the internet reaches nearly every port.";
    "shop", "Three-tier shop",
        "Customers and staff come in by two doors, each tier filters, and every purchase waits for the payment provider.";
    "microservices", "Microservices",
        "A gateway, services with a store each, and a queue, whose messages skip the checks at the front door.";
    "comments", "Comment service",
        "All that can be asked about one call: postComment(userID, comment_text, user_location, timestamp).";
    "sharded", "Sharded database",
        "Three shards, a directory that every request asks first, and one shard that has no copy yet.";
    "news", "Cached news site",
        "CDN, pages rendered ahead of time, Memcached: what is in each cache, and what if it is empty?";
    "ten-mistakes", "Ten mistakes",
        "A ticket shop that is wrong on purpose in ten ways; the key is in the notes of its brief.";
}
