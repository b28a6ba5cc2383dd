/** What requests cost in tokens: their prompts, the tokenizer for each, and the counting off the event loops. */
@NullMarked
package io.penstock.router.prompt;

import org.jspecify.annotations.NullMarked;
