package io.penstock.router.tokenize.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final String DUMP = "{% for m in messages %}{{ m | tojson }}\n{% endfor %}";
    private static final String DUMP_OF_PARTS =
            "{% for m in messages %}{% for p in m.content %}{% endfor %}{% endfor %}" + DUMP;

    @Test
    void contentIsATextForATemplateThatDoesNotWalkItsParts() {
        assertThat(rendered(DUMP, """
                        {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url",
                          "image_url": {"url": "data:"}}, "b", {"type": "thinking", "thinking": "c"}]},
                          {"content": null, "role": "assistant"}]}""")).isEqualTo("""
                        {"role": "user", "content": "a\\nb\\nc"}
                        {"role": "assistant", "content": ""}
                        """);
    }

    @Test
    void contentIsAListOfPartsForATemplateThatWalksThem() {
        assertThat(rendered(DUMP_OF_PARTS, """
                        {"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": [{"type": "image_url",
                          "image_url": {"url": "data:"}}, {"type": "input_audio"}, {"video_url": "x"}, {"type": "text", "text": "b"}]},
                          {"role": "assistant", "content": null},
                          {"role": "tool", "content": [{"type": "text", "text": "c"}, {"type": "text", "text": "d"}]}]}""")).isEqualTo("""
                        {"role": "user", "content": [{"type": "text", "text": "a"}]}
                        {"role": "user", "content": [{"type": "image"}, {"type": "audio"}, {"type": "video"}, {"type": "text", "text": "b"}]}
                        {"role": "assistant", "content": []}
                        {"role": "tool", "content": "c\\nd"}
                        """);
    }

    @Test
    void argumentsOfToolCallsAreObjectsAndFieldsAreThoseTheEngineKeeps() {
        assertThat(rendered(DUMP, """
                        {"messages": [{"role": "assistant", "content": "", "refusal": null, "tool_calls": [
                          {"type": "function", "id": "1", "function": {"name": "f", "arguments": "{\\"a\\":  1.0, \\"b\\": 12345678901234567890}"}},
                          {"type": "function", "id": "2", "function": {"name": "g", "arguments": ""}},
                          {"type": "function", "id": "3", "function": {"name": "h", "arguments": "not JSON"}}]},
                          {"role": "tool", "tool_call_id": "1", "name": "f", "content": "x"},
                          {"role": "assistant", "content": "y", "tool_calls": [], "reasoning_content": "z"}]}""")).isEqualTo("""
                        {"role": "assistant", "content": "", "tool_calls": [\
                        {"id": "1", "function": {"arguments": {"a": 1.0, "b": 12345678901234567890}, "name": "f"}, "type": "function"}, \
                        {"id": "2", "function": {"arguments": {}, "name": "g"}, "type": "function"}, \
                        {"id": "3", "function": {"arguments": {}, "name": "h"}, "type": "function"}]}
                        {"role": "tool", "content": "x", "tool_call_id": "1", "name": "f"}
                        {"role": "assistant", "content": "y", "reasoning": "z", "reasoning_content": "z"}
                        """);
    }

    @Test
    void toolsHaveEveryFieldTheEngineKnowsAndAreNoneWhereThereAreNone() {
        String template = "{{ tools | tojson }} {{ documents }}";
        assertThat(rendered(template, """
                        {"messages": [], "tools": [{"function": {"strict": true, "name": "f"}}], "documents": [1]}"""))
                .isEqualTo("[{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": null, "
                        + "\"parameters\": null, \"strict\": true}}] [1]");
        assertThat(rendered(template, "{\"messages\": []}")).isEqualTo("null None");
    }

    @Test
    void developersSpeakForTheSystemWhereTheTemplateDoesNotKnowThem() {
        String request = """
                {"messages": [{"role": "user", "content": "a"}, {"role": "developer", "content": "b"},
                  {"role": "system", "content": "c"}]}""";
        assertThat(rendered(DUMP, request))
                .isEqualTo(
                        "{\"role\": \"system\", \"content\": \"b\\n\\nc\"}\n{\"role\": \"user\", \"content\": \"a\"}\n");
        assertThat(rendered("{# developer #}" + DUMP, request)).contains("developer");
    }

    @Test
    void variablesAreThoseOfTheRequest() {
        String template =
                "{{ add_generation_prompt }} {{ enable_thinking }} {{ reasoning_effort }} {{ x }} {{ bos_token }}";
        assertThat(rendered(template, "{\"messages\": []}")).isEqualTo("True    <s>");
        assertThat(rendered(template, """
                        {"messages": [], "add_generation_prompt": false, "reasoning_effort": "none",
                          "chat_template_kwargs": {"x": 1, "bos_token": "B"}}""")).isEqualTo("False False none 1 B");
    }

    @Test
    void aFinalMessageIsContinuedWhereItsContentEnds() {
        String request = """
                {"messages": [{"role": "assistant", "content": "so far "}], "continue_final_message": true}""";
        assertThat(rendered("{{ messages[0].content }}</s>{{ add_generation_prompt }}", request))
                .isEqualTo("so far ");
        assertThat(rendered("[{{ messages[0].content | trim }}]</s>", request)).isEqualTo("[so far");
        assertThatExceptionOfType(TemplateException.class).isThrownBy(() -> rendered("nothing", request));
    }

    @Test
    void whatIsNoConversationIsRefused() {
        for (String request : new String[] {
            "{}",
            "[]",
            "no JSON",
            "{\"messages\": 5}",
            "{\"messages\": [5]}",
            "{\"messages\": [{\"content\": \"a\"}]}",
            "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}",
            "{\"messages\": [], \"tools\": [5]}",
            "{\"messages\": [{\"role\": \"assistant\", \"tool_calls\": [5]}]}",
            "{\"messages\": [], \"continue_final_message\": true}",
            "{\"messages\": [], \"continue_final_message\": true, \"add_generation_prompt\": true}",
            "{\"messages\": [], \"chat_template_kwargs\": 5}"
        }) {
            assertThatExceptionOfType(TemplateException.class)
                    .as(request)
                    .isThrownBy(() -> rendered(DUMP, request))
                    .satisfies(failure -> assertThat(failure.kind()).isEqualTo(TemplateException.Kind.PROMPT));
        }
    }

    private static String rendered(String template, String request) {
        SpecialTokens tokens = new SpecialTokens(Map.of("bos_token", "<s>"));
        try {
            ChatPrompt prompt = ChatPrompt.read(new ByteArrayInputStream(request.getBytes(StandardCharsets.UTF_8)));
            return ChatTemplate.parse(template, tokens, CLOCK).render(prompt);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
