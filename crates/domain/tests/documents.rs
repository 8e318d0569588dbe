//! Documents (文书、证照): which of them the facts call for, and whether one still holds. Decisions
//! in writing: 行政许可法 art. 38; licences: art. 39; service: art. 44.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{Act, ProjectAct, Verdict},
    application::Target,
    document::{Document, DocumentKind, DocumentSubject, Force, Issued, Wanted, wanted},
    ids::{DocumentId, FileId},
    paper::FileReference,
    permission::Actor,
    refusal::Refusal,
};

use support::{Story, people::day};

const PERMIT: &str = "SG-09";
const SOIL: &str = "LX-17a";

fn made(wanted: &Wanted, number: u8) -> Issued {
    Issued {
        document: DocumentId::from_bytes([number; 16]),
        kind: wanted.kind,
        subject: wanted.subject,
        edition: wanted.edition,
        replaces: wanted.replaces,
        title: "建筑工程施工许可证".to_owned(),
        number: "320500202603160101".to_owned(),
        identity: None,
        issuer: "苏州市住房和城乡建设局".to_owned(),
        issuer_code: None,
        until: wanted.until,
        file: FileReference { file: FileId::from_bytes([number; 16]), size: 1, sm3: [7; 32] },
        words: [8; 32],
        key: [4; 65],
        signature: [9; 64],
        ofd: None,
    }
}

impl Story {
    /// Everything that is wanted is made.
    fn makes_everything(mut self) -> Self {
        for wanted in wanted(&self.project) {
            let number = self.project.documents.len() as u8 + 1;
            let act = ProjectAct::IssueDocument(Box::new(made(&wanted, number)), wanted.since);
            self.attempt(&Actor::timer(), &Act::Project(act)).unwrap();
        }
        self
    }

    fn about_case(&self, item: &str) -> DocumentSubject {
        DocumentSubject::Case(self.case(item).opened.case)
    }

    fn wants(&self) -> Vec<(DocumentKind, DocumentSubject, u16)> {
        wanted(&self.project).iter().map(|it| (it.kind, it.subject, it.edition)).collect()
    }

    fn permit(&self) -> &Document {
        let subject = self.about_case(PERMIT);
        self.project.latest_document(DocumentKind::Grant, subject).unwrap()
    }

    fn force(&self) -> Force {
        self.permit().force(&self.project, self.now.day())
    }
}

#[test]
fn acceptance_calls_for_its_notice_once() {
    let story = Story::registered("E").on("2026-03-02").submits(1);
    assert_eq!(story.wants(), [], "nothing was decided yet");
    let story = story.window().accepts();
    let about = DocumentSubject::Application(story.application().id);
    assert_eq!(story.wants(), [(DocumentKind::Acceptance, about, 1)]);
    assert_eq!(story.makes_everything().wants(), []);
}

#[test]
fn cases_that_are_accepted_later_call_for_another_edition() {
    let story = Story::registered("E").on("2026-03-02").submits(1);
    let story = story.window().accepts_only(&["LX-05"]).makes_everything();
    assert_eq!(story.wants(), []);
    let story = story.on("2026-03-03").window().accepts();
    let about = DocumentSubject::Application(story.application().id);
    assert_eq!(story.wants(), [(DocumentKind::Acceptance, about, 2)]);
    assert_eq!(story.makes_everything().wants(), []);
}

#[test]
fn the_one_correction_notice_is_a_document() {
    let story = Story::registered("E").on("2026-03-02").submits(1);
    let story = story.window().asks_to_correct(&[(
        Target::Paper("enterprise-commitment".to_owned()),
        "paper-unreadable",
    )]);
    let about = DocumentSubject::Application(story.application().id);
    assert_eq!(story.wants(), [(DocumentKind::Correction, about, 1)]);
}

#[test]
fn a_decision_becomes_paper_when_it_is_handed_over() {
    let story = Story::own_land("2026-03-02").makes_everything();
    // With the others of the stage still open, nothing is handed over yet.
    let story = story.granted("LX-05");
    assert!(story.case("LX-05").decision.is_some());
    assert_eq!(story.wants(), []);
    let story = Story::permitted().makes_everything();
    let permit = story.permit();
    let validity = story.case(PERMIT).validity.as_ref().unwrap();
    assert_eq!(permit.issued.until, Some(validity.until), "its term began with service");
    assert_eq!(permit.issued.edition, 1);
}

#[test]
fn a_document_is_made_once_and_only_when_it_is_called_for() {
    let mut story = Story::permitted();
    let all = wanted(&story.project);
    story = story.makes_everything();
    for wanted in all {
        let again =
            Act::Project(ProjectAct::IssueDocument(Box::new(made(&wanted, 99)), wanted.since));
        assert_eq!(story.attempt(&Actor::timer(), &again), Err(Refusal::AlreadySo));
    }
}

#[test]
fn an_extension_calls_for_a_second_edition_that_replaces_the_first() {
    let story = Story::permitted().makes_everything();
    let first = story.permit().clone();
    let story = story
        .on("2026-06-16")
        .owner()
        .about(PERMIT)
        .asks_extension()
        .approver(PERMIT)
        .grants_extension();
    assert_eq!(story.wants(), [(DocumentKind::Grant, story.about_case(PERMIT), 2)]);
    let story = story.makes_everything();
    assert_eq!(story.permit().issued.replaces, Some(first.issued.document));
    assert_eq!(story.permit().issued.until, Some(day("2026-09-16")));
    assert_eq!(story.force(), Force::Valid);
    let second = story.permit().issued.document;
    assert_eq!(first.force(&story.project, story.now.day()), Force::Replaced(second));
}

#[test]
fn a_permit_says_that_it_lapsed() {
    let story = Story::permitted().makes_everything();
    assert_eq!(story.force(), Force::Valid);
    let story = story.on("2026-06-17");
    assert_eq!(story.force(), Force::Expired(day("2026-06-16")), "before the timer came");
    let story = story.timer().about(PERMIT).ends_term();
    assert_eq!(story.force(), Force::Void(day("2026-06-17")));
    assert!(!story.force().holds());
}

#[test]
fn once_works_have_started_a_permit_holds_beyond_its_term() {
    let story = Story::permitted().makes_everything();
    let story = story.on("2026-06-10").owner().records("start-of-works", "2026-06-10");
    assert_eq!(story.on("2026-12-01").force(), Force::Valid);
}

#[test]
fn what_was_revoked_does_not_hold_and_the_revocation_is_a_document() {
    let story = Story::permitted().makes_everything();
    let story = story.approver(PERMIT).revokes("obtained-by-fraud");
    assert_eq!(story.force(), Force::Revoked(story.now.day()));
    assert_eq!(story.wants(), [(DocumentKind::Revocation, story.about_case(PERMIT), 1)]);
    assert_eq!(story.makes_everything().wants(), []);
}

#[test]
fn a_refusal_is_a_document_of_its_own() {
    let story = Story::soil_and_water("2026-03-02").makes_everything().reviewed(SOIL);
    let reason = "conditions-not-met".to_owned();
    let story = story.approver(SOIL).decides(Verdict::Refuse { reason });
    assert_eq!(story.wants(), [(DocumentKind::Refusal, story.about_case(SOIL), 1)]);
}

/// Struck off is not taken back: the decision was right, and what it granted has ended (AL 70).
#[test]
fn a_permit_whose_holder_ended_is_struck_off_once() {
    let story = Story::permitted().makes_everything();
    let story = story.on("2026-03-20").approver(PERMIT).cancels("owner-ended");
    assert_eq!(story.force(), Force::Cancelled(day("2026-03-20")));
    assert!(story.project.is_free(PERMIT), "it may be applied for again");
    let story = story.on("2026-03-23").approver(PERMIT).cancels("owner-ended");
    let story = story.then_refused(Refusal::AlreadySo);
    story
        .approver("GH-02")
        .cancels("obtained-by-fraud")
        .then_refused(Refusal::UnknownReason("obtained-by-fraud".to_owned()));
}
