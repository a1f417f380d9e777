-- connectivity: good, hotspot or blank; empty until the group says. equipment: codes between commas.
alter table kim_group add column connectivity {text} not null default '';
alter table kim_group add column equipment {text} not null default ',';
alter table kim_group add column equipment_other {text} not null default '';
