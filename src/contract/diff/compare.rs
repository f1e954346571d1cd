//! What one schema demands and another does not, place by place.

use super::demand::{Demand, Tightening};
use super::form::{Chosen, Form, Group, Side};
use super::implied::{are_disjoint, implied, values_of};
use super::kinds::Kinds;
use super::step::{Step, Way};
use crate::base::Place;
use crate::contract::schema::{Keyword, SchemaId};

/// What `to` demands of documents and `from` does not; a side without a schema takes everything.
pub fn tightened<'c>(from: Bound<'c>, to: Bound<'c>) -> Vec<Tightening<'c>> {
    let mut compare =
        Compare { from: from.side, to: to.side, ends: [from.place, to.place], open: Vec::new(), found: Vec::new() };
    compare.place(from.schema.as_slice(), to.schema.as_slice(), &Way::default(), Kinds::ALL);
    compare.found
}

/// A schema of one side, and the rule that names it.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'c> {
    pub side: Side<'c>,
    pub schema: Option<SchemaId>,
    pub place: &'c Place,
}

/// The comparison of two sides.
pub struct Compare<'c> {
    pub(super) from: Side<'c>,
    pub(super) to: Side<'c>,
    ends: [&'c Place; 2],
    /// The pairs that are being compared: a schema that names itself would never end.
    open: Vec<(Vec<SchemaId>, Vec<SchemaId>)>,
    found: Vec<Tightening<'c>>,
}

impl<'c> Compare<'c> {
    /// Compares all that both sides say of the place, for values of the kinds `only`.
    pub(super) fn place(&mut self, from: &[SchemaId], to: &[SchemaId], way: &Way<'c>, only: Kinds) {
        let pair = (from.to_vec(), to.to_vec());
        let is_same =
            from == to && self.from.version == self.to.version && std::ptr::eq(self.from.schemas, self.to.schemas);
        if to.is_empty() || is_same || self.open.contains(&pair) {
            return;
        }
        self.open.push(pair);
        self.chosen(from, to, way, only, &mut Chosen::new());
        self.open.pop();
    }

    /// Tells objects with and without the field of a choice apart.
    fn chosen(&mut self, from: &[SchemaId], to: &[SchemaId], way: &Way<'c>, only: Kinds, chosen: &mut Chosen<'c>) {
        let (own, other) = (self.from.form(from, chosen), self.to.form(to, chosen));
        let Some(field) = own.open.or(other.open) else { return self.forms(&own, &other, way, only) };
        for is_there in [true, false] {
            chosen.push((field, is_there));
            self.chosen(from, to, &way.to(Step::Has(field, is_there)), only, chosen);
            chosen.pop();
        }
    }

    fn forms(&mut self, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>, only: Kinds) {
        let (mut lost, mut kept) = (Kinds::NONE, Kinds::NONE);
        for kind in only.each() {
            match (self.from.of_kind(from, kind), self.to.of_kind(to, kind)) {
                (Some(_), None) => lost = lost.and_also(kind),
                (None, Some(_)) => kept = kept.and_also(kind),
                (None, None) => {}
                (Some(from), Some(to)) => {
                    kept = kept.and_also(kind);
                    self.kind(kind, &from, &to, way);
                }
            }
        }
        if !lost.is_empty() {
            let rule = self.place_of_types(to);
            self.report(way, lost, Demand::Kinds(kept), place_of(from), rule);
        }
    }

    /// Where the types are said.
    fn place_of_types(&self, form: &Form<'c>) -> &'c Place {
        let types = self.to.rules(form).find(|(keyword, _)| matches!(keyword, Keyword::Type(_) | Keyword::Enum(_)));
        types
            .map(|(_, place)| place)
            .or(form.groups.first().map(|group| group.place))
            .or(place_of(form))
            .unwrap_or(self.ends[1])
    }

    fn kind(&mut self, kind: Kinds, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>) {
        let own = self.from.rules(from).collect::<Vec<_>>();
        let finite = values_of(self.from, &own, kind);
        for (keyword, place) in self.to.rules(to) {
            if implied(keyword, &own, finite.as_deref(), (self.to, kind)) {
                continue;
            }
            let before = own.iter().find(|(own, _)| std::mem::discriminant(*own) == std::mem::discriminant(keyword));
            let demand = match keyword {
                Keyword::Enum(values) => {
                    let taken: Vec<_> = self.to.values(values, kind).collect();
                    let gone = finite.iter().flatten().filter(|value| !taken.contains(value)).copied().collect();
                    Demand::Values(taken, gone)
                }
                _ => Demand::Rule(keyword, before.map(|(own, _)| *own)),
            };
            let was = before.map(|(_, place)| *place).or(place_of(from));
            self.report(way, kind, demand, was, place);
        }
        match kind {
            Kinds::OBJECT => self.fields(from, to, way),
            Kinds::ARRAY => self.items(from, to, way),
            _ => {}
        }
        for group in &to.groups {
            if !self.is_group_implied(kind, from, group) {
                self.report(way, kind, Demand::Forms(self.to, *group), place_of(from), group.place);
            }
        }
    }

    fn items(&mut self, from: &Form<'c>, to: &Form<'c>, way: &Way<'c>) {
        let items = |side: Side<'c>, form: &Form<'c>| -> Vec<SchemaId> {
            let of = |(keyword, _): (&Keyword, _)| if let Keyword::Items(id) = keyword { Some(*id) } else { None };
            side.rules(form).filter_map(of).collect()
        };
        self.place(&items(self.from, from), &items(self.to, to), &way.to(Step::Items), Kinds::ALL);
        let firsts = [first_items(self.from, from), first_items(self.to, to)];
        for index in 0..firsts[1].len() {
            let none = Vec::new();
            let at = |side: usize| firsts[side].get(index).unwrap_or(&none);
            self.place(at(0), at(1), &way.to(Step::Index(index)), Kinds::ALL);
        }
    }

    /// Is every value of `kind` that `from` takes right by `group`?
    fn is_group_implied(&self, kind: Kinds, from: &Form<'c>, group: &Group<'c>) -> bool {
        let own: Vec<Vec<SchemaId>> = self.to.possible(group, kind).into_iter().map(|id| vec![id]).collect();
        let mut others = from.groups.iter().filter(|other| group.one == other.one);
        others.any(|other| {
            let theirs: Vec<Vec<SchemaId>> = self.from.possible(other, kind).into_iter().map(|id| vec![id]).collect();
            let pairs = || theirs.iter().zip(&own);
            let is_longer_alone = theirs.len() <= own.len() && !group.one;
            (is_longer_alone || theirs.len() == own.len())
                && pairs().all(|(theirs, own)| {
                    self.holds(theirs, own, kind) && (!group.one || self.holds_back(own, theirs, kind))
                })
        }) || self.is_one_of(kind, from, group, &own)
    }

    /// Is all that `from` takes right by one of the alternatives, and by none of the others where there must be one?
    fn is_one_of(&self, kind: Kinds, from: &Form<'c>, group: &Group<'c>, own: &[Vec<SchemaId>]) -> bool {
        let form = |ids: &[SchemaId]| self.to.form(ids, &Chosen::new());
        let mut fitting = own.iter().filter(|ids| self.takes_all(kind, from, &form(ids)));
        fitting.any(|fit| {
            let others = own.iter().filter(|other| *other != fit);
            !group.one || others.into_iter().all(|other| are_disjoint(self.to, &form(fit), &form(other)))
        })
    }

    fn takes_all(&self, kind: Kinds, from: &Form<'c>, to: &Form<'c>) -> bool {
        let mut inner = self.inner(self.from, self.to);
        inner.forms(from, to, &Way::default(), kind);
        inner.found.is_empty()
    }

    fn holds(&self, from: &[SchemaId], to: &[SchemaId], kind: Kinds) -> bool {
        let mut inner = self.inner(self.from, self.to);
        inner.place(from, to, &Way::default(), kind);
        inner.found.is_empty()
    }

    fn holds_back(&self, from: &[SchemaId], to: &[SchemaId], kind: Kinds) -> bool {
        let mut inner = self.inner(self.to, self.from);
        inner.place(from, to, &Way::default(), kind);
        inner.found.is_empty()
    }

    fn inner(&self, from: Side<'c>, to: Side<'c>) -> Compare<'c> {
        Compare { from, to, ends: self.ends, open: Vec::new(), found: Vec::new() }
    }

    /// Adds a demand, or the kinds of values to one that is known.
    pub(super) fn report(
        &mut self,
        way: &Way<'c>,
        kinds: Kinds,
        demand: Demand<'c>,
        was: Option<&'c Place>,
        now: &'c Place,
    ) {
        let known = self
            .found
            .iter_mut()
            .rev()
            .find(|known| known.now == now && known.demand.is(&demand) && known.way.to_string() == way.to_string());
        match (known, demand) {
            (Some(known), Demand::Values(taken, gone)) => {
                known.kinds = known.kinds.and_also(kinds);
                if let Demand::Values(all, all_gone) = &mut known.demand {
                    all.extend(taken);
                    all_gone.extend(gone);
                }
            }
            (Some(known), _) => known.kinds = known.kinds.and_also(kinds),
            (None, demand) => {
                let was = was.or(Some(self.ends[0]));
                self.found.push(Tightening { way: way.clone(), kinds, demand, was, now });
            }
        }
    }
}

/// Where a form begins.
fn place_of<'c>(form: &Form<'c>) -> Option<&'c Place> {
    form.parts.first().map(|part| &part.place)
}

/// What is said of each of the first items.
fn first_items<'c>(side: Side<'c>, form: &Form<'c>) -> Vec<Vec<SchemaId>> {
    let mut firsts: Vec<Vec<SchemaId>> = Vec::new();
    for (keyword, _) in side.rules(form) {
        let Keyword::PrefixItems(all) = keyword else { continue };
        firsts.resize(firsts.len().max(all.len()), Vec::new());
        let living = firsts.iter_mut().zip(all).filter(|(_, (versions, _))| versions.contains(side.version));
        living.for_each(|(first, (_, id))| first.push(*id));
    }
    firsts
}
