//! How long the index of the shipped catalogue takes to build and to search, and what it finds.
//!
//! `cargo run --release -p tongban-search --example timing -- 盖楼要办什么证`
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on should panic")]

use std::{fs, time::Instant};

use tongban_search::{Document, Index, Weight};

const QUERIES: &[&str] = &[
    "SG-09",
    "施工许可",
    "规划证",
    "sgxkz",
    "shigongxuke",
    "我要办开工证",
    "盖楼要办什么证",
    "规划许可 消防",
    "土地使用权证明材料由谁核验",
    "小区里挖掘道路要办什么",
];
const TIMES: u32 = 200;

fn main() {
    let documents = documents();
    let letters: usize = documents.iter().flat_map(|document| &document.body).map(letters).sum();
    println!("{} documents, {letters} characters of text", documents.len());
    let before = resident();
    for turn in ["first", "second"] {
        let started = Instant::now();
        let index = Index::new(documents.clone());
        println!("{turn} index built in {:?}", started.elapsed());
        drop(index);
    }
    let index = Index::new(documents);
    println!("memory: {} MiB more than before", (resident() - before) >> 20);

    let typed: Vec<String> = std::env::args().skip(1).collect();
    for query in QUERIES.iter().copied().chain(typed.iter().map(String::as_str)) {
        let started = Instant::now();
        for _ in 0..TIMES {
            std::hint::black_box(index.find(query, 20));
        }
        let each = started.elapsed() / TIMES;
        let found: Vec<String> = index.find(query, 4).into_iter().map(|hit| hit.id).collect();
        println!("{each:>10.1?}  {query}: {found:?}");
    }
}

fn letters((_, text): &(Weight, String)) -> usize {
    text.chars().count()
}

/// Bytes of memory in use; 0 where the system does not tell.
fn resident() -> usize {
    const PAGE: usize = 4096;
    let told = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    told.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * PAGE
}

/// The items of the catalogue pack.
fn documents() -> Vec<Document> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/jiangsu/items");
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let tables = files.iter().map(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.parse::<toml::Table>().unwrap()
    });
    tables
        .flat_map(|table| table["item"].as_array().unwrap().clone())
        .map(|item| document(&item))
        .collect()
}

fn document(item: &toml::Value) -> Document {
    let text = |name: &str| item.get(name).and_then(toml::Value::as_str).unwrap_or("").to_owned();
    let texts = |name: &str| -> Vec<String> {
        let found = item.get(name).and_then(toml::Value::as_array).into_iter().flatten();
        found.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let strong = std::iter::once(text("result")).chain(texts("conditions"));
    let plain = texts("steps").into_iter().chain([text("limit_note")]);
    Document {
        id: text("code"),
        title: text("name"),
        aliases: texts("aliases"),
        body: strong
            .map(|text| (Weight::Strong, text))
            .chain(plain.map(|text| (Weight::Plain, text)))
            .chain([(Weight::Weak, text("fee"))])
            .collect(),
    }
}
