alter table people_account add column restricted_at {int};

create table people_request (
    id {id},
    account_id {int} not null references people_account (id),
    kind {text} not null,
    words {text} not null,
    region {text},
    status {text} not null,
    created_at {int} not null,
    due_at {int} not null,
    reminded_at {int},
    answered_at {int},
    answered_by {int},
    answer {text} not null
) {strict};
create index people_request_account on people_request (account_id, id);
create index people_request_open on people_request (status, due_at, id);
create index people_request_answered on people_request (answered_at);
