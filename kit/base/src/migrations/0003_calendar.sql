create table base_calendar (
    line {text} primary key,
    done_until {int} not null
) {strict};
