//! The text language: a whole model in a few lines, for sketches, for tests, for the clipboard.
//!
//! # One statement a line
//!
//! ```text
//! # From here to the end of the line is a comment.
//! user -> lb: https                      # a flow; whoever nobody declared becomes a component
//! lb -> web-1, web-2: https 8443         # to each of them
//! web-1, web-2 -> orders-db: postgres [read-write; carries cards; encrypted yes]
//!
//! boundary data "Data tier": subnet-tier [ingress tcp/5432 from web-1 and web-2] {
//!   orders-db "Orders": postgres:16 [replicas 2; stores cards; backups; encryption-at-rest no "next year" later]
//! }
//!
//! asset cards "Card numbers": secret [personal yes; credential no]
//! feature checkout "Checkout" [roles customer; requests-per-second 40; flows user-lb, lb-web-1]
//! ```
//!
//! Statements stand in any order: what one mentions may be declared further down. Several may stand on a line with
//! `;` between them. An id is `[a-z0-9_-]{1,64}`; capitals are read as small letters. A name stands in quotes after
//! the id; without one, the id is the name. In quotes, `\"`, `\\`, `\n`, `\r`, `\t` and `\u{1f600}` are escapes.
//!
//! # Components
//!
//! `id "Name": kind [property; property value]`. The kind is a kind of the palette (`web-server`, `SQL database`), a
//! word for one (`lb`, `cdn`, `vault`) or a technology (`postgres:16`, `nginx`), which is then the component's. Left
//! out, the id says it (`lb-east`, `web-1`, `redis`), and an id that says nothing is a `microservice`. The same holds
//! for the end of a flow that no statement declares.
//!
//! Properties: `technology`, `within`, `replicas`, `pool`, `quorum`, `highly-available`, `takes-over`, `gate-of`,
//! `listens`, `allows`, `capacity`, `hit-ratio`, `balancing`, `availability`, `requests-per-second`, `read-share`,
//! `stores`, `processes`, `notes`, `icon`, and the slug of any control (`rate-limiting`, `backups`).
//! * `listens tcp/443 https for anywhere "shop"`: ports, protocol, for whom it is meant, what for; may be repeated.
//! * `allows tcp/80,443 from anywhere, tcp/22 from bastion and office`, `allows none`, `allows unknown`. An origin is
//!   `anywhere`, `unknown`, `nobody`, or components and boundaries with `and` between them; left out it is unknown.
//!
//! A component listens on nothing but what it says: the flows that are drawn tell which ports are in use.
//!
//! # Boundaries
//!
//! `boundary id "Name": kind [property; …] { … }`; what is declared in the braces stands in it. The ends of flows
//! are not declared by being mentioned there. Properties: `ingress` (`open`, `unknown`, `none` or as `allows`),
//! `segmented`, `within`, `notes`, `icon`, controls. A boundary of a kind that does not filter (region, zone, process …) is
//! open unless its ingress is said; all others are unknown.
//!
//! # Flows
//!
//! `id "Name": a -> b: protocol port [property; …]`, with all but the ends left out at will. Ports are `443`,
//! `tcp/443`, `tcp/80,443`, `udp/53`, `any`. A flow without an id is called `a-b`, the next one between the same two
//! `a-b-2`. Lists and chains draw many: `a, b -> c -> d`.
//!
//! Words: `read`, `write`, `read-write`, `replicate`, `publish`, `consume`, `admin`; `async`, `sync`; `hard`, `soft`;
//! `reply`; `two-heads`. Properties: `encrypted`, `authenticated`, `carries`, `requests-per-request`, `weight`, `notes`, controls.
//!
//! # Answers
//!
//! `encrypted yes`, `no`, `na` or `unknown`, then a note in quotes, then `later`. A bare `encrypted` is yes. A control
//! that the program does not know is written `control "its slug" yes`.
//!
//! # All else
//!
//! ```text
//! brief "Shop" [use-case "Buy a book"; figure "Users" 1000 "in the first year"; constraint "EU only"; attack "…"]
//! asset cards "Card numbers": secret [personal; credential no]
//! feature checkout "Checkout" [roles customer, admin; requests-per-second 40; read-share 80%; flows user-web]
//! api pay "Pay" [component web; signature "pay(card, amount)"; parameters card of text as secret, amount of int]
//! dataset orders "Orders" [store db; columns id, card holds cards; engine sql; why "joins"; indexes id]
//! decision sql "SQL or not" [status decided; option "SQL" pro "joins" con "shards"; chosen "SQL"; gives-up "scale"]
//! threat t-1 "Stolen laptop" [stride spoofing, tampering; severity high; subjects admin; mitigation "disk lock"]
//! verdict "exposed-port:lb-1:tcp/22" [state accepted; reason "office only"; who "Ada"; until 2027-01-01]
//! remark "db.stores" [note "ask Ada"; later]
//! comment c-1 "" [on web; message 0001-7f3k by "Ada" on "2026-11-24" "Who patches this?"; resolved]
//! view main "Main" [order 1; filter "data"; only personal-data, family data; dims; locked; direction right]
//! ```
//!
//! An asset that is only mentioned becomes one of unknown class. Any other mention must name something, or stand in
//! quotes: then it is taken as it is. A list of texts is separated by commas, or its property is said again. A text
//! of plain words needs no quotes. In `[ ]` a line may break anywhere.
//!
//! # What comes back
//!
//! [`write()`] says every field of every table but the places, the rule packs and the artworks, so reading what it wrote
//! gives the same model without these: packs stand in files of their own, too, and an artwork is nothing to be typed.
//! An element whose artwork is not there is drawn with the icon of its kind. [`read()`] gives no places either; the import of
//! the format finds them.

mod compound;
mod cursor;
mod lex;
mod read;
mod resolve;
mod shapes;
#[cfg(test)]
mod tests;
mod values;
mod words;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::{Format, ImportError, placed};
use crate::model::{BoundaryKind, Id, Ingress, MAIN_VIEW, MAX_FILE_BYTES, MAX_ID_LENGTH, Model, View};

pub(super) static FORMAT: Format = Format {
    id: "text",
    label: "Text language",
    extensions: &["parapet.txt", "txt"],
    is_picture: false,
    tells_findings: false,
    drops_packs: true,
    import: Some(import),
    export: Some(|it| Ok(write(it.model).into_bytes())),
};

fn import(bytes: &[u8]) -> Result<Model, ImportError> {
    let no_text = |it: std::str::Utf8Error| ImportError {
        place: None,
        what: format!("byte {} is no text: a text is UTF-8", it.valid_up_to()),
        hint: "save it as UTF-8".to_owned(),
    };
    let text = std::str::from_utf8(bytes).map_err(no_text)?;
    read(text).map(placed).map_err(|it| ImportError {
        place: Some((it.line, it.column)),
        what: it.message,
        hint: it.hint,
    })
}

/// How deep the braces of boundaries may stand in each other.
const MAX_NESTING: usize = 64;

/// Why a text is no model, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, or what was expected.
    pub message: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for TextError {}

/// Reads a text of at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// The first thing that cannot be read, or that names what is not there.
pub fn read(text: &str) -> Result<Model, TextError> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the text has {} bytes, and at most {MAX_FILE_BYTES} are read", text.len());
        return Err(TextError { line: 1, column: 1, message, hint: String::new() });
    }
    read::read(text)
}

/// Writes a model without its places, rule packs and artworks.
pub fn write(model: &Model) -> String {
    write::write(model)
}

/// What the ingress of a boundary is where no statement says it.
fn usual_ingress(kind: &BoundaryKind) -> Ingress {
    if kind.starts_open { Ingress::Open } else { Ingress::Unknown }
}

/// The id of the n-th flow between two components that bears none of its own.
fn flow_id(from: &Id, to: &Id, n: usize) -> Id {
    let number = if n == 1 { String::new() } else { format!("-{n}") };
    let mut id = format!("{from}-{to}");
    id.truncate(MAX_ID_LENGTH.saturating_sub(number.len()));
    Id::slug(&format!("{id}{number}"))
}

/// The views of a text that states none.
fn main_view() -> BTreeMap<Id, Arc<View>> {
    let view = View { name: "Main".to_owned(), ..View::default() };
    BTreeMap::from([(Id::slug(MAIN_VIEW), Arc::new(view))])
}
