create table people_handover (
    id {id},
    source_id {int} not null references people_account (id),
    target_id {int} not null references people_account (id),
    made_by {int} not null references people_account (id),
    reach {text} not null,
    region {text},
    group_id {int},
    place {text} not null,
    title {text} not null,
    stays {bool} not null,
    state {text} not null,
    created_at {int} not null,
    done_at {int},
    decided_by {int}
) {strict};
create index people_handover_source on people_handover (source_id, id);
create index people_handover_target on people_handover (target_id, id);
create index people_handover_waiting on people_handover (state, place);

create table people_handed (
    handover_id {int} not null references people_handover (id),
    grant_id {int} not null references people_grant (id),
    role {text} not null,
    new_id {int},
    primary key (handover_id, grant_id)
) {strict};
