-- The foundation of Cuework's store. Runs as role cuework_owner inside one transaction.
--
-- Rules of this file
--   * tenant_id leads every primary key, unique key and index of tenant data (but the discovery indexes).
--   * Foreign keys join CRM records only; the hot append-only tables have none.
--   * Row-level security is enabled and forced by cw_protect() at the end, for every table but the
--     allow-listed global ones (tenant_directory, logins).
--   * Append-only logs are partitioned by ranges of UUIDv7, so the primary key holds and look-ups prune.

-- ---------------------------------------------------------------- tenants and people

create table tenant_directory (
  slug text primary key,
  tenant_id uuid not null unique
);

create table tenants (
  tenant_id uuid primary key,
  slug text not null,
  name text not null,
  currency text not null default 'USD',
  timezone text not null default 'UTC',
  business_hours jsonb not null default '{}',
  holidays jsonb not null default '[]',
  exchange_rates jsonb not null default '{}',
  definitions_epoch bigint not null default 1,
  catalog_epoch bigint not null default 1,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table logins (
  email text not null,
  tenant_id uuid not null,
  user_id uuid not null,
  password_hash text not null,
  primary key (email, tenant_id)
);

create table users (
  tenant_id uuid not null,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'manager', 'member', 'viewer')),
  timezone text,
  deactivated_at timestamptz,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index users_email on users (tenant_id, lower(email));

create table teams (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

create table team_members (
  tenant_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  position integer not null default 0,
  primary key (tenant_id, team_id, user_id),
  foreign key (tenant_id, team_id) references teams on delete cascade,
  foreign key (tenant_id, user_id) references users
);

create table sessions (
  tenant_id uuid not null,
  id uuid not null,
  secret_hash bytea not null,
  user_id uuid not null,
  csrf_token text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text,
  user_agent text,
  primary key (tenant_id, id)
);

create table api_keys (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'manager', 'member', 'viewer')),
  secret_hash bytea not null,
  hint text not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant_id, id)
);
create unique index api_keys_secret on api_keys (tenant_id, secret_hash);

create table audit (
  tenant_id uuid not null,
  id uuid not null,
  at timestamptz not null default clock_timestamp(),
  actor_type text not null,
  actor_id uuid,
  actor_name text,
  action text not null,
  subject_type text not null,
  subject_id uuid,
  subject_name text,
  before jsonb,
  after jsonb,
  ip text,
  user_agent text,
  primary key (tenant_id, id)
);
create index audit_subject on audit (tenant_id, subject_id, id);

create table idempotency_keys (
  tenant_id uuid not null,
  actor_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  headers jsonb,
  body bytea,
  created_at timestamptz not null default now(),
  primary key (tenant_id, actor_id, key)
);

-- ---------------------------------------------------------------- CRM records

create table pipelines (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  position integer not null default 0,
  is_default boolean not null default false,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);
create unique index pipelines_default on pipelines (tenant_id) where is_default;

create table deal_stages (
  tenant_id uuid not null,
  id uuid not null,
  pipeline_id uuid not null,
  key text not null,
  name text not null,
  position integer not null default 0,
  probability integer not null default 0 check (probability between 0 and 100),
  primary key (tenant_id, id),
  unique (tenant_id, pipeline_id, key),
  foreign key (tenant_id, pipeline_id) references pipelines on delete cascade
);

create table lifecycle_stages (
  tenant_id uuid not null,
  key text not null,
  name text not null,
  position integer not null default 0,
  primary key (tenant_id, key)
);

create table tags (
  tenant_id uuid not null,
  name text not null,
  color text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, name)
);

create table custom_fields (
  tenant_id uuid not null,
  id uuid not null,
  record_type text not null check (record_type in ('contact', 'company', 'deal')),
  key text not null,
  name text not null,
  type text not null check (type in ('text', 'long_text', 'number', 'money', 'date', 'date_time', 'boolean',
    'choice', 'multi_choice', 'user', 'url', 'email', 'phone')),
  options jsonb not null default '[]',
  position integer not null default 0,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, record_type, key)
);

create table companies (
  tenant_id uuid not null,
  id uuid not null,
  external_id text,
  name text not null default '',
  domain text,
  phone text,
  owner_id uuid,
  custom jsonb not null default '{}',
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references users
) with (fillfactor = 85);
create unique index companies_external on companies (tenant_id, external_id) where external_id is not null;
create index companies_domain on companies (tenant_id, lower(domain)) where domain is not null;
create index companies_name on companies (tenant_id, lower(name) text_pattern_ops);
create index companies_created on companies (tenant_id, created_at, id);

create table contacts (
  tenant_id uuid not null,
  id uuid not null,
  external_id text,
  first_name text,
  last_name text,
  email text,
  phone text,
  job_title text,
  company_id uuid,
  owner_id uuid,
  lifecycle_stage text,
  lead_score integer not null default 0,
  tags text[] not null default '{}',
  source text,
  timezone text,
  language text,
  country text,
  email_consent text not null default 'unknown' check (email_consent in ('unknown', 'granted', 'denied')),
  custom jsonb not null default '{}',
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, company_id) references companies,
  foreign key (tenant_id, owner_id) references users
) with (fillfactor = 70);
create unique index contacts_email on contacts (tenant_id, lower(email)) where email is not null and deleted_at is null;
create unique index contacts_external on contacts (tenant_id, external_id) where external_id is not null;
create index contacts_company on contacts (tenant_id, company_id) where company_id is not null;
create index contacts_owner on contacts (tenant_id, owner_id) where owner_id is not null;
create index contacts_created on contacts (tenant_id, created_at, id);

create table deals (
  tenant_id uuid not null,
  id uuid not null,
  name text not null default '',
  value_amount bigint,
  value_currency text,
  pipeline_id uuid not null,
  stage_id uuid not null,
  status text not null default 'open' check (status in ('open', 'won', 'lost')),
  contact_id uuid,
  company_id uuid,
  owner_id uuid,
  closed_at timestamptz,
  custom jsonb not null default '{}',
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, pipeline_id) references pipelines,
  foreign key (tenant_id, stage_id) references deal_stages,
  foreign key (tenant_id, contact_id) references contacts,
  foreign key (tenant_id, company_id) references companies,
  foreign key (tenant_id, owner_id) references users
) with (fillfactor = 85);
create index deals_contact on deals (tenant_id, contact_id) where contact_id is not null;
create index deals_company on deals (tenant_id, company_id) where company_id is not null;
create index deals_owner on deals (tenant_id, owner_id) where status = 'open' and deleted_at is null;
create index deals_stage on deals (tenant_id, stage_id, id) where deleted_at is null;
create index deals_created on deals (tenant_id, created_at, id);

create table tasks (
  tenant_id uuid not null,
  id uuid not null,
  title text not null,
  description text,
  assignee_id uuid,
  team_id uuid,
  due_at timestamptz,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
  status text not null default 'open' check (status in ('open', 'done', 'cancelled')),
  contact_id uuid,
  company_id uuid,
  deal_id uuid,
  execution_id uuid,
  completed_at timestamptz,
  revision bigint not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, contact_id) references contacts,
  foreign key (tenant_id, company_id) references companies,
  foreign key (tenant_id, deal_id) references deals
) with (fillfactor = 90);
create index tasks_assignee on tasks (tenant_id, assignee_id, due_at) where status = 'open' and deleted_at is null and assignee_id is not null;
create index tasks_team on tasks (tenant_id, team_id, due_at) where status = 'open' and deleted_at is null and team_id is not null;
create index tasks_contact on tasks (tenant_id, contact_id, id) where contact_id is not null;
create index tasks_deal on tasks (tenant_id, deal_id, id) where deal_id is not null;
create index tasks_company on tasks (tenant_id, company_id, id) where company_id is not null;

-- What people and workflows noted about a record. Append-only.
create table activities (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  record_type text not null,
  record_id uuid not null,
  text text not null,
  actor_type text not null,
  actor_id uuid,
  execution_id uuid,
  occurred_at timestamptz not null,
  primary key (tenant_id, id)
);
create index activities_record on activities (tenant_id, record_id, id);

create table forms (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  fields jsonb not null default '[]',
  settings jsonb not null default '{}',
  consent_version integer not null default 1,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id)
);
create unique index forms_key on forms (tenant_id, key) where deleted_at is null;

create table form_submissions (
  tenant_id uuid not null,
  id uuid not null,
  form_id uuid not null,
  contact_id uuid,
  answers jsonb not null,
  consents jsonb not null default '[]',
  ip text,
  user_agent text,
  submitted_at timestamptz not null,
  primary key (tenant_id, id)
);
create index form_submissions_form on form_submissions (tenant_id, form_id, id);
create index form_submissions_contact on form_submissions (tenant_id, contact_id, id);

create table connections (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  type text not null check (type in ('smtp', 'http')),
  config jsonb not null default '{}',
  secret bytea,
  secret_key_id text,
  checked_at timestamptz,
  check_error text,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

create table hooks (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  token_hash bytea not null,
  hint text not null,
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  unique (tenant_id, token_hash)
);

-- Message ids already received by a hook, so that a repeated delivery is dropped.
create table hook_receipts (
  tenant_id uuid not null,
  hook_id uuid not null,
  message_id text not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, hook_id, message_id)
);

create table notifications (
  tenant_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  text text not null,
  link text,
  record_type text,
  record_id uuid,
  execution_id uuid,
  created_at timestamptz not null,
  read_at timestamptz,
  primary key (tenant_id, id)
);
create index notifications_user on notifications (tenant_id, user_id, id);
create index notifications_unread on notifications (tenant_id, user_id) where read_at is null;

create table messages (
  tenant_id uuid not null,
  id uuid not null,
  channel text not null,
  direction text not null default 'out',
  contact_id uuid,
  execution_id uuid,
  visit text,
  connection_id uuid,
  sender text not null,
  recipient text not null,
  reply_to text,
  subject text,
  body_html text,
  body_text text,
  state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'skipped')),
  message_id text,
  attempts integer not null default 0,
  error text,
  created_at timestamptz not null,
  sent_at timestamptz,
  primary key (tenant_id, id)
);
create index messages_contact on messages (tenant_id, contact_id, id) where contact_id is not null;
create index messages_execution on messages (tenant_id, execution_id) where execution_id is not null;

-- ---------------------------------------------------------------- workflows

create table workflows (
  tenant_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  status text not null default 'draft' check (status in ('draft', 'published', 'paused', 'archived')),
  definition jsonb not null,
  source text,
  published_version integer,
  owner_id uuid,
  folder text,
  tags text[] not null default '{}',
  revision bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key)
);

create table workflow_versions (
  tenant_id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  definition jsonb not null,
  hash text not null,
  note text not null default '',
  published_at timestamptz not null,
  published_by uuid,
  primary key (tenant_id, workflow_id, version)
);

-- When which version took events: from publish or resume until replace, pause or archive.
create table workflow_spans (
  tenant_id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  from_at timestamptz not null,
  to_at timestamptz,
  primary key (tenant_id, workflow_id, from_at)
);
create index workflow_spans_open on workflow_spans (tenant_id, to_at);

-- ---------------------------------------------------------------- the engine's store

create table lanes (
  tenant_id uuid not null,
  lane smallint not null check (lane between 0 and 63),
  primary key (tenant_id, lane)
);

create table events (
  tenant_id uuid not null,
  id uuid not null,
  type text not null,
  record_type text,
  record_id uuid,
  revision bigint not null default 0,
  occurred_at timestamptz not null,
  changes jsonb not null default '{}',
  data jsonb,
  actor_type text not null,
  actor_id uuid,
  execution_id uuid,
  root_id uuid not null,
  hops smallint not null default 0,
  workflows uuid[] not null default '{}',
  batch_id uuid,
  primary key (tenant_id, id)
) partition by range (id);
create index events_record on events (tenant_id, record_id, id);

-- kind: event | check | wake | effect | command | continue
create table inbox (
  tenant_id uuid not null,
  id uuid not null,
  lane smallint not null,
  kind text not null,
  priority smallint not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  revision bigint not null default 0,
  event_id uuid,
  execution_id uuid,
  visit text,
  payload jsonb,
  attempts smallint not null default 0,
  primary key (tenant_id, id)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index inbox_claim on inbox (tenant_id, priority, due_at) include (lane);
create index inbox_discovery on inbox (due_at, tenant_id);
create index inbox_suspects on inbox (tenant_id, lane) where attempts > 0;
create index inbox_execution on inbox (tenant_id, execution_id) where execution_id is not null;

create table quarantine (
  tenant_id uuid not null,
  id uuid not null,
  lane smallint not null,
  kind text not null,
  event_id uuid,
  execution_id uuid,
  visit text,
  payload jsonb,
  reason text not null,
  error text,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id)
);

create table timers (
  tenant_id uuid not null,
  execution_id uuid not null,
  visit text not null,
  lane smallint not null,
  due_at timestamptz not null,
  primary key (tenant_id, execution_id, visit)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index timers_claim on timers (tenant_id, due_at) include (lane);
create index timers_discovery on timers (due_at, tenant_id);

-- What a waiting execution listens to: events of one record.
create table subscriptions (
  tenant_id uuid not null,
  execution_id uuid not null,
  visit text not null,
  lane smallint not null,
  event_type text not null,
  record_id uuid not null,
  since_at timestamptz not null,
  primary key (tenant_id, execution_id, visit, event_type, record_id)
);
create index subscriptions_record on subscriptions (tenant_id, record_id, event_type);

create table enrollments (
  tenant_id uuid not null,
  workflow_id uuid not null,
  entry_key text not null,
  active boolean not null default false,
  execution_id uuid not null,
  count integer not null default 1,
  entered_at timestamptz not null,
  truth boolean,
  primary key (tenant_id, workflow_id, entry_key)
) with (fillfactor = 90);

create table executions_live (
  tenant_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  lane smallint not null,
  status text not null check (status in ('pending', 'running', 'waiting')),
  record_type text,
  record_id uuid,
  event_id uuid,
  trigger_type text not null,
  entry_key text not null,
  test boolean not null default false,
  has_errors boolean not null default false,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  next_at timestamptz,
  active_ms integer not null default 0,
  state jsonb not null,
  revision integer not null default 1,
  primary key (tenant_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index executions_live_record on executions_live (tenant_id, record_id) where record_id is not null;
create index executions_live_workflow on executions_live (tenant_id, workflow_id, id);
create index executions_live_changed on executions_live (tenant_id, updated_at);

-- state is kept only where an execution can be retried (failed or cancelled).
create table executions_done (
  tenant_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  lane smallint not null,
  status text not null check (status in ('completed', 'failed', 'cancelled')),
  reason text not null,
  record_type text,
  record_id uuid,
  event_id uuid,
  trigger_type text not null,
  entry_key text not null,
  test boolean not null default false,
  has_errors boolean not null default false,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  active_ms integer not null default 0,
  state jsonb,
  revision integer not null default 1,
  primary key (tenant_id, id)
) partition by range (id);
create index executions_done_workflow on executions_done (tenant_id, workflow_id, id);
create index executions_done_record on executions_done (tenant_id, record_id, id);
create index executions_done_trouble on executions_done (tenant_id, status, id) where status <> 'completed' or has_errors;

create view executions with (security_invoker = true) as
  select tenant_id, id, workflow_id, version, lane, status, null::text as reason, record_type, record_id, event_id,
    trigger_type, entry_key, test, has_errors, started_at, null::timestamptz as finished_at, updated_at, next_at,
    active_ms, state, revision
  from executions_live
  union all
  select tenant_id, id, workflow_id, version, lane, status, reason, record_type, record_id, event_id,
    trigger_type, entry_key, test, has_errors, started_at, finished_at, finished_at, null::timestamptz,
    active_ms, state, revision
  from executions_done;

-- One row per finished visit of a step, appended once; what still waits is in executions_live.state.
create table steps (
  tenant_id uuid not null,
  execution_id uuid not null,
  seq smallint not null,
  visit text not null,
  type text not null,
  status text not null,
  attempts smallint not null default 1,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  detail jsonb,
  primary key (tenant_id, execution_id, seq)
) partition by range (execution_id);

-- state: queued | leased | done. A leased effect is due again when its lease ends.
create table effects (
  tenant_id uuid not null,
  id uuid not null,
  execution_id uuid not null,
  visit text not null,
  lane smallint not null,
  key text not null,
  kind text not null,
  connection_id uuid,
  request jsonb not null,
  policy jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'leased', 'done')),
  attempts smallint not null default 0,
  epoch bigint not null default 0,
  due_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  outcome jsonb,
  primary key (tenant_id, id),
  unique (tenant_id, key)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
create index effects_claim on effects (tenant_id, due_at) where state <> 'done';
create index effects_discovery on effects (due_at, tenant_id) where state <> 'done';
create index effects_execution on effects (tenant_id, execution_id);

create table rotations (
  tenant_id uuid not null,
  pool text not null,
  last_user_id uuid,
  turns bigint not null default 0,
  primary key (tenant_id, pool)
);

create table counters (
  tenant_id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  minute timestamptz not null,
  slot smallint not null,
  started integer not null default 0,
  completed integer not null default 0,
  failed integer not null default 0,
  cancelled integer not null default 0,
  with_errors integer not null default 0,
  refused integer not null default 0,
  active_ms_sum bigint not null default 0,
  histogram integer[] not null,
  primary key (tenant_id, workflow_id, version, minute, slot)
) with (fillfactor = 60);

-- Refusals past the filter: the last ones per workflow, in full.
create table misses (
  tenant_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  version integer not null,
  event_id uuid,
  record_type text,
  record_id uuid,
  reason text not null,
  detail jsonb,
  at timestamptz not null,
  primary key (tenant_id, id)
);
create index misses_workflow on misses (tenant_id, workflow_id, id);
create index misses_record on misses (tenant_id, record_id, id);

create table jobs (
  tenant_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null default '',
  state text not null default 'queued',
  request jsonb not null default '{}',
  total integer,
  done integer not null default 0,
  result jsonb,
  error text,
  created_by uuid,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id)
);

-- Processes that serve or work, so that /readyz and the monitor can tell. Global: holds no tenant's data.
create table processes (
  id uuid primary key,
  kind text not null,
  host text not null,
  pid integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp()
);

-- ---------------------------------------------------------------- functions

create function cw_add_arrays(a integer[], b integer[]) returns integer[]
  language sql immutable parallel safe
  return (select array_agg(coalesce(x, 0) + coalesce(y, 0) order by n)
          from unnest(a, b) with ordinality as t(x, y, n));

-- The smallest UUIDv7 of an instant.
create function cw_uuid_floor(at timestamptz) returns uuid
  language sql immutable parallel safe
  return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Enables and forces row-level security with the tenant's policy.
create function cw_protect(target regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)
    with check (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', target);
end $$;

-- Makes the partitions of the append-only logs from last month to three months ahead. Safe to repeat.
create function cw_make_partitions(at timestamptz) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text; month timestamptz; part text; made integer := 0;
begin
  perform pg_advisory_xact_lock(7309452, 1);
  foreach parent in array array['events', 'steps', 'executions_done'] loop
    for step in -1..3 loop
      month := date_trunc('month', (date_trunc('month', at at time zone 'UTC') + make_interval(months => step))) at time zone 'UTC';
      part := format('%s_%s', parent, to_char(month at time zone 'UTC', 'YYYYMM'));
      if to_regclass('public.' || part) is null then
        execute format('create table public.%I partition of public.%I for values from (%L) to (%L)', part, parent,
          cw_uuid_floor(month), cw_uuid_floor(date_trunc('month', (month at time zone 'UTC') + interval '1 month') at time zone 'UTC'));
        perform cw_protect(('public.' || part)::regclass);
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$;

create table events_default partition of events default;
create table steps_default partition of steps default;
create table executions_done_default partition of executions_done default;

do $$
declare t record;
begin
  for t in select c.oid::regclass as name, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
      and c.relname not in ('tenant_directory', 'logins', 'processes', 'alembic_version')
  loop
    perform cw_protect(t.name);
  end loop;
end $$;

select cw_make_partitions(now());

-- Workers find tenants with work through these columns only; the work itself is done under the tenant's policy.
create policy discovery on inbox for select to cuework_worker using (true);
create policy discovery on timers for select to cuework_worker using (true);
create policy discovery on effects for select to cuework_worker using (true);
create policy discovery on tenants for select to cuework_worker using (true);
grant select (tenant_id, due_at, priority) on inbox to cuework_worker;
grant select (tenant_id, due_at) on timers to cuework_worker;
grant select (tenant_id, due_at, state) on effects to cuework_worker;
grant select (tenant_id) on tenants to cuework_worker;
grant select, insert, update, delete on processes to cuework_worker;

grant usage on schema public to cuework_app, cuework_worker;
grant select, insert, update, delete on all tables in schema public to cuework_app;
revoke update, delete, truncate on audit, events, steps from cuework_app;
revoke all on alembic_version from cuework_app;
grant select on alembic_version to cuework_app, cuework_worker;
do $$
declare t record;
begin -- Logs are reached through their parents only.
  for t in select c.oid::regclass as name from pg_class c where c.relispartition and c.relkind = 'r' loop
    execute format('revoke all on %s from cuework_app', t.name);
  end loop;
end $$;
grant execute on function cw_make_partitions(timestamptz) to cuework_app, cuework_worker;
