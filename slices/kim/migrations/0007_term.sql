-- Who holds or held an office, from when. until_at: until when by the region's term. ended_at: when it did end.
create table kim_term (
    id {id},
    group_id {int} not null references kim_group (id),
    member_id {int} not null references kim_member (id),
    office {text} not null,
    division {text} not null,
    from_at {int} not null,
    until_at {int},
    ended_at {int}
) {strict};
create unique index kim_term_holding on kim_term (member_id) where ended_at is null;
create index kim_term_group on kim_term (group_id, ended_at);
insert into kim_term (group_id, member_id, office, division, from_at, ended_at)
    select group_id, id, office, division, joined_at, left_at from kim_member where office <> 'member' order by id;

-- Codes between commas, and words for what the lists do not hold.
alter table kim_member add column skills {text} not null default ',';
alter table kim_member add column skills_other {text} not null default '';
alter table kim_member add column languages {text} not null default ',';
alter table kim_member add column languages_other {text} not null default '';
create index kim_member_standing on kim_member (group_id, office) where left_at is null;
