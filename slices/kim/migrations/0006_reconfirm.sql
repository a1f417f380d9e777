-- confirmed_at: when the group was last known to be at work.
alter table kim_group add column confirmed_at {int};
update kim_group set confirmed_at = coalesce(verified_at, created_at) where status in ('verified', 'active', 'dormant');

-- The yearly question whether a group is still at work. told_at: when its overseers heard that no
-- answer came. closed_at: when the question fell away without an answer.
create table kim_reconfirm (
    id {id},
    group_id {int} not null references kim_group (id),
    asked_at {int} not null,
    told_at {int},
    answered_at {int},
    answered_by {int},
    closed_at {int}
) {strict};
create unique index kim_reconfirm_open on kim_reconfirm (group_id) where answered_at is null and closed_at is null;
create index kim_reconfirm_group on kim_reconfirm (group_id, asked_at);
