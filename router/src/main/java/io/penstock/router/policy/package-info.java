/** How an engine is picked: stateless policies and their selectors. */
@NullMarked
package io.penstock.router.policy;

import org.jspecify.annotations.NullMarked;
