create table people_identity (
    id {id},
    account_id {int} not null references people_account (id),
    provider {text} not null,
    subject {text} not null,
    created_at {int} not null,
    used_at {int}
) {strict};
create unique index people_identity_subject on people_identity (provider, subject);
create index people_identity_account on people_identity (account_id);
