//! One example of every fact about projects, applications, the catalogue and departments.

use tongban_domain::{
    application::{ApplicationFact, AreaUse, Demand, Release, Target},
    case::{Opened, Predecessor},
    codes::Uscc,
    credit::{Bar, CreditEntry, CreditFact, CreditKind},
    document::{DocumentKind, DocumentSubject, Issued, OfdFile},
    fact::Fact,
    ids::{
        AccountId, ApplicationId, CaseId, CreditRecordId, DepartmentId, DocumentId, PersonId,
        ProjectId,
    },
    mode::{Ground, Mode, ModeReason},
    organisation::OrganisationFact,
    paper::{Provenance, Provided, RegisterAnswer, Slot},
    project::{FieldValue, OrganisationReference, Planned, Power, ProjectFact},
};

use crate::{Example, day, file, sealed};

fn company() -> Uscc {
    "91350100M000100Y43".parse().unwrap_or_else(|error| panic!("{error}"))
}

/// A value of every kind of field.
fn values() -> Vec<(String, FieldValue)> {
    [
        FieldValue::Text("年产一万套精密零部件".to_owned()),
        FieldValue::Money(12_345_678_901),
        FieldValue::Area(1_002_500),
        FieldValue::Number(-1_500),
        FieldValue::Degrees(120_585_316),
        FieldValue::Date(day("2026-06-01")),
        FieldValue::Choice("industrial".to_owned()),
        FieldValue::Uscc(company()),
        FieldValue::Region(320_571),
        FieldValue::Sealed(sealed()),
    ]
    .into_iter()
    .enumerate()
    .map(|(index, value)| (format!("field-{index}"), value))
    .collect()
}

/// Every fact about a project as a whole.
pub(crate) fn projects() -> Vec<Example<ProjectFact>> {
    let registered = |contact| ProjectFact::Registered {
        code: "2603-320571-89-01-000017".parse().unwrap_or_else(|error| panic!("{error}")),
        name: "精密零部件生产线新建项目".to_owned(),
        owner: OrganisationReference { uscc: company(), name: "苏州某公司".to_owned() },
        region: 320_571,
        flow: "E".to_owned(),
        fields: values(),
        contact,
    };
    let planned = Planned { what: "milestone:start-of-works".to_owned(), by: day("2026-06-01") };
    vec![
        ("no contact", registered(None)),
        ("contact", registered(Some(PersonId::from_bytes([0x12; 16])))),
        ("", ProjectFact::PlanAgreed { milestones: vec![planned] }),
        ("", ProjectFact::MarkedKey),
        (
            "",
            ProjectFact::MilestoneReached {
                key: "land-contract".to_owned(),
                on: day("2026-02-27"),
            },
        ),
        (
            "",
            ProjectFact::DutyArose {
                item: "YS-08".to_owned(),
                until: day("2026-09-15"),
                basis: "QM 49".to_owned(),
            },
        ),
        ("", ProjectFact::DutyMissed { item: "YS-08".to_owned(), until: day("2026-09-15") }),
        ("letter", ProjectFact::DocumentIssued(Box::new(letter()))),
        ("licence", ProjectFact::DocumentIssued(Box::new(licence()))),
        ("with OFD", ProjectFact::DocumentIssued(Box::new(with_ofd()))),
        ("", ProjectFact::PersonsRead { reason: "reach-contact".to_owned(), text: Some(sealed()) }),
        (
            "held",
            ProjectFact::RegisterAnswered(RegisterAnswer {
                paper: "business-licence".to_owned(),
                register: "市场监管部门".to_owned(),
                held: true,
                until: Some(day("2031-05-01")),
                says: Some(sealed()),
            }),
        ),
        (
            "none",
            ProjectFact::RegisterAnswered(RegisterAnswer {
                paper: "business-licence".to_owned(),
                register: "市场监管部门".to_owned(),
                held: false,
                until: None,
                says: None,
            }),
        ),
        (
            "",
            ProjectFact::AgentAuthorised {
                agent: AccountId::from_bytes([0x11; 16]),
                powers: vec![Power::Apply, Power::Withdraw],
                until: day("2026-12-31"),
            },
        ),
        ("", ProjectFact::AgencyEnded { agent: AccountId::from_bytes([0x11; 16]) }),
    ]
}

/// A notice, with nothing that may be left out.
fn letter() -> Issued {
    Issued {
        document: DocumentId::from_bytes([0x18; 16]),
        kind: DocumentKind::Acceptance,
        subject: DocumentSubject::Application(ApplicationId::from_bytes([0x13; 16])),
        edition: 1,
        replaces: None,
        title: "受理通知书".to_owned(),
        number: "32057120260302000001".to_owned(),
        identity: None,
        issuer: "苏州市自然资源和规划局".to_owned(),
        issuer_code: None,
        until: None,
        file: file(),
        words: [0x19; 32],
        key: [4; 65],
        signature: [0x1a; 64],
        ofd: None,
    }
}

/// The second edition of a licence.
fn licence() -> Issued {
    let identity =
        "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0".parse();
    Issued {
        document: DocumentId::from_bytes([0x1b; 16]),
        kind: DocumentKind::Grant,
        subject: DocumentSubject::Case(CaseId::from_bytes([0x14; 16])),
        edition: 2,
        replaces: Some(DocumentId::from_bytes([0x18; 16])),
        title: "建筑工程施工许可证".to_owned(),
        identity: Some(identity.unwrap_or_else(|error| panic!("{error}"))),
        issuer_code: Some(company()),
        until: Some(day("2026-09-15")),
        ..letter()
    }
}

fn with_ofd() -> Issued {
    Issued { ofd: Some(OfdFile { file: file(), signature: [0x1c; 64] }), ..letter() }
}

fn credit(kind: CreditKind) -> CreditEntry {
    CreditEntry {
        record: CreditRecordId::from_bytes([0x17; 16]),
        subject: company(),
        name: "苏州某公司".to_owned(),
        kind,
        list: "严重失信主体名单2026年第1号".to_owned(),
        from: day("2026-03-02"),
        until: day("2027-03-02"),
        project: None,
    }
}

fn bar() -> Bar {
    Bar {
        subject: broken_promise().subject,
        item: "SG-09".to_owned(),
        case: "32057120260302000001".to_owned(),
        reason: "obtained-by-fraud".to_owned(),
        from: day("2026-03-02"),
        until: day("2029-03-02"),
        project: ProjectId::from_bytes([0x11; 16]),
    }
}

fn broken_promise() -> CreditEntry {
    let project = Some(ProjectId::from_bytes([0x16; 16]));
    CreditEntry { project, ..credit(CreditKind::BrokenPromise) }
}

fn opened() -> Opened {
    let reason = |mode, open, ground, basis: &str| ModeReason {
        mode,
        open,
        ground,
        basis: basis.to_owned(),
    };
    let record = Ground::Credit {
        record: CreditRecordId::from_bytes([0x17; 16]),
        kind: CreditKind::Bad,
        until: day("2027-03-02"),
    };
    Opened {
        case: CaseId::from_bytes([0x14; 16]),
        number: "32057120260302000001".to_owned(),
        item: "GH-02".to_owned(),
        name: "建设工程规划许可证（建筑类）".to_owned(),
        department: DepartmentId::from_bytes([0x15; 16]),
        predecessors: vec![
            Predecessor::Item("LX-11b".to_owned()),
            Predecessor::Milestone("land-contract".to_owned()),
        ],
        part_of: Some("YS-01".to_owned()),
        milestone: true,
        side: false,
        deferral: true,
        at_once: false,
        result: "建设工程规划许可证".to_owned(),
        merged: vec!["GH-01".to_owned(), "GH-11".to_owned()],
        national_code: "0070000".to_owned(),
        committed: false,
        modes: vec![
            reason(Mode::Commitment, false, Ground::NotListed, ""),
            reason(Mode::Deferral, true, Ground::Listed, ""),
            reason(Mode::GreenChannel, true, Ground::KeyProject, "地方规定"),
            reason(Mode::Deferral, false, record, "《江苏社会信用条例》"),
        ],
    }
}

fn submitted() -> ApplicationFact {
    let provided = |paper: &str, from| Provided { paper: paper.to_owned(), from };
    ApplicationFact::Submitted {
        number: "32057120260302000001".to_owned(),
        stage: 2,
        release: Release::Together,
        answers: vec![("metro".to_owned(), "no".to_owned())],
        fields: values(),
        cases: vec![opened()],
        slots: vec![Slot {
            paper: "site-plan".to_owned(),
            name: "总平面图".to_owned(),
            items: vec!["GH-02".to_owned()],
            deferrable: false,
        }],
        papers: vec![
            provided("site-plan", Provenance::Uploaded(file())),
            provided("project-approval", Provenance::Result(CaseId::from_bytes([0x16; 16]))),
            provided("scheme-opinion", Provenance::Awaited("GH-01".to_owned())),
            provided("business-licence", Provenance::Register("市场监管部门".to_owned())),
        ],
        received_on: day("2026-03-02"),
        notice_until: day("2026-03-09"),
        budget: Some(8),
        areas: vec![AreaUse {
            question: "seismic-safety".to_owned(),
            document: "区域性地震安全性评价报告".to_owned(),
            until: day("2028-12-31"),
        }],
        lead: None,
    }
}

fn submitted_under_a_lead() -> ApplicationFact {
    let mut fact = submitted();
    if let ApplicationFact::Submitted { lead, .. } = &mut fact {
        *lead = Some(DepartmentId::from_bytes([0x17; 16]));
    }
    fact
}

/// The same before ways of handling were recorded: read for ever, written no more.
pub(crate) fn submitted_before_modes() -> ApplicationFact {
    let mut fact = submitted();
    if let ApplicationFact::Submitted { cases, areas, .. } = &mut fact {
        areas.clear();
        cases.iter_mut().for_each(|opened| opened.modes.clear());
    }
    fact
}

/// Papers that were not simply uploaded.
fn from_library() -> Vec<Provided> {
    let provided = |paper: &str, from| Provided { paper: paper.to_owned(), from };
    vec![
        provided(
            "red-line-map",
            Provenance::Earlier(ApplicationId::from_bytes([0x13; 16]), file()),
        ),
        provided("agent-identity", Provenance::Library(ProjectId::from_bytes([0x11; 16]), file())),
        provided("land-title", Provenance::Instead(file(), "registry-away".to_owned())),
    ]
}

/// Every fact about an application.
pub(crate) fn applications() -> Vec<Example<ApplicationFact>> {
    let demand = |target, note| Demand { target, reason: "paper-unreadable".to_owned(), note };
    let demands = vec![
        demand(Target::Paper("site-plan".to_owned()), Some(sealed())),
        demand(Target::Field("plot-ratio".to_owned()), None),
    ];
    let reason = "acts-in-person".to_owned();
    let lacking =
        Provided { paper: "authorisation-letter".to_owned(), from: Provenance::NotNeeded(reason) };
    let corrected = Provided { paper: "site-plan".to_owned(), from: Provenance::Uploaded(file()) };
    vec![
        ("", submitted()),
        ("with a lead department", submitted_under_a_lead()),
        ("", ApplicationFact::CorrectionRequested { demands, until: day("2026-03-23") }),
        ("", ApplicationFact::Corrected { papers: vec![corrected], fields: values() }),
        ("library", ApplicationFact::Corrected { papers: from_library(), fields: Vec::new() }),
        ("not needed", ApplicationFact::Corrected { papers: vec![lacking], fields: Vec::new() }),
        ("early", ApplicationFact::ReleaseChosen(Release::Early)),
        ("together", ApplicationFact::ReleaseChosen(Release::Together)),
        ("", ApplicationFact::JointExtended { days: 15, reason: "complex-case".to_owned() }),
    ]
}

/// The facts of the other streams.
pub(crate) fn others() -> Vec<Example<Fact>> {
    let established = OrganisationFact::DepartmentEstablished {
        department: DepartmentId::from_bytes([0x15; 16]),
        key: "planning".to_owned(),
        name: "苏州市自然资源和规划局".to_owned(),
        region: 320_500,
        from: day("2018-01-01"),
    };
    vec![
        (
            "",
            Fact::PackPublished {
                digest: [0x17; 32],
                version: "2026.1".to_owned(),
                effective_from: Some(day("2026-01-01")),
            },
        ),
        ("", Fact::Organisation(established)),
        (
            "",
            Fact::Organisation(OrganisationFact::DepartmentRenamed {
                department: DepartmentId::from_bytes([0x15; 16]),
                name: "苏州市数据局".to_owned(),
                from: day("2026-07-01"),
                basis: "苏府办〔2026〕1号".to_owned(),
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::DepartmentMerged {
                department: DepartmentId::from_bytes([0x15; 16]),
                into: DepartmentId::from_bytes([0x16; 16]),
                from: day("2026-07-01"),
                basis: "苏府办〔2026〕1号".to_owned(),
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::ChangeTakenBack {
                department: DepartmentId::from_bytes([0x15; 16]),
                from: day("2026-07-01"),
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::DepartmentCoded {
                department: DepartmentId::from_bytes([0x15; 16]),
                code: company(),
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::SystemConnected {
                department: DepartmentId::from_bytes([0x15; 16]),
                system: "自然资源业务系统".to_owned(),
                key: [0x1d; 32],
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::SystemDisconnected {
                department: DepartmentId::from_bytes([0x15; 16]),
            }),
        ),
        (
            "",
            Fact::Organisation(OrganisationFact::SystemAdmitted {
                department: DepartmentId::from_bytes([0x15; 16]),
            }),
        ),
        ("red list", Fact::Credit(CreditFact::Entered(credit(CreditKind::Good)))),
        ("black list", Fact::Credit(CreditFact::Entered(credit(CreditKind::Serious)))),
        ("broken promise", Fact::Credit(CreditFact::Entered(broken_promise()))),
        ("", Fact::Credit(CreditFact::Barred(bar()))),
        ("", Fact::Credit(CreditFact::BarLifted { subject: bar().subject, case: bar().case })),
        (
            "",
            Fact::Credit(CreditFact::Removed {
                record: CreditRecordId::from_bytes([0x17; 16]),
                subject: company(),
                on: day("2026-09-02"),
                text: sealed(),
            }),
        ),
    ]
}
