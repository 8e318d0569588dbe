//! What an owner types into a form.

use std::collections::BTreeMap;

use tongban_domain::{
    catalog::{Field, FieldType},
    project::{FieldValue, Project, ReadValue},
    sealed::SealedValue,
    time::Day,
};

use crate::{
    city::{Craft, Owner, firm, person, phone},
    dice::Dice,
    error::SimulationError,
    sketch::Sketch,
    world::World,
};

/// A filled form, with the personal values beside it.
#[derive(Debug, Default)]
pub(crate) struct Form {
    /// Values as facts keep them.
    pub(crate) fields: BTreeMap<String, FieldValue>,
    /// What the seals among them hold.
    pub(crate) sealed: Vec<SealedValue>,
}

impl World {
    /// Fills the fields of a form, read as the pages read what was typed.
    pub(crate) fn fill(&mut self, who: usize, fields: &[&Field]) -> Result<Form, SimulationError> {
        let mut form = Form::default();
        for field in fields {
            let life = &self.lives[who];
            let mut writer = Writer {
                sketch: &life.sketch,
                owner: self.city.owners.get(life.sketch.owner),
                project: life.project.as_deref(),
                today: self.now.day(),
                dice: &mut self.dice,
            };
            let typed = writer.typed(field)?;
            let read = field
                .read(&typed)
                .map_err(|source| SimulationError::Value { field: field.key.clone(), source })?;
            match read {
                Some(ReadValue::Clear(value)) => {
                    form.fields.insert(field.key.clone(), value);
                }
                Some(ReadValue::Personal(text)) => {
                    let (sealed, value) = self.store.seal(&text);
                    form.fields.insert(field.key.clone(), FieldValue::Sealed(sealed));
                    form.sealed.push(value);
                }
                None => {}
            }
        }
        Ok(form)
    }
}

struct Writer<'a> {
    sketch: &'a Sketch,
    owner: Option<&'a Owner>,
    project: Option<&'a Project>,
    today: Day,
    dice: &'a mut Dice,
}

impl Writer<'_> {
    fn typed(&mut self, field: &Field) -> Result<String, SimulationError> {
        let sketch = self.sketch;
        let number = sketch.number;
        let year = self.today.year();
        let below = sketch.floor / 6;
        Ok(match field.key.as_str() {
            "project-name" => sketch.name.clone(),
            "construction-kind" => {
                let kind = if self.dice.chance(700) { "new" } else { "expansion" };
                option(field, kind)
            }
            "industry-code" => option_by_flow(sketch, ["4720", "7010", "3670"]).to_owned(),
            "content-scale" => format!(
                "{}，用地{}平方米，总建筑面积{}平方米，含主体建筑及配套道路、管网和绿化。",
                sketch.name, sketch.land, sketch.floor
            ),
            "site-division" => sketch.region.to_string(),
            "site-address" => sketch.address.clone(),
            "land-area" => sketch.land.to_string(),
            "floor-area" | "built-floor-area" => sketch.floor.to_string(),
            "floor-area-above" => (sketch.floor - below).to_string(),
            "floor-area-below" => below.to_string(),
            "total-investment" | "budget-estimate" | "government-funds" => {
                sketch.investment.to_string()
            }
            "actual-cost" | "contract-price" => (sketch.investment / 10 * 7).to_string(),
            "project-capital" => (sketch.investment / 10 * 3).to_string(),
            "funding-nature" => {
                option(field, option_by_flow(sketch, ["government", "private", "private"]))
            }
            "funding-plan" => "年度预算和专项资金安排，资金来源已经落实，分年度拨付。".to_owned(),
            "industrial-policy" => "yes".to_owned(),
            "large-industrial" => {
                let large = sketch.investment >= 10_000;
                (if large { "yes" } else { "no" }).to_owned()
            }
            "land-use" => {
                option(field, option_by_flow(sketch, ["public", "commercial", "industrial"]))
            }
            "new-land-area" => "0".to_owned(),
            "longitude" => format!("120.{:06}", self.dice.between(450_000, 980_000)),
            "latitude" => format!("31.{:06}", self.dice.between(120_000, 680_000)),
            "land-contract-number" => format!("{}-{year}-CR-{:04}", sketch.region, number + 1),
            "land-title-number" => format!("苏（{year}）苏州市不动产权第{:07}号", 3_000 + number),
            "plot-ratio" => option_by_flow(sketch, ["0.9", "2.2", "1.4"]).to_owned(),
            "building-density" => self.dice.between(25, 50).to_string(),
            "green-ratio" => self.dice.between(10, 35).to_string(),
            "building-height" | "built-height" => self.dice.between(12, 60).to_string(),
            "building-count" => self.dice.between(1, 12).to_string(),
            "parking-spaces" => (sketch.floor / 200).to_string(),
            "contact-name" | "site-contact" => self.contact(),
            "contact-phone" | "site-contact-phone" => self.telephone(),
            "legal-representative" => self.representative(),
            "design-unit" => firm(Craft::Design, number)?.0.to_owned(),
            "design-unit-uscc" => firm(Craft::Design, number)?.1.to_string(),
            "survey-unit" => firm(Craft::Survey, number)?.0.to_owned(),
            "survey-unit-uscc" => firm(Craft::Survey, number)?.1.to_string(),
            "contractor" => firm(Craft::Construction, number)?.0.to_owned(),
            "contractor-uscc" => firm(Craft::Construction, number)?.1.to_string(),
            "supervision-unit" => firm(Craft::Supervision, number)?.0.to_owned(),
            "supervision-unit-uscc" => firm(Craft::Supervision, number)?.1.to_string(),
            "structure-type" => {
                option(field, option_by_flow(sketch, ["frame", "frame-shear-wall", "steel"]))
            }
            "fire-resistance" => option(field, "second"),
            "fire-special-kind" => "建筑总面积超过规定规模的人员密集场所".to_owned(),
            "road-name" => format!("{}（距路口60米至110米）", sketch.address),
            "planned-start" => self.today.plus(150).to_string(),
            "planned-finish" => self.today.plus(420).to_string(),
            "contract-start" => self.today.plus(15).to_string(),
            "contract-finish" => self.today.plus(200).to_string(),
            "actual-start" => self.reached("start-of-works").to_string(),
            "actual-finish" => self.reached("completion-acceptance").to_string(),
            _ => self.by_kind(field)?,
        })
    }

    /// Fields that this program does not know by name: anything that fits the type.
    fn by_kind(&mut self, field: &Field) -> Result<String, SimulationError> {
        Ok(match &field.kind {
            FieldType::Text | FieldType::LongText => "详见所附材料".to_owned(),
            FieldType::Money => (self.sketch.investment / 10).to_string(),
            FieldType::Area => (self.sketch.land / 20).to_string(),
            FieldType::Number => self.dice.between(10, 900).to_string(),
            FieldType::Longitude => "120.6".to_owned(),
            FieldType::Latitude => "31.3".to_owned(),
            FieldType::Date => self.today.to_string(),
            FieldType::Choice(_) => option(field, ""),
            FieldType::YesNo => "no".to_owned(),
            FieldType::Uscc => firm(Craft::Construction, self.sketch.number)?.1.to_string(),
            FieldType::Phone => phone(self.dice),
            FieldType::PersonName => person(self.dice),
            // The example of the standard: nobody's number.
            FieldType::ResidentId => "11010519491231002X".to_owned(),
            FieldType::Division => self.sketch.region.to_string(),
        })
    }

    fn contact(&mut self) -> String {
        match self.owner {
            Some(owner) => owner.contact.clone(),
            None => person(self.dice),
        }
    }

    fn telephone(&mut self) -> String {
        match self.owner {
            Some(owner) => owner.phone.clone(),
            None => phone(self.dice),
        }
    }

    fn representative(&mut self) -> String {
        match self.owner {
            Some(owner) => owner.representative.clone(),
            None => person(self.dice),
        }
    }

    fn reached(&self, milestone: &str) -> Day {
        let day = self.project.and_then(|project| project.milestones.get(milestone));
        day.copied().unwrap_or(self.today)
    }
}

/// The wanted option, or the first where the catalogue has no such option.
fn option(field: &Field, wanted: &str) -> String {
    let FieldType::Choice(options) = &field.kind else { return wanted.to_owned() };
    let found = options.iter().find(|option| option.key == wanted).or_else(|| options.first());
    found.map(|option| option.key.clone()).unwrap_or_default()
}

/// One of three values: for public, commercial and industrial projects.
fn option_by_flow(
    sketch: &Sketch,
    [public, commerce, industry]: [&'static str; 3],
) -> &'static str {
    match sketch.flow.as_str() {
        "A" | "B" => public,
        "C" | "D" | "F" => commerce,
        _ => industry,
    }
}
