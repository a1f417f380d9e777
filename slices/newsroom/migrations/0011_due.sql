-- due_at: until when the next reader of a story that waits should have read it. A later change of policy does not move it.
alter table newsroom_article add column due_at {int};
update newsroom_article set due_at = coalesce(submitted_at, updated_at) + 86400000000 * cast(coalesce(
    (select p.value from kim_group g join regions_policy p on p.region = g.region
     where g.id = newsroom_article.group_id and p.policy = 'clock_review_days'),
    (select p.value from kim_group g join regions_policy p on p.region = substr(g.region, 1, 8)
     where g.id = newsroom_article.group_id and p.policy = 'clock_review_days'),
    (select p.value from kim_group g join regions_policy p on p.region = substr(g.region, 1, 5)
     where g.id = newsroom_article.group_id and p.policy = 'clock_review_days'),
    (select p.value from kim_group g join regions_policy p on p.region = substr(g.region, 1, 2)
     where g.id = newsroom_article.group_id and p.policy = 'clock_review_days'),
    (select value from regions_policy where region = 'ID' and policy = 'clock_review_days'),
    '3') as {int})
where status in ('review', 'approval');
