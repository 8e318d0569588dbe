//! Reads a pack from its files. Every fault is reported with file and line; a pack with a
//! fault is refused as a whole.

mod documents;
mod flows;
mod lives;
mod modes;
mod overlays;
mod raw;

use std::{collections::BTreeMap, str::FromStr};

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::{
    Catalog, Choice, DepartmentRole, Division, Field, FieldType, Item, KnownAnswer, Law, Milestone,
    Pack, Paper, PaperSource, Problem, Question, QuestionKind, Recorder, Region, SourceFile,
    check::check, pack_digest,
};
use crate::{calendar::Calendar, reason::Reason};

/// Where each named thing of the pack stands, for messages of the checker.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<(&'static str, String), (String, usize)>);

impl Places {
    pub(super) fn of(&self, kind: &'static str, key: &str) -> (String, usize) {
        let nowhere = || ("pack.toml".to_owned(), 1);
        self.0.get(&(kind, key.to_owned())).cloned().unwrap_or_else(nowhere)
    }
}

/// Reads and checks a pack.
///
/// # Errors
/// All problems found, sorted by file and line.
pub fn load(files: &[SourceFile]) -> Result<Catalog, Vec<Problem>> {
    let mut reader = Reader { files, problems: Vec::new(), places: Places::default() };
    let catalog = reader.read();
    let Reader { mut problems, places, .. } = reader;
    if let (Some(catalog), true) = (&catalog, problems.is_empty()) {
        problems.extend(check(catalog, &places));
    }
    problems.sort();
    match catalog {
        Some(catalog) if problems.is_empty() => Ok(catalog),
        _ => Err(problems),
    }
}

struct Reader<'a> {
    files: &'a [SourceFile],
    problems: Vec<Problem>,
    places: Places,
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Option<Catalog> {
        let pack: raw::PackFile = self.one("pack.toml")?;
        let calendar = self.calendar()?;
        let laws: raw::LawsFile = self.one("laws.toml")?;
        let departments: raw::DepartmentsFile = self.one("departments.toml")?;
        let papers = self.papers()?;
        let items = self.items();
        let fields = self.fields()?;
        let questions = self.questions()?;
        let reasons = self.reasons()?;
        let milestones: raw::MilestonesFile = self.one("milestones.toml")?;
        let flows = self.flows();
        let (lives, duties) = self.lives()?;
        let (measures, areas) = self.modes()?;
        let documents = self.documents()?;
        let regions = self.regions();
        let overlays = self.overlays();
        let promise = ("pack.toml".to_owned(), self.line("pack.toml", &pack.whole_flow));
        self.places.0.insert(("pack", "whole_flow".to_owned()), promise);
        Some(Catalog {
            pack: Pack {
                name: pack.name,
                version: pack.version,
                effective_from: self.parse("pack.toml", &pack.effective_from)?,
                whole_flow: pack.whole_flow.into_inner(),
                correction_days: self.days(&pack.days.correction),
                owed_days: self.days(&pack.days.owed),
                returned_days: self.days(&pack.days.returned),
                consultation_days: pack.days.consultation.map(|days| self.days(&days) as u16),
                digest: pack_digest(self.files),
            },
            laws: laws
                .law
                .into_iter()
                .map(|law| {
                    let law = Law {
                        key: law.key,
                        name: law.name,
                        short: law.short,
                        edition: law.edition,
                    };
                    (law.key.clone(), law)
                })
                .collect(),
            departments: departments
                .department
                .into_iter()
                .map(|d| {
                    let role = DepartmentRole {
                        key: d.key,
                        name: d.name,
                        title: d.title,
                        short: d.short,
                        elsewhere: d.elsewhere,
                    };
                    (role.key.clone(), role)
                })
                .collect(),
            items,
            papers,
            fields,
            questions,
            reasons,
            flows,
            milestones: milestones
                .milestone
                .into_iter()
                .map(|m| Milestone {
                    key: self.placed("milestones.toml", "milestone", m.key),
                    name: m.name,
                    help: m.help,
                    stage: m.stage,
                    recorded_by: Recorder::read(&m.recorded_by),
                })
                .collect(),
            regions,
            lives,
            duties,
            measures,
            areas,
            documents,
            overlays,
            calendar,
            earlier_calendars: BTreeMap::new(),
        })
    }

    fn problem(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), line, message: message.into() });
    }

    fn text(&mut self, path: &str) -> Option<&'a SourceFile> {
        let file = self.files.iter().find(|file| file.path == path);
        if file.is_none() {
            self.problem(path, 1, "the file is missing");
        }
        file
    }

    fn one<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let file = self.text(path)?;
        match toml::from_str(&file.text) {
            Ok(read) => Some(read),
            Err(error) => {
                let line = error.span().map_or(1, |span| file.line_of(span.start));
                self.problem(path, line, error.message());
                None
            }
        }
    }

    fn folder<T: DeserializeOwned>(&mut self, folder: &str) -> Vec<(String, T)> {
        let mut paths: Vec<&str> = self
            .files
            .iter()
            .map(|file| file.path.as_str())
            .filter(|path| path.starts_with(folder) && path.ends_with(".toml"))
            .collect();
        paths.sort_unstable();
        if paths.is_empty() {
            self.problem(folder, 1, "the folder holds no .toml file");
        }
        paths.into_iter().filter_map(|path| Some((path.to_owned(), self.one(path)?))).collect()
    }

    /// Parses one value, reporting the line it stands on.
    fn parse<T: FromStr>(&mut self, path: &str, value: &Spanned<String>) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        match value.get_ref().parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                let line = self.line(path, value);
                self.problem(path, line, error.to_string());
                None
            }
        }
    }

    /// A term to hand something in or to answer: at least a day, within one whole flow.
    fn days(&mut self, value: &Spanned<u32>) -> u32 {
        let days = *value.get_ref();
        if !(1..=90).contains(&days) {
            let line = self.line("pack.toml", value);
            self.problem("pack.toml", line, format!("{days} working days: from 1 to 90"));
        }
        days
    }

    fn line<T>(&self, path: &str, value: &Spanned<T>) -> usize {
        let file = self.files.iter().find(|file| file.path == path);
        file.map_or(1, |file| file.line_of(value.span().start))
    }

    /// Remembers where a key stands, and refuses it the second time.
    fn placed(&mut self, path: &str, kind: &'static str, key: Spanned<String>) -> String {
        let line = self.line(path, &key);
        let key = key.into_inner();
        self.place(path, line, kind, key.clone());
        key
    }

    fn place(&mut self, path: &str, line: usize, kind: &'static str, key: String) {
        let place = (path.to_owned(), line);
        if let Some((file, first)) = self.places.0.insert((kind, key.clone()), place) {
            let message =
                format!("the {kind} {key} stands here a second time, first in {file}:{first}");
            self.problem(path, line, message);
        }
    }

    fn calendar(&mut self) -> Option<Calendar> {
        let file = self.text("calendar.csv")?;
        match Calendar::parse(&file.text) {
            Ok(calendar) => Some(calendar),
            Err(error) => {
                let words = error.to_string();
                let line = words.strip_prefix("line ").and_then(|rest| {
                    rest.split_once(':').and_then(|(number, _)| number.parse().ok())
                });
                self.problem("calendar.csv", line.unwrap_or(1), words);
                None
            }
        }
    }

    fn paper_source(&mut self, path: &str, text: &Spanned<String>) -> Option<PaperSource> {
        match text.get_ref().split_once(':') {
            None if text.get_ref() == "owner" => Some(PaperSource::Owner),
            Some(("item", codes)) => {
                Some(PaperSource::Items(codes.split(',').map(|c| c.trim().to_owned()).collect()))
            }
            Some(("register", name)) => Some(PaperSource::Register(name.trim().to_owned())),
            _ => {
                let line = self.line(path, text);
                self.problem(path, line, "write owner, item:CODE,CODE or register:NAME");
                None
            }
        }
    }

    fn papers(&mut self) -> Option<BTreeMap<String, Paper>> {
        let path = "papers.toml";
        let raw: raw::PapersFile = self.one(path)?;
        let mut papers = BTreeMap::new();
        for paper in raw.paper {
            let Some(source) = self.paper_source(path, &paper.source) else { continue };
            let otherwise = match &paper.otherwise {
                Some(text) => {
                    let Some(otherwise) = self.paper_source(path, text) else { continue };
                    Some(otherwise)
                }
                None => None,
            };
            let key = self.placed(path, "paper", paper.key);
            let paper = Paper {
                key: key.clone(),
                name: paper.name,
                source,
                otherwise,
                help: paper.help,
                accept: paper.accept,
                max_mb: paper.max_mb,
                personal: paper.personal,
                form: paper.form,
                copies: paper.copies,
                reuse: paper.reuse,
                not_needed: paper.not_needed,
                sample: String::new(),
            };
            papers.insert(key, paper);
        }
        self.samples(&mut papers);
        Some(papers)
    }

    /// Samples stand in a file of their own; packs published before it existed have none.
    fn samples(&mut self, papers: &mut BTreeMap<String, Paper>) {
        let path = "samples.toml";
        if !self.files.iter().any(|file| file.path == path) {
            return;
        }
        let Some(file) = self.one::<raw::SamplesFile>(path) else { return };
        for row in file.sample {
            let key = self.placed(path, "sample", row.paper.clone());
            match papers.get_mut(&key) {
                Some(paper) => paper.sample = row.text.trim().to_owned(),
                None => {
                    let line = self.line(path, &row.paper);
                    self.problem(path, line, format!("there is no paper {key} in papers.toml"));
                }
            }
        }
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        for (path, file) in self.folder::<raw::ItemsFile>("items/") {
            for row in file.item {
                let statutory = self.parse(&path, &row.statutory);
                let promised = self.parse(&path, &row.promised);
                let code = self.placed(&path, "item", row.code);
                let (Some(statutory), Some(promised)) = (statutory, promised) else { continue };
                items.push(Item {
                    code,
                    scope: row.scope,
                    name: row.name,
                    aliases: row.aliases,
                    kind: row.kind,
                    stage: row.stage,
                    side: row.side,
                    lead: row.lead,
                    with: row.with,
                    law: references(&row.law),
                    statutory,
                    promised,
                    limit_note: row.limit_note,
                    result: row.result,
                    validity: row.validity,
                    commitment: row.commitment,
                    deferral: row.deferral,
                    safety: row.safety,
                    papers: row.papers,
                    deferrable: row.deferrable,
                    conditions: row.conditions,
                    steps: row.steps,
                    fee: row.fee,
                    merged_into: row.merged_into.filter(|code| !code.is_empty()),
                    first_check_of: row.first_check_of,
                    feeds: row.feeds,
                    national_code: row.national_code,
                    source: row.source,
                    confidence: row.confidence,
                });
            }
        }
        items
    }

    fn fields(&mut self) -> Option<Vec<Field>> {
        let path = "fields.toml";
        let raw: raw::FieldsFile = self.one(path)?;
        let mut fields = Vec::new();
        for field in raw.field {
            let kind = match field.kind.get_ref().as_str() {
                "text" => FieldType::Text,
                "long-text" => FieldType::LongText,
                "money" => FieldType::Money,
                "area" => FieldType::Area,
                "number" => FieldType::Number,
                "longitude" => FieldType::Longitude,
                "latitude" => FieldType::Latitude,
                "date" => FieldType::Date,
                "choice" => FieldType::Choice(field.options),
                "yes-no" => FieldType::YesNo,
                "uscc" => FieldType::Uscc,
                "phone" => FieldType::Phone,
                "person-name" => FieldType::PersonName,
                "resident-id" => FieldType::ResidentId,
                "division" => FieldType::Division,
                other => {
                    let line = self.line(path, &field.kind);
                    self.problem(path, line, format!("there is no field type {other}"));
                    continue;
                }
            };
            fields.push(Field {
                key: self.placed(path, "field", field.key),
                label: field.label,
                help: field.help,
                kind,
                unit: field.unit,
                personal: field.personal,
                required: field.required,
                section: field.section,
                at_registration: field.at.as_deref() == Some("registration"),
                not_before: field.not_before,
                items: field.items,
                flows: field.flows,
            });
        }
        Some(fields)
    }

    fn questions(&mut self) -> Option<Vec<Question>> {
        let path = "questions.toml";
        let raw: raw::QuestionsFile = self.one(path)?;
        let mut questions = Vec::new();
        for question in raw.question {
            let kind = match question.kind.get_ref().as_str() {
                "yes-no" => QuestionKind::YesNo,
                "choice" => QuestionKind::Choice(question.options),
                other => {
                    let line = self.line(path, &question.kind);
                    self.problem(path, line, format!("{other} is neither yes-no nor choice"));
                    continue;
                }
            };
            let mut known = Vec::new();
            for row in &question.known {
                if let Some(when) = self.parse(path, &row.when) {
                    known.push(KnownAnswer { when, answer: row.answer.clone() });
                }
            }
            questions.push(Question {
                known,
                key: self.placed(path, "question", question.key),
                text: question.text,
                help: question.help,
                kind,
                basis: references(&question.basis),
                flows: question.flows,
                stage: question.stage,
                default: question.default,
            });
        }
        Some(questions)
    }

    fn reasons(&mut self) -> Option<Vec<Reason>> {
        let path = "reasons.toml";
        let raw: raw::ReasonsFile = self.one(path)?;
        let mut reasons = Vec::new();
        for reason in raw.reason {
            reasons.push(Reason {
                key: self.placed(path, "reason", reason.key),
                kind: reason.kind,
                name: reason.name,
                help: reason.help,
                basis: reason.basis,
                national_code: reason.national_code,
                planned_days: reason.planned_days,
                bar_years: reason.bar_years,
            });
        }
        Some(reasons)
    }

    fn regions(&mut self) -> BTreeMap<u32, Region> {
        let mut regions = BTreeMap::new();
        for path in ["divisions.csv", "zones.csv"] {
            let Some(file) = self.text(path) else { continue };
            for (index, row) in file.text.lines().enumerate().skip(1) {
                let line = index + 1;
                let columns: Vec<&str> = row.trim().splitn(4, ',').collect();
                let [code, name, parent, level] = columns[..] else {
                    self.problem(path, line, "expected four columns");
                    continue;
                };
                let level = match (path, level) {
                    ("zones.csv", _) => Division::Zone,
                    (_, "province") => Division::Province,
                    (_, "city") => Division::City,
                    (_, "county") => Division::County,
                    (_, other) => {
                        self.problem(path, line, format!("there is no level {other}"));
                        continue;
                    }
                };
                let (Ok(code), parent) = (code.parse(), parent.parse().ok()) else {
                    self.problem(path, line, format!("{code} is not a division code"));
                    continue;
                };
                let region = Region { code, name: name.to_owned(), parent, level };
                if regions.insert(code, region).is_some() {
                    self.problem(
                        path,
                        line,
                        format!("the division {code} stands here a second time"),
                    );
                }
            }
        }
        regions
    }
}

fn references(texts: &[String]) -> Vec<super::LawReference> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// The choices of a field or question, as the checker sees them.
pub(super) fn keys(choices: &[Choice]) -> impl Iterator<Item = &str> {
    choices.iter().map(|choice| choice.key.as_str())
}
