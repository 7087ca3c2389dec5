//! Trees that everybody can read: readers of JSON stop at some depth (`serde_json`, which Helix and Zed are written with, at 128), and what a
//! person sees of a tree has fewer levels by far.

/// So deep trees are handed out; a level takes two of JSON, the node and the list of its children.
pub const DEEPEST: usize = 40;

/// What has others of its kind in it.
pub trait Nested: Sized {
    /// Those in it.
    fn children(&mut self) -> &mut Vec<Self>;
}

/// The same nodes, those that lie deeper than [`DEEPEST`] beside the one that they are in, and after it.
pub fn shallow<T: Nested>(nodes: Vec<T>) -> Vec<T> {
    within(nodes, DEEPEST)
}

fn within<T: Nested>(nodes: Vec<T>, room: usize) -> Vec<T> {
    let mut out = Vec::with_capacity(nodes.len());
    for mut node in nodes {
        let inside = std::mem::take(node.children());
        if room > 1 {
            *node.children() = within(inside, room - 1);
            out.push(node);
        } else {
            out.push(node);
            out.extend(within(inside, room));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Node(usize, Vec<Node>);

    impl Nested for Node {
        fn children(&mut self) -> &mut Vec<Node> {
            &mut self.1
        }
    }

    fn depth(nodes: &[Node]) -> usize {
        nodes.iter().map(|node| 1 + depth(&node.1)).max().unwrap_or(0)
    }

    fn names(nodes: &[Node]) -> Vec<usize> {
        nodes.iter().flat_map(|node| [vec![node.0], names(&node.1)].concat()).collect()
    }

    #[test]
    fn nothing_is_lost_and_the_order_stays() {
        let chain = |levels: usize| (0..levels).rev().fold(Vec::new(), |inside, number| vec![Node(number, inside)]);
        for (levels, left) in [(0, 0), (DEEPEST, DEEPEST), (DEEPEST + 1, DEEPEST), (200, DEEPEST)] {
            let nodes = shallow(chain(levels));
            assert_eq!((depth(&nodes), names(&nodes)), (left, (0..levels).collect()));
        }
    }
}
