create table people_confirm (
    account_id {int} not null primary key references people_account (id),
    email {text} not null,
    joins {bool} not null,
    hash {text},
    sent_at {int} not null,
    ends_at {int} not null
) {strict};
create index people_confirm_sent on people_confirm (sent_at);

alter table people_account add column email_confirmed_at {int};
