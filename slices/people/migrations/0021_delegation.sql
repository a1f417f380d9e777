create table people_delegation (
    id {id},
    giver_id {int} not null references people_account (id),
    deputy_id {int} not null references people_account (id),
    reach {text} not null,
    region {text},
    group_id {int},
    title {text} not null,
    from_at {int} not null,
    until_at {int} not null,
    created_at {int} not null,
    ended_at {int}
) {strict};
create index people_delegation_giver on people_delegation (giver_id, until_at);
create index people_delegation_deputy on people_delegation (deputy_id, until_at);
alter table people_grant add column delegation_id {int};
alter table people_grant add column delegated_from {int};
create index people_grant_delegation on people_grant (delegation_id);
create index people_grant_delegated on people_grant (delegated_from);
