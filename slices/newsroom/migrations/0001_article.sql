create table newsroom_article (
    id {id},
    slug {text} not null,
    group_id {int} not null,
    region {text} not null,
    author_id {int},
    author_name {text} not null,
    title {text} not null,
    lead {text} not null,
    body {text} not null,
    category {text} not null,
    tags {json} not null,
    lang {text} not null,
    status {text} not null,
    cover_id {int},
    created_at {int} not null,
    updated_at {int} not null,
    submitted_at {int},
    published_at {int},
    withdrawn_at {int},
    withdrawn_reason {text},
    version {int} not null,
    source_url {text},
    source_key {text},
    words {int} not null,
    sheet {text}
) {strict};
create unique index newsroom_article_slug on newsroom_article (slug);
create unique index newsroom_article_source on newsroom_article (source_key);
create index newsroom_article_newest on newsroom_article (status, published_at, id);
create index newsroom_article_region on newsroom_article (region, status, published_at, id);
create index newsroom_article_group on newsroom_article (group_id, status, published_at, id);
create index newsroom_article_desk on newsroom_article (group_id, updated_at, id);
create index newsroom_article_author on newsroom_article (author_id, status);
create index newsroom_article_category on newsroom_article (category, status, published_at, id);

create table newsroom_slug (
    slug {text} primary key,
    article_id {int} not null references newsroom_article (id) on delete cascade
) {strict};
create index newsroom_slug_article on newsroom_slug (article_id);

create table newsroom_redirect (
    path {text} primary key,
    article_id {int} not null references newsroom_article (id) on delete cascade
) {strict};
create index newsroom_redirect_article on newsroom_redirect (article_id);

create table newsroom_revision (
    id {id},
    article_id {int} not null references newsroom_article (id) on delete cascade,
    at {int} not null,
    account_id {int},
    account_name {text} not null,
    title {text} not null,
    lead {text} not null,
    body {text} not null,
    note {text} not null
) {strict};
create index newsroom_revision_article on newsroom_revision (article_id, id);

create table newsroom_photo (
    id {id},
    article_id {int} not null references newsroom_article (id) on delete cascade,
    name {text} not null,
    width {int} not null,
    height {int} not null,
    alt {text} not null,
    caption {text} not null,
    credit {text} not null,
    position {int} not null,
    created_at {int} not null
) {strict};
create index newsroom_photo_article on newsroom_photo (article_id, position, id);

create table newsroom_comment (
    id {id},
    article_id {int} not null references newsroom_article (id) on delete cascade,
    at {int} not null,
    account_id {int} not null,
    account_name {text} not null,
    body {text} not null,
    kind {text} not null
) {strict};
create index newsroom_comment_article on newsroom_comment (article_id, id);

create table newsroom_tag (
    tag {text} not null,
    article_id {int} not null references newsroom_article (id) on delete cascade,
    primary key (tag, article_id)
) {strict};
create index newsroom_tag_article on newsroom_tag (article_id);
