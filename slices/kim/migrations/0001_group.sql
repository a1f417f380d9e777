create table kim_group (
    id {id},
    slug {text} not null,
    name {text} not null,
    needle {text} not null,
    region {text} not null,
    status {text} not null,
    about {text} not null,
    founded_at {int},
    number {text},
    themes {text} not null,
    logo {text},
    cover {text},
    contact_phone {text} not null,
    contact_email {text} not null,
    contact_address {text} not null,
    show_phone {bool} not null default false,
    show_email {bool} not null default false,
    show_address {bool} not null default false,
    created_by {int},
    created_at {int} not null,
    updated_at {int} not null,
    submitted_at {int},
    verified_at {int},
    verified_by {int}
) {strict};
create unique index kim_group_slug on kim_group (slug);
create unique index kim_group_number on kim_group (number);
create index kim_group_region on kim_group (region);
create index kim_group_order on kim_group (needle, id);
create index kim_group_waiting on kim_group (status, submitted_at, id);
create index kim_group_creator on kim_group (created_by);

create table kim_slug (
    slug {text} primary key,
    group_id {int} not null references kim_group (id),
    created_at {int} not null
) {strict};
create index kim_slug_group on kim_slug (group_id);
