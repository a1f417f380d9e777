create table people_factor (
    id {id},
    account_id {int} not null references people_account (id),
    kind {text} not null,
    name {text} not null,
    credential {text},
    data {text} not null,
    last_step {int} not null,
    created_at {int} not null,
    used_at {int}
) {strict};
create unique index people_factor_credential on people_factor (credential);
create index people_factor_account on people_factor (account_id, id);

create table people_recovery (
    hash {text} primary key,
    account_id {int} not null references people_account (id),
    used_at {int}
) {strict};
create index people_recovery_account on people_recovery (account_id);

create table people_step (
    hash {text} primary key,
    kind {text} not null,
    account_id {int},
    data {text} not null,
    ends_at {int} not null
) {strict};
create index people_step_end on people_step (ends_at);

create table people_device (
    hash {text} not null,
    account_id {int} not null references people_account (id),
    seen_at {int} not null,
    primary key (account_id, hash)
) {strict};

create table people_reset (
    id {id},
    account_id {int} not null references people_account (id),
    hash {text},
    via {text} not null,
    given_by {int},
    created_at {int} not null,
    ends_at {int} not null,
    used_at {int}
) {strict};
create unique index people_reset_hash on people_reset (hash);
create index people_reset_account on people_reset (account_id, created_at);

alter table people_session add column proved_at {int} not null default 0;
alter table people_session add column device {text} not null default '';
alter table people_account add column password_chars {int} not null default 0;
