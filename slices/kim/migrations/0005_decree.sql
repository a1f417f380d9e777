-- replaced_by: the decree issued next; the one in force has none.
alter table kim_decree add column replaced_by {int};
update kim_decree set replaced_by = (
    select n.id from kim_decree n where n.group_id = kim_decree.group_id
      and (n.issued_at > kim_decree.issued_at or n.issued_at = kim_decree.issued_at and n.id > kim_decree.id)
    order by n.issued_at, n.id limit 1);
create unique index kim_decree_in_force on kim_decree (group_id) where replaced_by is null;

-- Which reminders of a decree's end were sent. stage: days before the end, 0 for the end itself.
create table kim_reminder (
    decree_id {int} not null references kim_decree (id),
    stage {int} not null,
    at {int} not null,
    primary key (decree_id, stage)
) {strict};
