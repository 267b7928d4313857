//! Fingerprints of files: whether what lies on the disk is still what was read or written.

use serde::{Deserialize, Serialize};

/// What tells the contents of a file from others: their length and a hash. Times are no part of it, as copying, a
/// checkout or a sync set them at will.
///
/// The hash is FNV-1a of 64 bits: it is kept in journals, so it must be the same in every version of the program. It is
/// held against programs that write the same file, and not against somebody who forges one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    length: u64,
    hash: u64,
}

impl Fingerprint {
    pub fn of(bytes: &[u8]) -> Self {
        let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self { length: bytes.len() as u64, hash: bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_in_every_version() {
        // The published values of FNV-1a.
        assert_eq!(Fingerprint::of(b""), Fingerprint { length: 0, hash: 0xcbf2_9ce4_8422_2325 });
        assert_eq!(Fingerprint::of(b"foobar"), Fingerprint { length: 6, hash: 0x8594_4171_f739_67e8 });
        assert_ne!(Fingerprint::of(b"(x: 1)"), Fingerprint::of(b"(x: 2)"));
    }
}
