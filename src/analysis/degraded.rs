//! What a loss looks like from each component: the sets of an outcome, with their reasons.

use super::failure::{Failure, Outcome, Reason};
use super::groups::{FREE, Group, Way};
use super::run::Run;
use super::{ComponentIx, Need};

/// The groups as they are after a loss.
pub(super) struct Sight<'f> {
    failure: &'f Failure,
    run: &'f Run<'f>,
    open: Vec<bool>,
}

impl<'f> Sight<'f> {
    pub(super) fn of(failure: &'f Failure, run: &'f Run<'f>) -> Self {
        let has_alive = |gates: &Vec<ComponentIx>| gates.iter().any(|it| !run.is_down(it.0));
        let open = failure.groups.gates().iter().map(|way| way.iter().all(has_alive)).collect();
        Self { failure, run, open }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let mut outcome = Outcome::default();
        let worse = self.worse();
        for n in 0..self.failure.parts.len() {
            let ix = ComponentIx::from(n);
            let mut reasons = Vec::new();
            if self.run.is_cut(ix.0) {
                outcome.cut.insert(ix);
                self.say_why_cut(ix, &mut reasons);
            }
            if self.run.is_down(ix.0) {
                outcome.down.insert(ix);
            } else {
                let before = reasons.len();
                self.say_why_degraded(ix, &worse, &mut reasons);
                if reasons.len() > before {
                    outcome.degraded.insert(ix);
                }
            }
            if !reasons.is_empty() {
                outcome.reasons.insert(ix, reasons);
            }
        }
        outcome
    }

    fn say_why_cut(&self, ix: ComponentIx, reasons: &mut Vec<Reason>) {
        if self.run.live(ix.0) == 0 {
            reasons.push(Reason::Failed);
        }
        for group in self.failure.groups.of_component(ix).iter().filter(|it| it.need == Need::Hard) {
            let alternatives = || self.members(group).to_vec();
            if self.is_lost(group) {
                reasons.push(Reason::Lost { alternatives: alternatives() });
            } else if self.usable(group).all(|it| self.run.is_cut(it.0)) {
                reasons.push(Reason::Cut { alternatives: alternatives() });
            }
        }
    }

    fn say_why_degraded(&self, ix: ComponentIx, worse: &[bool], reasons: &mut Vec<Reason>) {
        let groups = self.failure.groups.of_component(ix);
        for group in groups.iter().filter(|it| self.is_lost(it)) {
            reasons.push(Reason::LessServed { alternatives: self.members(group).to_vec() });
        }
        for consumers in self.lost_consumers(ix) {
            reasons.push(Reason::NoConsumer { consumers: consumers.to_vec() });
        }
        for group in groups.iter().filter(|it| self.passes(it, worse)) {
            reasons.push(Reason::Passed { alternatives: self.members(group).to_vec() });
        }
        let (left, of) = (self.run.live(ix.0), self.failure.instances(ix));
        if left < of {
            reasons.push(Reason::FewerInstances { left, of });
        }
        for group in groups.iter().filter(|it| !self.is_lost(it)) {
            let lost: Vec<ComponentIx> =
                self.members(group).iter().copied().filter(|it| !self.is_usable(group, *it)).collect();
            if !lost.is_empty() {
                reasons.push(Reason::FewerMembers { lost, alternatives: self.members(group).to_vec() });
            }
        }
    }

    /// Who is degraded in the way that passes upward: the smallest set, from those who lost something themselves.
    fn worse(&self) -> Vec<bool> {
        let count = self.failure.parts.len();
        let (mut worse, mut open) = (vec![false; count], Vec::new());
        for ix in (0..count).map(ComponentIx::from).filter(|it| !self.run.is_down(it.0)) {
            let lost_one = self.failure.groups.of_component(ix).iter().any(|it| self.is_lost(it));
            if lost_one || self.lost_consumers(ix).next().is_some() {
                worse[ix.at()] = true;
                open.push(ix);
            }
        }
        if open.is_empty() {
            return worse;
        }
        let users = self.failure.users();
        while let Some(ix) = open.pop() {
            for group in users.of_list(ix.0).iter().map(|it| &self.failure.groups.all[*it as usize]) {
                let source = group.source;
                if !worse[source.at()] && !self.run.is_down(source.0) && self.passes(group, &worse) {
                    worse[source.at()] = true;
                    open.push(source);
                }
            }
        }
        worse
    }

    /// Whether all members that are usable are worse, and there is one.
    fn passes(&self, group: &Group, worse: &[bool]) -> bool {
        !self.is_lost(group) && self.usable(group).all(|it| worse[it.at()])
    }

    /// The pools of consumers of which none is up.
    fn lost_consumers(&self, ix: ComponentIx) -> impl Iterator<Item = &'f [ComponentIx]> {
        let consumers = self.failure.parts[ix.at()].consumers.iter();
        let members = consumers.map(|it| self.failure.groups.alternatives.members(*it));
        members.filter(|it| it.iter().all(|it| self.run.is_down(it.0)))
    }

    fn members(&self, group: &Group) -> &'f [ComponentIx] {
        self.failure.groups.alternatives.members(group.alternatives)
    }

    fn usable(&self, group: &Group) -> impl Iterator<Item = ComponentIx> {
        self.members(group).iter().copied().filter(|it| self.is_usable(group, *it))
    }

    fn is_usable(&self, group: &Group, member: ComponentIx) -> bool {
        !self.run.is_down(member.0) && self.is_reached(group, member)
    }

    fn is_reached(&self, group: &Group, member: ComponentIx) -> bool {
        let is_open = |way: &Way| self.open[*way as usize];
        match self.failure.groups.common_way(group) {
            Some(FREE) => true,
            Some(way) => is_open(&way),
            None => self.failure.groups.ways_to(group, member).iter().any(is_open),
        }
    }

    fn is_lost(&self, group: &Group) -> bool {
        let alternatives = &self.failure.groups.alternatives;
        let quorum = alternatives.quorum(group.alternatives);
        let mut usable = self.usable(group).peekable();
        if usable.peek().is_none() {
            return true;
        }
        match alternatives.counted(group.alternatives) {
            None => self.count(usable, quorum) < quorum,
            Some(counted) => {
                let up = counted.iter().copied().filter(|it| !self.run.is_down(it.0));
                self.count(up, quorum) < quorum
            }
        }
    }

    /// Instances, counted no further than needed.
    fn count(&self, members: impl Iterator<Item = ComponentIx>, enough: u32) -> u32 {
        let mut count = 0_u32;
        for member in members {
            count = count.saturating_add(self.run.live(member.0));
            if count >= enough {
                break;
            }
        }
        count
    }
}
