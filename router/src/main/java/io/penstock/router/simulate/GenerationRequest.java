package io.penstock.router.simulate;

import java.util.List;

/**
 * A generation as the client wants it, checked. Threading: immutable.
 *
 * @param id the id in the answer, prefix included
 * @param model the name the client used
 * @param prompts what the engine keeps of each prompt
 * @param choices the answers, all of the first prompt's before the second's
 * @param perPrompt how many choices each prompt has ({@code n})
 * @param stream whether the answer comes as events
 * @param includeUsage whether a usage chunk precedes {@code [DONE]}
 * @param continuousUsage whether every chunk carries usage
 */
record GenerationRequest(
        String id,
        String model,
        List<PromptTokens> prompts,
        List<Choice> choices,
        int perPrompt,
        boolean stream,
        boolean includeUsage,
        boolean continuousUsage) {

    /** Tokens of all prompts. */
    int promptTokens() {
        return prompts.stream().mapToInt(PromptTokens::count).sum();
    }

    /** Tokens of the prompt that {@code choice} answers. */
    int promptTokens(Choice choice) {
        return prompts.get(choice.index() / perPrompt).count();
    }

    /** Tokens of all answers. */
    int completionTokens() {
        return completionTokens(Integer.MAX_VALUE);
    }

    /** Tokens of all answers in the first {@code steps} steps. */
    int completionTokens(int steps) {
        int tokens = 0;
        for (Choice choice : choices) {
            tokens += Math.min(steps, choice.total());
        }
        return tokens;
    }

    /** Steps the engine takes: the tokens of its longest choice. */
    int steps() {
        return choices.stream().mapToInt(Choice::total).max().orElse(0);
    }
}
