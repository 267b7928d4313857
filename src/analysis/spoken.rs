//! Spoken of: of which components somebody said more than that they are there. Their names may change without any fact
//! changing, and then only what was said of them is said anew.

use std::cell::RefCell;

use super::ComponentIx;

thread_local! {
    /// What is noted on this thread; none while nobody listens.
    static NOTED: RefCell<Option<Spoken>> = const { RefCell::new(None) };
}

/// A set of components: one bit each, 64 a word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spoken(Vec<u64>);

impl Spoken {
    pub fn contains(&self, component: ComponentIx) -> bool {
        self.0.get(component.at() / 64).is_some_and(|it| it >> (component.at() % 64) & 1 == 1)
    }

    fn add(&mut self, component: ComponentIx) {
        let at = component.at() / 64;
        if at >= self.0.len() {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (component.at() % 64);
    }
}

/// Adds to a set all who are spoken of while something is done.
pub fn listening<R>(spoken: &mut Spoken, work: impl FnOnce() -> R) -> R {
    let before = NOTED.replace(Some(std::mem::take(spoken)));
    let done = work();
    *spoken = NOTED.replace(before).unwrap_or_default();
    done
}

/// Says that what is concluded rests on how this very component is called, or on whether one has to log in there.
pub fn speak_of(component: ComponentIx) {
    NOTED.with_borrow_mut(|it| {
        if let Some(spoken) = it {
            spoken.add(component);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_while_somebody_listens_and_each_hears_their_own() {
        let [mut outer, mut inner] = [Spoken::default(), Spoken::default()];
        speak_of(ComponentIx(1));
        listening(&mut outer, || {
            speak_of(ComponentIx(70));
            listening(&mut inner, || speak_of(ComponentIx(3)));
        });
        let heard = |it: &Spoken| (0..200).filter(|n| it.contains(ComponentIx(*n))).collect::<Vec<_>>();
        assert_eq!([heard(&outer), heard(&inner)], [vec![70], vec![3]]);
        listening(&mut outer, || speak_of(ComponentIx(5)));
        assert_eq!(heard(&outer), [5, 70]);
    }
}
