create table kim_member (
    id {id},
    group_id {int} not null references kim_group (id),
    account_id {int},
    name {text} not null,
    office {text} not null,
    division {text} not null,
    joined_at {int} not null,
    left_at {int},
    show {bool} not null default false
) {strict};
create index kim_member_group on kim_member (group_id, id);
create index kim_member_account on kim_member (account_id);

create table kim_decree (
    id {id},
    group_id {int} not null references kim_group (id),
    number {text} not null,
    issued_at {int} not null,
    signer {text} not null,
    expires_at {int},
    scan {text},
    created_by {int},
    created_at {int} not null
) {strict};
create index kim_decree_group on kim_decree (group_id, issued_at);
create index kim_decree_end on kim_decree (expires_at);
