//! Where stories often begin.

use tongban_domain::{
    acts::Verdict,
    case::{Recommendation::Pass, Standing},
    fact::Fact,
    ids::DepartmentId,
    organisation::OrganisationFact,
};

use super::{Story, people::day, somebody::paper};

/// The item of the one case that is brought to each standing.
pub(crate) const ITEM: &str = "LX-17a";

impl Story {
    /// When the owner hands in the soil and water report (LX-17a) alone, with all papers:
    /// seven working days promised, ten by law and ten of extension, papers may follow, and
    /// nothing comes before it.
    pub(crate) fn submits_soil_and_water(self) -> Self {
        self.draft(1)
            .answering("soil-water", "report")
            .only(&["LX-17a"])
            .with_everything()
            .handed_in()
    }

    /// Given the soil and water report, handed in and accepted on this day.
    pub(crate) fn soil_and_water(date: &str) -> Self {
        Self::registered("E").on(date).submits_soil_and_water().window().accepts()
    }

    /// Given stage 1 of an industrial project on its own land, accepted on this day: LX-11c
    /// waits for the filing, LX-05.
    pub(crate) fn own_land(date: &str) -> Self {
        Self::registered("E")
            .on(date)
            .draft(1)
            .answering("land-industrial", "own")
            .with_everything()
            .handed_in()
            .window()
            .accepts()
    }

    /// Given stage 1 of an industrial project on bought land, accepted on this day: LX-11b
    /// waits for the filing, LX-05, and for the land contract; LX-16 is a filing, too.
    pub(crate) fn bought_land(date: &str) -> Self {
        Self::registered("E").on(date).submits(1).window().accepts()
    }

    /// Given an industrial project on bought land whose construction permit (SG-09) was granted
    /// and served on Monday 16 March 2026.
    pub(crate) fn permitted() -> Self {
        Self::works_applied_for().granted("SG-06").granted("SG-09")
    }

    /// Given the same project with its third stage accepted on that Monday.
    pub(crate) fn works_applied_for() -> Self {
        Self::registered("E")
            .on("2026-03-02")
            .whole_stage(1)
            .granted("LX-05")
            .granted("LX-16")
            .planning_authority()
            .records("land-contract", "2026-03-02")
            .granted("LX-11b")
            .on("2026-03-09")
            .whole_stage(2)
            .granted("SG-01")
            .granted("GH-02")
            .on("2026-03-16")
            .whole_stage(3)
    }

    /// A stage handed in with everything, and accepted.
    pub(crate) fn whole_stage(self, stage: u8) -> Self {
        self.draft(stage).with_everything().handed_in().window().accepts()
    }

    /// Given that the department of an item has a system of its own, connected from now on.
    pub(crate) fn connects(self, item: &str) -> Self {
        let department = self.case(item).department;
        self.connects_department(department)
    }

    /// Given that a department keeps a system of its own.
    pub(crate) fn connects_department(mut self, department: DepartmentId) -> Self {
        let (system, key) = ("水务业务系统".to_owned(), [7; 32]);
        let fact = OrganisationFact::SystemConnected { department, system, key };
        self.organisation.evolve(&Fact::Organisation(fact));
        let fact = OrganisationFact::SystemAdmitted { department };
        self.organisation.evolve(&Fact::Organisation(fact));
        self
    }

    /// Given that it is connected no more.
    pub(crate) fn disconnects(mut self, item: &str) -> Self {
        let department = self.case(item).department;
        let fact = OrganisationFact::SystemDisconnected { department };
        self.organisation.evolve(&Fact::Organisation(fact));
        self
    }

    /// Officer and reviewer agree; the case is with the approver.
    pub(crate) fn reviewed(self, item: &str) -> Self {
        self.officer(item).recommends(Pass).reviewer(item).reviews(Pass)
    }

    /// Granted, by the officer alone where the item is decided at once.
    pub(crate) fn granted(self, item: &str) -> Self {
        if self.case(item).opened.at_once {
            return self.officer(item).decides(Verdict::Pass);
        }
        self.reviewed(item).approver(item).decides(Verdict::Pass)
    }

    /// Given one case, brought to this standing by real acts.
    pub(crate) fn at(standing: Standing) -> Self {
        let received = || Self::registered("E").on("2026-03-02").submits_soil_and_water();
        let notified =
            || received().window().asks_to_correct(&[(paper("agent-identity"), "paper-expired")]);
        let accepted = || Self::soil_and_water("2026-03-02");
        let decided = |verdict| accepted().reviewed(ITEM).approver(ITEM).decides(verdict);
        let gap = || Verdict::PassWithGap {
            papers: vec!["earthwork-agreement".to_owned()],
            until: day("2026-03-16"),
        };
        let refused = || Verdict::Refuse { reason: "conditions-not-met".to_owned() };
        match standing {
            Standing::Received => received(),
            Standing::NeedsCorrection => notified(),
            Standing::Corrected => notified().owner().corrects(&[paper("agent-identity")]),
            Standing::WithOfficer => accepted(),
            Standing::WithReviewer => accepted().officer(ITEM).recommends(Pass),
            Standing::WithApprover => accepted().reviewed(ITEM),
            Standing::Paused => {
                let asked = accepted().officer(ITEM).asks_special("expert-review", 8);
                asked.approver(ITEM).approves_special()
            }
            Standing::Passed => decided(Verdict::Pass),
            Standing::PassedWithGap => decided(gap()),
            Standing::Refused => decided(refused()),
            Standing::NotRequired => {
                received().window().about(ITEM).declares_not_required("no-permit-needed")
            }
            Standing::AcceptanceRefused => {
                received().window().about(ITEM).refuses_acceptance("wrong-authority")
            }
            Standing::Withdrawn => accepted().owner().about(ITEM).withdraws("project-changed"),
            Standing::Revoked => decided(Verdict::Pass).approver(ITEM).revokes("beyond-power"),
            Standing::Lapsed => decided(Verdict::Pass)
                .on("2029-03-03")
                .timer()
                .about(ITEM)
                .ends_term()
                .approver(ITEM)
                .rechecks(false),
        }
    }
}
