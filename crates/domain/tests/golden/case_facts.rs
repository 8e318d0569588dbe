//! One example of every fact about a case, and of every shape inside it.

use tongban_domain::{
    case::{CaseFact, Decision, Hand, Outcome, Owed, Predecessor, Recommendation, Stance},
    catalog::{LifeEffect, Term},
    ids::{AccountId, DepartmentId},
    limit::PinnedLimit,
};

use crate::{Example, day, file, sealed};

/// Every fact about a case.
pub(crate) fn all() -> Vec<Example<CaseFact>> {
    let mut all = intake();
    all.extend(handling());
    all.extend(special_procedure());
    all.extend(decision());
    all.extend(validity());
    all.extend(hearing());
    all.extend(transfer());
    all.push(("", CaseFact::PaperFiled { title: sealed(), file: file() }));
    all.extend(consultation());
    all
}

fn owed() -> Vec<Owed> {
    vec![Owed { paper: "earthwork-agreement".to_owned(), until: day("2026-03-16") }]
}

fn intake() -> Vec<Example<CaseFact>> {
    let accepted = |statutory, promised, starts, owed, deemed| CaseFact::Accepted {
        on: day("2026-03-02"),
        starts,
        statutory,
        promised,
        owed,
        deemed,
    };
    let on = Some(day("2026-03-02"));
    let working = (PinnedLimit::WorkingDays(20, 10), PinnedLimit::WorkingDays(5, 0));
    let calendar = (PinnedLimit::CalendarDays(30, 60), PinnedLimit::None);
    let at_once = (PinnedLimit::AtOnce, PinnedLimit::AtOnce);
    vec![
        ("", CaseFact::CorrectionAsked),
        ("", CaseFact::CorrectionAnswered),
        ("working days, owing", accepted(working.0, working.1, on, owed(), false)),
        ("calendar days, waiting", accepted(calendar.0, calendar.1, None, Vec::new(), false)),
        ("at once, deemed", accepted(at_once.0, at_once.1, on, Vec::new(), true)),
        ("", CaseFact::NotRequired { reason: "no-permit-needed".to_owned(), text: None }),
        (
            "",
            CaseFact::AcceptanceRefused {
                reason: "wrong-authority".to_owned(),
                text: Some(sealed()),
            },
        ),
        ("", CaseFact::DepartmentStarted),
        ("", CaseFact::NodeClockStarted { on: day("2026-03-05") }),
    ]
}

fn transfer() -> Vec<Example<CaseFact>> {
    let to = DepartmentId::from_bytes([0x16; 16]);
    vec![("", CaseFact::Transferred { to, basis: "苏府办〔2026〕1号".to_owned() })]
}

fn consultation() -> Vec<Example<CaseFact>> {
    let of = DepartmentId::from_bytes([0x16; 16]);
    let until = day("2026-03-09");
    vec![
        ("", CaseFact::DepartmentConsulted { of, until, text: sealed() }),
        ("", CaseFact::ConsultationAnswered { of, stance: Stance::WithConditions, text: sealed() }),
        ("", CaseFact::Urged { text: sealed() }),
    ]
}

fn hearing() -> Vec<Example<CaseFact>> {
    let chair = AccountId::from_bytes([0x11; 16]);
    vec![
        ("", CaseFact::HearingOffered { ask_by: day("2026-03-09"), text: sealed(), others: true }),
        ("", CaseFact::HearingAsked { hold_by: day("2026-04-02"), text: sealed() }),
        ("", CaseFact::HearingWaived),
        ("", CaseFact::HearingNotified { on: day("2026-03-16"), place: sealed(), chair }),
        ("", CaseFact::HearingHeld { on: day("2026-03-16"), text: sealed() }),
    ]
}

fn handling() -> Vec<Example<CaseFact>> {
    let opinion = |hand, recommendation, reason: Option<&str>| CaseFact::OpinionGiven {
        hand,
        recommendation,
        reason: reason.map(str::to_owned),
        text: sealed(),
    };
    vec![
        ("", CaseFact::Claimed { officer: AccountId::from_bytes([0x11; 16]) }),
        ("officer, pass", opinion(Hand::Officer, Recommendation::Pass, None)),
        ("reviewer, gap", opinion(Hand::Reviewer, Recommendation::PassWithGap, None)),
        ("officer, refuse", opinion(Hand::Officer, Recommendation::Refuse, Some("against-plan"))),
        (
            "",
            CaseFact::SentBack {
                hand: Hand::Approver,
                reason: "document-defect".to_owned(),
                text: sealed(),
            },
        ),
        ("", CaseFact::Extended { days: 10, reason: "complex-case".to_owned() }),
        ("", CaseFact::OwedProvided { paper: "earthwork-agreement".to_owned(), file: file() }),
        ("", CaseFact::OwedConfirmed { paper: "earthwork-agreement".to_owned() }),
        (
            "",
            CaseFact::OwedReturned {
                paper: "earthwork-agreement".to_owned(),
                reason: "paper-unreadable".to_owned(),
                text: Some(sealed()),
                until: day("2026-03-16"),
            },
        ),
    ]
}

fn validity() -> Vec<Example<CaseFact>> {
    vec![
        (
            "",
            CaseFact::ValidityBegun {
                until: day("2026-06-12"),
                effect: LifeEffect::Lapse,
                unless: vec![Predecessor::Milestone("start-of-works".to_owned())],
                extensions: 2,
                each: Some(Term::Months(3)),
                ask_by: day("2026-06-12"),
                deemed: false,
                basis: "BL 9".to_owned(),
            },
        ),
        ("", CaseFact::ExtensionAsked { text: Some(sealed()) }),
        (
            "",
            CaseFact::ValidityExtended {
                until: day("2026-09-12"),
                ask_by: day("2026-09-12"),
                by_law: true,
            },
        ),
        ("", CaseFact::ExtensionRefused { text: sealed() }),
        ("", CaseFact::Lapsed { on: day("2026-09-12") }),
        ("", CaseFact::RecheckDue { on: day("2031-03-02") }),
        ("", CaseFact::Rechecked { text: sealed() }),
        ("", CaseFact::Cancelled { reason: "owner-ended".to_owned(), text: sealed() }),
        (
            "",
            CaseFact::CommitmentChecked {
                kept: false,
                until: Some(day("2026-04-01")),
                text: sealed(),
            },
        ),
        (
            "",
            CaseFact::CalendarSettled {
                promised: Some(day("2027-01-05")),
                statutory: Some(day("2027-01-26")),
            },
        ),
    ]
}

fn special_procedure() -> Vec<Example<CaseFact>> {
    vec![
        (
            "",
            CaseFact::SpecialAsked {
                reason: "expert-review".to_owned(),
                name: "专家评审".to_owned(),
                basis: "AL 45".to_owned(),
                planned_days: 20,
                text: sealed(),
            },
        ),
        ("", CaseFact::SpecialApproved { from: day("2026-03-05"), planned_end: day("2026-03-24") }),
        ("", CaseFact::SpecialRejected),
        ("", CaseFact::SpecialEnded { on: day("2026-03-24"), by_itself: true }),
    ]
}

fn decision() -> Vec<Example<CaseFact>> {
    let decided = |outcome, document: Option<&str>| {
        CaseFact::Decided(Decision {
            outcome,
            document: document.map(str::to_owned),
            text: sealed(),
        })
    };
    let refused = Outcome::Refuse {
        reason: "conditions-not-met".to_owned(),
        review_days: 60,
        suit_months: 6,
    };
    vec![
        ("pass", decided(Outcome::Pass, Some("GH02-320500-20260305-001"))),
        ("gap", decided(Outcome::PassWithGap { owed: owed() }, None)),
        ("refuse", decided(refused, None)),
        ("", CaseFact::Served),
        ("", CaseFact::Withdrawn { reason: "project-changed".to_owned(), text: Some(sealed()) }),
        ("", CaseFact::Revoked { reason: "obtained-by-fraud".to_owned(), text: sealed() }),
    ]
}
