-- The KIM that a merged one became part of; its address leads there.
alter table kim_group add column merged_into {int};
create index kim_group_merged on kim_group (merged_into) where merged_into is not null;

-- Pairs that an overseer looked at and found to be two. one is the smaller id.
create table kim_apart (
    one {int} not null references kim_group (id) on delete cascade,
    two {int} not null references kim_group (id) on delete cascade,
    account_id {int} not null,
    at {int} not null,
    primary key (one, two)
) {strict};
create index kim_apart_two on kim_apart (two);
