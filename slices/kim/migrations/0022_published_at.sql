create index kim_published_at on kim_published (group_id, at);
