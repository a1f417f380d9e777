alter table people_token add column ends_at {int};
