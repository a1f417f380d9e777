create table people_consent (
    id {id},
    account_id {int} not null references people_account (id),
    purpose {text} not null,
    version {int} not null,
    given {bool} not null,
    at {int} not null,
    form {text} not null
) {strict};
create index people_consent_newest on people_consent (account_id, purpose, id);
