//! Which elements a selector selects.

use std::cell::Cell;

use resvg::usvg::roxmltree::Node;

use super::selector::{Combinator, Compound, Condition, Selector, Test};

/// Maximum number of comparisons for all elements and selectors of a file, about half a second of work. Selectors
/// with several combinators can take exponentially many.
const MAX_COMPARISONS: u64 = 30_000_000;

/// Compares elements with selectors, a limited number of times.
pub(crate) struct Matcher {
    left: Cell<u64>,
}

impl Matcher {
    pub(crate) fn new() -> Self {
        Self { left: Cell::new(MAX_COMPARISONS) }
    }

    /// `true` if comparisons were left out because there were too many. The answers are wrong then.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.left.get() == 0
    }

    /// Counts one comparison. `false` if there were too many.
    fn count(&self) -> bool {
        self.left.set(self.left.get().saturating_sub(1));
        !self.is_exhausted()
    }

    pub(crate) fn matches(&self, selector: &Selector, node: Node<'_, '_>) -> bool {
        self.matches_from(&selector.compounds, node)
    }

    /// `compounds` are those that are left, from right to left. The first one is for `node`.
    fn matches_from(&self, compounds: &[(Compound, Option<Combinator>)], node: Node<'_, '_>) -> bool {
        let Some(((compound, combinator), rest)) = compounds.split_first() else { return true };
        if !compound.iter().all(|condition| self.holds(condition, node)) {
            return false;
        }
        match combinator {
            None => true,
            Some(Combinator::Child) => {
                node.parent_element().is_some_and(|parent| self.matches_from(rest, parent))
            }
            Some(Combinator::Next) => {
                node.prev_sibling_element().is_some_and(|before| self.matches_from(rest, before))
            }
            Some(Combinator::Descendant) => {
                self.any(node, Node::parent_element, |parent| self.matches_from(rest, parent))
            }
            Some(Combinator::Later) => {
                self.any(node, Node::prev_sibling_element, |before| self.matches_from(rest, before))
            }
        }
    }

    /// `true` if a node on the way from `node` passes the test.
    fn any<'a, 'input>(
        &self,
        node: Node<'a, 'input>,
        step: impl Fn(&Node<'a, 'input>) -> Option<Node<'a, 'input>>,
        test: impl Fn(Node<'a, 'input>) -> bool,
    ) -> bool {
        let mut next = step(&node);
        while let Some(node) = next {
            if !self.count() {
                return false;
            }
            if test(node) {
                return true;
            }
            next = step(&node);
        }
        false
    }

    fn holds(&self, condition: &Condition, node: Node<'_, '_>) -> bool {
        if !self.count() {
            return false;
        }
        match condition {
            Condition::Element(name) => node.tag_name().name() == name,
            Condition::Id(id) => node.attribute("id") == Some(id),
            Condition::Class(class) => node
                .attribute("class")
                .is_some_and(|classes| classes.split_whitespace().any(|one| one == class)),
            Condition::Attribute { name, test, value, ignores_case } => {
                node.attributes().find(|attribute| attribute.name() == name).is_some_and(|attribute| {
                    if *ignores_case {
                        passes(*test, &attribute.value().to_lowercase(), &value.to_lowercase())
                    } else {
                        passes(*test, attribute.value(), value)
                    }
                })
            }
            Condition::Is(selectors) => selectors.iter().any(|selector| self.matches(selector, node)),
            Condition::Not(selectors) => !selectors.iter().any(|selector| self.matches(selector, node)),
            Condition::Has(selectors) => {
                selectors.iter().any(|(combinator, selector)| self.has(*combinator, selector, node))
            }
            Condition::Root => node.parent_element().is_none(),
            Condition::Empty => !node.children().any(|child| child.is_element() || child.is_text()),
            Condition::Link => {
                node.tag_name().name() == "a" && node.attributes().any(|attribute| attribute.name() == "href")
            }
            Condition::Place { step, start, is_from_end, is_of_type, of } => {
                let is_counted = |node| of.is_empty() || of.iter().any(|one| self.matches(one, node));
                if !is_counted(node) {
                    return false;
                }
                let place = self.place(node, *is_from_end, *is_of_type, is_counted);
                let beyond = place.saturating_sub(*start);
                match step {
                    0 => beyond == 0,
                    step => beyond.checked_rem(*step) == Some(0) && beyond.signum() * step.signum() >= 0,
                }
            }
            Condition::Never => false,
        }
    }

    /// `true` if an element that follows `node` in the tree by the combinator matches.
    fn has(&self, combinator: Combinator, selector: &Selector, node: Node<'_, '_>) -> bool {
        match combinator {
            Combinator::Descendant => {
                let below = node.descendants().skip(1).filter(Node::is_element);
                below.take_while(|_| self.count()).any(|element| self.matches(selector, element))
            }
            Combinator::Child => {
                let children = node.children().filter(Node::is_element);
                children.take_while(|_| self.count()).any(|element| self.matches(selector, element))
            }
            Combinator::Next => {
                node.next_sibling_element().is_some_and(|element| self.matches(selector, element))
            }
            Combinator::Later => {
                self.any(node, Node::next_sibling_element, |element| self.matches(selector, element))
            }
        }
    }

    /// The element's place among its siblings, counted from one.
    fn place<'a, 'input>(
        &self,
        node: Node<'a, 'input>,
        is_from_end: bool,
        is_of_type: bool,
        is_counted: impl Fn(Node<'a, 'input>) -> bool,
    ) -> i32 {
        let place = Cell::new(1);
        let count = |sibling: Node<'a, 'input>| {
            if (!is_of_type || sibling.tag_name() == node.tag_name()) && is_counted(sibling) {
                place.set(place.get() + 1);
            }
            false
        };
        if is_from_end {
            self.any(node, Node::next_sibling_element, count);
        } else {
            self.any(node, Node::prev_sibling_element, count);
        }
        place.get()
    }
}

fn passes(test: Test, value: &str, wanted: &str) -> bool {
    let is_part = !wanted.is_empty();
    match test {
        Test::Present => true,
        Test::Equal => value == wanted,
        Test::Word => value.split_whitespace().any(|word| word == wanted),
        Test::Language => {
            value == wanted || value.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
        }
        Test::Start => is_part && value.starts_with(wanted),
        Test::End => is_part && value.ends_with(wanted),
        Test::Part => is_part && value.contains(wanted),
    }
}
