alter table kim_member add column born {int};
alter table kim_member add column guardian_at {int};
alter table kim_member add column guardian_by {int};
