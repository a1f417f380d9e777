//! The life of a KIM: where it stands, which step leads where, and whose hand may take it.

/// Where a KIM stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Draft,
    Submitted,
    /// Handed in and refused.
    Rejected,
    Verified,
    Active,
    Dormant,
    Dissolved,
}

/// Whose hand takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// An officer of the KIM.
    Officer,
    /// A verifier, fostering officer or operator over its region.
    Overseer,
}

/// A step from one status to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Submit,
    Return,
    Reject,
    /// Takes a refusal back.
    Reopen,
    Verify,
    Activate,
    Rest,
    Revive,
    Dissolve,
}

/// Statuses in which anyone may see a KIM at work.
pub const OPEN: [Status; 3] = [Status::Verified, Status::Active, Status::Dormant];

impl Status {
    pub const ALL: [Status; 7] = [
        Status::Draft,
        Status::Submitted,
        Status::Rejected,
        Status::Verified,
        Status::Active,
        Status::Dormant,
        Status::Dissolved,
    ];

    /// As stored and as the API says it.
    pub fn code(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Submitted => "submitted",
            Status::Rejected => "rejected",
            Status::Verified => "verified",
            Status::Active => "active",
            Status::Dormant => "dormant",
            Status::Dissolved => "dissolved",
        }
    }

    pub fn parse(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Status::Draft => "kim-status-draft",
            Status::Submitted => "kim-status-submitted",
            Status::Rejected => "kim-status-rejected",
            Status::Verified => "kim-status-verified",
            Status::Active => "kim-status-active",
            Status::Dormant => "kim-status-dormant",
            Status::Dissolved => "kim-status-dissolved",
        }
    }

    /// Class and icon of its badge.
    pub fn look(self) -> (&'static str, &'static str) {
        match self {
            Status::Draft => ("", "write"),
            Status::Submitted => ("is-caution", "clock"),
            Status::Rejected => ("is-danger", "no"),
            Status::Verified => ("is-positive", "ok"),
            Status::Active => ("is-positive", "ok"),
            Status::Dormant => ("is-caution", "warn"),
            Status::Dissolved => ("is-danger", "close"),
        }
    }

    /// Whether anyone may see it at work and it may publish.
    pub fn is_open(self) -> bool {
        OPEN.contains(&self)
    }

    /// Whether nothing may be changed any more, unless an overseer takes a step.
    pub fn is_closed(self) -> bool {
        matches!(self, Status::Rejected | Status::Dissolved)
    }

    /// Whether anyone may see its page: at work, or as an archive.
    pub fn is_public(self) -> bool {
        self.is_open() || self == Status::Dissolved
    }

    /// The step by which this hand may lead to `to`, if there is one.
    pub fn may(self, to: Status, by: Hand) -> Option<Step> {
        use Status::{Active, Dissolved, Dormant, Draft, Rejected, Submitted, Verified};
        let (step, hand) = match (self, to) {
            (Draft, Submitted) => (Step::Submit, Hand::Officer),
            (Submitted, Draft) => (Step::Return, Hand::Overseer),
            (Submitted, Rejected) => (Step::Reject, Hand::Overseer),
            (Rejected, Draft) => (Step::Reopen, Hand::Overseer),
            (Submitted, Verified) => (Step::Verify, Hand::Overseer),
            (Verified, Active) => (Step::Activate, Hand::Overseer),
            (Verified | Active, Dormant) => (Step::Rest, Hand::Overseer),
            (Dormant, Active) => (Step::Revive, Hand::Overseer),
            (Verified | Active | Dormant, Dissolved) => (Step::Dissolve, Hand::Overseer),
            _ => return None,
        };
        (hand == by).then_some(step)
    }

    /// Every step this hand may take from here.
    pub fn steps(self, by: Hand) -> Vec<Step> {
        Status::ALL.into_iter().filter_map(|to| self.may(to, by)).collect()
    }
}

impl TryFrom<String> for Status {
    type Error = anyhow::Error;

    fn try_from(code: String) -> Result<Status, anyhow::Error> {
        Status::parse(&code).ok_or_else(|| anyhow::anyhow!("unknown status {code}"))
    }
}

impl Step {
    /// Where it leads.
    pub fn to(self) -> Status {
        match self {
            Step::Submit => Status::Submitted,
            Step::Return | Step::Reopen => Status::Draft,
            Step::Reject => Status::Rejected,
            Step::Verify => Status::Verified,
            Step::Activate | Step::Revive => Status::Active,
            Step::Rest => Status::Dormant,
            Step::Dissolve => Status::Dissolved,
        }
    }

    /// Kind of the event it leaves.
    pub fn event(self) -> &'static str {
        match self {
            Step::Submit => "kim.group.submitted",
            Step::Return => "kim.group.returned",
            Step::Reject => "kim.group.rejected",
            Step::Reopen => "kim.group.reopened",
            Step::Verify => "kim.group.verified",
            Step::Activate => "kim.group.activated",
            Step::Rest => "kim.group.rested",
            Step::Revive => "kim.group.revived",
            Step::Dissolve => "kim.group.dissolved",
        }
    }

    /// Whether it goes against the group, or back on such a step, and so needs a reason.
    pub fn needs_reason(self) -> bool {
        matches!(self, Step::Return | Step::Reject | Step::Rest | Step::Revive | Step::Dissolve)
    }

    /// Key of the notice it sends.
    pub fn notice(self) -> &'static str {
        match self {
            Step::Submit => "kim-notice-submitted",
            Step::Return => "kim-notice-returned",
            Step::Reject => "kim-notice-rejected",
            Step::Reopen => "kim-notice-reopened",
            Step::Verify => "kim-notice-verified",
            Step::Activate => "kim-notice-activated",
            Step::Rest => "kim-notice-rested",
            Step::Revive => "kim-notice-revived",
            Step::Dissolve => "kim-notice-dissolved",
        }
    }

    /// Key of what is said to the person who took it.
    pub fn done(self) -> &'static str {
        match self {
            Step::Submit => "kim-done-submitted",
            Step::Return => "kim-done-returned",
            Step::Reject => "kim-done-rejected",
            Step::Reopen => "kim-done-reopened",
            Step::Verify => "kim-done-verified",
            Step::Activate => "kim-done-activated",
            Step::Rest => "kim-done-rested",
            Step::Revive => "kim-done-revived",
            Step::Dissolve => "kim-done-dissolved",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_drawn_steps_exist() {
        let mut drawn = Vec::new();
        for from in Status::ALL {
            for to in Status::ALL {
                for hand in [Hand::Officer, Hand::Overseer] {
                    drawn.extend(from.may(to, hand).map(|step| (from.code(), to.code(), hand, step)));
                }
            }
        }
        assert_eq!(
            drawn,
            [
                ("draft", "submitted", Hand::Officer, Step::Submit),
                ("submitted", "draft", Hand::Overseer, Step::Return),
                ("submitted", "rejected", Hand::Overseer, Step::Reject),
                ("submitted", "verified", Hand::Overseer, Step::Verify),
                ("rejected", "draft", Hand::Overseer, Step::Reopen),
                ("verified", "active", Hand::Overseer, Step::Activate),
                ("verified", "dormant", Hand::Overseer, Step::Rest),
                ("verified", "dissolved", Hand::Overseer, Step::Dissolve),
                ("active", "dormant", Hand::Overseer, Step::Rest),
                ("active", "dissolved", Hand::Overseer, Step::Dissolve),
                ("dormant", "active", Hand::Overseer, Step::Revive),
                ("dormant", "dissolved", Hand::Overseer, Step::Dissolve),
            ]
        );
    }

    #[test]
    fn each_step_leads_where_it_says() {
        for from in Status::ALL {
            for hand in [Hand::Officer, Hand::Overseer] {
                for step in from.steps(hand) {
                    assert_eq!(from.may(step.to(), hand), Some(step));
                }
            }
        }
        assert!(Status::Dissolved.steps(Hand::Overseer).is_empty(), "nothing comes after the end");
        assert!(
            !Status::Rejected.is_public()
                && !Status::Submitted.is_public()
                && Status::Dissolved.is_public()
                && !Status::Dissolved.is_open()
        );
    }
}
