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

/// What of a person a name tells, in a table or a list called `around`; none if nothing. A name that says what it is
/// the number of (`phoneID`) tells nothing.
pub(super) fn tells(name: &str, around: &str) -> Option<Tells> {
    let words = words(name);
    let has = |these: &[&str]| words.iter().any(|it| these.contains(&it.as_str()));
    if matches!(words.last().map(String::as_str), Some("id" | "ids" | "uuid" | "count" | "type")) {
        return None;
    }
    let thing = [
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
    if has(&thing) {
        return None;
    }
    let pairs = |a: &str, b: &str| words.windows(2).any(|it| it[0] == a && it[1] == b);
    if has(&["email", "emails", "mail"]) || pairs("e", "mail") {
        return Some(Tells::EMail);
    }
    if pairs("do", "b")
        || has(&["dob", "birth", "birthday", "birthdate", "birthdays", "birthdates", "born", "age"])
    {
        return Some(Tells::BirthDate);
    }
    if has(&["phone", "phones", "telephone", "mobile", "msisdn", "fax"]) {
        return Some(Tells::Phone);
    }
    if has(&[
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
    ]) {
        return Some(Tells::Location);
    }
    if has(&[
        "gender",
        "sex",
        "ethnicity",
        "race",
        "religion",
        "health",
        "diagnosis",
        "diagnoses",
        "disability",
    ]) {
        return Some(Tells::Special);
    }
    if has(&["passport", "ssn", "nationalid", "taxid", "nino"])
        || pairs("social", "security")
        || pairs("tax", "number")
        || pairs("national", "insurance")
    {
        return Some(Tells::IdentityNumber);
    }
    if has(&["iban", "creditcard", "cardnumber"])
        || pairs("card", "number")
        || pairs("card", "numbers")
        || pairs("credit", "card")
        || pairs("bank", "account")
    {
        return Some(Tells::Bank);
    }
    let network = has(&["ip", "mac", "url", "web", "wallet", "memory"]);
    if !network && has(&["address", "addresses", "street", "postcode", "zipcode", "domicile"]) {
        return Some(Tells::PostalAddress);
    }
    let person = [
        "user",
        "users",
        "customer",
        "customers",
        "person",
        "persons",
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
        "readers",
        "client",
        "clients",
        "guest",
        "guests",
    ];
    let is_of_person = self::words(around).iter().any(|it| person.contains(&it.as_str()));
    let plain = words.len() == 1 && has(&["name", "names"]) && is_of_person;
    let said = ["first", "last", "full", "given", "family", "middle", "maiden"];
    let named = said.iter().any(|it| pairs(it, "name") || pairs(it, "names"));
    (plain || named || has(&["surname", "firstname", "lastname", "fullname", "surnames"]))
        .then_some(Tells::Name)
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
