-- An upload of many rows. state: waiting, done or undone. group_id: the KIM of a roster.
-- region: what all rows of a register lie in; empty for the whole country.
create table kim_import (
    id {id},
    kind {text} not null,
    region {text} not null,
    group_id {int},
    account_id {int} not null,
    file {text} not null,
    state {text} not null,
    good {int} not null,
    bad {int} not null,
    made {int} not null default 0,
    notes {json} not null,
    created_at {int} not null,
    expires_at {int} not null,
    imported_at {int},
    undone_at {int}
) {strict};
create index kim_import_account on kim_import (account_id, id);
create index kim_import_group on kim_import (group_id, id);
create index kim_import_expiry on kim_import (expires_at);

-- Rows between preview and import. They hold personal data and live a day at most.
create table kim_import_row (
    import_id {int} not null references kim_import (id) on delete cascade,
    line {int} not null,
    cells {json} not null,
    flaws {json} not null,
    good {bool} not null,
    primary key (import_id, line)
) {strict};

-- What an import made. stamp: the state a member was made in; event_id: the newest event when a KIM was made. Both
-- show whether something was changed since.
create table kim_import_made (
    import_id {int} not null references kim_import (id) on delete cascade,
    subject_id {int} not null,
    stamp {text} not null,
    event_id {int} not null,
    primary key (import_id, subject_id)
) {strict};
create index kim_import_made_subject on kim_import_made (subject_id);

-- Whether nobody of the group has an account yet: unclaimed, then claimed; empty for groups that registered themselves.
alter table kim_group add column listing {text} not null default '';
