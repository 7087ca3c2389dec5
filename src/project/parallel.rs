//! Work on many files side by side.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does the work for each item, on as many threads as the machine has, eight at most; the results are in the order of the items.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const BLOCK: usize = 16;
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8).min(items.len().div_ceil(BLOCK)).max(1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut blocks: Vec<(usize, Vec<R>)> = std::thread::scope(|scope| {
        let run = || {
            let mut done = Vec::new();
            loop {
                let block = next.fetch_add(1, Ordering::Relaxed);
                let Some(items) = items.get(block * BLOCK..).filter(|items| !items.is_empty()) else { return done };
                done.push((block, items.iter().take(BLOCK).map(&work).collect::<Vec<R>>()));
            }
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        // A thread that panicked has a message on standard error already; what it did is lost, and the panic goes on here.
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    blocks.sort_by_key(|(block, _)| *block);
    blocks.into_iter().flat_map(|(_, results)| results).collect()
}
