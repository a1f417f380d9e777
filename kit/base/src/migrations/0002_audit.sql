create table base_audit (
    id {id},
    position {int},
    at {int} not null,
    class {text} not null,
    act {text} not null,
    actor_id {int},
    grant_id {int},
    role {text},
    region {text},
    group_id {int},
    subject_kind {text} not null,
    subject_id {int} not null,
    about_id {int},
    request {text} not null,
    detail {text} not null,
    hash {text}
) {strict};
create unique index base_audit_position on base_audit (position);
create index base_audit_unplaced on base_audit (id) where position is null;
create index base_audit_actor on base_audit (actor_id, id);
create index base_audit_about on base_audit (about_id, id);
create index base_audit_region on base_audit (region, id);
create index base_audit_group on base_audit (group_id, class, id);
create index base_audit_at on base_audit (at, id);

--only sqlite
create trigger base_audit_kept before update on base_audit
when old.hash is not null or new.hash is null or new.position is null
    or old.id <> new.id or old.at <> new.at or old.class <> new.class or old.act <> new.act
    or old.subject_kind <> new.subject_kind or old.subject_id <> new.subject_id
    or old.request <> new.request or old.detail <> new.detail
    or old.actor_id is distinct from new.actor_id or old.grant_id is distinct from new.grant_id
    or old.role is distinct from new.role or old.region is distinct from new.region
    or old.group_id is distinct from new.group_id or old.about_id is distinct from new.about_id
begin
    select raise(abort, 'base_audit keeps what was written');
end;
create trigger base_audit_stays before delete on base_audit
begin
    select raise(abort, 'base_audit keeps what was written');
end;
--end
--only postgres
create function base_audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'base_audit keeps what was written';
end
$$;
create trigger base_audit_kept before update on base_audit for each row
when (old.hash is not null or new.hash is null or new.position is null
    or old.id <> new.id or old.at <> new.at or old.class <> new.class or old.act <> new.act
    or old.subject_kind <> new.subject_kind or old.subject_id <> new.subject_id
    or old.request <> new.request or old.detail <> new.detail
    or old.actor_id is distinct from new.actor_id or old.grant_id is distinct from new.grant_id
    or old.role is distinct from new.role or old.region is distinct from new.region
    or old.group_id is distinct from new.group_id or old.about_id is distinct from new.about_id)
execute function base_audit_refuse();
create trigger base_audit_stays before delete on base_audit for each row execute function base_audit_refuse();
create trigger base_audit_whole before truncate on base_audit for each statement execute function base_audit_refuse();
--end
