//! Ways of handling (办理方式): a function of item, project, credit and area assessments, with
//! its reasons on record.

#[expect(dead_code, reason = "each theme uses its part of the kit")]
mod support;

use tongban_domain::{
    acts::{Act, Context, ProjectAct, Verdict},
    codes::Uscc,
    credit::{Credit, CreditEntry, CreditFact, CreditKind, NewRecord, enter, remove},
    fact::Fact,
    ids::CreditRecordId,
    mode::{Ground, Mode, ModeReason},
    refusal::Refusal,
    time::Day,
};

use support::{
    Story,
    people::{
        COMPANY, Counter, OTHER_COMPANY, SUZHOU, catalog, day, organisation, owner, sealed, staff,
        uscc,
    },
};

const ZONE: u32 = 320_571;

fn record(number: u8, kind: CreditKind, from: &str, until: &str) -> Fact {
    of(&uscc(COMPANY), number, kind, from, until)
}

fn of(subject: &Uscc, number: u8, kind: CreditKind, from: &str, until: &str) -> Fact {
    Fact::Credit(CreditFact::Entered(CreditEntry {
        record: CreditRecordId::from_bytes([number; 16]),
        subject: subject.clone(),
        name: "苏州某公司".to_owned(),
        kind,
        list: "名单2026年第1号".to_owned(),
        from: day(from),
        until: day(until),
        project: None,
    }))
}

/// Given an industrial project whose owner has these records.
fn with(records: &[Fact]) -> Story {
    let mut story = Story::registered("E");
    for fact in records {
        story.credit.evolve(fact);
    }
    story
}

fn mode(story: &Story, item: &str, mode: Mode) -> ModeReason {
    story.prospect().mode(item, mode).unwrap_or_else(|| panic!("{item} has no {mode:?}"))
}

fn is_bad(reason: &ModeReason) -> bool {
    matches!(reason.ground, Ground::Credit { kind: CreditKind::Bad, .. })
        && reason.basis.contains("江苏社会信用条例")
}

#[test]
fn without_a_record_the_lists_of_the_item_decide() {
    let story = with(&[]).on("2026-03-02");
    let commitment = mode(&story, "LX-15", Mode::Commitment);
    assert_eq!((commitment.open, commitment.ground), (true, Ground::Listed));
    let never = mode(&story, "LX-16", Mode::Commitment);
    assert_eq!((never.open, never.ground), (false, Ground::NotListed));
    assert_eq!(story.prospect().mode("LX-15", Mode::GreenChannel), None);
}

#[test]
fn a_bad_record_closes_commitment_and_deferral_and_says_why() {
    let bad = record(1, CreditKind::Bad, "2026-01-05", "2026-12-31");
    let story = with(&[bad]).on("2026-03-02");
    for way in [Mode::Commitment, Mode::Deferral] {
        let item = if way == Mode::Commitment { "LX-15" } else { "LX-17a" };
        let reason = mode(&story, item, way);
        assert!(!reason.open && is_bad(&reason), "{reason:?}");
    }
    let expected = mode(&story, "LX-15", Mode::Commitment);
    story
        .draft(1)
        .answering("eia-class", "form")
        .on_commitment("LX-15")
        .handed_in()
        .then_refused(Refusal::ModeClosed("LX-15".to_owned(), Box::new(expected)));
}

/// A black-listed owner still has the right to apply; only the ways change.
#[test]
fn papers_that_may_follow_for_others_are_core_papers_for_the_listed() {
    let listed = record(1, CreditKind::Serious, "2026-01-05", "2026-12-31");
    let without = |story: Story| {
        story.on("2026-03-02").draft(1).answering("soil-water", "report").only(&["LX-17a"])
    };
    without(with(std::slice::from_ref(&listed)))
        .without("earthwork-agreement")
        .with_everything()
        .handed_in()
        .then_refused(Refusal::MissingPapers(vec!["earthwork-agreement".to_owned()]));
    let story = without(with(&[listed])).with_everything().handed_in().window().accepts();
    assert!(!story.case("LX-17a").opened.deferral);
    let reasons = &story.case("LX-17a").opened.modes;
    assert!(reasons.iter().any(|reason| reason.mode == Mode::Deferral && !reason.open));
}

#[test]
fn a_record_counts_from_its_first_to_its_last_day_and_for_its_subject_alone() {
    let bad = record(1, CreditKind::Bad, "2026-03-03", "2026-03-05");
    let other = of(&uscc(OTHER_COMPANY), 2, CreditKind::Serious, "2026-01-01", "2026-12-31");
    let mut story = with(&[bad, other]);
    for (date, open) in
        [("2026-03-02", true), ("2026-03-03", false), ("2026-03-05", false), ("2026-03-06", true)]
    {
        story = story.on(date);
        assert_eq!(mode(&story, "LX-15", Mode::Commitment).open, open, "{date}");
    }
}

#[test]
fn good_standing_and_key_projects_go_first_unless_something_bad_is_on_record() {
    let good = record(1, CreditKind::Good, "2026-01-05", "2027-01-04");
    let bad = record(2, CreditKind::Bad, "2026-01-05", "2027-01-04");
    let first = |story: Story| story.on("2026-03-02").submits(1).case("LX-05").opened.goes_first();
    assert!(!first(with(&[])));
    assert!(first(with(std::slice::from_ref(&good))));
    assert!(!first(with(&[good, bad.clone()])));
    let key = with(&[bad]).supervisor().does(Act::Project(ProjectAct::MarkKeyProject));
    assert!(first(key), "a key project goes first for its own sake");
}

/// What was open at submission stays open: a later record moves nothing that runs.
#[test]
fn a_later_record_changes_no_case_that_was_handed_in() {
    let mut story = Story::soil_and_water("2026-03-02");
    let before = story.case("LX-17a").clone();
    story.credit.evolve(&record(1, CreditKind::Serious, "2026-03-02", "2027-03-01"));
    let story = story.reviewed("LX-17a");
    assert_eq!(story.case("LX-17a").opened, before.opened);
    story.approver("LX-17a").decides(Verdict::Pass);
}

/// Guangzhou's rule, a default to be confirmed: six months without commitment.
#[test]
fn a_promise_broken_and_not_put_right_goes_on_record_for_six_months() {
    let story = Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("eia-class", "form")
        .on_commitment("LX-15")
        .handed_in()
        .window()
        .accepts()
        .officer("LX-15")
        .decides(Verdict::Pass)
        .on("2026-03-20")
        .officer("LX-15")
        .checks(false, Some("2026-04-10"))
        .on("2026-04-10")
        .approver("LX-15")
        .revokes("promise-broken")
        .then_refused(Refusal::NotDueYet(day("2026-04-11")))
        .on("2026-04-13")
        .approver("LX-15")
        .revokes("promise-broken");
    let owner = uscc(COMPANY);
    let found = |date: &str| story.credit.of(&owner, day(date)).count();
    assert_eq!((found("2026-04-12"), found("2026-04-13")), (0, 1));
    assert_eq!((found("2026-10-13"), found("2026-10-14")), (1, 0));
    let now = mode(&story, "LX-13", Mode::Commitment);
    assert!(matches!(now.ground, Ground::Credit { kind: CreditKind::BrokenPromise, .. }));
    // Revoked for the authority's own fault while there is time to mend: no broken promise.
    let own_fault = Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("eia-class", "form")
        .on_commitment("LX-15")
        .handed_in()
        .window()
        .accepts()
        .officer("LX-15")
        .decides(Verdict::Pass)
        .officer("LX-15")
        .checks(false, Some("2026-04-10"))
        .approver("LX-15")
        .revokes("beyond-power");
    assert_eq!(own_fault.credit.records().len(), 0);
    // A kept promise that falls for another reason is no broken one.
    let kept = Story::bought_land("2026-03-02").granted("LX-05").approver("LX-05");
    assert_eq!(kept.revokes("beyond-power").credit.records().len(), 0);
}

#[test]
fn an_area_assessment_answers_for_its_area_while_it_is_valid() {
    let known = |region: u32, date: &str| {
        let story = Story::registered_in("E", region).on(date);
        let known = story.prospect().known_answers().get("seismic-safety").cloned();
        let asked = story.prospect().questions(1, &std::collections::BTreeMap::new());
        let asked = asked.iter().any(|question| question.key == "seismic-safety");
        (known, asked)
    };
    assert_eq!(known(ZONE, "2026-03-02"), (Some("area".to_owned()), false));
    assert_eq!(known(SUZHOU, "2026-03-02"), (None, true), "the city is not in the zone");
    assert_eq!(known(ZONE, "2029-01-02"), (None, true), "the assessment has run out");
}

/// Withdrawn and handed in again after the assessment ran out: it is asked anew.
#[test]
fn an_assessment_that_ran_out_answers_no_more() {
    let story = Story::registered_in("E", ZONE).on("2028-12-20").submits(1);
    let again = story.owner().withdraws_all("project-changed").on("2029-01-10");
    assert!(!again.prospect().known_answers().contains_key("seismic-safety"));
    let asked = again.prospect().questions(1, &std::collections::BTreeMap::new());
    assert!(asked.iter().any(|question| question.key == "seismic-safety"));
    // What is relied upon goes on counting.
    let relied = Story::registered_in("E", ZONE).on("2028-12-20").submits(1).on("2029-01-10");
    assert_eq!(relied.prospect().known_answers()["seismic-safety"], "area");
}

#[test]
fn nobody_claims_an_area_assessment_that_is_not_on_the_list() {
    Story::registered("E")
        .on("2026-03-02")
        .draft(1)
        .answering("seismic-safety", "area")
        .handed_in()
        .then_refused(Refusal::MissingAnswers(vec!["seismic-safety".to_owned()]));
}

#[test]
fn the_assessment_used_is_on_record_with_the_application() {
    let story = Story::registered_in("E", ZONE).on("2026-03-02").submits(1);
    let areas = &story.application().areas;
    assert_eq!(areas.len(), 2, "{areas:?}");
    assert!(areas.iter().all(|area| area.until == day("2028-12-31")));
    assert_eq!(story.application().answers["seismic-safety"], "area");
}

struct Book {
    credit: Credit,
    supply: Counter,
}

impl Book {
    fn context<'a>(
        &'a mut self,
        actor: &'a tongban_domain::permission::Actor,
        organisation: &'a tongban_domain::organisation::Organisation,
        today: Day,
    ) -> Context<'a> {
        Context {
            now: today.at(9, 0),
            catalog: catalog(),
            organisation,
            credit: &self.credit,
            actor,
            visit: None,
            claimed_at: None,
            source_system: None,
            node: SUZHOU,
            epoch: 1,
            supply: &mut self.supply,
        }
    }
}

#[test]
fn records_are_kept_by_supervision_alone_with_a_list_and_a_term() {
    let mut book = Book { credit: Credit::default(), supply: Counter::default() };
    let today = day("2026-03-02");
    let organisation = organisation();
    let supervisor = staff(tongban_domain::permission::Role::Supervisor, None, SUZHOU, 7);
    let new = |list: &str, until: &str| NewRecord {
        subject: uscc(COMPANY),
        name: "苏州某公司".to_owned(),
        kind: CreditKind::Bad,
        list: list.to_owned(),
        until: day(until),
    };
    let mut refused = |actor, new| {
        enter(new, &mut book.context(actor, &organisation, today)).expect_err("refused")
    };
    let owner = owner();
    assert!(matches!(refused(&owner, new("1号", "2026-12-31")), Refusal::NotAllowed(_)));
    assert_eq!(refused(&supervisor, new(" ", "2026-12-31")), Refusal::NoPublishedList);
    for bad in ["2026-03-02", "2027-03-03"] {
        assert_eq!(refused(&supervisor, new("1号", bad)), Refusal::TermOfRecord(0..=12));
    }
    let serious = |until: &str| NewRecord { kind: CreditKind::Serious, ..new("1号", until) };
    for bad in ["2027-03-01", "2029-03-03"] {
        assert_eq!(refused(&supervisor, serious(bad)), Refusal::TermOfRecord(12..=36));
    }
    let mut context = book.context(&supervisor, &organisation, today);
    let entered = enter(new("1号", "2027-03-02"), &mut context).expect("entered");
    book.credit.evolve(&Fact::Credit(entered));
    let record = book.credit.records().first().expect("one record").entry.record;
    let later = day("2026-05-04");
    let removed =
        remove(record, sealed("已修复"), &book.context(&supervisor, &organisation, later));
    book.credit.evolve(&Fact::Credit(removed.expect("removed")));
    let owner = uscc(COMPANY);
    assert_eq!(book.credit.of(&owner, day("2026-05-03")).count(), 1);
    assert_eq!(book.credit.of(&owner, later).count(), 0);
    let again = remove(record, sealed("又"), &book.context(&supervisor, &organisation, later));
    assert_eq!(again, Err(Refusal::AlreadySo));
}
