/** Chat requests to prompts, as the engine would render them: the model's template, its special tokens, vLLM's messages. */
@NullMarked
package io.penstock.router.tokenize.template;

import org.jspecify.annotations.NullMarked;
