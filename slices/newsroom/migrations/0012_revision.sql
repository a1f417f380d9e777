-- A revision keeps all that the form changes; those of before do not know it, but for the newest of each story.
alter table newsroom_revision add column category {text};
alter table newsroom_revision add column tags {json};
alter table newsroom_revision add column lang {text};
alter table newsroom_revision add column region {text};
update newsroom_revision set
    category = (select a.category from newsroom_article a where a.id = newsroom_revision.article_id),
    tags = (select a.tags from newsroom_article a where a.id = newsroom_revision.article_id),
    lang = (select a.lang from newsroom_article a where a.id = newsroom_revision.article_id),
    region = (select a.region from newsroom_article a where a.id = newsroom_revision.article_id)
where id in (select max(id) from newsroom_revision group by article_id);
