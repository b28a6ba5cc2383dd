/** Who may use the router, how much, and what of a client's request reaches an engine. */
@NullMarked
package io.penstock.router.access;

import org.jspecify.annotations.NullMarked;
