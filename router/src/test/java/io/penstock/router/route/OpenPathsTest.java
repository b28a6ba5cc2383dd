package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenPathsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/chat/completions",
                "/v1/chat/completions/batch",
                "/v1/completions",
                "/v1/responses",
                "/v1/responses/resp_1/cancel",
                "/v1/messages",
                "/v1/messages/count_tokens",
                "/v1/embeddings",
                "/v1/rerank",
                "/v1/score",
                "/v1/classify",
                "/v1/audio/transcriptions",
                "/v1/audio/translations",
                "/v1/tokenize",
                "/v1/something/new",
                "/tokenize",
                "/detokenize",
                "/v2/rerank",
                "/v2/embed",
                "/score",
                "/rerank",
                "/pooling",
                "/classify",
                "/inference/v1/generate",
                "/generate"
            })
    void inferenceIsOpen(String path) {
        assertThat(OpenPaths.contains(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/V1/chat/completions",
                "/Tokenize",
                "/tokenize/x",
                "/ping",
                "/invocations",
                "/version",
                "/metrics",
                "/load",
                "/tokenizer_info",
                "/docs",
                "/redoc",
                "/openapi.json",
                "/v1/load_lora_adapter",
                "/v1/unload_lora_adapter",
                "/v1/Load_LoRA_Adapter",
                "/v1/loads",
                "/fault_tolerance/apply",
                "/fault_tolerance/status",
                "/start_profile",
                "/stop_profile",
                "/sleep",
                "/wake_up",
                "/is_sleeping",
                "/pause",
                "/resume",
                "/is_paused",
                "/reset_prefix_cache",
                "/reset_mm_cache",
                "/reset_encoder_cache",
                "/abort_requests",
                "/abort_request",
                "/collective_rpc",
                "/server_info",
                "/get_server_info",
                "/model_info",
                "/get_world_size",
                "/init_weight_transfer_engine",
                "/start_weight_update",
                "/update_weights",
                "/update_weights_from_disk",
                "/finish_weight_update",
                "/update_weight_version",
                "/weight_info",
                "/weight_version",
                "/scale_elastic_ep",
                "/is_scaling_elastic_ep",
                "/flush_cache",
                "/pause_generation",
                "/continue_generation",
                "/open_session",
                "/close_session",
                "/load_lora_adapter",
                "/release_memory_occupation",
                "/resume_memory_occupation",
                "/health_generate",
                "/vertex_generate",
                "/get_load",
                "/slots",
                "/props",
                "/lora-adapters",
                "/internal/route"
            })
    void administrationIsClosed(String path) {
        assertThat(OpenPaths.contains(path)).isFalse();
    }
}
