-- Backups that were taken or failed. digest: SHA-256 of the manifest, '' when it failed.
-- locked: whether it is encrypted. error: '' when it succeeded.
create table app_backup (
    id {id},
    taken_at {int} not null,
    file {text} not null,
    bytes {int} not null,
    digest {text} not null,
    locked {bool} not null,
    verified_at {int},
    error {text} not null
) {strict};
create index app_backup_newest on app_backup (taken_at, id);
create index app_backup_digest on app_backup (digest);
