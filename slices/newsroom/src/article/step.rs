//! The steps of an article from draft to published and back, and who may take each.
use super::Status;

/// What someone wants to happen to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Change its words.
    Edit,
    /// Hand it to the editor.
    Submit,
    /// The editor lets it go: to readers, or to the region's officer where the region wants that.
    Publish,
    /// The region's officer lets it go to readers.
    Approve,
    /// Give it back to the writer with a request.
    AskChanges,
    /// Take a published story away from readers.
    Withdraw,
    /// Give a withdrawn story back to readers.
    Republish,
    /// Delete what was never published.
    Delete,
    /// Remark on it.
    Comment,
}

/// What a person is to an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Wrote it, and still belongs to the KIM.
    pub author: bool,
    /// Belongs to the KIM's newsroom.
    pub member: bool,
    /// Edits for the KIM.
    pub editor: bool,
    /// Watches over the KIM of the region.
    pub overseer: bool,
    /// Someone else could read it as editor.
    pub others: bool,
}

/// Why a step is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not for this person.
    NotYours,
    /// Not at this status.
    NotNow,
    /// A second pair of eyes is there and must read it.
    OwnStory,
}

impl Refusal {
    /// Key of the text that says so.
    pub fn key(self) -> &'static str {
        match self {
            Refusal::NotYours => "newsroom-refused-not-yours",
            Refusal::NotNow => "newsroom-refused-not-now",
            Refusal::OwnStory => "newsroom-refused-own-story",
        }
    }
}

impl Standing {
    /// Whether the person may know of the article in its desk form.
    pub fn may_read(self, status: Status) -> bool {
        let handed_up = matches!(status, Status::Approval | Status::Published | Status::Withdrawn);
        self.member || self.editor || (self.overseer && handed_up)
    }

    /// The status that a step leads to, or why not. `chain` says that the region's officer approves.
    pub fn step(self, step: Step, status: Status, chain: bool) -> Result<Status, Refusal> {
        use Status::*;
        let writer = self.author || self.editor;
        let (yours, next) = match (step, status) {
            (Step::Edit, Draft | Changes) => (writer, Some(status)),
            (Step::Edit, Review | Approval | Published) => (self.editor, Some(status)),
            (Step::Submit, Draft | Changes) => (writer, Some(Review)),
            (Step::Publish, Review) => (self.editor, Some(if chain { Approval } else { Published })),
            (Step::Approve, Approval) => (self.overseer, Some(Published)),
            (Step::AskChanges, Review) => (self.editor, Some(Changes)),
            (Step::AskChanges, Approval) => (self.overseer, Some(Changes)),
            (Step::Withdraw, Published) => (self.editor || self.overseer, Some(Withdrawn)),
            (Step::Republish, Withdrawn) => (self.editor, Some(if chain { Approval } else { Published })),
            (Step::Delete, Draft | Changes) => (writer, Some(status)),
            (Step::Comment, _) => (self.may_read(status), Some(status)),
            (Step::Edit | Step::Submit | Step::Delete, _) => (writer, None),
            (Step::Publish | Step::Republish, _) => (self.editor, None),
            (Step::Approve, _) => (self.overseer, None),
            (Step::AskChanges | Step::Withdraw, _) => (self.editor || self.overseer, None),
        };
        if !yours {
            return Err(Refusal::NotYours);
        }
        let next = next.ok_or(Refusal::NotNow)?;
        let last_reader = matches!(step, Step::Publish | Step::Approve) && next == Published;
        if last_reader && self.author && (self.others || step == Step::Approve) {
            return Err(Refusal::OwnStory);
        }
        Ok(next)
    }

    /// Whether a step may be taken now.
    pub fn may(self, step: Step, status: Status) -> bool {
        self.step(step, status, false).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AUTHOR: Standing = Standing { author: true, member: true, editor: false, overseer: false, others: true };
    const COLLEAGUE: Standing = Standing { author: false, ..AUTHOR };
    const EDITOR: Standing = Standing { author: false, editor: true, ..AUTHOR };
    const OVERSEER: Standing = Standing { author: false, member: false, editor: false, overseer: true, others: true };

    #[test]
    fn the_writer_holds_the_pen_until_it_is_handed_in() {
        assert_eq!(AUTHOR.step(Step::Submit, Status::Draft, false), Ok(Status::Review));
        assert!(AUTHOR.may(Step::Edit, Status::Changes));
        assert_eq!(AUTHOR.step(Step::Edit, Status::Review, false), Err(Refusal::NotYours));
        assert_eq!(AUTHOR.step(Step::Submit, Status::Published, false), Err(Refusal::NotNow));
        assert_eq!(AUTHOR.step(Step::Publish, Status::Review, false), Err(Refusal::NotYours));
        assert_eq!(AUTHOR.step(Step::Delete, Status::Published, false), Err(Refusal::NotNow));
    }

    #[test]
    fn a_colleague_reads_only() {
        assert!(COLLEAGUE.may_read(Status::Draft));
        for step in [Step::Edit, Step::Submit, Step::Delete, Step::Publish, Step::Withdraw, Step::Republish] {
            for status in Status::ALL {
                assert!(!COLLEAGUE.may(step, status), "{step:?} at {status:?}");
            }
        }
    }

    #[test]
    fn the_region_comes_after_the_editor_where_it_wants_to() {
        assert_eq!(EDITOR.step(Step::Publish, Status::Review, false), Ok(Status::Published));
        assert_eq!(EDITOR.step(Step::Publish, Status::Review, true), Ok(Status::Approval));
        assert_eq!(EDITOR.step(Step::Republish, Status::Withdrawn, true), Ok(Status::Approval));
        assert_eq!(EDITOR.step(Step::Approve, Status::Approval, true), Err(Refusal::NotYours));
        assert_eq!(OVERSEER.step(Step::Approve, Status::Approval, true), Ok(Status::Published));
        assert_eq!(OVERSEER.step(Step::AskChanges, Status::Review, true), Err(Refusal::NotYours));
        assert!(!OVERSEER.may_read(Status::Draft) && OVERSEER.may_read(Status::Approval));
    }

    #[test]
    fn nobody_is_the_only_reader_of_their_own_story_unless_they_are_alone() {
        let own = Standing { author: true, ..EDITOR };
        assert_eq!(own.step(Step::Publish, Status::Review, false), Err(Refusal::OwnStory));
        assert_eq!(own.step(Step::Publish, Status::Review, true), Ok(Status::Approval), "another reads it after");
        assert_eq!(Standing { others: false, ..own }.step(Step::Publish, Status::Review, false), Ok(Status::Published));
        let both = Standing { author: true, ..OVERSEER };
        assert_eq!(both.step(Step::Approve, Status::Approval, true), Err(Refusal::OwnStory));
    }
}
