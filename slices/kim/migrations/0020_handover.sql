create table kim_handover (
    handover_id {int} not null,
    member_id {int} not null references kim_member (id),
    before {text} not null,
    after {text} not null,
    primary key (handover_id, member_id)
) {strict};
