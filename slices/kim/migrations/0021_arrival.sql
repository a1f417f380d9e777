-- KIM that came in as an archive. site, source_id: the address of the site and the id that they had there.
create table kim_arrival (
    group_id {int} primary key references kim_group (id) on delete cascade,
    site {text} not null,
    source_id {int} not null,
    at {int} not null
) {strict};
create unique index kim_arrival_source on kim_arrival (site, source_id);
