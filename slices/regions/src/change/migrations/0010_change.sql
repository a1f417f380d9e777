-- What became of a code: a row for each code that took its place. at: the day of the change.
create table regions_change (
    old_code {text} not null,
    new_code {text} not null,
    at {int} not null,
    noted_at {int} not null,
    primary key (old_code, new_code)
) {strict};
create index regions_change_new on regions_change (new_code);
