create table people_invite (
    id {id},
    hash {text} not null,
    many {bool} not null,
    role {text} not null,
    reach {text} not null,
    region {text},
    group_id {int},
    place {text} not null,
    title {text} not null,
    link {text} not null,
    entry_id {int},
    note {text} not null,
    made_by {int} not null references people_account (id),
    created_at {int} not null,
    ends_at {int} not null,
    used_at {int},
    revoked_at {int},
    revoked_by {int}
) {strict};
create unique index people_invite_hash on people_invite (hash);
create index people_invite_group on people_invite (coalesce(group_id, 0), id);
create index people_invite_maker on people_invite (made_by, group_id);

create table people_join (
    id {id},
    invite_id {int} not null references people_invite (id),
    account_id {int} not null references people_account (id),
    fresh {bool} not null,
    state {text} not null,
    at {int} not null,
    decided_at {int},
    decided_by {int}
) {strict};
create unique index people_join_once on people_join (invite_id, account_id);
create index people_join_account on people_join (account_id, state);
