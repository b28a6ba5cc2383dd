/** A small interpreter for the Jinja that chat templates use; {@code docs/chat-templates.md} has its grammar. */
@NullMarked
package io.penstock.router.tokenize.jinja;

import org.jspecify.annotations.NullMarked;
