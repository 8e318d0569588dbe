//! From what is wanted to a sheet: the wording of the pack, filled in.

use tongban_domain::{
    codes::{LicenceIdentity, LicenceIdentityError, Uscc},
    document::{DocumentForm, DocumentKind, Placeholder, Wanted, Wording},
    ids::DocumentId,
    time::Day,
};

use crate::{
    sheet::Sheet,
    sources::{About, Sources, accepted},
};

/// A document that is ready to be set.
#[derive(Debug, Clone)]
pub struct Composed {
    /// What is printed.
    pub sheet: Sheet,
    /// Its number, without the words around it.
    pub number: String,
    /// The identity, when it is a licence.
    pub identity: Option<LicenceIdentity>,
    /// The code of the body that issues it.
    pub issuer_code: Option<Uscc>,
}

/// Why a document cannot be made now. What the facts call for stays called for: it is made as
/// soon as the reason is gone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The pack in force has no wording for it.
    #[error("现行事项目录没有规定“{0}”的文书格式")]
    NoWording(&'static str),
    /// What it is about is not there.
    #[error("文书所指的办件不存在")]
    NoSubject,
    /// The pack in force has no word for something that has to be said.
    #[error("文书中“{0}”没有可填写的内容：现行事项目录里已经没有这一项")]
    Hole(String),
    /// A licence names the code of its issuer.
    #[error("{0}没有登记统一社会信用代码，无法生成电子证照标识；请管理员在“本地配置”登记")]
    NoIssuerCode(String),
    /// The number does not fit into an identity.
    #[error("证照编号不能用于电子证照标识：{0}")]
    Identity(#[from] LicenceIdentityError),
}

/// Fills in the document that is wanted. It gets the id `document` and is checked at `address`.
///
/// # Errors
/// When the pack has no wording for it, or a licence lacks what its identity is made of.
pub fn compose(
    sources: &Sources<'_>,
    wanted: &Wanted,
    document: DocumentId,
    address: &str,
) -> Result<Composed, ComposeError> {
    let about = About::of(sources.project, wanted.subject).ok_or(ComposeError::NoSubject)?;
    let item = about.case().map(|case| case.opened.item.as_str());
    let form = sources
        .catalog
        .document(wanted.kind, item)
        .ok_or(ComposeError::NoWording(wanted.kind.name()))?;
    let value = |place: &Placeholder| sources.value(wanted.kind, about, wanted.until, place);
    let text = |wording: &Wording| wording.fill(value).unwrap_or_default();
    let texts = |wordings: &[Wording]| wordings.iter().filter_map(|it| it.fill(value)).collect();

    // A sentence with a hole where the law wants a word is worse than none.
    let needed = [
        Placeholder::Item,
        Placeholder::Department,
        Placeholder::Reason,
        Placeholder::Basis,
        Placeholder::Result,
    ];
    let hole = needed
        .into_iter()
        .find(|place| form.wordings().any(|wording| wording.has(place)) && value(place).is_empty());
    if let Some(hole) = hole {
        return Err(ComposeError::Hole(hole.to_string()));
    }
    let issuer = text(&form.issuer);
    let issuer_code = about
        .case()
        .and_then(|case| sources.organisation.department(case.department))
        .filter(|department| department.name == issuer)
        .and_then(|department| department.code.clone());
    let number = value(&Placeholder::Number);
    let identity = identity(form, &issuer, issuer_code.as_ref(), &number, wanted.edition)?;

    let mut marks = vec![("查验码".to_owned(), document.to_string().to_uppercase())];
    if let Some(identity) = &identity {
        marks.push(("电子证照标识".to_owned(), identity.to_string()));
    }
    if wanted.edition > 1 {
        marks.push(("版本".to_owned(), format!("第 {} 版", wanted.edition)));
    }
    let mut rows: Vec<(String, String)> = form
        .rows
        .iter()
        .filter_map(|(label, wording)| Some((label.clone(), wording.fill(value)?)))
        .collect();
    rows.extend(sources.listed(wanted.kind, about));
    let on = dated(sources, wanted, about);
    let (year, month, date) = on.ymd();
    let sheet = Sheet {
        layout: form.layout,
        title: text(&form.title),
        number: text(&form.number),
        addressee: sources.project.owner.name.clone(),
        paragraphs: texts(&form.paragraphs),
        rows,
        closing: texts(&form.closing),
        issuer,
        seal_code: issuer_code.as_ref().map_or_else(String::new, ToString::to_string),
        date: on.in_words(),
        on: (i32::from(year), month.unsigned_abs(), date.unsigned_abs()),
        address: format!("{}/verify/{document}", address.trim_end_matches('/')),
        marks,
    };
    // Only what was granted has the number of the decision.
    let is_grant = wanted.kind == DocumentKind::Grant && !number.is_empty();
    let number = if is_grant { number } else { sheet.number.clone() };
    Ok(Composed { sheet, number, identity, issuer_code })
}

fn identity(
    form: &DocumentForm,
    issuer: &str,
    code: Option<&Uscc>,
    number: &str,
    edition: u16,
) -> Result<Option<LicenceIdentity>, ComposeError> {
    let Some(kind) = &form.licence else { return Ok(None) };
    let code = code.ok_or_else(|| ComposeError::NoIssuerCode(issuer.to_owned()))?;
    let serial: String = number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    Ok(Some(LicenceIdentity::new(kind, code, &serial, edition)?))
}

/// The date it bears: of the act that it is about; a renewal bears the day it is made.
fn dated(sources: &Sources<'_>, wanted: &Wanted, about: About<'_>) -> Day {
    let ended = || about.case()?.history.last().map(|step| step.at.day());
    let day = match wanted.kind {
        DocumentKind::Acceptance => accepted(sources.project, about),
        DocumentKind::Correction => {
            about.application().correction.as_ref().map(|correction| correction.at.day())
        }
        DocumentKind::Grant if wanted.edition > 1 => None,
        DocumentKind::Grant | DocumentKind::Refusal => {
            about.case().and_then(|case| Some(case.decision.as_ref()?.at.day()))
        }
        DocumentKind::AcceptanceRefusal | DocumentKind::Revocation => ended(),
    };
    day.unwrap_or(sources.today)
}
