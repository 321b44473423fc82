/** The API's shapes, made from its OpenAPI document. Not written by hand: `./dev web types` makes it. */
import type { Json, JsonObject } from "./json";
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What the execution was told to do; it will within moments. */
        Accepted: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            accepted: "cancel" | "retry";
        };
        /** @description A note about a record, who wrote it, and by which execution. */
        Activity: {
            /** Format: uuid */
            id: string;
            type: string;
            record: components["schemas"]["RecordRef"];
            text: string;
            actor: components["schemas"]["ActorRef"];
            execution_id: string | null;
            /** Format: date-time */
            occurred_at: string;
        };
        /** @description Who: a user, an api_key, a workflow, a form, public, or the system. */
        ActorRef: {
            type: string;
            id: string | null;
        };
        /** @description This process is alive. */
        Alive: {
            /**
             * @default alive
             * @constant
             */
            status: "alive";
        };
        /** @description A key; `hint` is its last letters. */
        ApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            hint: string;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            last_used_at: string | null;
            revoked_at: string | null;
        };
        /** @description One change; before and after hold what differs. */
        AuditRow: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            action: string;
            actor: components["schemas"]["NamedActor"];
            subject: components["schemas"]["AuditSubject"];
            before: JsonObject | null;
            after: JsonObject | null;
            ip: string | null;
            user_agent: string | null;
        };
        /** @description What it was done to. */
        AuditSubject: {
            type: string;
            id: string | null;
            name: string | null;
        };
        /** @description What became of each item, in the order of the request: created ones first. */
        BulkAnswer: {
            /** Format: uuid */
            batch_id: string;
            created: number;
            updated: number;
            unchanged: number;
            failed: number;
            items: components["schemas"]["BulkItem"][];
        };
        /**
         * @description Records to create and to change, at most 1,000 together.
         *
         *     `workflows`: `bulk` starts workflows at bulk priority, `none` starts nothing.
         */
        BulkBody: {
            /** @default [] */
            create?: JsonObject[];
            /** @default [] */
            update?: JsonObject[];
            /** @default bulk */
            workflows?: components["schemas"]["Workflows"];
        };
        /** @description How many executions the action would be done to: exact unless there are `more`. */
        BulkCount: {
            count: number;
            more: boolean;
        };
        /** @description One item: its place in its list, the record's id, and why it failed where it did. */
        BulkItem: {
            /** @enum {string} */
            operation: "create" | "update";
            index: number;
            id: string | null;
            /** @enum {string} */
            status: "created" | "updated" | "unchanged" | "failed";
            errors: components["schemas"]["ProblemPlace"][];
        };
        /** @description The job that does it. */
        BulkStarted: {
            count: number;
            more: boolean;
            /** Format: uuid */
            id: string;
            /**
             * @default running
             * @constant
             */
            state: "running";
        };
        /** @description Why it is cancelled, for the log. */
        Cancel: {
            why?: string | null;
        };
        /** @description A record that a step changed; its name is told with the whole execution only. */
        ChangedRecord: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
            /** @default null */
            name?: string | null;
        };
        /**
         * @description A workflow with the problems of its draft, and what it does in sentences.
         *
         *     `start_words` is what starts it, without the filter; `step_words` what each step does, by the step's id.
         */
        CheckedWorkflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            /** @description A definition as it was written, right or wrong; /node-types/schema says what a right one is */
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            last_execution_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            errors_7d: number;
            stats: components["schemas"]["WorkflowFigures"];
            start_words: string | null;
            step_words: {
                [key: string]: string;
            };
            problems: components["schemas"]["DefinitionProblem"][];
        };
        /** @description Which executions; what is left out means any. */
        Chosen: {
            workflow_id?: string | null;
            status?: ("pending" | "running" | "waiting" | "failed" | "cancelled") | null;
            reason?: string | null;
            record_id?: string | null;
            from?: string | null;
            to?: string | null;
            has_errors?: boolean | null;
        };
        /** @description How one clause of a filter came out: as written, whether it is as it must be, and what it saw. */
        ClauseOutcome: {
            /** @description The clause as it was written */
            clause: JsonObject;
            ok: boolean;
            /** @description Any JSON value */
            value: Json;
            reason: string;
        };
        /** @description A company. */
        Company: {
            /** Format: uuid */
            id: string;
            external_id: string | null;
            name: string;
            domain: string | null;
            phone: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The tenant's own fields, by key */
            custom: JsonObject;
        };
        /** @description Fields to set: those left out stay as they are, null makes one blank. */
        CompanyFields: {
            external_id?: string | null;
            name?: string;
            domain?: string | null;
            phone?: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id?: string | null;
            /** @description The tenant's own fields, by key */
            custom?: JsonObject;
        };
        /** @description A provider's account; `check_error` says what the last check found wrong. */
        ConnectionAnswer: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            type: "smtp" | "http";
            /** @description The provider's settings; which, its type says */
            config: JsonObject;
            has_secret: boolean;
            checked_at: string | null;
            check_error: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change; `secret` replaces all credentials, and without it they stay. */
        ConnectionChanges: {
            name?: string;
            /** @description The provider's settings; which, its type says */
            config?: JsonObject;
            secret?: {
                [key: string]: string;
            } | null;
        };
        /** @description What somebody agreed to: the field, its text and the form's consent version as they were, and when. */
        Consent: {
            field: string;
            text: string;
            version: number;
            /** Format: date-time */
            given_at: string;
        };
        /** @description A contact. */
        Contact: {
            /** Format: uuid */
            id: string;
            external_id: string | null;
            first_name: string | null;
            last_name: string | null;
            /** Format: email */
            email: string | null;
            phone: string | null;
            job_title: string | null;
            /** Format: uuid */
            company_id: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id: string | null;
            lifecycle_stage: string | null;
            lead_score: number;
            tags: string[];
            source: string | null;
            timezone: string | null;
            language: string | null;
            country: string | null;
            /** @enum {string} */
            email_consent: "unknown" | "granted" | "denied";
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The tenant's own fields, by key */
            custom: JsonObject;
        };
        /** @description Fields to set: those left out stay as they are, null makes one blank. */
        ContactFields: {
            external_id?: string | null;
            first_name?: string | null;
            last_name?: string | null;
            /** Format: email */
            email?: string | null;
            phone?: string | null;
            job_title?: string | null;
            /** Format: uuid */
            company_id?: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id?: string | null;
            lifecycle_stage?: string | null;
            lead_score?: number;
            tags?: string[];
            source?: string | null;
            timezone?: string | null;
            language?: string | null;
            country?: string | null;
            /** @enum {string} */
            email_consent?: "unknown" | "granted" | "denied";
            /** @description The tenant's own fields, by key */
            custom?: JsonObject;
        };
        /** @description What to do to which executions. `name` is the incident's; `rate` is executions a second. */
        Control: {
            /** @enum {string} */
            action: "cancel" | "retry";
            filter: components["schemas"]["Chosen"];
            /** @default  */
            name?: string;
            /** @default 100 */
            rate?: number;
            /** @default false */
            latest?: boolean;
            /** @default false */
            dry_run?: boolean;
        };
        /** @description A field of a record type; `options` are the choices of choice fields. */
        CustomField: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            record_type: "contact" | "company" | "deal";
            key: string;
            name: string;
            /** @enum {string} */
            type: "text" | "long_text" | "number" | "money" | "date" | "date_time" | "boolean" | "choice" | "multi_choice" | "user" | "url" | "email" | "phone";
            options: string[];
            position: number;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change. */
        CustomFieldChanges: {
            name?: string;
            options?: string[];
            position?: number;
        };
        /** @description A deal. */
        Deal: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @example {
             *       "amount": "1200.00",
             *       "currency": "EUR"
             *     }
             */
            value: {
                amount: string;
                currency: string;
            } | null;
            /** Format: uuid */
            pipeline_id: string;
            /** Format: uuid */
            stage_id: string;
            pipeline: string | null;
            stage: string | null;
            /** @enum {string} */
            status: "open" | "won" | "lost";
            /** Format: uuid */
            contact_id: string | null;
            /** Format: uuid */
            company_id: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id: string | null;
            /** Format: date-time */
            closed_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The tenant's own fields, by key */
            custom: JsonObject;
        };
        /** @description Fields to set: those left out stay as they are, null makes one blank. */
        DealFields: {
            name?: string;
            /**
             * @example {
             *       "amount": "1200.00",
             *       "currency": "EUR"
             *     }
             */
            value?: {
                amount: string;
                currency: string;
            } | null;
            /** Format: uuid */
            pipeline_id?: string;
            /** Format: uuid */
            stage_id?: string;
            /** @enum {string} */
            status?: "open" | "won" | "lost";
            /** Format: uuid */
            contact_id?: string | null;
            /** Format: uuid */
            company_id?: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            owner_id?: string | null;
            /** @description The tenant's own fields, by key */
            custom?: JsonObject;
        };
        /** @description Which inputs, and what to do with all of them. */
        DecideMany: {
            /** @enum {string} */
            action: "retry" | "discard";
            ids: string[];
            /** @description Why, for the log */
            note?: string | null;
        };
        /** @description Which were decided on; the others are as they were. */
        DecidedMany: {
            done: string[];
            left: components["schemas"]["Left"][];
        };
        /** @description What was decided about it. */
        Decision: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            accepted: "retry" | "discard";
        };
        /** @description One thing that keeps a definition from being published, and where. */
        DefinitionProblem: {
            path: string;
            message: string;
            suggestion?: string | null;
            line?: number | null;
            column?: number | null;
            /** @enum {string} */
            severity: "error" | "warning";
        };
        /** @description The delivery was taken; a `duplicate` made no event. */
        Delivered: {
            /** @enum {string} */
            status: "accepted" | "duplicate";
            event_id: string | null;
        };
        /** @description Why it is discarded. */
        Discard: {
            /** @description Why, for the log */
            note?: string | null;
        };
        /** @description What the copy is called. */
        Duplicate: {
            name?: string | null;
        };
        /** @description How long executions worked, without their waits, in milliseconds. */
        Durations: {
            mean: number | null;
            p95: number | null;
        };
        /** @description Which records: `record_ids`, or one as `record_id`. None for a workflow that is not about records. */
        Enroll: {
            record_ids?: string[];
            record_id?: string | null;
            record_type?: string | null;
        };
        /** @description What will enter; for a workflow without records one execution without any. */
        Enrolled: {
            accepted: number;
            items: components["schemas"]["EnrolledRecord"][];
        };
        /** @description A record that will enter, and the execution that it becomes unless it is refused. */
        EnrolledRecord: {
            record_id: string | null;
            /** Format: uuid */
            execution_id: string;
        };
        /** @description One event. Who made it happen is the actor; an execution is named by execution_id. */
        EventAnswer: {
            /** Format: uuid */
            id: string;
            type: string;
            record: components["schemas"]["RecordRef"] | null;
            revision: number;
            /** Format: date-time */
            occurred_at: string;
            /** @description The old and the new value by field; custom fields as custom.<key> */
            changes: {
                [key: string]: [
                    Json,
                    Json
                ];
            };
            data: JsonObject | null;
            actor: components["schemas"]["ActorRef"];
            execution_id: string | null;
            /** Format: uuid */
            root_id: string;
            hops: number;
            batch_id: string | null;
        };
        /** @description One run of a version about one record. `reason` is a code and `reason_text` its sentence. */
        Execution: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            workflow_id: string;
            workflow_name: string | null;
            version: number;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            reason: string | null;
            reason_text: string | null;
            has_errors: boolean;
            record: components["schemas"]["NamedRecord"] | null;
            trigger: components["schemas"]["ExecutionTrigger"];
            entry_key: string;
            test: boolean;
            /** Format: date-time */
            started_at: string;
            finished_at: string | null;
            /** @description How long it worked, without its waits */
            duration_ms: number;
            /** @description How long it took, or has taken until now */
            elapsed_ms: number;
            /** @description When it moves next, if that is known */
            next_at: string | null;
            /** Format: date-time */
            updated_at: string;
            /** @description Of two tellings the higher is the newer */
            revision: number;
        };
        /** @description How many there are: exact unless there are `more`. */
        ExecutionCount: {
            count: number;
            more: boolean;
            text: string;
        };
        /** @description One execution with every step, and what set it off. */
        ExecutionDetail: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            workflow_id: string;
            workflow_name: string | null;
            version: number;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            reason: string | null;
            reason_text: string | null;
            has_errors: boolean;
            record: components["schemas"]["NamedRecord"] | null;
            trigger: components["schemas"]["TriggerDetail"];
            entry_key: string;
            test: boolean;
            /** Format: date-time */
            started_at: string;
            finished_at: string | null;
            /** @description How long it worked, without its waits */
            duration_ms: number;
            /** @description How long it took, or has taken until now */
            elapsed_ms: number;
            /** @description When it moves next, if that is known */
            next_at: string | null;
            /** Format: date-time */
            updated_at: string;
            /** @description Of two tellings the higher is the newer */
            revision: number;
            error: components["schemas"]["Failure"] | null;
            /** @description Whether it failed or was cancelled and can go on where it stood */
            retryable: boolean;
            steps: components["schemas"]["ExecutionStep"][];
        };
        /** @description An execution and its workflow, which is null once the execution is not kept any more. */
        ExecutionRef: {
            /** Format: uuid */
            id: string;
            workflow_id: string | null;
            workflow_name: string | null;
        };
        /** @description Figures of a stretch of time. `total` is how many began in it; `refused` never did. */
        ExecutionStatistics: {
            total: number;
            pending: number;
            running: number;
            waiting: number;
            completed: number;
            failed: number;
            cancelled: number;
            with_errors: number;
            refused: number;
            success_rate: number | null;
            duration_ms: components["schemas"]["Durations"];
            /** @description Executions by duration: bucket n is under 2^n milliseconds */
            histogram: number[];
            series: components["schemas"]["StatisticsPoint"][];
            series_step_s: number;
        };
        /** @description A visit of a step, with what it sent. */
        ExecutionStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            /** @description The step's id, with the turns of the loops around it */
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            /** @description Where it waits: until when it does */
            until: string | null;
            /** @description Any JSON value */
            input: Json;
            /** @description Any JSON value */
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
            message: components["schemas"]["StepMessage"] | null;
        };
        /** @description What set it off; `event_id` is null for one that was enrolled by hand. */
        ExecutionTrigger: {
            event_id: string | null;
            type: string;
        };
        /** @description What became of one event of the record. `outcome` is a code, `reason` its sentence. */
        ExplainedEvent: {
            /** Format: uuid */
            event_id: string;
            type: string;
            /** Format: date-time */
            occurred_at: string;
            outcome: string;
            reason: string | null;
            /** @description The version that took events then */
            version: number | null;
            /** @description What the event set, by field */
            values: {
                [key: string]: Json;
            };
            clauses: components["schemas"]["ClauseOutcome"][];
        };
        /** @description An execution of the record in the workflow. */
        ExplainedExecution: {
            /** Format: uuid */
            id: string;
            version: number;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            reason: string | null;
            reason_text: string | null;
            /** Format: date-time */
            started_at: string;
            finished_at: string | null;
            next_at: string | null;
            has_errors: boolean;
        };
        /** @description The workflow that is explained. */
        ExplainedWorkflow: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
        };
        /** @description The answer in sentences, and its parts. `execution` is the one that lives, or else the last. */
        Explanation: {
            state: components["schemas"]["State"];
            sentences: string[];
            execution_id: string | null;
            execution: components["schemas"]["ExplainedExecution"] | null;
            executions: components["schemas"]["ExplainedExecution"][];
            next_at: string | null;
            events: components["schemas"]["ExplainedEvent"][];
            workflow: components["schemas"]["ExplainedWorkflow"];
            record: components["schemas"]["RecordRef"];
        };
        /** @description Why an execution failed, and where: the step's id and its visit. */
        Failure: {
            code?: string | null;
            message: string;
            trace?: string | null;
            at?: string | null;
            visit?: string | null;
        };
        /** @description A field's old and new value. */
        FieldChange: {
            field: string;
            /** @description Any JSON value */
            old: Json;
            /** @description Any JSON value */
            new: Json;
        };
        /** @description A form; `path` is its hosted page's, and `consent_version` counts changes of its consent texts. */
        Form: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            fields: components["schemas"]["FormField"][];
            settings: components["schemas"]["FormSettings"];
            consent_version: number;
            path: string;
            /** @description How many came in, counted to 10,000; in lists only */
            submissions: number | null;
            /** @description Whether there are more than were counted; in lists only */
            submissions_more: boolean | null;
            /** @description When the latest came in; in lists only */
            last_submitted_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change. */
        FormChanges: {
            key?: string;
            name?: string;
            fields?: components["schemas"]["FormField"][];
            settings?: components["schemas"]["FormSettings"];
        };
        /**
         * @description A question. `maps_to` names the contact's field that the answer fills, custom ones as custom.<key>.
         *
         *     A consent field has its `text`; ticked, it grants the contact's email consent.
         */
        FormField: {
            key: string;
            label: string;
            /**
             * @default text
             * @enum {string}
             */
            type?: "text" | "long_text" | "email" | "phone" | "number" | "choice" | "checkbox" | "consent";
            /** @default false */
            required?: boolean;
            options?: string[];
            maps_to?: string | null;
            text?: string | null;
            help?: string | null;
        };
        /** @description How the hosted page looks and what it says afterwards. */
        FormSettings: {
            title?: string | null;
            intro?: string | null;
            button?: string | null;
            thank_you?: string | null;
        };
        /** @description What somebody answered, and the consents given. */
        FormSubmission: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            form_id: string;
            contact_id: string | null;
            /** @description Answers by field, as the form was then */
            answers: JsonObject;
            consents: components["schemas"]["Consent"][];
            /** Format: date-time */
            submitted_at: string;
        };
        /**
         * @description A hook; `hint` is the end of its token, and `signature` what its deliveries must be signed with.
         *
         *     Until `previous_secret_until` the secret of before counts too.
         */
        Hook: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            hint: string;
            signature: components["schemas"]["Kind"];
            signature_header: string | null;
            previous_secret_until: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A hook with the secret that was made for its signatures, shown this once. */
        HookWithSecret: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            hint: string;
            signature: components["schemas"]["Kind"];
            signature_header: string | null;
            previous_secret_until: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            secret: string | null;
        };
        /** @description A hook with its token and the path to call, shown this once. */
        HookWithToken: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            hint: string;
            signature: components["schemas"]["Kind"];
            signature_header: string | null;
            previous_secret_until: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            secret: string | null;
            token: string;
            path: string;
        };
        /** @description Something that takes long; `total` is null until it is known. */
        Job: {
            /** Format: uuid */
            id: string;
            kind: string;
            name: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed";
            /** @description What was asked for */
            request: JsonObject;
            total: number | null;
            done: number;
            /** @description Any JSON value */
            result: Json;
            error: string | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
        };
        /**
         * @description What a hook requires of its deliveries.
         * @enum {string}
         */
        Kind: "none" | "standard" | "header";
        /** @description One that could not be decided on, and why. */
        Left: {
            /** Format: uuid */
            id: string;
            why: string;
        };
        /** @description Where a contact stands; contacts hold the key. */
        LifecycleStage: {
            key: string;
            name: string;
            position: number;
        };
        /** @description What may change. */
        LifecycleStageChanges: {
            name?: string | null;
            position?: number | null;
        };
        /** @description A version that takes events now, and its share of them in percent. */
        LiveVersion: {
            version: number;
            share: number;
        };
        /** @description A new key, with the key itself for this one time. */
        MadeApiKey: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            hint: string;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            last_used_at: string | null;
            revoked_at: string | null;
            key: string;
        };
        /** @description A new person; `password` is there once, if one was made. */
        MadeUser: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            timezone: string | null;
            active: boolean;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            password: string | null;
        };
        /** @description Who asks, where, and as what; `csrf_token` is null for an API key. */
        Me: {
            user: components["schemas"]["MyUser"];
            tenant: components["schemas"]["MyTenant"];
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            csrf_token: string | null;
        };
        /** @description A message as it was rendered, and what became of it. */
        Message: {
            /** Format: uuid */
            id: string;
            channel: string;
            direction: string;
            state: string;
            sender: string;
            recipient: string;
            reply_to: string | null;
            subject: string | null;
            body_html: string | null;
            body_text: string | null;
            message_id: string | null;
            attempts: number;
            error: string | null;
            execution: components["schemas"]["ExecutionRef"] | null;
            visit: string | null;
            /** Format: date-time */
            created_at: string;
            sent_at: string | null;
        };
        /** @description The account that one is signed in to. */
        MyTenant: {
            /** Format: uuid */
            id: string;
            slug: string;
            name: string;
            currency: string;
            timezone: string;
            revision: number;
        };
        /** @description Who asks: a person, or an API key under its own name. */
        MyUser: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            type: "user" | "api_key";
            email: string | null;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            timezone: string | null;
        };
        /** @description Who, with a name where there is one. */
        NamedActor: {
            type: string;
            id: string | null;
            name: string | null;
        };
        /** @description A record with what people call it; null for one without a name. */
        NamedRecord: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        /** @description A note about a record. */
        NewActivityBody: {
            /** @default note */
            type?: string;
            record: components["schemas"]["RecordRef"];
            text: string;
            occurred_at?: string | null;
        };
        /** @description A key to make; without `expires_at` it works until it is revoked. */
        NewApiKey: {
            name: string;
            /**
             * @default member
             * @enum {string}
             */
            role?: "owner" | "admin" | "manager" | "member" | "viewer";
            expires_at?: string | null;
        };
        /** @description An account to add; definitions refer to its key. */
        NewConnection: {
            key: string;
            name: string;
            /** @enum {string} */
            type: "smtp" | "http";
            /** @description The provider's settings; which, its type says */
            config?: JsonObject;
            secret?: {
                [key: string]: string;
            } | null;
        };
        /** @description A field to add; key and type never change. */
        NewCustomField: {
            /** @enum {string} */
            record_type: "contact" | "company" | "deal";
            key: string;
            name: string;
            /** @enum {string} */
            type: "text" | "long_text" | "number" | "money" | "date" | "date_time" | "boolean" | "choice" | "multi_choice" | "user" | "url" | "email" | "phone";
            options?: string[];
            /** @default 0 */
            position?: number;
        };
        /** @description A form to open; without a key it gets one from its name. */
        NewForm: {
            key?: string | null;
            name: string;
            fields: components["schemas"]["FormField"][];
            settings?: components["schemas"]["FormSettings"];
        };
        /** @description A hook to open; workflows refer to its key. */
        NewHook: {
            key: string;
            name: string;
            signature?: components["schemas"]["Signature"] | null;
        };
        /** @description A stage to add; without a position it is the last. */
        NewLifecycleStage: {
            key: string;
            name: string;
            position?: number | null;
        };
        /** @description A pipeline to make. */
        NewPipeline: {
            key: string;
            name: string;
            /** @default 0 */
            position?: number;
            /** @default false */
            is_default?: boolean;
            stages: components["schemas"]["NewStage"][];
        };
        /** @description A stage as it shall be; its key is what definitions refer to. */
        NewStage: {
            key: string;
            name: string;
            /**
             * @description Percent
             * @default 0
             */
            probability?: number;
        };
        /** @description A tag to offer. */
        NewTag: {
            name: string;
            color?: string | null;
        };
        /** @description A team to make; definitions refer to its key. */
        NewTeam: {
            key: string;
            name: string;
            /** @description Users, in rotation order */
            member_ids?: string[];
        };
        /** @description A person to add; without a password one is made and shown once. */
        NewUser: {
            email: string;
            name: string;
            /**
             * @default member
             * @enum {string}
             */
            role?: "owner" | "admin" | "manager" | "member" | "viewer";
            password?: string | null;
            timezone?: string | null;
        };
        /** @description The vocabulary of workflows. */
        NodeTypes: {
            items: (components["schemas"]["TriggerType"] | components["schemas"]["StepType"])[];
            next_cursor: string | null;
        };
        /** @description Something a person should know. */
        NotificationAnswer: {
            /** Format: uuid */
            id: string;
            text: string;
            link: string | null;
            record_type: string | null;
            record_id: string | null;
            execution_id: string | null;
            /** Format: date-time */
            created_at: string;
            read_at: string | null;
        };
        /** @description A page of them, with how many are unread in all (counted to 100). */
        NotificationPage: {
            items: components["schemas"]["NotificationAnswer"][];
            next_cursor: string | null;
            unread: number;
        };
        /** @description What people may change of themselves; a new password takes the current one. */
        OwnChanges: {
            name?: string;
            timezone?: string | null;
            password?: string;
            current_password?: string;
        };
        Page_Activity_: {
            items: components["schemas"]["Activity"][];
            next_cursor: string | null;
        };
        Page_ApiKey_: {
            items: components["schemas"]["ApiKey"][];
            next_cursor: string | null;
        };
        Page_AuditRow_: {
            items: components["schemas"]["AuditRow"][];
            next_cursor: string | null;
        };
        Page_Company_: {
            items: components["schemas"]["Company"][];
            next_cursor: string | null;
        };
        Page_ConnectionAnswer_: {
            items: components["schemas"]["ConnectionAnswer"][];
            next_cursor: string | null;
        };
        Page_Contact_: {
            items: components["schemas"]["Contact"][];
            next_cursor: string | null;
        };
        Page_CustomField_: {
            items: components["schemas"]["CustomField"][];
            next_cursor: string | null;
        };
        Page_Deal_: {
            items: components["schemas"]["Deal"][];
            next_cursor: string | null;
        };
        Page_EventAnswer_: {
            items: components["schemas"]["EventAnswer"][];
            next_cursor: string | null;
        };
        Page_Execution_: {
            items: components["schemas"]["Execution"][];
            next_cursor: string | null;
        };
        Page_FormSubmission_: {
            items: components["schemas"]["FormSubmission"][];
            next_cursor: string | null;
        };
        Page_Form_: {
            items: components["schemas"]["Form"][];
            next_cursor: string | null;
        };
        Page_Hook_: {
            items: components["schemas"]["Hook"][];
            next_cursor: string | null;
        };
        Page_LifecycleStage_: {
            items: components["schemas"]["LifecycleStage"][];
            next_cursor: string | null;
        };
        Page_Message_: {
            items: components["schemas"]["Message"][];
            next_cursor: string | null;
        };
        Page_Pipeline_: {
            items: components["schemas"]["Pipeline"][];
            next_cursor: string | null;
        };
        Page_SearchHit_: {
            items: components["schemas"]["SearchHit"][];
            next_cursor: string | null;
        };
        Page_Tag_: {
            items: components["schemas"]["Tag"][];
            next_cursor: string | null;
        };
        Page_Task_: {
            items: components["schemas"]["Task"][];
            next_cursor: string | null;
        };
        Page_Team_: {
            items: components["schemas"]["Team"][];
            next_cursor: string | null;
        };
        Page_TimelineEntry_: {
            items: components["schemas"]["TimelineEntry"][];
            next_cursor: string | null;
        };
        Page_User_: {
            items: components["schemas"]["User"][];
            next_cursor: string | null;
        };
        Page_WorkflowExample_: {
            items: components["schemas"]["WorkflowExample"][];
            next_cursor: string | null;
        };
        Page_WorkflowVersion_: {
            items: components["schemas"]["WorkflowVersion"][];
            next_cursor: string | null;
        };
        Page_Workflow_: {
            items: components["schemas"]["Workflow"][];
            next_cursor: string | null;
        };
        /** @description How many executions stand at a step of a version; they stay on their version. */
        ParkedExecutions: {
            version: number;
            step: string | null;
            executions: number;
        };
        /** @description Stages that deals move through. */
        Pipeline: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            position: number;
            is_default: boolean;
            stages: components["schemas"]["Stage"][];
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change; `stages` is all stages in order, told apart by their keys. */
        PipelineChanges: {
            name?: string;
            position?: number;
            is_default?: boolean;
            stages?: components["schemas"]["NewStage"][] | null;
        };
        /** @description How a clause came out, and where it stands in the filter. */
        PlacedClause: {
            /** @description The clause as it was written */
            clause: JsonObject;
            ok: boolean;
            /** @description Any JSON value */
            value: Json;
            reason: string;
            place: string;
        };
        /** @description An older version to look at, instead of the draft. */
        Preview: {
            version?: number | null;
        };
        /** @description One thing that is wrong, and where: `path` is of the body or a parameter, line and column of a YAML text. */
        ProblemPlace: {
            path: string;
            message: string;
            /** @default null */
            suggestion?: string | null;
            /** @default null */
            line?: number | null;
            /** @default null */
            column?: number | null;
        };
        /** @description `hash` is the preview's: if the draft changed since, nothing is published. */
        Publish: {
            version?: number | null;
            hash?: string | null;
            /** @default  */
            note?: string;
            /** @default false */
            enroll_existing?: boolean;
        };
        /**
         * @description What publishing would do. `hash` is what was looked at; `diff` are sentences.
         *
         *     `matching` is how many records match now, counted to 10,000; it is known for triggers about records' states only.
         */
        PublishPlan: {
            hash: string;
            diff: string[];
            parked: components["schemas"]["ParkedExecutions"][];
            matching: number;
            matching_more: boolean;
            matching_known: boolean;
            problems: components["schemas"]["DefinitionProblem"][];
        };
        /** @description A workflow that was just published; `job_id` enrolls the records that match now, if that was asked for. */
        PublishedWorkflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            /** @description A definition as it was written, right or wrong; /node-types/schema says what a right one is */
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            last_execution_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            errors_7d: number;
            stats: components["schemas"]["WorkflowFigures"];
            job_id: string | null;
        };
        /** @description Who published a version; the name is null for somebody who is not kept any more, and for API keys. */
        Publisher: {
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        /** @description A page of them, with how many are held back in all (counted to 10,000). */
        QuarantinePage: {
            items: components["schemas"]["Quarantined"][];
            next_cursor: string | null;
            held: number;
        };
        /** @description An input that could not be handled. `what` and `why` are sentences; `error` and `trace` are for who builds. */
        Quarantined: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "event" | "check" | "wake" | "effect" | "command" | "continue" | "due";
            what: string;
            /**
             * @description It failed alone, twice; or processes died with it three times
             * @enum {string}
             */
            reason: "error" | "killed";
            why: string;
            error: string | null;
            trace: string | null;
            /** @description How often it was tried alone */
            attempts: number;
            /** Format: date-time */
            at: string;
            workflow: components["schemas"]["QuarantinedWorkflow"] | null;
            event: components["schemas"]["QuarantinedEvent"] | null;
            record: components["schemas"]["NamedRecord"] | null;
            execution_id: string | null;
            /** @enum {string} */
            state: "held" | "discarded";
            decided_at: string | null;
            decided_by: string | null;
            note: string | null;
        };
        /** @description The event that it was about; its type is null once it is not kept any more. */
        QuarantinedEvent: {
            /** Format: uuid */
            id: string;
            type: string | null;
        };
        /** @description The workflow that could not handle it; its name is null once it is deleted. */
        QuarantinedWorkflow: {
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        /** @description Whether requests and workflows are served; `detail` says why not. */
        Ready: {
            /** @enum {string} */
            status: "ready" | "not ready";
            workers: number;
            detail?: string | null;
        };
        /** @description The answers were taken; `message` is what the form says afterwards. */
        Received: {
            /** @constant */
            status: "received";
            /** Format: uuid */
            submission_id: string;
            message: string;
        };
        /** @description A record by type and id. */
        RecordRef: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
        };
        /** @description What to try: the draft or a version, on a record as it is now, or on an event as it happened. */
        Rehearsal: {
            record_id?: string | null;
            record_type?: string | null;
            event_id?: string | null;
            version?: number | null;
        };
        /** @description What a workflow would do, step by step, with time travelled through its waits. Nothing was done or kept. */
        RehearsedExecution: {
            /** @constant */
            test: true;
            /** Format: uuid */
            workflow_id: string;
            /** @description Null for the draft */
            version: number | null;
            record: components["schemas"]["RecordRef"] | null;
            trigger: components["schemas"]["RehearsedTrigger"];
            filter: components["schemas"]["RehearsedFilter"];
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "failed" | "cancelled";
            reason: string | null;
            reason_text: string | null;
            has_errors: boolean;
            error: components["schemas"]["Failure"] | null;
            /** Format: date-time */
            started_at: string;
            ends_at: string | null;
            steps: components["schemas"]["RehearsedStep"][];
        };
        /** @description Whether the trigger would let it in, clause by clause; `miss` says why not, before the filter. */
        RehearsedFilter: {
            passes: boolean;
            miss: string | null;
            clauses: components["schemas"]["PlacedClause"][];
        };
        /** @description A visit of a step in a test, and what it would send. */
        RehearsedStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            /** @description The step's id, with the turns of the loops around it */
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            /** @description Where it waits: until when it does */
            until: string | null;
            /** @description Any JSON value */
            input: Json;
            /** @description Any JSON value */
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
            would_send: components["schemas"]["WouldSend"] | null;
        };
        /** @description What the test began with. */
        RehearsedTrigger: {
            /** Format: uuid */
            event_id: string;
            type: string;
            event_type: string;
        };
        /** @description Which version it goes on with. */
        Retry: {
            /** @default false */
            latest?: boolean;
        };
        /** @description Something that begins like the text; type is contact, company, deal or workflow. */
        SearchHit: {
            type: string;
            /** Format: uuid */
            id: string;
            title: string;
            subtitle: string | null;
        };
        /** @description An email and its password; the tenant's slug where one person belongs to several. */
        SignIn: {
            email: string;
            password: string;
            tenant?: string | null;
        };
        /**
         * @description What deliveries must be signed with: `standard` is Standard Webhooks, `header` an HMAC-SHA256 of the body
         *     in that header, in hex. The secret of before goes on for `overlap_hours`.
         */
        Signature: {
            kind: components["schemas"]["Kind"];
            header?: string | null;
            secret?: string | null;
            /** @default 24 */
            overlap_hours?: number;
        };
        /** @description What changes must carry as X-CSRF-Token while the session lasts. */
        SignedIn: {
            csrf_token: string;
        };
        /** @description From one time of the day until a later one. */
        Span: {
            /** @description HH:MM */
            start: string;
            /** @description HH:MM */
            end: string;
        };
        /** @description A deal stage. */
        Stage: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            probability: number;
        };
        /**
         * @description In one word, where the record stands.
         * @enum {string}
         */
        State: "inside" | "ended" | "pending" | "not_entered" | "no_event" | "inactive" | "never_published";
        /** @description One stretch of a series: how many began, and how many ended how. */
        StatisticsPoint: {
            /** Format: date-time */
            at: string;
            total: number;
            completed: number;
            failed: number;
            cancelled: number;
        };
        /** @description One changed value, or a record that the step created. */
        StepChange: {
            record: components["schemas"]["ChangedRecord"];
            /** @default null */
            field?: string | null;
            /**
             * @description Any JSON value
             * @default null
             */
            old?: Json;
            /**
             * @description Any JSON value
             * @default null
             */
            new?: Json;
            /** @default null */
            created?: boolean | null;
        };
        /** @description Why it failed. The trace is for managers only. */
        StepError: {
            /** @default null */
            code?: string | null;
            message: string;
            /** @default null */
            trace?: string | null;
        };
        /** @description What a step sent, and what became of it. */
        StepMessage: {
            /** Format: uuid */
            id: string;
            visit: string | null;
            recipient: string;
            subject: string | null;
            state: string;
            message_id: string | null;
            error: string | null;
            sent_at: string | null;
        };
        /** @description A type of step: how it can be left, and what later steps read as steps.<id>. */
        StepType: {
            type: string;
            group: string;
            title: string;
            icon: string;
            /** @description The first sentence of its docs */
            summary: string;
            docs: string;
            /** @description The JSON Schema of its own fields; x-hint says which control a field wants */
            schema: JsonObject;
            /** @description One as it stands in a definition */
            sample: JsonObject;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "change" | "effect" | "flow" | "lookup";
            exits: string[];
            output: JsonObject | null;
            works_on: string[];
        };
        /** @description A tag that is offered. */
        Tag: {
            name: string;
            color: string | null;
            /** Format: date-time */
            created_at: string;
        };
        /** @description A task. */
        Task: {
            /** Format: uuid */
            id: string;
            title: string;
            description: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            assignee_id: string | null;
            /** Format: uuid */
            team_id: string | null;
            /** Format: date-time */
            due_at: string | null;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /** @enum {string} */
            status: "open" | "done" | "cancelled";
            /** Format: uuid */
            contact_id: string | null;
            /** Format: uuid */
            company_id: string | null;
            /** Format: uuid */
            deal_id: string | null;
            /** Format: uuid */
            execution_id: string | null;
            /** Format: date-time */
            completed_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description Who made it, where it is read */
            execution?: components["schemas"]["TaskExecution"] | null;
        };
        /** @description The execution that made a task, and its workflow; those are null once retention dropped them. */
        TaskExecution: {
            /** Format: uuid */
            id: string;
            workflow_id: string | null;
            workflow_name: string | null;
        };
        /** @description Fields to set: those left out stay as they are, null makes one blank. */
        TaskFields: {
            title?: string;
            description?: string | null;
            /**
             * Format: uuid
             * @description A user, by id or email
             */
            assignee_id?: string | null;
            /** Format: uuid */
            team_id?: string | null;
            /** Format: date-time */
            due_at?: string | null;
            /** @enum {string} */
            priority?: "low" | "normal" | "high" | "urgent";
            /** @enum {string} */
            status?: "open" | "done" | "cancelled";
            /** Format: uuid */
            contact_id?: string | null;
            /** Format: uuid */
            company_id?: string | null;
            /** Format: uuid */
            deal_id?: string | null;
        };
        /** @description Users who share a queue. */
        Team: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            member_ids: string[];
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change; `member_ids` replaces all members. */
        TeamChanges: {
            name?: string;
            /** @description Users, in rotation order */
            member_ids?: string[];
        };
        /** @description The account and its settings. `exchange_rates` tell what one unit costs in the account's currency. */
        Tenant: {
            /** Format: uuid */
            id: string;
            slug: string;
            name: string;
            currency: string;
            timezone: string;
            business_hours: {
                [key: string]: components["schemas"]["Span"][];
            };
            holidays: string[];
            exchange_rates: {
                [key: string]: string;
            };
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What may change. */
        TenantChanges: {
            name?: string;
            /** @description ISO 4217 */
            currency?: string;
            timezone?: string;
            business_hours?: {
                [key: string]: components["schemas"]["Span"][];
            };
            holidays?: string[];
            exchange_rates?: {
                [key: string]: number | string;
            };
        };
        /** @description What else there is to say of an entry: each kind has some of it, and what is null is left out. */
        TimelineDetails: {
            revision?: number | null;
            data?: JsonObject | null;
            subject?: string | null;
            recipient?: string | null;
            direction?: string | null;
            state?: string | null;
            error?: string | null;
            status?: string | null;
            reason?: string | null;
            version?: number | null;
            has_errors?: boolean | null;
            finished_at?: string | null;
            name?: string | null;
            title?: string | null;
            due_at?: string | null;
            assignee_id?: string | null;
        };
        /** @description One thing that happened. `changes` is an event's, `text` an activity's; `more` is what else its kind has. */
        TimelineEntry: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "event" | "activity" | "message" | "execution" | "task" | "deal";
            type: string;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["NamedActor"] | null;
            execution: components["schemas"]["ExecutionRef"] | null;
            text: string | null;
            changes: components["schemas"]["FieldChange"][];
            more: components["schemas"]["TimelineDetails"];
        };
        /** @description What the event brought: changes, and what is no field, such as an answer or a payload. */
        TriggerData: {
            /** @description The old and the new value by field; custom fields as custom.<key> */
            changes: {
                [key: string]: [
                    Json,
                    Json
                ];
            };
        } & {
            [key: string]: Json;
        };
        /** @description The event itself; of one that is not kept any more, only what the execution knew of it. */
        TriggerDetail: {
            event_id: string | null;
            type: string;
            event_type?: string | null;
            occurred_at?: string | null;
            actor?: components["schemas"]["ActorRef"] | null;
            /** @description The execution whose step made the event */
            caused_by?: string | null;
            hops?: number | null;
            data: components["schemas"]["TriggerData"];
        };
        /** @description A type of trigger: which events it listens to, and which record its executions are about. */
        TriggerType: {
            type: string;
            group: string;
            title: string;
            icon: string;
            /** @description The first sentence of its docs */
            summary: string;
            docs: string;
            /** @description The JSON Schema of its own fields; x-hint says which control a field wants */
            schema: JsonObject;
            /** @description One as it stands in a definition */
            sample: JsonObject;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "trigger";
            record_type: ("contact" | "company" | "deal" | "task") | null;
            listens: string[];
            /** @description Whether it fires when its filter becomes true, not on each event */
            edge: boolean;
        };
        /** @description A person of the tenant. */
        User: {
            /** Format: uuid */
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            timezone: string | null;
            active: boolean;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What an admin may change of a person. */
        UserChanges: {
            name?: string;
            /** @enum {string} */
            role?: "owner" | "admin" | "manager" | "member" | "viewer";
            timezone?: string | null;
            password?: string;
        };
        /** @description What is wrong with a definition; it and its trigger in words are null where it cannot be read at all. */
        Validation: {
            valid: boolean;
            problems: components["schemas"]["DefinitionProblem"][];
            definition: JsonObject | null;
            trigger_summary: string | null;
        };
        /**
         * @description A workflow with its draft, its state and what it did lately.
         *
         *     `published` is what takes events now, empty while it is off; `published_version` is the newest published one,
         *     also while it is off.
         */
        Workflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            /** @description A definition as it was written, right or wrong; /node-types/schema says what a right one is */
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            last_execution_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            errors_7d: number;
            stats: components["schemas"]["WorkflowFigures"];
        };
        /** @description A definition to begin with. `yaml` is the file, comments and all. */
        WorkflowExample: {
            key: string;
            name: string;
            description: string;
            yaml: string;
            /** @description A definition as it was written, right or wrong; /node-types/schema says what a right one is */
            definition: JsonObject;
        };
        /** @description What it did: how many executions live (counted to 10,000), and how many there were in all. */
        WorkflowFigures: {
            active: number;
            total: number;
        };
        /** @description A version, and whether it takes events now. */
        WorkflowVersion: {
            version: number;
            note: string;
            /** Format: date-time */
            published_at: string;
            /** @description A definition as it was written, right or wrong; /node-types/schema says what a right one is */
            definition: JsonObject;
            hash: string;
            live: boolean;
            published_by: components["schemas"]["Publisher"] | null;
        };
        /**
         * @description What the changes start: nothing, workflows at bulk priority, or workflows once somebody released them.
         * @enum {string}
         */
        Workflows: "none" | "bulk" | "hold";
        /** @description What a step would send. */
        WouldSend: {
            kind: string;
            /** @description What its channel would be asked to send */
            request: JsonObject;
        };
        /** @description RFC 9457. Some types of problem have more members, which their `detail` puts into words. */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            errors: components["schemas"]["ProblemPlace"][];
        } & {
            [key: string]: Json;
        };
        /** @description What an execution is now: the whole row; of two the one with the higher revision is the newer. */
        ExecutionNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "execution";
            data: components["schemas"]["Execution"];
        };
        /** @description Too much happened to tell it row by row. */
        FiguresNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "figures";
            data: components["schemas"]["LeftOut"];
        };
        /** @description How many rows were left out. */
        LeftOut: {
            left_out: number;
        };
        /** @description An empty object. */
        Nothing: Record<string, never>;
        /** @description What was missed cannot be told again: read the list. */
        ResetNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "reset";
            data: components["schemas"]["Nothing"];
        };
        /** @description A finished step of an execution that moved. */
        StepNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "step";
            data: components["schemas"]["StreamedStep"];
        };
        /** @description A visit of a step as the stream tells it: finished, or what a live execution waits in. */
        StreamedStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            /** @description The step's id, with the turns of the loops around it */
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            /** @description Where it waits: until when it does */
            until: string | null;
            /** @description Any JSON value */
            input: Json;
            /** @description Any JSON value */
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
        };
        /** @description A message of the stream, as a reader of server-sent events has it: its `data` is JSON. */
        StreamMessage: components["schemas"]["ExecutionNews"] | components["schemas"]["StepNews"] | components["schemas"]["FiguresNews"] | components["schemas"]["ResetNews"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
