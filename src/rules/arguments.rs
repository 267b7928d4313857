//! Arguments: what the parameters of APIs are, read from what they were recognised as, their types and their names.

use crate::model::{Api, Parameter};

/// What a parameter brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Means {
    /// Who calls, as the caller says.
    Caller,
    /// Another thing by its name.
    Object,
    Text,
    File,
    /// Where something is to be fetched from or sent to.
    Address,
    /// Something that a parser has to take apart: XML, YAML, a stored object.
    Serialised,
    Price,
    Role,
    Time,
    Paging,
    /// A number, a choice, a key of fixed form: its type leaves little to check.
    Fixed,
    Other,
}

/// A parameter: its name, and what it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Argument {
    pub name: String,
    pub means: Means,
}

/// The parameters of an API; where none are listed, those of its signature.
pub(super) fn arguments(api: &Api) -> Vec<Argument> {
    let one = |name: &str, of: &str, recognised_as: &str| Argument {
        name: name.to_owned(),
        means: means(&words(name), &words(of), &words(recognised_as)),
    };
    if !api.parameters.is_empty() {
        let listed = |it: &Parameter| one(it.name.trim(), &it.of, &it.recognised_as);
        return api.parameters.iter().filter(|it| !it.name.trim().is_empty()).map(listed).collect();
    }
    let inner =
        api.signature.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |it| it.0);
    let parts = inner.split(',').map(|it| it.split_once(':').unwrap_or((it, "")));
    parts.filter(|(name, _)| !name.trim().is_empty()).map(|(name, of)| one(name.trim(), of, "")).collect()
}

/// The names of those that bring one of these.
pub(super) fn named(arguments: &[Argument], of: &[Means]) -> Vec<String> {
    arguments.iter().filter(|it| of.contains(&it.means)).map(|it| it.name.clone()).collect()
}

/// Whether a text is one that people write at length, by its name.
pub(super) fn is_long(name: &str) -> bool {
    let long = ["text", "comment", "content", "body", "message", "description", "review", "html", "markdown"];
    words(name).iter().any(|it| long.contains(&it.as_str()))
}

/// Whether an API only reads, by its name: `getOrder`, `listComments`.
pub(super) fn only_reads(api: &Api) -> bool {
    let readers = [
        "get", "list", "show", "find", "search", "read", "view", "fetch", "query", "load", "count", "check",
        "export",
    ];
    words(&api.name).first().is_some_and(|it| readers.contains(&it.as_str()))
}

/// Whether the answer of an API may be as long as its store, by its name: `listComments`, `searchOrders`, `getAll`.
pub(super) fn lists(api: &Api) -> bool {
    let lists = ["list", "search", "find", "query", "export", "all", "browse", "history", "feed", "report"];
    words(&api.name).iter().any(|it| lists.contains(&it.as_str()))
}

fn means(name: &[String], of: &[String], recognised_as: &[String]) -> Means {
    let has = |all: &[String], these: &[&str]| all.iter().any(|it| these.contains(&it.as_str()));
    // What somebody has said goes before the name, and the type before both where it says the form.
    for words in [recognised_as, of] {
        if has(words, &["file", "upload", "image", "binary", "blob", "multipart"]) {
            return Means::File;
        }
        if has(words, &["xml", "yaml", "yml", "pickle", "serialised", "serialized"]) {
            return Means::Serialised;
        }
        if has(words, &["url", "uri"]) {
            return Means::Address;
        }
    }
    if has(recognised_as, &["text"]) {
        return Means::Text;
    }
    let last = name.last().map(String::as_str).unwrap_or_default();
    let is_id = matches!(last, "id" | "uid" | "uuid" | "guid") || has(recognised_as, &["identifier"]);
    if is_id {
        let person =
            ["user", "account", "customer", "owner", "caller", "member", "author", "tenant", "client", "uid"];
        return if has(name, &person) { Means::Caller } else { Means::Object };
    }
    if has(recognised_as, &["role", "right"])
        || has(name, &["role", "roles", "permission", "permissions", "privilege", "privileges", "admin"])
    {
        return Means::Role;
    }
    if has(recognised_as, &["price", "money"]) || has(name, &["price", "total", "discount", "cost", "fee"]) {
        return Means::Price;
    }
    let born = has(name, &["birth", "birthday", "dob"]);
    let is_time =
        has(recognised_as, &["time", "timestamp"]) || has(name, &["timestamp", "now", "created", "modified"]);
    if is_time && !born {
        return Means::Time;
    }
    if has(name, &["page", "limit", "offset", "cursor", "size", "per", "top", "skip"]) {
        return Means::Paging;
    }
    if has(of, &["int", "integer", "number", "float", "decimal", "bool", "boolean", "date", "enum"])
        || has(recognised_as, &["number", "date", "choice"])
    {
        return Means::Fixed;
    }
    if has(
        name,
        &[
            "file",
            "files",
            "upload",
            "image",
            "photo",
            "picture",
            "avatar",
            "attachment",
            "attachments",
            "pdf",
            "video",
        ],
    ) {
        return Means::File;
    }
    if has(name, &["xml", "yaml", "pickle", "serialised", "serialized", "soap", "saml"]) {
        return Means::Serialised;
    }
    if has(name, &["url", "uri", "link", "href", "webhook", "callback", "redirect"]) {
        return Means::Address;
    }
    let text = [
        "text",
        "comment",
        "content",
        "message",
        "body",
        "title",
        "description",
        "reason",
        "note",
        "notes",
        "bio",
        "html",
        "markdown",
        "subject",
        "review",
        "query",
        "term",
        "search",
        "filter",
        "prompt",
        "name",
    ];
    if has(name, &text) { Means::Text } else { Means::Other }
}

/// The words of a name in small letters: `userID`, `user_id` and `user-id` are two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            let begins = !before.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase());
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(signature: &str) -> Vec<Means> {
        let api = Api { signature: signature.to_owned(), ..Api::default() };
        arguments(&api).into_iter().map(|it| it.means).collect()
    }

    #[test]
    fn names_say_what_is_meant() {
        use Means::{
            Address, Caller, File, Fixed, Object, Other, Paging, Price, Role, Serialised, Text, Time,
        };
        assert_eq!(
            of("postComment(userID, comment_text, user_location, timestamp)"),
            [Caller, Text, Other, Time]
        );
        assert_eq!(
            of("order(cartID, unitPrice, user-role, avatar, callback_url)"),
            [Object, Price, Role, File, Address]
        );
        assert_eq!(
            of("a(page, xmlDocument, count: int, payload: yaml, dob: date)"),
            [Paging, Serialised, Fixed, Serialised, Fixed]
        );
        assert_eq!(of("nothing()"), []);
        assert_eq!(of("none"), []);
    }

    #[test]
    fn what_was_said_goes_before_the_name() {
        let parameter = |name: &str, of: &str, recognised_as: &str| {
            let [name, of, recognised_as] = [name, of, recognised_as].map(str::to_owned);
            let parameters = vec![Parameter { name, of, recognised_as }];
            arguments(&Api { parameters, ..Api::default() })[0].means
        };
        assert_eq!(parameter("x", "", "free text"), Means::Text);
        assert_eq!(parameter("articleID", "", "identifier"), Means::Object);
        assert_eq!(parameter("comment", "file", ""), Means::File);
        assert_eq!(parameter("page", "integer", "number"), Means::Paging);
    }

    #[test]
    fn names_of_calls() {
        let api = |name: &str| Api { name: name.to_owned(), ..Api::default() };
        assert_eq!([only_reads(&api("showProfile")), only_reads(&api("postComment"))], [true, false]);
        assert_eq!(
            [lists(&api("searchOrders")), lists(&api("getAll")), lists(&api("listen"))],
            [true, true, false]
        );
    }
}
