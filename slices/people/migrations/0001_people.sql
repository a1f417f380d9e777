create table people_account (
    id {id},
    name {text} not null,
    username {text},
    phone {text},
    email {text},
    password_hash {text} not null,
    status {text} not null,
    created_at {int} not null,
    updated_at {int} not null
) {strict};
create unique index people_account_username on people_account (username);
create unique index people_account_phone on people_account (phone);
create unique index people_account_email on people_account (email);

create table people_session (
    id {id},
    hash {text} not null,
    account_id {int} not null references people_account (id),
    created_at {int} not null,
    seen_at {int} not null,
    ends_at {int} not null
) {strict};
create unique index people_session_hash on people_session (hash);
create index people_session_account on people_session (account_id);
create index people_session_end on people_session (ends_at);

create table people_grant (
    id {id},
    account_id {int} not null references people_account (id),
    role {text} not null,
    reach {text} not null,
    region {text},
    group_id {int},
    from_at {int} not null,
    until_at {int},
    given_by {int},
    created_at {int} not null,
    ended_at {int}
) {strict};
create index people_grant_account on people_grant (account_id, ended_at);
create index people_grant_group on people_grant (group_id, role);
create index people_grant_region on people_grant (region, role);

create table people_token (
    id {id},
    hash {text} not null,
    account_id {int} not null references people_account (id),
    name {text} not null,
    scopes {text} not null,
    created_at {int} not null,
    revoked_at {int}
) {strict};
create unique index people_token_hash on people_token (hash);
create index people_token_account on people_token (account_id);

create table people_notice (
    id {id},
    event_position {int} not null,
    account_id {int} not null,
    at {int} not null,
    text_key {text} not null,
    title {text} not null,
    reason {text} not null,
    link {text} not null,
    read_at {int}
) {strict};
create unique index people_notice_once on people_notice (event_position, account_id);
create index people_notice_account on people_notice (account_id, read_at, id);
