//! What is compared of each thing, in words.

use super::Properties;
use crate::{
    catalog::{
        AreaAssessment, Catalog, Condition, Edge, Entry, Field, Flow, Item, Life, LifeEffect,
        Measure, MeasureCause, Need, Paper, PaperSource, Question,
    },
    document::{DocumentForm, Wording},
};

fn yes_no(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

pub(super) fn item_properties(item: &Item, catalog: &Catalog) -> Properties {
    let papers = |keys: &[String]| -> String {
        let name = |key: &String| catalog.papers.get(key).map_or(key.clone(), |it| it.name.clone());
        keys.iter().map(name).collect::<Vec<_>>().join("\n")
    };
    let department = |key: &String| {
        catalog.departments.get(key).map_or(key.clone(), |department| department.name.clone())
    };
    let laws: Vec<String> = item.law.iter().map(|law| catalog.cite(law)).collect();
    vec![
        ("名称", item.name.clone()),
        ("别名", item.aliases.join("、")),
        ("类型", item.kind.name().to_owned()),
        ("牵头部门", department(&item.lead)),
        ("法定时限", item.statutory.to_string()),
        ("承诺时限", item.promised.to_string()),
        ("时限说明", item.limit_note.clone()),
        ("设定依据", laws.join("、")),
        ("结果", item.result.clone()),
        ("告知承诺", yes_no(item.commitment)),
        ("容缺受理", yes_no(item.deferral)),
        ("直接关系安全", yes_no(item.safety)),
        ("必交材料", papers(&item.papers)),
        ("可容缺材料", papers(&item.deferrable)),
        ("办理条件", item.conditions.join("\n")),
        ("收费", item.fee.clone()),
        ("适用地区", item.scope.iter().map(u32::to_string).collect::<Vec<_>>().join("、")),
    ]
}

pub(super) fn life_properties(life: &Life) -> Properties {
    let each = life.each.map_or(String::new(), |each| format!("，每次 {each}"));
    vec![
        ("期限", life.ends.to_string()),
        (
            "届满",
            match life.effect {
                LifeEffect::Lapse => "失效",
                LifeEffect::Recheck => "重新审核",
            }
            .to_owned(),
        ),
        ("延续", format!("{} 次{each}", life.extensions)),
        ("提前申请", life.ask_before.map_or(String::new(), |before| before.to_string())),
        ("逾期视为准予", yes_no(life.deemed)),
        ("依据", life.basis.clone()),
    ]
}

pub(super) fn field_properties(field: &Field) -> Properties {
    vec![
        ("名称", field.label.clone()),
        ("说明", field.help.clone()),
        ("单位", field.unit.clone()),
        ("必填", yes_no(field.required)),
        ("个人信息", yes_no(field.personal)),
        ("事项", field.items.join("、")),
        ("适用类型", field.flows.join("、")),
    ]
}

/// Cause and effect, with the basis.
pub(super) fn measures(catalog: &Catalog) -> Vec<(String, String)> {
    let text = |measure: &Measure| {
        let cause = match measure.when {
            MeasureCause::KeyProject => "重点项目",
            MeasureCause::Credit(kind) => kind.name(),
        };
        let basis: Vec<String> = measure.basis.iter().map(|law| catalog.cite(law)).collect();
        (format!("{cause} {:?}", measure.effect), format!("{cause}（{}）", basis.join("、")))
    };
    catalog.measures.iter().map(text).collect()
}

/// Region and question, with document and term.
pub(super) fn areas(catalog: &Catalog) -> Vec<(String, String)> {
    let text = |area: &AreaAssessment| {
        let key = format!("{} {}", area.region, area.question);
        let region = catalog.region_path(area.region);
        (key, format!("{region}：{}，{} 至 {}", area.document, area.from, area.until))
    };
    catalog.areas.iter().map(text).collect()
}

fn conditions(need: &Need) -> String {
    let text = |condition: &Condition| format!("{}={}", condition.question, condition.answer);
    match need {
        Need::Mandatory => "一律办理".to_owned(),
        Need::When(conditions) => conditions.iter().map(text).collect::<Vec<_>>().join(" & "),
    }
}

pub(super) fn flow_properties(flow: &Flow, catalog: &Catalog) -> Properties {
    let name = |code: &str| catalog.item(code).map_or(code.to_owned(), |item| item.name.clone());
    let entry = |entry: &Entry| {
        let side = if entry.side { "，并行" } else { "" };
        format!(
            "{} {}（第 {} 阶段，{}{side}）",
            entry.item,
            name(&entry.item),
            entry.stage,
            conditions(&entry.need)
        )
    };
    let edge = |edge: &Edge| {
        let when = match &edge.need {
            Need::Mandatory => String::new(),
            Need::When(_) => format!("（{}）", conditions(&edge.need)),
        };
        format!("{} → {}{when}", edge.before, edge.after)
    };
    let stages: Vec<String> = flow
        .stages
        .iter()
        .map(|it| format!("第 {} 阶段 {} 个工作日", it.number, it.budget))
        .collect();
    let mut edges: Vec<String> = flow.edges.iter().map(edge).collect();
    edges.sort();
    vec![
        ("名称", flow.name.clone()),
        ("总时限", format!("{} 个工作日", flow.total)),
        ("阶段时限", stages.join("；")),
        ("事项", flow.entries.iter().map(entry).collect::<Vec<_>>().join("\n")),
        ("先后", edges.join("\n")),
    ]
}

fn source(source: &PaperSource) -> String {
    match source {
        PaperSource::Owner => "申请人自备".to_owned(),
        PaperSource::Items(codes) => format!("{}的结果", codes.join("、")),
        PaperSource::Register(name) => format!("向{name}核验"),
    }
}

pub(super) fn paper_properties(paper: &Paper) -> Properties {
    vec![
        ("名称", paper.name.clone()),
        ("来源", source(&paper.source)),
        ("没有该结果时", paper.otherwise.as_ref().map(source).unwrap_or_default()),
        ("说明", paper.help.clone()),
        ("格式", paper.accept.join("、")),
        ("大小上限", format!("{} MB", paper.max_mb)),
        ("可否重复使用", paper.reuse.name().to_owned()),
        ("形式和份数", format!("{} {} 份", paper.form.name(), paper.copies)),
        ("不需要的情形", paper.not_needed.join("、")),
        ("样例", paper.sample.clone()),
    ]
}

pub(super) fn question_properties(question: &Question, catalog: &Catalog) -> Properties {
    let choices: Vec<String> = question.choices().into_iter().map(|choice| choice.label).collect();
    let basis: Vec<String> = question.basis.iter().map(|law| catalog.cite(law)).collect();
    vec![
        ("问题", question.text.clone()),
        ("说明", question.help.clone()),
        ("选项", choices.join("、")),
        ("依据", basis.join("、")),
        ("适用类型", question.flows.join("、")),
        ("阶段", question.stage.to_string()),
    ]
}

/// Kind and item, with the wording.
pub(super) fn documents(catalog: &Catalog) -> Vec<(String, &DocumentForm)> {
    let key = |form: &DocumentForm| DocumentForm::key(form.kind, &form.items, &form.item_kinds);
    catalog.documents.iter().map(|form| (key(form), form)).collect()
}

pub(super) fn document_properties(form: &DocumentForm) -> Properties {
    let lines = |wordings: &[Wording]| {
        wordings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    let rows: Vec<String> =
        form.rows.iter().map(|(label, value)| format!("{label}：{value}")).collect();
    let licence = form.licence.as_ref().map_or(String::new(), |kind| kind.as_str().to_owned());
    vec![
        ("标题", form.title.to_string()),
        ("编号", form.number.to_string()),
        ("落款", form.issuer.to_string()),
        ("正文", lines(&form.paragraphs)),
        ("表格", rows.join("\n")),
        ("附注", lines(&form.closing)),
        ("证照类型代码", licence),
        ("依据", form.basis.clone()),
    ]
}
