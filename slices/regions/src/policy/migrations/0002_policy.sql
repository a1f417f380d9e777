-- What a region decided itself; a region without a row follows the nearest region above.
-- region: dotted code, or ID for the whole country. set_by: account.
create table regions_policy (
    region {text} not null,
    policy {text} not null,
    value {text} not null,
    set_by {int} not null,
    set_at {int} not null,
    primary key (region, policy)
) {strict};
