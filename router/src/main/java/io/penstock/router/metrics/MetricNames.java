package io.penstock.router.metrics;

/**
 * The name of every metric the router makes itself, as it is exported. Dashboards and alerts are tested against this
 * list. Threading: immutable.
 */
public final class MetricNames {

    /** Finished requests, by where they went and how they ended. */
    public static final String REQUESTS = "penstock_requests_total";

    /** Requests that have not ended. */
    public static final String REQUESTS_IN_FLIGHT = "penstock_requests_in_flight";

    /** From the request head to the end of the answer. */
    public static final String REQUEST_DURATION = "penstock_request_duration_seconds";

    /** From the request's last byte to the answer's first body byte. */
    public static final String FIRST_BYTE = "penstock_first_byte_seconds";

    /** The router's own share of the time to the first byte. */
    public static final String ADDED = "penstock_router_added_seconds";

    /** How long a request waited for a connection to an engine. */
    public static final String CONNECTION_WAIT = "penstock_connection_wait_seconds";

    /** Bytes of request bodies. */
    public static final String REQUEST_BYTES = "penstock_request_bytes_total";

    /** Bytes of response bodies. */
    public static final String RESPONSE_BYTES = "penstock_response_bytes_total";

    /** Clients that left before their answer was complete. */
    public static final String CLIENT_ABORTS = "penstock_client_aborts_total";

    /** Open client connections. */
    public static final String CLIENT_CONNECTIONS = "penstock_client_connections";

    /** What clients did against their protocol. */
    public static final String CLIENT_PROTOCOL_ERRORS = "penstock_client_protocol_errors_total";

    /** Client connections that were closed before their first request. */
    public static final String CLIENTS_REFUSED = "penstock_client_connections_refused_total";

    /** Changed certificates, keys and authorities that were read again. */
    public static final String TLS_RELOADS = "penstock_tls_reloads_total";

    /** How long the certificate shown to clients is still valid. */
    public static final String TLS_EXPIRY = "penstock_tls_certificate_expiry_seconds";

    /** Clients that reached a limit. */
    public static final String CLIENT_LIMITS = "penstock_client_limits_total";

    /** Requests that were tried again on another engine. */
    public static final String RETRIES = "penstock_retries_total";

    /** Open connections to an engine. */
    public static final String CONNECTIONS_OPEN = "penstock_engine_connections_open";

    /** Connections to an engine that carry no request. */
    public static final String CONNECTIONS_IDLE = "penstock_engine_connections_idle";

    /** Connections that were established. */
    public static final String CONNECTS = "penstock_engine_connects_total";

    /** Connections that could not be established. */
    public static final String CONNECT_FAILURES = "penstock_engine_connect_failures_total";

    /** How long it took to establish a connection. */
    public static final String CONNECT = "penstock_engine_connect_seconds";

    /** How long ago the source of a pool's engines answered well. */
    public static final String DISCOVERY_AGE = "penstock_discovery_age_seconds";

    /** Engines that the source of a pool named last. */
    public static final String DISCOVERY_ENGINES = "penstock_discovery_engines";

    /** How often the source of a pool's engines did not answer well. */
    public static final String DISCOVERY_ERRORS = "penstock_discovery_errors_total";

    /** 1 while a pool goes by engines that its source does not vouch for any more. */
    public static final String DISCOVERY_STALE = "penstock_discovery_stale";

    /** 1 for the state an engine is in, 0 for the others. */
    public static final String ENGINE_STATE = "penstock_engine_state";

    /** Attempts on an engine that have not ended. */
    public static final String ENGINE_IN_FLIGHT = "penstock_engine_in_flight";

    /** Sessions seen lately whose home is the engine. */
    public static final String ENGINE_SESSIONS = "penstock_engine_sessions_homed";

    /** How often an engine came into a state, and why. */
    public static final String ENGINE_STATE_CHANGES = "penstock_engine_state_changes_total";

    /** Requests that wait for room on an engine. */
    public static final String WAITING = "penstock_waiting_requests";

    /** How many may wait. */
    public static final String WAITING_LIMIT = "penstock_waiting_requests_limit";

    /** How many requests one engine of a pool takes. */
    public static final String ENGINE_LIMIT = "penstock_engine_requests_limit";

    /** How many requests a pool takes. */
    public static final String POOL_LIMIT = "penstock_pool_requests_limit";

    /** How long requests waited for room on an engine. */
    public static final String WAIT = "penstock_wait_seconds";

    /** Requests refused because of a pool's limits. */
    public static final String LIMIT_REFUSALS = "penstock_limit_refusals_total";

    /** Writes of events that the stream interval held. */
    public static final String STREAM_FLUSHES = "penstock_stream_flushes_total";

    /** Events of streams with an interval. */
    public static final String STREAM_EVENTS = "penstock_stream_events_total";

    /** Writes to clients that the stream interval saved. */
    public static final String STREAM_WRITES_SAVED = "penstock_stream_writes_saved_total";

    /** Bytes that merging events saved. */
    public static final String STREAM_BYTES_SAVED = "penstock_stream_bytes_saved_total";

    /** From the request's last byte to the first event of a stream. */
    public static final String FIRST_TOKEN = "penstock_time_to_first_token_seconds";

    /** From one event of a stream to the next. */
    public static final String BETWEEN_TOKENS = "penstock_inter_token_seconds";

    /** How fast streams were made. */
    public static final String OUTPUT_RATE = "penstock_output_tokens_per_second";

    /** Tokens that answers told of. */
    public static final String TOKENS = "penstock_tokens_total";

    /** Events of streams that ended early and told nothing. */
    public static final String CUT_EVENTS = "penstock_cut_stream_events_total";

    /** Prompts that were prefilled by another engine than the one that decodes, or not. */
    public static final String HANDOVER_DECISIONS = "penstock_handover_decisions_total";

    /** Prefills that came to nothing. */
    public static final String PREFILL_FAILURES = "penstock_prefill_failures_total";

    /** What became of requests whose prefill failed. */
    public static final String PREFILL_FALLBACKS = "penstock_prefill_fallbacks_total";

    /** Engines told to stop because of the other engine of the request. */
    public static final String SIBLING_CANCELS = "penstock_sibling_cancels_total";

    /** Prefilled blocks that nobody wanted any more. */
    public static final String KV_RELEASES = "penstock_kv_releases_total";

    /** How long a prefill took. */
    public static final String PREFILL = "penstock_prefill_seconds";

    /** How long a decode engine took to its first byte after a hand-over. */
    public static final String DECODE_FIRST_BYTE = "penstock_decode_first_byte_seconds";

    /** How old what was handed over was. */
    public static final String HANDOVER_AGE = "penstock_handover_age_seconds";

    /** How late a timer of 10 ms fires on an event loop. */
    public static final String LOOP_DELAY = "penstock_event_loop_delay_seconds";

    /** The worst lateness of the last half minute or so. */
    public static final String LOOP_DELAY_MAX = "penstock_event_loop_delay_max_seconds";

    /** Work handed in to be run off the event loops. */
    public static final String OFFLOAD_SUBMITTED = "penstock_offload_submitted_total";

    /** Of that, what was not taken. */
    public static final String OFFLOAD_REJECTED = "penstock_offload_rejected_total";

    /** Of that, what was taken and never begun. */
    public static final String OFFLOAD_CANCELLED = "penstock_offload_cancelled_total";

    /** Of that, what ran to its end. */
    public static final String OFFLOAD_COMPLETED = "penstock_offload_completed_total";

    /** Work that waits for a thread. */
    public static final String OFFLOAD_QUEUE = "penstock_offload_queue_depth";

    /** Of that, how long it waited for a thread. */
    public static final String OFFLOAD_WAIT = "penstock_offload_wait_seconds";

    /** Of that, how long it ran. */
    public static final String OFFLOAD_RUN = "penstock_offload_run_seconds";

    /** Tokens of prompts whose answer has not begun. */
    public static final String ENGINE_PROMPT_TOKENS = "penstock_engine_prompt_tokens";

    /** Prompt tokens, by where they went. */
    public static final String PROMPT_TOKENS = "penstock_prompt_tokens_total";

    /** Requests a tokenizer was asked about. */
    public static final String TOKENIZED = "penstock_tokenizer_requests_total";

    /** Tokens of prompts that a tokenizer counted. */
    public static final String TOKENIZER_TOKENS = "penstock_tokenizer_tokens_total";

    /** Pieces of text whose ids were remembered or not. */
    public static final String TOKENIZER_PIECES = "penstock_tokenizer_pieces_total";

    /** What a tokenizer remembers. */
    public static final String TOKENIZER_MEMORY = "penstock_tokenizer_memory_bytes";

    /** Prompts that were tokenized on an event loop. */
    public static final String TOKENIZED_ON_LOOP = "penstock_tokenized_on_loop_total";

    /** Large bodies that were scanned on an event loop. */
    public static final String SCANS_ON_LOOP = "penstock_scans_on_loop_total";

    /** Requests by the name of the client's key or issuer, and by what became of them. */
    public static final String ACCESS_REQUESTS = "penstock_access_requests_total";

    /** Keys that could not be read again. */
    public static final String ACCESS_READ_FAILURES = "penstock_access_read_failures_total";

    /** Requests that limits in Redis were asked about. */
    public static final String SHARED_LIMITS_QUESTIONS = "penstock_shared_limits_questions_total";

    /** How long requests waited for limits in Redis. */
    public static final String SHARED_LIMITS_WAIT = "penstock_shared_limits_wait_seconds";

    /** Whether limits are shared. */
    public static final String SHARED_LIMITS_UP = "penstock_shared_limits_up";

    /** What was not booked in Redis. */
    public static final String SHARED_LIMITS_LOST = "penstock_shared_limits_lost_bookings_total";

    /** Memory outside the heap. */
    public static final String DIRECT_MEMORY = "penstock_direct_memory_bytes";

    /** Request bodies that are held. */
    public static final String BUFFERED_BODIES = "penstock_buffered_body_bytes";

    /** Lines of the access log that were lost. */
    public static final String ACCESS_LOG_DROPPED = "penstock_access_log_dropped_total";

    /** Spans that the collector of traces took. */
    public static final String SPANS_EXPORTED = "penstock_spans_exported_total";

    /** Spans that were lost. */
    public static final String SPANS_DROPPED = "penstock_spans_dropped_total";

    /** Configurations that were loaded while running. */
    public static final String CONFIG_RELOADS = "penstock_config_reloads_total";

    /** When the configuration in force was loaded. */
    public static final String CONFIG_RELOADED = "penstock_config_last_reload_success_timestamp_seconds";

    /** Always 1; the hash of the configuration in force is in the label. */
    public static final String CONFIG = "penstock_config_info";

    /** Always 1; versions are in the labels. */
    public static final String BUILD = "penstock_build_info";

    private MetricNames() {}
}
