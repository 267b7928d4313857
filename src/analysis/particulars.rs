//! Particulars: of which components somebody has read how they are called, or whether one has to log in there. Those may
//! change without any fact changing, and then only what rests on them is concluded anew.

use std::cell::RefCell;

use super::ComponentIx;

thread_local! {
    /// Whose are noted on this thread; none while nobody listens.
    static NOTED: RefCell<Option<Particulars>> = const { RefCell::new(None) };
}

/// A set of components: one bit each, 64 a word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Particulars(Vec<u64>);

impl Particulars {
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

/// Adds to a set all whose particulars are read while something is done.
pub fn listening<R>(read: &mut Particulars, work: impl FnOnce() -> R) -> R {
    let before = NOTED.replace(Some(std::mem::take(read)));
    let done = work();
    *read = NOTED.replace(before).unwrap_or_default();
    done
}

/// Says that what is concluded rests on how this very component is called, or on whether one has to log in there. To
/// name it is not to read its name: a [`Text`](crate::model::Text) has ids.
pub fn particulars_of(component: ComponentIx) {
    NOTED.with_borrow_mut(|it| {
        if let Some(read) = it {
            read.add(component);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_while_somebody_listens_and_each_hears_their_own() {
        let [mut outer, mut inner] = [Particulars::default(), Particulars::default()];
        particulars_of(ComponentIx(1));
        listening(&mut outer, || {
            particulars_of(ComponentIx(70));
            listening(&mut inner, || particulars_of(ComponentIx(3)));
        });
        let heard = |it: &Particulars| (0..200).filter(|n| it.contains(ComponentIx(*n))).collect::<Vec<_>>();
        assert_eq!([heard(&outer), heard(&inner)], [vec![70], vec![3]]);
        listening(&mut outer, || particulars_of(ComponentIx(5)));
        assert_eq!(heard(&outer), [5, 70]);
    }
}
