package io.penstock.router.tokenize.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    private static final Map<String, Object> TOOL = Map.of("function", Map.of("name", "f"));

    @TempDir
    Path folder;

    @Test
    void aFileOfItsOwnComesFirst() throws IOException {
        write("chat_template.jinja", "file {{ bos_token }}{{ eos_token }}\n");
        write("tokenizer_config.json", """
                {"chat_template": "config", "bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>",
                  "pad_token": null, "add_bos_token": true}""");
        assertThat(rendered(false)).isEqualTo("file <s></s>");
    }

    @Test
    void theConfigurationOfTheTokenizerMayHoldTheTemplate() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\": \"config {{ bos_token }}\"}");
        assertThat(rendered(false)).isEqualTo("config ");
    }

    @Test
    void requestsWithToolsHaveATemplateOfTheirOwnWhereThereIsOne() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "default", "template": "usual"}, {"name": "tool_use", "template": "tools"},
                  {"name": "rag", "template": "{{"}]}""");
        assertThat(rendered(false)).isEqualTo("usual");
        assertThat(rendered(true)).isEqualTo("tools");
    }

    @Test
    void aModelMayHaveNoTemplate() throws IOException {
        assertThat(ChatTemplates.load(folder, CLOCK)).isNull();
        write("tokenizer_config.json", "{\"bos_token\": \"<s>\"}");
        assertThat(ChatTemplates.load(folder, CLOCK)).isNull();
    }

    @Test
    void aTemplateThatCannotBeReadIsRefused() throws IOException {
        write("chat_template.jinja", "a\n{% if %}");
        assertThatExceptionOfType(TemplateException.class)
                .isThrownBy(() -> ChatTemplates.load(folder, CLOCK))
                .satisfies(failure -> assertThat(failure.line()).isEqualTo(2));
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private String rendered(boolean tools) throws IOException {
        ChatPrompt prompt = new ChatPrompt(List.of(), tools ? List.of(TOOL) : null, null, true, false, Map.of());
        return Objects.requireNonNull(ChatTemplates.load(folder, CLOCK)).render(prompt);
    }
}
