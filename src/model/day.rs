//! Days, as verdicts and reports name them: `2026-11-24`.

/// The day of a count of seconds since 1970, as `2026-11-24`, in universal time.
pub fn day(seconds: u64) -> String {
    let is_leap =
        |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut days = seconds / 86_400;
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap(year)) {
        days -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let mut month = 1;
    for length in [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}

/// Whether a text names a day of the calendar in that way.
pub fn is_day(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut next = |length: usize| {
        let part = parts.next().filter(|it| it.len() == length && it.bytes().all(|it| it.is_ascii_digit()));
        part.and_then(|it| it.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(of_month)) = (next(4), next(2), next(2)) else { return false };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=length).contains(&of_month) && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        // As `date -u -d @SECONDS +%F` has them.
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(951_782_400), "2000-02-29");
        assert_eq!(day(951_868_800), "2000-03-01");
        assert_eq!(day(1_767_225_599), "2025-12-31");
        assert_eq!(day(1_795_478_400), "2026-11-24");
        assert_eq!(day(4_107_542_400), "2100-03-01");
    }

    #[test]
    fn what_is_no_day_is_told() {
        assert!(["2026-11-24", "2000-02-29", "2027-12-31"].into_iter().all(is_day));
        for text in
            ["", "2026-11", "2026-11-31", "2100-02-29", "2026-13-01", "26-11-24", "2026-11-24-1", "soon"]
        {
            assert!(!is_day(text), "{text}");
        }
    }
}
