/** Prefill and decode on different engines: when it pays, what either is sent, and what happens when one of them fails. */
@NullMarked
package io.penstock.router.disaggregate;

import org.jspecify.annotations.NullMarked;
