//! What somebody does: one method for each act.

use std::collections::BTreeMap;

use tongban_domain::{
    acts::{Act, ApplicationAct, CaseAct, ProjectAct, Verdict},
    application::{Demand, Release, Target},
    case::{HearingNotice, Recommendation, Stance},
    ids::{AccountId, DepartmentId},
    project::{FieldValue, Planned},
};

use super::{
    Story,
    people::{day, file, sealed},
    somebody::Somebody,
};

/// The owner.
impl Somebody {
    /// Answers a correction notice in these points.
    pub(crate) fn corrects(self, targets: &[Target]) -> Story {
        let (mut papers, mut fields) = (BTreeMap::new(), BTreeMap::new());
        for target in targets {
            match target {
                Target::Paper(key) => {
                    papers.insert(key.clone(), file());
                }
                Target::Field(key) => {
                    fields.insert(key.clone(), FieldValue::Text("更正".to_owned()));
                }
            }
        }
        let application = self.application();
        self.does(ApplicationAct::SubmitCorrection { papers, fields }.on(application))
    }

    /// Chooses when results are handed over.
    pub(crate) fn chooses(self, release: Release) -> Story {
        let application = self.application();
        self.does(ApplicationAct::ChooseRelease { release }.on(application))
    }

    /// Withdraws the case.
    pub(crate) fn withdraws(self, reason: &str) -> Story {
        let (case, reason) = (self.case(), reason.to_owned());
        self.does(CaseAct::WithdrawCase { reason, text: None }.on(case))
    }

    /// Withdraws the whole application.
    pub(crate) fn withdraws_all(self, reason: &str) -> Story {
        let (application, reason) = (self.application(), reason.to_owned());
        let text = Some(sealed("资金没有落实"));
        self.does(ApplicationAct::WithdrawApplication { reason, text }.on(application))
    }

    /// Hands in a paper that was owed.
    pub(crate) fn provides(self, paper: &str) -> Story {
        let (case, paper) = (self.case(), paper.to_owned());
        self.does(CaseAct::ProvideOwedPaper { paper, file: file() }.on(case))
    }

    /// Records a milestone.
    pub(crate) fn records(self, milestone: &str, on: &str) -> Story {
        self.does(Act::Project(ProjectAct::RecordMilestone {
            key: milestone.to_owned(),
            on: day(on),
        }))
    }

    /// Agrees on days for items and milestones.
    pub(crate) fn plans(self, milestones: &[(&str, &str)]) -> Story {
        let planned = |(what, by): &(&str, &str)| Planned { what: (*what).to_owned(), by: day(by) };
        self.does(Act::Project(ProjectAct::AgreePlan {
            milestones: milestones.iter().map(planned).collect(),
        }))
    }
}

/// The window.
impl Somebody {
    /// Sends the one correction notice.
    pub(crate) fn asks_to_correct(self, demands: &[(Target, &str)]) -> Story {
        let demand = |(target, reason): &(Target, &str)| Demand {
            target: target.clone(),
            reason: (*reason).to_owned(),
            note: None,
        };
        let (application, demands) = (self.application(), demands.iter().map(demand).collect());
        self.does(ApplicationAct::RequestCorrection { demands }.on(application))
    }

    /// Accepts what can be accepted.
    pub(crate) fn accepts(self) -> Story {
        self.accepts_only(&[])
    }

    /// Accepts these items alone.
    pub(crate) fn accepts_only(self, items: &[&str]) -> Story {
        let cases = items.iter().map(|item| self.story.case(item).opened.case).collect();
        let application = self.application();
        self.does(ApplicationAct::AcceptApplication { cases }.on(application))
    }

    /// Refuses to accept the case.
    pub(crate) fn refuses_acceptance(self, reason: &str) -> Story {
        let (case, reason) = (self.case(), reason.to_owned());
        self.does(CaseAct::RefuseAcceptance { reason, text: None }.on(case))
    }

    /// Says that no permit is needed.
    pub(crate) fn declares_not_required(self, reason: &str) -> Story {
        let (case, reason) = (self.case(), reason.to_owned());
        self.does(CaseAct::DeclareNotRequired { reason, text: None }.on(case))
    }
}

/// The department.
impl Somebody {
    /// Takes the case up.
    pub(crate) fn claims(self) -> Story {
        let case = self.case();
        self.does(CaseAct::ClaimCase.on(case))
    }

    /// Gives the opinion of the officer.
    pub(crate) fn recommends(self, recommendation: Recommendation) -> Story {
        let (case, text) = (self.case(), sealed("符合规定"));
        self.does(CaseAct::GiveOpinion { recommendation, reason: None, text }.on(case))
    }

    /// Gives an opinion against it.
    pub(crate) fn recommends_refusal(self, reason: &str) -> Story {
        let (case, text) = (self.case(), sealed("不符合规定"));
        let (recommendation, reason) = (Recommendation::Refuse, Some(reason.to_owned()));
        self.does(CaseAct::GiveOpinion { recommendation, reason, text }.on(case))
    }

    /// Gives the opinion of the reviewer.
    pub(crate) fn reviews(self, recommendation: Recommendation) -> Story {
        let (case, text) = (self.case(), sealed("审核意见"));
        self.does(CaseAct::ReviewCase { recommendation, reason: None, text }.on(case))
    }

    /// Sends the case back to the officer.
    pub(crate) fn sends_back(self, reason: &str) -> Story {
        let (case, reason, text) = (self.case(), reason.to_owned(), sealed("请补充"));
        self.does(CaseAct::SendBack { reason, text }.on(case))
    }

    /// Decides.
    pub(crate) fn decides(self, verdict: Verdict) -> Story {
        let (case, text) = (self.case(), sealed("决定"));
        self.does(CaseAct::DecideCase { verdict, text }.on(case))
    }

    /// Asks for a special procedure of so many working days.
    pub(crate) fn asks_special(self, reason: &str, planned_days: u16) -> Story {
        self.asks_for(reason, Some(planned_days))
    }

    /// Asks for one of the length that is usual for its kind.
    pub(crate) fn asks_special_as_usual(self, reason: &str) -> Story {
        self.asks_for(reason, None)
    }

    fn asks_for(self, reason: &str, planned_days: Option<u16>) -> Story {
        let (case, reason, text) = (self.case(), reason.to_owned(), sealed("需要专家评审"));
        self.does(CaseAct::AskSpecialProcedure { reason, planned_days, text }.on(case))
    }

    /// Approves it: the clock stops.
    pub(crate) fn approves_special(self) -> Story {
        let case = self.case();
        self.does(CaseAct::ApproveSpecialProcedure.on(case))
    }

    /// Does not approve it.
    pub(crate) fn rejects_special(self) -> Story {
        let case = self.case();
        self.does(CaseAct::RejectSpecialProcedure.on(case))
    }

    /// Ends it by hand.
    pub(crate) fn ends_special(self) -> Story {
        let case = self.case();
        self.does(CaseAct::EndSpecialProcedure.on(case))
    }

    /// Extends the limit.
    pub(crate) fn extends(self, days: u16, reason: &str) -> Story {
        let (case, reason) = (self.case(), reason.to_owned());
        self.does(CaseAct::ExtendLimit { days, reason }.on(case))
    }

    /// Finds an owed paper good.
    pub(crate) fn confirms(self, paper: &str) -> Story {
        let (case, paper) = (self.case(), paper.to_owned());
        self.does(CaseAct::ConfirmOwedPaper { paper }.on(case))
    }

    /// Checks what the owner promised.
    pub(crate) fn checks(self, kept: bool, until: Option<&str>) -> Story {
        let (case, until, text) = (self.case(), until.map(day), sealed("现场核查"));
        self.does(CaseAct::CheckCommitment { kept, until, text }.on(case))
    }

    /// Asks for an extension of the result's term.
    pub(crate) fn asks_extension(self) -> Story {
        let case = self.case();
        self.does(CaseAct::AskExtension { text: None }.on(case))
    }

    /// Grants it.
    pub(crate) fn grants_extension(self) -> Story {
        let case = self.case();
        self.does(CaseAct::GrantExtension.on(case))
    }

    /// Refuses it.
    pub(crate) fn refuses_extension(self) -> Story {
        let case = self.case();
        self.does(CaseAct::RefuseExtension { text: sealed("不符合条件") }.on(case))
    }

    /// Strikes a result off.
    pub(crate) fn cancels(self, reason: &str) -> Story {
        let (case, reason) = (self.case(), reason.to_owned());
        self.does(CaseAct::CancelResult { reason, text: sealed("注销") }.on(case))
    }

    /// Looks at a result again.
    pub(crate) fn rechecks(self, holds: bool) -> Story {
        let case = self.case();
        self.does(CaseAct::Recheck { holds, text: sealed("重新审核") }.on(case))
    }

    /// The day after the term.
    pub(crate) fn ends_term(self) -> Story {
        let case = self.case();
        self.does(CaseAct::EndTerm.on(case))
    }

    /// Sends a paper that came later back.
    pub(crate) fn returns(self, paper: &str, reason: &str) -> Story {
        let (case, paper, reason) = (self.case(), paper.to_owned(), reason.to_owned());
        self.does(CaseAct::ReturnOwedPaper { paper, reason, text: None }.on(case))
    }

    /// Revokes the decision.
    pub(crate) fn revokes(self, reason: &str) -> Story {
        let (case, reason, text) = (self.case(), reason.to_owned(), sealed("依法撤销"));
        self.does(CaseAct::RevokeDecision { reason, text }.on(case))
    }
}

/// The timers of the node.
impl Somebody {
    /// Nothing was sent in time: accepted by law.
    pub(crate) fn deems_accepted(self) -> Story {
        let application = self.application();
        self.does(ApplicationAct::DeemAccepted.on(application))
    }

    /// The corrections did not come in time.
    pub(crate) fn lapses_correction(self) -> Story {
        let application = self.application();
        self.does(ApplicationAct::LapseCorrection.on(application))
    }

    /// The planned end has passed.
    pub(crate) fn resumes_clock(self) -> Story {
        let case = self.case();
        self.does(CaseAct::ResumeClock.on(case))
    }

    /// The owed paper did not come in time.
    pub(crate) fn closes_gap(self) -> Story {
        let (case, text) = (self.case(), sealed("逾期未补"));
        self.does(CaseAct::CloseGap { text }.on(case))
    }

    /// Tells the right to a hearing.
    pub(crate) fn offers_hearing(self) -> Story {
        let case = self.case();
        let text = sealed("建设单位的重大利益");
        self.does(CaseAct::OfferHearing { others: false, text }.on(case))
    }

    /// Tells the right to a hearing to the owner and to others who are concerned.
    pub(crate) fn offers_hearing_to_all(self) -> Story {
        let case = self.case();
        let text = sealed("涉及相邻村庄的用水");
        self.does(CaseAct::OfferHearing { others: true, text }.on(case))
    }

    /// Asks for a hearing.
    pub(crate) fn asks_hearing(self) -> Story {
        let case = self.case();
        self.does(CaseAct::AskHearing { text: sealed("请求听证") }.on(case))
    }

    /// Gives the right to a hearing up.
    pub(crate) fn waives_hearing(self) -> Story {
        let case = self.case();
        self.does(CaseAct::WaiveHearing.on(case))
    }

    /// Tells time, place and chair of a hearing.
    pub(crate) fn notifies(self, on: &str, chair: AccountId) -> Story {
        let case = self.case();
        let notice = HearingNotice { on: day(on), place: sealed("上午九时，三楼"), chair };
        self.does(CaseAct::NotifyHearing(notice).on(case))
    }

    /// Puts the minutes of a hearing on record.
    pub(crate) fn records_minutes(self) -> Story {
        let case = self.case();
        self.does(CaseAct::HoldHearing { text: sealed("双方陈述完毕") }.on(case))
    }
}

/// Other departments than the one that decides.
impl Somebody {
    /// Asks another department for its opinion within the usual days.
    pub(crate) fn consults(self, of: DepartmentId) -> Story {
        let (case, text) = (self.case(), sealed("是否影响河道行洪"));
        self.does(CaseAct::ConsultDepartment { of, days: None, text }.on(case))
    }

    /// Says what its department thinks.
    pub(crate) fn answers(self, stance: Stance) -> Story {
        let (case, text) = (self.case(), sealed("不影响河道行洪"));
        self.does(CaseAct::AnswerConsultation { stance, text }.on(case))
    }

    /// Urges.
    pub(crate) fn urges(self) -> Story {
        let case = self.case();
        self.does(CaseAct::UrgeCase { text: sealed("请于本周内办结") }.on(case))
    }
}
