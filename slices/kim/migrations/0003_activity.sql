create table kim_published (
    article_id {int} primary key,
    group_id {int} not null,
    month {text} not null,
    at {int} not null
) {strict};
create index kim_published_group on kim_published (group_id, month);

create table kim_activity (
    group_id {int} not null,
    month {text} not null,
    articles {int} not null,
    primary key (group_id, month)
) {strict};

create table kim_pulse (
    group_id {int} primary key,
    activity_last {int} not null
) {strict};
