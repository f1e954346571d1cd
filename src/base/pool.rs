//! Work on all cores, with results in the order of the input.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

/// So many items go to a thread at once: fewer cost more in passing them on.
const BATCH: usize = 64;

type Batch<T> = (u64, Vec<T>);

/// Hands `work` of each of `items` to `take`, in the order of `items`. `work` is done by as many `threads` as there are, or as the
/// machine has cores; only a few batches for each are in memory.
///
/// # Errors
/// The first of an item; what follows it is left out.
pub fn ordered<T: Send, U: Send, E: Send>(
    threads: Option<NonZero<usize>>,
    items: impl Iterator<Item = Result<T, E>> + Send,
    work: impl Fn(T) -> U + Sync,
    mut take: impl FnMut(U),
) -> Result<(), E> {
    let threads = threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZero::get);
    let (to_workers, work_queue) = sync_channel::<Batch<T>>(threads * 2);
    let (to_taker, done) = sync_channel::<Batch<U>>(threads * 2);
    let work_queue = Mutex::new(work_queue);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (work, work_queue, to_taker) = (&work, &work_queue, to_taker.clone());
            scope.spawn(move || worker(work, work_queue, &to_taker));
        }
        drop(to_taker);
        let reader = scope.spawn(move || read(items, &to_workers));
        in_order(&done, &mut take);
        // A panic of the reader is the caller's.
        reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn read<T, E>(items: impl Iterator<Item = Result<T, E>>, to_workers: &SyncSender<Batch<T>>) -> Result<(), E> {
    let (mut batch, mut number) = (Vec::with_capacity(BATCH), 0);
    for item in items {
        match item {
            Ok(item) => batch.push(item),
            Err(error) => {
                // Nobody takes it any more if the workers died.
                let _ = to_workers.send((number, batch));
                return Err(error);
            }
        }
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            let _ = to_workers.send((number, full));
            number += 1;
        }
    }
    let _ = to_workers.send((number, batch));
    Ok(())
}

fn worker<T, U>(work: &impl Fn(T) -> U, work_queue: &Mutex<Receiver<Batch<T>>>, to_taker: &SyncSender<Batch<U>>) {
    loop {
        let next = work_queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, batch)) = next else { return };
        // Nobody takes it any more if the taker died.
        let _ = to_taker.send((number, batch.into_iter().map(work).collect()));
    }
}

fn in_order<U>(done: &Receiver<Batch<U>>, take: &mut impl FnMut(U)) {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, batch) in done {
        waiting.insert(number, batch);
        while let Some(batch) = waiting.remove(&next) {
            batch.into_iter().for_each(&mut *take);
            next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_from_any_number_of_threads() {
        for threads in [1, 2, 7] {
            let mut taken = Vec::new();
            let items = (0..10_000u32).map(Ok::<_, ()>);
            ordered(NonZero::new(threads), items, |n| n * 2, |n| taken.push(n)).unwrap();
            assert!(taken.iter().copied().eq((0..10_000).map(|n| n * 2)), "{threads}");
        }
    }

    #[test]
    fn what_is_before_an_error_is_taken() {
        let mut taken = 0;
        let items = (0..100).map(|n| if n == 70 { Err(n) } else { Ok(n) });
        assert_eq!(ordered(NonZero::new(3), items, |n| n, |_| taken += 1), Err(70));
        assert_eq!(taken, 70);
    }
}
