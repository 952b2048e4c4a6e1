//! The cases that every store of the library passes.

use contract::key::Key;
use library::cursor::Cursor;
use library::filter::Filter;
use library::list::{Page, list};
use library::name::{FileId, Position};
use library::record::{Edits, Facts, FileRecord, State};
use library::store::{LibraryStore, Range, Revision, Scope, StoredRecord};

const DAY_MS: u64 = 86_400_000;

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

/// The record of a file that was written on a day after 1970.
pub(super) fn record(text: &str, day: u64, owner: Option<&str>) -> FileRecord {
    let facts = Facts {
        bytes: 5,
        media_type: "image/png".to_owned(),
        etag: "e".to_owned(),
        modified_s: i64::try_from(day * DAY_MS / 1000).unwrap(),
        state: State::Clean,
        reason: None,
        dimensions: None,
        owner: owner.map(str::to_owned),
    };
    FileRecord::new(&key(text), facts)
}

async fn add(store: &dyn LibraryStore, record: &FileRecord) {
    assert!(store.write(record, Revision::ABSENT).await.unwrap(), "{}", record.key);
}

/// The keys of a page.
async fn keys(store: &dyn LibraryStore, scope: &Scope, range: Range, limit: usize) -> Vec<String> {
    store.newest(scope, &range, limit).await.unwrap().into_iter().map(|record| record.key).collect()
}

/// Runs every case on an empty store.
pub(super) async fn pass(store: &dyn LibraryStore) {
    a_change_names_the_revision_that_it_replaces(store).await;
    a_record_is_found_by_its_id(store).await;
    keys_of_any_characters_and_length_are_kept(store).await;
    lists_are_in_the_order_of_time(store).await;
    a_change_of_the_owner_moves_the_record_between_lists(store).await;
    pages_follow_each_other_without_gaps(store).await;
}

async fn a_change_names_the_revision_that_it_replaces(store: &dyn LibraryStore) {
    let one = record("files/a.png", 1, None);
    let key = key("files/a.png");
    assert_eq!(store.read(&key).await.unwrap(), None);
    assert!(!store.write(&one, Revision(1)).await.unwrap(), "there is nothing to replace");
    assert!(!store.remove(&key, Revision(1)).await.unwrap(), "there is nothing to remove");
    add(store, &one).await;
    assert!(!store.write(&one, Revision::ABSENT).await.unwrap(), "the record exists");

    let other = FileRecord {
        edits: Edits { alt: Some("\u{e9} \"quoted\"\n".to_owned()), ..Edits::default() },
        ..one.clone()
    };
    assert!(store.write(&other, Revision(1)).await.unwrap());
    assert!(!store.write(&one, Revision(1)).await.unwrap(), "another process was faster");
    assert_eq!(
        store.read(&key).await.unwrap(),
        Some(StoredRecord { record: other.clone(), revision: Revision(2) })
    );
    assert_eq!(store.newest(&Scope::All, &Range::default(), 9).await.unwrap(), [other]);

    assert!(!store.remove(&key, Revision(1)).await.unwrap(), "the record has changed");
    assert!(store.remove(&key, Revision(2)).await.unwrap());
    assert_eq!(store.read(&key).await.unwrap(), None);
    assert_eq!(keys(store, &Scope::All, Range::default(), 9).await, Vec::<String>::new());
    assert!(!store.remove(&key, Revision(2)).await.unwrap(), "the record is removed");
}

async fn a_record_is_found_by_its_id(store: &dyn LibraryStore) {
    let id = "0190163d-8694-739b-aea5-966c26f8ad91";
    let (public, private) = (format!("files/{id}/a.png"), format!("private/{id}/a.png"));
    for text in [&private, &public] {
        add(store, &record(text, 1, None)).await;
    }
    let found = store.find(&FileId::from_text(id)).await.unwrap().unwrap();
    assert_eq!(found.record.key, public, "the first key of the id");
    assert_eq!(found.revision, Revision(1));
    for text in ["", "0190163d-8694-739b-aea5-966c26f8ad9", "0190163d-8694-739b-aea5-966c26f8ad90", "z", "k"]
    {
        assert_eq!(store.find(&FileId::from_text(text)).await.unwrap(), None, "{text}");
    }
    for text in [&private, &public] {
        assert!(store.remove(&key(text), Revision(1)).await.unwrap());
    }
}

async fn keys_of_any_characters_and_length_are_kept(store: &dyn LibraryStore) {
    let long = format!("files/{}", "n".repeat(1018));
    let texts = [long.as_str(), "files/\u{1f431}/\u{e4} #?%.png", "private/a/b/c/d", "files/a#b"];
    for text in texts {
        let one = record(text, 1, None);
        add(store, &one).await;
        assert_eq!(store.read(&key(text)).await.unwrap().unwrap().record, one);
        assert_eq!(store.find(&one.id).await.unwrap().unwrap().record, one);
    }
    assert_eq!(keys(store, &Scope::All, Range::default(), 9).await.len(), texts.len());
    for text in texts {
        assert!(store.remove(&key(text), Revision(1)).await.unwrap());
    }
}

async fn lists_are_in_the_order_of_time(store: &dyn LibraryStore) {
    let (alice, bob) = (Some("alice"), Some("bob"));
    let files = [("files/3", 3, alice), ("files/1", 1, alice), ("private/2", 2, None), ("files/4", 4, bob)];
    for (text, day, owner) in files {
        add(store, &record(text, day, owner)).await;
    }
    let owner = |name: Option<&str>| Scope::Owner(name.map(str::to_owned));
    let start = |day: u64| Some(Position::start_of(day * DAY_MS));
    let all = Range::default;
    let cases = [
        (Scope::All, all(), 9, vec!["files/4", "files/3", "private/2", "files/1"]),
        (Scope::All, all(), 2, vec!["files/4", "files/3"]),
        (owner(alice), all(), 9, vec!["files/3", "files/1"]),
        (owner(alice), all(), 1, vec!["files/3"]),
        (owner(bob), all(), 9, vec!["files/4"]),
        (owner(None), all(), 9, vec!["private/2"]),
        (owner(Some("ali")), all(), 9, vec![]),
        (Scope::All, Range { from: start(2), before: start(4) }, 9, vec!["files/3", "private/2"]),
        (Scope::All, Range { from: start(4), before: None }, 9, vec!["files/4"]),
        (Scope::All, Range { from: None, before: start(2) }, 9, vec!["files/1"]),
        (Scope::All, Range { from: start(3), before: start(3) }, 9, vec![]),
        (Scope::All, Range { from: start(4), before: start(2) }, 9, vec![]),
        (
            Scope::All,
            Range { from: None, before: record("files/3", 3, alice).position() },
            1,
            vec!["private/2"],
        ),
        (
            owner(alice),
            Range { from: record("files/3", 3, alice).position(), before: None },
            9,
            vec!["files/3"],
        ),
    ];
    for (scope, range, limit, expected) in cases {
        assert_eq!(keys(store, &scope, range.clone(), limit).await, expected, "{scope:?} {range:?} {limit}");
    }
    for (text, _, _) in files {
        assert!(store.remove(&key(text), Revision(1)).await.unwrap());
    }
}

async fn a_change_of_the_owner_moves_the_record_between_lists(store: &dyn LibraryStore) {
    let before = record("files/a.png", 1, Some("alice"));
    add(store, &before).await;
    let after =
        FileRecord { facts: Facts { owner: Some("bob".to_owned()), ..before.facts.clone() }, ..before };
    assert!(store.write(&after, Revision(1)).await.unwrap());
    for (owner, expected) in [("alice", 0), ("bob", 1)] {
        assert_eq!(
            keys(store, &Scope::Owner(Some(owner.to_owned())), Range::default(), 9).await.len(),
            expected
        );
    }
    assert!(store.remove(&key("files/a.png"), Revision(2)).await.unwrap());
}

/// Files of the same millisecond are in one order, in which a cursor can be placed. A filter leaves out files, and no page.
async fn pages_follow_each_other_without_gaps(store: &dyn LibraryStore) {
    let mut expected = Vec::new();
    for number in 0..25 {
        let name = if number % 5 == 0 { "dog" } else { "cat" };
        let one = record(&format!("files/{number}/{name}.png"), number / 10, None);
        add(store, &one).await;
        expected.push(one);
    }
    expected.sort_by_key(|one| std::cmp::Reverse(one.position()));
    for (words, limit) in [("", 10), ("", 25), ("", 1), ("cat", 7), ("cat", 20), ("dog", 2), ("bird", 3)] {
        let filter = Filter { words: Filter::words(words), ..Filter::default() };
        let expected: Vec<_> = expected.iter().filter(|one| one.name().contains(words)).cloned().collect();
        let (mut listed, mut range, mut pages) = (Vec::new(), Range::default(), 0);
        loop {
            let Page { files, next } = list(store, &Scope::All, &filter, range.clone(), limit).await.unwrap();
            assert!(files.len() <= limit && pages <= 25);
            listed.extend(files);
            pages += 1;
            let Some(Cursor(position)) = next else { break };
            range.before = Some(position);
        }
        assert_eq!(listed, expected, "{words} by {limit}");
        assert_eq!(pages, expected.len().div_ceil(limit).max(1), "{words} by {limit}: no page is empty");
    }
    for one in &expected {
        assert!(store.remove(&key(&one.key), Revision(1)).await.unwrap());
    }
}
