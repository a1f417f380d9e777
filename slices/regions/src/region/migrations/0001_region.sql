-- code: dotted Kemendagri text. parent: '' for a province. postal: '' above the village.
-- A code that ended keeps its row: valid_until says when, replaced_by which code took its place.
create table regions_region (
    code {text} primary key,
    name {text} not null,
    official_name {text} not null,
    level {int} not null,
    parent {text} not null,
    postal {text} not null,
    valid_from {int},
    valid_until {int},
    replaced_by {text}
) {strict};
create index regions_region_parent on regions_region (parent);
create index regions_region_replaced on regions_region (replaced_by) where replaced_by is not null;

-- Every folded name by which a current region is found.
create table regions_name (
    folded {text} not null,
    code {text} not null,
    primary key (folded, code)
) {strict};
create index regions_name_code on regions_name (code);
