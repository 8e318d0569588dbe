//! Withdrawals by the owner, and revocations by the department.

use std::sync::Arc;

use tongban_domain::{
    acts::{ApplicationAct, CaseAct},
    case::Standing,
    ids::{ApplicationId, CaseId},
    reason::ReasonKind,
};
use tongban_store::ActOptions;

use crate::{
    error::SimulationError,
    world::{World, carrying},
};

impl World {
    /// The owner takes an application back before it is accepted, and comes again later.
    pub(crate) fn withdraw_all(
        &mut self,
        who: usize,
        id: ApplicationId,
    ) -> Result<(), SimulationError> {
        let Some((application, project)) = self.application(who, id) else { return Ok(()) };
        let untouched =
            project.cases_of(&application).all(|case| case.standing == Standing::Received);
        if !untouched {
            return Ok(());
        }
        if self.take_back(who, id, "papers-not-ready")?
            && let Some((stage, items)) = self.contents(who, id)
        {
            self.try_again(who, stage, items, 5, 20);
        }
        Ok(())
    }

    /// The owner gives the project up: everything still open is withdrawn.
    pub(crate) fn cancel(&mut self, who: usize) -> Result<(), SimulationError> {
        let Some(project) = self.lives[who].project.clone() else { return Ok(()) };
        if project.stage_is_done(3) {
            // Whoever may build already does not give up any more.
            return Ok(());
        }
        for application in project.applications.values() {
            if project.cases_of(application).any(|case| case.is_open()) {
                self.take_back(who, application.id, "project-cancelled")?;
            }
        }
        self.lives[who].given_up = true;
        Ok(())
    }

    fn take_back(
        &mut self,
        who: usize,
        application: ApplicationId,
        reason: &str,
    ) -> Result<bool, SimulationError> {
        let owner = self.owner(who)?;
        let act = ApplicationAct::WithdrawApplication { reason: reason.to_owned(), text: None }
            .on(application);
        Ok(self.attempt(who, &owner, &act, ActOptions::default())?.is_some())
    }

    /// The owner withdraws one case while it is being handled.
    pub(crate) fn withdraw(&mut self, who: usize, id: CaseId) -> Result<(), SimulationError> {
        let Some(case) = self.case(who, id).filter(|case| case.is_open()) else { return Ok(()) };
        let owner = self.owner(who)?;
        let reason = self.reason(ReasonKind::Withdrawal);
        let (text, value) = self.store.seal("方案有调整，先行撤回，调整后重新申请。");
        let act = CaseAct::WithdrawCase { reason, text: Some(text) }.on(id);
        if self.attempt(who, &owner, &act, carrying(value))?.is_some() {
            self.try_again(who, case.stage, vec![case.opened.item.clone()], 10, 30);
        }
        Ok(())
    }

    /// The approver revokes a decision; the owner may apply again.
    pub(crate) fn revoke(&mut self, who: usize, id: CaseId) -> Result<(), SimulationError> {
        let Some(case) = self.case(who, id) else { return Ok(()) };
        let decided = case.has_passed() || case.standing == Standing::Refused;
        let city = Arc::clone(&self.city);
        let Some(staff) = city.staff(case.department).filter(|_| decided) else {
            return Ok(());
        };
        let reason = self.reason(ReasonKind::Revocation);
        let (text, value) = self.store.seal("经核查，原决定依法应当撤销。");
        let act = CaseAct::RevokeDecision { reason, text }.on(id);
        if self.attempt(who, &staff.approver, &act, carrying(value))?.is_some() {
            self.try_again(who, case.stage, vec![case.opened.item.clone()], 10, 40);
        }
        Ok(())
    }
}
