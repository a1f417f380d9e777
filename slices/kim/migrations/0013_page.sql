-- How a group arranged its page. blocks: codes in order between commas, hidden ones with a minus.
create table kim_page (
    group_id {int} primary key references kim_group (id) on delete cascade,
    colour {text} not null,
    blocks {text} not null,
    updated_at {int} not null
) {strict};
