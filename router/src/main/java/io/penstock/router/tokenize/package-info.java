/** Text to tokens and back: the libraries that do it, where a long text may be cut, and what is remembered of it. */
@NullMarked
package io.penstock.router.tokenize;

import org.jspecify.annotations.NullMarked;
