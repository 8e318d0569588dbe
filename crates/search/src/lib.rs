//! Finding service guides by what people type: names, codes, everyday names, pinyin, questions.
//!
//! A few hundred documents in memory; no network, no files, no clock. Pure apart from the
//! dictionary, which is part of the program.
//!
//! A word is first looked for as it stands: in the code, the names, their pinyin, the text.
//! Only a word that fits nowhere is cut into smaller ones, and what is said in every question
//! (我要办, 什么, 手续 …) is passed over. So names always find what bears them, and a question
//! finds what it is about.

mod body;
mod document;
mod excerpt;
mod index;
mod names;
mod segment;
mod sound;
mod text;

pub use document::{Document, Hit, Weight};
pub use index::Index;
