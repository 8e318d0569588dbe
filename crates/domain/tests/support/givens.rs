//! Where stories often begin.

use tongban_domain::{
    acts::Verdict, case::Recommendation, fact::Fact, organisation::OrganisationFact,
};

use super::Story;

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
    pub(crate) fn connects(mut self, item: &str) -> Self {
        let department = self.case(item).department;
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
        self.officer(item)
            .recommends(Recommendation::Pass)
            .reviewer(item)
            .reviews(Recommendation::Pass)
    }

    /// Granted, by the officer alone where the item is decided at once.
    pub(crate) fn granted(self, item: &str) -> Self {
        if self.case(item).opened.at_once {
            return self.officer(item).decides(Verdict::Pass);
        }
        self.reviewed(item).approver(item).decides(Verdict::Pass)
    }
}
