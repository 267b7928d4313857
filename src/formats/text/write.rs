//! Writing a model as text: what is read back is the same model without its places.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cursor::Wanted;
use super::lex::quote;
use super::shapes::{self, Named, Shape};
use super::values;
use super::{MAX_NESTING, main_view};
use crate::model::{Answer, BoundaryKind, Brief, Class, Control, Flow, Id, Kind, Model, Nesting};

/// What the text declares, so that a reference to anything else is put in quotes and read as it is.
pub(super) struct Known<'m> {
    model: &'m Model,
}

impl Known<'_> {
    pub(super) fn id(&self, id: &Id, wanted: Wanted) -> String {
        let model = self.model;
        let is_there = match wanted {
            Wanted::Component => model.components().contains_key(id),
            Wanted::Boundary => model.boundaries().contains_key(id),
            Wanted::Place => model.components().contains_key(id) || model.boundaries().contains_key(id),
            Wanted::Asset => model.assets().contains_key(id),
            Wanted::Flow => model.flows().contains_key(id),
            Wanted::Anything => model.has(id),
        };
        // These words mean something else where an origin is expected.
        let is_free = wanted != Wanted::Place || !matches!(id.as_str(), "anywhere" | "unknown" | "nobody");
        if is_there && is_free { id.to_string() } else { quote(id.as_str()) }
    }
}

/// Writes a model: the brief, assets, boundaries with what stands in them, flows, then all else.
pub(super) fn write(model: &Model) -> String {
    let nesting = Nesting::of(model);
    let mut writer =
        Writer { model, nesting, known: Known { model }, text: String::new(), left_over: Vec::new() };
    let brief = model.the_brief();
    if *brief != Brief::default() {
        writer.statement(0, &format!("brief {}", quote(&brief.title)), &shapes::BRIEF, brief, &[]);
        writer.end();
    }
    writer.gap();
    for (id, asset) in model.assets() {
        let class =
            if asset.class == Class::Unknown { String::new() } else { format!(": {}", asset.class.slug()) };
        let head = format!("asset {}{class}", head(id, asset.called()));
        writer.statement(0, &head, &shapes::ASSET, &**asset, &[]);
        writer.end();
    }
    writer.gap();
    writer.places();
    writer.gap();
    for (id, flow) in model.flows() {
        writer.flow(id, flow);
    }
    writer.gap();
    writer.table(&shapes::FEATURE, model.features());
    writer.table(&shapes::API, model.apis());
    writer.table(&shapes::DATASET, model.datasets());
    writer.table(&shapes::DECISION, model.decisions());
    writer.table(&shapes::THREAT, model.threats());
    for (key, verdict) in model.verdicts() {
        writer.statement(0, &format!("verdict {}", quote(key)), &shapes::VERDICT, &**verdict, &[]);
        writer.end();
    }
    for (key, remark) in model.remarks() {
        writer.statement(0, &format!("remark {}", quote(key)), &shapes::REMARK, &**remark, &[]);
        writer.end();
    }
    if *model.views() != main_view() {
        writer.table(&shapes::VIEW, model.views());
    }
    writer.text.truncate(writer.text.trim_end_matches('\n').len());
    writer.end();
    writer.text
}

/// The id, and the name unless it is the id itself, which a statement without one says.
fn head(id: &Id, name: &str) -> String {
    if name == id.as_str() { id.to_string() } else { format!("{id} {}", quote(name)) }
}

struct Writer<'m> {
    model: &'m Model,
    nesting: Nesting,
    known: Known<'m>,
    text: String,
    /// What stands too deep to be written inside its boundary.
    left_over: Vec<Id>,
}

impl Writer<'_> {
    fn end(&mut self) {
        self.text.push('\n');
    }

    /// A blank line between what was written and what comes.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.end();
        }
    }

    /// A statement without the end of its line: its head, then its properties but those to be left out.
    fn statement<R>(&mut self, depth: usize, head: &str, shape: &Shape<R>, record: &R, left_out: &[&str]) {
        let mut items: Vec<String> =
            shape.words.iter().filter(|it| (it.is)(record)).map(|it| it.word.to_owned()).collect();
        for property in shape.properties.iter().filter(|it| !it.names.iter().any(|it| left_out.contains(it)))
        {
            let name = property.names.first().copied().unwrap_or_default();
            items.extend((property.write)(record, &self.known).iter().map(|it| format!("{name} {it}")));
        }
        if let Some((controls, _)) = shape.controls {
            items.extend(controls(record).0.iter().map(|(slug, said)| control(shape, slug, said)));
        }
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(head);
        if !items.is_empty() {
            self.text.extend([" [", &items.join("; "), "]"]);
        }
    }

    fn table<R: Named>(&mut self, shape: &Shape<R>, table: &BTreeMap<Id, Arc<R>>) {
        for (id, record) in table {
            self.statement(
                0,
                &format!("{} {}", shape.noun, head(id, record.called())),
                shape,
                &**record,
                &[],
            );
            self.end();
        }
    }

    fn places(&mut self) {
        let model = self.model;
        let top = |it: &&Id| self.nesting.parent(it).is_none();
        let boundaries: Vec<&Id> = model.boundaries().keys().filter(top).collect();
        let components: Vec<&Id> = model.components().keys().filter(top).collect();
        for id in components {
            self.component(0, id);
        }
        for id in boundaries {
            self.boundary(0, id);
        }
        while let Some(id) = self.left_over.pop() {
            if model.boundaries().contains_key(&id) { self.boundary(0, &id) } else { self.component(0, &id) }
        }
    }

    fn component(&mut self, depth: usize, id: &Id) {
        let Some(component) = self.model.component(id) else { return };
        let kind = if Kind::find(&component.kind).is_some() {
            component.kind.clone()
        } else {
            quote(&component.kind)
        };
        // The braces say it, unless what it stands in is not there, or far above.
        let left_out: &[&str] = if depth > 0 { &["within"] } else { &[] };
        let head = format!("{}: {kind}", head(id, component.called()));
        self.statement(depth, &head, &shapes::COMPONENT, component, left_out);
        self.end();
    }

    fn boundary(&mut self, depth: usize, id: &Id) {
        let Some(boundary) = self.model.boundary(id) else { return };
        let known = BoundaryKind::find(&boundary.kind);
        let kind = if known.is_some() { boundary.kind.clone() } else { quote(&boundary.kind) };
        let mut left_out = Vec::new();
        if depth > 0 {
            left_out.push("within");
        }
        if boundary.ingress == super::usual_ingress(boundary.kind()) {
            left_out.push("ingress");
        }
        let head = format!("boundary {}: {kind}", head(id, boundary.called()));
        self.statement(depth, &head, &shapes::BOUNDARY, boundary, &left_out);
        let components = self.nesting.components_in(id).to_vec();
        let boundaries = self.nesting.boundaries_in(id).to_vec();
        if components.is_empty() && boundaries.is_empty() {
            return self.end();
        }
        if depth + 1 >= MAX_NESTING {
            self.left_over.extend(components.into_iter().chain(boundaries));
            return self.end();
        }
        self.text.push_str(" {\n");
        for id in components {
            self.component(depth + 1, &id);
        }
        for id in boundaries {
            self.boundary(depth + 1, &id);
        }
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str("}\n");
    }

    fn flow(&mut self, id: &Id, flow: &Flow) {
        let mut head = String::new();
        if flow.name.is_empty() {
            // A flow without an id gets this one when it is read.
            if *id != super::flow_id(&flow.from, &flow.to, 1) {
                head = format!("{id}: ");
            }
        } else {
            head = format!("{id} {}: ", quote(&flow.name));
        }
        let [from, to] = [&flow.from, &flow.to].map(|it| self.known.id(it, Wanted::Component));
        head.extend([&from, " -> ", &to]);
        let protocol = Some(&flow.protocol).filter(|it| !it.is_empty()).map(|it| values::protocol(it));
        let port = Some(&flow.port).filter(|it| !it.is_empty()).map(values::ports);
        let body: Vec<String> = protocol.into_iter().chain(port).collect();
        if !body.is_empty() {
            head.extend([": ", &body.join(" ")]);
        }
        self.statement(0, &head, &shapes::FLOW, flow, &[]);
        self.end();
    }
}

/// An answer to a control; one whose slug would be read as something else says that it is a control.
fn control<R>(shape: &Shape<R>, slug: &str, said: &Answer) -> String {
    let is_free =
        Control::find(slug).is_some() && shape.property(slug).is_none() && shape.word(slug).is_none();
    let name = if is_free { slug.to_owned() } else { format!("control {}", quote(slug)) };
    if *said == Answer::yes() { name } else { format!("{name} {}", values::answer(said)) }
}
