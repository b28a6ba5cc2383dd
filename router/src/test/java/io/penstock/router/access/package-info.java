/** Tests of keys, tokens and limits. */
@NullMarked
package io.penstock.router.access;

import org.jspecify.annotations.NullMarked;
