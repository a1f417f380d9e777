-- A remark that came in with an archive has a name and no account.
--only postgres
alter table newsroom_comment alter column account_id drop not null;
--end
--only sqlite
create table newsroom_comment_next (
    id {id},
    article_id {int} not null references newsroom_article (id) on delete cascade,
    at {int} not null,
    account_id {int},
    account_name {text} not null,
    body {text} not null,
    kind {text} not null
) {strict};
insert into newsroom_comment_next (id, article_id, at, account_id, account_name, body, kind)
    select id, article_id, at, account_id, account_name, body, kind from newsroom_comment order by id;
drop table newsroom_comment;
alter table newsroom_comment_next rename to newsroom_comment;
create index newsroom_comment_article on newsroom_comment (article_id, id);
--end
