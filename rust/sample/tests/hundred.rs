//! A hundred clouds in one process, and the memory back at the end.

use std::alloc::System;

use mockstack::embed::MockCloud;
use sample::Session;
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many bytes are allocated. What is resident stays what it was at most: the allocator keeps it for what comes next.
fn allocated() -> usize {
    let so_far = MEMORY.stats();
    so_far.bytes_allocated - so_far.bytes_deallocated
}

async fn use_clouds(count: usize) -> usize {
    let clouds: Vec<_> = (0..count).map(|_| MockCloud::builder().start().unwrap()).collect();
    let booted = clouds.iter().enumerate().map(|(number, cloud)| async move {
        let session = Session::log_in(&cloud.env()).await.unwrap();
        session.boot(&format!("web{number}"), json!({})).await.unwrap();
        assert_eq!(session.servers().await.unwrap(), [format!("web{number}")]);
        cloud.assert_clean();
    });
    for one in booted {
        one.await;
    }
    allocated()
}

#[tokio::test]
async fn a_hundred_clouds_give_their_memory_back() {
    let one = use_clouds(1).await;
    let mut after = Vec::new();
    for _ in 0..3 {
        let before = allocated();
        let most = use_clouds(100).await;
        after.push(allocated());
        println!("{one} bytes with one cloud, {before} without, {most} with a hundred, {after:?} afterwards");
    }
    let each = |number: usize| after[number].saturating_sub(after[number - 1]) / 100;
    assert!(each(1).max(each(2)) < 100, "a cloud leaves {} and {} bytes behind", each(1), each(2));
    assert!(after[2] < one, "a hundred clouds that are gone take more than one that is there");
}
