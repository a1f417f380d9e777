create table base_event (
    id {id},
    position {int},
    at {int} not null,
    kind {text} not null,
    actor_id {int},
    region {text},
    group_id {int},
    subject_kind {text} not null,
    subject_id {int} not null,
    link {text} not null,
    title {text} not null,
    data {json} not null
) {strict};
create unique index base_event_position on base_event (position);
create index base_event_unplaced on base_event (id) where position is null;
create index base_event_subject on base_event (subject_kind, subject_id, id);

create table base_cursor (
    listener {text} primary key,
    position {int} not null,
    updated_at {int} not null
) {strict};

create table base_job (
    id {id},
    kind {text} not null,
    payload {json} not null,
    state {text} not null,
    attempts {int} not null,
    run_at {int} not null,
    held_until {int},
    unique_key {text},
    last_error {text},
    created_at {int} not null
) {strict};
create index base_job_due on base_job (state, run_at, id);
create unique index base_job_unique on base_job (unique_key);

create table base_once (
    key {text} primary key,
    actor_id {int},
    body_hash {text} not null,
    status {int} not null,
    location {text},
    content_type {text},
    body {text} not null,
    created_at {int} not null
) {strict};
create index base_once_age on base_once (created_at);
