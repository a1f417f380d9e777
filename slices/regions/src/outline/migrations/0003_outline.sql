-- The simplified outline of a region as an SVG path, and its bounds: ten-thousandths of a degree,
-- east and south growing.
create table regions_outline (
    code {text} primary key,
    path {text} not null,
    west {int} not null,
    north {int} not null,
    east {int} not null,
    south {int} not null,
    at {int} not null
) {strict};
