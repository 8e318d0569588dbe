//! Every statement in the sources is one that both databases understand in the same way: it is
//! prepared on both, gives the same columns, and keeps to the part of SQL that means the same on
//! both.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use tongban_private_postgres::PrivatePostgres;

use super::{Connection, Source, schema, sqlite};
use crate::read::made_statements;

/// What one database has and the other not, or each in its own way; and what to write instead.
const REFUSED: [(&str, &str); 20] = [
    ("INSERT OR ", "ON CONFLICT"),
    ("REPLACE INTO", "ON CONFLICT"),
    ("IFNULL(", "COALESCE"),
    ("GREATEST(", "CASE"),
    (" ILIKE ", "LOWER on both sides of LIKE"),
    (" GLOB ", "LIKE"),
    ("ROWID", "ids made by the application"),
    (" SERIAL", "ids made by the application"),
    ("NOW()", "the node's clock"),
    ("CURRENT_TIME", "the node's clock"),
    ("DATETIME(", "the node's clock"),
    ("JSON", "columns"),
    (" OFFSET ", "the key of the last row"),
    ("::", "CAST"),
    ("SELECT *", "the names of the columns"),
    ("RANDOM()", "the node's randomness"),
    ("NULLS FIRST", "COALESCE, so that it is said what comes first"),
    ("GROUP_CONCAT", "several rows"),
    ("STRING_AGG", "several rows"),
    (" RETURNING *", "the names of the columns"),
];

/// Sources of what is run on one database alone, or on tables that are gone.
const OF_ONE: [&str; 5] = [
    "engine/sqlite.rs",
    "engine/schema.rs",
    "engine/in_clear.rs",
    "engine/postgres",
    "engine/statements.rs",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let of_one = OF_ONE.iter().any(|part| path.to_string_lossy().contains(part));
        match () {
            () if of_one => {}
            () if path.is_dir() => sources(&path, found),
            () => found.push(path),
        }
    }
}

/// The literals of a source that begin like a statement.
fn literals(source: &str) -> Vec<String> {
    let begins = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    let mut found = Vec::new();
    for (at, _) in source.match_indices('"') {
        let rest = &source[at + 1..];
        if !begins.iter().any(|verb| rest.starts_with(verb)) {
            continue;
        }
        // No statement has a quotation mark in it.
        let literal = rest.split('"').next().unwrap();
        // A line that goes on does so without the white space before it.
        let mut lines = literal.split("\\\n");
        let first = lines.next().unwrap().to_owned();
        found.push(lines.fold(first, |text, line| text + line.trim_start()));
    }
    found
}

/// Every statement, with where it was found.
fn statements() -> Vec<(String, String)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let source = fs::read_to_string(&file).unwrap();
        let texts = literals(&source).into_iter();
        // Texts with gaps are made by functions, which are asked below.
        let whole = texts.filter(|text| !text.contains('{'));
        found.extend(whole.map(|text| (name.clone(), text)));
    }
    found.extend(made_statements().into_iter().map(|text| ("made".to_owned(), text.to_owned())));
    found
}

#[test]
fn statements_keep_to_what_both_databases_understand() {
    for (place, text) in statements() {
        let upper = text.to_uppercase();
        for (part, instead) in REFUSED {
            assert!(!upper.contains(part), "{place}: {part} in “{text}”: use {instead}");
        }
        if upper.contains(" LIMIT ") && !upper.starts_with("SELECT COUNT") {
            assert!(upper.contains("ORDER BY"), "{place}: which rows? “{text}”");
        }
    }
}

#[test]
fn every_statement_means_the_same_on_both_databases() {
    let file = Connection::Sqlite(sqlite::in_memory().unwrap());
    schema::migrate(&file).unwrap();
    let Connection::Sqlite(file) = file else { unreachable!("made above") };
    let database = PrivatePostgres::of_this_process().new_database().unwrap();
    let server = Source::of(Path::new("."), Some(&database)).unwrap().writer().unwrap();
    let Connection::Postgres(server) = server else { unreachable!("made above") };
    let all: BTreeSet<(String, String)> = statements().into_iter().collect();
    assert!(all.len() > 90, "only {} statements were found", all.len());
    for (place, text) in all {
        let here = file.prepare(&text.replace('$', "?"));
        let here = here.unwrap_or_else(|error| panic!("{place}: SQLite: {error}: {text}"));
        let (columns, parameters) = server
            .described(&text)
            .unwrap_or_else(|error| panic!("{place}: PostgreSQL: {error:?}: {text}"));
        assert_eq!(here.parameter_count(), parameters, "{place}: values of {text}");
        let own: Vec<&str> = here.column_names().collect();
        assert_eq!(own.len(), columns.len(), "{place}: columns of {text}");
        for (own, (name, kind)) in own.into_iter().zip(&columns) {
            // What is counted or worked out has no name of its own.
            let is_column = own.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(!is_column || own == name, "{place}: {own} and {name} in {text}");
            let known = ["int8", "int4", "bytea", "text"];
            assert!(known.contains(&kind.as_str()), "{place}: {name} is {kind} in {text}");
        }
    }
}
