create table newsroom_handover (
    handover_id {int} not null,
    article_id {int} not null references newsroom_article (id) on delete cascade,
    primary key (handover_id, article_id)
) {strict};
