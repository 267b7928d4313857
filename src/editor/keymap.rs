//! The keymap: which shortcuts run which command. Those of the table of commands, unless the user chose others.

use std::collections::BTreeMap;

use super::{COMMANDS, Command, Editor, Shortcut, command};

/// What a user has changed, by the id of the command. It is kept in the settings, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keymap(BTreeMap<&'static str, Vec<Shortcut>>);

impl Keymap {
    /// Reads what was kept. Commands that there are no longer, and what is no shortcut, are left out.
    pub fn read(kept: &BTreeMap<String, Vec<String>>) -> Self {
        let of_known = kept.iter().filter_map(|(id, keys)| Some((command(id)?.id, keys)));
        let parsed = |keys: &Vec<String>| keys.iter().filter_map(|it| Shortcut::parse(it)).collect();
        Self(of_known.map(|(id, keys)| (id, parsed(keys))).collect())
    }

    /// What is to be kept.
    pub fn write(&self) -> BTreeMap<String, Vec<String>> {
        let keys = |it: &Vec<Shortcut>| it.iter().map(|it| it.to_text()).collect();
        self.0.iter().map(|(id, it)| ((*id).to_owned(), keys(it))).collect()
    }

    /// All shortcuts of a command, the one that is shown first.
    pub fn of(&self, command: &Command) -> Vec<Shortcut> {
        match self.0.get(command.id) {
            Some(own) => own.clone(),
            None => given(command),
        }
    }

    pub fn is_changed(&self, command: &Command) -> bool {
        self.0.contains_key(command.id)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The command that a shortcut runs.
    pub fn command_of(&self, shortcut: &Shortcut) -> Option<&'static Command> {
        COMMANDS.iter().find(|it| self.of(it).contains(shortcut))
    }

    /// Makes a shortcut the only one of a command; the command that had it has it no longer.
    pub fn set(&mut self, command: &Command, shortcut: Shortcut) {
        if let Some(other) = self.command_of(&shortcut).filter(|it| it.id != command.id) {
            let left = self.of(other).into_iter().filter(|it| *it != shortcut).collect();
            self.put(other, left);
        }
        self.put(command, vec![shortcut]);
    }

    /// Takes all shortcuts from a command.
    pub fn clear(&mut self, command: &Command) {
        self.put(command, Vec::new());
    }

    /// Gives a command the shortcuts of the table again, but for those that another one has meanwhile.
    pub fn reset(&mut self, command: &Command) {
        self.0.remove(command.id);
        let is_free = |it: &Shortcut| {
            let others = COMMANDS.iter().filter(|other| other.id != command.id);
            !others.into_iter().any(|other| self.of(other).contains(it))
        };
        let free: Vec<Shortcut> = given(command).into_iter().filter(is_free).collect();
        self.put(command, free);
    }

    fn put(&mut self, command: &Command, shortcuts: Vec<Shortcut>) {
        if shortcuts == given(command) {
            self.0.remove(command.id);
        } else if let Some(known) = COMMANDS.iter().find(|it| it.id == command.id) {
            self.0.insert(known.id, shortcuts);
        }
    }
}

/// The shortcuts of the table.
fn given(command: &Command) -> Vec<Shortcut> {
    command.keys.iter().filter_map(|it| Shortcut::parse(it)).collect()
}

impl Editor {
    /// The shortcut of a command as tooltips and menus show it; empty if it has none.
    pub fn keys_of(&self, command: &Command) -> String {
        self.keymap.of(command).first().map(|it| it.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keymap: &Keymap, id: &str) -> String {
        let of = keymap.of(command(id).unwrap());
        of.iter().map(|it| it.to_text()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_shortcut_goes_to_one_command_and_comes_back() {
        let mut keymap = Keymap::default();
        let [undo, redo] = ["edit.undo", "edit.redo"].map(|it| command(it).unwrap());
        assert_eq!(
            (keys(&keymap, "edit.undo"), keys(&keymap, "edit.redo")),
            ("Cmd+Z".into(), "Cmd+Shift+Z Cmd+Y".into())
        );
        keymap.set(undo, Shortcut::parse("Cmd+Y").unwrap());
        assert_eq!(
            (keys(&keymap, "edit.undo"), keys(&keymap, "edit.redo")),
            ("Cmd+Y".into(), "Cmd+Shift+Z".into())
        );
        assert_eq!(keymap.command_of(&Shortcut::parse("Cmd+Z").unwrap()).map(|it| it.id), None);
        assert!(keymap.is_changed(undo) && keymap.is_changed(redo));
        // What another one has meanwhile stays with it.
        keymap.reset(redo);
        assert_eq!(keys(&keymap, "edit.redo"), "Cmd+Shift+Z");
        keymap.reset(undo);
        keymap.reset(redo);
        assert!(keymap.is_empty());
        keymap.clear(undo);
        assert_eq!((keys(&keymap, "edit.undo").as_str(), keymap.is_changed(undo)), ("", true));
    }

    #[test]
    fn what_is_kept_is_read_again_and_nonsense_left_out() {
        let mut keymap = Keymap::default();
        for (n, command) in COMMANDS.iter().enumerate() {
            let keys = ["Delete", "Alt+PageUp", "Cmd+Shift+Home", "Plus", "F2"];
            keymap.put(command, vec![Shortcut::parse(keys[n % keys.len()]).unwrap()]);
        }
        assert_eq!(Keymap::read(&keymap.write()), keymap);
        let kept = [("no.such", vec!["Z"]), ("edit.undo", vec!["Hyper+Z", "Alt+Z", ""])];
        let kept = kept.map(|(id, keys)| (id.to_owned(), keys.into_iter().map(str::to_owned).collect()));
        assert_eq!(Keymap::read(&BTreeMap::from(kept)).write()["edit.undo"], ["Alt+Z"]);
    }
}
