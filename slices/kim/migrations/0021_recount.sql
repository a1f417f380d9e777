-- Until now nobody heard of articles that came back or went to another group: they are counted anew.
update base_cursor set position = 0 where listener = 'kim.activity';
