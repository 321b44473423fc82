/** The API's shapes, made from its OpenAPI document. Not written by hand: `./dev web types` makes it. */
import type { Json, JsonObject } from "./json";
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accepted: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            accepted: "cancel" | "retry";
        };
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
        ActorRef: {
            type: string;
            id: string | null;
        };
        Alive: {
            /**
             * @default alive
             * @constant
             */
            status: "alive";
        };
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
        AuditSubject: {
            type: string;
            id: string | null;
            name: string | null;
        };
        BulkAnswer: {
            /** Format: uuid */
            batch_id: string;
            created: number;
            updated: number;
            unchanged: number;
            failed: number;
            items: components["schemas"]["BulkItem"][];
        };
        BulkBody: {
            /** @default [] */
            create?: JsonObject[];
            /** @default [] */
            update?: JsonObject[];
            /** @default bulk */
            workflows?: components["schemas"]["Workflows"];
        };
        BulkCount: {
            count: number;
            more: boolean;
        };
        BulkItem: {
            /** @enum {string} */
            operation: "create" | "update";
            index: number;
            id: string | null;
            /** @enum {string} */
            status: "created" | "updated" | "unchanged" | "failed";
            errors: components["schemas"]["ProblemPlace"][];
        };
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
        Cancel: {
            why?: string | null;
        };
        ChangedRecord: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
            /** @default null */
            name?: string | null;
        };
        ChangedTag: {
            name: string;
            color: string | null;
            /** Format: date-time */
            created_at: string;
            contacts: number;
            job_id: string | null;
        };
        CheckedWorkflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            paused_at: string | null;
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
        Chosen: {
            workflow_id?: string | null;
            status?: ("pending" | "running" | "waiting" | "failed" | "cancelled") | null;
            reason?: string | null;
            record_id?: string | null;
            from?: string | null;
            to?: string | null;
            has_errors?: boolean | null;
        };
        ClauseOutcome: {
            clause: JsonObject;
            ok: boolean;
            value: Json;
            reason: string;
        };
        Company: {
            /** Format: uuid */
            id: string;
            external_id: string | null;
            name: string;
            domain: string | null;
            phone: string | null;
            /** Format: uuid */
            owner_id: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            custom: JsonObject;
        };
        CompanyFields: {
            external_id?: string | null;
            name?: string;
            domain?: string | null;
            phone?: string | null;
            /** Format: uuid */
            owner_id?: string | null;
            custom?: JsonObject;
        };
        ConnectionAnswer: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            type: "smtp" | "http";
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
        ConnectionChanges: {
            name?: string;
            config?: JsonObject;
            secret?: {
                [key: string]: string;
            } | null;
        };
        Consent: {
            field: string;
            text: string;
            version: number;
            /** Format: date-time */
            given_at: string;
        };
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
            /** Format: uuid */
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
            custom: JsonObject;
        };
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
            /** Format: uuid */
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
            custom?: JsonObject;
        };
        Control: {
            /** @enum {string} */
            action: "cancel" | "retry";
            filter?: components["schemas"]["Chosen"] | null;
            ids?: string[] | null;
            /** @default  */
            name?: string;
            /** @default 100 */
            rate?: number;
            /** @default false */
            latest?: boolean;
            /** @default false */
            dry_run?: boolean;
        };
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
        CustomFieldChanges: {
            name?: string;
            options?: string[];
            position?: number;
        };
        Deal: {
            /** Format: uuid */
            id: string;
            name: string;
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
            /** Format: uuid */
            owner_id: string | null;
            /** Format: date-time */
            closed_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            custom: JsonObject;
        };
        DealFields: {
            name?: string;
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
            /** Format: uuid */
            owner_id?: string | null;
            custom?: JsonObject;
        };
        DecideMany: {
            /** @enum {string} */
            action: "retry" | "discard";
            ids: string[];
            note?: string | null;
        };
        DecidedMany: {
            done: string[];
            left: components["schemas"]["Left"][];
        };
        Decision: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            accepted: "retry" | "discard";
        };
        DefinitionProblem: {
            path: string;
            message: string;
            suggestion?: string | null;
            line?: number | null;
            column?: number | null;
            /** @enum {string} */
            severity: "error" | "warning";
        };
        Delivered: {
            /** @enum {string} */
            status: "accepted" | "duplicate";
            event_id: string | null;
        };
        Discard: {
            note?: string | null;
        };
        Duplicate: {
            name?: string | null;
        };
        Durations: {
            mean: number | null;
            p95: number | null;
        };
        Enroll: {
            record_ids?: string[];
            record_id?: string | null;
            record_type?: string | null;
        };
        Enrolled: {
            accepted: number;
            items: components["schemas"]["EnrolledRecord"][];
        };
        EnrolledRecord: {
            record_id: string | null;
            /** Format: uuid */
            execution_id: string;
        };
        EventAnswer: {
            /** Format: uuid */
            id: string;
            type: string;
            record: components["schemas"]["RecordRef"] | null;
            revision: number;
            /** Format: date-time */
            occurred_at: string;
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
            duration_ms: number;
            elapsed_ms: number;
            next_at: string | null;
            /** Format: date-time */
            updated_at: string;
            revision: number;
        };
        ExecutionCount: {
            count: number;
            more: boolean;
            text: string;
        };
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
            duration_ms: number;
            elapsed_ms: number;
            next_at: string | null;
            /** Format: date-time */
            updated_at: string;
            revision: number;
            error: components["schemas"]["Failure"] | null;
            retryable: boolean;
            paused_at: string | null;
            steps: components["schemas"]["ExecutionStep"][];
        };
        ExecutionRef: {
            /** Format: uuid */
            id: string;
            workflow_id: string | null;
            workflow_name: string | null;
        };
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
            histogram: number[];
            series: components["schemas"]["StatisticsPoint"][];
            series_step_s: number;
        };
        ExecutionStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            until: string | null;
            input: Json;
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
            message: components["schemas"]["StepMessage"] | null;
        };
        ExecutionTrigger: {
            event_id: string | null;
            type: string;
        };
        ExplainedEvent: {
            /** Format: uuid */
            event_id: string;
            type: string;
            /** Format: date-time */
            occurred_at: string;
            outcome: string;
            reason: string | null;
            version: number | null;
            values: {
                [key: string]: Json;
            };
            clauses: components["schemas"]["ClauseOutcome"][];
        };
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
        ExplainedWorkflow: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
        };
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
        Failure: {
            code?: string | null;
            message: string;
            trace?: string | null;
            at?: string | null;
            visit?: string | null;
        };
        FieldChange: {
            field: string;
            old: Json;
            new: Json;
        };
        Form: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            fields: components["schemas"]["FormField"][];
            settings: components["schemas"]["FormSettings"];
            consent_version: number;
            path: string;
            submissions: number | null;
            submissions_more: boolean | null;
            last_submitted_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        FormChanges: {
            key?: string;
            name?: string;
            fields?: components["schemas"]["FormField"][];
            settings?: components["schemas"]["FormSettings"];
        };
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
        FormSettings: {
            title?: string | null;
            intro?: string | null;
            button?: string | null;
            thank_you?: string | null;
        };
        FormSubmission: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            form_id: string;
            contact_id: string | null;
            answers: JsonObject;
            consents: components["schemas"]["Consent"][];
            /** Format: date-time */
            submitted_at: string;
        };
        HeldExecutions: {
            paused_at: string | null;
            parked: number;
            overdue: number;
            news: number;
        };
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
        Job: {
            /** Format: uuid */
            id: string;
            kind: string;
            name: string;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "cancelled";
            request: JsonObject;
            total: number | null;
            done: number;
            result: Json;
            error: string | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            finished_at: string | null;
        };
        /** @enum {string} */
        Kind: "none" | "standard" | "header";
        Left: {
            /** Format: uuid */
            id: string;
            why: string;
        };
        LifecycleStage: {
            key: string;
            name: string;
            position: number;
        };
        LifecycleStageChanges: {
            name?: string | null;
            position?: number | null;
        };
        LiveVersion: {
            version: number;
            share: number;
        };
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
        Me: {
            user: components["schemas"]["MyUser"];
            tenant: components["schemas"]["MyTenant"];
            /** @enum {string} */
            role: "owner" | "admin" | "manager" | "member" | "viewer";
            csrf_token: string | null;
        };
        Merge: {
            into: string;
            /**
             * @default none
             * @enum {string}
             */
            workflows?: "none" | "bulk";
        };
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
        MyTenant: {
            /** Format: uuid */
            id: string;
            slug: string;
            name: string;
            currency: string;
            timezone: string;
            revision: number;
        };
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
        NamedActor: {
            type: string;
            id: string | null;
            name: string | null;
        };
        NamedRecord: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        NewActivityBody: {
            /** @default note */
            type?: string;
            record: components["schemas"]["RecordRef"];
            text: string;
            occurred_at?: string | null;
        };
        NewApiKey: {
            name: string;
            /**
             * @default member
             * @enum {string}
             */
            role?: "owner" | "admin" | "manager" | "member" | "viewer";
            expires_at?: string | null;
        };
        NewConnection: {
            key: string;
            name: string;
            /** @enum {string} */
            type: "smtp" | "http";
            config?: JsonObject;
            secret?: {
                [key: string]: string;
            } | null;
        };
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
        NewForm: {
            key?: string | null;
            name: string;
            fields: components["schemas"]["FormField"][];
            settings?: components["schemas"]["FormSettings"];
        };
        NewHook: {
            key: string;
            name: string;
            signature?: components["schemas"]["Signature"] | null;
        };
        NewLifecycleStage: {
            key: string;
            name: string;
            position?: number | null;
        };
        NewPipeline: {
            key: string;
            name: string;
            /** @default 0 */
            position?: number;
            /** @default false */
            is_default?: boolean;
            stages: components["schemas"]["NewStage"][];
        };
        NewStage: {
            key: string;
            name: string;
            /** @default 0 */
            probability?: number;
        };
        NewTag: {
            name: string;
            color?: string | null;
        };
        NewTeam: {
            key: string;
            name: string;
            member_ids?: string[];
        };
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
        NodeTypes: {
            items: (components["schemas"]["TriggerType"] | components["schemas"]["StepType"])[];
            next_cursor: string | null;
        };
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
        NotificationPage: {
            items: components["schemas"]["NotificationAnswer"][];
            next_cursor: string | null;
            unread: number;
        };
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
        Page_Job_: {
            items: components["schemas"]["Job"][];
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
        ParkedExecutions: {
            version: number;
            step: string | null;
            executions: number;
        };
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
        PipelineChanges: {
            name?: string;
            position?: number;
            is_default?: boolean;
            stages?: components["schemas"]["NewStage"][] | null;
        };
        PlacedClause: {
            clause: JsonObject;
            ok: boolean;
            value: Json;
            reason: string;
            place: string;
        };
        Preview: {
            version?: number | null;
        };
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
        Publish: {
            version?: number | null;
            hash?: string | null;
            /** @default  */
            note?: string;
            /** @default false */
            enroll_existing?: boolean;
        };
        PublishPlan: {
            hash: string;
            diff: string[];
            parked: components["schemas"]["ParkedExecutions"][];
            matching: number;
            matching_more: boolean;
            matching_known: boolean;
            problems: components["schemas"]["DefinitionProblem"][];
        };
        PublishedWorkflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            paused_at: string | null;
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
        Publisher: {
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        QuarantinePage: {
            items: components["schemas"]["Quarantined"][];
            next_cursor: string | null;
            held: number;
        };
        Quarantined: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "event" | "check" | "wake" | "effect" | "command" | "continue" | "due";
            what: string;
            /** @enum {string} */
            reason: "error" | "killed";
            why: string;
            error: string | null;
            trace: string | null;
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
        QuarantinedEvent: {
            /** Format: uuid */
            id: string;
            type: string | null;
        };
        QuarantinedWorkflow: {
            /** Format: uuid */
            id: string;
            name: string | null;
        };
        Ready: {
            /** @enum {string} */
            status: "ready" | "not ready";
            workers: number;
            detail?: string | null;
        };
        Received: {
            /** @constant */
            status: "received";
            /** Format: uuid */
            submission_id: string;
            message: string;
        };
        RecordRef: {
            /** @enum {string} */
            type: "contact" | "company" | "deal" | "task";
            /** Format: uuid */
            id: string;
        };
        Rehearsal: {
            record_id?: string | null;
            record_type?: string | null;
            event_id?: string | null;
            version?: number | null;
        };
        RehearsedExecution: {
            /** @constant */
            test: true;
            /** Format: uuid */
            workflow_id: string;
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
        RehearsedFilter: {
            passes: boolean;
            miss: string | null;
            clauses: components["schemas"]["PlacedClause"][];
        };
        RehearsedStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            until: string | null;
            input: Json;
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
            would_send: components["schemas"]["WouldSend"] | null;
        };
        RehearsedTrigger: {
            /** Format: uuid */
            event_id: string;
            type: string;
            event_type: string;
        };
        Resume: {
            /**
             * @default run
             * @enum {string}
             */
            overdue?: "run" | "reschedule" | "skip";
        };
        ResumedWorkflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            paused_at: string | null;
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
        Retry: {
            /** @default false */
            latest?: boolean;
        };
        SearchHit: {
            type: string;
            /** Format: uuid */
            id: string;
            title: string;
            subtitle: string | null;
        };
        SignIn: {
            email: string;
            password: string;
            tenant?: string | null;
        };
        Signature: {
            kind: components["schemas"]["Kind"];
            header?: string | null;
            secret?: string | null;
            /** @default 24 */
            overlap_hours?: number;
        };
        SignedIn: {
            csrf_token: string;
        };
        Span: {
            start: string;
            end: string;
        };
        Stage: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            probability: number;
        };
        /** @enum {string} */
        State: "inside" | "ended" | "pending" | "not_entered" | "no_event" | "inactive" | "never_published";
        StatisticsPoint: {
            /** Format: date-time */
            at: string;
            total: number;
            completed: number;
            failed: number;
            cancelled: number;
        };
        StepChange: {
            record: components["schemas"]["ChangedRecord"];
            /** @default null */
            field?: string | null;
            /** @default null */
            old?: Json;
            /** @default null */
            new?: Json;
            /** @default null */
            created?: boolean | null;
        };
        StepError: {
            /** @default null */
            code?: string | null;
            message: string;
            /** @default null */
            trace?: string | null;
        };
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
        StepType: {
            type: string;
            group: string;
            title: string;
            icon: string;
            summary: string;
            docs: string;
            schema: JsonObject;
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
        Tag: {
            name: string;
            color: string | null;
            /** Format: date-time */
            created_at: string;
        };
        TagChanges: {
            name?: string;
            color?: string | null;
            /** @enum {string} */
            workflows?: "none" | "bulk";
        };
        Task: {
            /** Format: uuid */
            id: string;
            title: string;
            description: string | null;
            /** Format: uuid */
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
            execution?: components["schemas"]["TaskExecution"] | null;
        };
        TaskExecution: {
            /** Format: uuid */
            id: string;
            workflow_id: string | null;
            workflow_name: string | null;
        };
        TaskFields: {
            title?: string;
            description?: string | null;
            /** Format: uuid */
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
        TeamChanges: {
            name?: string;
            member_ids?: string[];
        };
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
        TenantChanges: {
            name?: string;
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
        TriggerData: {
            changes: {
                [key: string]: [
                    Json,
                    Json
                ];
            };
        } & {
            [key: string]: Json;
        };
        TriggerDetail: {
            event_id: string | null;
            type: string;
            event_type?: string | null;
            occurred_at?: string | null;
            actor?: components["schemas"]["ActorRef"] | null;
            caused_by?: string | null;
            hops?: number | null;
            data: components["schemas"]["TriggerData"];
        };
        TriggerType: {
            type: string;
            group: string;
            title: string;
            icon: string;
            summary: string;
            docs: string;
            schema: JsonObject;
            sample: JsonObject;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "trigger";
            record_type: ("contact" | "company" | "deal" | "task") | null;
            listens: string[];
            edge: boolean;
        };
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
        UserChanges: {
            name?: string;
            /** @enum {string} */
            role?: "owner" | "admin" | "manager" | "member" | "viewer";
            timezone?: string | null;
            password?: string;
        };
        Validation: {
            valid: boolean;
            problems: components["schemas"]["DefinitionProblem"][];
            definition: JsonObject | null;
            trigger_summary: string | null;
        };
        Workflow: {
            /** Format: uuid */
            id: string;
            key: string;
            name: string;
            /** @enum {string} */
            status: "draft" | "published" | "paused" | "archived";
            definition: JsonObject;
            owner_id: string | null;
            folder: string | null;
            tags: string[];
            published: components["schemas"]["LiveVersion"][];
            published_version: number | null;
            trigger_summary: string | null;
            has_unpublished_changes: boolean;
            paused_at: string | null;
            last_execution_at: string | null;
            revision: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            errors_7d: number;
            stats: components["schemas"]["WorkflowFigures"];
        };
        WorkflowExample: {
            key: string;
            name: string;
            description: string;
            yaml: string;
            definition: JsonObject;
        };
        WorkflowFigures: {
            active: number;
            total: number;
        };
        WorkflowVersion: {
            version: number;
            note: string;
            /** Format: date-time */
            published_at: string;
            definition: JsonObject;
            hash: string;
            live: boolean;
            published_by: components["schemas"]["Publisher"] | null;
        };
        /** @enum {string} */
        Workflows: "none" | "bulk" | "hold";
        WouldSend: {
            kind: string;
            request: JsonObject;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            errors: components["schemas"]["ProblemPlace"][];
        } & {
            [key: string]: Json;
        };
        ExecutionNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "execution";
            data: components["schemas"]["Execution"];
        };
        FiguresNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "figures";
            data: components["schemas"]["LeftOut"];
        };
        LeftOut: {
            left_out: number;
        };
        Nothing: Record<string, never>;
        ResetNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "reset";
            data: components["schemas"]["Nothing"];
        };
        StepNews: {
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            event: "step";
            data: components["schemas"]["StreamedStep"];
        };
        StreamedStep: {
            /** Format: uuid */
            execution_id: string;
            seq: number;
            revision: number;
            visit: string;
            type: string;
            title: string;
            /** @enum {string} */
            status: "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";
            attempts: number;
            started_at: string | null;
            finished_at: string | null;
            until: string | null;
            input: Json;
            output: Json;
            changes: components["schemas"]["StepChange"][];
            error: components["schemas"]["StepError"] | null;
            why: string | null;
            reason: string | null;
            warnings: string[];
            note: string | null;
        };
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
