/** A simulated vLLM-like engine without a GPU. */
@NullMarked
package io.penstock.router.simulate;

import org.jspecify.annotations.NullMarked;
