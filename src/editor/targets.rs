//! Targets: where something goes, chosen by its name. Whatever the pointer does by dragging one thing to another is done
//! so with keys alone.

use std::collections::BTreeSet;

use super::Editor;
use super::create::{may_be_gate, put_within};
use crate::model::{BoundaryKind, Family, Id, Kind, Side};
use crate::scene::geometry::point_at;
use crate::scene::{Pos, Rect, SNAP};

/// What is to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The boundary that the selection moves into.
    Home,
    /// The component that a flow from the selected one leads to.
    FlowTo,
    /// The component that a flow to the selected one comes from.
    FlowFrom,
    /// The component that the selected flow begins at from now on.
    Start,
    /// The component that the selected flow ends at from now on.
    End,
    /// What is put into the selected flow: something new of a kind, or a component that has no flows yet.
    Inserted,
    /// The boundary that the selected component becomes the gate of.
    Gated,
}

/// One of those that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub of: TargetOf,
    pub text: String,
    /// What tells it from others of its name.
    pub note: String,
    /// The boundary that it stands in, as the note names it; empty if there is none.
    pub place: String,
    /// The name of an icon.
    pub icon: &'static str,
    /// The family whose colour the icon has.
    pub family: Option<Family>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetOf {
    Element(Id),
    /// No boundary at all.
    Outside,
    /// A kind of components, by its slug.
    Kind(String),
}

impl Wanted {
    /// What is asked.
    pub fn title(self) -> &'static str {
        match self {
            Self::Home => "Move into which boundary?",
            Self::FlowTo => "Connect it to what?",
            Self::FlowFrom => "Connect what to it?",
            Self::Start => "Where does the flow begin?",
            Self::End => "Where does the flow end?",
            Self::Inserted => "Put what into the flow?",
            Self::Gated => "The gate of which boundary?",
        }
    }

    /// What has to be drawn before there is something to choose.
    pub fn needs(self) -> &'static str {
        match self {
            Self::Home | Self::Gated => "Draw a boundary first.",
            Self::FlowTo | Self::FlowFrom | Self::Start | Self::End => {
                "A flow leads from one component to another: draw a second one first."
            }
            Self::Inserted => "",
        }
    }
}

impl Editor {
    /// Whether there is something to choose.
    pub fn has_target(&self, wanted: Wanted) -> bool {
        let one = self.selected_one();
        match wanted {
            Wanted::Home => !self.movable().is_empty() && !self.model.boundaries().is_empty(),
            Wanted::FlowTo | Wanted::FlowFrom => {
                one.is_some_and(|it| self.can_end(it)) && self.model.components().len() > 1
            }
            Wanted::Start | Wanted::End | Wanted::Inserted => {
                one.is_some_and(|it| self.model.flow(it).is_some() && !self.is_locked(it))
            }
            Wanted::Gated => {
                let component = one.and_then(|it| self.model.component(it));
                component.is_some_and(|it| may_be_gate(it.kind())) && !self.model.boundaries().is_empty()
            }
        }
    }

    /// All that may be chosen, by name.
    pub fn targets(&self, wanted: Wanted) -> Vec<Target> {
        let model = &self.model;
        let one = self.selected_one();
        match wanted {
            Wanted::Home => {
                let ids = self.movable();
                let fits = |it: &&Id| ids.iter().any(|id| self.can_put_into(id, Some(it)));
                let inside = model.by_title(model.boundaries().keys().filter(fits));
                let mut targets: Vec<Target> = inside.into_iter().map(|it| self.target(it)).collect();
                if ids.iter().any(|it| self.can_put_into(it, None)) {
                    let text = "Outside of all boundaries".to_owned();
                    let icon = "square-dashed";
                    let of = TargetOf::Outside;
                    let (note, place) = (String::new(), String::new());
                    targets.push(Target { of, text, note, place, icon, family: None });
                }
                targets
            }
            Wanted::FlowTo | Wanted::FlowFrom => self.components(|it| Some(it) != one),
            Wanted::Start | Wanted::End => {
                // A flow may lead back to where it comes from, but not to where it leads now.
                let flow = one.and_then(|it| model.flow(it));
                let now = flow.map(|it| if wanted == Wanted::Start { &it.from } else { &it.to });
                self.components(|it| Some(it) != now)
            }
            Wanted::Inserted => {
                let kinds = Kind::all().iter().filter(|it| it.can_end_flows());
                let new = kinds.map(|it| Target {
                    of: TargetOf::Kind(it.slug.clone()),
                    text: it.label.clone(),
                    note: it.family.label().to_owned(),
                    place: String::new(),
                    icon: it.icon.as_str(),
                    family: Some(it.family),
                });
                let is_loose = |it: &Id| {
                    self.layout.cards.contains_key(it) && self.may_go_between(it) && self.can_move(it)
                };
                new.chain(self.components(is_loose)).collect()
            }
            Wanted::Gated => {
                let now = one.and_then(|it| model.component(it)).and_then(|it| it.gate_of.as_ref());
                let others = model.boundaries().keys().filter(|it| Some(*it) != now);
                model.by_title(others).into_iter().map(|it| self.target(it)).collect()
            }
        }
    }

    /// Does it with the one that was chosen: one step.
    pub fn take_target(&mut self, wanted: Wanted, of: &TargetOf) {
        let one = self.selected_one().cloned();
        match (wanted, of, one) {
            (Wanted::Home, TargetOf::Element(boundary), _) => {
                self.move_into(&self.movable(), Some(boundary));
            }
            (Wanted::Home, TargetOf::Outside, _) => self.move_into(&self.movable(), None),
            (Wanted::FlowTo, TargetOf::Element(to), Some(from)) => _ = self.connect(&from, to),
            (Wanted::FlowFrom, TargetOf::Element(from), Some(to)) => _ = self.connect(from, &to),
            (Wanted::Start, TargetOf::Element(id), Some(flow)) => self.reattach(&flow, false, id),
            (Wanted::End, TargetOf::Element(id), Some(flow)) => self.reattach(&flow, true, id),
            (Wanted::Inserted, TargetOf::Kind(kind), Some(flow)) => {
                self.place_into_flow((kind, ""), &flow, self.middle_of(&flow));
            }
            (Wanted::Inserted, TargetOf::Element(id), Some(flow)) => {
                let (at, size) = (self.middle_of(&flow), self.layout.rect(id).unwrap_or_default());
                let aside = Rect::centred(at, size.width(), size.height()).min.snapped(SNAP);
                self.put_into_flow(id, &flow, at, aside);
                self.select([id.clone()]);
            }
            (Wanted::Gated, TargetOf::Element(_), Some(id)) if !self.can_move(&id) => {
                return self.say_what_holds(&id);
            }
            (Wanted::Gated, TargetOf::Element(boundary), Some(id)) => {
                let stands = self.layout.rect(&id).map(|it| it.centre());
                let edge = self.layout.boundaries.get(boundary).map(|it| it.rect);
                let nearest = edge.zip(stands).map(|(edge, at)| edge.nearest_side(at));
                let (side, offset) = nearest.unwrap_or((Side::Top, 0.5));
                self.make_gate(&id, boundary, side, offset);
            }
            _ => return,
        }
        self.follow_selection();
    }

    /// Whether an element is the gate of a boundary that is there.
    pub fn is_gate(&self, id: &Id) -> bool {
        let guarded = self.model.component(id).and_then(|it| it.gate_of.as_ref());
        guarded.is_some_and(|it| self.model.boundary(it).is_some())
    }

    /// Whether an element may stand in a boundary, or outside of all, and does not yet. A gate stands where its boundary
    /// does.
    pub fn can_put_into(&self, id: &Id, boundary: Option<&Id>) -> bool {
        let is_new = self.nesting.parent(id) != boundary;
        let fits = boundary.is_none_or(|it| it != id && !self.nesting.is_in(it, id));
        is_new && fits && self.is_movable(id)
    }

    fn is_movable(&self, id: &Id) -> bool {
        let is_box = self.model.component(id).is_some() || self.model.boundary(id).is_some();
        is_box && !self.is_gate(id)
    }

    /// The same as [`Editor::put_into`], but what is locked stays.
    pub fn move_into(&mut self, ids: &BTreeSet<Id>, boundary: Option<&Id>) {
        let fitting: BTreeSet<Id> =
            ids.iter().filter(|it| self.can_put_into(it, boundary)).cloned().collect();
        if let Some(ids) = self.free_of(&fitting, Self::can_move) {
            self.put_into(&ids, boundary);
        }
    }

    /// Puts components and boundaries, with all in them, into a boundary or outside of all, where there is room: one step.
    /// What cannot stand there stays.
    pub fn put_into(&mut self, ids: &BTreeSet<Id>, boundary: Option<&Id>) {
        let ids: Vec<&Id> = ids.iter().filter(|it| self.can_put_into(it, boundary)).collect();
        let into = boundary.map_or_else(|| "the outside".to_owned(), |it| self.model.title(it));
        let label = match ids.first() {
            Some(only) if ids.len() == 1 => format!("Put {} into {into}", self.model.title(only)),
            _ => format!("Put {} elements into {into}", ids.len()),
        };
        let view = self.view.clone();
        let inside: Vec<(&Id, Vec<Id>)> = ids.iter().map(|it| (*it, self.nesting.all_in(it))).collect();
        self.change(label, |draft, _| {
            for (id, inside) in &inside {
                put_within(draft, id, boundary);
                super::amend::move_to_room(draft, &view, id, inside);
            }
        });
    }

    /// What of the selection can stand in a boundary.
    fn movable(&self) -> BTreeSet<Id> {
        self.selection.iter().filter(|it| self.is_movable(it)).cloned().collect()
    }

    /// The middle of a flow: of its line, or of what it leads between where that is not drawn.
    fn middle_of(&self, flow: &Id) -> Pos {
        let middle = self.layout.flows.get(flow).map(|it| point_at(&it.points, 0.5));
        let between = || {
            let it = self.model.flow(flow)?;
            let ends = self.layout.rect(&it.from)?.union(&self.layout.rect(&it.to)?);
            Some(ends.centre())
        };
        middle.or_else(between).unwrap_or_default()
    }

    fn components(&self, fits: impl Fn(&Id) -> bool) -> Vec<Target> {
        let model = &self.model;
        let all = model.components().keys().filter(|it| fits(it) && self.can_end(it));
        model.by_title(all).into_iter().map(|it| self.target(it)).collect()
    }

    /// An element, told from others of its name by its kind and by what it stands in.
    fn target(&self, id: &Id) -> Target {
        let model = &self.model;
        let component = model.component(id).map(|it| it.kind());
        let boundary = model.boundary(id).map(|it| BoundaryKind::of(&it.kind));
        let kind = component.map(|it| it.label.as_str()).or_else(|| boundary.map(|it| it.label.as_str()));
        let place = self.nesting.parent(id).map(|it| model.title(it));
        let parts: Vec<String> = kind.map(str::to_owned).into_iter().chain(place.clone()).collect();
        Target {
            of: TargetOf::Element(id.clone()),
            text: model.title(id),
            note: parts.join(" · "),
            place: place.unwrap_or_default(),
            icon: component
                .map(|it| it.icon.as_str())
                .or_else(|| boundary.map(|it| it.icon.as_str()))
                .unwrap_or_default(),
            family: component.map(|it| it.family),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::{placed, text};

    const SKETCH: &str = r#"
        user "Users": user
        user -> web: https
        web "Web": web-server
        fw "Guard": firewall
        boundary tier "Data tier": subnet-tier {
            db "Orders": sql-database
            boundary inner "Vault": host { keys "Keys": secrets-vault }
        }
        web -> db: mysql
    "#;

    fn editor() -> Editor {
        Editor::with(placed(text::read(SKETCH).unwrap()), Surroundings::fixed())
    }

    fn texts(editor: &Editor, wanted: Wanted) -> Vec<String> {
        editor.targets(wanted).into_iter().map(|it| it.text).collect()
    }

    fn take(editor: &mut Editor, wanted: Wanted, text: &str) {
        assert!(editor.has_target(wanted), "{wanted:?}");
        let target = editor.targets(wanted).into_iter().find(|it| it.text == text);
        editor.take_target(wanted, &target.unwrap_or_else(|| panic!("no {text}")).of);
    }

    #[test]
    fn the_selection_moves_into_a_boundary_that_is_named() {
        let mut editor = editor();
        let [web, db, tier, inner] = ["web", "db", "tier", "inner"].map(Id::slug);
        editor.select([web.clone(), db.clone()]);
        assert_eq!(texts(&editor, Wanted::Home), ["Data tier", "Vault", "Outside of all boundaries"]);
        let before = editor.model().clone();
        take(&mut editor, Wanted::Home, "Vault");
        assert_eq!([&web, &db].map(|it| editor.nesting().parent(it)), [Some(&inner), Some(&inner)]);
        let [box_, card] = [&inner, &web].map(|it| editor.layout().rect(it).unwrap());
        assert!(box_.contains_rect(&card), "there is room for it");
        editor.undo();
        assert!(*editor.model() == before, "one step");
        // Not into itself, nor into what is in it.
        editor.select([tier]);
        assert!(texts(&editor, Wanted::Home).is_empty());
        editor.select([inner.clone()]);
        assert_eq!(texts(&editor, Wanted::Home), ["Outside of all boundaries"]);
        take(&mut editor, Wanted::Home, "Outside of all boundaries");
        assert_eq!(editor.nesting().parent(&inner), None);
        // What is locked stays, and that is said.
        editor.select([web.clone()]);
        editor.toggle_lock();
        take(&mut editor, Wanted::Home, "Vault");
        assert_eq!(editor.nesting().parent(&web), None);
        assert!(editor.notice().is_some_and(|it| it.text.contains("lock")));
    }

    #[test]
    fn flows_are_drawn_led_elsewhere_and_split_by_name() {
        let mut editor = editor();
        editor.select([Id::slug("web")]);
        assert_eq!(texts(&editor, Wanted::FlowTo), ["Guard", "Keys", "Orders", "Users"]);
        take(&mut editor, Wanted::FlowTo, "Keys");
        let flow = editor.selected_one().cloned().unwrap();
        let ends = |editor: &Editor, flow: &Id| {
            let it = editor.model().flow(flow).unwrap();
            (it.from.to_string(), it.to.to_string())
        };
        assert_eq!(ends(&editor, &flow), ("web".to_owned(), "keys".to_owned()));
        take(&mut editor, Wanted::End, "Orders");
        take(&mut editor, Wanted::Start, "Users");
        assert_eq!(ends(&editor, &flow), ("user".to_owned(), "db".to_owned()));
        let count = editor.model().flows().len();
        take(&mut editor, Wanted::Inserted, "Firewall");
        assert_eq!(editor.model().flows().len(), count + 1);
        let new = editor.selected_one().cloned().unwrap();
        assert_eq!(ends(&editor, &flow).1, new.to_string());
        // What has no flows yet is among what may be put into one.
        editor.select([flow.clone()]);
        let mut may = texts(&editor, Wanted::Inserted);
        may.retain(|it| ["Guard", "Keys", "Orders", "Users"].contains(&it.as_str()));
        assert_eq!(may, ["Guard", "Keys"]);
        take(&mut editor, Wanted::Inserted, "Guard");
        assert_eq!((ends(&editor, &flow).1.as_str(), editor.selected_one()), ("fw", Some(&Id::slug("fw"))));
        editor.undo();
        editor.select([Id::slug("db")]);
        take(&mut editor, Wanted::FlowFrom, "Guard");
        let flow = editor.selected_one().cloned().unwrap();
        assert_eq!(ends(&editor, &flow), ("fw".to_owned(), "db".to_owned()));
    }

    #[test]
    fn a_gate_is_made_where_it_is_named_and_slides_by_arrows_round_its_boundary() {
        let mut editor = editor();
        let fw = Id::slug("fw");
        editor.select([fw.clone()]);
        take(&mut editor, Wanted::Gated, "Data tier");
        assert_eq!(editor.model().component(&fw).unwrap().gate_of, Some(Id::slug("tier")));
        editor.slide_gate(&fw, Side::Top, 0.5);
        let place = |editor: &Editor| {
            let it = editor.model().place(editor.view(), &fw).cloned().unwrap();
            (it.side.unwrap(), it.offset.unwrap().px())
        };
        let step = |editor: &mut Editor, x: f32, y: f32| {
            assert!(editor.nudge_gates(Pos::new(x, y)));
            place(editor)
        };
        let (side, offset) = step(&mut editor, 8.0, 0.0);
        assert!(side == Side::Top && offset > 0.5, "{offset}");
        assert_eq!(step(&mut editor, 10_000.0, 0.0).0, Side::Top, "to the corner");
        assert_eq!(step(&mut editor, 8.0, 0.0).0, Side::Right, "and round it");
        assert!(step(&mut editor, 0.0, 32.0).1 > 0.0);
        assert_eq!(step(&mut editor, -8.0, 0.0).0, Side::Left, "across");
        assert_eq!(texts(&editor, Wanted::Gated), ["Vault"]);
        assert!(!editor.has_target(Wanted::Home), "it stands where its boundary does");
        assert!(!editor.can_put_into(&fw, Some(&Id::slug("inner"))));
        assert!(editor.run("arrange.take-off-gate"));
        assert_eq!(editor.model().component(&fw).unwrap().gate_of, None);
        editor.select([Id::slug("web")]);
        assert!(!editor.has_target(Wanted::Gated) && !editor.nudge_gates(Pos::new(8.0, 0.0)));
    }
}
