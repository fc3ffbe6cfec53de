//! What every store must do, as functions that each store's tests call. Precondition: an empty store.

use crate::{Col, Durability::*, Store, Write::*};

/// Runs the whole suite; panics at the first broken promise. Returns how many promises were checked.
pub async fn run<S: Store>(store: &S) -> usize {
    what_was_put_is_there(store).await;
    keys_sort_as_bytes(store).await;
    collections_do_not_mix(store).await;
    deleting_twice_is_fine(store).await;
    clearing_spares_the_others(store).await;
    large_values_and_many_keys(store).await;
    6
}

async fn what_was_put_is_there<S: Store>(store: &S) {
    assert_eq!(store.get(Col::Docs, b"a").await.unwrap(), None, "precondition: empty");
    store.write(vec![Put(Col::Docs, b"a".to_vec(), b"1".to_vec())], Strict).await.unwrap();
    store.write(vec![Put(Col::Docs, b"a".to_vec(), b"2".to_vec())], Relaxed).await.unwrap();
    assert_eq!(store.get(Col::Docs, b"a").await.unwrap().as_deref(), Some(&b"2"[..]));
    store.write(vec![], Strict).await.unwrap();
}

async fn keys_sort_as_bytes<S: Store>(store: &S) {
    let keys: [&[u8]; 5] = [&[0], &[0, 0], &[1], &[127, 255], &[255]];
    let batch = keys.iter().rev().map(|key| Put(Col::Rows, key.to_vec(), key.to_vec())).collect();
    store.write(batch, Relaxed).await.unwrap();
    assert_eq!(store.keys(Col::Rows).await.unwrap(), keys);
    let pairs = store.all(Col::Rows).await.unwrap();
    assert!(pairs.iter().all(|(key, value)| key == value) && pairs.len() == 5);
}

async fn collections_do_not_mix<S: Store>(store: &S) {
    assert_eq!(store.keys(Col::Outbox).await.unwrap(), Vec::<Vec<u8>>::new());
    assert_eq!(store.get(Col::Meta, b"a").await.unwrap(), None);
}

async fn deleting_twice_is_fine<S: Store>(store: &S) {
    for _ in 0..2 {
        store.write(vec![Del(Col::Rows, vec![1])], Strict).await.unwrap();
        assert_eq!(store.keys(Col::Rows).await.unwrap().len(), 4);
    }
}

async fn clearing_spares_the_others<S: Store>(store: &S) {
    store.write(vec![Clear(Col::Rows), Put(Col::Rows, vec![9], vec![])], Strict).await.unwrap();
    assert_eq!(store.all(Col::Rows).await.unwrap(), vec![(vec![9], vec![])]);
    assert!(store.get(Col::Docs, b"a").await.unwrap().is_some());
}

async fn large_values_and_many_keys<S: Store>(store: &S) {
    let big = vec![7u8; 3_000_000];
    let mut batch = vec![Put(Col::Blobs, b"big".to_vec(), big.clone())];
    batch.extend((0u32..1_000).map(|i| Put(Col::Outbox, i.to_be_bytes().to_vec(), vec![1; 200])));
    store.write(batch, Strict).await.unwrap();
    assert_eq!(store.get(Col::Blobs, b"big").await.unwrap(), Some(big));
    let keys = store.keys(Col::Outbox).await.unwrap();
    assert_eq!((keys.len(), keys[999].clone()), (1_000, 999u32.to_be_bytes().to_vec()));
}
