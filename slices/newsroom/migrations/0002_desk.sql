alter table newsroom_article add column withdrawn_above {bool} not null default false;
create index newsroom_article_state on newsroom_article (group_id, status, updated_at, id);
