-- "This is our KIM", said of a listing that nobody of the group has an account for. state: waiting, accepted or refused.
create table kim_claim (
    id {id},
    group_id {int} not null references kim_group (id),
    account_id {int} not null,
    office {text} not null,
    reason {text} not null,
    state {text} not null,
    answer {text} not null,
    at {int} not null,
    decided_by {int},
    decided_at {int}
) {strict};
create unique index kim_claim_waiting on kim_claim (group_id, account_id) where state = 'waiting';
create index kim_claim_account on kim_claim (account_id, group_id, id);
create index kim_claim_state on kim_claim (state, id);
