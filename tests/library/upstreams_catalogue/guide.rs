//! The example of CONTRIBUTING.md is an entry that the program reads.

use std::collections::BTreeMap;

use nginx_analyzer::upstreams::catalogue::{Closed, Effect, Product};
use serde::Deserialize;

#[derive(Deserialize)]
struct Entry {
    product: BTreeMap<String, Product>,
}

fn blocks() -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("CONTRIBUTING.md");
    let text = std::fs::read_to_string(path).expect("CONTRIBUTING.md");
    text.split("```toml\n").skip(1).filter_map(|block| Some(block.split_once("```")?.0.to_owned())).collect()
}

#[test]
fn the_example_of_an_entry_is_read() {
    let blocks = blocks();
    let [entry, case] = blocks.as_slice() else { panic!("an entry and its cases: {blocks:?}") };
    let entry: Entry = toml::from_str(entry).expect("an entry");
    let (name, product) = entry.product.first_key_value().expect("one product");
    assert_eq!((name.as_str(), product.closed), ("example-exporter", Closed::Yes));
    assert!(!product.source.is_empty() && product.routes.iter().all(|route| route.starts_with('/')));
    assert_eq!(product.option.iter().map(|option| option.effect).collect::<Vec<_>>(), [Effect::Moves, Effect::Renames]);
    let cases: toml::Table = toml::from_str(case).expect("cases");
    let cases = cases[name].as_array().expect("a list");
    assert!(cases.iter().all(|case| case.get("lacks").is_some() && case.get("has").is_some()));
}
