//! A map that is bounded: what was put in first goes first.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

/// Values by key, with a weight each. Once all of them weigh more than the limit, the
/// oldest are dropped.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    limit: usize,
    weight: usize,
    entries: HashMap<K, Entry<V>>,
    order: BTreeMap<u64, K>,
    next: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    weight: usize,
    turn: u64,
}

impl<K: Clone + Eq + Hash, V> Recent<K, V> {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            weight: 0,
            entries: HashMap::new(),
            order: BTreeMap::new(),
            next: 0,
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Puts a value in, as the youngest, in place of one with the same key.
    pub(crate) fn insert(&mut self, key: K, value: V, weight: usize) {
        self.remove(&key);
        let turn = self.next;
        self.next += 1;
        self.order.insert(turn, key.clone());
        self.entries.insert(
            key,
            Entry {
                value,
                weight,
                turn,
            },
        );
        self.weight += weight;
        while self.weight > self.limit {
            let Some((_, oldest)) = self.order.pop_first() else {
                return;
            };
            self.forget(&oldest);
        }
    }

    pub(crate) fn remove(&mut self, key: &K) {
        if let Some(turn) = self.forget(key) {
            self.order.remove(&turn);
        }
    }

    fn forget(&mut self, key: &K) -> Option<u64> {
        let entry = self.entries.remove(key)?;
        self.weight -= entry.weight;
        Some(entry.turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(recent: &Recent<&'static str, u8>) -> Vec<&'static str> {
        recent.order.values().copied().collect()
    }

    #[test]
    fn oldest_go_first() {
        let mut recent = Recent::new(10);
        for (key, weight) in [("a", 4), ("b", 4), ("c", 4)] {
            recent.insert(key, 0, weight);
        }
        assert_eq!(kept(&recent), ["b", "c"]);
        assert!(recent.get(&"a").is_none());
        recent.insert("d", 0, 10);
        assert_eq!(kept(&recent), ["d"]);
    }

    #[test]
    fn same_key_becomes_the_youngest_and_weighs_once() {
        let mut recent = Recent::new(10);
        for (key, value) in [("a", 1), ("b", 2), ("a", 3)] {
            recent.insert(key, value, 5);
        }
        assert_eq!(kept(&recent), ["b", "a"]);
        assert_eq!(recent.get(&"a"), Some(&3));
        recent.remove(&"b");
        recent.insert("c", 4, 5);
        assert_eq!(kept(&recent), ["a", "c"]);
    }

    #[test]
    fn what_is_too_heavy_is_not_kept() {
        let mut recent = Recent::new(10);
        recent.insert("a", 0, 11);
        assert_eq!((kept(&recent).len(), recent.weight), (0, 0));
    }
}
