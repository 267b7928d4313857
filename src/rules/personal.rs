//! Personal: what of a person the name of a parameter, a column or an asset tells.

use super::arguments::{arguments, words};
use crate::model::Api;

/// Something of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tells {
    Location,
    BirthDate,
    Phone,
    /// Gender, origin, belief, health: what many laws guard above all else.
    Special,
    /// Passport, tax and insurance numbers.
    IdentityNumber,
    EMail,
    PostalAddress,
    Name,
    Bank,
}

impl Tells {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Location => "where a person is",
            Self::BirthDate => "when a person was born",
            Self::Phone => "a person's phone number",
            Self::Special => "a person's gender, origin, belief or health",
            Self::IdentityNumber => "a person's number with an authority",
            Self::EMail => "a person's e-mail address",
            Self::PostalAddress => "where a person lives",
            Self::Name => "a person's name",
            Self::Bank => "a person's bank account or card",
        }
    }

    /// Whether services often take it though their work could do without it.
    pub(super) fn is_often_idle(self) -> bool {
        matches!(self, Self::Location | Self::BirthDate | Self::Phone | Self::Special | Self::IdentityNumber)
    }
}

/// Words, and two words in a row, that tell something of a person; the first row that fits counts.
type Row = (Tells, &'static [&'static str], &'static [(&'static str, &'static str)]);
const ROWS: [Row; 8] = [
    (Tells::EMail, &["email", "emails", "mail"], &[("e", "mail")]),
    (
        Tells::BirthDate,
        &["dob", "birth", "birthday", "birthdays", "birthdate", "birthdates", "born", "age"],
        &[("do", "b")],
    ),
    (Tells::Phone, &["phone", "phones", "telephone", "mobile", "msisdn", "fax"], &[]),
    (
        Tells::Location,
        &[
            "location",
            "locations",
            "latitude",
            "longitude",
            "lat",
            "lng",
            "lon",
            "gps",
            "geolocation",
            "whereabouts",
        ],
        &[],
    ),
    (
        Tells::Special,
        &["gender", "sex", "ethnicity", "race", "religion", "health", "diagnosis", "diagnoses", "disability"],
        &[],
    ),
    (
        Tells::IdentityNumber,
        &["passport", "ssn", "nationalid", "taxid", "nino"],
        &[("social", "security"), ("tax", "number"), ("national", "insurance")],
    ),
    (
        Tells::Bank,
        &["iban", "creditcard", "cardnumber"],
        &[("card", "number"), ("card", "numbers"), ("credit", "card"), ("bank", "account")],
    ),
    (
        Tells::Name,
        &["surname", "surnames", "firstname", "lastname", "fullname"],
        &[("first", "name"), ("last", "name"), ("full", "name"), ("given", "name"), ("family", "name")],
    ),
];
const ADDRESS: [&str; 6] = ["address", "addresses", "street", "postcode", "zipcode", "domicile"];
/// Before an address: that of a machine.
const NETWORK: [&str; 6] = ["ip", "mac", "url", "web", "wallet", "memory"];
/// What is no person, and has a place, a phone or an address, too.
const THINGS: [&str; 15] = [
    "warehouse",
    "store",
    "shop",
    "stock",
    "shelf",
    "file",
    "branch",
    "office",
    "product",
    "item",
    "server",
    "host",
    "company",
    "brand",
    "bucket",
];
/// In a list of these, a name is that of a person.
const PEOPLE: [&str; 23] = [
    "user",
    "users",
    "customer",
    "customers",
    "person",
    "people",
    "member",
    "members",
    "employee",
    "employees",
    "patient",
    "patients",
    "contact",
    "contacts",
    "account",
    "accounts",
    "profile",
    "profiles",
    "author",
    "authors",
    "reader",
    "guest",
    "guests",
];

/// What of a person a name tells, in a table or a list called `around`; none if nothing. A name that says what it is
/// the number of (`phoneID`) tells nothing.
pub(super) fn tells(name: &str, around: &str) -> Option<Tells> {
    let words = words(name);
    let has = |these: &[&str]| words.iter().any(|it| these.contains(&it.as_str()));
    let in_a_row =
        |(a, b): &(&str, &str)| words.iter().zip(words.iter().skip(1)).any(|it| it.0 == a && it.1 == b);
    let is_number =
        matches!(words.last().map(String::as_str), Some("id" | "ids" | "uuid" | "count" | "type"));
    if is_number || has(&THINGS) {
        return None;
    }
    let fits = |row: &&Row| has(row.1) || row.2.iter().any(in_a_row);
    if let Some(row) = ROWS.iter().find(fits) {
        return Some(row.0);
    }
    if has(&ADDRESS) && !has(&NETWORK) {
        return Some(Tells::PostalAddress);
    }
    let is_of_people = self::words(around).iter().any(|it| PEOPLE.contains(&it.as_str()));
    (words.len() == 1 && has(&["name", "names"]) && is_of_people).then_some(Tells::Name)
}

/// The parameters of an API that tell something of a person, by what they were recognised as or by their names.
pub(super) fn parameters(api: &Api) -> Vec<(String, Tells)> {
    let recognised = |name: &str| {
        let said = api.parameters.iter().find(|it| it.name.trim() == name);
        said.and_then(|it| tells(&it.recognised_as, ""))
    };
    let names = arguments(api).into_iter().map(|it| it.name);
    let mut found: Vec<(String, Tells)> = Vec::new();
    for name in names {
        let of = recognised(&name).or_else(|| tells(&name, &api.name));
        if let Some(of) = of.filter(|_| !found.iter().any(|it| it.0 == name)) {
            found.push((name, of));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Parameter;

    #[test]
    fn names_tell_of_a_person() {
        use Tells::{Bank, BirthDate, EMail, IdentityNumber, Location, Name, Phone, PostalAddress, Special};
        for (name, expected) in [
            ("Email", EMail),
            ("e-mail", EMail),
            ("DoB", BirthDate),
            ("birthDate", BirthDate),
            ("Phone number", Phone),
            ("user_location", Location),
            ("CommentLocation", Location),
            ("gender", Special),
            ("passportNo", IdentityNumber),
            ("Names and addresses", PostalAddress),
            ("last_name", Name),
            ("Card numbers", Bank),
        ] {
            assert_eq!(tells(name, ""), Some(expected), "{name}");
        }
    }

    #[test]
    fn names_of_things_do_not() {
        for name in [
            "Name",
            "WarehouseLocation",
            "phoneID",
            "ip_address",
            "Title",
            "Comments",
            "page",
            "message",
            "Orders",
        ] {
            assert_eq!(tells(name, "Goods"), None, "{name}");
        }
        assert_eq!(tells("Name", "Users"), Some(Tells::Name));
        assert_eq!(tells("FileName", "Users"), None);
    }

    #[test]
    fn what_was_recognised_goes_before_the_name() {
        let parameter = |name: &str, recognised_as: &str| Parameter {
            name: name.to_owned(),
            recognised_as: recognised_as.to_owned(),
            ..Parameter::default()
        };
        let parameters = vec![parameter("x", "location"), parameter("page", ""), parameter("x", "")];
        let api = Api { parameters, ..Api::default() };
        assert_eq!(super::parameters(&api), [("x".to_owned(), Tells::Location)]);
        let api = Api { signature: "post(userID, dob: date)".to_owned(), ..Api::default() };
        assert_eq!(super::parameters(&api), [("dob".to_owned(), Tells::BirthDate)]);
    }
}
