-- due_at: until when the region promised to decide. decided_at, decided_by: the last decision on what was handed in.
alter table kim_group add column due_at {int};
alter table kim_group add column decided_at {int};
alter table kim_group add column decided_by {int};
update kim_group set decided_at = verified_at, decided_by = verified_by where verified_at is not null;
update kim_group set due_at = submitted_at + 86400000000 * cast(coalesce(
    (select value from regions_policy where policy = 'clock_verify_days' and region = kim_group.region),
    (select value from regions_policy where policy = 'clock_verify_days' and region = substr(kim_group.region, 1, 8)),
    (select value from regions_policy where policy = 'clock_verify_days' and region = substr(kim_group.region, 1, 5)),
    (select value from regions_policy where policy = 'clock_verify_days' and region = substr(kim_group.region, 1, 2)),
    (select value from regions_policy where policy = 'clock_verify_days' and region = 'ID'),
    '7') as {int})
where status = 'submitted';
create index kim_group_decided on kim_group (status, decided_at, id);

-- One approval of many: skipped holds the ids of groups that lacked something, as JSON.
create table kim_batch (
    id {id},
    account_id {int} not null,
    at {int} not null,
    approved {int} not null,
    skipped {json} not null
) {strict};
