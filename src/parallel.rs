//! Work on many things side by side.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Scope, ScopedJoinHandle};

/// The stack of every thread that reads what others wrote, in bytes: what is nested deeply is followed deeply, and what systems give by
/// themselves is 1 MB in places.
pub const STACK: usize = 32 * 1024 * 1024;

/// Starts a thread beside the present one. `None` where the system has none to give: then it does the work alone.
pub fn beside<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, R>> {
    std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok()
}

/// Does the work for each item, on as many threads as the machine has, eight at most; the results are in the order of the items.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    const BLOCK: usize = 16;
    // Asking the system for its processors reads several files.
    let blocks = items.len().div_ceil(BLOCK);
    let threads = if blocks < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(8).min(blocks) };
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
        let others: Vec<_> = (1..threads).filter_map(|_| beside(scope, run)).collect();
        let mut done = run();
        for other in others {
            // A thread that panicked has a message on standard error already; what it did is lost, and the panic goes on here.
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    blocks.sort_by_key(|(block, _)| *block);
    blocks.into_iter().flat_map(|(_, results)| results).collect()
}
